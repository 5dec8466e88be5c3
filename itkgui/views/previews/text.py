"""Text: its encoding guessed, JSON laid out, long files cut with a word about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from itkgui.item_models.sizes import size_text
from itkgui.views.style import mono_font, set_role

SHOWN_BYTES = 512 * 1024  # what Qt lays out without a stall
_GUESS_BYTES = 64 * 1024
_LONGEST_LINE = 4000  # characters; Qt lays out a line as a whole


@dataclass(frozen=True)
class LoadedText:
    """Text ready to show, and what to say about it."""

    text: str
    facts: str


def load_text(path: Path) -> LoadedText:
    """Read the beginning of a text file and decode it; runs on the worker."""
    size = path.stat().st_size
    with path.open("rb") as file:
        raw = file.read(SHOWN_BYTES)
    encoding = guess_encoding(raw)
    text = raw.decode(encoding, errors="replace").replace("\x00", "␀")
    facts = [encoding.upper()]
    if size > len(raw):
        facts.append(f"the first {size_text(len(raw))} of {size_text(size)}")
    elif text.lstrip()[:1] in ("{", "["):
        try:
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
            facts.append("JSON, laid out")
        except ValueError:
            facts.append("looks like JSON but is not valid")
    return LoadedText("\n".join(_short_lines(text)), "  ·  ".join(facts))


def guess_encoding(raw: bytes) -> str:
    """Return the name of the encoding that some bytes of text are most likely in."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return name
    try:
        raw[:-4].decode("utf-8")  # the last character may be cut
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(raw[:_GUESS_BYTES]).best()
        return best.encoding if best else "latin-1"
    return "utf-8"


def _short_lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        lines += [line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE)] or [""]
    return lines


class TextPreview(QWidget):
    """Shows text to read, select and copy."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.reader.setAccessibleName("Text of the file")
        self.reader.setFont(mono_font(9.5))
        set_role(self.reader, "reader")
        self.facts = QLabel()
        set_role(self.facts, "quiet")
        self.facts.setContentsMargins(8, 2, 8, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.reader, 1)
        layout.addWidget(self.facts)

    def show_content(self, loaded: LoadedText) -> None:
        self.reader.setPlainText(loaded.text)
        self.facts.setText(loaded.facts)
