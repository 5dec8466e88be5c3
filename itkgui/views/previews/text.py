"""Text: its encoding guessed, JSON laid out, long files cut with a word about it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import encoding_of
from itkgui.item_models.sizes import size_text
from itkgui.views.style import mono_font, set_role

SHOWN_BYTES = 512 * 1024  # what Qt lays out without a stall
_LONGEST_LINE = 4000  # characters; Qt lays out a line as a whole


@dataclass(frozen=True)
class LoadedText:
    """Text ready to show, and what to say about it."""

    text: str
    facts: str


def load_text(file: BinaryFile) -> LoadedText:
    """Read the beginning of a text file and decode it; runs on the worker."""
    with file.path.open("rb") as opened:
        raw = opened.read(SHOWN_BYTES)
    encoding = encoding_of(raw)
    text = raw.decode(encoding, errors="replace").replace("\x00", "␀")
    facts = [encoding.upper()]
    if file.size > len(raw):
        facts.append(f"the first {size_text(len(raw))} of {size_text(file.size)}")
    elif text.lstrip()[:1] in ("{", "["):
        try:
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
            facts.append("JSON, laid out")
        except ValueError:
            facts.append("looks like JSON but is not valid")
    return LoadedText("\n".join(_short_lines(text)), "  ·  ".join(facts))


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
        self.reader.setAcceptDrops(False)
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
