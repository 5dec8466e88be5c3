"""Text: its encoding guessed, JSON laid out, long files cut with a word about it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import encoding_of
from itkgui.decoding.undecodable import reading
from itkgui.records.sizes import size_text

# What Qt takes in and lays out without a stall: a line costs 3 µs, and is laid out as a whole.
SHOWN_BYTES = 512 * 1024
MOST_LINES = 10_000
LONGEST_LINE = 500  # characters


@dataclass(frozen=True)
class LoadedText:
    """Text ready to show, and what to say about it."""

    text: str
    facts: str


def load_text(file: BinaryFile) -> LoadedText:
    """Read the beginning of a text file and decode it; Raises Undecodable."""
    with reading("text"), file.path.open("rb") as opened:
        raw = opened.read(SHOWN_BYTES)
    encoding = encoding_of(raw)
    text = raw.decode(encoding, errors="replace").replace("\x00", "␀")
    facts = [encoding.upper()]
    is_whole = file.size <= len(raw)
    if is_whole and text.lstrip()[:1] in ("{", "["):
        text, said = _json_laid_out(text)
        facts.append(said)
    lines, has_long_lines = _short_lines(text)
    if len(lines) > MOST_LINES:
        del lines[MOST_LINES:]
        facts.append(f"the first {MOST_LINES:,} lines of {size_text(file.size)}")
    elif not is_whole:
        facts.append(f"the first {size_text(len(raw))} of {size_text(file.size)}")
    if has_long_lines:
        facts.append("long lines broken")
    return LoadedText("\n".join(lines), "  ·  ".join(facts))


def _json_laid_out(text: str) -> tuple[str, str]:
    """Return JSON laid out, or as it is where that would be too long to show, and what was done."""
    parts: list[str] = []
    size = lines = 0
    try:
        # Part by part: the indents of deep JSON can take a thousand times the space of the file.
        for part in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(json.loads(text)):
            parts.append(part)
            size += len(part)
            lines += part.count("\n")
            if size > SHOWN_BYTES or lines >= MOST_LINES:
                return text, "JSON, too long to be laid out"
    except RecursionError:
        return text, "JSON, too deep to be laid out"
    except ValueError:
        return text, "looks like JSON but is not valid"
    laid_out = "".join(parts)
    # Half a character, which JSON can spell, is none that Qt takes.
    return laid_out.encode(errors="replace").decode(), "JSON, laid out"


def _short_lines(text: str) -> tuple[list[str], bool]:
    """Return the lines of a text, long ones in pieces, and whether there were any."""
    whole = text.splitlines()
    lines: list[str] = []
    for line in whole:
        lines += [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [""]
    return lines, len(lines) > len(whole)
