"""How far the fetching of a file is, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from itkgui.background.worker import Call
from itkgui.client.files import BinaryFile
from itkgui.language import _
from itkgui.records.sizes import size_text
from itkgui.views.style import set_role

_PROGRESS_MS = 100


class FetchLine(QWidget):
    """Hidden unless a call that fetches a file has gone on for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.call: Call[BinaryFile] | None = None
        """What is under way."""
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        self.progress, self.text = QProgressBar(), QLabel()
        self.progress.setTextVisible(False)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.text, "quiet")
        self.cancel_button = QPushButton(_("Cancel"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 4)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.text)
        layout.addWidget(self.cancel_button)
        self.hide()

    def begin(self, call: Call[BinaryFile]) -> None:
        self.call = call
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        self.hide()
        self.call = None

    def _show_progress(self) -> None:
        if self.call is None:
            return
        transfer = self.call.transfer
        done, total = transfer.done, transfer.total
        # A bar without a range moves to and fro: the size is not known yet.
        self.progress.setRange(0, 1000 if total else 0)
        if total:
            self.progress.setValue(round(1000 * done / total))
            self.text.setText(_("{done} of {total}").format(done=size_text(done), total=size_text(total)))
        else:
            self.text.setText(size_text(done) if done else "")
        self.show()
