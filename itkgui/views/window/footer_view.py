"""The bottom line: the verdict on the last scan, the newest message, and how far the uploads are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMenu, QProgressBar, QToolButton

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext
from itkgui.uploads.upload import UploadState
from itkgui.views.context.messages import Message, Messages
from itkgui.views.context.upload_watch import UploadWatch
from itkgui.views.style import arrange_by_text, icon, set_icon, set_role, set_room
from itkgui.views.widgets.name_label import NameLabel

_ICONS = {"good": "passed", "bad": "failed", "caution": "warning", "quiet": "info"}
_LISTED = 12
_LONGEST_NAME = 28
_PARTS = 100  # Qt paints the bar at once for each
_ONE_ROW = 130  # characters; a narrower line has the last scan above the message


class FooterView(QFrame):
    """Shows the newest message in words and colour; older ones are in its menu.

    What became of the last scan stays beside newer messages until the next scan, and any other error above
    them until it is dismissed, told anew, or what failed was done.
    """

    uploads_requested = Signal()

    def __init__(self, messages: Messages, watch: UploadWatch) -> None:
        super().__init__()
        self._messages = messages
        self._watch = watch
        self._is_narrow = False
        self._upload_tone = ""
        set_role(self, "footer")
        self._shown = self._scan = self._scan_before = Message("quiet", "")
        self.scan = QLabel()
        self.scan.setTextFormat(Qt.TextFormat.PlainText)
        self.scan.setAccessibleName(_("Last scan"))
        self._kept = Message("quiet", "")
        self.trouble, self.dismiss_button = NameLabel(), QToolButton()
        self.trouble.use_one_line(True)
        self.trouble.setAccessibleName(_("Error not dismissed yet"))
        set_role(self.trouble, "bad")
        self.dismiss_button.setToolTip(_("Dismiss the error"))
        self.dismiss_button.setAccessibleName(_("Dismiss the error"))
        set_icon(self.dismiss_button, "close", "bad", 16)
        self.dismiss_button.clicked.connect(self.dismiss)
        self.picture, self.verdict = QLabel(), QLabel()
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setAccessibleName(_("Last message"))
        self.current = QLabel()
        self.current.setTextFormat(Qt.TextFormat.PlainText)
        self.current.setAccessibleName(_("File being sent"))
        set_role(self.current, "quiet")
        self.upload_button = QToolButton()
        self.upload_button.clicked.connect(self.uploads_requested)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, _PARTS)
        set_room(self.progress, most=(22, 0))
        self.history_button = QToolButton()
        self.history_button.setText(_("Messages"))
        self.history_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.history_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.history_button.setMenu(self._menu)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(14, 4, 10, 4)
        self._layout.setSpacing(10)
        self._layout.setColumnStretch(2, 1)
        uploads = (self.current, self.upload_button, self.progress)
        others = (self.picture, self.verdict, *uploads, self.history_button)
        for column, widget in enumerate(others, 1):
            self._layout.addWidget(widget, 2, column)
        self._layout.addWidget(self.trouble, 0, 0, 1, len(others))
        self._layout.addWidget(self.dismiss_button, 0, len(others), Qt.AlignmentFlag.AlignRight)
        self._layout.addWidget(self.scan, 2, 0)
        self.dismiss()
        arrange_by_text(self)
        messages.told.connect(self.tell)
        messages.settled.connect(self._settle)
        watch.beaten.connect(self._show_progress)
        self.tell(messages.history[-1] if messages.history else Message("quiet", _("Ready")))
        self._show_progress()

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self._messages.told.disconnect(self.tell)
        self._messages.settled.disconnect(self._settle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _ONE_ROW
        place = (1, 1, 1, -1, Qt.AlignmentFlag.AlignLeft) if self._is_narrow else (2, 0)
        self._layout.addWidget(self.scan, *place)
        self._show_progress()
        super().resizeEvent(event)

    def tell(self, message: Message) -> None:
        """Show a message until the next one; an error that it takes the place of is kept above it."""
        if self._shown.tone == "bad" and self._shown not in (message, self._scan, self._scan_before):
            self._keep(self._shown)
        if message == self._kept:
            self.dismiss()
        self._shown = message
        self.scan.setVisible(bool(self._scan.title) and message != self._scan)
        set_role(self, "footer-bad" if message.tone == "bad" else "footer")
        set_icon(self.picture, _ICONS[message.tone], message.tone, 24)
        set_role(self.verdict, message.tone if message.tone != "quiet" else "")
        parts = (message.line, message.cure, message.numbers)
        self.verdict.setText(shown_text(" ".join(part for part in parts if part)))
        self.verdict.setToolTip(plain_hint(message.details))

    def _keep(self, error: Message) -> None:
        self._kept = error
        self.trouble.say(shown_text(f"{error.moment:%H:%M}  {error.line} {error.numbers}"))
        for widget in (self.trouble, self.dismiss_button):
            widget.show()

    def _settle(self, attempt: str) -> None:
        if self._kept.attempt == attempt:
            self.dismiss()
        if self._shown.attempt == attempt:
            self._shown = Message("quiet", "")  # else it would be kept above
            self.tell(Message("quiet", _("Ready")))

    def dismiss(self) -> None:
        """Keep no error any more; it stays in the list of messages."""
        self._kept = Message("quiet", "")
        for widget in (self.trouble, self.dismiss_button):
            widget.hide()

    def begin_scan(self, identifier: str) -> None:
        """Forget the last scan: the next one is looked up."""
        self.forget_scan()
        self.tell(Message("quiet", _("Looking for {identifier}…").format(identifier=identifier)))

    def forget_scan(self, *, if_failed: bool = False) -> None:
        """Show no verdict on a scan any more; with ``if_failed`` a good one stays."""
        if not (if_failed and self._scan.tone == "good"):
            self._scan_before, self._scan = self._scan, Message("quiet", "")
            self.scan.hide()

    @property
    def scan_verdict(self) -> Message:
        """What is kept as the verdict on the last scan; without a title if nothing is."""
        return self._scan

    def end_scan(self) -> None:
        """Keep what is told now as the verdict on the scan."""
        self._scan = self._shown
        self.scan.hide()  # as long as the message itself is beside it
        self.scan.setText(shown_text(_("Last scan: {title}").format(title=self._scan.title)))
        set_role(self.scan, {"good": "pill-good", "bad": "pill-bad"}.get(self._scan.tone, "pill-caution"))

    def _show_progress(self) -> None:
        """Show what keeps uploads back; else how far all are and the file that is being sent.

        If none is on its way, it shows how many need somebody.
        """
        totals, uploads = self._watch.totals, self._watch.uploads.uploads
        stopped, standstill = self._watch.tally.stopped, self._watch.standstill
        text = totals.short_text if self._is_narrow else totals.text
        if standstill is not None:
            text = shown_text((standstill.brief if self._is_narrow else "") or standstill.title)
        if not text and stopped:
            text = ngettext("{count:,} upload needs you", "{count:,} uploads need you", stopped)
            text = text.format(count=stopped)
        said = standstill.title if standstill is not None else totals.text
        tone = standstill.tone if standstill is not None else ""
        if (self.upload_button.text(), self._upload_tone) != (text, tone):
            self._upload_tone = tone
            self.upload_button.setText(text)
            self.upload_button.setToolTip(
                plain_hint(_("{state}. A click shows all.").format(state=said or text))
            )
            self._mark_uploads(tone)
        self.upload_button.setVisible(bool(text))
        self.progress.setVisible(totals.is_moving and standstill is None)
        self.progress.setValue(round(_PARTS * totals.share))
        sending = [row for row in uploads if row.state is UploadState.SENDING] if totals.is_moving else []
        self.current.setVisible(bool(sending) and not self._is_narrow)
        if sending:
            name = shown_text(sending[0].name)
            name = name if len(name) <= _LONGEST_NAME else f"{name[:18]}…{name[-9:]}"
            self.current.setText(f"{name} {self._watch.uploads.share_done(sending[0]):.0%}")

    def _mark_uploads(self, tone: str) -> None:
        """Let what is said of the uploads be seen as a warning."""
        ways = Qt.ToolButtonStyle
        self.upload_button.setToolButtonStyle(
            ways.ToolButtonTextBesideIcon if tone else ways.ToolButtonTextOnly
        )
        if tone:
            set_icon(self.upload_button, _ICONS[tone], tone, 16)
        set_role(self.upload_button, f"told-{tone}" if tone else "")

    def _fill_menu(self) -> None:
        self._menu.clear()
        for message in reversed(self._messages.history[-_LISTED:]):
            # An ampersand would become a keyboard mark of the menu.
            line = f"{message.moment:%H:%M}  {shown_text(message.line)}".replace("&", "&&")
            # Behind a tabulator it stands at the right, where other menus have their keys.
            text = f"{line}\t{message.code}" if message.code else line
            self._menu.addAction(icon(_ICONS[message.tone], message.tone), text)
        if not self._messages.history:
            self._menu.addAction(_("No messages yet")).setEnabled(False)
