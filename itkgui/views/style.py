"""How the program looks: size of text, light or dark theme, recoloured icons; switched while it runs."""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontMetrics,
    QIcon,
    QPainter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QBoxLayout,
    QLabel,
    QLayout,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from itkgui.paths import resource
from itkgui.settings import TEXT_SIZES
from itkgui.views.theme import CONTRAST, DARK, LIGHT, Theme, palette_of

TEXT_FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
MONO_FONTS = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")
TEXT_FAMILY = TEXT_FONTS[0].partition("-")[0]
MONO_FAMILY = "DejaVu Sans Mono"  # tells 0 from O and 1 from l, which serial numbers need
POINT_SIZE = 10.0  # of the text at 100 %
SIZES = TEXT_SIZES
_LENGTH = re.compile(r"((?:width|height|icon-size): )?([\d.]+)(px|pt)")
_LINE = 2  # pixels; what is no thicker stays
_FRAME = 22  # pixels of a field of several lines that hold no text
_GLOVED = 44  # pixels
_MARK, _GLOVED_MARK = 15, 22  # pixels of the marks in menus, as the style sheets have them
_STEP_MS = 16  # a frame, so that others come to their turn between two steps
# For QApplication: its ``setStyle`` returns the style, and PySide takes 6 ms to make the class of that.
QT_ARGUMENTS = ("-style", "fusion")


class Style(QObject):
    """Dresses the application; keeps one theme and one text size for all, and follows the system's theme."""

    changed = Signal()
    theme = LIGHT
    percent = SIZES[0]  # size of the text
    is_gloved = False  # whether all that is to be hit is large
    _latest: Style | None = None  # looked for among Qt's objects, these would all be wrapped for Python

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        Style._latest = self
        self._application = application
        for name in TEXT_FONTS + MONO_FONTS:
            if QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}"))) < 0:
                raise RuntimeError(f"the shipped font {name} cannot be loaded")
        application.setWindowIcon(QIcon(str(resource("icons/itkgui.svg"))))
        self._windows: list[QWidget] = []
        self._steps: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._on_step)
        self._sheet = ""  # of the present look, once a window has been dressed in it
        Style.percent, Style.is_gloved = SIZES[0], False
        hints = application.styleHints()
        self._wants_contrast = False
        hints.colorSchemeChanged.connect(self._put_on_systems)
        if hasattr(hints, "accessibility"):  # since Qt 6.10
            contrast = hints.accessibility()
            contrast.contrastPreferenceChanged.connect(self._on_contrast_wanted)
            self._wants_contrast = contrast.contrastPreference() is Qt.ContrastPreference.HighContrast
        self.follow_system()

    def use(self, theme: Theme) -> None:
        """Change every window to a theme that stays, in a few steps that each let the event loop go on."""
        self._follows_system = False
        Style.theme = theme
        self._change()

    def follow_system(self) -> None:
        """Change every window to the system's look, high contrast included, now and whenever it changes."""
        self._follows_system = True
        self._put_on_systems()

    def scale(self, percent: int) -> None:
        """Change every window to a size of text, one of ``SIZES``, in the same steps. Raises ValueError."""
        if percent not in SIZES:
            raise ValueError(f"no size of text: {percent}")
        Style.percent = percent
        self._change()

    def wear_gloves(self, is_gloved: bool) -> None:
        """Make all that is to be hit large enough for fingers in gloves, or as usual, in the same steps."""
        if is_gloved != Style.is_gloved:
            Style.is_gloved = is_gloved
            self._change()

    @classmethod
    def in_use(cls) -> Style:
        """Return what dresses the application. Raises LookupError without one."""
        if cls._latest is None or not isValid(cls._latest):
            raise LookupError("nothing dresses this application")
        return cls._latest

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, now and whenever the theme or the text size changes.

        Not the application: Qt would then dress a widget anew each time it is put into another.
        """
        self._windows.append(window)
        window.destroyed.connect(lambda: self._windows.remove(window))
        window.setStyleSheet(self._sheet_now())

    def _sheet_now(self) -> str:
        self._sheet = self._sheet or _sheet()
        return self._sheet

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way."""
        return bool(self._steps)

    def _change(self) -> None:
        self._sheet = ""
        if not self._windows:
            self._set_palette()
            self._set_font()
            return
        for window in self._windows:
            window.setUpdatesEnabled(False)  # nobody should see a half-dressed window
            for layout in window.findChildren(QLayout):
                layout.setEnabled(False)  # nor need it be laid out
        self._steps = [self._undress, self._dress, self._refresh, self._show]
        self._timer.start()

    def _on_step(self) -> None:
        if self._steps:
            self._steps.pop(0)()
        if not self._steps:
            self._timer.stop()

    def _undress(self) -> None:
        # Replacing a sheet takes Qt eight times as long as taking one off and putting another on.
        for window in self._windows:
            window.setStyleSheet("")
        self._set_palette()
        self._set_font()

    def _set_palette(self) -> None:
        self._application.setPalette(palette_of(Style.theme))

    def _set_font(self) -> None:
        font = QFont(TEXT_FAMILY)
        font.setPointSizeF(POINT_SIZE * Style.percent / 100)
        if font != self._application.font():
            self._application.setFont(font)

    def _dress(self) -> None:
        for window in self._windows:
            window.setStyleSheet(self._sheet_now())

    def _refresh(self) -> None:
        self.changed.emit()
        # What is told of its new font may take others away.
        for widget in filter(isValid, self._application.allWidgets()):
            _refresh_icon(widget)
            _refresh_room(widget)
            if isinstance(widget, QTableView):  # which count the height of their rows as for another font
                QApplication.sendEvent(widget, QEvent(QEvent.Type.FontChange))
            widget.updateGeometry()  # and the layouts below: else a page out of sight asks for room as before

    def _show(self) -> None:
        for window in self._windows:
            for layout in window.findChildren(QLayout):
                layout.setEnabled(True)
                layout.invalidate()
                if (widget := layout.parentWidget()) is not None:  # which heard of no request meanwhile
                    QApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))
            window.setUpdatesEnabled(True)
            # Qt asks for no painting while one that it asked for is due, and dropped that in the meantime.
            QApplication.postEvent(
                window, QEvent(QEvent.Type.UpdateRequest), Qt.EventPriority.LowEventPriority.value
            )
        # Last, since it may take some widgets away.
        widgets = [widget for window in self._windows for widget in (window, *window.findChildren(QWidget))]
        for widget in [widget for widget in widgets if widget.property("countsCharacters")]:
            if isValid(widget):
                _rearrange(widget)

    def _on_contrast_wanted(self, preference: Qt.ContrastPreference) -> None:
        self._wants_contrast = preference is Qt.ContrastPreference.HighContrast
        self._put_on_systems()

    def _put_on_systems(self) -> None:
        if self._follows_system:
            is_dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
            Style.theme = CONTRAST if self._wants_contrast else DARK if is_dark else LIGHT
            self._change()


def scaled(pixels: float) -> int:
    """Return a length in pixels that grows with the text, such as the side of an icon."""
    return round(pixels * Style.percent / 100)


def spaced(pixels: float) -> int:
    """Return a length in pixels that grows half as fast, so that large text has most of the room itself."""
    return round(pixels * (100 + Style.percent) / 200)


def set_gap(layout: QBoxLayout, pixels: int) -> None:
    """Space the parts of a layout. May be called while it is laid out, unlike ``setSpacing``.

    That asks for a layout even where nothing changes, and so on for ever.
    """
    if layout.spacing() != pixels:
        layout.setSpacing(pixels)


def least_target() -> int:
    """Return how many pixels high whatever is to be hit must be at least: fingers in gloves need 44."""
    return _GLOVED if Style.is_gloved else 0


def row_height(pixels: int) -> int:
    """Return the height of a row that asks for so many pixels: more for gloves."""
    return max(pixels, least_target() + 1)  # below it there is a line


def icon(name: str, tone: str = "text", side: int = 20) -> QIcon:
    """Return a shipped icon in a colour of the current theme, drawn for a side in pixels at 100 %."""
    return _icon(name, Style.theme.colour(tone).name(), Style.theme.colour("faint").name(), scaled(side))


def set_icon(widget: QAbstractButton | QLabel, name: str, tone: str = "text", size: int = 20) -> None:
    """Give a button or label an icon that follows the theme and the text size."""
    widget.setProperty("iconName", name)
    widget.setProperty("iconTone", tone)
    widget.setProperty("iconSide", size)
    _refresh_icon(widget)


def set_room(widget: QWidget, *, least: tuple[int, int] = (0, 0), most: tuple[int, int] = (0, 0)) -> None:
    """Give a widget a least and a most size in characters and lines at every text size; 0 leaves one open."""
    widget.setProperty("room", [least, most])
    _refresh_room(widget)


def arrange_by_text(widget: QWidget) -> None:
    """Send a resize event to a widget, which counts its size in characters, when those have another size."""
    widget.setProperty("countsCharacters", True)


def mono_font(share: float = 1.0, *, bold: bool = False) -> QFont:
    """Return the fixed font in a share of the program's text size."""
    return _font(MONO_FAMILY, share, QFont.Weight.Bold if bold else QFont.Weight.Normal)


def text_font(share: float = 1.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of the text in a share of its size."""
    return _font(TEXT_FAMILY, share, weight)


def _font(family: str, share: float, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPointSizeF(share * QApplication.font().pointSizeF())
    font.setWeight(weight)
    return font


def set_role(widget: QWidget, role: str) -> None:
    """Name what a widget is to the style sheet (``#card``), and dress it anew if that changed."""
    if widget.objectName() == role:
        return
    widget.setObjectName(role)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else Qt does it when it is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # takes over a new frame's width
        widget.updateGeometry()


def _refresh_icon(widget: QWidget) -> None:
    name = widget.property("iconName")
    if not name:
        return
    picture = icon(name, widget.property("iconTone"), widget.property("iconSide"))
    side = scaled(widget.property("iconSide"))
    if isinstance(widget, QAbstractButton):
        widget.setIcon(picture)
        widget.setIconSize(QSize(side, side))
    elif isinstance(widget, QLabel):
        widget.setPixmap(picture.pixmap(QSize(side, side), widget.devicePixelRatioF()))


def _refresh_room(widget: QWidget) -> None:
    room = widget.property("room")
    if not room:
        return
    metrics = QFontMetrics(QApplication.font())  # the widget may be undressed yet
    frame = spaced(_FRAME) if isinstance(widget, QPlainTextEdit) else 0
    for (characters, lines), set_width, set_height in (
        (room[0], widget.setMinimumWidth, widget.setMinimumHeight),
        (room[1], widget.setMaximumWidth, widget.setMaximumHeight),
    ):
        if characters:
            set_width(characters * metrics.averageCharWidth())
        if lines:
            set_height(lines * metrics.lineSpacing() + frame)


def _rearrange(widget: QWidget) -> None:
    resized = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    QApplication.sendEvent(resized, QResizeEvent(resized.size(), resized.size()))


@functools.cache
def _icon(name: str, colour: str, disabled: str, side: int) -> QIcon:
    made = QIcon()
    drawing = resource(f"icons/{name}.svg").read_text("utf-8")
    # Without one of its own, Qt would wash the picture out in a selected row.
    for used, *modes in ((colour, QIcon.Mode.Normal, QIcon.Mode.Selected), (disabled, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", used).encode()))
        for scale in (1, 2):
            picture = QPixmap(side * scale, side * scale)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            renderer.render(painter)
            painter.end()
            picture.setDevicePixelRatio(scale)
            for mode in modes:
                made.addPixmap(picture, mode)
    return made


def _sheet() -> str:
    """Return the style sheet in the colours and lengths of the present look."""
    parts = ("itkgui", "gloves") if Style.is_gloved else ("itkgui",)
    written = "".join(resource(f"style/{part}.qss").read_text("utf-8") for part in parts)
    template = string.Template(_LENGTH.sub(_grown, written))
    words = Style.theme._asdict() | {"text_family": TEXT_FAMILY, "mono_family": MONO_FAMILY}
    words["inner"] = f"{_GLOVED - 2}px"  # without a frame
    words["round"] = f"{scaled(_GLOVED_MARK if Style.is_gloved else _MARK) // 2 + 1}px"  # with its frame
    # Style sheets name pictures by file, so each look has its own.
    look = "dark" if Style.theme.is_dark else "light"
    for part in ("arrow", "up", "left", "right", "close", "check"):
        words[part] = resource(f"style/{part}-{look}.svg").as_posix()
    return template.substitute(words)


def _grown(length: re.Match[str]) -> str:
    """Return a length of the style sheet as the text size asks for: text and sides whole, room by half."""
    side, number, unit = length[1] or "", float(length[2]), length[3]
    if unit == "pt":
        return f"{number * Style.percent / 100:g}pt"
    if number <= _LINE:
        return length[0]
    return f"{side}{scaled(number) if side else spaced(number)}px"
