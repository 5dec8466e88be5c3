"""Takes out of the source of a drawing whatever could run, load a file, or grow without end."""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from itkgui.client.media_types import media_type_of
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import N_, _

_DEEPEST = 200  # elements in elements: what draws them calls itself for each
_MOST_ELEMENTS = 300_000
_MOST_PICTURE = 64_000_000  # bytes of one that is written into the drawing
_HEAD = 16_384  # letters of it, by which its kind is told
_REFUSED = frozenset(("script", "foreignobject", "iframe", "audio", "video", "handler", "listener"))
_REFERENCES = frozenset(("href", "src"))
_OUTSIDE = re.compile(r"url\s*\((?!\s*['\"]?\s*#)|@import|\\|expression\s*\(", re.IGNORECASE)
_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_RASTERS = frozenset(f"image/{kind}" for kind in ("png", "jpeg", "gif", "bmp", "webp"))


@dataclass
class CleanDrawing:
    """The source that is left, as UTF-8, and how many things were left out of it, by what they are."""

    source: bytes = b""
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """What was left out, in words; empty if nothing was."""
        parts = [f"{count} × {_(what)}" for what, count in sorted(self.left_out.items())]
        return _("left out: {parts}").format(parts=", ".join(parts)) if parts else ""


def cleaned(source: bytes) -> CleanDrawing:
    """Return a drawing without scripts and without references to anything outside of it.

    Raises Undecodable if it is no XML, defines entities, or is nested without end.
    """
    return _Cleaner().clean(source)


class _Cleaner:
    """Copies a drawing element by element."""

    def __init__(self) -> None:
        self._clean = CleanDrawing()
        self._text = io.StringIO()
        self._out = XMLGenerator(self._text, "utf-8", short_empty_elements=False)
        self._open: list[str] = []
        self._elements = 0
        self._refused_depth = 0
        self._style: list[str] = []

    def clean(self, source: bytes) -> CleanDrawing:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = self._on_entity
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        try:
            parser.Parse(source, True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two for odd encodings
            raise _failed(str(error)) from error
        self._clean.source = self._text.getvalue().encode("utf-8", "replace")
        return self._clean

    def _on_entity(self, name: str, *_more: object) -> None:
        raise _failed(f"entity {name}", _("it defines entities, which can grow without end"))

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise _failed(f"more than {_MOST_ELEMENTS} elements", _("it has too many parts"))
        if len(self._open) >= _DEEPEST:
            raise _failed(f"deeper than {_DEEPEST} elements", _("its parts are nested too deep"))
        is_in_style = bool(self._open) and _local(self._open[-1]) == "style"
        self._open.append(name)
        kind = _local(name)
        # An element in a style sheet would divide its text, of which only the whole can be judged.
        if self._refused_depth or kind in _REFUSED or is_in_style:
            if not self._refused_depth:
                is_script = kind in ("script", "handler", "listener")
                self._note(N_("script") if is_script else N_("foreign content"))
            self._refused_depth += 1
            return
        kept = {key: value for key, value in attributes.items() if self._may_stay(key, value)}
        self._out.startElement(name, AttributesImpl(kept))

    def _on_end(self, name: str) -> None:
        self._open.pop()
        if self._refused_depth:
            self._refused_depth -= 1
            return
        if _local(name) == "style":
            sheet = "".join(self._style)
            self._style.clear()
            if _OUTSIDE.search(sheet):
                self._note(N_("style with references"))
            else:
                self._out.characters(sheet)
        self._out.endElement(name)

    def _on_text(self, text: str) -> None:
        if self._refused_depth:
            return
        if self._open and _local(self._open[-1]) == "style":
            self._style.append(text)
        else:
            self._out.characters(text)

    def _may_stay(self, key: str, value: str) -> bool:
        name = _local(key)
        if name.startswith("on") and not key.startswith("xmlns"):
            self._note(N_("script"))
            return False
        if key.startswith("xmlns"):
            return True
        if name in _REFERENCES:
            allowed = value.strip().startswith("#") or _is_picture(value.strip())
        elif ":" in key and not key.startswith(("xlink:", "xml:")):
            return False  # a note of the program that drew it, which nothing here reads
        else:
            allowed = not _OUTSIDE.search(value)
        if not allowed:
            self._note(N_("reference to outside"))
        return allowed

    def _note(self, what: str) -> None:
        self._clean.left_out[what] = self._clean.left_out.get(what, 0) + 1


def _is_picture(reference: str) -> bool:
    """Tell whether a reference holds a picture itself, and one of pixels: a drawing could refer again."""
    begin = _DATA.match(reference)
    if begin is None or len(reference) > _MOST_PICTURE:
        return False
    letters = "".join(reference[begin.end() : begin.end() + _HEAD].split())  # programs break them into lines
    try:
        head = base64.b64decode(letters[: len(letters) // 4 * 4], validate=False)
    except binascii.Error:
        return False
    return media_type_of(head) in _RASTERS


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _failed(detail: str, why: str = "") -> Undecodable:
    return Undecodable(detail, what="drawing", why=why)
