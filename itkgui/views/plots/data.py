"""What the plots draw: plain values with names, units, limits, and the record that a click hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

import numpy as np
import numpy.typing as npt

from itkgui.language import N_, _
from itkgui.records.limits import NO_LIMITS, Limits

_BROAD = 5
Array = npt.NDArray[np.float64]

# What is larger cannot be drawn, and what is nearer to zero, or to each other, not told apart: the floating
# point numbers of Qt and of scales would come to their ends, which ends in a crash amid painting.
LARGEST, LEAST = 1e100, 1e-100


class Mark(Enum):
    """How the run of a point ended, as the plots tell it apart."""

    PASSED = N_("passed")
    PROBLEMS = N_("passed with problems")
    FAILED = N_("failed")
    DELETED = N_("deleted")


@dataclass(frozen=True, eq=False)
class Column:
    """One array of numbers, shape (n,); what is missing is NaN or infinite.

    If it ``is_time``, they are seconds since 1970. Where the values are the extremes of many more, the
    ``sample`` is of all of them alike, to count.
    """

    name: str
    unit: str
    values: Array
    code: str = ""
    limits: Limits = NO_LIMITS
    is_time: bool = False
    sample: Array | None = None

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
    row_name: str = field(default_factory=lambda: _("Row"))
    row_unit: str = ""
    column_name: str = field(default_factory=lambda: _("Column"))
    column_unit: str = ""
    # Positions of the columns and rows on their axes; None counts them from 0.
    columns: Array | None = None
    rows: Array | None = None

    @property
    def key(self) -> str:
        return (self.code or self.name).casefold()

    @property
    def is_broad(self) -> bool:
        """Whether it has rows and columns enough to be seen as a map."""
        return all(count >= _BROAD for count in self.values.shape)

    @property
    def transposed(self) -> Grid:
        """The same array with its columns as rows."""
        return replace(
            self,
            values=self.values.T,
            row_name=self.column_name,
            row_unit=self.column_unit,
            column_name=self.row_name,
            column_unit=self.row_unit,
            columns=self.rows,
            rows=self.columns,
        )


@dataclass(frozen=True, eq=False)
class Spots:
    """Values measured at places that are on no grid: ``x``, ``y`` and ``values``, shape (n,) each."""

    name: str
    unit: str
    x: Column
    y: Column
    values: Array
    code: str = ""

    @property
    def key(self) -> str:
        return (self.code or self.name).casefold()

    @property
    def is_broad(self) -> bool:
        return len(self.values) >= _BROAD

    @property
    def transposed(self) -> Spots:
        """The same values with x and y exchanged."""
        return replace(self, x=self.y, y=self.x)


Map = Grid | Spots


@dataclass(frozen=True, eq=False)
class Bins:
    """Values that come in bins of their own: ``edges`` is one longer than ``values`` and their ``errors``.

    ``name`` and ``unit`` are those of the edges; what is missing in the values is NaN.
    """

    name: str
    unit: str
    edges: Array
    values: Array
    errors: Array | None = None
    value_name: str = field(default_factory=lambda: _("Count"))
    value_unit: str = ""

    @property
    def key(self) -> str:
        return f"bins/{self.name}".casefold()


@dataclass(frozen=True, eq=False)
class Measurement:
    """The arrays of one run; colour and dash tell runs apart by attributes, as component and stage.

    ``mark`` is how the run ended, where that is known; it ``is_pinned`` if it was put beside those looked at.
    ``places`` are the indices of the values, where some are left out; else they are counted from 0.
    """

    label: str
    columns: tuple[Column, ...] = ()
    grids: tuple[Map, ...] = ()
    bins: tuple[Bins, ...] = ()
    colour_group: str = ""
    dash_group: str = ""
    record: object = None
    mark: Mark | None = None
    is_pinned: bool = False
    places: Array | None = None

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

    The limits are in the unit ``limit_unit``; ``lacking`` counts the runs that do not have the scalar.
    """

    name: str
    points: tuple[TrendPoint, ...]
    stages: tuple[str, ...] = ()
    stage_limits: Mapping[str, Limits] = field(default_factory=dict)
    limit_unit: str = ""
    lacking: int = 0
