"""What the colours and dashes of a plot mean; scrolls when they are many, and picks curves out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetricsF, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.palette import MARK_PIXELS, MARKS, colour, dashed
from itkgui.views.style import Style, scaled

_SAMPLE = QSize(38, 16)  # at 100 %
_SAMPLE_WITH_MARK = QSize(52, 16)  # a line, and beside it how its run ended
_WIDEST_CHARACTERS = 26
_LONG_FACT = 18  # letters, that may be parted
_LEAST_ROWS = 12  # of a picture's legend, before it takes a second column
_BESIDE_SAMPLE, _BESIDE_COLUMN = 6, 18  # pixels of a picture's legend
_BESIDE_TEXT = 14  # pixels of an entry that are neither sample nor text


class Legend(QListWidget):
    """The list of entries; choosing one picks its curves out, choosing none picks none.

    The menu of a pinned one takes it away again.
    """

    picked = Signal(object)  # tuple[int, ...]
    unpin_requested = Signal(int)  # the member

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.setAccessibleName(_("Legend"))
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.entries: tuple[LegendEntry, ...] = ()
        self._sample = _SAMPLE
        self.itemSelectionChanged.connect(self._on_selection)
        style.changed.connect(self._dress)

    def lie(self, lying: bool) -> None:
        """List the entries in lines, as below a plot, or one under the other."""
        if lying != self.isWrapping():
            self.setFlow(QListWidget.Flow.LeftToRight if lying else QListWidget.Flow.TopToBottom)
            self.setWrapping(lying)

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        self.blockSignals(True)
        self.clear()
        self.entries = tuple(entries)
        for entry in self.entries:
            item = QListWidgetItem(_breaking(shown_text(entry.text)) or _("not given"))
            item.setToolTip(plain_hint(entry.text))
            self.addItem(item)
        self.blockSignals(False)
        self._dress()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = metrics.averageCharWidth() * _WIDEST_CHARACTERS
        needed = max((metrics.horizontalAdvance(entry.text) for entry in self.entries), default=0)
        return QSize(min(widest, needed) + self._sample.width() + 46, super().sizeHint().height())

    def lines_in(self, width: int) -> int:
        """Return how many lines the entries take, one beside the other."""
        metrics = self.fontMetrics()
        lines, used = 1, 0
        for entry in self.entries:
            needed = min(width, metrics.horizontalAdvance(entry.text) + self._sample.width() + _BESIDE_TEXT)
            lines, used = (lines + 1, needed) if used + needed > width else (lines, used + needed)
        return lines

    def height_in(self, width: int, most_lines: int) -> int:
        """Return the height of the entries in lines of a width, of so many at most."""
        height = self.visualItemRect(self.item(0)).height() if self.count() else 0
        lines = min(self.lines_in(width), most_lines)
        return 2 * self.frameWidth() + lines * max(height, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        line = self.visualItemRect(self.item(0)).height() if self.count() else 0
        return QSize(min(scaled(120), self.sizeHint().width()), line + 2 * self.frameWidth())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to unpin what is pinned."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.currentRow() if by_key else self.indexAt(event.pos()).row()
        if row < 0 or not self.entries[row].is_pinned:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Unpin"), partial(self.unpin_requested.emit, self.entries[row].members[0]))
        place = self.visualItemRect(self.item(row)).bottomLeft() if by_key else event.pos()
        menu.popup(self.viewport().mapToGlobal(place))

    def _on_selection(self) -> None:
        rows = sorted(self.row(item) for item in self.selectedItems())
        self.picked.emit(tuple(dict.fromkeys(m for row in rows for m in self.entries[row].members)))

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._sample = sample_size(self.entries)
        self.setIconSize(self._sample)
        for row, entry in enumerate(self.entries):
            picture = QPixmap(self._sample * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            draw_sample(painter, QRectF(QPointF(), self._sample), entry)
            painter.end()
            icon = QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(picture, mode)
            self.item(row).setIcon(icon)
        self.updateGeometry()


def _breaking(text: str) -> str:
    """Return a text of several facts that goes on in the next line between two of them, not within one."""
    facts = text.split("  ·  ")
    if len(facts) == 1:
        return text
    whole = (fact.replace(" ", "\u00a0") if len(fact) <= _LONG_FACT else fact for fact in facts)
    return "\u00a0· ".join(whole)


def draw_sample(painter: QPainter, place: QRectF, entry: LegendEntry) -> None:
    """Draw a piece of an entry's line, in the colour of text if that is said elsewhere, and its mark."""
    theme = Style.theme
    if entry.mark is not None:
        middle = QPointF(place.left() + (scaled(_SAMPLE.width()) + MARK_PIXELS / 2), place.center().y())
        shape, tone_name = MARKS[entry.mark]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(middle if entry.has_line else place.center())
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.colour(tone_name))
        painter.scale(MARK_PIXELS, MARK_PIXELS)
        painter.drawPath(Symbols[shape])
        painter.restore()
    if not entry.has_line:
        return
    tone = entry.tone or "text"
    ground = theme.colour(tone) if entry.colour_index is None else QColor(colour(theme, entry.colour_index))
    painter.setPen(dashed(QPen(ground, 1.5), entry.dash_index or 0))
    painter.drawLine(
        QPointF(place.left() + 1, place.center().y()),
        QPointF(place.left() + scaled(_SAMPLE.width()) - 1, place.center().y()),
    )


def sample_size(entries: Sequence[LegendEntry]) -> QSize:
    """Return the room for the samples of entries."""
    both = any(entry.mark is not None and entry.has_line for entry in entries)
    sample = _SAMPLE_WITH_MARK if both else _SAMPLE
    return QSize(scaled(sample.width()), scaled(sample.height()))


def entries_size(metrics: QFontMetricsF, height: float, entries: Sequence[LegendEntry]) -> QSize:
    """Return the room of a legend in a picture, in which every entry is whole: a height, or a bit more."""
    _, rows, width = _columns(metrics, height, entries)
    columns = math.ceil(len(entries) / rows)
    return QSize(math.ceil(columns * width), math.ceil(min(rows, len(entries)) * _line(metrics)))


def draw_entries(painter: QPainter, place: QRectF, entries: Sequence[LegendEntry]) -> None:
    """Draw a legend for a picture, one entry below the other, in as many columns as it takes."""
    metrics = QFontMetricsF(painter.font())
    sample, rows, width = _columns(metrics, place.height(), entries)
    height = _line(metrics)
    for number, entry in enumerate(entries):
        column, row = divmod(number, rows)
        line = QRectF(place.left() + column * width, place.top() + row * height, width, height)
        draw_sample(painter, QRectF(line.left(), line.top(), sample, height), entry)
        painter.setPen(QColor(Style.theme.text))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(line.adjusted(sample + _BESIDE_SAMPLE, 0, 0, 0), flags, _words(entry))


def _columns(metrics: QFontMetricsF, height: float, entries: Sequence[LegendEntry]) -> tuple[int, int, float]:
    """Return the width of a sample, how many entries stand in a column, and how wide that is."""
    sample = sample_size(entries).width()
    text = max((metrics.horizontalAdvance(_words(entry)) for entry in entries), default=0.0)
    rows = max(_LEAST_ROWS, int(height / _line(metrics)))
    return sample, rows, sample + _BESIDE_SAMPLE + text + _BESIDE_COLUMN


def _line(metrics: QFontMetricsF) -> float:
    return metrics.height() * 1.35


def _words(entry: LegendEntry) -> str:
    return shown_text(entry.text) or _("not given")
