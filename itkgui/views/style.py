"""How the program looks: fonts, the light and the dark theme, recoloured icons; switched while it runs."""

from __future__ import annotations

import functools
import string
from dataclasses import asdict, dataclass

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from itkgui.paths import resource

TEXT_FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
MONO_FONTS = ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf")
TEXT_FAMILY = "Inter"
MONO_FAMILY = "DejaVu Sans Mono"  # tells 0 from O and 1 from l, which serial numbers need
POINT_SIZE = 10.0
_ICON_SIZES = (16, 20, 24, 32, 48)


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
        return QColor(getattr(self, tone))


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
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._on_scheme_changed(application.styleHints().colorScheme())

    def use(self, theme: Theme) -> None:
        """Change every window to a theme."""
        Style.theme = theme
        self._application.setPalette(_palette(theme))
        template = string.Template(resource("style/itkgui.qss").read_text("utf-8"))
        words = asdict(theme) | {"text_family": TEXT_FAMILY, "mono_family": MONO_FAMILY}
        # Qt's style sheets can only name pictures by file; one arrow fits each look.
        words["arrow"] = resource(f"style/arrow-{'dark' if theme.is_dark else 'light'}.svg").as_posix()
        self._application.setStyleSheet(template.substitute(words))
        for widget in self._application.allWidgets():
            _refresh_icon(widget)
        self.changed.emit()

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.use(DARK if scheme is Qt.ColorScheme.Dark else LIGHT)


def icon(name: str, tone: str = "text") -> QIcon:
    """Return a shipped icon in a colour of the current theme, sharp at every usual size."""
    return _icon(name, Style.theme.colour(tone).name(), Style.theme.colour("quiet").name())


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
    """Name what a widget is to the style sheet (``[role="card"]``), and repaint it if that changed."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _refresh_icon(widget: QWidget) -> None:
    name = widget.property("iconName")
    if not name:
        return
    picture, side = icon(name, widget.property("iconTone")), widget.property("iconSide")
    if isinstance(widget, QAbstractButton):
        widget.setIcon(picture)
        widget.setIconSize(QSize(side, side))
    elif isinstance(widget, QLabel):
        widget.setPixmap(picture.pixmap(QSize(side, side), widget.devicePixelRatioF()))


@functools.cache
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    drawing = resource(f"icons/{name}.svg").read_text("utf-8")
    for mode, used in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", used).encode()))
        for size in _ICON_SIZES:
            for scale in (1, 2):
                picture = QPixmap(size * scale, size * scale)
                picture.fill(Qt.GlobalColor.transparent)
                painter = QPainter(picture)
                renderer.render(painter)
                painter.end()
                picture.setDevicePixelRatio(scale)
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
