"""Gives values of every kind a key to sort by: numbers by size, text as people count, unknown ones apart."""

from __future__ import annotations

import functools
import math
import re
from datetime import date, datetime, time, timezone
from typing import Any

_NUMBER = re.compile("0*([0-9]+)")
_LONGEST = 200  # letters of a text that its place depends on


def order_key(value: Any) -> float | str | None:
    """Return what a value sorts by: a number, a text, or None for what is unknown (None, NaN).

    Moments are seconds since 1970, those without a time zone taken as UTC. Lists and objects sort by how much
    they hold, anything else by how Python writes it. Never raises for what JSON can hold.
    """
    if isinstance(value, str):
        return _natural_key(value[:_LONGEST])
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    if isinstance(value, list | tuple | dict):
        return _natural_key(f"[{len(value)}")
    return _natural_key(str(value)[:_LONGEST])


@functools.lru_cache(maxsize=8192)  # most columns hold few different texts
def _natural_key(text: str) -> str:
    """Return a text that sorts as people expect: ``run 2`` before ``run 10``, whatever the case."""
    return _NUMBER.sub(_counted, text.casefold())


def _counted(match: re.Match[str]) -> str:
    # A longer number is a greater one, so its length goes before it: as a digit, for numbers stand where
    # digits do; nine means "eight, and go on".
    digits = match[1]
    nines, rest = divmod(len(digits) - 1, 8)
    return f"{'9' * nines}{rest + 1}{digits}"
