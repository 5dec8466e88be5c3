"""Reads one field of the server's JSON, whatever stands there: null, a missing key, another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

Json = Mapping[str, Any]


def text(data: Json, key: str) -> str:
    """Return a field as text; null and a missing key give the empty text."""
    value = data.get(key)
    return "" if value is None else str(value)


def flag(data: Json, key: str) -> bool:
    """Return a field as a truth value; only ``true`` is true."""
    return data.get(key) is True


def objects(data: Json, key: str) -> Iterator[Json]:
    """Yield the objects of a list; null, a missing key and entries that are no objects give nothing."""
    value = data.get(key)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def child(data: Json, key: str) -> Json:
    """Return an object field; anything else gives an empty one."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def timestamp(data: Json, key: str) -> datetime | None:
    """Return a field as a moment in UTC; None if it is absent or no date.

    Understands ISO 8601 with ``Z`` or an offset, and ``dd.MM.yyyy HH:mm`` of test-run summaries
    (API reference, open question 11: its time zone is unknown, UTC is assumed).
    """
    return parse_timestamp(data.get(key))


def parse_timestamp(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        try:
            found = datetime.strptime(value.strip(), "%d.%m.%Y %H:%M").replace(tzinfo=timezone.utc)
        except ValueError:
            return None
    # Years 1 and 9999 are how some systems say "no date"; moved to another time zone they would overflow.
    if not 1 < found.year < 9999:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.utc)
    return found.astimezone(timezone.utc)
