"""Which previewer shows which files: the one place where kinds of files are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from itkgui.client.files import ArchiveFile, BinaryFile, ImageFile, TableFile, TextFile
from itkgui.client.media_types import UNKNOWN
from itkgui.decoding.archive import load_archive
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.hex import load_hex
from itkgui.decoding.image import load_image
from itkgui.decoding.office import OFFICE_TYPES, load_office
from itkgui.decoding.pdf import load_pdf
from itkgui.decoding.plugin_call import call_viewer
from itkgui.decoding.plugins import is_shown, load_by_plugin
from itkgui.decoding.root import load_root
from itkgui.decoding.svg import SVG_TYPE
from itkgui.decoding.table import load_table
from itkgui.decoding.text import load_text
from itkgui.language import N_, _
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.hex import HexPreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.office import OfficePreview
from itkgui.views.previews.pdf import PdfPreview
from itkgui.views.previews.plugin import PluginPreview
from itkgui.views.previews.preview import Preview
from itkgui.views.previews.root import RootPreview
from itkgui.views.previews.table import TablePreview
from itkgui.views.previews.text import TextPreview


@dataclass(frozen=True)
class Previewer:
    """How one kind of file is shown: ``widget`` shows what ``decode`` made of it in a decoder's process.

    If it ``fits_pane``, ``decode`` takes width and height of the pane too, in the screen's pixels.
    ``run`` calls it. Somebody may ask for it for any file that it ``takes``: without that, for those that it
    matches.
    """

    kind: str
    matches: Callable[[BinaryFile], bool]
    decode: Callable[..., Any]
    widget: type[Preview]
    fits_pane: bool = False
    takes: Callable[[BinaryFile], bool] | None = None
    run: Callable[..., Any] = Decoders.run


def _is(*kinds: type[BinaryFile]) -> Callable[[BinaryFile], bool]:
    return lambda file: isinstance(file, kinds)


def _is_picture(file: BinaryFile) -> bool:
    return isinstance(file, ImageFile) or file.media_type == SVG_TYPE


def _is_media(media_type: str) -> Callable[[BinaryFile], bool]:
    return lambda file: file.media_type == media_type


# The first that matches decides, by the media type, which client.media_types tells from the content.
PREVIEWERS: tuple[Previewer, ...] = (
    Previewer("image", _is_picture, load_image, ImagePreview, fits_pane=True),
    Previewer("office", lambda file: file.media_type in OFFICE_TYPES, load_office, OfficePreview),
    Previewer("archive", _is(ArchiveFile), load_archive, ArchivePreview),
    Previewer("table", _is(TableFile), load_table, TablePreview, takes=_is(TextFile)),
    Previewer("text", _is(TextFile), load_text, TextPreview),
    Previewer("pdf", _is_media("application/pdf"), load_pdf, PdfPreview),
    Previewer("root", _is_media("application/x-root"), load_root, RootPreview),
    Previewer("bytes", _is(BinaryFile), load_hex, HexPreview),
)

# By the ending, which whoever allows a plug-in has chosen.
_BY_PLUGIN = Previewer("plugin", is_shown, load_by_plugin, PluginPreview, run=call_viewer)
_ALL = (_BY_PLUGIN, *PREVIEWERS)

# The kind that the icon of a name promises, and what is said if the file is none.
_PROMISES = {
    "image": ("image", N_("The name promises an image, the content is {content}.")),
    "text": ("text", N_("The name promises text, the content is {content}.")),
    "archive": ("archive", N_("The name promises an archive, the content is {content}.")),
    "document": ("pdf", N_("The name promises a PDF, the content is {content}.")),
    "chart": ("root", N_("The name promises a ROOT file, the content is {content}.")),
}


def previewer_for(file: BinaryFile, kind: str = "") -> Previewer:
    """Return how a file is shown: by what it holds, or as a kind that ``kinds_for`` names."""
    wanted = (previewer for previewer in _ALL if previewer.kind == kind and _takes(previewer, file))
    usual = (previewer for previewer in _ALL if previewer.matches(file))
    return next(chain(wanted, usual))


def kinds_for(file: BinaryFile) -> tuple[str, ...]:
    """Return the kinds as which a file can be shown, the usual one first."""
    usual = previewer_for(file).kind
    others = (previewer.kind for previewer in _ALL if _takes(previewer, file))
    return tuple(dict.fromkeys((usual, *others)))


def broken_promise(icon: str, file: BinaryFile) -> str:
    """Return in a sentence that a file is not what the icon of its name says; empty if it is, or may be."""
    kind, sentence = _PROMISES.get(icon, ("", ""))
    if not kind or not file.size or kind in kinds_for(file):
        return ""
    content = _("of no kind that is known here") if file.media_type == UNKNOWN else file.media_type
    return _(sentence).format(content=content)


def _takes(previewer: Previewer, file: BinaryFile) -> bool:
    return (previewer.takes or previewer.matches)(file)
