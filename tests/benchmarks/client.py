"""Measures the client core side by side with the reference package, in one run against the same sandbox.

    python -m tests.benchmarks.client [--only NAME,…] [--runs 5] [--json FILE]

Each figure is a median of ``--runs`` runs, each in a process of its own, by turns with the peer. Prints a
table and writes it as JSON; ends with code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks import transfers
from tests.benchmarks.figures import Figure, faster, milliseconds, report, share
from tests.sandbox_process import SandboxProcess

COMPONENTS = 12_000  # of which more than 10,000 are ready
ITEMS = 10_000
LATENCY = 50  # ms
_IMPORTS = 15  # more runs than for the rest: the times are short, and their spread is large


def main() -> int:
    arguments = _arguments()
    figures = (figure for name in arguments.only for figure in SECTIONS[name](arguments.runs))
    return int(not report(figures, arguments.json))


def _arguments() -> argparse.Namespace:
    sections = ", ".join(SECTIONS)
    parser = argparse.ArgumentParser(prog="client", description="Measure the client core.")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"nothing but these: {sections}")
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts (5)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    if unknown := set(arguments.only).difference(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    return arguments


def run_task(sandbox: SandboxProcess, package: str, task: str, number: int = 0) -> dict[str, Any]:
    """Let one package do one task in a process of its own, and return what it measured."""
    command = [sys.executable, "-m", "tests.benchmarks.peers", package, task, json.dumps(sandbox.info)]
    ended = subprocess.run([*command, str(number)], capture_output=True, text=True, check=False, timeout=600)
    if ended.returncode:
        raise RuntimeError(f"{package} failed at {task!r}:\n{ended.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return result


def by_turns(
    sandbox: SandboxProcess, runs: int, *contestants: tuple[str, str], number: int = 0
) -> list[dict[str, float]]:
    """Return the median seconds and CPU seconds of each contestant; all must have found the same."""
    results: list[list[dict[str, Any]]] = [[] for _ in contestants]
    for _ in range(runs):
        for place, (package, task) in enumerate(contestants):
            results[place].append(run_task(sandbox, package, task, number))
    found = {json.dumps(result["found"]) for rows in results for result in rows}
    if len(found) != 1:
        raise RuntimeError(f"{contestants} did not do the same work: {sorted(found)}")
    return [{key: median(row[key] for row in rows) for key in ("seconds", "cpu")} for rows in results]


def lists(runs: int) -> Iterator[Figure]:
    """Time 10,000 components by pages of 100, with and without latency, at most 4 requests in flight."""
    contestants = (("itkgui", "list"), ("facade", "list"), ("itkdb", "list"))
    with SandboxProcess().start("--components", str(COMPONENTS), "--latency", str(LATENCY)) as far:
        run_task(far, "itkgui", "list", ITEMS)  # the sandbox derives its rows at the first question
        own, facade, peer = by_turns(far, runs, *contestants, number=ITEMS)
        yield faster(f"10,000 components, {LATENCY} ms away", own["seconds"], peer["seconds"], 3.5)
        yield faster("the same by the façade", facade["seconds"], peer["seconds"], 3.5)
    with SandboxProcess().start("--components", str(COMPONENTS)) as near:
        run_task(near, "itkgui", "list", ITEMS)
        own, facade, peer = by_turns(near, runs, *contestants, number=ITEMS)
        yield share("10,000 components near by, CPU of the client", own["cpu"], peer["cpu"], 0.5)
        yield share("the same by the façade", facade["cpu"], peer["cpu"], 0.5)


def opening(runs: int) -> Iterator[Figure]:
    """Time the opening of a component with all its runs and attachments, cold and from the cache."""
    with SandboxProcess().start("--latency", str(LATENCY)) as far:
        run_task(far, "itkdb", "open")
        own, peer, bulk = by_turns(
            far, runs, ("itkgui", "open"), ("itkdb", "open"), ("itkdb", "open in bulk")
        )
        again = median(run_task(far, "itkgui", "open again", 21)["seconds"] for _ in range(runs))
    limit = 3 * LATENCY + 50
    took = own["seconds"]
    yield Figure(f"open a component, {LATENCY} ms away", took * 1e3, "ms", "≤", limit, milliseconds(took))
    yield faster("the same against one question a test run", took, peer["seconds"], 3.0)
    # What a script can write that knows the bulk command: as many rounds as ours, with one answer in each.
    name, theirs = "the same against the peer's fewest questions", bulk["seconds"]
    yield Figure(name, theirs / took, "×", ours=milliseconds(took), peer=milliseconds(theirs))
    yield Figure("open a component from the cache", again * 1e3, "ms", "≤", 5, f"{again * 1e3:.1f} ms")


def imports(_: int) -> Iterator[Figure]:
    """Time the start of a process that imports a client."""
    times: dict[str, list[float]] = {"from itkgui.client import Client": [], "import itkdb": []}
    for turn in range(_IMPORTS + 1):
        for statement, found in times.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            if turn:  # the first one compiles
                found.append(time.perf_counter() - began)
    own, peer = (median(found) for found in times.values())
    yield share("import, from the start of the process", own, peer, 1.0)


SECTIONS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "imports": imports,
    "lists": lists,
    "opening": opening,
    "files": transfers.figures,
}


if __name__ == "__main__":
    sys.exit(main())
