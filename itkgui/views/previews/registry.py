"""Which previewer shows which files: the one place where kinds of files are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itkgui.client.files import BinaryFile, ImageFile, TextFile, ZipFile
from itkgui.decoding.archive import load_archive
from itkgui.decoding.hex import load_hex
from itkgui.decoding.image import load_image
from itkgui.decoding.text import load_text
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.preview import Preview
from itkgui.views.previews.text import TextPreview


@dataclass(frozen=True)
class Previewer:
    """How one kind of file is shown: ``widget`` shows what ``decode`` made of it in a decoder's process."""

    kind: str
    matches: Callable[[BinaryFile], bool]
    decode: Callable[[Any], Any]
    widget: type[Preview]


def _is(*kinds: type[BinaryFile]) -> Callable[[BinaryFile], bool]:
    return lambda file: isinstance(file, kinds)


# The first that matches decides, by the media type, which client.media_types tells from the content.
PREVIEWERS: tuple[Previewer, ...] = (
    Previewer("image", _is(ImageFile), load_image, ImagePreview),
    Previewer("archive", _is(ZipFile), load_archive, ArchivePreview),
    Previewer("text", _is(TextFile), load_text, TextPreview),
    Previewer("bytes", _is(BinaryFile), load_hex, TextPreview),
)


def previewer_for(file: BinaryFile) -> Previewer:
    """Return how a file is shown, by what it holds."""
    return next(previewer for previewer in PREVIEWERS if previewer.matches(file))
