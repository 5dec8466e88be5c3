"""How the program looks: fonts, the light and the dark theme, recoloured icons; switched while it runs."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable
from dataclasses import asdict, dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from itkgui.paths import resource

TEXT_FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
MONO_FONTS = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")
TEXT_FAMILY = "Inter"
MONO_FAMILY = "DejaVu Sans Mono"  # tells 0 from O and 1 from l, which serial numbers need
POINT_SIZE = 10.0
_STEP_MS = 16  # a frame, so that others come to their turn between two steps


@dataclass(frozen=True)
class Theme:
    """The colours of one look, by what they are for."""

    window: str
    surface: str
    sunken: str
    text: str
    quiet: str
    border: str
    accent: str
    on_accent: str
    selection: str
    hover: str
    good: str
    bad: str
    caution: str
    good_back: str
    bad_back: str
    caution_back: str
    is_dark: bool

    def colour(self, tone: str) -> QColor:
        """Return a colour by its name, such as ``"good"``. Raises AttributeError for a name that is none."""
        return _colour(getattr(self, tone))


LIGHT = Theme(
    window="#f3f5f8",
    surface="#ffffff",
    sunken="#e9edf2",
    text="#18212c",
    quiet="#566373",
    border="#d3dae3",
    accent="#0b5fae",
    on_accent="#ffffff",
    selection="#d7e7f8",
    hover="#eaf1f9",
    good="#17703f",
    bad="#b3261e",
    caution="#8a5200",
    good_back="#e1f3e8",
    bad_back="#fce8e6",
    caution_back="#fdf0d8",
    is_dark=False,
)
DARK = Theme(
    window="#14181d",
    surface="#1b2129",
    sunken="#10141a",
    text="#e7ebf0",
    quiet="#9dabbb",
    border="#343e4b",
    accent="#74b6f7",
    on_accent="#08213a",
    selection="#234364",
    hover="#232c37",
    good="#63cf95",
    bad="#ff938a",
    caution="#f2bd66",
    good_back="#173526",
    bad_back="#452220",
    caution_back="#403013",
    is_dark=True,
)


class Style(QObject):
    """Dresses the application; keeps one theme for all, and follows the system's until told otherwise."""

    changed = Signal()
    theme = LIGHT

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        for name in TEXT_FONTS + MONO_FONTS:
            if QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}"))) < 0:
                raise RuntimeError(f"the shipped font {name} cannot be loaded")
        application.setStyle("Fusion")
        font = QFont(TEXT_FAMILY)
        font.setPointSizeF(POINT_SIZE)
        application.setFont(font)
        application.setWindowIcon(QIcon(str(resource("icons/itkgui.svg"))))
        self._windows: list[QWidget] = []
        self._steps: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._on_step)
        self._sheet = ""
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._on_scheme_changed(application.styleHints().colorScheme())

    def use(self, theme: Theme) -> None:
        """Change every window to a theme, in a few steps that each let the event loop go on."""
        Style.theme = theme
        self._application.setPalette(_palette(theme))
        template = string.Template(resource("style/itkgui.qss").read_text("utf-8"))
        words = asdict(theme) | {"text_family": TEXT_FAMILY, "mono_family": MONO_FAMILY}
        # Style sheets name pictures by file, so each look has its own.
        look = "dark" if theme.is_dark else "light"
        for part in ("arrow", "up", "left", "right", "close", "check"):
            words[part] = resource(f"style/{part}-{look}.svg").as_posix()
        self._sheet = template.substitute(words)
        for window in self._windows:
            window.setUpdatesEnabled(False)  # nobody should see a half-dressed window
        if self._windows:
            self._steps = [self._undress, self._dress, self._finish]
            self._timer.start()

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, now and whenever the theme changes.

        Not the application: Qt would then dress a widget anew each time it is put into another.
        """
        self._windows.append(window)
        window.destroyed.connect(lambda: self._windows.remove(window))
        window.setStyleSheet(self._sheet)

    @property
    def is_changing(self) -> bool:
        """Whether a change of theme is under way."""
        return bool(self._steps)

    def _on_step(self) -> None:
        if self._steps:
            self._steps.pop(0)()
        if not self._steps:
            self._timer.stop()

    def _undress(self) -> None:
        # Replacing a sheet takes Qt eight times as long as taking one off and putting another on.
        for window in self._windows:
            window.setStyleSheet("")

    def _dress(self) -> None:
        for window in self._windows:
            window.setStyleSheet(self._sheet)

    def _finish(self) -> None:
        self.changed.emit()
        for widget in self._application.allWidgets():
            _refresh_icon(widget)
        for window in self._windows:
            window.setUpdatesEnabled(True)

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.use(DARK if scheme is Qt.ColorScheme.Dark else LIGHT)


def icon(name: str, tone: str = "text", side: int = 20) -> QIcon:
    """Return a shipped icon in a colour of the current theme, drawn for one size in logical pixels."""
    return _icon(name, Style.theme.colour(tone).name(), Style.theme.colour("quiet").name(), side)


def set_icon(widget: QAbstractButton | QLabel, name: str, tone: str = "text", size: int = 20) -> None:
    """Give a button or label an icon that follows the theme."""
    widget.setProperty("iconName", name)
    widget.setProperty("iconTone", tone)
    widget.setProperty("iconSide", size)
    _refresh_icon(widget)


def mono_font(points: float = POINT_SIZE, *, bold: bool = False) -> QFont:
    font = QFont(MONO_FAMILY)
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


def text_font(points: float = POINT_SIZE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(TEXT_FAMILY)
    font.setPointSizeF(points)
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
    side = widget.property("iconSide")
    picture = icon(name, widget.property("iconTone"), side)
    if isinstance(widget, QAbstractButton):
        widget.setIcon(picture)
        widget.setIconSize(QSize(side, side))
    elif isinstance(widget, QLabel):
        widget.setPixmap(picture.pixmap(QSize(side, side), widget.devicePixelRatioF()))


@functools.cache
def _colour(name: str) -> QColor:
    return QColor(name)


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


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, tone in (
        (roles.Window, "window"),
        (roles.WindowText, "text"),
        (roles.Base, "surface"),
        (roles.AlternateBase, "sunken"),
        (roles.Text, "text"),
        (roles.PlaceholderText, "quiet"),
        (roles.Button, "surface"),
        (roles.ButtonText, "text"),
        (roles.ToolTipBase, "surface"),
        (roles.ToolTipText, "text"),
        (roles.Highlight, "selection"),
        (roles.HighlightedText, "text"),
        (roles.Link, "accent"),
        (roles.LinkVisited, "accent"),
        (roles.Mid, "border"),
        (roles.Dark, "border"),
        (roles.Light, "surface"),
    ):
        palette.setColor(role, theme.colour(tone))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("quiet"))
    return palette
