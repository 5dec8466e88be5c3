"""Uploads in rows, repainted as they move on."""

from __future__ import annotations

from itkgui.background.upload_runner import Upload, UploadState
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.attachment import OwnerKind
from itkgui.records.sizes import size_text

_ICONS = {
    UploadState.WAITING: "clock",
    UploadState.SENDING: "upload",
    UploadState.DONE: "passed",
    UploadState.FAILED: "failed",
    UploadState.CANCELLED: "deleted",
}
_KINDS = {
    OwnerKind.COMPONENT: "component",
    OwnerKind.TEST_RUN: "test run",
    OwnerKind.SHIPMENT: "shipment",
    OwnerKind.BATCH: "batch",
}
_TONES = {UploadState.DONE: "good", UploadState.FAILED: "bad", UploadState.CANCELLED: "quiet"}


def state_text(upload: Upload) -> str:
    """Return the state in words, with the share sent while it is being sent."""
    if upload.state is UploadState.SENDING:
        return "checking" if upload.is_checking else f"sending, {upload.share_done:.0%}"
    if upload.state is UploadState.DONE:
        return "done, read back"
    return str(upload.state.value)


def _target_text(upload: Upload) -> str:
    return f"{_KINDS[upload.owner.kind]} {upload.owner.label}"


STATE_COLUMN = 4
COLUMNS: tuple[Column[Upload], ...] = (
    Column("File", lambda u: u.new.file.path.name, hint=lambda u: u.new.title),
    Column("For", _target_text),
    Column("Kept in", lambda u: u.new.storage.label),
    Column(
        "Size",
        lambda u: size_text(u.new.file.size),
        export=lambda u: u.new.file.size,
        unit="B",
        align_right=True,
    ),
    Column(
        "State",
        state_text,
        sort=lambda u: u.state.value,
        icon=lambda u: _ICONS[u.state],
        tone=lambda u: _TONES.get(u.state, "text"),
    ),
    Column("What went wrong", lambda u: u.error.title if u.error else ""),
)


class UploadTable(RecordTable[Upload]):
    """The uploads since sign-in, oldest first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)

    def progress_changed(self) -> None:
        """Repaint how far each upload is."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, STATE_COLUMN), self.index(self.rowCount() - 1, STATE_COLUMN))
