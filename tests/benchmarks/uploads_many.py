"""Measures the queue with many small files, side by side with a loop over itkdb that posts the same.

    python -m tests.benchmarks.uploads_many [--files 500] [--latency 20] [--rounds 3] [--json FILE]

Ours copies, commits, sends and compares each; theirs only sends. They take turns. Prints a table; ends with
code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import Figure, milliseconds, report
from tests.benchmarks.visitor import Visitor
from tests.sandbox_process import SandboxProcess

_PATIENCE = 600.0
_SIZE = 20_000  # bytes
_SPREAD = 25  # components that a dropped folder has files for
_FACTOR = 3.0
_WRITTEN = 1.7e9  # when the files were: the queue lets those of this moment rest, as more may come


def main() -> int:
    parser = argparse.ArgumentParser(prog="uploads_many", description="Measure many small uploads.")
    parser.add_argument("--files", type=int, default=500, help="sent at once (500)")
    parser.add_argument("--latency", type=int, default=20, help="of the sandbox, in ms (20)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is done (3)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    figures = _measured(arguments.files, arguments.latency, arguments.rounds)
    return int(not report(figures, arguments.json))


def _measured(count: int, latency: int, rounds: int) -> Iterator[Figure]:
    # The server gets a core for itself, where there are two, as it has a machine for itself in life.
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    options = ("--components", "1000", "--latency", str(latency))
    with SandboxProcess().start(*options) as sandbox, tempfile.TemporaryDirectory() as folder:
        os.sched_setaffinity(0, cores[1:] or cores)
        files = [Path(folder) / f"measurement-{number:04}.txt" for number in range(count)]
        for path in files:
            path.write_text(os.urandom(_SIZE // 2).hex())
            os.utime(path, (_WRITTEN, _WRITTEN))
        work = {"info": dict(sandbox.info), "files": [str(path) for path in files]}
        codes = iter(
            _components(sandbox.info)
        )  # fresh ones each time: what a component has makes its list long
        for spread, limit in ((_SPREAD, _FACTOR), (1, 0.0)):
            ours, theirs = [], []
            for number in range(rounds if limit else 1):
                targets = list(itertools.islice(codes, spread))
                task = work | {"targets": targets, "folder": f"{folder}/queue-{spread}-{number}"}
                ours.append(run_worker(task | {"job": "queue"}))
                theirs.append(run_worker(task | {"job": "itkdb"}))
            where = f"{spread} components" if spread > 1 else "one, in order"
            yield _figure(f"{count} files to {where}, {latency} ms away", ours, theirs, limit)
            yield Figure(f"{count} files to {where}: copied", median(our["copied"] for our in ours), "s")
            yield Figure(f"{count} files to {where}: processor", median(our["cpu"] for our in ours), "s")
    os.sched_setaffinity(0, cores)


def _figure(
    name: str, ours: Sequence[dict[str, float]], theirs: Sequence[dict[str, float]], limit: float
) -> Figure:
    """Compare what ran one after the other: the machine may be busier in one round than in the next."""
    ratio = median(their["seconds"] / our["seconds"] for our, their in zip(ours, theirs, strict=True))
    seconds = [milliseconds(median(run["seconds"] for run in runs)) for runs in (ours, theirs)]
    return Figure(name, ratio, "×", "≥" if limit else "", limit, *seconds)


def run_worker(task: dict[str, Any]) -> dict[str, float]:
    """Return what a worker process has measured. Raises RuntimeError if it fails."""
    command = [sys.executable, "-m", "tests.benchmarks.uploads_worker", json.dumps(task)]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the worker ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _components(info: dict[str, Any]) -> list[str]:
    visitor = Visitor(info)
    page = {"pageIndex": 0, "pageSize": 500}
    found = visitor.get("listComponents", filterMap={"project": "P", "state": "ready"}, pageInfo=page)
    visitor.close()
    return [str(entry["code"]) for entry in found["itemList"]]


if __name__ == "__main__":
    sys.exit(main())
