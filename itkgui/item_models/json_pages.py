"""JSON laid out to be read, in pieces that a text widget takes in without a stall, and searched."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 500  # characters: Qt lays out a line as a whole
_LINES_PER_PIECE = 400
# What would be invisible, turn other text about, or is no character that Qt takes: written as JSON may.
_HIDDEN = re.compile("[\x80-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class JsonPages:
    """The text, the pieces that show it with long lines broken, and where the two drift apart.

    ``drifts`` are the places in the text after which a text widget counts one more: a line break that is
    not in the text, or a character that Qt counts as two.
    """

    text: str
    pieces: tuple[str, ...]
    drifts: tuple[int, ...]

    @classmethod
    def of(cls, data: Any) -> JsonPages:
        """Lay out data; takes about 0.4 s for a megabyte."""
        try:
            text = json.dumps(data, indent=2, ensure_ascii=False)
        except RecursionError:  # laying out goes deeper into the stack than writing does
            text = json.dumps(data, ensure_ascii=False)
        whole: list[str] = []
        lines: list[str] = []
        drifts: list[int] = []
        start = 0
        # Line by line: one search through a megabyte would keep the GUI's thread from running.
        for line in text.split("\n"):
            if not line.isascii():
                line = _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", line)
                drifts += [start + found.start() for found in _ASTRAL.finditer(line)]
            cuts = range(0, len(line), LONGEST_LINE) or (0,)
            lines += [line[cut : cut + LONGEST_LINE] for cut in cuts]
            drifts += [start + cut - 1 for cut in cuts if cut]
            whole.append(line)
            start += len(line) + 1
        pieces = [
            "\n".join(lines[first : first + _LINES_PER_PIECE])
            for first in range(0, len(lines), _LINES_PER_PIECE)
        ]
        return cls("\n".join(whole), tuple(pieces), tuple(sorted(drifts)))

    def find(self, wanted: str) -> list[tuple[int, int]]:
        """Return where a text stands, whatever its case, as positions in the text widget."""
        found = re.finditer(re.escape(wanted), self.text, re.IGNORECASE) if wanted else ()
        return [(self._shown(match.start()), self._shown(match.end())) for match in found]

    def _shown(self, place: int) -> int:
        return place + bisect_right(self.drifts, place - 1)
