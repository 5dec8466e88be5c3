"""Fewer points that look the same: what a curve of a million points sends to the painter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from itkgui.views.plots.data import Array

Chosen = npt.NDArray[np.intp]


def thinned(x: Array, y: Array, left: float, right: float, pieces: float, *, ordered: bool) -> Chosen:
    """Return the indices of the points to draw between two places on the x axis, in their order.

    Of each of about ``pieces`` stretches the lowest and the highest point are kept (of a curve that is
    not ordered also the leftmost and the rightmost), so only measured points are drawn and no peak is lost.
    A gap shorter than a stretch may close.
    """
    if ordered:
        first = max(0, int(np.searchsorted(x, left)) - 1)
        last = min(len(x), int(np.searchsorted(x, right, side="right")) + 1)
    else:
        first, last = 0, len(x)
    count = last - first
    size = int(count // max(1, pieces))
    if size <= 2 * (1 if ordered else 2):
        return np.arange(first, last)
    whole = count - count % size
    found = [_extremes(y[first : first + whole], size)]
    if not ordered:
        found.append(_extremes(x[first : first + whole], size))
    rest = np.arange(whole, count)
    chosen = np.sort(np.concatenate([*found, rest]))
    once: Chosen = chosen[np.concatenate([[True], chosen[1:] != chosen[:-1]])]
    return first + once


def _extremes(values: Array, size: int) -> Chosen:
    rows = values.reshape(-1, size)
    starts = np.arange(0, len(values), size)
    missing = np.isnan(rows)
    if missing.any():
        low = np.where(missing, np.inf, rows).argmin(axis=1)
        high = np.where(missing, -np.inf, rows).argmax(axis=1)
    else:
        low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    return np.concatenate([starts + low, starts + high])
