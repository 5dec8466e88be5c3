"""Fields of a table: numbers as many countries write them, times, and words for what is missing."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity)", re.IGNORECASE)
_NO_NUMBER = frozenset(("", "nan", "na", "n/a", "none", "null", "-", "--"))
_WITH_COMMA = re.compile(r"[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:[eE][+-]?\d+)?")
_WITH_POINT = re.compile(r"[+-]?(?:\d*|[1-9]\d{0,2}(?:,\d{3})+)\.\d+(?:[eE][+-]?\d+)?")
# Thousands apart; without a fraction, and with as many digits, it may as well be a fraction elsewhere.
_THOUSANDS = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?:{re.escape(other)}\d*)?")
    for mark, other in ((".", ","), (",", "."))
}
_TIME = re.compile(
    r"(?:(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})|(?P<iso>\d{4}[-/]\d\d[-/]\d\d))"
    r"(?:(?:,? +|T)(?P<clock>\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?P<zone>Z| ?[+-]\d\d:?\d\d)?)?"
)


def number_in(text: str, *, has_decimal_comma: bool = False) -> bool:
    """Tell whether a field is a number."""
    return _NUMBER.fullmatch(plain_number(text, has_decimal_comma=has_decimal_comma)) is not None


def plain_number(text: str, *, has_decimal_comma: bool) -> str:
    """Return a number as Python writes it: without marks between thousands, with a decimal point."""
    mark = "." if has_decimal_comma else ","
    if mark in text and _THOUSANDS[mark].fullmatch(text):
        text = text.replace(mark, "")
    return text.replace(",", ".", 1) if has_decimal_comma else text


def is_missing(text: str) -> bool:
    """Tell whether a field stands for a number that is not there."""
    return text.casefold() in _NO_NUMBER


def has_fraction(text: str, mark: str) -> bool:
    """Tell whether a field can only be a number with a decimal ``mark``, a comma or a point."""
    if mark == ",":
        return _WITH_COMMA.fullmatch(text) is not None
    return _WITH_POINT.fullmatch(text) is not None and _THOUSANDS["."].fullmatch(text) is None


def time_in(text: str) -> str:
    """Return a time with its date as ISO 8601, without its zone; empty if a field is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return ""
    date = found["iso"] or f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
    clock = (found["clock"] or "00:00").replace(",", ".")
    return f"{date.replace('/', '-')}T{clock if clock[1] != ':' else f'0{clock}'}"


def zone_in(text: str) -> int | None:
    """Return by how many seconds the zone of a time is ahead; None if it names none."""
    found = _TIME.fullmatch(text)
    if found is None or not found["zone"]:
        return None
    digits = found["zone"].replace(":", "").strip()
    if digits == "Z":
        return 0
    return (-1 if digits[0] == "-" else 1) * (3600 * int(digits[1:3]) + 60 * int(digits[3:5]))
