"""Lets the queue of uploads meet all that may go wrong, for a night: random sequences, and power cuts.

    python -m tests.benchmarks.soak [--sequences 1000] [--power-cuts 100]

Prints the figures and ends with code 1 if one of them is missed. How far it is comes every minute on the
standard error, and so does what went wrong, with the folder of the story, the queues and the sandbox's log.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itkgui.records.attachment import Storage
from itkgui.uploads.upload import UploadState
from tests.benchmarks.figures import Figure, report
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.bench import Bench
from tests.unit.uploads.queue_machine import run_sequences
from tests.unit.uploads.scene import BESIDE, HERE, Scene

_STORAGES = (Storage.FILE, Storage.EOS)
_UNDER_WAY = (UploadState.SENDING, UploadState.CHECKING)
_MEGABYTE = 1_000_000
_MINUTE = 60.0


class Progress:
    """Tells every minute how far something is, and how far it came if it fails."""

    def __init__(self, what: str, count: int) -> None:
        self._what = what
        self._count = count
        self._passed = 0
        self._began = self._told_at = time.monotonic()

    def note(self, passed: int) -> None:
        self._passed = passed
        now = time.monotonic()
        if now - self._told_at >= _MINUTE:
            self._told_at = now
            self._tell("so far")

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._tell("had passed when one failed")

    def _tell(self, when: str) -> None:
        seconds = time.monotonic() - self._began
        sys.stderr.write(f"{self._passed} of {self._count} {self._what} {when}, after {seconds:,.0f} s\n")
        sys.stderr.flush()


def sequences(info: dict[str, Any], folder: Path, count: int) -> Iterator[Figure]:
    """Run random sequences until one fails; tell how many have passed."""
    before = time.monotonic()
    with Progress("sequences", count) as progress:
        passed = run_sequences(info, folder, count, tell=progress.note)
    seconds = f"{time.monotonic() - before:,.0f} s"
    yield Figure("sequences in which nothing was lost or doubled", passed, "", "≥", count, seconds)


def power_cuts(info: dict[str, Any], folder: Path, count: int) -> Iterator[Figure]:
    """Kill all programs at once while files are on their way, again and again, then let all arrive."""
    bench = Bench(info, folder)
    scene = Scene(bench)
    struck = 0
    try:
        with Progress("power cuts", count) as progress:
            for number in range(count):
                progress.note(number)
                files = (scene.files(1, random.randrange(3), storage, _MEGABYTE) for storage in _STORAGES)
                scene.add(random.choice((HERE, HERE, BESIDE)), [file for one in files for file in one])
                while not _is_under_way(scene):
                    scene.let_work(1)
                scene.let_work(random.randrange(40))
                scene.cut_power()
                struck += _is_under_way(scene)
            scene.finish()
    except Exception:
        scene.keep_evidence()
        raise
    finally:
        scene.end()
        bench.close()
    yield Figure("power cuts that struck what was on its way", struck, "", "≥", count // 2, f"{count} cuts")
    told = f"{len(scene.account.added)} files"
    yield Figure("uploads lost, doubled or falsely done", 0, "", "≤", 0, told)


def _is_under_way(scene: Scene) -> bool:
    return any(row.state in _UNDER_WAY for row in scene.rows_on_disk(HERE))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000, metavar="N")
    parser.add_argument("--power-cuts", type=int, default=100, metavar="N")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))  # stays if something fails, with the evidence
    with SandboxProcess().start() as sandbox:
        figures = itertools.chain(
            power_cuts(sandbox.info, folder, arguments.power_cuts),
            sequences(sandbox.info, folder, arguments.sequences),
        )
        is_reached = report(figures)
    shutil.rmtree(folder)
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
