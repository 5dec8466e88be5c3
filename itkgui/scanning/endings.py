"""What scanners put around a label: Enter, Tab and the like behind it, the kind of code before it."""

from __future__ import annotations

import re

from itkgui.language import N_

_KEYS = {"\r": N_("Enter (CR)"), "\n": N_("LF"), "\t": N_("Tab")}
_LITERALS = ("\\r", "\\n", "\\t")
_LITERAL = N_("the letters {letters}")
NONE = N_("none")

# The identifier of a code's kind by ISO/IEC 15424 (AIM), such as ]C0 of Code 128 or ]d2 of Data Matrix.
_KIND = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_FRAME = "\x02\x03\x04"  # STX, ETX and EOT, which some send around each label


def parted(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return a scan without its endings, and these: ``\r``, ``\n``, ``\t``, also written out as letters."""
    endings: list[str] = []
    text = text.rstrip(_FRAME)
    while True:
        found = next((one for one in (*_KEYS, *_LITERALS) if text.endswith(one)), None)
        if found is None:
            return text, tuple(reversed(endings))
        endings.append(found)
        text = text.removesuffix(found).rstrip(_FRAME)


def unframed(text: str) -> str:
    """Return a scan without what stands before the label and is not of it."""
    text = text.lstrip(_FRAME)
    kind = _KIND.match(text)
    return text[kind.end() :] if kind else text


def words(endings: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return for each ending a text to be translated, and the letters to be put into it."""
    return tuple((_KEYS.get(one, _LITERAL), one) for one in endings)
