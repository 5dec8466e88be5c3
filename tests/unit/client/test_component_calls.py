"""Finding components one by one, by lists and by filters, and the families they form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from itkgui.client.database import ComponentQuery, LookedUp, ProductionDatabase
from itkgui.client.exceptions import AnswerError, BadRequest, ComponentNotFound
from itkgui.records.component import Component
from itkgui.records.family import FamilyNode, children_of, parents_of
from tests.unit.client.signed_in import MODULE, STRIP_MODULE, ScriptedDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire

Start = Callable[..., ScriptedDatabase]


def slot(code: str | None, order: int = 0) -> dict[str, Any]:
    return {"id": f"s{order}", "order": order, "component": code and {"code": code}}


def component(code: str, *children: str | None) -> dict[str, Any]:
    return {"code": code, "children": [slot(child, order) for order, child in enumerate(children)]}


def bulk_of(*known: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a getComponentBulk that answers backwards, and leaves out what it does not know."""
    by_code = {item["code"]: item for item in known}
    return lambda body: {
        "itemList": [by_code[code] for code in reversed(body["component"]) if code in by_code]
    }


# Searching ------------------------------------------------------------------------------------------------


def test_hits_are_counted_before_anything_is_loaded(database: ProductionDatabase) -> None:
    query = ComponentQuery(project="P", component_type="MODULE")
    assert database.count(query) == database.search(query, 0).total
    found = list(database.search_all(query))
    assert len(found) == len({row.id for row in found}) == database.count(query)


def test_counting_loads_one_component_at_most(scripted: Start) -> None:
    server = scripted(
        listComponents=lambda body: {"itemList": [component("a")], "pageInfo": {"pageSize": 1, "total": 4711}}
    )
    assert server.database.count(ComponentQuery(project="P")) == 4711
    assert [body["pageInfo"] for body in server.bodies("listComponents")] == [{"pageIndex": 0, "pageSize": 1}]


def test_more_filters_restrict(database: ProductionDatabase, module: Component) -> None:
    whole = database.count(ComponentQuery(project="P", component_type="MODULE"))
    assert whole is not None
    narrow = ComponentQuery(project="P", component_type="MODULE", subproject=module.subproject.code)
    assert 0 < (database.count(narrow) or 0) <= whole
    assert database.count(replace(narrow, subproject="SB")) == 0


def test_searching_by_a_property(database: ProductionDatabase) -> None:
    kind = next(t for t in database.component_types("P") if t.reference.code == "MODULE")
    definition = next(p for p in kind.properties if p.choices)
    query = ComponentQuery(project="P", component_type="MODULE", property_code=definition.code)
    counts = []
    for choice in definition.choices:
        asked = replace(query, property_value=choice.code)
        counts.append(database.count(asked) or 0)
        for row in database.search(asked, 0).items[:2]:
            (found,) = (p for p in database.reload(row).properties if p.code == definition.code)
            assert found.value in (choice.code, choice.name)
    assert any(counts)
    assert database.count(replace(query, property_value="no such value")) == 0


# Lists of identifiers ---------------------------------------------------------------------------------------


def test_a_pasted_list_is_looked_up_at_once(database: ProductionDatabase, module: Component) -> None:
    rows = database.search(ComponentQuery(project="S"), 0).items
    named = next(row for row in rows if row.alternative_identifier and row.serial_number != STRIP_MODULE)
    pasted = [
        f" {STRIP_MODULE.lower()}\n",
        "",
        "20UPGM29999999",
        module.code,
        "20U PG M2-3800001",
        named.alternative_identifier,
        "no such part",
        module.id,
        "0" * 24,
        "20UPGM29999999",
    ]
    seen: list[Component] = []
    found = database.components(pasted, seen.extend)
    assert [c.serial_number for c in found.found] == [STRIP_MODULE, MODULE, named.serial_number]
    assert found.unknown == ("20UPGM29999999", "no such part", "0" * 24)
    assert {c.code for c in seen} == {c.code for c in found.found}
    for nothing in ([], ["", " "]):
        assert database.components(nothing) == LookedUp((), ())


def test_hundreds_are_asked_for_in_bundles_and_come_in_order(scripted: Start) -> None:
    codes = [f"{number:032x}" for number in range(110)]
    server = scripted(
        getComponentBulk=bulk_of(*map(component, codes[:-1])),
        getComponent=lambda body: {"code": codes[-1]},
    )
    bundles: list[tuple[Component, ...]] = []
    found = server.database.components(codes, bundles.append)
    assert [c.code for c in found.found] == codes
    assert found.unknown == ()
    sizes = sorted(len(body["component"]) for body in server.bodies("getComponentBulk"))
    assert sizes == [10, 25, 25, 25, 25]
    assert sorted(map(len, bundles)) == [1, 9, 25, 25, 25, 25]


def test_a_server_that_refuses_unknown_ones_is_asked_for_halves(scripted: Start, wire: Wire) -> None:
    known = [f"{number:032x}" for number in range(9)]
    unknown = "f" * 32
    refusal = wire.failure(400, "ucl-itkpd-main/getComponent/componentDoesNotExist")
    answer = bulk_of(*map(component, known))
    server = scripted(
        getComponentBulk=lambda body: refusal if unknown in body["component"] else answer(body),
        getComponent=lambda _: refusal,
    )
    found = server.database.components([*known[:5], unknown, *known[5:]])
    assert [c.code for c in found.found] == known
    assert found.unknown == (unknown,)


def test_another_refusal_is_not_taken_for_an_unknown_component(scripted: Start, wire: Wire) -> None:
    refusal = wire.failure(400, "ucl-itkpd-main/getComponentBulk/invalidDtoIn")
    server = scripted(getComponentBulk=lambda _: refusal)
    with pytest.raises(BadRequest):
        server.database.components(["0" * 32])
    assert len(server.bodies("getComponentBulk")) == 1


# The family -------------------------------------------------------------------------------------------------


def test_family_of_a_module_grows_level_by_level(database: ProductionDatabase, module: Component) -> None:
    nodes = children_of(module)
    assert [node.slot.component_type.code for node in nodes] == ["BARE_MODULE", "PCB", "MODULE_CARRIER"]
    loaded = database.load_family(nodes)
    assert [node.slot for node in loaded] == [node.slot for node in nodes]
    assert [node.component.label for node in loaded if node.component] == [node.label for node in nodes]
    chips = database.load_family(loaded[0].children)
    assert {node.component.component_type.code for node in chips if node.component} == {
        "SENSOR_TILE",
        "FE_CHIP",
    }
    (up,) = database.load_family(parents_of(loaded[0].component or module))
    assert up.key == module.code
    assert database.load_family(loaded) == loaded  # nothing more to load


def test_all_parts_of_a_module(database: ProductionDatabase, module: Component) -> None:
    kin = database.family_of(module)
    assert kin[0].component is module
    assert [entry.depth for entry in kin] == [0, 1, 1, 1, 2, 2, 2, 2, 2]
    assert len({entry.component.code for entry in kin}) == len(kin)


def test_empty_slots_and_unknown_parts_stay_empty(scripted: Start) -> None:
    server = scripted(getComponentBulk=bulk_of(component("b")))
    nodes = children_of(Component.from_json(component("m", "a", None, "b")))
    loaded = server.database.load_family(nodes)
    assert [node.component.code if node.component else None for node in loaded] == [None, None, "b"]
    assert [node.is_empty for node in loaded] == [False, True, False]


def test_circle_of_parts_ends(scripted: Start) -> None:
    server = scripted(
        getComponentBulk=bulk_of(component("a", "b"), component("b", "m", "a", "c"), component("c"))
    )
    kin = server.database.family_of(Component.from_json(component("m", "a", "m")))
    assert [(entry.component.code, entry.depth) for entry in kin] == [("m", 0), ("a", 1), ("b", 2), ("c", 3)]


def test_ten_thousand_children_are_loaded_only_as_far_as_they_are_looked_at(scripted: Start) -> None:
    codes = [f"{number:032x}" for number in range(10_000)]
    server = scripted(getComponentBulk=bulk_of(*map(component, codes)))
    nodes = children_of(Component.from_json(component("m", *codes)))
    in_sight: tuple[FamilyNode, ...] = nodes[5000:5040]
    loaded = server.database.load_family(in_sight)
    assert [node.key for node in loaded if node.component] == codes[5000:5040]
    assert len(server.bodies("getComponentBulk")) == 4
    assert len(server.database.load_family(nodes)) == 10_000
    assert max(len(body["component"]) for body in server.bodies("getComponentBulk")) == 25


# What is newer ----------------------------------------------------------------------------------------------


def test_nothing_is_newer_than_what_was_just_loaded(database: ProductionDatabase, module: Component) -> None:
    assert not database.changes_since(database.reload(module))


def test_a_new_comment_and_a_newer_revision_are_told(database: ProductionDatabase, module: Component) -> None:
    before = database.reload(module)
    database.add_comment(module.owner, "looked at again")
    assert database.changes_since(before).what == ("1 new comment",)
    assert not database.changes_since(database.reload(module))


def test_asking_for_changes_is_cheap(scripted: Start) -> None:
    loaded = {"code": "c", "tests": [{"testRuns": [{"id": "1", "state": "ready"}]}], "sys": {"rev": 1}}
    server = scripted(
        getComponent=lambda body: {key: value for key, value in loaded.items() if key != "tests"},
        listTestRunsByComponent=lambda body: {"itemList": [{}], "pageInfo": {"pageSize": 1, "total": 3}},
    )
    assert server.database.changes_since(Component.from_json(loaded)).what == ("2 new test runs",)
    (question,) = server.bodies("getComponent")
    assert question["noTests"] is True
    (counting,) = server.bodies("listTestRunsByComponent")
    assert counting["pageInfo"]["pageSize"] == 1
    assert counting["filterMap"] == {"code": "c", "state": ["ready"]}


def test_changes_of_what_is_gone(database: ProductionDatabase, module: Component) -> None:
    with pytest.raises(ComponentNotFound):
        database.reload(msgspec.structs.replace(module, code="0" * 32))
    with pytest.raises(AnswerError):
        database.changes_since(msgspec.structs.replace(module, code="0" * 32))
