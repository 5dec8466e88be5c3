"""Who the open component is, to be read from two metres away, and how old what is shown is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timezone

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)
from shiboken6 import isValid

from itkgui.background import ages
from itkgui.item_models.moments import utc_hint
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import N_, _
from itkgui.records.changes import Changes
from itkgui.records.component import Component
from itkgui.views.style import arrange_by_text, mono_font, set_icon, set_role
from itkgui.views.widgets.loading_pane import LONG_PATIENCE_MS
from itkgui.views.widgets.name_label import NameLabel

_SERIOUS = {N_("trashed"), N_("deleted"), N_("to be deleted")}
_WORTH_KNOWING = {N_("in transit"), N_("reworked"), N_("dummy")}
_TWO_LINES = 84  # characters; a narrower strip takes four
_GAP = 10  # pixels between two of its parts
_LEFT, _RIGHT = 18, 14  # pixels beside them
_SIZES = (2.2, 1.8, 1.4, 1.0)  # of the serial number, in those of other text; the biggest there is room for
_LOW_SIZES = _SIZES[2:]  # where height is scarce
_LEAST_KIND = 10  # characters of what kind it is, where that has one line
_BESIDE = N_("Show beside the others, or back among them (Ctrl+Shift+Enter)")
_PIN, _UNPIN = N_("Pin (Ctrl+D)"), N_("Unpin (Ctrl+D)")
_MOST_CHANGES = 3  # named in the strip; all of them in the hint


class SerialLabel(QLabel):
    """A serial number in the biggest font that it fits in; where it fits in none, its middle is dots."""

    def __init__(self) -> None:
        super().__init__()
        self._serial = ""
        self.setFont(mono_font(_SIZES[0], bold=True))

    def show_serial(self, serial: str) -> None:
        """Show another serial number in the biggest font, until it is fitted."""
        self._serial = serial
        self.setToolTip(plain_hint(serial))
        self.setFont(mono_font(_SIZES[0], bold=True))
        self.setText(shown_text(serial))

    def fits(self, room: int, size: float) -> bool:
        """Tell whether the whole number fits in a width in pixels."""
        metrics = QFontMetrics(mono_font(size, bold=True))
        return metrics.horizontalAdvance(shown_text(self._serial)) < room

    def fit(self, room: int, sizes: Sequence[float] = _SIZES) -> None:
        """Take up no more than a width in pixels, in one of some sizes."""
        size = next((size for size in sizes if self.fits(room, size)), sizes[-1])
        font, whole = mono_font(size, bold=True), shown_text(self._serial)
        self.setFont(font)
        elided = QFontMetrics(font).elidedText(whole, Qt.TextElideMode.ElideMiddle, room - 1)
        self.setText(whole if self.fits(room, size) else elided)


class IdentityStrip(QFrame):
    """Serial number, type and stage, place, owner and marks; asks for what is newer to be shown."""

    reload_requested = Signal()
    copy_requested = Signal()
    pin_requested = Signal()
    beside_requested = Signal()
    link_requested = Signal()
    web_requested = Signal()
    qr_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "strip")
        self._loaded = datetime.now().astimezone()
        self.serial = SerialLabel()
        self.kind, self.place = NameLabel(), NameLabel()
        self.stage, self.marks, self.age = (QLabel() for _number in range(3))
        for label in (self.serial, self.stage, self.marks, self.age):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.serial.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label, role in (
            (self.kind, "identity"),
            (self.stage, "pill-stage"),
            (self.place, "fact"),
            (self.age, "quiet"),
        ):
            set_role(label, role)
        self.news = QPushButton()
        set_role(self.news, "news")
        set_icon(self.news, "reload", "caution", 16)
        self.news.clicked.connect(self.reload_requested)
        self.news.hide()
        self.copy_button, self.link_button, self.qr_button = (QToolButton() for _number in range(3))
        self.web_button, self.pin_button = QToolButton(), QToolButton()
        self.beside_button, self.reload_button = QToolButton(), QToolButton()
        self.pin_button.setCheckable(True)
        for button, icon_name, text, signal in (
            (self.copy_button, "copy", _("Copy the serial number"), self.copy_requested),
            (self.link_button, "link", _("Copy a link that opens this component here"), self.link_requested),
            (self.qr_button, "qr-code", _("Show as a QR code (Ctrl+B)"), self.qr_requested),
            (self.web_button, "open-outside", _("Open in the web application"), self.web_requested),
            (self.pin_button, "pin", _(_PIN), self.pin_requested),
            (self.beside_button, "beside", _(_BESIDE), self.beside_requested),
            (self.reload_button, "reload", _("Load again (F5)"), self.reload_requested),
        ):
            set_icon(button, icon_name, "quiet")
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(signal)
        self._is_narrow = self._is_low = False
        self._changes, self._doubt = Changes(()), ""
        self._loads = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(LONG_PATIENCE_MS)
        self._patience.timeout.connect(self._on_late)
        self._lines = [QHBoxLayout() for _number in range(4)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_LEFT, 8, _RIGHT, 4)
        layout.setSpacing(3)
        for line in self._lines:
            line.setSpacing(_GAP)
            layout.addLayout(line)
        self._lines[3].addStretch(1)
        arrange_by_text(self)
        self._arrange()

    @property
    def _tools(self) -> tuple[QToolButton, ...]:
        first = (self.link_button, self.qr_button, self.web_button)
        return (*first, self.pin_button, self.beside_button, self.reload_button)

    def _arrange(self) -> None:
        """Set everything in two lines, or in four where there is no room for that."""
        first, second, third, fourth = self._lines
        middle, left = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignLeft
        first.insertWidget(0, self.serial)
        first.insertWidget(1, self.copy_button, int(self._is_narrow), left)
        second.addWidget(self.kind, 1)
        if not self._is_narrow:
            first.insertWidget(2, self.kind, 1)
        (second if self._is_narrow else first).addWidget(self.stage, 0, middle)
        third.insertWidget(0, self.marks, 0, middle)
        third.insertWidget(1, self.place, 1)
        last = fourth if self._is_narrow else third
        for widget in (self.news, self.age, *self._tools):
            last.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """Return the room for four lines: two of them go on to four where there is no more."""
        last = self.age.sizeHint().width() + len(self._tools) * (self.reload_button.sizeHint().width() + _GAP)
        width = max(self.stage.sizeHint().width() + 8 * _GAP, last + _LEFT + _RIGHT)
        return QSize(width, super().minimumSizeHint().height())

    def use_little_height(self, is_low: bool) -> None:
        """Leave the page more of a low window: a smaller serial number, and facts in one line each."""
        if is_low is not self._is_low:
            self._is_low = is_low
            for label in (self.kind, self.place):
                label.use_one_line(is_low)
            self._fit(self.width())

    def _fit(self, width: int) -> None:
        """Take up a width in pixels: the serial number above all, which must be whole."""
        sizes = _LOW_SIZES if self._is_low else _SIZES
        character = self.fontMetrics().averageCharWidth()
        room = width - _LEFT - _RIGHT - self.copy_button.sizeHint().width() - 2 * _GAP
        kind = character * _LEAST_KIND if self._is_low else self.kind.minimumSizeHint().width()
        others = self.stage.sizeHint().width() + kind + 2 * _GAP
        is_narrow = width < character * _TWO_LINES or not self.serial.fits(room - others, sizes[0])
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange()
            self._show_news()
        self.serial.fit(room, sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size().width())
        super().resizeEvent(event)

    def show_component(self, component: Component) -> None:
        """Show a component that has just been loaded."""
        self.serial.show_serial(component.label)
        kinds = [kind for kind in (component.component_type.label, component.type.label) if kind]
        self.kind.say(shown_text("  ·  ".join(kinds)) or _("no component type"))
        self.stage.setText(shown_text(component.stage.label or _("no stage")))
        self.stage.setToolTip(plain_hint(component.stage.code))
        facts = (
            _("at {place}").format(place=component.location.label)
            if component.location
            else _("at an unknown place"),
            _("owner {code}").format(code=component.institution.code)
            if component.institution
            else _("no owner"),
            "" if component.serial_number else _("no serial number"),
            component.state_word if component.state else _("state unknown"),
            _("completed") if component.is_completed else _("not completed"),
            _("grade {grade}").format(grade=component.grade) if component.grade else "",
            *(_("flag {name}").format(name=label.label) for label in component.labels),
        )
        self.place.say(shown_text("  ·  ".join(fact for fact in facts if fact)))
        self._show_marks([flag for flag in component.flags if flag != "completed"])
        if self.isVisible():  # else it has no width yet
            self._fit(self.width())
        self._loaded = (ages.used() or datetime.now(timezone.utc)).astimezone()
        self.age.setToolTip(utc_hint(self._loaded.astimezone(timezone.utc)))
        self.tell_newer(Changes(()))

    def show_pinned(self, is_pinned: bool) -> None:
        """Show whether the component is pinned."""
        self.pin_button.setChecked(is_pinned)
        self.pin_button.setToolTip(_(_UNPIN if is_pinned else _PIN))
        self.pin_button.setAccessibleName(self.pin_button.toolTip())

    def _show_marks(self, marks: list[str]) -> None:
        serious, notable = _SERIOUS.intersection(marks), _WORTH_KNOWING.intersection(marks)
        set_role(self.marks, "pill-bad" if serious else "pill-caution" if notable else "pill")
        self.marks.setText("  ·  ".join(map(_, marks)))
        self.marks.setVisible(bool(marks))

    # How old it is -----------------------------------------------------------------------------------------

    def tell_newer(self, changes: Changes) -> None:
        """Tell what is newer on the server, if anything, without touching anything else."""
        self._changes, self._doubt = changes, ""
        self._show_news()
        self._show_age()

    def _show_news(self) -> None:
        what = self._changes.what
        most = 1 if self._is_narrow else _MOST_CHANGES
        named = [*what[:most], *([_("more")] if len(what) > most else [])]
        self.news.setText(shown_text(_("newer on the server: {changes}").format(changes=", ".join(named))))
        self.news.setToolTip(plain_hint(_("Newer: {changes}.\nF5 shows it.").format(changes=", ".join(what))))
        self.news.setVisible(bool(what))

    def tell_doubt(self, title: str) -> None:
        """Tell that the server could not be asked whether this is still so, and why."""
        self._doubt = title
        self._show_age()

    async def while_loading(self, load: Callable[[], Awaitable[None]]) -> None:
        """Load the component again; say that this is under way if it takes long."""
        self._loads += 1
        load_number = self._loads
        self._patience.start()
        try:
            await load()
        finally:
            if load_number == self._loads and isValid(self):  # else another one is under way
                self._patience.stop()
                self._show_age()

    def _on_late(self) -> None:
        self.age.setText(_("{as_of}, loading again…").format(as_of=self._as_of))

    def _show_age(self) -> None:
        doubtful = _("{as_of}, not checked since: {title}").format(as_of=self._as_of, title=self._doubt)
        self.age.setText(doubtful if self._doubt else self._as_of)

    @property
    def _as_of(self) -> str:
        is_today = self._loaded.date() == datetime.now().astimezone().date()
        moment = f"{self._loaded:%H:%M}" if is_today else f"{self._loaded:%Y-%m-%d %H:%M}"
        return _("as of {moment}").format(moment=moment)
