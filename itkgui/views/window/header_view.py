"""The top line: back and forward, the scan box, whose session it is and how long it lasts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.database import ProductionDatabase
from itkgui.item_models.plain_text import plain_hint, shown_name, shown_text
from itkgui.language import _
from itkgui.views.session.session_strip import SessionStrip
from itkgui.views.style import arrange_by_text, set_icon, set_role
from itkgui.views.window.scan_box import ScanBox
from itkgui.views.window.trail import Stop, Trail

_GAP = 14  # pixels
_LEAST_BOX = 26  # characters: a serial number, with room to see that it is one


class HeaderView(QFrame):
    """Always in sight; tells what was wanted of it."""

    back_requested = Signal()
    forward_requested = Signal()

    def __init__(self, database: ProductionDatabase) -> None:
        super().__init__()
        set_role(self, "header")
        self.back_button, self.forward_button = QToolButton(), QToolButton()
        for button, icon_name, name, signal in (
            (self.back_button, "go-left", _("Back"), self.back_requested),
            (self.forward_button, "go-right", _("Forward"), self.forward_requested),
        ):
            set_icon(button, icon_name)
            button.setAccessibleName(name)
            button.clicked.connect(signal)
        self.scan_box = ScanBox()
        self.strip = SessionStrip(database)
        self.strip.changed.connect(self._arrange)
        self.person, self.menu = self.strip.person, self.strip.menu
        self._here: Stop | None = None
        self.doubt = QLabel()
        self.doubt.setTextFormat(Qt.TextFormat.PlainText)
        self.doubt.setWordWrap(True)
        self.again_button = QPushButton()  # opens what a scan could not, when that can be done
        self.forget_doubt()
        page = QVBoxLayout(self)
        page.setContentsMargins(8, 9, 12, 9)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows.setSpacing(_GAP)
        page.addLayout(self._rows)
        told = QHBoxLayout()
        told.setSpacing(_GAP)
        told.addWidget(self.doubt, 1)
        told.addWidget(self.again_button)
        page.addLayout(told)
        steps = QHBoxLayout()
        steps.setSpacing(2)
        steps.addWidget(self.back_button)
        steps.addWidget(self.forward_button)
        search = QHBoxLayout()
        search.setSpacing(_GAP)
        search.addLayout(steps)
        search.addWidget(self.scan_box, 20)
        search.addStretch(1)
        self.right = QHBoxLayout()  # what is told of the connection and the session
        self.right.setSpacing(_GAP)
        self.right.addStretch(1)
        self.right.addWidget(self.strip)
        self._rows.addLayout(search, 1)
        self._rows.addLayout(self.right)
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        """Put what does not fit beside the scan box below it, in a narrow window or with large text."""
        ways = QBoxLayout.Direction
        metrics = self.fontMetrics()
        box = metrics.averageCharWidth() * _LEAST_BOX
        steps = self.back_button.sizeHint().width() + self.forward_button.sizeHint().width()
        needed = box + steps + self.right.sizeHint().width() + 4 * _GAP
        self._rows.setDirection(ways.TopToBottom if needed > self.width() else ways.LeftToRight)

    def put_light(self, light: QWidget) -> None:
        """Put what tells of the connection before what tells of the session."""
        self.right.insertWidget(self.right.indexOf(self.strip), light)
        self.setTabOrder(self.scan_box, self.again_button)
        self.setTabOrder(self.again_button, light)
        self.setTabOrder(light, self.strip.session)

    def show_trail(self, trail: Trail) -> None:
        """Offer the steps that can be taken, and say where they lead."""
        for button, stop, words in (
            (self.back_button, trail.before, _("Back to {place} (Alt+←)")),
            (self.forward_button, trail.after, _("Forward to {place} (Alt+→)")),
        ):
            button.setEnabled(stop is not None)
            button.setToolTip(plain_hint(words.format(place=_where(stop))) if stop else "")
        if trail.here != self._here:  # whoever goes elsewhere knows where
            self.forget_doubt()
        self._here = trail.here

    def doubt_page(self, scanned: str) -> None:
        """Say that a scan opened nothing, where a component or shipment of before is on the screen."""
        self.forget_doubt()
        here = self._here
        if here is not None and (here.component or here.shipment):
            self._doubt = _("The scan of {scanned} opened nothing: this is still {place}.").format(
                scanned=shown_name(scanned), place=_where(here)
            )
            self.take_offer_back()

    def offer_again(self, scanned: str) -> None:
        """Say that what a scan could not open can be opened by now, and let somebody do that."""
        name = shown_name(scanned)
        nothing = _("The scan of {scanned} opened nothing.").format(scanned=name)
        said = _("{before} The database answers again.")
        self.doubt.setText(said.format(before=self._doubt or nothing))
        set_role(self.doubt, "pill-caution")
        text = _("Open {scanned}").format(scanned=name)
        self.again_button.setText(text.replace("&", "&&"))  # else it would become a keyboard mark
        for widget in (self.doubt, self.again_button):
            widget.show()

    def take_offer_back(self) -> None:
        """Say only that a scan opened nothing: it cannot be opened now."""
        self.again_button.hide()
        self.doubt.setText(self._doubt)
        set_role(self.doubt, "pill-bad")
        self.doubt.setVisible(bool(self._doubt))

    def forget_doubt(self) -> None:
        """Say no longer that a scan opened nothing."""
        self._doubt = ""  # what is said of one, without the offer to open it
        for widget in (self.doubt, self.again_button):
            widget.hide()


def _where(stop: Stop) -> str:
    return shown_text(stop.label) or stop.place
