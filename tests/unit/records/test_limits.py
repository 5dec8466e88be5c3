"""Values against their limits: numbers, arrays, and what cannot be judged."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.records.limits import Judgement, Limits
from itkgui.records.test_run import Measured
from itkgui.records.test_type import TestType


@pytest.mark.parametrize(
    ("limits", "value", "judgement"),
    [
        (Limits(1, 3), 2, Judgement.WITHIN),
        (Limits(1, 3), 1, Judgement.WITHIN),
        (Limits(1, 3), 3.0, Judgement.WITHIN),
        (Limits(1, 3), 0.999, Judgement.BELOW),
        (Limits(1, 3), 4, Judgement.ABOVE),
        (Limits(None, 0), 0, Judgement.WITHIN),
        (Limits(None, 0), 1, Judgement.ABOVE),
        (Limits(0, None), -1, Judgement.BELOW),
        (Limits(1, 3), "4", Judgement.ABOVE),
        (Limits(1, 3), [1, 2, None, "x", float("nan")], Judgement.WITHIN),
        (Limits(1, 3), [1, 9], Judgement.ABOVE),
        (Limits(1, 3), [[0], [1, 2]], Judgement.BELOW),
        (Limits(1, 3), [[0], [9]], Judgement.BELOW_AND_ABOVE),
        (Limits(1, 3), None, Judgement.NOT_JUDGED),
        (Limits(1, 3), True, Judgement.NOT_JUDGED),
        (Limits(1, 3), "good", Judgement.NOT_JUDGED),
        (Limits(1, 3), [], Judgement.NOT_JUDGED),
        (Limits(1, 3), {"a": 9}, Judgement.NOT_JUDGED),
        (Limits(1, 3), float("inf"), Judgement.NOT_JUDGED),
        (Limits(nominal=2), 9, Judgement.NOT_JUDGED),
        (Limits(1, 3, depends_on="TYPE"), 9, Judgement.NOT_JUDGED),
    ],
)
def test_judging(limits: Limits, value: Any, judgement: Judgement) -> None:
    assert limits.judge(value) is judgement


@pytest.mark.parametrize(
    ("entry", "limits"),
    [
        ({"min": "270", "max": None}, Limits(270)),
        ({"min": "low", "max": [3]}, Limits()),
        ({"min": 1, "type": "property", "property": "VERSION"}, Limits(1, depends_on="VERSION")),
        ({}, Limits()),
    ],
)
def test_thresholds_of_all_sorts(entry: dict[str, Any], limits: Limits) -> None:
    assert Limits.from_json(entry) == limits


@pytest.mark.parametrize(
    "thresholds", [None, {}, [], "x", {"*": None}, {"*": 3}, {"S": {"min": 1}}], ids=repr
)
def test_parameter_without_limits_at_a_stage(thresholds: Any) -> None:
    kind = TestType.from_json({"parameters": [{"code": "A", "thresholds": thresholds}]})
    assert not kind.limits_of(Measured.from_json({"code": "A"}), "OTHER")


def test_limits_of_the_run_come_before_those_of_the_test_type() -> None:
    kind = TestType.from_json({"parameters": [{"code": "A", "thresholds": {"*": {"min": 1}}}]})
    own = Measured.from_json({"code": "A", "value": 2, "rangeMin": None, "rangeMax": "5"})
    assert kind.limits_of(own, "S") == Limits(None, 5)
    assert kind.limits_of(Measured.from_json({"code": "A", "rangeMin": None}), "S") == Limits(1)
    assert kind.limits_of(Measured.from_json({"code": "UNKNOWN"}), "S") == Limits()
