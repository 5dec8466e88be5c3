"""What the fields of a column are worth: numbers, times as seconds since 1970, and what is neither."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from itkgui.client.table_fields import is_missing, number_in, plain_number, time_in, zone_in

MISFITS = 0.01  # of the values of a column of numbers, or of times, that may be words
_HOUR = 3600
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local

Numbers = npt.NDArray[np.float64]


def numbers_in(cells: Sequence[str], has_decimal_comma: bool) -> tuple[Numbers, int]:
    """Return the numbers of some fields, NaN for all else, and how many of those are words."""
    if has_decimal_comma:
        cells = [plain_number(cell, has_decimal_comma=True) for cell in cells]
    try:
        if any("_" in cell for cell in cells):  # as in 2024_01, which Python takes for a number
            raise ValueError  # noqa: TRY301 - of no other kind than what float finds
        return np.fromiter(map(float, cells), np.float64, len(cells)), 0
    except ValueError:
        texts = 0
        values = np.full(len(cells), np.nan)
        for place, cell in enumerate(cells):
            try:
                values[place] = float(plain_number(cell.replace("_", "a"), has_decimal_comma=False))
            except ValueError:  # noqa: PERF203 - there is no quicker way to know
                texts += not is_missing(cell)
        return values, texts


def times_in(cells: Sequence[str]) -> tuple[Numbers, int]:
    """Return the times of some fields, NaN for all else, and how many of those are words.

    A time without a zone is local time.
    """
    values = np.full(len(cells), np.nan)
    texts = 0
    local = []
    for place, cell in enumerate(cells):
        found = time_in(cell)
        if not found:
            texts += not is_missing(cell)
            continue
        try:
            values[place] = np.datetime64(found, "us").astype(np.int64) / 1e6
        except ValueError:  # the 31st of February
            texts += 1
            continue
        zone = zone_in(cell)
        if zone is None:
            local.append(place)
        else:
            values[place] -= zone
    values[local] -= _ahead_of_utc(values[local])
    return values, texts


def _ahead_of_utc(written: Numbers) -> Numbers:
    """Return by how many seconds local time is ahead at some local times; clocks are set at full hours."""
    hours, places = np.unique(np.floor(written / _HOUR), return_inverse=True)
    ahead = np.array([_offset_at(hour * _HOUR) for hour in hours.tolist()], np.float64)
    return ahead[places]


def _offset_at(written: float) -> float:
    try:
        offset = (_EPOCH + timedelta(seconds=written)).astimezone().utcoffset()
    except (OverflowError, OSError, ValueError):  # too long ago for the clock of this system
        offset = None
    return offset.total_seconds() if offset is not None else 0.0


def are_numbers(cells: Sequence[str], has_decimal_comma: bool) -> bool:
    """Tell whether some fields are numbers, but for what is missing and a few words."""
    told = [cell for cell in cells if not is_missing(cell)]
    good = sum(number_in(cell, has_decimal_comma=has_decimal_comma) for cell in told)
    return bool(told) and len(told) - good <= MISFITS * len(told)


def are_times(cells: Sequence[str]) -> bool:
    """Tell whether some fields are times, but for what is missing and a few words."""
    told = [cell for cell in cells if not is_missing(cell)]
    good = sum(bool(time_in(cell)) for cell in told)
    return bool(told) and len(told) - good <= MISFITS * len(told)
