"""How the bytes of a text are to be read: by its mark, by what UTF-16 and UTF-8 look like, or guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from itkgui.client.media_types import encoding_of, is_utf8

# Those that files from laboratories all over the world come in; by what people know them as.
ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "UTF-32 LE": "utf-32-le",
    "UTF-32 BE": "utf-32-be",
    "Latin-1": "latin-1",
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "KOI8-R": "koi8-r",
    "Shift JIS": "cp932",
    "GB 18030": "gb18030",
    "Big5": "big5",
    "EUC-KR": "euc-kr",
}
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32 LE"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "UTF-32 BE"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE"),
)
_GUESSED = ("cp1252", "cp1250", "cp1251", "koi8_r", "cp932", "gb18030", "big5", "euc_kr")
_GUESS_BYTES = 16 * 1024
_SHORT = 32  # bytes beyond ASCII, up to which statistics of languages tell little
# Letters of Western Europe and what stands beside measured values; not what is a letter elsewhere, as ³.
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ°±²µ·×÷§«»–—‘’“”„…€\x00-\x7f\xa0]+")
_CONTINUATIONS = bytes(range(0x80, 0xC0))


@dataclass(frozen=True)
class Encoding:
    """An encoding by its ``label``, one of ``ENCODINGS``; the text begins after ``mark`` bytes."""

    label: str
    mark: int = 0

    @property
    def codec(self) -> str:
        return ENCODINGS[self.label]

    @property
    def width(self) -> int:
        """Bytes of a unit: what a line break takes."""
        return 2 if self.codec.startswith("utf-16") else 4 if self.codec.startswith("utf-32") else 1

    @property
    def unit(self) -> str:
        """The unit's type, as numpy names it."""
        return f"{'>' if self.codec.endswith('-be') else '<'}u{self.width}"

    def decode(self, raw: bytes) -> str:
        """Return the text of some bytes; what cannot be read becomes U+FFFD."""
        return raw.decode(self.codec, "replace")


def encoding_named(label: str, head: bytes) -> Encoding:
    """Return an encoding that somebody chose for a text, past its mark if the text begins with that."""
    mark = next((mark for mark, name in _MARKS if name == label and head.startswith(mark)), b"")
    return Encoding(label, len(mark))


def guess_encoding(samples: Sequence[bytes]) -> Encoding:
    """Return what a text is most likely written in, by its beginning and some bytes from further on."""
    head = samples[0]
    for mark, label in _MARKS:
        if head.startswith(mark):
            return Encoding(label, len(mark))
    codec = encoding_of(head)
    if codec.startswith("utf-16"):
        return Encoding(label_of(codec))
    # A sample from further on may begin within a character.
    if all(is_utf8(sample.lstrip(_CONTINUATIONS)) for sample in samples):
        return Encoding("UTF-8")
    return Encoding(_guessed(next(sample for sample in samples if not sample.isascii())))


def _guessed(sample: bytes) -> str:
    import charset_normalizer

    # Only characters beyond ASCII tell encodings apart.
    telling = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())[:_GUESS_BYTES]
    if _looks_western(telling):
        return _western(sample)
    best = charset_normalizer.from_bytes(telling, cp_isolation=list(_GUESSED)).best()
    if best is None or "cp1252" in best.could_be_from_charset:  # where several read the same, the commonest
        codec = "cp1252"
    else:
        codec = best.encoding.replace("_", "-")
    return _western(sample) if codec == "cp1252" else label_of(codec)


def _looks_western(telling: bytes) -> bool:
    """Tell whether little is beyond ASCII, and all of it can be Western."""
    beyond = len(telling) - len(re.sub(rb"[\x80-\xff]", b"", telling))
    return (
        beyond <= _SHORT
        and re.search(rb"[\x80-\xff]{3}", telling) is None
        and _WESTERN.fullmatch(telling.decode("cp1252", "replace")) is not None
    )


def _western(sample: bytes) -> str:
    return "Windows-1252" if re.search(rb"[\x80-\x9f]", sample) else "Latin-1"


def label_of(codec: str) -> str:
    """Return what people know a codec of ``ENCODINGS`` as."""
    return next(label for label, name in ENCODINGS.items() if name == codec)
