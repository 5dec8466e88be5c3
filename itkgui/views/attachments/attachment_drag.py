"""Files dragged out of the program: copies under their right names, for whatever they are dropped on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import FileNotWritten
from itkgui.client.files import BinaryFile
from itkgui.client.scratch import new_place
from itkgui.records.attachment import Attachment, Storage
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask

_IN_USE = 600.0  # seconds for which a copy is never removed: a program may just be about to read it
_SHOWN = QSize(96, 96)  # under the mouse pointer


class AttachmentDrag:
    """Fetches what is to be dragged, and drags it if the mouse button is still held then."""

    def __init__(self, view: QWidget, context: ViewContext) -> None:
        self._view, self._context = view, context
        self._task = ViewTask(view, context.messages.show)

    def start(self, attachments: Iterable[Attachment]) -> None:
        """Drag the files of some attachments; links have none."""
        self._task.start(self._start([a for a in attachments if a.storage is not Storage.LINK]))

    async def _start(self, attachments: Sequence[Attachment]) -> None:
        shelf, worker = self._context.attachments, self._context.worker
        paths = []
        for attachment in attachments:
            file = await shelf.fetch(attachment)
            paths.append(await worker.call(copy_for_others, file, self._context.downloads))
        picture = shelf.thumbnail(attachments[0]) if attachments else None
        if paths and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            # Not from here: tasks could not go on while one of them waits for the drop.
            QTimer.singleShot(0, self._view, partial(self._drag, paths, picture))

    def _drag(self, paths: Sequence[Path], picture: QPixmap | None) -> None:
        drag = QDrag(self._view)
        drag.setMimeData(mime_of(paths))
        if picture is not None:
            drag.setPixmap(picture.scaled(_SHOWN, Qt.AspectRatioMode.KeepAspectRatio))
        drag.exec(Qt.DropAction.CopyAction)


def mime_of(paths: Iterable[Path]) -> QMimeData:
    """Return files as the clipboard and drags carry them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def copy_for_others(file: BinaryFile, folder: Path) -> Path:
    """Return a copy that other programs may do with as they like.

    It goes at the end of the session, or after a while when there are many. Raises FileNotWritten.
    """
    try:
        place = new_place(folder / "given", _IN_USE)
    except OSError as error:
        raise FileNotWritten(f"{folder}: {error.strerror or error}") from error
    return file.save(place)
