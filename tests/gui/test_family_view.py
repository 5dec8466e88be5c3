"""The family tree: loaded as it is opened, empty slots shown, circles survived, 10,000 parts at once."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from itkgui.item_models.component_tree import BUNDLE
from itkgui.views.components.component_view import FAMILY, ComponentView
from itkgui.views.components.family_view import FamilyView
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person
from tests.gui.test_export_button import choose, opened, save_as
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STAVE = "20USBST0000001"
FOAM = "20UCMCF0000001"
OWN = "a" * 32


def open_family(person: Person, component: ComponentView) -> None:
    person.show_tab(FAMILY)
    person.until(
        lambda: component.family.pane.has_content or component.family.pane.empty.sentence, "a family"
    )
    rest(person, component)


def rest(person: Person, component: ComponentView) -> None:
    person.until(lambda: not component.family.is_loading, "the parts in sight")


def texts(component: ComponentView, column: int = 0, parent: QModelIndex | None = None) -> list[str]:
    tree = component.family.tree
    above = tree.itself() if parent is None else parent
    return [tree.index(row, column, above).data() for row in range(tree.rowCount(above))]


def slot(number: int, **fields: Any) -> dict[str, Any]:
    kind = {"code": "CHIP", "name": "Chip"}
    return {"id": f"slot {number}", "order": number, "componentType": kind, "component": None} | fields


def test_nothing_is_asked_before_somebody_looks(person: Person) -> None:
    component = person.scan(PIXEL)
    assert component.family.tree.component is None


def test_children_with_type_and_stage(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    open_family(person, component)
    with PlainServer(sandbox) as server:
        children = [s["component"]["serialNumber"] for s in server.component(PIXEL)["children"]]
        first = server.component(children[0])
    assert sorted(texts(component)) == sorted(children)
    row = texts(component).index(children[0])
    assert first["type"]["name"] in texts(component, 1)[row]
    assert texts(component, 2)[row] == first["currentStage"]["name"]
    assert first["state"] in texts(component, 3)[row]


def test_arrow_keys_open_a_level_and_enter_opens_the_part(person: Person) -> None:
    component = person.scan(PIXEL)
    open_family(person, component)
    view, tree = component.family.view, component.family.tree
    view.setFocus()
    assert view.currentIndex() == tree.itself()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        person.press(key, view)
    bare = view.currentIndex()
    person.until(lambda: tree.rowCount(bare) > 0 and view.isExpanded(bare), "the parts in it")
    rest(person, component)
    person.press(Qt.Key.Key_Right, view)
    assert view.currentIndex().parent() == bare
    label = view.currentIndex().data()
    person.press(Qt.Key.Key_Return, view)
    person.until(
        lambda: person.workspace.current_component is not None and person.component.component.label == label,
        "the part",
    )


def test_double_click_opens_the_part_above(person: Person) -> None:
    module = "20USBML0000003"
    component = person.scan(module)
    open_family(person, component)
    view, tree = component.family.view, component.family.tree
    assert texts(component, parent=tree.above()) == [STAVE]
    position = view.visualRect(tree.index(0, 0, tree.above())).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=position)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=position)
    person.until(
        lambda: person.workspace.current_component is not None and person.component.component.label == STAVE,
        "the stave",
    )


def test_empty_slots_and_positions_are_shown(person: Person) -> None:
    component = person.scan(STAVE)
    open_family(person, component)
    assert "empty slot" in texts(component)
    odd = show_record(
        person,
        code=OWN,
        children=[slot(0), slot(1, properties=[{"code": "P", "name": "Position", "value": "A3"}])],
    )
    open_family(person, odd)
    assert texts(odd) == ["empty slot", "empty slot"]
    assert texts(odd, 1) == ["Chip", "Chip"]
    assert texts(odd, 4) == ["", "Position A3"]
    assert not odd.family.tree.hasChildren(odd.family.tree.index(0, 0, odd.family.tree.itself()))


def test_a_circle_ends(person: Person) -> None:
    odd = show_record(
        person,
        code=OWN,
        serialNumber=PIXEL,
        children=[slot(0, component={"code": OWN, "serialNumber": PIXEL})],
        parents=[{"id": "p", "component": {"code": OWN, "serialNumber": PIXEL}}],
    )
    open_family(person, odd)
    tree = odd.family.tree
    assert texts(odd) == [f"{PIXEL} (stands above itself)"]
    assert texts(odd, parent=tree.above()) == [f"{PIXEL} (stands above itself)"]
    assert not tree.hasChildren(tree.index(0, 0, tree.itself()))


def test_part_that_the_server_does_not_know(person: Person) -> None:
    odd = show_record(person, code=OWN, children=[slot(0, component={"code": "b" * 32})])
    open_family(person, odd)
    assert texts(odd, 3) == ["not found on the server"]
    assert not odd.family.tree.hasChildren(odd.family.tree.index(0, 0, odd.family.tree.itself()))


@pytest.mark.parametrize("children", [None, "none", [None, 7], []])
def test_no_family_says_so(person: Person, children: Any) -> None:
    odd = show_record(person, code=OWN, children=children)
    open_family(person, odd)
    assert odd.family.pane.empty.sentence == "No family."


def test_markup_stays_text(person: Person) -> None:
    odd = show_record(person, code=OWN, children=[slot(0, componentType={"code": "X", "name": MARKUP})])
    open_family(person, odd)
    assert texts(odd, 1)[0].startswith("<h1>big</h1>")
    assert "\u202e" not in texts(odd, 1)[0]


def test_ten_thousand_children_in_bundles(person: Person) -> None:
    many = 10_000
    odd = show_record(person, code=OWN, children=[slot(number) for number in range(many)])
    started = time.thread_time()
    open_family(person, odd)
    tree, view = odd.family.tree, odd.family.view
    assert len(texts(odd)) == many // BUNDLE
    assert texts(odd)[0] == f"Slots 1 to {BUNDLE}"
    assert sum(len(texts(odd, parent=tree.index(row, 0, tree.itself()))) for row in range(50)) == many
    view.expand(tree.index(3, 0, tree.itself()))
    rest(person, odd)
    assert time.thread_time() - started < 2
    assert view.isExpanded(tree.index(3, 0, tree.itself()))


def test_widths_of_columns_are_as_they_were_left(person: Person) -> None:
    component = person.scan(PIXEL)
    open_family(person, component)
    view = component.family.view
    view.header().resizeSection(1, 333)
    again = FamilyView(component._context)
    person.qtbot.addWidget(again)
    assert abs(again.view.columnWidth(1) - 333) <= 1
    assert again.view.columnWidth(0) == view.columnWidth(0)


def test_widths_that_nobody_can_have_wanted_are_not_taken(person: Person) -> None:
    component = person.scan(PIXEL)
    for kept in [None, "x", [1], [None, "x", -5, 1e9], [{}, [], True, 0]]:
        component._context.memory.put("tree/family", 1, kept)
        family = FamilyView(component._context)
        person.qtbot.addWidget(family)
        assert all(10 < family.view.columnWidth(column) < 10_000 for column in range(4))


def test_f5_keeps_what_is_open_and_chosen(person: Person) -> None:
    component = person.scan(PIXEL)
    open_family(person, component)
    view, tree = component.family.view, component.family.tree
    bare = tree.index(0, 0, tree.itself())
    view.expand(bare)
    rest(person, component)
    view.setCurrentIndex(tree.index(2, 0, bare))
    chosen, before = view.currentIndex().data(), tree.component
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: tree.component is not before, "the new tree")
    person.until(lambda: tree.rowCount(tree.index(0, 0, tree.itself())) > 0, "the level below")
    rest(person, component)
    assert view.isExpanded(tree.index(0, 0, tree.itself()))
    assert view.currentIndex().data() == chosen


def test_lost_network_is_told_and_tried_again(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.until(lambda: component.overview.due.isVisible(), "what is due, which asks for the parts too")
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET /getComponentBulk", "do": "status", "status": 403})
    person.show_tab(FAMILY)
    trouble = component.family.pane.trouble
    person.until(trouble.isVisible, "the trouble")
    assert "…" in texts(component, 2)
    person.click(trouble._retry)
    person.until(lambda: "…" not in texts(component, 2), "the stages")
    assert not trouble.isVisible()


def exported(person: Person, component: ComponentView, target: Path) -> dict[int, list[str]]:
    """Export the family; return the components by their levels."""
    button = component.family.export_button
    assert button is not None
    choose(opened(person, button), "JSON file…")
    save_as(person, button, target)
    person.until(target.exists, "the file")
    rows = json.loads(target.read_text("utf-8"))["rows"]
    return {
        level: [row["Component"] for row in rows if row["Level"] == level]
        for level in {row["Level"] for row in rows}
    }


def test_the_parts_loaded_so_far_are_exported(person: Person, tmp_path: Path) -> None:
    component = person.scan(PIXEL)
    open_family(person, component)
    first = component.family.tree.index(0, 0, component.family.tree.itself())
    component.family.view.expand(first)
    rest(person, component)
    parts, chips = texts(component), texts(component, parent=first)
    assert chips
    assert exported(person, component, tmp_path / "whole.json") == {0: [PIXEL], 1: parts, 2: chips}
    part = person.scan(parts[0])
    open_family(person, part)
    levels = exported(person, part, tmp_path / "part.json")
    assert (levels[-1], levels[0], levels[1]) == ([PIXEL], [parts[0]], chips)
