"""Parts of a file that a client asks for with `Range` (RFC 9110 §14)."""

from __future__ import annotations

import re

_SINGLE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


class UnsatisfiableRangeError(Exception):
    """There is no such part."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first byte and the length of the wanted part of so many bytes; None: send all of them.

    Several ranges at once, and what is no range, get everything. Raises UnsatisfiableRangeError.
    """
    match = _SINGLE.fullmatch(header or "")
    if match is None:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        length = min(int(suffix), size)
        start, end = size - length, size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
        if last and int(last) < start:
            return None
    if start > end:
        raise UnsatisfiableRangeError
    return start, end - start + 1
