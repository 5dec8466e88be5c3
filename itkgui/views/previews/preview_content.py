"""Shows one file by what it holds: picks the previewer, loads on the worker, tells what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from itkgui.background.worker import Worker
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile, ImageFile, TextFile, ZipFile, ZipMember
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.previews.archive import ArchivePreview, LoadedArchive, extract_member, load_archive
from itkgui.views.previews.hex import load_hex
from itkgui.views.previews.image import ImagePreview, load_image
from itkgui.views.previews.preview_failed import PreviewFailed
from itkgui.views.previews.text import TextPreview, load_text
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_task import ViewTask

DEEPEST = 3  # archives in archives that are opened in place
_SLOW_MS = 150  # an older preview may stay for so long; most files are open by then


@dataclass(frozen=True)
class Previewer:
    """How one kind of file is shown: decoded on the worker by ``load``, then shown by ``widget``."""

    kind: str
    load: Callable[[Any], Any]
    widget: type[QWidget]


# The first class that a file is an instance of decides; files.open_file chose it by content.
PREVIEWERS: tuple[tuple[type[BinaryFile], Previewer], ...] = (
    (ImageFile, Previewer("image", load_image, ImagePreview)),
    (ZipFile, Previewer("archive", load_archive, ArchivePreview)),
    (TextFile, Previewer("text", load_text, TextPreview)),
    (BinaryFile, Previewer("bytes", load_hex, TextPreview)),
)


def previewer_for(file: BinaryFile) -> Previewer:
    return next(previewer for kind, previewer in PREVIEWERS if isinstance(file, kind))


class PreviewContent(QStackedWidget):
    """The preview of one file at a time; a newer one cancels the older. ``folder`` takes unpacked members."""

    retry_requested = Signal()

    def __init__(self, worker: Worker, folder: Path, depth: int = 0) -> None:
        super().__init__()
        self._worker = worker
        self._folder = folder
        self._depth = depth
        self._task = ViewTask(self, self.show_error)
        self._member_task = ViewTask(self, self._on_member_failed)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(lambda: self._show_sentence("Opening…"))
        self._widgets: dict[str, QWidget] = {}
        self._archive: ZipFile | None = None
        self._member: ZipMember | None = None
        self._inner: PreviewContent | None = None  # made with the first archive
        self.shown_kind = ""
        self.empty = EmptyPane("eye", "No file chosen.", "Choose a file in the list to look at it here.")
        self.again_button = QPushButton("Try again")
        self.again_button.clicked.connect(self.retry_requested)
        self.again_button.hide()
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.retry_requested)
        below = self.empty.layout()
        if isinstance(below, QVBoxLayout):  # as it is, which its type does not tell
            below.insertWidget(below.count() - 1, self.again_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._trouble_page = QWidget()
        layout = QVBoxLayout(self._trouble_page)
        layout.addWidget(self.trouble)
        layout.addStretch()
        self.addWidget(self.empty)
        self.addWidget(self._trouble_page)

    @property
    def inner_kind(self) -> str:
        """What kind of member of an archive is shown; empty while none is."""
        return self._inner.shown_kind if self._inner is not None else ""

    def show_nothing(self, sentence: str, advice: str = "", *, can_retry: bool = False) -> None:
        self._forget()
        self._show_sentence(sentence, advice, can_retry=can_retry)

    def show_error(self, error: ItkError) -> None:
        self._forget()
        self.trouble.show_error(error, can_retry=not isinstance(error, PreviewFailed) or error.may_pass)
        self.setCurrentWidget(self._trouble_page)

    def await_file(self) -> None:
        """Show that a file is on its way, unless it is there at once."""
        self._forget()
        self._slow.start()

    def show_file(self, file: BinaryFile) -> None:
        """Show a file that is on this computer."""
        previewer = previewer_for(file)
        if previewer.kind == "archive" and self._depth >= DEEPEST:
            self.show_nothing("An archive in an archive in an archive…", "Save it to look further.")
            return
        self.await_file()
        self._task.start(self._load(file, previewer))

    def _forget(self) -> None:
        """Stop what is under way; what is on the screen stays until something else is shown."""
        self._task.cancel()
        self._member_task.cancel()
        self._slow.stop()
        self._archive = self._member = None
        self.shown_kind = ""
        if self._inner is not None:
            self._inner.show_nothing("No member chosen.")

    def _show_sentence(self, sentence: str, advice: str = "", *, can_retry: bool = False) -> None:
        self.empty.say(sentence, advice)
        self.again_button.setVisible(can_retry)
        self.setCurrentWidget(self.empty)

    async def _load(self, file: BinaryFile, previewer: Previewer) -> None:
        loaded = await self._worker.call(previewer.load, file)
        self._slow.stop()
        widget: Any = self._widget(previewer)
        if isinstance(loaded, LoadedArchive):
            self._archive = loaded.file
            if self._inner is not None:
                self._inner.show_nothing("No member chosen." if loaded.rows else "This archive is empty.")
            self.setCurrentWidget(widget)
            await widget.show_content(loaded)
        else:
            widget.show_content(loaded)
            self.setCurrentWidget(widget)
        self.shown_kind = previewer.kind

    def _widget(self, previewer: Previewer) -> QWidget:
        if previewer.kind not in self._widgets:
            made = self._archive_preview() if previewer.widget is ArchivePreview else previewer.widget()
            self._widgets[previewer.kind] = made
            self.addWidget(made)
        return self._widgets[previewer.kind]

    # Members of an archive -----------------------------------------------------------------------------

    def _archive_preview(self) -> ArchivePreview:
        self._inner = PreviewContent(self._worker, self._folder / "members", self._depth + 1)
        self._inner.retry_requested.connect(lambda: self._on_member_chosen(self._member))
        made = ArchivePreview(self._inner)
        made.member_chosen.connect(self._on_member_chosen)
        return made

    def _on_member_chosen(self, member: ZipMember | None) -> None:
        if self._archive is None or self._inner is None or member is None:
            return
        self._member = member
        self._inner.await_file()
        self._member_task.start(self._show_member(self._archive, member, self._inner))

    async def _show_member(self, archive: ZipFile, member: ZipMember, inner: PreviewContent) -> None:
        inner.show_file(await self._worker.call(extract_member, archive, member, self._folder / "members"))

    def _on_member_failed(self, error: ItkError) -> None:
        if self._inner is not None:
            self._inner.show_error(error)
