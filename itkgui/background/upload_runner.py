"""Sends files, and is satisfied only when the server holds them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum

from itkgui.background.worker import Lane, Worker
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.client.transfer import Transfer
from itkgui.records.attachment import Attachment, Owner

# Left for downloads: what somebody looks at, small pictures and neighbours, many that are saved at once.
AT_ONCE = Lane.TRANSFERS.value - 3


class UploadState(Enum):
    """How far an upload is; the value is the word for people."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (UploadState.WAITING, UploadState.SENDING)


class Upload:
    """One file on its way to one target, which was fixed when the upload was added."""

    def __init__(self, owner: Owner, new: NewAttachment) -> None:
        self.owner = owner
        self.new = new
        self.state = UploadState.WAITING
        self.error: ItkError | None = None
        self.attachment: Attachment | None = None
        self.transfer: Transfer | None = None

    @property
    def is_checking(self) -> bool:
        """Whether all is sent and the server's copy is being compared."""
        return self.transfer is not None and self.transfer.is_checking

    @property
    def share_done(self) -> float:
        """How much of the file has been sent, from 0 to 1; read it by a timer."""
        if self.state is UploadState.DONE:
            return 1.0
        if self.transfer is None or not self.transfer.total:
            return 0.0
        return min(1.0, self.transfer.done / self.transfer.total)


class UploadRunner:
    """Takes files and sends each in a transfer lane of the worker. Used from the event loop's thread only.

    An upload is done when its file was read back from the server and is the same; it is failed, with the
    error kept, when that could not be shown. Files for the same target go one after another.
    """

    def __init__(self, database: ProductionDatabase, worker: Worker) -> None:
        self._database = database
        self._worker = worker
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[Owner, asyncio.Lock] = {}
        self._threads = asyncio.Semaphore(AT_ONCE)
        self.uploads: list[Upload] = []
        self.listeners: list[Callable[[Upload], None]] = []

    def add(self, owner: Owner, new: NewAttachment) -> Upload:
        """Send a file to a target as soon as a thread is free."""
        upload = Upload(owner, new)
        self.uploads.append(upload)
        self._start(upload)
        return upload

    def retry(self, upload: Upload) -> None:
        """Send a failed or cancelled upload again."""
        if not upload.state.is_open and upload.state is not UploadState.DONE:
            upload.error = None
            self._start(upload)

    def cancel(self, upload: Upload) -> None:
        """Stop an upload that waits or is being sent; what half-arrived is removed by the client."""
        if upload.transfer is not None:
            upload.transfer.cancel()
        elif upload.state is UploadState.WAITING:
            self._move(upload, UploadState.CANCELLED)

    @property
    def open_count(self) -> int:
        return sum(upload.state.is_open for upload in self.uploads)

    @property
    def failed_count(self) -> int:
        return sum(upload.state is UploadState.FAILED for upload in self.uploads)

    async def stop(self) -> None:
        """End everything under way and wait until it has ended."""
        for upload in self.uploads:
            self.cancel(upload)
        await asyncio.gather(*self._tasks, return_exceptions=True)  # faults are told by then

    def _start(self, upload: Upload) -> None:
        self._move(upload, UploadState.WAITING)
        task = asyncio.get_event_loop().create_task(self._run(upload))
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "an upload failed oddly", "exception": fault})

    async def _run(self, upload: Upload) -> None:
        # Without the semaphore, what waits for a thread would seem to be sent and could not be cancelled.
        async with self._turns.setdefault(upload.owner, asyncio.Lock()), self._threads:
            if upload.state is not UploadState.WAITING:
                return
            try:
                self._move(upload, UploadState.SENDING)
                call = self._worker.call(self._database.attach, upload.owner, upload.new, lane=Lane.TRANSFERS)
                upload.transfer = call.transfer
                upload.attachment = await call
            except Cancelled:
                self._move(upload, UploadState.CANCELLED)
            except ItkError as error:
                upload.error = error
                self._move(upload, UploadState.FAILED)
            except Exception as fault:
                upload.error = ItkError(f"{type(fault).__name__}: {fault}")
                self._move(upload, UploadState.FAILED)
                raise
            else:
                self._move(upload, UploadState.DONE)
            finally:
                upload.transfer = None

    def _move(self, upload: Upload, state: UploadState) -> None:
        upload.state = state
        for listener in list(self.listeners):
            listener(upload)
