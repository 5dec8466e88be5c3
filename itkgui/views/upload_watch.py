"""Looks after the uploads for all views: changes in handfuls, and how far all are, a few times a second."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from itkgui.item_models.upload_burst import Burst, Totals
from itkgui.uploads.upload import Upload
from itkgui.uploads.upload_queue import UploadQueue

_GATHER_MS = 100
_BEAT_MS, _IDLE_MS = 200, 1000


class UploadWatch(QObject):
    """Listens to a queue, which tells of every row by itself; 500 files must not repaint 2,000 times."""

    changed = Signal(object)  # list[Upload], each as it is now
    beaten = Signal()  # time has passed: look at what nobody tells of

    def __init__(self, uploads: UploadQueue, parent: QObject) -> None:
        super().__init__(parent)
        self.uploads = uploads
        self.totals = Totals()
        self._burst = Burst()
        self._fresh: dict[str, Upload] = {}
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_GATHER_MS)
        self._gathering.timeout.connect(self._tell)
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._on_beat)
        for upload in uploads.uploads:  # left by an earlier run
            self._burst.note(upload)
        uploads.listeners.append(self._on_upload_changed)
        self._beat.start(_IDLE_MS)

    def detach(self) -> None:
        """Stop listening, before the views go."""
        self._gathering.stop()
        self._beat.stop()
        self.uploads.listeners.remove(self._on_upload_changed)

    def _on_upload_changed(self, upload: Upload) -> None:
        self._burst.note(upload)
        self._fresh[upload.id] = upload
        if not self._gathering.isActive():
            self._gathering.start()

    def _tell(self) -> None:
        fresh, self._fresh = list(self._fresh.values()), {}
        self.totals = self._burst.totals(self.uploads.share_done, time.monotonic())
        interval = _BEAT_MS if self._burst.is_moving else _IDLE_MS
        if self._beat.interval() != interval:
            self._beat.start(interval)
        self.changed.emit(fresh)

    def _on_beat(self) -> None:
        self.totals = self._burst.totals(self.uploads.share_done, time.monotonic())
        self.beaten.emit()
