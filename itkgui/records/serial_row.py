"""Serial numbers that follow each other, as those of a tray do, and which of them are missing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from itkgui.records.serial_number import SerialNumber

_WIDEST_GAP = 10  # numbers; what is farther apart is no row


def missing_between(serials: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the serial numbers that are missing in the rows of these, each gap by itself, in their order.

    Numbers of one type belong to a row as long as no more than 10 are missing between two of them. What is
    no serial number, or ends with letters, is in no row.
    """
    kinds: dict[str, set[int]] = {}
    for text in serials:
        try:
            serial = str(SerialNumber.parse(text))
        except ValueError:
            continue
        if serial[7:].isdigit():
            kinds.setdefault(serial[:7], set()).add(int(serial[7:]))
    gaps = []
    for kind, numbers in sorted(kinds.items()):
        for one, next_one in pairwise(sorted(numbers)):
            if 1 < next_one - one <= _WIDEST_GAP + 1:
                gaps.append(tuple(f"{kind}{number:07}" for number in range(one + 1, next_one)))
    return tuple(gaps)


def gap_text(gap: tuple[str, ...]) -> str:
    """Return a gap as people write it: its first number, and the end of its last one."""
    if len(gap) == 1:
        return gap[0]
    first, last = gap[0], gap[-1]
    same = next(place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    return f"{first}–{last[same:]}"
