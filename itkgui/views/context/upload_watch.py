"""Looks after the uploads for all views: changes in handfuls, and how far all are, a few times a second."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from itkgui.client.connection_state import ConnectionState, Place
from itkgui.item_models.upload_burst import Burst, Tally, Totals
from itkgui.item_models.upload_notices import Condition, Notice, notices_of, stumble_of
from itkgui.uploads.schedule import Server
from itkgui.uploads.upload import Cause, Upload
from itkgui.uploads.upload_queue import UploadQueue

_PLACES = {Server.DATABASE: Place.DATABASE, Server.EOS: Place.STORE}
_FIRST_MS, _BEAT_MS, _IDLE_MS = 60, 400, 1000


class UploadWatch(QObject):
    """Listens to a queue, which tells of every row by itself; 500 files must not repaint 2,000 times."""

    changed = Signal(object)  # list[Upload], each as it is now
    beaten = Signal()  # time has passed: look at what nobody tells of; follows ``changed``

    def __init__(self, uploads: UploadQueue, connection: ConnectionState, parent: QObject) -> None:
        super().__init__(parent)
        self.uploads = uploads
        self._connection = connection
        self.totals = Totals()
        self.tally = Tally.of(uploads.uploads)
        self.notices: tuple[Notice, ...] = ()
        self._stumble: Notice | None = None
        self._is_damage_known = False
        self._condition = Condition()
        self._burst = Burst()
        self._fresh: dict[str, Upload] = {}
        self._beat = QTimer(self)
        self._beat.setSingleShot(True)
        self._beat.timeout.connect(self._on_beat)
        for upload in uploads.uploads:  # left by an earlier run
            self._burst.note(upload)
        uploads.listeners.append(self._on_upload_changed)
        self._look_at_all()
        self._beat.start(_FIRST_MS)

    def detach(self) -> None:
        """Stop listening, before the views go."""
        self._beat.stop()
        self.uploads.listeners.remove(self._on_upload_changed)

    @property
    def standstill(self) -> Notice | None:
        """What keeps uploads back at the moment, all or those to a server; None while they come along."""
        return next((notice for notice in self.notices if notice.stops), self._stumble)

    def look_again(self) -> None:
        """Notice now what has become of the queue as a whole."""
        if self._condition != self._condition_now():
            self._look_at_all()

    def forget_damage(self) -> None:
        """Tell no more that the list of uploads was damaged: somebody knows."""
        self._is_damage_known = True
        self.look_again()

    def _condition_now(self) -> Condition:
        queue = self.uploads
        if queue.trouble is not None:
            return Condition(trouble=queue.trouble)
        sessions = (hold.trouble for hold in queue.holds if hold.trouble.cause is Cause.SESSION)
        return Condition(
            disk_trouble=queue.disk_trouble,
            put_aside=None if self._is_damage_known else queue.store.put_aside,
            is_master=queue.is_master,
            holder=queue.holder,
            is_paused=queue.is_paused,
            session=next(sessions, None),
            answering=frozenset(server for server, place in _PLACES.items() if self._answers(place)),
        )

    def _answers(self, place: Place) -> bool:
        return self._connection.was_asked(place) and not self._connection.of(place).is_away

    def _look_at_all(self) -> None:
        self._condition = self._condition_now()
        self.notices = notices_of(self.uploads.uploads, self._condition)
        self._stumble = stumble_of(self.uploads.uploads, self._condition)

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
            self._look_at_all()
            self.changed.emit(fresh)
        self.look_again()
        self.beaten.emit()
        self._beat.start(_BEAT_MS if self._burst.is_moving else _IDLE_MS)
