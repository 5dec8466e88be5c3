"""A bar on every page that says what keeps all uploads back, with the way to what helps."""

from __future__ import annotations

from PySide6.QtCore import Signal

from itkgui.item_models.upload_notices import Notice, Remedy
from itkgui.language import N_, _
from itkgui.views.context.upload_watch import UploadWatch
from itkgui.views.widgets.notice_bar import NoticeBar

_SHOW = N_("Show the uploads")


class UploadAlert(NoticeBar):
    """Hidden while uploads come along, while ``is_said_elsewhere``, and when somebody has closed it.

    What comes up then is said anew.
    """

    sign_in_requested = Signal()
    uploads_requested = Signal()

    def __init__(self, watch: UploadWatch) -> None:
        super().__init__(_(_SHOW), can_close=True)
        self._watch = watch
        self._said: Notice | None = None
        self._closed = ""  # the words that were sent away
        self._is_said_elsewhere = False
        self.close_button.clicked.connect(self._on_closed)
        self.helped.connect(self._on_helped)
        watch.beaten.connect(self._look)

    def stand_back(self, is_said_elsewhere: bool) -> None:
        """Say nothing, or speak again: a page says it all and more."""
        self._is_said_elsewhere = is_said_elsewhere
        self._look()

    def _look(self) -> None:
        notice = next((notice for notice in self._watch.notices if notice.stops), None)
        if notice is None:
            self._closed = ""
        if self._is_said_elsewhere or (notice is not None and _subject(notice) == self._closed):
            notice = None
        if notice == self._said:
            return
        self._said = notice
        if notice is None:
            self.hide()
            return
        self.help_button.setText(_(Remedy.SIGN_IN.value if Remedy.SIGN_IN in notice.remedies else _SHOW))
        self.say(notice.title, f"{notice.sentence} {notice.cure}", notice.tone)

    def _on_closed(self) -> None:
        if self._said is not None:
            self._closed = _subject(self._said)
        self._said = None

    def _on_helped(self) -> None:
        if self._said is not None and Remedy.SIGN_IN in self._said.remedies:
            self.sign_in_requested.emit()
        else:
            self.uploads_requested.emit()


def _subject(notice: Notice) -> str:
    """Return what it is about, however many uploads wait."""
    return notice.sentence
