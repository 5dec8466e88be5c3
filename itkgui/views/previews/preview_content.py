"""Shows one file by what it holds: picks the previewer, loads on the worker, tells what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from itkgui.background.worker import Worker
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile, ImageFile, TextFile, ZipFile, ZipMember
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.previews.archive import ArchivePreview, LoadedArchive, extract_member, load_archive
from itkgui.views.previews.hex import load_hex
from itkgui.views.previews.image import ImagePreview, load_image
from itkgui.views.previews.text import TextPreview, load_text
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_task import ViewTask

DEEPEST = 3  # archives in archives that are opened in place


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

    def __init__(self, worker: Worker, folder: Path, depth: int = 0) -> None:
        super().__init__()
        self._worker = worker
        self._folder = folder
        self._depth = depth
        self._task = ViewTask(self, self.show_error)
        self._member_task = ViewTask(self, lambda error: self._inner.show_error(error))
        self._widgets: dict[str, QWidget] = {}
        self._archive: LoadedArchive | None = None
        self.shown_kind = ""
        self.empty = EmptyPane("eye", "No file chosen.", "Choose a file in the list to look at it here.")
        self.trouble = TroublePane(can_retry=False)
        trouble_page = QWidget()
        layout = QVBoxLayout(trouble_page)
        layout.addWidget(self.trouble)
        layout.addStretch()
        self._trouble_page = trouble_page
        self.addWidget(self.empty)
        self.addWidget(trouble_page)

    @property
    def inner_kind(self) -> str:
        """What kind of member of an archive is shown; empty while none is."""
        return self._inner.shown_kind if self._archive is not None else ""

    def show_nothing(self, sentence: str, advice: str = "") -> None:
        self._task.cancel()
        self.shown_kind = ""
        self.empty.say(sentence, advice)
        self.setCurrentWidget(self.empty)

    def show_error(self, error: ItkError) -> None:
        self.shown_kind = ""
        self.trouble.show_error(error)
        self.setCurrentWidget(self._trouble_page)

    def show_file(self, file: BinaryFile) -> None:
        """Show a file that is on this computer."""
        self.shown_kind = ""
        self._task.start(self._load(file))

    async def _load(self, file: BinaryFile) -> None:
        previewer = previewer_for(file)
        if previewer.kind == "archive" and self._depth >= DEEPEST:
            self.show_nothing("An archive in an archive in an archive…", "Save it to look further.")
            return
        loaded = await self._worker.call(previewer.load, file)
        widget: Any = self._widget(previewer)
        if isinstance(loaded, LoadedArchive):
            self._archive = loaded
            self._inner.show_nothing("No member chosen." if loaded.members else "This archive is empty.")
        widget.show_content(loaded)
        self.setCurrentWidget(widget)
        self.shown_kind = previewer.kind

    def _widget(self, previewer: Previewer) -> QWidget:
        if previewer.kind not in self._widgets:
            if previewer.widget is ArchivePreview:
                self._inner = PreviewContent(self._worker, self._folder / "members", self._depth + 1)
                archive = ArchivePreview(self._inner)
                archive.member_chosen.connect(
                    lambda member: self._member_task.start(self._show_member(member))
                )
                made: QWidget = archive
            else:
                made = previewer.widget()
            self._widgets[previewer.kind] = made
            self.addWidget(made)
        return self._widgets[previewer.kind]

    async def _show_member(self, member: ZipMember) -> None:
        if self._archive is None:
            return
        file = await self._worker.call(extract_member, self._archive.file, member, self._folder / "members")
        self._inner.show_file(file)
