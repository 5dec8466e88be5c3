"""Declares commands with their keys, and checks what callers send (API reference §3)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from itkgui.sandbox.catalogue.definitions import PROJECTS
from itkgui.sandbox.commands.problems import Problems
from itkgui.sandbox.identity_provider import Caller
from itkgui.sandbox.wire.messages import BadRequestError, Response
from itkgui.sandbox.wire.multipart import UploadedFile
from itkgui.sandbox.wire.strict_json import read_json

Json = dict[str, Any]
_DEFAULT_PAGE = 1000


@dataclass
class Call:
    """One checked call: who asks, for what, and the file that came along if the command takes one."""

    caller: Caller
    keys: Json
    problems: Problems
    file: UploadedFile | None = None

    def text(self, key: str, default: str = "") -> str:
        value = self.keys.get(key)
        return default if value is None else str(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.keys.get(key)
        return default if value is None else bool(value)

    def texts(self, key: str) -> list[str]:
        return as_texts(self.keys.get(key))

    def filter_map(self, known: Collection[str]) -> Json:
        """Return the keys of `filterMap` that are known; of others is warned."""
        given: Json = self.keys.get("filterMap") or {}
        for name in given:
            if name not in known:
                self.problems.unsupported(f"$.filterMap.{name}")
        return {name: value for name, value in given.items() if name in known and value is not None}


@dataclass(frozen=True)
class Key:
    """One key a command knows: its rule decides which values are valid."""

    name: str
    rule: str = "any"
    required: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Command:
    """One command of the API: its name, keys and function; reads answer to GET and POST, writes to POST."""

    name: str
    keys: tuple[Key, ...]
    function: Callable[[Call], Json | Response]
    read: bool = True
    takes_file: bool = False


def keys(declaration: str) -> tuple[Key, ...]:
    """Read such as ``"component*:text value*?:any noTests:flag"``; required are those with a star.

    With a question mark besides, null is a value too: it clears.
    """
    found = []
    for word in declaration.split():
        name, _, rule = word.partition(":")
        found.append(Key(name.rstrip("*?"), rule or "any", "*" in name, name.endswith("?")))
    return tuple(found)


def check(command: Command, given: Json, has_file: bool) -> tuple[Json, Problems]:
    """Return what the command is to see of `given`, and what is to be warned of.

    That is the keys it knows, and null only where it clears something. Raises CommandError if `given` is not
    valid.
    """
    known = {key.name: key for key in command.keys}
    problems = Problems(command.name)
    accepted: Json = {}
    for name in given:
        if name not in known:
            problems.unsupported(f"$.{name}")
    for key in command.keys:
        value = given.get(key.name)
        if value is None:
            present = key.rule == "file" and has_file
            if key.nullable and key.name in given:
                accepted[key.name] = None
            elif key.required and not present:
                problems.missing(f"$.{key.name}")
            continue
        accepted[key.name] = value
        problem = _problem(key.rule, value)
        if problem is not None:
            problems.invalid(f"$.{key.name}", problem)
    problems.settle()
    return accepted, problems


def from_form(command: Command, fields: dict[str, list[str]]) -> Json:
    """Return the values of a form or a query, which know nothing but text, as the command's rules want them.

    What cannot be read stays text, and is refused as such. Lists are padded with empty texts by one tool
    (API reference §1.2).
    """
    rules = {key.name: key.rule for key in command.keys}
    return {name: _from_texts(rules.get(name, "any"), texts) for name, texts in fields.items()}


def _from_texts(rule: str, texts: list[str]) -> Any:
    text = texts[0]
    if rule == "texts" and not text.startswith("["):
        return [entry for entry in texts if entry]
    if rule in ("text", "project") or rule.startswith("one-of="):
        return text
    if rule == "flag":
        return {"true": True, "false": False}.get(text, text)
    try:
        return read_json(text)
    except BadRequestError:
        return text


# Recorded were only shape.e002, oneOf.e001 and isRequired.e001 (API reference §3.2); the others follow suit.
_TYPES: dict[str, tuple[type | tuple[type, ...], str, str]] = {
    "text": ((str, int), "string.e001", "The value must be a string."),
    "flag": (bool, "boolean.e001", "The value must be a boolean."),
    "texts": ((str, list), "array.e001", "The value must be an array."),
    "object": (dict, "shape.e001", "The value must be an object."),
    "objects": (list, "array.e001", "The value must be an array."),
    "number": (int, "integer.e001", "The value must be an integer."),
}


def _problem(rule: str, value: object) -> dict[str, str] | None:
    if rule == "project":
        if not isinstance(value, str) or value not in PROJECTS:
            return {"oneOf.e001": f"The value must be one of {list(PROJECTS)}."}
        return None
    if rule.startswith("one-of="):
        choices = rule.removeprefix("one-of=").split(",")
        return None if value in choices else {"oneOf.e001": f"The value must be one of {choices}."}
    if rule == "page":
        return _page_problem(value)
    for kind, type_, name in (("texts", str, "strings"), ("objects", dict, "objects")):
        if rule == kind and isinstance(value, list) and not all(isinstance(item, type_) for item in value):
            return {"array.e002": f"The items of the array must be {name}."}
    if rule == "count":
        right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if right else {"integer.e002": "The value must be an integer and not negative."}
    if rule in _TYPES:
        types, code, message = _TYPES[rule]
        wrong = not isinstance(value, types) or (isinstance(value, bool) and rule != "flag")
        return {code: message} if wrong else None
    return None


def _page_problem(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return {"shape.e001": "The value must be an object."}
    index, size = value.get("pageIndex", 0), value.get("pageSize", 1)
    right = all(isinstance(number, int) and not isinstance(number, bool) for number in (index, size))
    if not right or index < 0 or size < 1:
        return {"shape.e002": "The content of shape must be valid."}
    return None


def page(call: Call, total: int) -> tuple[slice, Json]:
    """Return which items to send, and the pageInfo to send with them (API reference §4)."""
    asked = call.keys.get("pageInfo") or {}
    index, size = asked.get("pageIndex", 0), asked.get("pageSize", _DEFAULT_PAGE)
    start = min(index * size, total)
    chosen = slice(start, min(start + size, total))
    return chosen, {"pageIndex": index, "pageSize": size, "total": total}


def as_texts(value: object) -> list[str]:
    """Return a list of what may come as a list or as one value (API reference §1.2)."""
    if value is None:
        return []
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
