"""Checks values against the definitions of properties and parameters (API reference §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from itkgui.sandbox.commands.problems import Problems

_TYPES: dict[str, tuple[tuple[type, ...], str, str]] = {
    "string": ((str,), "string.e001", "The value must be a string."),
    "integer": ((int,), "integer.e001", "The value must be an integer."),
    "float": ((int, float), "float.e001", "The value must be a number."),
    "boolean": ((bool,), "boolean.e001", "The value must be a boolean."),
    "codeTable": ((str, int), "string.e001", "The value must be a string."),
    "object": ((dict,), "shape.e001", "The value must be an object."),
    # The bytes of these are attached to the test run afterwards; the value is the code of the attachment.
    "image": ((str,), "string.e001", "The value must be a string."),
    "binary": ((str,), "string.e001", "The value must be a string."),
    "testRun": ((str, dict), "string.e001", "The value must be a string."),
}
_Problem = dict[str, str]


def check_values(
    prefix: str, definitions: Iterable[Mapping[str, Any]], given: Mapping[str, Any], problems: Problems
) -> dict[str, Any]:
    """Return the values that are defined; note what is missing, wrong or not defined in `problems`.

    `prefix` is where the values stand, such as "$.results".
    """
    known = {}
    codes = set()
    for definition in definitions:
        code = definition["code"]
        codes.add(code)
        value = given.get(code)
        if value is None:
            # Images and files are sent after the run they belong to (API reference §5.6).
            if definition.get("required") and definition["dataType"] not in ("image", "binary"):
                problems.missing(f"{prefix}.{code}")
            continue
        problem = problem_of(definition, value)
        if problem is None:
            known[code] = value
        else:
            problems.invalid(f"{prefix}.{code}", problem)
    for code in given:
        if code not in codes:
            problems.unsupported(f"{prefix}.{code}")
    return known


def problem_of(definition: Mapping[str, Any], value: Any) -> _Problem | None:
    """Return what is wrong with a value, or None."""
    shape = definition.get("valueType") or "single"
    if shape == "single":
        return _single_problem(definition, value)
    if shape == "array":
        return _array_problem(definition, value, int(definition.get("arrayDimensions") or 1))
    if shape == "child":
        return None if isinstance(value, dict) else _problem("shape.e001", "The value must be an object.")
    return None


def _single_problem(definition: Mapping[str, Any], value: Any) -> _Problem | None:
    data_type = definition["dataType"]
    if data_type not in _TYPES:
        return None
    types, rule, message = _TYPES[data_type]
    if not isinstance(value, types) or (isinstance(value, bool) and data_type != "boolean"):
        return _problem(rule, message)
    table = definition.get("codeTable")
    if data_type == "codeTable" and table:
        choices = [entry["code"] for entry in table]
        if str(value) not in choices:
            return _problem("oneOf.e001", f"The value must be one of {choices}.")
    return None


def _array_problem(definition: Mapping[str, Any], value: Any, dimensions: int) -> _Problem | None:
    if not isinstance(value, list):
        return _problem("array.e001", "The value must be an array.")
    for entry in value:
        if dimensions > 1:
            problem = _array_problem(definition, entry, dimensions - 1)
        else:
            # Gaps in a measurement are null.
            problem = None if entry is None else _single_problem(definition, entry)
        if problem is not None:
            return problem
    return None


def _problem(rule: str, message: str) -> _Problem:
    return {rule: message}
