"""What the colours and dashes of a plot mean; scrolls when they are many, and picks curves out."""

from __future__ import annotations

from collections.abc import Sequence

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.palette import MARK_PIXELS, MARKS, colour, dashed
from itkgui.views.style import Style

_SAMPLE = QSize(38, 16)
_WIDEST_CHARACTERS = 26


class Legend(QListWidget):
    """The list of entries; choosing one picks its curves out, choosing none picks none."""

    picked = Signal(object)  # tuple[int, ...]

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.setAccessibleName("Legend")
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(_SAMPLE)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.entries: tuple[LegendEntry, ...] = ()
        self.itemSelectionChanged.connect(self._on_selection)
        style.changed.connect(self._dress)

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        self.blockSignals(True)
        self.clear()
        self.entries = tuple(entries)
        for entry in self.entries:
            item = QListWidgetItem(shown_text(entry.text) or "not given")
            item.setToolTip(plain_hint(entry.text))
            self.addItem(item)
        self.blockSignals(False)
        self._dress()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = metrics.averageCharWidth() * _WIDEST_CHARACTERS
        needed = max((metrics.horizontalAdvance(entry.text) for entry in self.entries), default=0)
        return QSize(min(widest, needed) + _SAMPLE.width() + 46, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(120, self.sizeHint().width()), 40)

    def _on_selection(self) -> None:
        rows = sorted(self.row(item) for item in self.selectedItems())
        self.picked.emit(tuple(dict.fromkeys(m for row in rows for m in self.entries[row].members)))

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        for row, entry in enumerate(self.entries):
            picture = QPixmap(_SAMPLE * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            draw_sample(painter, QRectF(0, 0, _SAMPLE.width(), _SAMPLE.height()), entry)
            painter.end()
            icon = QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                icon.addPixmap(picture, mode)
            self.item(row).setIcon(icon)
        self.updateGeometry()


def draw_sample(painter: QPainter, place: QRectF, entry: LegendEntry) -> None:
    """Draw an entry's mark or a piece of its line; where the colour is said elsewhere, in that of text."""
    theme = Style.theme
    if entry.mark is not None:
        shape, tone_name = MARKS[entry.mark]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(place.center())
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.colour(tone_name))
        painter.scale(MARK_PIXELS, MARK_PIXELS)
        painter.drawPath(Symbols[shape])
        painter.restore()
        return
    tone = theme.text if entry.colour_index is None else colour(theme, entry.colour_index)
    painter.setPen(dashed(QPen(QColor(tone), 1.5), entry.dash_index or 0))
    middle = place.center().y()
    painter.drawLine(QPointF(place.left() + 1, middle), QPointF(place.right() - 1, middle))


def draw_entries(painter: QPainter, place: QRectF, entries: Sequence[LegendEntry]) -> None:
    """Draw a legend for a picture: as many entries as fit, and how many more there are."""
    metrics = QFontMetricsF(painter.font())
    height = metrics.height() * 1.35
    fitting = max(1, int(place.height() / height))
    shown = entries if len(entries) <= fitting else entries[: fitting - 1]
    for row, entry in enumerate(shown):
        line = QRectF(place.left(), place.top() + row * height, place.width(), height)
        draw_sample(painter, QRectF(line.left(), line.top(), _SAMPLE.width(), height), entry)
        _draw_text(painter, line.adjusted(_SAMPLE.width() + 6, 0, 0, 0), entry.text or "not given")
    if len(shown) < len(entries):
        line = QRectF(place.left(), place.top() + len(shown) * height, place.width(), height)
        _draw_text(painter, line, f"and {len(entries) - len(shown)} more")


def _draw_text(painter: QPainter, place: QRectF, text: str) -> None:
    painter.setPen(QColor(Style.theme.text))
    short = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)
