"""What can be done with a fetched attachment outside: saved, opened in another program, copied."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.escapes import without_escapes
from itkgui.client.files import BinaryFile, ImageFile, TextFile
from itkgui.decoding.image import LoadedImage
from itkgui.decoding.image_files import Picture
from itkgui.language import _
from itkgui.records.attachment import Attachment, Storage
from itkgui.views.attachments.attachment_drag import copy_for_others, mime_of
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.other_programs import is_harmless_file, is_web_address
from itkgui.views.previews.picture_copy import MOST_COPIED, copied_picture
from itkgui.views.widgets.save_dialog import SaveDialog

T = TypeVar("T")

_PATIENCE = 60.0  # seconds to decode or develop a picture in full; one can go on meanwhile
_LARGE = 10_000_000  # pixels: it takes so long that a word is due
_MOST_TEXT = 5_000_000  # bytes: more is no longer pasted anywhere, and would stall whoever takes it


class AttachmentOut:
    """The ways out of a page, which gives its own file to each."""

    def __init__(self, view: QWidget, context: ViewContext) -> None:
        self._view, self._context = view, context
        self._task = ViewTask(view, context.messages.show)

    def save(self, file: BinaryFile) -> None:
        """Ask for a name, which the dialog does not let replace a file without a question, and save."""
        dialog = SaveDialog(self._view, _("Save the attachment"), file.name)
        dialog.fileSelected.connect(lambda chosen: self._task.start(self._save(file, Path(chosen))))
        dialog.open()

    async def _save(self, file: BinaryFile, target: Path) -> None:
        # The dialog has asked already whether to replace a file of this name.
        saved = await self._context.worker.call(partial(file.save, target, overwrite=True))
        self._context.messages.notify(_("Saved as {file}").format(file=saved), "good")

    def open(self, attachment: Attachment, file: BinaryFile | None) -> None:
        """Give a link, or a copy of a file that cannot run, to whatever program opens it."""
        if attachment.storage is Storage.LINK:
            address = QUrl(attachment.url.strip())
            if is_web_address(address):
                self._open(address)
            else:
                self._context.messages.notify(
                    _("Not opened, since it is no web address: {url}").format(url=attachment.url), "caution"
                )
        elif file is not None and is_harmless_file(file):
            self._task.start(self._open_copy(file))

    async def _open_copy(self, file: BinaryFile) -> None:
        path = await self._context.worker.call(copy_for_others, file, self._context.downloads)
        self._open(QUrl.fromLocalFile(str(path)))

    def _open(self, address: QUrl) -> None:
        if not QDesktopServices.openUrl(address):
            self._context.messages.notify(_("No program on this computer opens it."), "caution")

    def copy(self, file: BinaryFile, picture: Picture | None) -> None:
        """Copy a file's picture if one is given, or its text; else it, to be pasted in a folder."""
        self._task.start(self._copy(file, picture))

    async def _copy(self, file: BinaryFile, picture: Picture | None) -> None:
        worker, clipboard = self._context.worker, QGuiApplication.clipboard()
        if picture is not None:
            copied = await copied_picture(picture, self._decode, self._tell_of_copying)
            clipboard.setImage(copied.image)
            said = (
                _("Picture copied, {width} × {height} pixels only, as it has more than {most} million")
                if not copied.is_whole and isinstance(file, ImageFile)  # a drawing has no size of its own
                else _("Picture copied, {width} × {height} pixels")
            )
            width, height = copied.image.width(), copied.image.height()
            said = said.format(width=width, height=height, most=MOST_COPIED // 1_000_000)
        elif isinstance(file, TextFile):
            clipboard.setText(await worker.call(_text_to_copy, file))
            said = _("Text copied, its beginning") if file.size > _MOST_TEXT else _("Text copied")
        else:
            path = await worker.call(copy_for_others, file, self._context.downloads)
            clipboard.setMimeData(mime_of([path]))
            said = _("File copied, to be pasted in a folder")
        self._context.messages.notify(f"{said}: {file.name}", "good")

    def _decode(self, function: Callable[..., T], *arguments: Any) -> Call[T]:
        run = partial(self._context.decoders.run, function, *arguments, patience=_PATIENCE)
        return self._context.worker.call(run, lane=Lane.DECODING)

    def _tell_of_copying(self, picture: LoadedImage) -> None:
        pixels = picture.full_width * picture.full_height
        if pixels > _LARGE:
            self._context.messages.notify(
                _("Copying {count:,.0f} million pixels…").format(count=pixels / 1e6)
            )


def _text_to_copy(file: TextFile) -> str:
    """Return what a text file says, from its beginning; takes long enough to be run on the worker."""
    return without_escapes(file.text(_MOST_TEXT))
