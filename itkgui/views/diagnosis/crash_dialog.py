"""A fault of the program itself, or an end that nobody wanted: what it means, and a report to be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from itkgui.language import _
from itkgui.views.style import set_icon, set_role

_LONGEST = 200_000  # characters


class CrashDialog(QDialog):
    """Stays beside the window, which goes on; further faults are added to the report."""

    bundle_requested = Signal(str)  # with this report
    quit_requested = Signal()

    def __init__(
        self, parent: QWidget, title: str, sentence: str, report: str, *, can_quit: bool = True
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        picture, heading, told = QLabel(), QLabel(title), QLabel(sentence)
        set_icon(picture, "failed", "bad", 32)
        set_role(heading, "heading")
        for label in (heading, told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.report.setAccessibleName(_("Report"))
        set_role(self.report, "reader")
        self.copy_button = QPushButton(_("Copy the report"))
        set_icon(self.copy_button, "copy", "text", 16)
        self.bundle_button = QPushButton(_("Support bundle…"))
        self.quit_button, self.close_button = QPushButton(_("Close the program")), QPushButton(_("Go on"))
        set_role(self.close_button, "main")
        self.quit_button.setVisible(can_quit)
        self.copy_button.clicked.connect(self.copy)
        self.bundle_button.clicked.connect(lambda: self.bundle_requested.emit(self.report.toPlainText()))
        self.quit_button.clicked.connect(self.quit_requested)
        self.close_button.clicked.connect(self.close)
        self.close_button.setDefault(True)
        words = QVBoxLayout()
        words.addWidget(heading)
        words.addWidget(told)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.bundle_button)
        buttons.addStretch(1)
        buttons.addWidget(self.quit_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.report, 1)
        layout.addLayout(buttons)
        self.resize(min(820, parent.width() - 40), min(480, parent.height() - 40))
        self.add(report)

    def add(self, report: str) -> None:
        """Put a further report below the others; of a great many the first are kept."""
        if self.report.document().characterCount() < _LONGEST:
            self.report.appendPlainText(report)

    def copy(self) -> None:
        """Copy the whole report."""
        QGuiApplication.clipboard().setText(self.report.toPlainText())
