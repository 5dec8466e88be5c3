"""Rows of a queue, as tests need them."""

from __future__ import annotations

from typing import Any

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadKind, UploadState

MODULE = Owner(OwnerKind.COMPONENT, "c" * 32, "20UPGM23800001")
RUN = Owner(OwnerKind.TEST_RUN, "a" * 24, "VISUAL_INSPECTION")


def row(name: str = "photo.jpg", target: Owner = MODULE, **changes: Any) -> Upload:
    """Return a file that waits to be sent, with what a test wants otherwise."""
    upload = Upload(
        kind=UploadKind.FILE,
        target=target,
        name=name,
        title=name,
        description="from a test",
        storage=Storage.FILE,
        size=7,
        media_type="text/plain",
        id=name,
        state=UploadState.WAITING,
    )
    return upload.with_changes(**changes)


def trouble(cause: Cause) -> Trouble:
    return Trouble(cause, "Title", "Sentence.", "Cure.")
