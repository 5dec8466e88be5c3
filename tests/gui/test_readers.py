"""Files of an instrument that a plug-in reads: sent as test runs, with the files themselves as raw data."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from itkgui.decoding import plugins
from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.uploads.targets import Doubt
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.views.components.component_view import ComponentView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.reviewing import choose, drop, until_copied
from tests.gui.test_review_results import OTHER, PIXEL, doubts, mass, send, write
from tests.gui.test_tray_scans import go
from tests.sandbox_process import SandboxProcess

_moments = itertools.count()


@pytest.fixture
def person(
    labtools: Path, sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> Person:
    """Somebody who has allowed the plug-ins of an instrument."""
    found = start_program(settings_for(sandbox, plugins=("mpx",)))
    found.sign_in()
    return found


@pytest.fixture
def component(person: Person) -> ComponentView:
    return person.scan(PIXEL)


def measured(folder: Path, content: object, kind: str = "scale") -> Path:
    path = folder / "x.mpx"
    path.write_text(f"{kind}\n{json.dumps(content)}")
    moment = 1_000_000_000 + next(_moments)  # long ago, as of what nobody writes to any more
    os.utime(path, (moment, moment))
    return path


def raw_files(person: Person) -> list[ReviewRow]:
    return [row for row in person.sheet.rows if row.run is None]


def raw_data(sandbox: SandboxProcess, run: Upload) -> list[tuple[str, str]]:
    """Return title and code of what the server has attached to a run."""
    with PlainServer(sandbox) as server:
        found = next(found for found in server.runs(run.target.label) if found["id"] == run.code)
    return [(attachment["title"], attachment["code"]) for attachment in found["attachments"]]


def test_a_file_becomes_a_test_run_and_goes_with_it(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    path = measured(tmp_path, mass(component))
    drop(person, [path])
    person.until(lambda: len(person.sheet.rows) == 2, "the raw data")
    until_copied(person)
    run_row, raw_row = person.sheet.rows
    assert run_row.facts[:2] == ("Mass measurement, run 7", "passed")
    assert raw_row.goes_to is not None
    assert raw_row.goes_to.owner == run_row.new_owner
    assert not [*run_row.findings, *raw_row.findings]
    send(person)
    run, raw = person.uploads
    assert (run.name, raw.name, raw.parent) == ("x.json", "x.mpx", run.id)
    assert raw_data(sandbox, run) == [("x.mpx", raw.code)]


def test_each_run_in_a_file_takes_it_along_unless_it_is_removed(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    bodies = [mass(component), mass(component, runNumber="8")]
    drop(person, [measured(tmp_path, bodies)])
    sheet = person.sheet
    person.until(lambda: len(raw_files(person)) == 2, "the raw data of each")
    until_copied(person)
    person.choose(sheet.view, lambda row: row is raw_files(person)[1])
    person.until(lambda: sheet.form._rows == raw_files(person)[1:], "the form")
    person.click(sheet.form.remove_button)
    person.until(sheet.send_button.isEnabled, "the way")
    measured(tmp_path, [*bodies, mass(component, runNumber="9")])
    person.click(sheet.send_button)
    person.until(lambda: len(raw_files(person)) == 2, "the raw data of the new run")
    assert sheet.left_out.text().startswith("x.mpx has changed since the drop")
    until_copied(person)
    send(person)
    runs = [upload for upload in person.uploads if upload.kind is UploadKind.TEST_RUN]
    assert [upload.name for upload in runs] == ["x-1.json", "x-2.json", "x-3.json"]
    assert [len(raw_data(sandbox, run)) for run in runs] == [1, 0, 1]


def test_what_is_of_another_component_stops_and_takes_its_file_there(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    with PlainServer(sandbox) as server:
        place = server.component(OTHER)["currentLocation"]["code"]
    body = mass(component, component=OTHER, institution=place, stage="MODULE/ASSEMBLY")
    drop(person, [measured(tmp_path, body)])
    (row,) = person.sheet.rows
    assert doubts(row) == [Doubt.OF_ANOTHER]
    choose(person, row.name)
    person.click(person.sheet.form.plain_button)
    person.until(lambda: [doubts(row) for row in person.sheet.rows] == [[Doubt.OTHER_COMPONENT]], "the brake")
    person.click(person.sheet.form.plain_button)
    person.until(lambda: [doubts(row) for row in person.sheet.rows] == [[Doubt.OF_ANOTHER]], "the run")
    choose(person, person.sheet.rows[0].name)
    ways = person.sheet.form.doubts
    person.click(ways.own_button)
    person.until(lambda: raw_files(person), "the raw data")
    until_copied(person)
    person.click(ways.slips_button)
    send(person)
    run, raw = person.uploads
    assert raw_data(sandbox, run) == [("x.mpx", raw.code)]


@pytest.mark.logs("read_by_plugin failed")
def test_a_file_that_cannot_be_read_says_why_and_is_one_like_others(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    path = measured(tmp_path, mass(component), "broken")
    drop(person, [path])
    sheet, form = person.sheet, person.sheet.form
    row = choose(person, path.name)
    assert doubts(row) == [Doubt.FLAWED]
    assert "its plug-in fails on it (ValueError: no weight in line 2)." in form.doubts.text.text()
    measured(tmp_path, mass(component))
    person.click(form.doubts.retry_button)
    person.until(lambda: len(sheet.rows) == 2, "the run and the file")
    person.until(sheet.send_button.isEnabled, "the way")
    measured(tmp_path, mass(component), "broken")
    person.click(sheet.send_button)
    person.until(lambda: len(sheet.rows) == 1 and sheet.rows[0].findings, "the same again")
    choose(person, path.name)
    measured(tmp_path, mass(component))
    person.click(form.doubts.retry_button)
    person.until(lambda: len(sheet.rows) == 2, "the run and the file")
    until_copied(person)
    choose(person, sheet.rows[0].name)
    person.click(form.plain_button)
    person.until(lambda: len(sheet.rows) == 1, "the file alone")
    until_copied(person)
    send(person)
    (upload,) = person.uploads
    assert upload.target == component.component.owner
    with PlainServer(sandbox) as server:
        held = server.titled(PIXEL, path.name)[-1]
        assert server.content(PIXEL, held) == path.read_bytes()


@pytest.mark.usefixtures("component")
def test_an_ending_without_a_plugin_is_told_and_stops_nothing(
    person: Person, labtools: Path, tmp_path: Path
) -> None:
    (facts,) = labtools.glob("*/entry_points.txt")
    facts.write_text("")
    plugins.allow(())
    plugins.allow(["mpx"])
    drop(person, [measured(tmp_path, {})])
    until_copied(person)
    (row,) = person.sheet.rows
    assert row.tone == "caution"
    assert "No plug-in for “.mpx” is installed: it is sent as it is." in row.remark_in_full
    person.until(person.sheet.send_button.isEnabled, "the way")


def test_a_file_that_is_looked_at_again_while_it_is_copied_is_known_in_the_end(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    path = measured(tmp_path, " " * 10_000_000, "slow")
    person.drop(component, [path])
    person.until(lambda: person.sheet.rows and person.sheet.rows[0].stage is Stage.SEEN, "the copying")
    (row,) = person.sheet.rows
    person.sheet.form.retry_wanted.emit([row])
    until_copied(person)
    assert row.examined is not None
    assert row.copy is not None


def test_what_was_read_before_another_look_does_not_count(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    path = measured(tmp_path, str(tmp_path), "waiting")
    person.drop(component, [path])
    person.until((tmp_path / "begun").exists, "the plug-in")
    (row,) = person.sheet.rows
    measured(tmp_path, mass(component))
    person.sheet.form.retry_wanted.emit([row])
    (tmp_path / "over").touch()
    person.until(lambda: len(person.sheet.rows) == 2, "the run and the file")
    until_copied(person)


def test_what_is_to_be_checked_again_is_not_taken_as_checked_before(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    person.drop(component, [measured(tmp_path, mass(component))])
    sheet = person.sheet
    person.until(lambda: sheet.rows and sheet.rows[0].stage is Stage.CHECKING, "the check")
    here = sheet.runs.component
    assert here is not None
    moved = msgspec.structs.replace(here, stage=replace(here.stage, code="LATER"))
    sheet.set_targets(moved, ())
    until_copied(person)
    checked = sheet.rows[0].checked
    assert checked is not None
    assert checked.component == moved


def test_on_a_tray_a_file_stops_at_each_component_that_its_results_do_not_name(
    person: Person, tmp_path: Path
) -> None:
    view = go(person)
    view.show_list(f"{PIXEL}\n{OTHER}")
    person.until(lambda: view.count.text() == "2 found", "the tray")
    body = {"component": PIXEL, "testType": "MASS_MEASUREMENT", "results": {"MASS": 2.5}}
    person.drop(view, [measured(tmp_path, body)])
    sheet = view.sheet
    assert sheet is not None
    person.until(lambda: sheet.rows and all(row.copy for row in sheet.rows), "a row for each")
    stopped = {row.whose: doubts(row) for row in sheet.rows}
    assert stopped == {PIXEL: [], OTHER: [Doubt.OTHER_COMPONENT]}


def test_results_that_name_a_file_which_a_plugin_reads_take_it_along_too(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    results = {"IV_ARRAY": {"v": [1]}, "BREAKDOWN_VOLTAGE": 300.5, "LEAK_CURRENT": 0.25, "IV_IMG": "x.mpx"}
    stage, properties = "MODULE/INITIAL_WARM", {"HUM": 30.5, "TEMP": 20.5}
    body = mass(component, testType="IV_MEASURE", stage=stage, results=results, properties=properties)
    drop(person, [write(tmp_path, body), measured(tmp_path, mass(component))])
    person.until(lambda: len(person.sheet.rows) == 4, "the file of each run")
    until_copied(person)
    runs = [row for row in person.sheet.rows if row.run is not None]
    assert [row.path.name for row in runs] == ["result.json", "x.mpx"]
    assert {row.target for row in raw_files(person)} == {row.new_owner for row in runs}
    assert all(row.path.name == "x.mpx" for row in raw_files(person))


def test_a_file_that_is_to_be_sent_as_it_is_is_not_read_again(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    path = measured(tmp_path, mass(component))
    drop(person, [path])
    person.until(lambda: len(person.sheet.rows) == 2, "the run and the file")
    until_copied(person)
    choose(person, path.name)
    measured(tmp_path, {}, "broken")
    person.click(person.sheet.form.plain_button)
    until_copied(person)
    (row,) = person.sheet.rows
    assert not doubts(row)
    choose(person, path.name)
    person.click(person.sheet.form.plain_button)
    person.until(lambda: len(person.sheet.rows) == 2, "the run and the file, after all")
    until_copied(person)
