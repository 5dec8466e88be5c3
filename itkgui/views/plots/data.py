"""What the plots draw: plain values with names, units, limits, and the record that a click hands back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_NOWHERE = -300.0  # on a logarithmic axis, below every value


class Mark(Enum):
    """How the run of a point ended, as the plots tell it apart."""

    PASSED = "passed"
    PROBLEMS = "passed with problems"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Limits:
    """What a value should be, in its own unit; None where nothing is asked."""

    low: float | None = None
    high: float | None = None
    nominal: float | None = None

    @property
    def is_empty(self) -> bool:
        return self.low is None and self.high is None and self.nominal is None

    def scaled(self, factor: float) -> Limits:
        """Return the same limits in another unit."""
        return Limits(*(None if value is None else value * factor for value in self.values))

    def logarithms(self) -> Limits:
        """Return where these limits are on a logarithmic axis; a highest of zero or less is far below."""
        low, high, nominal = (
            math.log10(value) if value is not None and value > 0 else None for value in self.values
        )
        return Limits(low, _NOWHERE if high is None and self.high is not None else high, nominal)

    @property
    def values(self) -> tuple[float | None, float | None, float | None]:
        return self.low, self.high, self.nominal


NO_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Column:
    """One array of numbers, shape (n,); what is missing is NaN or infinite."""

    name: str
    unit: str
    values: Array
    code: str = ""
    limits: Limits = NO_LIMITS

    @property
    def key(self) -> str:
        """What makes columns of several runs the same: the code, or the name, in any case."""
        return (self.code or self.name).casefold()


@dataclass(frozen=True, eq=False)
class Grid:
    """A 2-D array, shape (rows, columns), NaN where nothing was measured."""

    name: str
    unit: str
    values: Array
    code: str = ""
    row_name: str = "Row"
    row_unit: str = ""
    column_name: str = "Column"
    column_unit: str = ""
    # Positions of the columns and rows on their axes; None counts them from 0.
    columns: Array | None = None
    rows: Array | None = None

    @property
    def key(self) -> str:
        return (self.code or self.name).casefold()


@dataclass(frozen=True, eq=False)
class Measurement:
    """The arrays of one run; colour and dash tell runs apart by attributes, as component and stage."""

    label: str
    columns: tuple[Column, ...] = ()
    grids: tuple[Grid, ...] = ()
    colour_group: str = ""
    dash_group: str = ""
    record: object = None

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class TrendPoint:
    """One scalar of one run; ``group`` is what is followed through time, such as the component."""

    value: float
    unit: str
    moment: datetime | None
    stage: str
    label: str
    mark: Mark = Mark.PASSED
    group: str = ""
    record: object = None


@dataclass(frozen=True)
class Trend:
    """A scalar over many runs; ``stages`` is the order of production, ``stage_limits`` what each asks for.

    The limits are in the unit ``limit_unit``.
    """

    name: str
    points: tuple[TrendPoint, ...]
    stages: tuple[str, ...] = ()
    stage_limits: Mapping[str, Limits] = field(default_factory=dict)
    limit_unit: str = ""
