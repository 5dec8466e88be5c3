"""What a drag or the clipboard brings: files of this computer, or a picture that is written to one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent

from itkgui.client.exceptions import FileNotWritten
from itkgui.client.files import safe_name
from itkgui.views.commands import is_key_of

PASTED = "pasted"  # the folder of pictures that are nowhere else, among the downloads


def is_wanted(mime: QMimeData) -> bool:
    """Tell whether there may be something for an upload in it; cheap enough for each move of the mouse."""
    return mime.hasUrls() or mime.hasImage()


def paths_in(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this computer."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def pastes_files(event: QKeyEvent) -> bool:
    """Tell whether a key pastes files or a picture, and nothing that could be looked up."""
    if not is_key_of(event, "paste"):
        return False
    mime = QGuiApplication.clipboard().mimeData()
    return mime is not None and bool(paths_in(mime) or (mime.hasImage() and not mime.hasText()))


def picture_in(mime: QMimeData) -> QImage | None:
    """Return the picture itself, as browsers and screenshots give it; addresses in the net are not asked."""
    image = mime.imageData() if mime.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def write_picture(image: QImage, folder: Path, serial: str, test: str) -> Path:
    """Write a picture to ``<serial>_<test>_<time>.png`` in a folder, and return where it is.

    Blocks. Raises FileNotWritten.
    """
    moment = datetime.now().astimezone()
    stem = "_".join(filter(None, (serial, test, f"{moment:%Y%m%d-%H%M%S}")))
    place = folder / f"pasted-{moment:%f}"
    path = place / safe_name(f"{stem}.png")
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritten(f"{place}: {error.strerror}") from error
    if not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        raise FileNotWritten(f"{path.name} could not be written")
    return path
