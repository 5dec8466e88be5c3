"""Sends files in a process of its own, for ``uploads_many`` and ``uploads_large``; its argument is JSON.

``files`` are paths, ``targets`` codes of components, which get them in turn; ``folder`` is the queue's.
Prints ``{"seconds": …, "cpu": …, "growth": …}``: from a client that is signed in to the end, and by how many
MiB the process grew; of the queue also ``copied``, the seconds until all files were in the spool.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.transfer_worker import memory, restart_peak


def main() -> None:
    task = json.loads(sys.argv[1])
    logging.disable(logging.WARNING)  # itkdb's remarks about what it ignores
    sys.stdout.write(json.dumps(_JOBS[task["job"]](task)))


class _Stopwatch:
    """Starts with what is measured; ``read`` returns the figures."""

    def __init__(self) -> None:
        self._before, self._cpu = restart_peak(), time.process_time()
        self.begun = time.perf_counter()

    def read(self, **more: float) -> dict[str, float]:
        seconds, cpu = time.perf_counter() - self.begun, time.process_time() - self._cpu
        return {"seconds": seconds, "cpu": cpu, "growth": memory("VmHWM") - self._before, **more}


def _by_queue(task: dict[str, Any]) -> dict[str, float]:
    """Send by the queue: copied, committed, sent, compared."""
    from itkgui.client.credentials import BearerToken
    from itkgui.client.database import ProductionDatabase
    from itkgui.embedded_sandbox import sandbox_settings
    from itkgui.settings import Settings

    settings = sandbox_settings(Settings(), task["info"])
    database = ProductionDatabase.sign_in(settings, BearerToken(task["info"]["bearer"]))
    try:
        return asyncio.run(_through_queue(database, task))
    finally:
        database.close()


async def _through_queue(database: Any, task: dict[str, Any]) -> dict[str, float]:
    from itkgui.background.worker import Worker
    from itkgui.records.attachment import Owner, OwnerKind, Storage
    from itkgui.uploads.sorting import Timing
    from itkgui.uploads.upload import Upload, UploadKind, UploadState
    from itkgui.uploads.upload_queue import UploadQueue

    targets = [Owner(OwnerKind.COMPONENT, code, code) for code in task["targets"]]
    uploads = [
        Upload(
            UploadKind.FILE,
            targets[number % len(targets)],
            Path(path).name,
            Path(path).stem,
            "",
            Storage.EOS if task.get("on_eos") else Storage.FILE,
            Path(path).stat().st_size,
            "application/octet-stream",
            path,
        )
        for number, path in enumerate(task["files"])
    ]
    worker = Worker()
    queue = UploadQueue(database, worker, Path(task["folder"]), Timing(undo=0))
    await queue.open()
    left, over, copied = {upload.id for upload in uploads}, asyncio.Event(), 0.0

    def on_change(row: Upload) -> None:
        nonlocal copied
        if row.state is UploadState.WAITING and row.sha256:
            copied = time.perf_counter()
        if row.state.has_ended or row.state is UploadState.FAILED:
            left.discard(row.id)
            if row.state is not UploadState.DONE or not left:
                over.set()

    queue.listeners.append(on_change)
    watch = _Stopwatch()
    try:
        await queue.add(uploads)
        await over.wait()
        if left or any(row.state is not UploadState.DONE for row in queue.uploads):
            raise RuntimeError("an upload has failed")
        return watch.read(copied=copied - watch.begun)
    finally:
        await queue.close()
        worker.stop()


def _by_itkdb(task: dict[str, Any]) -> dict[str, float]:
    """Post one file after another, as a script does that uses the other package."""
    os.environ["ITKDB_API_URL"] = task["info"]["api_url"]
    import itkdb

    user = itkdb.core.UserBearer(task["info"]["bearer"])
    with itkdb.Client(user=user, prefix_url=task["info"]["api_url"], cache=False) as client:
        client.get("listProjects")
        watch = _Stopwatch()
        for number, name in enumerate(task["files"]):
            path = Path(name)
            keys = {"component": task["targets"][number % len(task["targets"])], "title": path.stem}
            keys |= {"description": "", "type": "file", "url": path.name}
            with path.open("rb") as file:
                files = {"data": (path.name, file, "application/octet-stream")}
                client.post("createComponentAttachment", data=keys, files=files)
        return watch.read()


_JOBS: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {"queue": _by_queue, "itkdb": _by_itkdb}

if __name__ == "__main__":
    main()
