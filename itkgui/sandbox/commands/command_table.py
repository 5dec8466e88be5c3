"""Declares commands with their keys, and checks what callers send (API reference §3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itkgui.sandbox.catalogue.definitions import PROJECTS
from itkgui.sandbox.commands.errors import PREFIX, CommandError
from itkgui.sandbox.identity_provider import Caller
from itkgui.sandbox.wire.messages import Response
from itkgui.sandbox.wire.multipart import UploadedFile

Json = dict[str, Any]
_DEFAULT_PAGE = 1000


@dataclass
class Call:
    """One checked call: who asks, for what, and the file that came along if the command takes one."""

    caller: Caller
    keys: Json
    file: UploadedFile | None = None

    def text(self, key: str, default: str = "") -> str:
        value = self.keys.get(key)
        return default if value is None else str(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.keys.get(key)
        return default if value is None else bool(value)

    def texts(self, key: str) -> list[str]:
        return as_texts(self.keys.get(key))


@dataclass(frozen=True)
class Key:
    """One key a command knows: its rule decides which values are valid."""

    name: str
    rule: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Command:
    """One command of the API: its name, keys and function; reads answer to GET and POST, writes to POST."""

    name: str
    keys: tuple[Key, ...]
    function: Callable[[Call], Json | Response]
    read: bool = True
    takes_file: bool = False


def keys(declaration: str) -> tuple[Key, ...]:
    """Read such as ``"component*:text noTests:flag"``; a star marks what is required."""
    found = []
    for word in declaration.split():
        name, _, rule = word.partition(":")
        found.append(Key(name.rstrip("*"), rule or "any", name.endswith("*")))
    return tuple(found)


def check(command: Command, given: Json, has_file: bool) -> Json:
    """Return the warnings about `given`. Raises CommandError if it is not valid."""
    known = {key.name: key for key in command.keys}
    unsupported = [f"$.{name}" for name in given if name not in known]
    missing, invalid = {}, {}
    for key in command.keys:
        value = given.get(key.name)
        if value is None:
            if key.required and not (key.rule == "file" and has_file):
                missing[f"$.{key.name}"] = {"isRequired.e001": "The value is required but missing."}
            continue
        problem = _problem(key.rule, value)
        if problem is not None:
            invalid[f"$.{key.name}"] = problem
    warnings: Json = {}
    if unsupported:
        warnings[f"{PREFIX}/{command.name}/unsupportedKeys"] = {
            "type": "warning",
            "message": "DtoIn contains unsupported keys.",
            "paramMap": {"unsupportedKeyList": unsupported},
        }
    if missing or invalid:
        raise _invalid(command.name, unsupported, invalid, missing, warnings)
    return warnings


def _invalid(name: str, unsupported: list[str], invalid: Json, missing: Json, warnings: Json) -> CommandError:
    parameters: Json = {}
    if unsupported:
        parameters["unsupportedKeyList"] = unsupported
    shape = {"$": {"shape.e002": "The content of shape must be valid."}}
    parameters["invalidValueKeyMap"] = shape | invalid
    if missing:
        parameters["missingKeyMap"] = missing
    error = CommandError(f"{name}/invalidDtoIn", "DtoIn is not valid.", parameters=parameters)
    error.error_map |= warnings
    return error


def invalid_key(command: str, key: str, rule: str, message: str) -> CommandError:
    """Return the error for a value that only the command itself can judge."""
    return _invalid(command, [], {f"$.{key}": {rule: message}}, {}, {})


# Recorded were only shape.e002, oneOf.e001 and isRequired.e001 (API reference §3.2); the others follow suit.
_TYPES: dict[str, tuple[type | tuple[type, ...], str, str]] = {
    "text": ((str, int), "string.e001", "The value must be a string."),
    "flag": (bool, "boolean.e001", "The value must be a boolean."),
    "texts": ((str, list), "array.e001", "The value must be an array."),
    "object": (dict, "shape.e001", "The value must be an object."),
    "number": (int, "integer.e001", "The value must be an integer."),
}


def _problem(rule: str, value: object) -> dict[str, str] | None:
    if rule == "project":
        if value not in PROJECTS:
            return {"oneOf.e001": f"The value must be one of {list(PROJECTS)}."}
        return None
    if rule.startswith("one-of="):
        choices = rule.removeprefix("one-of=").split(",")
        return None if value in choices else {"oneOf.e001": f"The value must be one of {choices}."}
    if rule == "page":
        return _page_problem(value)
    if rule == "texts" and isinstance(value, list) and not all(isinstance(entry, str) for entry in value):
        return {"array.e002": "The items of the array must be strings."}
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
    return slice(index * size, (index + 1) * size), {"pageIndex": index, "pageSize": size, "total": total}


def as_texts(value: object) -> list[str]:
    """Return a list of what may come as a list or as one value (API reference §1.2)."""
    if value is None:
        return []
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
