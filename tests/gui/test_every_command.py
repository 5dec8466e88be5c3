"""Every command can be given without a mouse, and each key comes to its command somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from itkgui.item_models.upload_deeds import Deed
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import run_by_name
from itkgui.views.components.component_view import OVERVIEW, RAW, TESTS
from itkgui.views.scanning.command_sheet import pages
from itkgui.views.window.key_list import KeyList
from tests.conftest import settings_for
from tests.gui.command_walk import CommandWalk
from tests.gui.person import Person
from tests.gui.reviewing import drop
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
PLACES = ("search", "list", "recent", "pinned", "shipments", "scanner", "settings", "diagnosis", "person")
IMAGE = ("image-in", "image-out", "image-fit", "image-true", "image-turn", "image-tones", "image-measure")
ELSEWHERE = {"leave-archive": "test_preview_archive_nested.py"}  # where more is needed than a place


def test_every_command_has_a_key_a_code_or_a_menu() -> None:
    printed = {command.name for _title, commands in pages() for command in commands}
    menus = {f"upload-{deed.name.lower()}" for deed in Deed}  # of the rows, by the menu key
    for name, command in COMMANDS.items():
        assert command.keys or command.in_palette or name in printed | menus, name
    for name, test in ELSEWHERE.items():
        assert f"Key_{COMMANDS[name].keys[0]}" in Path(__file__).with_name(test).read_text("utf-8")


@pytest.mark.usefixtures("usual_look")
def test_every_key_comes_to_its_command(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    person = start_program(settings_for(sandbox, undo_seconds=600.0))
    person.sign_in()
    walk, window, workspace = CommandWalk(), person.window, person.workspace
    window._pages.setCurrentWidget(person.login)
    person.login.take_focus()
    walk.look(window)
    window._pages.setCurrentWidget(workspace)
    component = person.scan(PIXEL)
    run_by_name(window, "pin")
    for name in PLACES:
        assert run_by_name(window, name)
        person.settle()
        walk.look(window)
    workspace.go_to(workspace.diagnosis_place)
    workspace.diagnosis_place.view.tabs.setCurrentIndex(1)
    person.settle()
    walk.look(window)
    workspace.go_to(workspace.side_by_side)
    component.show_tab(TESTS)
    person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
    walk.look(window)
    walk.press_on(person.curve(), "plot-in", "plot-out", "plot-all")
    for tab in range(component.tabs.count()):
        component.show_tab(tab)
        walk.look(window)
    component.show_tab(RAW)
    walk.look(window)
    look_at_files(person, walk)
    component.show_tab(OVERVIEW)
    (tmp_path / "seen.txt").write_text("seen and found well")
    drop(person, [tmp_path / "seen.txt"])
    walk.look(window)
    person.click(person.sheet.send_button)
    person.until(
        lambda: component.undo_bar is not None and component.undo_bar.isVisible(), "the time to undo"
    )
    walk.look(window)
    workspace.go_to(workspace.upload_view)
    person.choose(workspace.upload_view.queue.view, lambda line: bool(line))
    walk.look(window)
    table = workspace.search_view.view
    run_by_name(window, "search")
    table.setFocus()
    table.selectRow(0)
    walk.press_on(table, "copy-rows", "column-right", "column-left", "open-row")
    run_by_name(window, "help")
    (listing,) = window.findChildren(KeyList)
    person.until(listing.isActiveWindow, "the list of keys in front")
    walk.look(listing)
    missing = {name for name, command in COMMANDS.items() if command.keys} - walk.reached - ELSEWHERE.keys()
    assert not missing


def look_at_files(person: Person, walk: CommandWalk) -> None:
    """Press the keys of previews, each at a file of a kind that has something to be done by it."""
    content = person.component.attachments.preview.content
    person.look_at("front.jpg")
    assert content.key_taker is not None
    walk.press_on(content.key_taker, "image-play")
    assert "image-play" not in walk.reached, "no picture that stands still plays"
    for name, keys in (
        ("wirebonds_FE1.jpg", (*IMAGE, "image-measure", "image-compare")),
        ("module_front.jpg", ("image-blink",)),
        ("power_up.gif", ("image-play",)),
        ("bond_zstack.tif", ("page-next", "page-before")),
        ("outline.svg", ("image-source",)),
        ("certificate.pdf", ("document-in", "document-out", "document-width", "document-page")),
        ("dump.dat", ("select-all", "copy-hexadecimal", "copy-characters", "go-to-offset")),
        ("readout.log", ("select-all", "copy-text")),
    ):
        person.look_at(name)
        assert content.key_taker is not None, name
        walk.press_on(content.key_taker, *keys)
        for opened in QApplication.topLevelWidgets():
            if opened.isVisible() and opened is not person.window:
                opened.close()
        person.window.activateWindow()
        person.until(person.window.isActiveWindow, "the window to have the keys again")
        walk.look(person.window)
    rows = person.component.attachments.view
    rows.setFocus()
    walk.press_on(rows, "copy-file", "preview")
