"""Shows one file by what it holds: picks the previewer, has it decoded, tells what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from itkgui.background.worker import Call, Worker
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.image_files import Picture
from itkgui.decoding.printing import AS_STORED, Look
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import N_, _, ngettext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.previews.registry import Previewer, kinds_for, previewer_for
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.tall_page import TallPage
from itkgui.views.widgets.trouble_pane import TroublePane

EMPTY_FILE = N_("This file is empty: 0 bytes.")
DEEPEST = 3  # archives in archives that are opened in place
_SLOW_MS = 150  # an older preview may stay for so long; most files are open by then


@dataclass(frozen=True)
class _Ahead:
    """A file that is decoded before somebody chooses it, to fit a pane of this size."""

    file: BinaryFile
    room: tuple[int, int]
    call: Call[Any]


class PreviewContent(QStackedWidget):
    """The preview of one file at a time; a newer one cancels the older. ``folder`` takes unpacked members."""

    retry_requested = Signal()
    kinds_changed = Signal()  # or what is seen of it

    def __init__(self, worker: Worker, decoders: Decoders, folder: Path, depth: int = 0) -> None:
        super().__init__()
        self._tools = PreviewTools(
            worker, decoders, folder, lambda: PreviewContent(worker, decoders, folder, depth + 1)
        )
        self._depth = depth
        self._task = ViewTask(self, self.show_error)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(lambda: self._show_sentence(_("Opening…")))
        self._previews: dict[str, Preview] = {}
        self._chosen: dict[tuple[str, int, str], str] = {}  # kinds that somebody wished to see files as
        self._file: BinaryFile | None = None
        self._next: BinaryFile | None = None
        self._ahead: _Ahead | None = None
        self.shown_kind = ""
        self.empty = EmptyPane(
            "eye", _("No file chosen."), _("Choose a file in the list to look at it here.")
        )
        self.again_button = QPushButton(_("Try again"))
        self.again_button.clicked.connect(self.retry_requested)
        self.again_button.hide()
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.retry_requested)
        below = self.empty.layout()
        if isinstance(below, QVBoxLayout):  # as it is, which its type does not tell
            below.insertWidget(below.count() - 1, self.again_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._trouble_page = TallPage(wraps=True)  # in a low pane its lines would lie over each other
        self._trouble_page.layout_of_content.addWidget(self.trouble)
        self._trouble_page.layout_of_content.addStretch()
        self.addWidget(self.empty)
        self.addWidget(self._trouble_page)
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        # Of what is shown: else one archive in another would go on asking for the room of both.
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()

    @property
    def is_settled(self) -> bool:
        """Whether a file is shown with all of it that is in sight."""
        return bool(self.shown_kind) and self._previews[self.shown_kind].is_settled

    @property
    def inner_kind(self) -> str:
        """What kind of member of an archive is shown; empty while none is."""
        shown = self.currentWidget()
        return shown.inner.shown_kind if isinstance(shown, ArchivePreview) else ""

    @property
    def picture(self) -> Picture | None:
        """The page, frame or development that is seen; None if none is, or the text that describes it."""
        shown = self.currentWidget()
        if self.shown_kind != "image" or not isinstance(shown, ImagePreview) or shown.shows_source:
            return None
        return shown.pane.picture

    @property
    def look(self) -> Look:
        """How the picture is seen, if one is."""
        shown = self.currentWidget()
        return shown.pane.look if self.picture is not None and isinstance(shown, ImagePreview) else AS_STORED

    @property
    def key_taker(self) -> QWidget | None:
        """What reads the keys that are for the content; None while there is none."""
        return self._previews[self.shown_kind].key_taker if self.shown_kind else None

    @property
    def typed_password(self) -> str:
        """What somebody has unlocked the file with, for as long as it is shown; empty if nothing."""
        return self._previews[self.shown_kind].typed_password if self.shown_kind else ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """As what the file can be shown, the usual way first; empty while there is none."""
        return kinds_for(self._file) if self._file is not None else ()

    def show_as(self, kind: str) -> None:
        """Show the present file as one of its ``kinds``."""
        if self._file is not None:
            self._chosen[_key(self._file)] = kind
            self.show_file(self._file, kind)

    def show_nothing(self, sentence: str, advice: str = "", *, can_retry: bool = False) -> None:
        self._forget()
        self._give_up_ahead()
        self._show_sentence(sentence, advice, can_retry=can_retry)

    def show_error(self, error: ItkError) -> None:
        file = self._file
        self._forget()
        self._file = file  # it can still be shown as bytes
        self.kinds_changed.emit()
        self.trouble.show_error(error, can_retry=not isinstance(error, Undecodable) or error.may_pass)
        self.setCurrentWidget(self._trouble_page)

    def await_file(self) -> None:
        """Show that a file is on its way, unless it is there at once."""
        self._forget()
        self._slow.start()

    def show_file(self, file: BinaryFile, kind: str = "") -> None:
        """Show a file that is on this computer: as one of its ``kinds``, as wished before, or by content."""
        previewer = previewer_for(file, kind or self._chosen.get(_key(file), ""))
        if not file.size:
            self.show_nothing(_(EMPTY_FILE))
            return
        if previewer.kind == "archive" and self._depth >= DEEPEST:
            self.show_nothing(
                ngettext(
                    "This archive lies {count} archive deep.",
                    "This archive lies {count} archives deep.",
                    DEEPEST,
                ).format(count=DEEPEST),
                _("No deeper one is opened here: save it, and open it in another program."),
            )
            return
        self.await_file()
        self._file = file
        self._task.start(self._load(file, previewer))

    def prepare(self, file: BinaryFile) -> None:
        """Decode a picture that may be shown next, as soon as what is chosen now is on the screen.

        Of other kinds the part that is seen first takes no time, or its result much room.
        """
        self._next = file if previewer_for(file).fits_pane else None
        if self.shown_kind:
            self._decode_ahead()

    @property
    def is_prepared(self) -> bool:
        """Whether the picture that may be shown next is decoded, for better or worse."""
        return self._ahead is not None and self._ahead.call.is_done

    def _decode_ahead(self) -> None:
        file, room, self._next = self._next, self._room(), None
        if file is None or (self._ahead is not None and (self._ahead.file, self._ahead.room) == (file, room)):
            return
        self._give_up_ahead()
        self._ahead = _Ahead(file, room, self._tools.decode(previewer_for(file).decode, file, room))

    def _give_up_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.call.cancel()
        self._ahead = None

    def pass_on(self, event: QKeyEvent) -> None:
        """Let what shows the file have a key, then what is around it in here, as if the focus were there."""
        place = self.key_taker
        while place is not None and place is not self and not event.isAccepted():
            event.accept()
            place.event(event)
            place = place.parentWidget()

    def _forget(self) -> None:
        """Stop what is under way; what is on the screen stays until something else is shown."""
        self._task.cancel()
        self._slow.stop()
        if self.shown_kind:
            self._previews[self.shown_kind].forget()
        self.shown_kind = ""
        self._file = self._next = None
        self.kinds_changed.emit()

    def _show_sentence(self, sentence: str, advice: str = "", *, can_retry: bool = False) -> None:
        self.empty.say(sentence, advice)
        self.again_button.setVisible(can_retry)
        self.setCurrentWidget(self.empty)

    async def _load(self, file: BinaryFile, previewer: Previewer) -> None:
        loaded = await self._decoded(file, previewer)
        self._slow.stop()
        preview = self._preview(previewer)
        preview.show_content(file, loaded)
        self.setCurrentWidget(preview)
        self.shown_kind = previewer.kind
        self.kinds_changed.emit()
        self._decode_ahead()

    def _decoded(self, file: BinaryFile, previewer: Previewer) -> Call[Any]:
        """Return what is decoded of a file, ahead or from now on."""
        room, ahead = self._room(), self._ahead
        if ahead is not None and (ahead.file, ahead.room) == (file, room) and previewer.fits_pane:
            self._ahead = None
            return ahead.call
        self._give_up_ahead()
        arguments = (file, room) if previewer.fits_pane else (file,)
        return self._tools.decode(previewer.decode, *arguments, run=previewer.run)

    def _room(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def _preview(self, previewer: Previewer) -> Preview:
        if previewer.kind not in self._previews:
            made = previewer.widget(self._tools)
            if isinstance(made, ImagePreview):
                made.source_toggled.connect(self.kinds_changed)
            self._previews[previewer.kind] = made
            self.addWidget(made)
        return self._previews[previewer.kind]


def _key(file: BinaryFile) -> tuple[str, int, str]:
    """Return what makes a file the same, also when it is fetched or unpacked again."""
    return file.name, file.size, file.media_type
