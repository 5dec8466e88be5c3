"""Uploads as tests of the queue's file want them, and a disk that is soon full."""

from __future__ import annotations

import contextlib
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.upload import Step, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore

MODULE = Owner(OwnerKind.COMPONENT, "5f1a", "20USBML1234567")
OTHER = Owner(OwnerKind.TEST_RUN, "5f1b", "IV curve 7")

_WAY = (UploadState.WAITING, UploadState.SENDING, UploadState.CHECKING, UploadState.DONE)


def new_upload(name: str = "iv.txt", **fields: Any) -> Upload:
    values: dict[str, Any] = {
        "kind": UploadKind.FILE,
        "target": MODULE,
        "name": name,
        "title": "An IV curve",
        "description": "at -20 °C",
        "storage": Storage.FILE,
        "size": 5,
        "media_type": "text/plain",
        "source": f"/stick/{name}",
        "sha256": "ab" * 32,
        "adler32": "062c0215",
        "state": UploadState.WAITING,
        "id": uuid.uuid4().hex,
    }
    return Upload(**values | fields)


def finish(store: UploadStore, upload: Upload, code: str = "") -> Upload:
    """Take an upload that waits all the way."""
    for state in _WAY[_WAY.index(upload.state) + 1 :]:
        upload = store.move(upload, state)
        if state is UploadState.SENDING:
            upload = store.note(upload, Step.SENT, code=code or f"code of {upload.id}")
    return upload


@contextlib.contextmanager
def small_disk(folder: Path, size: int, *options: str) -> Iterator[None]:
    """Put an empty disk of so many bytes in the place of a folder; whoever may not do that skips the test."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted: {error}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
