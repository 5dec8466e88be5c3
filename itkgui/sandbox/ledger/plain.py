"""Turns dataclasses of plain values into JSON and back, led by their type hints."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from functools import lru_cache
from typing import Any, TypeVar, cast

_T = TypeVar("_T")


def dumps(record: Any) -> str:
    """Return the JSON of a dataclass; what has its default value is left out."""
    return json.dumps(_without_defaults(record), ensure_ascii=False, separators=(",", ":"))


def loads(kind: type[_T], text: str) -> _T:
    """Return the dataclass `kind` that `dumps` wrote. Raises ValueError or TypeError for anything else."""
    return cast("_T", _read(kind, json.loads(text)))


def _without_defaults(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        written = {}
        for entry in dataclasses.fields(value):
            content = getattr(value, entry.name)
            if content != entry.default:
                written[entry.name] = _without_defaults(content)
        return written
    if isinstance(value, dict):
        return {key: _without_defaults(content) for key, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_defaults(content) for content in value]
    return value


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {entry.name: hints[entry.name] for entry in dataclasses.fields(kind)}


def _read(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _read(next(choice for choice in arguments if choice is not type(None)), value)
    if origin is tuple:
        return tuple(_read(arguments[0], entry) for entry in value)
    if origin is dict:
        return {key: _read(arguments[1], entry) for key, entry in value.items()}
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        return cast("type", kind)(**{name: _read(hints[name], entry) for name, entry in value.items()})
    return value
