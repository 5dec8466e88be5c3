"""What must be so on every page: texts that can be read and are whole, targets that can be hit, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

GLOVED = 44  # pixels
Pixels = np.ndarray[Any, Any]
READABLE, SEEN = 4.5, 3.0  # contrast of text, and of icons
_ROUNDS = 25  # of events, in which whatever has a place asks for none


def in_sight(window: QWidget) -> Iterator[QWidget]:
    """Yield the widgets of a window, and of those that belong to it, of which something is to be seen."""
    yield from _in_sight_inside(window)
    for other in QApplication.topLevelWidgets():
        if other.isVisible() and _belongs_to(window, other):
            yield from _in_sight_from(other)


def _in_sight_from(widget: QWidget) -> Iterator[QWidget]:
    if not widget.visibleRegion().isEmpty():
        yield widget
    yield from _in_sight_inside(widget)


def _in_sight_inside(widget: QWidget) -> Iterator[QWidget]:
    # Step by step: nothing is to be seen inside what is hidden, as most pages are with most of all widgets.
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child.isVisible() and not child.isWindow():
            yield from _in_sight_from(child)


def _belongs_to(window: QWidget, other: QWidget) -> bool:
    parent = other.parentWidget()
    return parent is not None and (parent is window or _belongs_to(window, parent))


def told(widget: QWidget) -> str:
    """Return how a message names a widget."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""
    parents: list[str] = []
    place = widget.parentWidget()
    while place is not None and len(parents) < 3:
        parents.append(type(place).__name__)
        place = place.parentWidget()
    name = f"{type(widget).__name__}#{widget.objectName()}"
    return f"{name} {text or widget.accessibleName()!r} in {' in '.join(parents)}"


# Contrast --------------------------------------------------------------------------------------------------


def faint(window: QWidget) -> list[str]:
    """Return what is painted with too little contrast between its background and what stands out most."""
    picture = _painted(window)
    found = []
    for widget in in_sight(window):
        if not widget.isEnabled() or widget.window() is not window:
            continue
        place = widget.viewport() if isinstance(widget, QAbstractItemView) and _has_cells(widget) else widget
        for rect, least, what in _written(widget):
            seen = rect.intersected(place.visibleRegion().boundingRect())
            if seen.width() > 3 and seen.height() > 0.7 * rect.height():
                contrast = _contrast(picture, seen.translated(place.mapTo(window, QPoint(0, 0))))
                if contrast is not None and contrast < least:
                    found.append(f"{told(widget)} {what}: {contrast:.1f}")
    return found


def _has_cells(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractItemView) and widget.model() is not None


def _written(widget: QWidget) -> Iterator[tuple[QRect, float, str]]:
    """Yield the places of a widget where something is written, and the contrast that this needs."""
    if isinstance(widget, QLabel):
        if widget.text():
            yield widget.contentsRect(), READABLE, ""
        elif widget.property("iconName"):
            yield widget.contentsRect(), SEEN, str(widget.property("iconName"))
    elif isinstance(widget, QAbstractButton):
        if widget.text() and not _is_icon_only(widget):
            yield widget.rect().adjusted(3, 3, -3, -3), READABLE, ""
        elif not widget.icon().isNull():
            yield widget.rect().adjusted(4, 4, -4, -4), SEEN, "icon"
    elif isinstance(widget, QLineEdit):
        if widget.text() or widget.placeholderText():
            yield widget.rect().adjusted(8, 4, -30, -4), READABLE, ""
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            if widget.tabText(tab):
                yield widget.tabRect(tab).adjusted(2, 2, -20, -5), READABLE, widget.tabText(tab)
    elif isinstance(widget, QHeaderView):
        yield from _titles(widget)
    elif isinstance(widget, QAbstractItemView) and _has_cells(widget):
        yield from _cells(widget)


def _titles(header: QHeaderView) -> Iterator[tuple[QRect, float, str]]:
    across = Qt.Orientation.Horizontal
    for section in range(header.count()):
        title = header.model().headerData(section, header.orientation())
        if header.orientation() is across and title and not header.isSectionHidden(section):
            left, width = header.sectionViewportPosition(section), header.sectionSize(section)
            yield QRect(left + 3, 3, width - 20, header.height() - 7), READABLE, f"title {title}"


def _cells(view: QAbstractItemView) -> Iterator[tuple[QRect, float, str]]:
    model, root = view.model(), view.rootIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(root)
    for row in range(min(model.rowCount(root), 12)):
        for column in range(min(columns, 20)):
            index = model.index(row, column, root)
            rect, text = view.visualRect(index), index.data()
            if rect.width() > 30 and isinstance(text, str) and text.strip():
                yield rect.adjusted(4, 3, -4, -4), READABLE, f"row {row}, column {column}: {text[:30]}"


def _is_icon_only(button: QAbstractButton) -> bool:
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    return (
        isinstance(button, QToolButton) and button.toolButtonStyle() is style and not button.icon().isNull()
    )


def _painted(window: QWidget, scale: float = 2.0) -> Pixels:
    """Return a window's pixels, as rows of 0xRRGGBB, twice as large, so that strokes are whole."""
    picture = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    painter = QPainter(picture)
    window.render(painter, QPoint(0, 0))
    painter.end()
    rows = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), picture.width())
    return rows & 0xFFFFFF


def _contrast(picture: Pixels, rect: QRect, scale: int = 2) -> float | None:
    """Return the contrast of what stands out most in a place to its background; None if it is empty."""
    part = picture[
        rect.top() * scale : (rect.bottom() + 1) * scale, rect.left() * scale : (rect.right() + 1) * scale
    ]
    colours, counts = np.unique(part, return_counts=True)
    if len(colours) < 2:
        return None
    light = luminance(colours)
    ground = light[counts.argmax()]
    high, low = np.maximum(light, ground), np.minimum(light, ground)
    return float(((high + 0.05) / (low + 0.05)).max())


def luminance(colours: Pixels) -> Pixels:
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1) / 255.0
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array((0.2126, 0.7152, 0.0722)))


# Targets ---------------------------------------------------------------------------------------------------


def small(window: QWidget) -> list[str]:
    """Return what is to be hit and too small for fingers in gloves."""
    found = []
    for widget in in_sight(window):
        for size, what in _targets(widget):
            if size.width() < GLOVED or size.height() < GLOVED:
                found.append(f"{told(widget)} {what}: {size.width()} × {size.height()}")
    return found


def _targets(widget: QWidget) -> Iterator[tuple[QSize, str]]:
    wide = 10_000
    parent = widget.parentWidget()
    # A corner that chooses all, and a cross that empties a field, are there for the mouse: keys do the same.
    is_part = isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QTabBar | QTableView)
    if isinstance(widget, QScrollBar):
        yield widget.size(), ""
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            yield widget.tabRect(tab).size(), widget.tabText(tab)
    elif isinstance(widget, QHeaderView):
        if widget.orientation() is Qt.Orientation.Horizontal and widget.sectionsClickable():
            yield QSize(wide, widget.height()), ""
    elif isinstance(widget, QAbstractItemView):
        model = widget.model()
        index = model.index(0, 0, widget.rootIndex()) if model is not None else None
        if index is not None and index.isValid() and widget.isEnabled():
            yield QSize(wide, widget.visualRect(index).height()), "row"
    elif isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox | QSlider) and not is_part:
        yield QSize(wide, widget.height()), ""
    elif isinstance(widget, QAbstractButton) and not is_part:
        yield (QSize(wide, widget.height()) if isinstance(widget, QCheckBox) else widget.size()), ""


# Text that is whole ----------------------------------------------------------------------------------------


def _bare(text: str) -> str:
    return re.sub(r"<[^>]*>|&\w+;|\W", "", text)


def cut_off(window: QWidget) -> list[str]:
    """Return the labels, buttons and boxes in sight that are narrower or lower than what they say needs.

    What ends in dots says all in its tool tip. In a field no word may be broken, which would be misread.
    """
    found = []
    for widget in in_sight(window):
        line = widget.fontMetrics().height()
        if isinstance(widget, QLabel) and widget.text():
            if _bare(widget.text()) in _bare(widget.toolTip()):
                continue
            wraps = widget.wordWrap()
            wide = 0 if wraps else widget.sizeHint().width()
            high = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().height()
        elif isinstance(widget, QAbstractButton) and widget.text() and not _is_icon_only(widget):
            has_icon = not widget.icon().isNull()
            icon = widget.iconSize().width() if has_icon else 0
            text = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, widget.text()).width()
            wide, high = icon + text, line
        elif isinstance(widget, QComboBox):
            is_told = _bare(widget.currentText()) in _bare(widget.toolTip())
            wide, high = _width_of(widget, widget.minimumSizeHint().width(), is_told), line
        elif isinstance(widget, QPlainTextEdit) and not widget.isReadOnly():
            found += [f"{told(widget)} breaks {word!r}" for word in _broken(widget)]
            continue
        else:
            continue
        # Letters are lower than their line.
        if widget.width() < wide - 1 or widget.height() < high - line // 5:
            found.append(f"{told(widget)} has {widget.width()} × {widget.height()}, needs {wide} × {high}")
    return found


def _width_of(box: QComboBox, least: int, is_told: bool) -> int:
    """Return the width that a box needs for the choice that it shows, unless it tells it in another way."""
    if is_told or box.isEditable():  # of a field one sees that there is more
        return least
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(control, option, field, box).width()
    text = box.fontMetrics().horizontalAdvance(box.currentText())
    return max(least, box.width() + text - room)


def _broken(field: QPlainTextEdit) -> Iterator[str]:
    """Yield the words of which only a part stands in a line."""
    block = field.document().firstBlock()
    while block.isValid():
        text, layout = block.text(), block.layout()
        ends = [layout.lineAt(number).textStart() for number in range(1, layout.lineCount())]
        yield from (text for end in ends if text[end - 1 : end + 1].strip() == text[end - 1 : end + 1])
        block = block.next()


class _Requests(QObject):
    """Counts how often each widget is asked for its layout; beyond all measure it lets no more come."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[QObject] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() != QEvent.Type.LayoutRequest:
            return False
        self.counts[watched] += 1
        return self.counts[watched] > 10 * _ROUNDS


def restless(window: QWidget) -> list[str]:
    """Return what asks for its layout again and again though nothing happens, which takes a processor.

    Of the whole application; a few times in a row are none.
    """
    requests, application = _Requests(), QApplication.instance()
    assert application is not None
    application.installEventFilter(requests)
    try:
        for _round in range(_ROUNDS):
            application.processEvents()
    finally:
        application.removeEventFilter(requests)
    asking = [found for found, count in requests.counts.items() if count >= _ROUNDS // 4]
    return [f"{told(found)} is never at rest" for found in asking if isinstance(found, QWidget)]
