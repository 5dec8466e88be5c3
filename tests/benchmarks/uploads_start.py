"""Measures what 10,000 uploads of before cost: a queue with them is opened beside an empty one.

    python -m tests.benchmarks.uploads_start [--rows 10000] [--json FILE]

Prints a table; ends with code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.settings import Settings
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.uploads.upload_queue import UploadQueue
from itkgui.uploads.upload_store import UploadStore
from tests.benchmarks.figures import Figure, report
from tests.sandbox_process import SandboxProcess

_TURNS = 15
_LIMIT = 50.0  # ms


def main() -> int:
    parser = argparse.ArgumentParser(prog="uploads_start", description="Measure opening a long history.")
    parser.add_argument("--rows", type=int, default=10_000, help="uploads that have ended (10,000)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    with SandboxProcess().start("--components", "100") as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = sandbox_settings(Settings(), sandbox.info)
        database = ProductionDatabase.sign_in(settings)
        try:
            empty, full = Path(folder) / "empty", Path(folder) / "full"
            _fill(full, database.user.identity, arguments.rows)
            times = asyncio.run(_opened(database, (empty, full)))
        finally:
            database.close()
    of_empty, of_full = (median(found) * 1e3 for found in times)
    rows = f"{arguments.rows:,} ended uploads"
    figures = [
        Figure("an empty queue opens in", of_empty, "ms"),
        Figure(f"a queue with {rows} opens in", of_full, "ms"),
        Figure(f"{rows} add to the start", of_full - of_empty, "ms", "≤", _LIMIT),
    ]
    return int(not report(figures, arguments.json))


def _fill(folder: Path, person: str, count: int) -> None:
    store = UploadStore(folder, person)
    store.add([_ended(number) for number in range(count)])
    store.close()


def _ended(number: int) -> Upload:
    name = f"wire-bonds-{number:05}.jpg"
    return Upload(
        UploadKind.FILE,
        Owner(OwnerKind.COMPONENT, f"{number % 300:032x}", f"20UPGM{number % 300:08}"),
        name,
        name,
        "pulled at 9 g",
        Storage.EOS,
        3_000_000,
        "image/jpeg",
        source=f"stick/{name}",
        sha256=f"{number:064x}",
        adler32=f"{number:08x}",
        state=UploadState.DONE,
        code=f"{number:032x}",
        ended=1_700_000_000.0 + number,
    )


async def _opened(database: ProductionDatabase, folders: Sequence[Path]) -> list[list[float]]:
    """Return the seconds that opening each folder took, one after the other in turn."""
    times: list[list[float]] = [[] for _ in folders]
    worker = Worker()
    try:
        for _ in range(_TURNS):
            for folder, found in zip(folders, times, strict=True):
                queue = UploadQueue(database, worker, folder)
                begun = time.perf_counter()
                await queue.open()
                found.append(time.perf_counter() - begun)
                await queue.close()
    finally:
        worker.stop()
    return times


if __name__ == "__main__":
    sys.exit(main())
