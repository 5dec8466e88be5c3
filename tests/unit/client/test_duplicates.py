"""Test runs that are in the database already: what makes two equal, by cases and against the sandbox."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes
from itkgui.client.duplicates import duplicate_test_runs, is_duplicate
from itkgui.client.exceptions import DuplicateTestRuns, UnreadableAnswer
from tests.conftest import settings_for

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess

UPLOAD: dict[str, Any] = {
    "component": "20UPGM23800001",
    "testType": "T",
    "institution": "CERN",
    "runNumber": "1",
    "date": "2026-01-01T00:00:00.000Z",
    "passed": True,
    "problems": False,
    "properties": {"OPERATOR": "A", "COUNT": 5},
    "results": {"NUMBER": 1.5, "LIST": [1, 2, 3], "MAP": {"a": [1.0]}, "FLAG": True, "NONE": None},
    "defects": [{"name": "D", "description": "x", "properties": {"row": 1}}],
    "comments": ["first", "second"],
}
RUN: dict[str, Any] = {
    "id": "0123456789abcdef01234567",
    "runNumber": "77",
    "date": "2020-05-05T00:00:00.000Z",
    "institution": {"code": "GL"},
    "passed": True,
    "problems": False,
    "properties": [
        {"code": "OPERATOR", "dataType": "string", "value": "A"},
        {"code": "COUNT", "dataType": "integer", "value": 5},
    ],
    "results": [
        {"code": "NUMBER", "dataType": "float", "value": 1.5},
        {"code": "LIST", "dataType": "integer", "value": [1, 2, 3]},
        {"code": "MAP", "dataType": "object", "value": {"a": [1.0]}},
        {"code": "FLAG", "dataType": "boolean", "value": True},
        {"code": "NONE", "dataType": "float", "value": None},
        {"code": "PICTURE", "dataType": "image", "value": "0123456789abcdef0123456789abcdef"},
    ],
    "defects": [{"code": "c", "name": "D", "description": "x", "properties": {"row": 1}}],
    "comments": [{"code": "2", "comment": "second"}, {"code": "1", "comment": "first"}],
}


def test_equal_runs_are_equal() -> None:
    assert is_duplicate(UPLOAD, RUN)


@pytest.mark.parametrize(
    "change",
    [
        {"passed": False},
        {"problems": True},
        {"passed": False, "problems": True},  # where the reference fails (API reference §7.2, 29)
        {"properties": {"OPERATOR": "B", "COUNT": 5}},
        {"properties": {"OPERATOR": "A"}},
        {"properties": {"OPERATOR": "A", "COUNT": 5, "NEW": 1}},
        {"properties": None},
        {"results": None},
        {"results": {**UPLOAD["results"], "LIST": [1, 2]}},
        {"results": {**UPLOAD["results"], "LIST": [3, 2, 1]}},
        {"results": {**UPLOAD["results"], "MAP": {"a": [1.0], "b": None}}},
        {"results": {**UPLOAD["results"], "FLAG": False}},
        {"results": {**UPLOAD["results"], "FLAG": 1}},
        {"results": {**UPLOAD["results"], "NUMBER": "1.5x"}},
        {"results": {**UPLOAD["results"], "NONE": 0}},
        {"results": {**UPLOAD["results"], "NEW": ""}},
        {"defects": []},
        {"defects": [{"name": "D", "description": "y", "properties": {"row": 1}}]},
        {"defects": UPLOAD["defects"] * 2},
        {"comments": ["first"]},
        {"comments": ["first", "first"]},
        {"comments": None},
    ],
)
def test_what_makes_a_run_another_one(change: dict[str, Any]) -> None:
    assert not is_duplicate({**UPLOAD, **change}, RUN)


@pytest.mark.parametrize(
    "change",
    [
        {"runNumber": "2", "date": "2027-01-01T00:00:00.000Z", "institution": "GL"},
        {"properties": {"OPERATOR": "A", "COUNT": "5"}},
        {"properties": {"OPERATOR": "A", "COUNT": 5.0}},
        {"results": {**UPLOAD["results"], "NUMBER": "1.50", "LIST": ["1", "2", "3"]}},
        {"results": {**UPLOAD["results"], "FLAG": "true"}},
        {"results": {key: value for key, value in UPLOAD["results"].items() if key != "NONE"}},
        {"results": {**UPLOAD["results"], "PICTURE": "picture.png"}},
        {"comments": ["second", "first"]},
        {"isRetroactive": False},
    ],
)
def test_what_does_not_count(change: dict[str, Any]) -> None:
    assert is_duplicate({**UPLOAD, **change}, RUN)


def test_a_body_without_most_of_its_fields() -> None:
    bare = {"component": "x", "testType": "T"}
    empty: dict[str, Any] = {"passed": False, "problems": None, "properties": None, "results": []}
    assert is_duplicate(bare, empty)
    assert not is_duplicate(bare, RUN)


def test_nothing_of_the_body_is_changed() -> None:
    before = copy.deepcopy(UPLOAD)
    is_duplicate({**UPLOAD, "properties": {"OPERATOR": "A", "COUNT": "5"}}, RUN)
    assert before == UPLOAD


# What is asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("component", "key"), [("20UPGM23800001", "serialNumber"), ("0123456789abcdef" * 2, "code")]
)
@pytest.mark.parametrize("stage", ["MODULE/ASSEMBLY", "", None])
def test_runs_of_the_same_kind_are_asked_for(component: str, key: str, stage: str | None) -> None:
    asked: list[Any] = []

    def get(command: str, body: Any) -> Any:
        asked.append((command, body))
        if command == "getTestRunBulk":
            return {"itemList": [{**RUN, "id": one} for one in body["testRun"]]}
        return {"itemList": [{"id": str(n)} for n in range(120)]}

    found = duplicate_test_runs(get, {**UPLOAD, "component": component, "stage": stage})
    assert found == tuple(map(str, range(120)))
    wanted = {key: component, "testType": ["T"], "state": ["ready"]} | ({"stage": [stage]} if stage else {})
    page = {"pageIndex": 0, "pageSize": 1000}
    assert asked[0] == ("listTestRunsByComponent", {"filterMap": wanted, "pageInfo": page})
    assert [len(body["testRun"]) for _, body in asked[1:]] == [50, 50, 20]


def test_runs_on_further_pages_are_found() -> None:
    def get(_: str, body: Any) -> Any:
        if "testRun" in body:
            return {"itemList": [{**RUN, "id": one, "passed": one == "2"} for one in body["testRun"]]}
        index = body["pageInfo"]["pageIndex"]
        info = {"pageIndex": index, "pageSize": 1, "total": 3}
        return {"itemList": [{"id": str(index)}], "pageInfo": info}

    assert duplicate_test_runs(get, UPLOAD) == ("2",)


def test_no_runs_no_second_question() -> None:
    assert duplicate_test_runs(lambda command, body: {"itemList": []}, UPLOAD) == ()
    assert duplicate_test_runs(lambda command, body: {"itemList": None}, UPLOAD) == ()


@pytest.mark.parametrize("answer", [{"itemList": "x"}, {"itemList": {}}, {"itemList": 5}])
def test_an_answer_that_is_no_list_does_not_pass_for_no_runs(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        duplicate_test_runs(lambda command, body: answer, UPLOAD)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RUN)), values), values)
def test_runs_of_any_shape_can_be_compared(odd: dict[str, Any], entry: Any) -> None:
    is_duplicate(UPLOAD, {**RUN, **odd})
    is_duplicate({**UPLOAD, **odd}, RUN)
    for key in ("properties", "results", "defects", "comments"):
        is_duplicate(UPLOAD, {**RUN, key: [entry, {"code": "LIST", "value": entry}]})


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=6), values, max_size=5))
def test_what_is_stored_as_it_was_sent_is_a_duplicate(results: dict[str, Any]) -> None:
    stored = json.loads(json.dumps([{"code": code, "value": value} for code, value in results.items()]))
    assert is_duplicate({**UPLOAD, "results": results}, {**RUN, "results": stored})


def test_values_that_are_nested_without_end_are_unreadable() -> None:
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    run = {**RUN, "properties": [], "results": [{"code": "LIST", "value": deep}]}
    upload = {**UPLOAD, "properties": {}, "results": {"LIST": deep}}
    with pytest.raises(UnreadableAnswer):
        duplicate_test_runs(lambda command, body: {"itemList": [run]}, upload)


# Against the sandbox ---------------------------------------------------------------------------------------


@pytest.fixture
def client(sandbox: SandboxProcess) -> Iterator[Client]:
    info = sandbox.info
    with Client(settings_for(sandbox), AccessCodes(info["access_code1"], info["access_code2"])) as found:
        yield found


def test_an_upload_is_refused_the_second_time(client: Client) -> None:
    component = client.get("getComponent", {"component": "20UPGM23800001"})
    upload = {
        "component": "20UPGM23800001",
        "testType": "MASS_MEASUREMENT",
        "institution": component["currentLocation"]["code"],
        "runNumber": "1",
        "date": "2026-01-01T00:00:00.000Z",
        "passed": True,
        "problems": True,
        "properties": {"SCALE_ACCURACY": 0.25},
        "results": {"MASS": 4321.125},
        "comments": ["weighed twice"],
    }
    before = copy.deepcopy(upload)
    first = client.post("uploadTestRunResults", upload, allow_duplicate=False)
    run = first["testRun"]["id"]
    for change in ({}, {"runNumber": "2"}, {"results": {"MASS": "4321.125"}}):
        with pytest.raises(DuplicateTestRuns) as caught:
            client.post("uploadTestRunResults", {**upload, **change}, allow_duplicate=False)
        assert caught.value.test_runs == (run,)
    assert upload == before
    other = {**upload, "passed": False, "problems": False}
    assert client.post("uploadTestRunResults", other, allow_duplicate=False)["testRun"]["id"] != run
    assert client.post("uploadTestRunResults", upload)["testRun"]["id"] != run
    client.post("deleteTestRun", {"testRun": run})


def test_only_test_runs_have_duplicates(client: Client) -> None:
    with pytest.raises(ValueError, match="setComponentStage"):
        client.post("setComponentStage", {}, allow_duplicate=False)
