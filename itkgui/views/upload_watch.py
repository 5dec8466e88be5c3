"""Looks after the uploads for all views: changes in handfuls, and how far all are, a few times a second."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from itkgui.item_models.upload_burst import Burst, Tally, Totals
from itkgui.uploads.upload import Upload
from itkgui.uploads.upload_queue import UploadQueue

_FIRST_MS, _BEAT_MS, _IDLE_MS = 60, 400, 1000


class UploadWatch(QObject):
    """Listens to a queue, which tells of every row by itself; 500 files must not repaint 2,000 times."""

    changed = Signal(object)  # list[Upload], each as it is now
    beaten = Signal()  # time has passed: look at what nobody tells of; follows ``changed``

    def __init__(self, uploads: UploadQueue, parent: QObject) -> None:
        super().__init__(parent)
        self.uploads = uploads
        self.totals = Totals()
        self.tally = Tally.of(uploads.uploads)
        self._burst = Burst()
        self._fresh: dict[str, Upload] = {}
        self._beat = QTimer(self)
        self._beat.setSingleShot(True)
        self._beat.timeout.connect(self._on_beat)
        for upload in uploads.uploads:  # left by an earlier run
            self._burst.note(upload)
        uploads.listeners.append(self._on_upload_changed)
        self._beat.start(_FIRST_MS)

    def detach(self) -> None:
        """Stop listening, before the views go."""
        self._beat.stop()
        self.uploads.listeners.remove(self._on_upload_changed)

    def _on_upload_changed(self, upload: Upload) -> None:
        self._burst.note(upload)
        self._fresh[upload.id] = upload
        if self._beat.remainingTime() > _BEAT_MS:
            self._beat.start(_FIRST_MS)

    def _on_beat(self) -> None:
        fresh, self._fresh = list(self._fresh.values()), {}
        self.totals = self._burst.totals(
            self.uploads.share_done, time.monotonic(), is_paused=self.uploads.is_paused
        )
        if fresh:
            self.tally = Tally.of(self.uploads.uploads)
            self.changed.emit(fresh)
        self.beaten.emit()
        self._beat.start(_BEAT_MS if self._burst.is_moving else _IDLE_MS)
