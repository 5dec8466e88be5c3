"""Files looked at: one of every ending that the pixel module has, each as large as the page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import Qt

from itkgui.records.attachment import Attachment, Storage
from itkgui.tour.driver import Driver, Step, StepFailed, check, says
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.views.attachments.attachment_view import AttachmentView
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.previews.preview_content import EMPTY_FILE
from itkgui.views.previews.table import TablePreview
from itkgui.views.previews.text import TextPreview

_PLOTTED, _TREE = ".xyz", ".json"


class Previews:
    """Looks at the files of a pixel module.

    ``seen`` tells for each media type, by content, which previewers showed files of it; none if empty.
    """

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self.seen: dict[str, list[str]] = {}
        self._by_kind: dict[str, str] = {}  # an ending for each previewer

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of the files are known once their list is on the screen."""
        yield "files", self.show_list
        for ending in dict.fromkeys(map(_ending, self._fetchable)):
            yield f"file {ending}", partial(self._look_at, ending)
        yield "columns of a table plotted", self._plot
        yield "JSON as a tree", self._show_tree
        yield "back to the list", self._show_beside_list

    def steps_by_kind(self, look: str) -> Iterator[Step]:
        """One file for each previewer, in another look; follows ``steps``."""
        for kind, ending in self._by_kind.items():
            yield f"{look}: {kind}", partial(self._look_at, ending)
        yield f"{look}: files", self._show_beside_list

    async def show_list(self) -> None:
        """Show the files of the pixel module."""
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(ATTACHMENTS)
        await self._at.until(lambda: self._fetchable, "the list of files")

    @property
    def _files(self) -> AttachmentView:
        return self._at.component.attachments

    @property
    def _fetchable(self) -> list[Attachment]:
        return [file for file in self._files.table.shown if file.storage is not Storage.LINK]

    async def _look_at(self, ending: str) -> None:
        """Choose the first file with an ending, and give it the page."""
        await self._show_beside_list()
        await self._at.choose(self._files.view, lambda file: _ending(file) == ending)
        await self._until_settled(ending)
        await self._at.press(Qt.Key.Key_Space)
        await self._at.until(lambda: not self._files.view.isVisible(), "the large preview")
        await self._until_settled(ending)
        shown, kind = self._files.preview.file, self._files.preview.content.shown_kind
        if shown is None:
            raise StepFailed(f"the file {ending} went away")
        kinds = self.seen.setdefault(shown.media_type, [])
        if kind and kind not in kinds:
            kinds.append(kind)
            self._by_kind.setdefault(kind, ending)

    async def _until_settled(self, ending: str) -> None:
        preview = self._files.preview
        await self._at.until(
            lambda: (
                preview.attachment is not None
                and _ending(preview.attachment) == ending
                and (preview.content.is_settled or says(preview.content, EMPTY_FILE))
            ),
            f"the preview of a file {ending}",
        )

    async def _show_beside_list(self) -> None:
        if self._at.workspace.current_component is None or not self._files.isVisible():
            await self.show_list()
        if not self._files.view.isVisible():
            await self._at.press(Qt.Key.Key_Escape)
            await self._at.until(self._files.view.isVisible, "the list of files")

    async def _plot(self) -> None:
        await self._look_at(_PLOTTED)
        table = self._files.preview.content.currentWidget()
        if not isinstance(table, TablePreview):
            raise StepFailed("columns of numbers are not shown as a table")
        await self._at.click(table.bar.plot_button)
        await self._at.until(
            lambda: table.plot is not None and table.plot.isVisible() and table.is_settled, "the plot"
        )

    async def _show_tree(self) -> None:
        await self._look_at(_TREE)
        text = self._files.preview.content.currentWidget()
        if not isinstance(text, TextPreview):
            raise StepFailed("JSON is not shown as a text")
        await self._at.click(text.tree_button)
        await self._at.until(lambda: text.tree.tree.rowCount() > 0, "the values")
        check(text.tree.isVisible(), "they are shown as a tree")


def _ending(attachment: Attachment) -> str:
    """Return what a name ends with, as ``.tar.gz``."""
    return "".join(PurePath(attachment.display_name.lower()).suffixes) or "without an ending"
