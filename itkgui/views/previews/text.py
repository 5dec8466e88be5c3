"""Text to read, select and copy."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout

from itkgui.client.files import BinaryFile
from itkgui.decoding.text import LoadedText
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import set_role


class TextPreview(Preview):
    """Shows text to read, select and copy."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAcceptDrops(False)
        self.reader.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.reader.setAccessibleName("Text of the file")
        set_role(self.reader, "reader")
        self.facts = QLabel()
        set_role(self.facts, "quiet")
        self.facts.setContentsMargins(8, 2, 8, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.reader, 1)
        layout.addWidget(self.facts)

    def show_content(self, file: BinaryFile, loaded: LoadedText) -> None:  # noqa: ARG002
        self.reader.setPlainText(loaded.text)
        self.facts.setText(loaded.facts)
