"""Uploads in rows, repainted as they move on."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.attachment import OwnerKind
from itkgui.records.sizes import size_text
from itkgui.uploads.pace import Progress
from itkgui.uploads.upload import Upload, UploadState

_S = UploadState
_ICONS = {
    _S.COPYING: "clock",
    _S.WAITING: "clock",
    _S.PAUSED: "clock",
    _S.SENDING: "upload",
    _S.CHECKING: "upload",
    _S.HELD: "warning",
    _S.DONE: "passed",
    _S.FAILED: "failed",
    _S.CANCELLING: "deleted",
    _S.CANCELLED: "deleted",
}
_KINDS = {
    OwnerKind.COMPONENT: "component",
    OwnerKind.TEST_RUN: "test run",
    OwnerKind.SHIPMENT: "shipment",
    OwnerKind.BATCH: "batch",
}
_TONES = {_S.DONE: "good", _S.FAILED: "bad", _S.HELD: "caution", _S.CANCELLED: "quiet"}


class UploadLine:
    """A row of the table: an upload as it is now, and how far its sending is while it is being sent."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.progress: Progress | None = None


def state_text(line: UploadLine) -> str:
    """Return the state in words."""
    if line.upload.state is _S.SENDING and line.progress is not None:
        return f"sending, {line.progress.share:.0%}"
    return "done, read back" if line.upload.state is _S.DONE else str(line.upload.state.value)


def _target_text(line: UploadLine) -> str:
    target = line.upload.target
    return f"{_KINDS[target.kind]} {target.label}"


STATE_COLUMN = 4
COLUMNS: tuple[Column[UploadLine], ...] = (
    Column("File", lambda u: u.upload.name, hint=lambda u: u.upload.title),
    Column("For", _target_text),
    Column("Kept in", lambda u: u.upload.storage.label),
    Column(
        "Size",
        lambda u: size_text(u.upload.size),
        export=lambda u: u.upload.size,
        unit="B",
        align_right=True,
    ),
    Column(
        "State",
        state_text,
        sort=lambda u: u.upload.state.value,
        icon=lambda u: _ICONS[u.upload.state],
        tone=lambda u: _TONES.get(u.upload.state, "text"),
    ),
    Column("What went wrong", lambda u: u.upload.trouble.title if u.upload.trouble else ""),
)


class UploadTable(RecordTable[UploadLine]):
    """The uploads of a queue, in the order in which they came."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self._lines: dict[str, UploadLine] = {}

    def take(self, upload: Upload) -> None:
        """Show an upload as it is now."""
        line = self._lines.get(upload.id)
        if line is None:
            line = self._lines[upload.id] = UploadLine(upload)
            self.append([line], more=False)
        else:
            line.upload = upload
            self.record_changed(line)

    def show_progress(self, progress: Callable[[str], Progress | None]) -> None:
        """Ask how far each upload is that is being sent, and show it."""
        for line in self._lines.values():
            now = progress(line.upload.id) if line.upload.state is _S.SENDING else None
            if now != line.progress:
                line.progress = now
                self.record_changed(line)
