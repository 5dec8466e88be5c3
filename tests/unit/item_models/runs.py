"""Test runs made of little JSON, for the tests of what shows them."""

from __future__ import annotations

import itertools
from typing import Any

from itkgui.records.test_run import TestRun

_numbers = itertools.count(1)


def run_of(test_type: str = "IV_MEASURE", **data: Any) -> TestRun:
    """Return a run; ``stage``, ``order`` and ``owner`` say where and on what it was made."""
    number = next(_numbers)
    stage = {"code": data.pop("stage", "WARM"), "order": data.pop("order", 1)}
    owner = data.pop("owner", "20UPGM00000001")
    component = {
        "code": f"code-of-{owner}",
        "serialNumber": owner,
        "componentType": {"code": data.pop("part", "MODULE")},
        "project": {"code": "P"},
        "testedAtStage": stage,
    }
    return TestRun.from_json(
        {
            "id": f"{number:024x}",
            "state": "ready",
            "testType": {"code": test_type, "name": test_type.replace("_", " ").capitalize()},
            "passed": True,
            "date": f"2025-01-01T00:{number % 60:02d}:00.000Z",
            "cts": f"2025-01-{1 + number // 60 % 28:02d}T00:{number % 60:02d}:00.000Z",
            "components": [component],
            **data,
        }
    )


def result(code: str, value: Any, **data: Any) -> dict[str, Any]:
    return {"code": code, "name": code.capitalize(), "value": value, **data}
