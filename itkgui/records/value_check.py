"""Checks values against what a test type says of them, and tells where the first wrong number stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from itkgui.language import N_, _, ngettext
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


# By data type (API reference §5.2): what the server takes, what that is called, and what to say otherwise.
_FILE = N_("the name of a file"), N_("{name} has to be the name of a file.")
_KINDS: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "string": (lambda value: isinstance(value, str), N_("a text"), N_("{name} has to be a text.")),
    "integer": (
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        N_("a whole number"),
        N_("{name} has to be a whole number."),
    ),
    "float": (_is_number, N_("a number"), N_("{name} has to be a number.")),
    "boolean": (
        lambda value: isinstance(value, bool),
        N_("true or false"),
        N_("{name} has to be true or false."),
    ),
    "codeTable": (
        lambda value: isinstance(value, str | int) and not isinstance(value, bool),
        N_("a code of the table"),
        N_("{name} has to be a code of the table."),
    ),
    "object": (lambda value: isinstance(value, dict), N_("an object"), N_("{name} has to be an object.")),
    "image": (lambda value: isinstance(value, str), *_FILE),
    "binary": (lambda value: isinstance(value, str), *_FILE),
    "testRun": (
        lambda value: isinstance(value, str | dict),
        N_("the id of a test run"),
        N_("{name} has to be the id of a test run."),
    ),
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
                path, _("This has a value for each part."), _("an object: part to value"), told(value)
            )
    elif definition.value_type in ("", "single"):
        yield from single_problems(definition, value, path)


def single_problems(
    definition: Parameter | PropertyDefinition, value: Any, path: str
) -> Iterator[ResultProblem]:
    """Yield what is wrong with one value, whatever the form of the whole."""
    fits, word, sentence = _KINDS.get(definition.data_type, (lambda _value: True, "", ""))
    if not fits(value):
        said = _(sentence).format(name=definition.name or definition.code)
        yield ResultProblem(path, said, _(word), told(value))
    elif definition.choices and str(value) not in (choice.code for choice in definition.choices):
        table = ", ".join(choice.code for choice in definition.choices)
        yield ResultProblem(
            path, _("This is not in its table."), _("one of {codes}").format(codes=table), told(value)
        )


def endless_numbers(value: Any, path: str) -> Iterator[ResultProblem]:
    """Yield where a number is none: JSON has no NaN and no infinity, though some programs write them."""
    found = (
        ResultProblem(
            where, _("This is no number that can be sent."), _("a number, or null for a gap"), str(number)
        )
        for where, number in _leaves(value, path)
        if isinstance(number, float) and not math.isfinite(number)
    )
    yield from _limited(found, path)


def told(value: Any) -> str:
    """Return a value in a few words, as it stands in the file."""
    match value:
        case None:
            return _("nothing")
        case bool():
            return "true" if value else "false"
        case str():
            return _("the text “{text}”").format(text=_short(value))
        case list():
            return ngettext("a list of {count}", "a list of {count}", len(value)).format(count=len(value))
        case dict():
            return _("an object")
    return _("the number {number}").format(number=_short(str(value)))


def _dimensions(definition: Parameter | PropertyDefinition) -> int:
    return definition.dimensions if isinstance(definition, Parameter) else 1


def _array_problems(
    definition: Parameter | PropertyDefinition, value: Any, path: str, dimensions: int
) -> Iterator[ResultProblem]:
    if not isinstance(value, list):
        word = _("a list") if dimensions == 1 else _("a list of lists, {count} deep").format(count=dimensions)
        said = _("{name} is a list of values.").format(name=definition.name or definition.code)
        yield ResultProblem(path, said, word, told(value))
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
        said = ngettext("So it is at {count} more place.", "So it is at {count} more places.", more)
        yield ResultProblem(path, said.format(count=more))


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
