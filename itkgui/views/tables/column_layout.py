"""Which columns a table shows, in which order and how wide: as declared, as wanted, as it was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt, Signal

from itkgui.language import _
from itkgui.views.style import spaced

if TYPE_CHECKING:
    from itkgui.views.tables.record_view import RecordView

VERSION = 1  # of what ``saved`` returns
_LEAST, _MOST = 4.0, 300.0  # digits; what a column may be wide
_ANY = 1e9  # digits; a text can tell a NaN, or a number that no float holds
_LEAST_FILL = 12.0
_BESIDE = 16  # pixels of a column that hold no text, at 100 %


class ColumnLayout(QObject):
    """Widths are counted in digits, so that they fit any size of text.

    One column takes the room left over, until the user gives it a width of its own.
    """

    changed = Signal()  # by the user

    def __init__(self, view: RecordView[Any]) -> None:
        super().__init__(view)
        self._header = view.horizontalHeader()
        self._names = [column.name for column in view.table.columns]
        self._declared: dict[int, float] = {}
        self._wanted: dict[int, float] = {}  # by the user
        self._fill: int | None = None
        self._hidden_at_first: frozenset[int] | None = None
        self._vacant: frozenset[int] = frozenset()
        self.vacancy = ""  # why some are, in words
        self._unwanted: set[int] = set()  # of those vacant
        self._is_arranging = False
        self._header.sectionResized.connect(self._on_resized)
        self._header.sectionMoved.connect(self._on_moved)
        self._header.sortIndicatorChanged.connect(self._on_moved)

    @property
    def _view(self) -> RecordView[Any]:
        # Not kept: two that keep each other live until garbage is collected, which may be amid painting.
        return cast("RecordView[Any]", self.parent())

    # As declared ------------------------------------------------------------------------------------------

    def declare(self, widths: tuple[float, ...]) -> None:
        """Make the first columns so many digits wide."""
        self._declared.update(enumerate(widths))
        self.apply()

    def fill_with(self, column: int) -> None:
        """Let one column take the room left over, instead of the last."""
        self._fill = column
        self.fit()

    def apply(self) -> None:
        """Give every column its width, for instance because the text has another size now."""
        with self._arranging():
            for column in range(len(self._names)):
                digits = self._wanted.get(column, self._declared.get(column))
                if digits is not None and not self._header.isSectionHidden(column):
                    self._header.resizeSection(column, self._pixels(digits))
        self.fit()

    def width_of(self, column: int) -> int:
        """Return how many pixels wide a column is to be, also while it is hidden."""
        digits = self._wanted.get(column, self._declared.get(column))
        return self._header.sectionSize(column) if digits is None else self._pixels(digits)

    def least_width_of(self, column: int, digits: float) -> int:
        """Return how many pixels wide a column is to be at least: as the user made it, or so many digits."""
        return self.width_of(column) if column in self._wanted else self._pixels(digits)

    def fit(self) -> None:
        """Give the room left over to the column that takes it."""
        shown = self.shown
        if not shown:
            return
        fill = self._fill if self._fill in shown else shown[-1]
        if fill in self._wanted:
            return
        least = self._declared.get(fill, _LEAST_FILL)
        if fill == self._fill:
            least = min(least, _LEAST_FILL)
        used = sum(self._header.sectionSize(column) for column in shown if column != fill)
        with self._arranging():
            self._header.resizeSection(fill, max(self._pixels(least), self._view.viewport().width() - used))

    # As the user wants it -----------------------------------------------------------------------------------

    @property
    def order(self) -> list[int]:
        """All columns, in the order in which they stand."""
        return [self._header.logicalIndex(place) for place in range(len(self._names))]

    @property
    def shown(self) -> list[int]:
        """The columns that are not hidden, in the order in which they stand."""
        return [column for column in self.order if not self._header.isSectionHidden(column)]

    def is_wanted(self, column: int) -> bool:
        """Tell whether a column is shown, or would be if it had anything to say."""
        if column in self._vacant:
            return column not in self._unwanted
        return not self._header.isSectionHidden(column)

    def is_vacant(self, column: int) -> bool:
        return column in self._vacant

    def vacate(self, columns: Iterable[int], why: str = "") -> None:
        """Hide columns with nothing to say or no room now, without keeping it; all others are as wanted."""
        vacant, self.vacancy = frozenset(columns), why or _("nothing in it now")
        if vacant != self._vacant:
            hidden = {column for column in self.order if not self.is_wanted(column)}
            self._vacant = vacant
            self._arrange(self.order, hidden)

    def show_column(self, column: int, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        hidden = {other for other in self.order if not self.is_wanted(other)} | {column}
        self._note_hidden()
        if shown or self.shown != [column]:
            self._arrange(self.order, hidden - {column} if shown else hidden)
            self.changed.emit()

    def move(self, column: int, step: int) -> None:
        """Move a column to the left (−1) or right (+1) past its neighbour that is shown."""
        shown = self.shown
        place = shown.index(column) + step
        if 0 <= place < len(shown):
            visual = self._header.visualIndex
            self._header.moveSection(visual(column), visual(shown[place]))

    def widen(self, column: int, digits: float) -> None:
        """Make a column wider, or narrower by a negative number."""
        pixels = self._header.sectionSize(column) + round(digits * self._digit)
        self._header.resizeSection(column, max(pixels, self._pixels(_LEAST)))

    def reset(self) -> None:
        """Show the columns as they were declared, in the order the records came."""
        self._wanted.clear()
        self._arrange(range(len(self._names)), self._note_hidden())
        self._view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.changed.emit()

    # As it is kept ------------------------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """Return all this as JSON knows it, the columns by name."""
        sorted_by = self._header.sortIndicatorSection()
        descending = self._header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        return {
            "columns": [
                [self._names[column], self._wanted.get(column), self.is_wanted(column)]
                for column in self.order
            ],
            "sort": [self._names[sorted_by], descending] if 0 <= sorted_by < len(self._names) else None,
        }

    def take(self, saved: Any) -> None:
        """Arrange all as it was kept, and nothing as it was before."""
        self._wanted.clear()
        self._view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.restore(saved)
        self.changed.emit()

    def knows(self, saved: Any) -> bool:
        """Tell whether what was kept names any of the columns."""
        return any(name in self._names for name, _width, _shown in _entries(saved))

    def restore(self, saved: Any) -> None:
        """Arrange all as it was kept; what is malformed or of a column that is no more is left out.

        A column that is new since stands beside its neighbour, shown if it is by itself.
        """
        hidden = set(self._note_hidden())
        places = {name: column for column, name in enumerate(self._names)}
        order: list[int] = []
        for name, width, is_shown in _entries(saved):
            column = places.get(name, -1)
            if column < 0 or column in order:
                continue
            order.append(column)
            if width is not None:
                self._wanted[column] = min(max(width, _LEAST), _MOST)
            hidden.discard(column)
            if not is_shown:
                hidden.add(column)
        for column in range(len(self._names)):
            if column not in order:
                order.insert(order.index(column - 1) + 1 if column else 0, column)
        if len(hidden) == len(order):
            hidden.discard(order[0])
        self._arrange(order, hidden)
        match saved:
            case {"sort": [str(name), bool(descending)]} if name in places:
                order_of = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
                self._view.sortByColumn(places[name], order_of)

    # ------------------------------------------------------------------------------------------------------

    def _arrange(self, order: Sequence[int], hidden: Set[int]) -> None:
        self._unwanted = set(hidden & self._vacant)
        with self._arranging():
            for place, column in enumerate(order):
                self._header.moveSection(self._header.visualIndex(column), place)
                self._header.setSectionHidden(column, column in hidden or column in self._vacant)
        self.apply()

    def _note_hidden(self) -> frozenset[int]:
        """Return which columns the page had hidden before the user changed anything."""
        if self._hidden_at_first is None:
            self._hidden_at_first = frozenset(column for column in self.order if not self.is_wanted(column))
        return self._hidden_at_first

    @property
    def _digit(self) -> int:
        return self._view.fontMetrics().horizontalAdvance("0")

    def _pixels(self, digits: float) -> int:
        return round(digits * self._digit) + spaced(_BESIDE)

    @contextmanager
    def _arranging(self) -> Iterator[None]:
        before, self._is_arranging = self._is_arranging, True
        try:
            yield
        finally:
            self._is_arranging = before

    def _on_resized(self, column: int, before: int, after: int) -> None:
        if self._is_arranging or not before or not after:  # hidden, or shown again
            return
        self._wanted[column] = (after - spaced(_BESIDE)) / self._digit
        self.fit()
        self.changed.emit()

    def _on_moved(self) -> None:
        if not self._is_arranging:
            self.fit()
            self.changed.emit()


def _entries(saved: Any) -> Iterator[tuple[str, float | None, bool]]:
    columns = saved.get("columns") if isinstance(saved, dict) else None
    for entry in columns if isinstance(columns, list) else ():
        match entry:
            case [str(name), None, bool(shown)]:
                yield name, None, shown
            case [str(name), int(width) | float(width), bool(shown)]:
                yield name, float(width) if abs(width) < _ANY else None, shown
