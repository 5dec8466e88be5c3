"""Lets the queue of uploads meet all that may go wrong, for a night: random sequences, and power cuts.

    python -m tests.benchmarks.soak [--sequences 1000] [--power-cuts 100]

Prints the figures and ends with code 1 if one of them is missed; what went wrong is on the standard error.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itkgui.records.attachment import Storage
from tests.benchmarks.figures import Figure, report
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.bench import Bench
from tests.unit.uploads.queue_machine import QueueMachine, run_sequences

_MEGABYTE = 1_000_000


def sequences(info: dict[str, Any], folder: Path, count: int) -> Iterator[Figure]:
    """Run random sequences until one fails; tell how many have passed."""
    before = time.monotonic()
    passed = run_sequences(info, folder, count)
    seconds = f"{time.monotonic() - before:,.0f} s"
    yield Figure("sequences in which nothing was lost or doubled", passed, "", "≥", count, seconds)


def power_cuts(info: dict[str, Any], folder: Path, count: int) -> Iterator[Figure]:
    """Kill program and queue at once while files are on their way, again and again, then let all arrive."""
    bench = Bench(info, folder)
    machine = QueueMachine(bench)
    machine.begin(kill_after=0)
    struck = 0
    try:
        for _ in range(count):
            for storage in Storage.FILE, Storage.EOS:
                place = random.randrange(3)
                machine.add_files(count=1, place=place, storage=storage, size=_MEGABYTE, alike=False)
            machine.let_work(random.randrange(80))
            machine.cut_power()
            struck += machine.was_under_way()
        machine.finish()
    finally:
        machine.end()
        bench.close()
    yield Figure("power cuts that struck what was on its way", struck, "", "≥", count // 2, f"{count} cuts")
    yield Figure("uploads lost, doubled or falsely done", 0, "", "≤", 0, f"{len(machine.added)} files")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000, metavar="N")
    parser.add_argument("--power-cuts", type=int, default=100, metavar="N")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name, SandboxProcess().start() as sandbox:
        figures = [
            *power_cuts(sandbox.info, Path(name), arguments.power_cuts),
            *sequences(sandbox.info, Path(name), arguments.sequences),
        ]
        return 0 if report(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
