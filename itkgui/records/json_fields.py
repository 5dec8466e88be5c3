"""Reads one field of the server's JSON, whatever stands there: null, a missing key, another type."""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from enum import Enum
from typing import Any

# As it is decoded: objects are dicts, and asking for just that is much faster than asking for any mapping.
Json = Mapping[str, Any]

_COLLECTIONS = (list, dict)
_NUMERIC = (int, float, str)

# Python 3.10 reads fractions of three or six digits only.
_FRACTION = re.compile(r"(?<=:\d\d)\.(\d+)")
_DAY_FIRST = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")


def text(data: Json, key: str) -> str:
    """Return a field as text; null, a missing key, a list and an object give the empty text."""
    value = data.get(key)
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, _COLLECTIONS) else str(value)


def flag(data: Json, key: str) -> bool:
    """Return a field as a truth value; only ``true`` is true."""
    return data.get(key) is True


def number(data: Json, key: str) -> float | None:
    """Return a field as a finite number; None for anything that is none."""
    return as_number(data.get(key))


def as_number(value: object) -> float | None:
    """Return a value as a finite number, also one that is written as text; None for anything else."""
    if value is None or isinstance(value, bool) or not isinstance(value, _NUMERIC):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(data: Json, key: str) -> int:
    """Return a field as a whole number; 0 for anything that is none."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def objects(data: Json, key: str) -> Iterator[Json]:
    """Yield the objects of a list; null, a missing key and entries that are no objects give nothing."""
    value = data.get(key)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def texts(data: Json, key: str) -> tuple[str, ...]:
    """Return the texts of a list; entries that are none, or empty, are left out."""
    value = data.get(key)
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def child(data: Json, key: str) -> Json:
    """Return an object field; anything else gives an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def order_key(data: Json) -> float:
    """Return what sorts objects by their ``order``; those without one come last, as they came."""
    value = data.get("order")
    found = None if isinstance(value, str) else as_number(value)
    return math.inf if found is None else found


def timestamp(data: Json, key: str) -> datetime | None:
    """Return a field as a moment in UTC; None if it is absent or no date.

    Understands ISO 8601 with ``Z`` or an offset, and ``dd.MM.yyyy HH:mm`` of test-run summaries
    (API reference, open question 11: its time zone is unknown, UTC is assumed).
    """
    return parse_timestamp(data.get(key))


def parse_timestamp(value: object) -> datetime | None:
    return _moment(value) if isinstance(value, str) and len(value) <= 64 else None


@functools.lru_cache(maxsize=4096)  # the same moments come again with each look at a component
def _moment(value: str) -> datetime | None:
    found = _parsed(value.strip())
    # Years 1 and 9999 are how some systems say "no date"; moved to another time zone they would overflow.
    if found is None or not 1 < found.year < 9999:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.utc)
    return found.astimezone(timezone.utc)


def _parsed(value: str) -> datetime | None:
    written = value.replace("Z", "+00:00")
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(written)
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(_FRACTION.sub(_six_digits, written))
    for pattern in _DAY_FIRST:
        with contextlib.suppress(ValueError):
            return datetime.strptime(value, pattern).replace(tzinfo=timezone.utc)
    return None


def _six_digits(fraction: re.Match[str]) -> str:
    return f".{fraction[1][:6]:0<6}"


class Shape(Enum):
    """What a field of the server's JSON should hold, if it holds anything."""

    OBJECT = "object"
    REFERENCE = "reference"  # an object or a code
    LIST = "list"  # of objects
    MOMENT = "date"
    TEXT = "text"


def unreadable(data: Json, shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    """Name the fields that hold something, but not what they should, as ``"children"`` or ``"stages[3]"``.

    Null and a missing key are no fault; of a list only the first entry that is no object is named.
    """
    return tuple(
        fault
        for key, shape in shapes.items()
        if (value := data.get(key)) is not None and (fault := _fault(key, value, shape))
    )


def _fault(key: str, value: object, shape: Shape) -> str:
    if shape is Shape.LIST:
        if not isinstance(value, list):
            return key
        bad = next((index for index, item in enumerate(value) if not isinstance(item, dict)), None)
        return "" if bad is None else f"{key}[{bad}]"
    return "" if _FITS[shape](value) else key


_FITS: Mapping[Shape, Callable[[object], bool]] = {
    Shape.OBJECT: lambda value: isinstance(value, dict),
    Shape.REFERENCE: lambda value: isinstance(value, (dict, str)),
    Shape.TEXT: lambda value: not isinstance(value, _COLLECTIONS),
    Shape.MOMENT: lambda value: value == "" or parse_timestamp(value) is not None,
}
