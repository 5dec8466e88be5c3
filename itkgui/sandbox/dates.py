"""Dates as the production database writes them; in the sandbox a moment is milliseconds since 1970."""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    return int(time.time() * 1000)


def moment(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=timezone.utc).timestamp()) * SECOND


def isoz(milliseconds: int) -> str:
    """Return such as ``2023-06-02T17:15:12.779Z``, always with three decimals."""
    seconds, rest = divmod(milliseconds, SECOND)
    parts = time.gmtime(seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S", parts) + f".{rest:03d}Z"


def now_isoz() -> str:
    return isoz(now())


def summary_date(milliseconds: int) -> str:
    """Return such as ``26.11.2019 00:00``: the form of test summaries only (API reference §5.3)."""
    return time.strftime("%d.%m.%Y %H:%M", time.gmtime(milliseconds // SECOND))


def offset_date(milliseconds: int) -> str:
    """Return such as ``2019-11-27T08:50:50+01:00``: the form of some stage histories (API reference §5.3)."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime((milliseconds + HOUR) // SECOND)) + "+01:00"


def read_date(text: str) -> int | None:
    """Return the moment of either form that uploads come with, or None (API reference §9, 11)."""
    try:
        if "." in text[:3]:
            date = datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=timezone.utc)
        else:
            date = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text))
    except ValueError:
        return None
    return int(date.timestamp() * SECOND) if date.tzinfo else None
