"""Results of tests in the review: recognised, checked at their fields, sent as runs with their files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.upload_notices import Remedy
from itkgui.records.attachment import OwnerKind
from itkgui.uploads.spool import Spool
from itkgui.uploads.targets import Doubt
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import ATTACHMENTS, TESTS, ComponentView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.reviewing import choose, drop, until_copied
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
PIXEL, OTHER = "20UPGM23800001", "20UPGM23100002"


@pytest.fixture
def component(person: Person) -> ComponentView:
    return person.scan(PIXEL)


def mass(view: ComponentView, **changes: Any) -> dict[str, Any]:
    """Return results that nobody else has."""
    body = {
        "component": PIXEL,
        "testType": "MASS_MEASUREMENT",
        "institution": view.component.location.code,
        "runNumber": "7",
        "date": "2026-01-05T10:00:00.000Z",
        "passed": True,
        "problems": False,
        "properties": {"SCALE_ACCURACY": 0.1},
        "results": {"MASS": int.from_bytes(os.urandom(4), "big") / 64},
    }
    return body | changes


def write(folder: Path, content: Any, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return path


def doubts(row: ReviewRow) -> list[Doubt]:
    return [finding.doubt for finding in row.open_doubts]


def shown_run(component: ComponentView) -> str:
    run = component.tests.detail.run
    return run.id if run is not None else ""


def send(person: Person) -> None:
    person.until(person.sheet.send_button.isEnabled, person.sheet.status.text())
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the uploads")
    assert {upload.state for upload in person.uploads} == {UploadState.DONE}


def test_results_become_a_test_run_with_the_files_that_came_with_them(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("seen")
    path = write(tmp_path, mass(component))
    drop(person, [note, path])
    sheet = person.sheet
    row = choose(person, path.name)
    assert not row.findings
    assert row.goes_to is not None
    assert row.goes_to.name == f"a new test run of {PIXEL}"
    assert row.facts[:2] == ("Mass measurement, run 7", "passed")
    assert sheet.send_button.text() == "Send 1 test run and 1 file"
    (file,) = (row for row in sheet.rows if row.path == note)
    assert file.goes_to is not None
    assert file.goes_to.name.startswith("its new test run ")
    assert sheet.head.said == f"Add a test run with files to {PIXEL}"
    path.unlink()  # what was checked is what is sent
    send(person)
    run_row, file_row = person.uploads
    assert component.tabs.currentIndex() == TESTS
    person.until(lambda: shown_run(component) == run_row.code, "the new run")
    assert (file_row.parent, file_row.target.key) == (run_row.id, run_row.code)
    with PlainServer(sandbox) as server:
        raw = next(found for found in server.runs(PIXEL) if found["id"] == run_row.code)
        assert [attachment["title"] for attachment in raw["attachments"]] == ["note.txt"]
    table = person.workspace.upload_view.queue.table
    shown = {table.data(table.index(place, 0)) for place in range(table.rowCount())}
    assert shown == {f"test run {run_row.title}", "note.txt"}
    drop(person, [note])  # onto the run that the program chose
    assert sheet.head.said == f"Add files to {PIXEL}"
    assert sheet.target.currentData() == component.component.owner


@pytest.mark.logs("Already uploaded")
def test_results_that_came_there_meanwhile_wait_for_a_word(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    body = mass(component)
    drop(person, [write(tmp_path, body)])
    with PlainServer(sandbox) as server:
        server.ask("POST", "uploadTestRunResults", body)  # as a colleague would
    person.until(person.sheet.send_button.isEnabled, "the way")
    person.click(person.sheet.send_button)
    view = person.workspace.upload_view
    person.workspace.go_to(view)  # which asks nothing while nobody looks
    person.until(lambda: view.queue.bars.button(Remedy.ANYWAY) is not None, "the question")
    (bar,) = view.queue.bars.texts
    assert "1 test run for" in bar
    assert "second run" in bar
    anyway = view.queue.bars.button(Remedy.ANYWAY)
    assert anyway is not None
    assert anyway.text() == "Send as a second run"
    person.click(anyway)
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE], "the second run")


def test_mistakes_stop_at_their_field_until_the_file_is_mended(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    body = mass(component, results={"MASS": "heavy"}, properties={}, institution="NOWHERE")
    path = write(tmp_path, body)
    drop(person, [path])
    sheet = person.sheet
    row = choose(person, path.name)
    assert doubts(row) == [Doubt.MISTAKES]
    assert not sheet.send_button.isEnabled()
    problems = sheet.form.problems
    assert problems is not None
    paths = [problem.path for problem in problems.view.table.records]
    assert paths == ["institution", "properties.SCALE_ACCURACY", "results.MASS"]
    person.choose(problems.view, lambda problem: problem.path == "results.MASS")
    assert problems.text.textCursor().block().text().strip() == '"MASS": "heavy"'
    sheet.form.doubts.retry_button.setFocus()
    for pane in (problems.view, problems.text, sheet.cancel_button):
        person.press(Qt.Key.Key_Tab, QApplication.focusWidget())
        assert QApplication.focusWidget() is pane
    write(tmp_path, mass(component))
    person.click(sheet.form.doubts.retry_button)
    person.until(lambda: sheet.rows and not sheet.rows[0].findings, "the check")
    until_copied(person)
    assert sheet.rows[0].run is not None
    person.until(sheet.send_button.isEnabled, "the way")
    assert not problems.view.isVisible()


def test_slips_and_the_same_results_need_a_word(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    body = mass(component)
    with PlainServer(sandbox) as server:
        there = server.ask("POST", "uploadTestRunResults", body).json()["testRun"]["id"]
    path = write(tmp_path, body | {"runNumber": "8", "colour": "green"})
    drop(person, [path])
    sheet, ways = person.sheet, person.sheet.form.doubts
    row = choose(person, path.name)
    assert doubts(row) == [Doubt.SAME_RUN, Doubt.SLIPS]
    assert "run 7" in ways.text.text()
    person.click(ways.run_button)
    person.until(lambda: shown_run(component) == there, "that run")
    assert component.is_reviewing
    assert not sheet.isVisible()
    assert component.waiting_bar is not None
    person.click(component.waiting_bar.back_button)
    person.until(sheet.isVisible, "the sheet")
    person.click(ways.again_button)
    person.click(ways.slips_button)
    person.until(lambda: not row.open_doubts, "the decisions")
    send(person)
    assert person.uploads[0].code != there


def test_pictures_that_results_name_are_found_and_named_by_the_run(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    results = {"IV_ARRAY": {"v": [1]}, "BREAKDOWN_VOLTAGE": 300.5, "LEAK_CURRENT": 0.25, "IV_IMG": "iv.png"}
    stage, properties = "MODULE/INITIAL_WARM", {"HUM": 30.5, "TEMP": 20.5}
    body = mass(component, testType="IV_MEASURE", stage=stage, results=results, properties=properties)
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor.fromRgb(int.from_bytes(os.urandom(3), "big")))
    assert picture.save(str(tmp_path / "iv.png"))
    path = write(tmp_path, body | {"runNumber": os.urandom(4).hex()})
    drop(person, [path])
    row = choose(person, path.name)
    assert doubts(row) == [Doubt.SLIPS]
    until_copied(person)
    assert [row.path.name for row in person.sheet.rows] == ["result.json", "iv.png"]
    person.click(person.sheet.form.plain_button)
    assert [row.path.name for row in person.sheet.rows] == ["result.json"]
    until_copied(person)
    person.click(person.sheet.form.plain_button)
    person.until(lambda: len(person.sheet.rows) == 2, "the picture that is named")
    until_copied(person)
    choose(person, path.name)
    person.click(person.sheet.form.doubts.slips_button)
    send(person)
    run_row, file_row = person.uploads
    with PlainServer(sandbox) as server:
        raw = next(found for found in server.runs(PIXEL) if found["id"] == run_row.code)
        assert next(r["value"] for r in raw["results"] if r["code"] == "IV_IMG") == file_row.code


def test_a_file_with_runs_of_several_components(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    with PlainServer(sandbox) as server:
        place = server.component(OTHER)["currentLocation"]["code"]
    bodies = [mass(component, stage="MODULE/ASSEMBLY"), mass(component, component=OTHER, institution=place)]
    bodies[1]["stage"] = "MODULE/ASSEMBLY"
    path = write(tmp_path, bodies)
    drop(person, [path])
    sheet, ways = person.sheet, person.sheet.form.doubts
    ours, theirs = sheet.rows
    assert doubts(theirs) == [Doubt.OF_ANOTHER]
    choose(person, theirs.name)
    assert not ways.here_button.isVisible()
    assert ways.other_button.text() == f"Go to {OTHER} instead"
    person.click(ways.own_button)
    person.until(lambda: theirs.checked is not None and not theirs.checked.is_of_another, "the check")
    until_copied(person)
    assert theirs.goes_to is not None
    assert theirs.goes_to.name == f"a new test run of {OTHER}"
    for row in (ours, theirs):
        choose(person, row.name)
        person.click(ways.slips_button)
    send(person)
    assert [upload.target.label for upload in person.uploads] == [PIXEL, OTHER]
    with PlainServer(sandbox) as server:
        assert person.uploads[1].code in {run["id"] for run in server.runs(OTHER)}


def test_results_of_another_component_go_there(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("of it")
    path = write(tmp_path, mass(component, component=OTHER))
    drop(person, [path, note])
    row = choose(person, path.name)
    file = choose(person, note.name)
    person.sheet.form.target.setCurrentIndex(person.sheet.form.target.count() - 1)
    person.sheet.form.target.activated.emit(person.sheet.form.target.count() - 1)
    assert file.target == row.new_owner
    choose(person, path.name)
    person.click(person.sheet.form.doubts.other_button)
    person.until(lambda: person.component is not component, "the other component")
    person.until(lambda: person.component.is_reviewing, "the sheet there")
    assert person.sheet.rows == [row, file]
    person.until(lambda: row.checked is not None and not row.checked.is_of_another, "the check there")
    assert file.parent is row
    assert not component.is_reviewing


def test_results_can_be_a_plain_file_all_the_same(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    path = write(tmp_path, [mass(component), mass(component)], f"{os.urandom(4).hex()}.json")
    (tmp_path / "cut.json").write_text(json.dumps(mass(component))[:-2])
    drop(person, [path, tmp_path / "cut.json"])
    cut = choose(person, "cut.json")
    assert doubts(cut) == [Doubt.FLAWED]
    assert "no valid JSON" in person.sheet.form.doubts.text.text()
    person.click(person.sheet.form.doubts.skip_button)
    person.until(lambda: len(person.sheet.rows) == 2, "the runs alone")
    form = person.sheet.form
    choose(person, person.sheet.rows[0].name)
    person.click(form.plain_button)
    person.until(lambda: len(person.sheet.rows) == 1, "the file")
    until_copied(person)
    person.click(form.plain_button)
    person.until(lambda: len(person.sheet.rows) == 2, "the runs")
    person.click(form.plain_button)
    until_copied(person)
    send(person)
    (upload,) = person.uploads
    assert upload.target.kind is OwnerKind.COMPONENT
    assert component.tabs.currentIndex() == ATTACHMENTS
    with PlainServer(sandbox) as server:
        (held,) = server.titled(PIXEL, path.name)
        assert server.content(PIXEL, held) == path.read_bytes()


def test_results_that_were_taken_back_can_be_sent_though_their_files_are_gone(
    start_program: Start, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person = start_program(settings_for(sandbox, undo_seconds=60.0))
    person.sign_in()
    component = person.scan(PIXEL)
    paths = [write(tmp_path, mass(component)), tmp_path / "note.txt"]
    paths[1].write_text(os.urandom(4).hex())
    drop(person, paths)
    person.until(person.sheet.send_button.isEnabled, "the way")
    person.click(person.sheet.send_button)
    person.until(lambda: component.undo_bar is not None and component.undo_bar.isVisible(), "the bar")
    assert component.undo_bar is not None
    assert component.undo_bar.text.text().startswith("1 test run and 1 file for")
    for path in paths:
        path.unlink()
    person.click(component.undo_bar.undo_button)
    person.until(lambda: component.is_reviewing and len(person.sheet.rows) == 2, "the rows")
    until_copied(person)
    person.until(person.sheet.send_button.isEnabled, "the way")
    person.click(person.sheet.send_button)
    person.until(lambda: len(person.uploads) == 4, "the second try")
    run, note = (upload for upload in person.uploads if upload.state is UploadState.WAITING)
    assert note.parent == run.id
    assert {folder.name for folder in component._context.uploads.spool.folder.iterdir()} == {run.id, note.id}


def test_an_open_sheet_loses_nothing_in_hours(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text(os.urandom(4).hex())
    drop(person, [write(tmp_path, mass(component)), note])
    spool = component._context.uploads.spool
    for folder in spool.folder.iterdir():
        for path in (*folder.iterdir(), folder):
            os.utime(path, (0, 0))
    person.run.get_loop().create_task(person.sheet.intake.keep_copies())
    person.until(lambda: all(f.stat().st_mtime > 1 for f in spool.folder.iterdir()), "the copies to be kept")
    Spool(spool.folder).sweep(list)  # as by another process
    assert len(list(spool.folder.iterdir())) == 2
    for folder in list(spool.folder.iterdir()):  # or what swept them was faster
        spool.drop(folder.name)
    person.until(person.sheet.send_button.isEnabled, "the way")
    person.click(person.sheet.send_button)
    person.until(person.sheet.left_out.isVisible, "the words")
    until_copied(person)
    send(person)


def test_what_comes_after_send_was_pressed_is_judged_before_anything_leaves(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    drop(person, [write(tmp_path, mass(component))])
    sheet = person.sheet
    person.until(sheet.send_button.isEnabled, "the way")
    (tmp_path / f"{OTHER}.txt").write_text("of another component")
    sheet.send_button.click()
    sheet.add([tmp_path / f"{OTHER}.txt"])
    until_copied(person)
    person.until(lambda: not sheet._sending.is_running, "the end of the try")
    assert [row.name for row in sheet.rows] == ["result.json", f"{OTHER}.txt"]
    assert not person.uploads
    assert not sheet.send_button.isEnabled()


def test_a_file_whose_run_is_not_sent_has_to_be_told_where_to_go(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    paths = [write(tmp_path, mass(component)), tmp_path / "note.txt"]
    paths[1].write_text(os.urandom(4).hex())
    drop(person, paths)
    sheet, form = person.sheet, person.sheet.form
    choose(person, paths[0].name)
    person.click(form.remove_button)
    file = choose(person, paths[1].name)
    assert (file.remark, doubts(file)) == ("goes nowhere yet", [Doubt.HOMELESS])
    assert "note.txt" in form.doubts.text.text()
    assert form.target.placeholderText() == "Choose"
    form.target.setCurrentIndex(1)
    form.target.activated.emit(1)
    person.until(sheet.send_button.isEnabled, "the way")
    assert file.goes_to is not None
    assert file.goes_to.owner == component.component.owner
