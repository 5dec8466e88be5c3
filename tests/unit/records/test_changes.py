"""What is told to be newer than what was loaded before."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.records.changes import changes_between
from itkgui.records.component import Component

LOADED: dict[str, Any] = {
    "code": "c0de",
    "currentStage": {"code": "A"},
    "currentLocation": {"code": "ANL"},
    "children": [{"id": "s", "component": None}],
    "attachments": [{"code": "a"}],
    "comments": [{"code": "k", "comment": "old"}],
    "tests": [
        {"code": "IV", "testRuns": [{"id": "1", "state": "ready"}, {"id": "2", "state": "deleted"}]},
    ],
    "sys": {"rev": 3, "mts": "2023-06-02T17:15:12.779Z"},
}


@pytest.mark.parametrize(
    ("changed", "runs", "what"),
    [
        ({}, 1, ()),
        ({}, None, ()),
        ({"currentStage": {"code": "B"}}, 1, ("stage",)),
        ({"currentLocation": {"code": "UCSC"}, "institution": "X"}, 1, ("location", "owner")),
        ({"currentGrade": "B", "trashed": True}, 1, ("grade", "marks")),
        ({"flags": [{"code": "QA"}]}, 1, ("marks",)),
        ({"properties": [{"code": "P", "value": 1}]}, 1, ("properties",)),
        ({"children": [{"id": "s", "component": {"code": "chip"}}]}, 1, ("parts",)),
        ({"attachments": [{"code": "a"}, {"code": "b"}, {"code": "c"}]}, 1, ("2 new attachments",)),
        ({"attachments": None}, 1, ("1 attachment gone",)),
        ({"comments": [{"code": "k", "comment": "new"}]}, 1, ("1 new comment", "1 comment gone")),
        ({}, 2, ("1 new test run",)),
        ({}, 0, ("1 test run gone",)),
        ({"sys": {"rev": 4}}, 1, ("other data",)),
        ({"sys": {"rev": 4}, "serialNumber": "20U"}, 1, ("serial number",)),
    ],
)
def test_what_changed_is_named(changed: dict[str, Any], runs: int | None, what: tuple[str, ...]) -> None:
    fresh = {key: value for key, value in LOADED.items() if key != "tests"} | changed
    found = changes_between(Component.from_json(LOADED), Component.from_json(fresh), runs)
    assert found.what == what
    assert bool(found) is bool(what)
