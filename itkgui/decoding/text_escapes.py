"""Text as it may be shown: a terminal's colours as marks beside it, what is invisible as a visible sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itkgui.client.escapes import CONTROL

Span = tuple[int, int, str]
"""Where a part of a row begins, how long it is, and its look, see ``looks_of``."""

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
# Control characters but the tab; marks that turn the writing direction or take no room; half characters.
_HIDDEN = re.compile(
    "[\0-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FIRST_256 = 16  # of the 256 colours, those before it are the eight, and the eight in bright


def shown(text: str) -> str:
    """Return a row without the codes of a terminal, other control characters as those write them, ``^[``."""
    if text.isprintable():
        return text
    return _HIDDEN.sub(_sign, CONTROL.sub("", text))


def looks_of(text: str, before: str = "") -> tuple[tuple[Span, ...], str]:
    """Return how the codes in a row colour what is shown of it, and the look after it.

    A look is words: ``bold``, ``underlined``, ``reversed``, a colour such as ``red``, a background such as
    ``on-red``; ``before`` is the one that the row begins with.
    """
    spans: list[Span] = []
    look, start, place = before, 0, 0
    for code in _SGR.finditer(text):
        length = len(shown(text[start : code.start()]))
        if look and length:
            spans.append((place, length, look))
        place += length
        start = code.end()
        look = _after(look, code[1])
    if look and len(text) > start:
        spans.append((place, len(shown(text[start:])), look))
    return tuple(spans), look


def has_colours(text: str) -> bool:
    return _SGR.search(text) is not None


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"^{chr(code ^ 0x40)}" if code < 0x20 or code == 0x7F else "�"


def _after(look: str, codes: str) -> str:
    """Return the look after the codes of one sequence."""
    words = set(look.split())
    for kind in _words(codes):
        if kind == "":
            words.clear()
        elif kind.startswith("no-"):
            words.discard(kind[3:])
        else:
            side = kind.startswith("on-")
            if kind.removeprefix("on-") in (*_COLOURS, "grey", "plain"):
                words = {word for word in words if not _is_colour(word, side)}
            if not kind.endswith("plain"):
                words.add(kind)
    return " ".join(sorted(words))


def _is_colour(word: str, is_background: bool) -> bool:
    plain = word.removeprefix("on-")
    return plain in (*_COLOURS, "grey") and word.startswith("on-") == is_background


def _words(codes: str) -> Iterator[str]:
    numbers = [int(code[:6]) if code else 0 for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        side = "on-" if code // 10 in (4, 10) else ""
        if code in (38, 48):
            yield side + _extended(numbers)
        elif code == 0:
            yield ""
        elif code in (1, 4, 7):
            yield {1: "bold", 4: "underlined", 7: "reversed"}[code]
        elif code in (22, 24, 27):
            yield {22: "no-bold", 24: "no-underlined", 27: "no-reversed"}[code]
        elif code in (39, 49):
            yield side + "plain"
        elif 30 <= code <= 37 or 40 <= code <= 47:
            yield side + _COLOURS[code % 10]
        elif 90 <= code <= 97 or 100 <= code <= 107:
            yield side + (_COLOURS[code % 10] if code % 10 else "grey")


def _extended(numbers: list[int]) -> str:
    """Take one of 256 or 16 million colours off the codes, and return the nearest of the eight."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 2:
        red, green, blue = ([*numbers[:3], 0, 0, 0])[:3]
        del numbers[:3]
        return _nearest(red, green, blue)
    number = numbers.pop(0) if kind == 5 and numbers else 7
    if number < _FIRST_256:
        return _COLOURS[number % 8] if number != 8 else "grey"
    if number >= 232:
        return "grey" if number < 244 else "white"
    number -= _FIRST_256
    return _nearest(*(51 * side for side in (number // 36, number // 6 % 6, number % 6)))


def _nearest(red: int, green: int, blue: int) -> str:
    least = (max(red, green, blue) + min(red, green, blue)) // 2
    number = sum(bit for bit, side in ((1, red), (2, green), (4, blue)) if side > least)
    if number:
        return _COLOURS[number]
    return "white" if red > 127 else "grey"
