"""A page that takes files: whatever is dropped anywhere on it is handed over as paths."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from itkgui.views.empty_pane import EmptyPane
from itkgui.views.style import set_role


class DropArea(QWidget):
    """Accepts files of this computer, as a copy whatever keys are held; ``target_name`` is what gets them."""

    files_dropped = Signal(object)  # list[Path]
    others_dropped = Signal()  # something that is no file of this computer

    def __init__(self) -> None:
        super().__init__()
        self.target_name = ""
        self._hint = _DropHint(self)
        self.setAcceptDrops(True)

    @property
    def _takes_files(self) -> bool:
        return bool(self.target_name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._takes_files:
            _accept_as_copy(event)
            self._hint.show_over(f"Drop to add to {self.target_name}")

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls() and self._takes_files:
            _accept_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hint.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hint.hide()
        _accept_as_copy(event)
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(paths) < len(urls):
            self.others_dropped.emit()
        if paths:
            self.files_dropped.emit(paths)


class _DropHint(QFrame):
    """Lies over the whole page while files are dragged across it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pane = EmptyPane("drop", "")
        layout = QVBoxLayout(self)
        layout.addWidget(self._pane)
        self.hide()

    def show_over(self, sentence: str) -> None:
        self._pane.say(sentence, "The files on this computer stay as they are.")
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect().adjusted(10, 10, -10, -10))
        self.raise_()
        self.show()


def _accept_as_copy(event: QDropEvent) -> None:
    # Whatever keys are held: answering "move" would let the other program delete the source.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
