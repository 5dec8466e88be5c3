"""Results as dropped files: recognised, compared with what the server has, and made into rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import FileEmpty
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.uploads.results import CheckedRun, check_runs, flaw_in, rows_of, runs_in
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import UploadKind
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import MODULE, sign_in

LIMIT = 64_000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture(scope="module")
def database(sandbox: SandboxProcess) -> Iterator[ProductionDatabase]:
    with sign_in(sandbox) as found:
        yield found


@pytest.fixture(scope="module")
def module(database: ProductionDatabase) -> Component:
    return database.component(MODULE).component


def mass(module: Component, **changes: Any) -> dict[str, Any]:
    """Return results that nobody else has."""
    body = {
        "component": MODULE,
        "testType": "MASS_MEASUREMENT",
        "institution": module.location.code,
        "runNumber": "1",
        "date": "2026-01-05T10:00:00.000Z",
        "passed": True,
        "problems": False,
        "properties": {"SCALE_ACCURACY": 0.1},
        "results": {"MASS": 2750.25},
    }
    return {**body, **changes}


def written(folder: Path, content: Any, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return path


def checked(database: ProductionDatabase, module: Component, path: Path, *dropped: Path) -> CheckedRun:
    (run,) = check_runs(database, runs_in(path), module, dropped)
    return run


def places(run: CheckedRun) -> list[tuple[str, bool]]:
    return [(problem.path, problem.is_caution) for problem in run.problems]


def test_results_are_told_from_other_json(module: Component, tmp_path: Path) -> None:
    body = mass(module)
    assert [run.body for run in runs_in(written(tmp_path, body))] == [body]
    assert [run.body for run in runs_in(written(tmp_path, [body, body]))] == [body, body]
    for other in ({}, [], [1], 5, "text", {"component": "a", "results": {}}, [body, {}]):
        assert runs_in(written(tmp_path, other)) == ()
    (tmp_path / "cut.json").write_text(json.dumps(body)[:-5])
    assert runs_in(tmp_path / "cut.json") == ()
    half = written(tmp_path, {**body, "comments": ["\ud83d"]})
    assert runs_in(half) == ()
    assert "half a character" in flaw_in(half.read_bytes())
    half.write_bytes(half.read_bytes().replace(rb"\ud83d", b"\xed\xa0\xbd"))  # not even written as one
    assert runs_in(half) == ()
    assert "half a character" in flaw_in(half.read_bytes())
    assert runs_in(written(tmp_path, {**body, "comments": ["\U0001f600"]}))
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert runs_in(tmp_path / "deep.json") == ()
    (tmp_path / "empty.json").touch()
    with pytest.raises(FileEmpty):
        runs_in(tmp_path / "empty.json")


def test_what_is_right_has_no_problem(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module)
    run = checked(database, module, written(tmp_path, body))
    assert not run.problems
    assert not run.duplicates
    assert not run.files
    assert run.can_be_sent
    assert not run.needs_a_word
    assert run.title.endswith(", run 1")
    (row,) = rows_of(run, Spool(tmp_path / "spool"), LIMIT)
    assert (row.kind, row.target, row.component) == (UploadKind.TEST_RUN, module.owner, module.code)
    copy = tmp_path / "spool" / row.spool_name
    assert json.loads(copy.read_text("utf-8")) == body
    assert row.size == copy.stat().st_size
    assert row.sha256
    assert not row.may_repeat


def test_results_of_another_component_are_never_sent_here(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module, component="20UPGM23800002", results={"MASS": "heavy"})
    run = checked(database, module, written(tmp_path, body))
    assert places(run) == [("component", False)]
    assert not run.can_be_sent
    for name in (module.code, MODULE.lower()):
        assert checked(database, module, written(tmp_path, mass(module, component=name))).can_be_sent


def test_gaps_that_are_no_json_are_found_where_they_stand(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module, results={"MASS": float("nan"), "EXTRA": {"a": [[1.0, float("inf")]]}})
    run = checked(database, module, written(tmp_path, body))
    assert ("results.MASS", False) in places(run)
    assert ("results.EXTRA.a[0][1]", False) in places(run)


def test_a_long_list_of_wrong_numbers_is_told_in_short(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module, defects=[{"name": "A", "properties": {"x": [float("nan")] * 1000}}])
    run = checked(database, module, written(tmp_path, body))
    assert len(run.errors) == 6
    assert "995 more" in run.errors[-1].sentence


def test_what_looks_like_a_slip_is_a_caution(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module, date="2090-01-05T10:00:00Z", extra=1)
    body["results"]["MAS"] = 1
    del body["passed"]
    run = checked(database, module, written(tmp_path, body))
    assert run.can_be_sent
    assert run.needs_a_word
    assert {path for path, _ in places(run)} == {"date", "extra", "results.MAS", "passed"}
    assert next(p for p in run.problems if p.path == "results.MAS").expected == "maybe MASS"
    (row,) = rows_of(run, Spool(tmp_path / "spool"), LIMIT)
    sent = json.loads((tmp_path / "spool" / row.spool_name).read_text("utf-8"))
    assert sent == {**{key: body[key] for key in body if key != "extra"}, "results": {"MASS": 2750.25}}


def test_the_same_results_again_are_noticed(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    body = mass(module, results={"MASS": 2751.75})
    answer = database.client.post("uploadTestRunResults", body)
    again = written(tmp_path, {**body, "runNumber": "2", "date": "2026-02-05T10:00:00.000Z"})
    run = checked(database, module, again)
    assert run.duplicates == (answer["testRun"]["id"],)
    assert run.twin is not None
    assert run.twin.id == answer["testRun"]["id"]
    assert run.can_be_sent
    assert run.needs_a_word
    (row,) = rows_of(run, Spool(tmp_path / "spool"), LIMIT, may_repeat=True)
    assert row.may_repeat


def test_a_list_becomes_a_row_for_each_run(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    bodies = [mass(module, results={"MASS": value}) for value in (1.5, 2.5, 1.5)]
    runs = check_runs(database, runs_in(written(tmp_path, bodies)), module)
    assert [len(run.problems) for run in runs] == [0, 0, 1]
    assert "number 1 of the file" in runs[2].problems[0].sentence
    spool = Spool(tmp_path / "spool")
    rows = [row for run in runs for row in rows_of(run, spool, LIMIT)]
    assert [row.name for row in rows] == ["result-1.json", "result-2.json", "result-3.json"]
    assert [json.loads(spool.path(row).read_text("utf-8")) for row in rows] == bodies


def pictured(database: ProductionDatabase) -> tuple[Component, dict[str, Any], str]:
    """Return a part whose tests hold pictures, results for it, and the parameter of a list of pictures."""
    for project in ("P", "S"):
        for kind in database.component_types(project):
            for test in database.test_types(project, kind.reference.code):
                for one in test.parameters:
                    if one.data_type == "image" and one.value_type == "array" and test.state == "active":
                        wanted = {"project": project, "componentType": [kind.reference.code]}
                        item = next(iter(database.client.pages("listComponents", {"filterMap": wanted})))
                        part = database.component(item["code"]).component
                        body = {"component": part.code, "testType": test.reference.code, "results": {}}
                        return part, body, one.code
    raise AssertionError("no test with pictures")


def test_files_that_results_name_follow_the_run(database: ProductionDatabase, tmp_path: Path) -> None:
    part, body, parameter = pictured(database)
    (tmp_path / "stick").mkdir()
    beside, dropped = tmp_path / "beside.png", tmp_path / "stick" / "Dropped.PNG"
    beside.write_bytes(PICTURE)
    dropped.write_bytes(PICTURE)
    note = tmp_path / "note.txt"
    note.write_text("seen")
    names = ["C:\\pictures\\dropped.png", "beside.png", "../gone.png", ".."]
    body["results"] = {parameter: names}
    run = checked(database, part, written(tmp_path, body), dropped)
    assert [file.path for file in run.files] == [dropped, beside, None, None]
    missing = [problem.found for problem in run.cautions if problem.path == f"results.{parameter}"]
    assert missing == ["../gone.png", ".."]
    spool = Spool(tmp_path / "spool")
    row, *files = rows_of(run, spool, LIMIT, [note, beside])
    sent = json.loads(spool.path(row).read_text("utf-8"))
    assert sent["results"] == {}, "files are attached to the run, and named by it afterwards"
    assert {file.name: file.storage for file in files} == {
        "note.txt": Storage.FILE,
        "beside.png": Storage.EOS,
        "Dropped.PNG": Storage.EOS,
    }
    assert {(file.parent, file.target.kind, file.target.key) for file in files} == {
        (row.id, OwnerKind.TEST_RUN, "")
    }
    assert [file.parameters for file in files] == [(), (parameter,), (parameter,)]
