"""Tells what a file is by its content; its name only tells one kind of text from another."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from pathlib import PurePath

UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"

# How much of a file is looked at, in bytes.
HEAD = 64 * 1024

# puremagic knows many formats, but calls a text that starts with "BM" a picture, every zip a Word document,
# and has not heard of ROOT: what this program treats specially is decided here, the rest is asked there.
_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"II\*\0.{4}CR", "image/x-canon-cr2"),
        (rb"II[*+]\0|MM\0[*+]", "image/tiff"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", "image/bmp"),
        (rb"%PDF-", "application/pdf"),
        (rb"PK\x03\x04|PK\x05\x06", "application/zip"),
        (rb"\x1f\x8b\x08", "application/gzip"),
        (rb"root\0[\0-\xff]{3}", "application/x-root"),
        (rb"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    )
)
# Each character can be read in one way only: with two, hostile content would take for ever.
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+)?(?P<name>[a-z]+)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAGS = frozenset(("html", "head", "body", "title", "script", "div", "p", "table", "h1", "meta"))
_TEXT_BY_SUFFIX = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
}
# Below this, puremagic has seen two or three bytes that may stand in any file.
_CONFIDENCE = 0.4

_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/x-root": ".root",
    "application/json": ".json",
    "text/csv": ".csv",
    "text/plain": ".txt",
}


def media_type_of(head: bytes, name: str = "") -> str:
    """Return the media type of a file by its first ``HEAD`` bytes, or all of them if it is smaller."""
    if not head:
        return EMPTY
    for pattern, media_type in _SIGNATURES:
        if pattern.match(head):
            return media_type
    if text := _text_in(head):
        return _kind_of_text(text, len(head) >= HEAD, PurePath(name).suffix.lower())
    import puremagic  # only for what is not known here

    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    likely = (guess.mime_type for guess in guesses if guess.mime_type and guess.confidence >= _CONFIDENCE)
    return next((guess for guess in likely if not guess.startswith("text/")), UNKNOWN)


def suffix_for(media_type: str) -> str:
    """Return the usual suffix of a media type, with its dot; empty for one that has none here."""
    return _SUFFIXES.get(media_type, "")


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text: by its mark, else UTF-8 if it can be, else Latin-1."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        # The last character may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _text_in(head: bytes) -> str:
    """Return the content as text; empty if it cannot be one, which control characters tell."""
    encoding = encoding_of(head)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return ""
    controls = sum(1 for c in text if (c < " " and c not in "\t\n\r\f\x1b") or "\x7f" <= c < "\xa0")
    return "" if controls else text


def _kind_of_text(text: str, is_cut: bool, suffix: str) -> str:
    if markup := _MARKUP.match(text):
        name = markup["name"].lower()
        if name in _HTML_TAGS:
            return "text/html"
        if name == "svg":
            return "image/svg+xml"
        if text.lstrip().startswith("<?xml"):
            return "text/xml"
    if text.lstrip()[:1] in ("{", "[") and (suffix == ".json" or is_cut or _is_json(text)):
        return "application/json"
    if suffix in _TEXT_BY_SUFFIX:
        return _TEXT_BY_SUFFIX[suffix]
    return "text/csv" if not suffix and _is_table(text) else "text/plain"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_table(text: str) -> bool:
    """Tell whether the first lines have the same number of columns, at least two, split by commas."""
    lines = text.splitlines()[:10]
    try:
        widths = {len(row) for row in csv.reader(io.StringIO("\n".join(lines)), strict=True)}
    except csv.Error:
        return False
    return len(lines) >= 3 and len(widths) == 1 and widths.pop() >= 2
