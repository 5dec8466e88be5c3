"""Tells what a file is by its content; its name only tells one kind of text from another."""

from __future__ import annotations

import codecs
import json
import re
from pathlib import PurePath

from itkgui.client.containers import kind_of_media, kind_of_tiff, kind_of_zip
from itkgui.client.table_form import recognised

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
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
        (rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", "image/bmp"),
        (rb"FUJIFILMCCD-RAW ", "image/x-fuji-raf"),
        (rb"IIR[OS]\x08\0|MMOR\0\0", "image/x-olympus-orf"),
        (rb"IIU\0.{4}", "image/x-panasonic-rw2"),
        (rb"II\x1a\0\0\0HEAPCCDR", "image/x-canon-crw"),
        (rb"\0MRM.{4}\0PRD", "image/x-minolta-mrw"),
        (rb"%PDF-", "application/pdf"),
        (rb"\x1f\x8b\x08", "application/gzip"),
        (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", "application/x-bzip2"),
        (rb"\xfd7zXZ\0", "application/x-xz"),
        (rb".{257}ustar[\0 ]", "application/x-tar"),
        (rb"root\0[\0-\xff]{3}", "application/x-root"),
        (
            rb"(?:.{512}|.{1024}|.{2048}|.{4096})?\x89HDF\r\n\x1a\n",
            "application/x-hdf5",
        ),  # after a user block
        (rb"\x93NUMPY[\1-\3]", "application/x-npy"),
        (rb"SQLite format 3\0", "application/vnd.sqlite3"),
    )
)
_CONTAINERS = (
    (re.compile(rb"II[*+]\0|MM\0[*+]"), kind_of_tiff),
    (re.compile(rb"\0\0..ftyp", re.DOTALL), kind_of_media),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), kind_of_zip),
)
_ZIP_BASED = re.compile(
    r"application/(?:zip|epub\+zip|java-archive|x-npz|vnd\.oasis\.opendocument\..*|vnd\.openxmlformats.*)"
)
_PACKED = frozenset(("application/gzip", "application/x-bzip2", "application/x-xz", "application/x-tar"))
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
_MAYBE_TABLES = frozenset(("text/plain", "text/csv", "text/tab-separated-values"))
_BY_DELIMITER = {"\t": "text/tab-separated-values", ",": "text/csv", ";": "text/csv"}
# Control characters that no text has; the last three left out are in what was written for a terminal.
_CONTROL = re.compile(r"[\x00-\x06\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]")  # without those that texts have
_C1 = re.compile(rb"[\x80-\x9f]")
_FOREIGN = bytes(range(0x80, 0x100))
_MOST_FOREIGN = 0.3  # of a text in a western language
_BROKEN_SHARE = 0.1  # of the characters beyond ASCII; with more of them broken, a text is no UTF-8
_FEWEST_PAIRS, _FEWEST_ZEROS, _MOST_ZEROS = 4, 0.4, 0.05  # of UTF-16
# Below this, puremagic has seen two or three bytes that may stand in any file.
_CONFIDENCE = 0.4

_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/jp2": ".jp2",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/avif": ".avif",
    "image/x-canon-cr2": ".cr2",
    "image/x-canon-cr3": ".cr3",
    "image/x-canon-crw": ".crw",
    "image/x-nikon-nef": ".nef",
    "image/x-sony-arw": ".arw",
    "image/x-adobe-dng": ".dng",
    "image/x-fuji-raf": ".raf",
    "image/x-olympus-orf": ".orf",
    "image/x-panasonic-rw2": ".rw2",
    "image/x-minolta-mrw": ".mrw",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/x-bzip2": ".bz2",
    "application/x-xz": ".xz",
    "application/x-tar": ".tar",
    "application/x-root": ".root",
    "application/x-hdf5": ".h5",
    "application/x-npy": ".npy",
    "application/x-npz": ".npz",
    "application/vnd.sqlite3": ".sqlite",
    "application/epub+zip": ".epub",
    "application/java-archive": ".jar",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/json": ".json",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
}
# Of pictures that cannot run: a browser runs the scripts of a drawing.
IMAGE_SUFFIXES = frozenset(
    (".jpeg", ".tiff", *(suffix for kind, suffix in _SUFFIXES.items() if kind.startswith("image/")))
)


def media_type_of(head: bytes, name: str = "") -> str:
    """Return the media type of a file by its first ``HEAD`` bytes, or all of them if it is smaller."""
    if not head:
        return EMPTY
    for pattern, media_type in _SIGNATURES:
        if pattern.match(head):
            return media_type
    for pattern, kind_of in _CONTAINERS:
        if pattern.match(head) and (kind := kind_of(head)):
            return kind
    if text := _text_in(head):
        return _kind_of_text(text, len(head) >= HEAD, PurePath(name).suffix.lower())
    return _guess(head)


def _guess(head: bytes) -> str:
    import puremagic  # here, as it reads its tables, which most never need

    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    likely = (guess.mime_type for guess in guesses if guess.mime_type and guess.confidence >= _CONFIDENCE)
    return next((guess for guess in likely if not guess.startswith("text/")), UNKNOWN)


def is_zip_based(media_type: str) -> bool:
    """Tell whether files of a media type are zip archives, whatever else they are."""
    return _ZIP_BASED.fullmatch(media_type) is not None


def is_archive(media_type: str) -> bool:
    """Tell whether files of a media type hold other files, or one that is compressed."""
    return media_type in _PACKED or is_zip_based(media_type)


def is_table(head: bytes, media_type: str) -> bool:
    """Tell whether a text is a table, by its first ``HEAD`` bytes; a name like ``.csv`` needs less proof."""
    if media_type not in _MAYBE_TABLES:
        return False
    text = head.decode(encoding_of(head), errors="replace")
    is_named = media_type != "text/plain"
    return recognised(text, is_cut=len(head) >= HEAD, is_named=is_named) is not None


def suffix_for(media_type: str) -> str:
    """Return the usual suffix of a media type, with its dot; empty for one that has none here."""
    return _SUFFIXES.get(media_type, "")


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text, as Python names it: by its mark, by what UTF-16 and UTF-8 look like.

    Of those that look all alike it is Latin-1, or another one that has characters where Latin-1 has none.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _utf16_of(head):
        return wide
    if is_utf8(head):
        return "utf-8"
    if not _C1.search(head):
        return "latin-1"
    foreign = len(head) - len(head.translate(None, _FOREIGN))
    likely = ("cp1252", "cp932", "gb18030") if foreign < _MOST_FOREIGN * len(head) else ("cp932", "gb18030")
    return next((codec for codec in likely if _decodes(head, codec)), "latin-1")


def is_utf8(sample: bytes) -> bool:
    """Tell whether bytes from a text are UTF-8, maybe with a few broken characters; the last may be cut."""
    if _decodes(sample, "utf-8"):
        return True
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken <= _BROKEN_SHARE * (len(text) - len(text.encode("ascii", "ignore")))


def _utf16_of(head: bytes) -> str:
    """Return the UTF-16 that a text without a mark is in, if any: ASCII has a zero at the same side there."""
    pairs = len(head) // 2
    if pairs < _FEWEST_PAIRS or b"\0" not in head:
        return ""
    high, low = (head[side : 2 * pairs : 2].count(0) / pairs for side in (0, 1))
    if max(high, low) < _FEWEST_ZEROS or min(high, low) > _MOST_ZEROS:
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _decodes(head: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _text_in(head: bytes) -> str:
    """Return the content as text; empty if it cannot be one, which control characters tell."""
    encoding = encoding_of(head)
    try:
        # The last character may be cut; others may be broken in UTF-8 only.
        errors = "replace" if encoding == "utf-8" else "strict"
        text = codecs.getincrementaldecoder(encoding)(errors).decode(head)
    except UnicodeDecodeError:
        return ""
    return "" if _CONTROL.search(text) else text


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
    form = None if suffix else recognised(text, is_cut=is_cut)
    return _BY_DELIMITER.get(form.delimiter, "text/plain") if form is not None else "text/plain"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
