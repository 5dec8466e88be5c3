"""What is kept of components: there and back, and whatever else may stand in the file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from itkgui.records.component import ComponentSummary
from itkgui.records.known_component import KnownComponent, known_from

MODULE = ComponentSummary.from_json(
    {
        "code": "a" * 32,
        "serialNumber": "20UPGM23800001",
        "componentType": {"code": "MODULE", "name": "Module"},
        "type": {"code": "QUAD", "name": "Quad"},
        "currentStage": {"code": "WB", "name": "Wire bonding"},
        "currentLocation": {"code": "CERN", "name": "CERN"},
    }
)


def test_there_and_back() -> None:
    known = KnownComponent.of(MODULE)
    assert (known.key, known.label, known.stage) == ("a" * 32, "20UPGM23800001", "Wire bonding")
    assert known_from(json.loads(json.dumps([known.kept()])), 9) == [known]


def test_texts_of_a_megabyte_are_not_kept() -> None:
    long = ComponentSummary.from_json({"code": "b", "currentStage": {"name": "x" * 1_000_000}})
    assert len(json.dumps(KnownComponent.of(long).kept())) < 1000


def test_each_once_and_no_more_than_wanted() -> None:
    kept = [{"key": key} for key in "abcab"]
    assert [known.label for known in known_from(kept, 2)] == ["a", "b"]


@pytest.mark.parametrize(
    "value", [None, 3, "text", {"key": "a"}, [None], [[]], [{}], [{"key": None}], [{"label": "no key"}]]
)
def test_anything_else_counts_as_nothing(value: Any) -> None:
    assert known_from(value, 9) == []


def test_damaged_fields_are_left_empty() -> None:
    (known,) = known_from([{"key": "a", "label": ["x"], "stage": {}, "seen": "yesterday"}], 9)
    assert known == KnownComponent("a", "a")
