"""Decodes JSON bodies: fast, and large ones in pieces, so that no other thread waits long for its turn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

# A body up to this size is decoded at once; that holds the interpreter for about 3 ms, in bytes.
_AT_ONCE = 1_000_000
# A larger one is cut down to pieces of about this size, in bytes, with a chance for other threads in between.
_PIECE = 128 * 1024

Undecoded = msgspec.Raw

_OBJECT = dict[str, msgspec.Raw]
_ARRAY = list[msgspec.Raw]


def decode(body: bytes | bytearray | msgspec.Raw) -> Any:
    """Return what a JSON text says, undecoded parts included, with the values that ``json.loads`` gives.

    NaN, Infinity and lone surrogates are taken as well, as some servers write them. Raises ValueError if it
    is no JSON, RecursionError if it is nested too deeply.
    """
    try:
        return _decoded(body) if len(body) > _AT_ONCE else msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(bytes(body) if isinstance(body, msgspec.Raw) else body)


def decode_lists_later(body: bytes, keys: Iterable[str]) -> Any:
    """Return what ``decode`` does, but for lists under these keys of the outermost object.

    Their items are ``Undecoded`` still, unless something is odd about the body: whoever goes through a list
    decodes one at a time, in memory that is in the processor's caches still. Raises as ``decode`` does.
    """
    try:
        parts = msgspec.json.decode(body, type=_OBJECT)
        return {key: _later(raw) if key in keys else _decoded(raw) for key, raw in parts.items()}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return decode(body)


def _later(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw, type=_ARRAY)
    except msgspec.ValidationError:  # no list
        return _decoded(raw)


def _decoded(raw: bytes | bytearray | msgspec.Raw) -> Any:
    if len(raw) <= _PIECE:
        return msgspec.json.decode(raw)
    view = bytes(raw).strip()
    if view[:1] == b"{":
        return {key: _decoded(value) for key, value in msgspec.json.decode(view, type=_OBJECT).items()}
    if view[:1] == b"[":
        if _holds_numbers_only(view):
            return _numbers(view)
        return [_decoded(value) for value in msgspec.json.decode(view, type=_ARRAY)]
    return msgspec.json.decode(view)


def _holds_numbers_only(array: bytes) -> bool:
    """Tell whether an array can be cut at any comma: it holds no text, array or object."""
    return b'"' not in array and b"{" not in array and array.find(b"[", 1) < 0


def _numbers(array: bytes) -> list[Any]:
    found: list[Any] = []
    start, end = 1, len(array) - 1
    while start < end:
        cut = array.find(b",", start + _PIECE, end)
        stop = end if cut < 0 else cut
        piece = msgspec.json.decode(b"[" + array[start:stop] + b"]")
        if not piece and stop < end:
            raise msgspec.DecodeError("an empty place in an array")
        found += piece
        start = stop + 1
        if stop < end and start >= end:
            raise msgspec.DecodeError("a comma at the end of an array")
    return found
