"""The light of the header: how the connection stands, in an icon and a word, and all about it on a click."""

from __future__ import annotations

from datetime import datetime, timezone

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.connection_state import Place, Trouble
from itkgui.item_models.connection_words import light_text, name_of, words_for
from itkgui.item_models.moments import short_text
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext
from itkgui.views.context.connection_watch import ConnectionWatch
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.trouble_pane import TroublePane

_SECOND_MS = 1000
_WIDTH = 46  # characters of the sentences


class ConnectionLight(QToolButton):
    """Says in a word what is wrong first of all; a click, or Enter, opens what is known of each server."""

    def __init__(self, watch: ConnectionWatch) -> None:
        super().__init__()
        self._watch = watch
        self.panel: ConnectionPanel | None = None  # made when somebody wants to know
        self._whole = QSize()
        set_role(self, "light")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self.show_panel)
        watch.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        place, condition = self._watch.state.worst
        words, text = words_for(condition.trouble), light_text(place, condition.trouble)
        set_icon(self, words.icon, "quiet" if words.tone == "good" else words.tone, 18)
        set_role(self, "light" if words.tone == "good" else f"light-{words.tone}")
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(_("Connection: {state}").format(state=text))
            self.setToolTip(
                plain_hint(_("{sentence} A click tells more.").format(sentence=_(words.sentence)))
            )

        self._measure()

    def _measure(self) -> None:
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._whole = super().sizeHint()
        self.updateGeometry()
        self._fit()

    def _fit(self) -> None:
        """Leave the word out where there is no room for it."""
        is_narrow = self.width() < self._whole.width()
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(styles.ToolButtonIconOnly if is_narrow else styles.ToolButtonTextBesideIcon)

    def sizeHint(self) -> QSize:
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(self._whole.height(), self._whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._measure()

    def setIconSize(self, size: QSize) -> None:
        """Take what the text size asks for, which nothing else tells of."""
        super().setIconSize(size)
        self._measure()

    def look(self) -> None:
        """Ask the servers now."""
        self._watch.look()

    def show_panel(self) -> None:
        """Open what is known of each server, below the light."""
        if self.panel is None:
            self.panel = ConnectionPanel(self, self._watch)
        self.panel.show_below(self)


class ConnectionPanel(QFrame):
    """Tells of each server how it stands and since when, and when the program looks again by itself."""

    def __init__(self, parent: QWidget, watch: ConnectionWatch) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._watch = watch
        set_role(self, "panel")
        self.setAccessibleName(_("Connection"))
        title = QLabel(_("Connection"))
        set_role(title, "heading")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._rows = {place: (QLabel(), QLabel()) for place in Place}
        for row, (place, (picture, words)) in enumerate(self._rows.items()):
            name = _plain(name_of(place), "fact")
            for column, widget in enumerate((picture, name, words)):
                grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            set_room(words, least=(_WIDTH, 0), most=(_WIDTH, 0))
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next = _plain("", "quiet")
        self.next.setWordWrap(True)
        self.look_button, self.copy_button = QPushButton(_("Look now")), QPushButton(_("Copy the details"))
        self.look_button.clicked.connect(watch.look)
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setText(self.details))
        buttons = QHBoxLayout()
        buttons.addWidget(self.look_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addLayout(grid)
        layout.addWidget(self.next)
        layout.addLayout(buttons)
        self._clock = QTimer(self)  # counts the seconds down while somebody looks
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._show_next)
        watch.changed.connect(self._show)
        self._show()

    def show_below(self, light: QWidget) -> None:
        """Show it below the light, inside the window."""
        self._show()
        self.adjustSize()
        corner = light.mapToGlobal(QPoint(light.width(), light.height() + 4))
        left = light.window().mapToGlobal(QPoint(8, 0)).x()
        self.move(max(left, corner.x() - self.width()), corner.y())
        self.show()
        self.look_button.setFocus()

    def _show(self) -> None:
        for place, (picture, words) in self._rows.items():
            said = words_for(self._watch.state.of(place).trouble)
            set_icon(picture, said.icon, "quiet" if said.tone == "good" else said.tone, 18)
            words.setText(shown_text(self._text_of(place)))
        self.look_button.setEnabled(not self._watch.is_looking)
        self.copy_button.setVisible(any(self._watch.state.of(place).detail for place in Place))
        self._show_next()

    def _text_of(self, place: Place) -> str:
        state, condition = self._watch.state, self._watch.state.of(place)
        said = words_for(condition.trouble)
        if condition.trouble is Trouble.NONE:
            if place is Place.DATABASE and state.answered:
                time = short_text(datetime.fromtimestamp(state.answered, timezone.utc))
                return _("It answered at {time}.").format(time=time)
            if state.was_asked(place):
                return _("Nothing is known against it.")
            return (
                _("It was not asked since the database is away.")
                if state.is_away
                else _("It was not asked yet.")
            )
        since = short_text(datetime.fromtimestamp(condition.since, timezone.utc))
        since_then = _("Since {time}.").format(time=since)
        return " ".join((_(said.sentence), since_then, _(said.cure)))

    def _show_next(self) -> None:
        pause = self._watch.state.next_look
        if self._watch.is_looking:
            self.next.setText(_("Looking now…"))
        elif pause is None:
            self.next.setText("")
        else:
            seconds = max(1, round(pause))
            text = ngettext(
                "The program looks again in {count} s.", "The program looks again in {count} s.", seconds
            )
            self.next.setText(text.format(count=seconds))
        self.next.setVisible(bool(self.next.text()))

    @property
    def details(self) -> str:
        """What was met at each server, for a report."""
        conditions = ((place, self._watch.state.of(place)) for place in Place)
        return "\n".join(
            f"{place.value}: {one.trouble.value} {one.detail}".rstrip() for place, one in conditions
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()


class BringsBack(QObject):
    """Lets whatever on a page failed for want of a connection, or a session, be tried again."""

    def __init__(self, page: QWidget, watch: ConnectionWatch) -> None:
        super().__init__(page)  # so that it goes with the page, before the watch does
        self._page = page
        watch.returned.connect(self.come_back)

    def come_back(self) -> None:
        """Try it now, or as soon as it is to be seen: there is a connection, or a session, again."""
        for pane in self._page.findChildren(TroublePane):
            pane.come_back()


def _plain(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, role)
    return label
