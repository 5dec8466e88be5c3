"""Checks values against what a test type says of them, and tells where the first wrong number stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from itkgui.records.component_type import PropertyDefinition
from itkgui.records.json_fields import Json
from itkgui.records.test_type import Parameter

# Their bytes are attached to the run afterwards (API reference §5.6).
FILE_TYPES = ("image", "binary")
_SHOWN = 5  # problems of one array; a column in the wrong unit has thousands
_LENGTH = 60  # characters of a value that is shown


@dataclass(frozen=True)
class ResultProblem:
    """What is wrong with results at one place, such as ``results.VOLTAGE[3]``; empty means all of them.

    What is only a caution is no reason for the server to refuse them. Where nothing is wrong but who sends
    them it ``needs_other``, whom ``expected`` names.
    """

    path: str
    sentence: str
    expected: str = ""
    found: str = ""
    is_caution: bool = False
    needs_other: bool = False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# By data type (API reference §5.2): what the server takes, and what that is called.
_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "a text"),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "float": (_is_number, "a number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "codeTable": (
        lambda value: isinstance(value, str | int) and not isinstance(value, bool),
        "a code of the table",
    ),
    "object": (lambda value: isinstance(value, dict), "an object"),
    "image": (lambda value: isinstance(value, str), "the name of a file"),
    "binary": (lambda value: isinstance(value, str), "the name of a file"),
    "testRun": (lambda value: isinstance(value, str | dict), "the id of a test run"),
}


def value_problems(
    definition: Parameter | PropertyDefinition, value: Any, path: str
) -> Iterator[ResultProblem]:
    """Yield what is wrong with the value of a parameter or a property; null is no value, and always right.

    For a value by child only that it is an object: who the children are, the definition does not know.
    """
    if value is None:
        return
    if definition.value_type == "array":
        yield from _limited(_array_problems(definition, value, path, max(1, _dimensions(definition))), path)
    elif definition.value_type == "child":
        if not isinstance(value, dict):
            yield ResultProblem(
                path, "This has a value for each part.", "an object: part to value", told(value)
            )
    elif definition.value_type in ("", "single"):
        yield from single_problems(definition, value, path)


def single_problems(
    definition: Parameter | PropertyDefinition, value: Any, path: str
) -> Iterator[ResultProblem]:
    """Yield what is wrong with one value, whatever the form of the whole."""
    fits, word = _KINDS.get(definition.data_type, (lambda _value: True, ""))
    if not fits(value):
        yield ResultProblem(
            path, f"{definition.name or definition.code} has to be {word}.", word, told(value)
        )
    elif definition.choices and str(value) not in (choice.code for choice in definition.choices):
        table = ", ".join(choice.code for choice in definition.choices)
        yield ResultProblem(path, "This is not in its table.", f"one of {table}", told(value))


def endless_numbers(value: Any, path: str) -> Iterator[ResultProblem]:
    """Yield where a number is none: JSON has no NaN and no infinity, though some programs write them."""
    found = (
        ResultProblem(
            where, "This is no number that can be sent.", "a number, or null for a gap", str(number)
        )
        for where, number in _leaves(value, path)
        if isinstance(number, float) and not math.isfinite(number)
    )
    yield from _limited(found, path)


def told(value: Any) -> str:
    """Return a value in a few words, as it stands in the file."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text “{_short(value)}”"
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
    return f"the number {_short(str(value))}"


def _dimensions(definition: Parameter | PropertyDefinition) -> int:
    return definition.dimensions if isinstance(definition, Parameter) else 1


def _array_problems(
    definition: Parameter | PropertyDefinition, value: Any, path: str, dimensions: int
) -> Iterator[ResultProblem]:
    if not isinstance(value, list):
        word = "a list" if dimensions == 1 else f"a list of lists, {dimensions} deep"
        yield ResultProblem(
            path, f"{definition.name or definition.code} is a list of values.", word, told(value)
        )
        return
    for number, entry in enumerate(value):
        where = f"{path}[{number}]"
        if dimensions > 1:
            yield from _array_problems(definition, entry, where, dimensions - 1)
        elif entry is not None:  # a gap
            yield from single_problems(definition, entry, where)


def _limited(problems: Iterator[ResultProblem], path: str) -> Iterator[ResultProblem]:
    """Yield the first few problems of many, and then how many more there are."""
    more = 0
    for number, problem in enumerate(problems):
        if number < _SHOWN:
            yield problem
        else:
            more += 1
    if more:
        yield ResultProblem(path, f"So it is at {more} more {'place' if more == 1 else 'places'}.")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    waiting: list[tuple[str, Any]] = [(path, value)]
    while waiting:
        where, item = waiting.pop()
        if isinstance(item, Mapping):
            waiting += reversed([(joined(where, str(key)), inner) for key, inner in item.items()])
        elif isinstance(item, list):
            waiting += reversed([(f"{where}[{number}]", inner) for number, inner in enumerate(item)])
        else:
            yield where, item


def joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _short(text: str) -> str:
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"


def file_names(definition: Parameter, results: Json) -> tuple[str, ...]:
    """Return the files that a result of pictures or of bytes names."""
    if definition.data_type not in FILE_TYPES:
        return ()
    value = results.get(definition.code)
    entries = value if isinstance(value, list) else [value]
    return tuple(entry for entry in entries if isinstance(entry, str) and entry)
