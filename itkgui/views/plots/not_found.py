"""Numbers that stand for none, as −999 often does: told, counted, and left out where the user wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from itkgui.language import ngettext
from itkgui.records.test_run import NOT_FOUND
from itkgui.views.plots.data import Array, Measurement, Trend


def not_found_in(values: Array | Sequence[float]) -> int:
    """Return how many numbers are exactly −999."""
    return int(np.count_nonzero(np.asarray(values) == NOT_FOUND))


def without_not_found(measurement: Measurement, key: str) -> Measurement:
    """Return a measurement whose column of this key has no −999; its columns then differ in length."""
    columns = (
        replace(own, values=own.values[own.values != NOT_FOUND]) if own.key == key else own
        for own in measurement.columns
    )
    return replace(measurement, columns=tuple(columns))


def trend_without_not_found(trend: Trend) -> Trend:
    """Return a trend without the points at −999."""
    return replace(trend, points=tuple(point for point in trend.points if point.value != NOT_FOUND))


def not_found_note(count: int, *, left_out: bool) -> str:
    """Return what the user must know of so many −999: that they are drawn, or that they are not."""
    if not count:
        return ""
    if left_out:
        text = ngettext(
            "{count:,} value is −999 (often: not found), left out.",
            "{count:,} values are −999 (often: not found), left out.",
            count,
        )
    else:
        text = ngettext(
            "{count:,} value is −999 (often: not found).",
            "{count:,} values are −999 (often: not found).",
            count,
        )
    return text.format(count=count)
