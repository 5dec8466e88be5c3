"""How the bytes of a text are to be read: by its mark, by what UTF-16 and UTF-8 look like, or guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

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
# A text in UTF-16 has a zero in every other byte, at the same side; as many of them as it has ASCII.
_MOST_ZEROS, _FEWEST_ZEROS = 0.05, 0.4
_BROKEN_SHARE = 0.1  # of the characters beyond ASCII; more, and it is no UTF-8 with a damage
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")


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
    if label := _wide(head):
        return Encoding(label)
    foreign = b"".join(samples)
    if foreign.isascii() or all(map(_is_utf8, samples)):
        return Encoding("UTF-8")
    return Encoding(_guessed(next(sample for sample in samples if not sample.isascii())))


def _wide(head: bytes) -> str:
    """Return the UTF-16 or UTF-32 that a text without a mark is in, if any."""
    if b"\0" not in head:
        return ""
    whole = head[: len(head) // 4 * 4]
    quarters = [whole[side::4].count(0) / max(1, len(whole) // 4) for side in range(4)]
    if len(whole) >= 8 and min(quarters[1:]) > _FEWEST_ZEROS and quarters[0] < _MOST_ZEROS:
        return "UTF-32 LE"
    if len(whole) >= 8 and min(quarters[:3]) > _FEWEST_ZEROS and quarters[3] < _MOST_ZEROS:
        return "UTF-32 BE"
    even, odd = (head[side::2].count(0) / max(1, len(head) // 2) for side in (0, 1))
    if odd > _FEWEST_ZEROS and even < _MOST_ZEROS:
        return "UTF-16 LE"
    if even > _FEWEST_ZEROS and odd < _MOST_ZEROS:
        return "UTF-16 BE"
    return ""


def _is_utf8(sample: bytes) -> bool:
    """Tell whether a sample is UTF-8, maybe with a few broken characters; it may begin and end in one."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample.lstrip(bytes(range(0x80, 0xC0))))
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "replace")
        broken = text.count("�")
        foreign = sum(1 for character in text if character > "\x7f")
        return broken <= foreign * _BROKEN_SHARE
    return True


def _guessed(sample: bytes) -> str:
    import charset_normalizer

    # Only what is around characters beyond ASCII tells encodings apart.
    telling = b" ".join(
        sample[max(0, found.start() - 20) : found.end() + 20] for found in _NOT_ASCII.finditer(sample)
    )[:_GUESS_BYTES]
    best = charset_normalizer.from_bytes(telling, cp_isolation=list(_GUESSED)).best()
    if best is None or "cp1252" in best.could_be_from_charset:  # where several read the same, the commonest
        codec = "cp1252"
    else:
        codec = best.encoding.replace("_", "-")
    if codec == "cp1252" and not re.search(rb"[\x80-\x9f]", sample):
        return "Latin-1"
    return next((label for label, name in ENCODINGS.items() if name == codec), "Windows-1252")
