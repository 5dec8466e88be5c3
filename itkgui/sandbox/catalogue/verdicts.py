"""Whether a test run passed: the one place where values are held against limits.

The limits are the thresholds of the test type's parameters, so that whoever reads the definitions comes to
the same verdict. Beyond them: breakdown voltage and leakage must suit the sensor, no grade may be 3, and no
defect major.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itkgui.sandbox.catalogue.definitions import TestType
from itkgui.sandbox.catalogue.sensors import Diode, temperature_factor

IV_TESTS = frozenset(
    (
        "IV_MEASURE",
        "ATLAS18_IV_TEST_V1",
        "MODULE_IV_PS_V1",
        "MODULE_IV_PS_BONDED",
        "MODULE_IV_AMAC",
    )
)
INSPECTIONS = frozenset(("VISUAL_INSPECTION", "VIS_INSPECT", "ATLAS18_VIS_INSPECTION_V1"))
MAJOR = "major"


def can_fail(test: TestType) -> bool:
    """Return whether there is anything in this test that could be out of its limits."""
    judged = test.code in IV_TESTS or test.code in INSPECTIONS
    return judged or any(entry["thresholds"] for entry in test.parameters)


def judge(test: TestType, content: dict[str, Any], diode: Diode) -> str:
    """Return why a run with this content (properties, results, defects) did not pass, or "" if it passed."""
    results = content.get("results", {})
    if test.code == "IV_MEASURE":
        return _pixel_iv(content["properties"], results, diode)
    if test.code in IV_TESTS:
        return _strip_iv(results, diode)
    if test.code in INSPECTIONS:
        return _inspection(test, content)
    return next(_beyond_limits(test, results), "")


def limits(entry: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return least and most of a parameter's value as its definition has them."""
    found = (entry["thresholds"] or {}).get("*", {})
    return found.get("min"), found.get("max")


def _beyond_limits(test: TestType, results: dict[str, Any]) -> Iterator[str]:
    for entry in test.parameters:
        least, most = limits(entry)
        for number in _numbers(results.get(entry["code"])):
            if least is not None and number < least:
                yield f"{entry['name']}: {number:g} is below {least:g}."
            if most is not None and number > most:
                yield f"{entry['name']}: {number:g} is above {most:g}."


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from _numbers(entry)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _pixel_iv(properties: dict[str, Any], results: dict[str, Any], diode: Diode) -> str:
    breakdown = results["BREAKDOWN_VOLTAGE"]
    # -999 says that no breakdown was seen.
    if breakdown != -999 and breakdown < diode.least_breakdown:
        return f"Breakdown at {breakdown:.0f} V, below {diode.least_breakdown:.0f} V."
    warm = results["LEAK_CURRENT"] / temperature_factor(properties["TEMP"])
    if warm > diode.most_leakage:
        return f"Leakage of {warm:.1f} µA at 20 °C, above {diode.most_leakage:.1f} µA."
    return ""


def _strip_iv(results: dict[str, Any], diode: Diode) -> str:
    breakdown = results["VBD"]
    if breakdown is not None and -breakdown < diode.least_breakdown:
        return f"Breakdown at {-breakdown:.0f} V, below {diode.least_breakdown:.0f} V."
    at_500 = results["I_500V"]
    if at_500 is None or -at_500 / 1000 > diode.most_leakage * temperature_factor(results["TEMPERATURE"]):
        return f"Leakage above {diode.most_leakage:.1f} µA at {diode.judged_at:.0f} V."
    return ""


def _inspection(test: TestType, content: dict[str, Any]) -> str:
    for entry in test.parameters:
        if entry["dataType"] == "integer" and content["results"].get(entry["code"]) == 3:
            return f"{entry['name'].partition(' (')[0]}: bad."
    for defect in content.get("defects", ()):
        if defect["properties"]["severity"] == MAJOR:
            return f"{defect['description']}."
    return ""
