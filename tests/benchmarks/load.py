"""Measures the sandbox: start, memory, single answers, and a load of many clients.

    python -m tests.benchmarks.load [--seconds 60] [--clients 50] [--components 100000] [--only NAME,…]

Prints the figures and ends with code 1 if one of them is missed, if any answer was not the one asked for, or
if a file that was sent with success is not what the sandbox holds in the end.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.mixture import MIXTURE, Client, Stock
from tests.benchmarks.visitor import UnexpectedAnswer, Visitor
from tests.sandbox_process import SandboxProcess

_START_LIMIT = 10.0  # s
_MEMORY_LIMIT = 600.0  # MiB
_COMPONENT_LIMIT = 0.010  # s
_PAGE_LIMIT = 0.050  # s
_PAUSE = 0.05  # s, the most that a client waits between two questions
_SHOWN_FAILURES = 20


@dataclass
class Tally:
    """What one client, or all of them, did: seconds by kind, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name, seconds in other.times.items():
            self.times.setdefault(name, []).extend(seconds)
        self.failures += other.failures


class Report:
    """Says what was measured, and remembers whether all was well."""

    def __init__(self) -> None:
        self.missed = False

    def say(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def figure(self, name: str, value: float, limit: float, unit: str) -> None:
        """Say a figure that must not be greater than its limit."""
        self.missed |= value > limit
        verdict = "ok" if value <= limit else "MISSED"
        self.say(f"{name:<40}{value:>10.1f} {unit:<4} limit {limit:.0f} {unit:<4} {verdict}")

    def failure(self, text: str) -> None:
        self.missed = True
        self.say(f"FAILED: {text}")


def main() -> int:
    arguments = _arguments()
    report = Report()
    cores = sorted(os.sched_getaffinity(0))
    # The server gets one core for itself, where there are two: this process must not be what is measured.
    os.sched_setaffinity(0, cores[:1])
    begun = time.monotonic()
    with SandboxProcess().start("--components", str(arguments.components)) as sandbox:
        seconds = time.monotonic() - begun
        os.sched_setaffinity(0, cores[1:] or cores)
        report.say(f"{sandbox.info['components']} components, {len(cores)} cores")
        report.figure("start", seconds, _START_LIMIT, "s")
        report.figure("memory after the start", _memory(sandbox, "VmRSS"), _MEMORY_LIMIT, "MiB")
        report.figure("most memory while starting", _memory(sandbox, "VmHWM"), _MEMORY_LIMIT, "MiB")
        stock = Stock.gathered(Visitor(sandbox.info), arguments.seed)
        _measure_alone(sandbox, stock, report)
        _measure_together(sandbox, stock, arguments, report)
    if sandbox.returncode or sandbox.errors:
        report.failure(f"the sandbox ended with {sandbox.returncode} and said:\n{sandbox.errors[-4000:]}")
    return int(report.missed)


def _arguments() -> argparse.Namespace:
    names = [kind.name for kind in MIXTURE]
    parser = argparse.ArgumentParser(
        prog="bench.sh", description="Measure the sandbox, alone and under load."
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the load lasts (60)")
    parser.add_argument("--clients", type=int, default=50, help="how many clients at once (50)")
    parser.add_argument("--components", type=int, default=100_000, help="size of the catalogue (100000)")
    parser.add_argument("--seed", type=int, default=1, help="of what the clients choose (1)")
    parser.add_argument(
        "--only", default=",".join(names), metavar="NAME,…", help="nothing but these: " + ", ".join(names)
    )
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    unknown = set(arguments.only).difference(names)
    if unknown:
        parser.error(f"no such thing to do: {', '.join(sorted(unknown))}")
    return arguments


def _measure_alone(sandbox: SandboxProcess, stock: Stock, report: Report) -> None:
    """Time single questions while nobody else asks; the figure is what 95 of 100 do not exceed."""
    visitor = Visitor(sandbox.info)
    rng = random.Random(1)
    seconds = _timed(lambda: visitor.get("getComponent", component=rng.choice(stock.codes)), 300)
    report.say(f"{'getComponent alone, p50':<40}{1000 * _share(seconds, 0.5):>10.1f} ms")
    report.figure("getComponent alone, p95", 1000 * _share(seconds, 0.95), 1000 * _COMPONENT_LIMIT, "ms")

    def page() -> None:
        info = {"pageIndex": rng.randrange(3), "pageSize": 100}
        visitor.get("listComponents", filterMap=stock.filter(rng), pageInfo=info)

    seconds = _timed(page, 100)
    report.say(f"{'filtered page of 100 alone, p50':<40}{1000 * _share(seconds, 0.5):>10.1f} ms")
    report.figure("filtered page of 100 alone, p95", 1000 * _share(seconds, 0.95), 1000 * _PAGE_LIMIT, "ms")
    visitor.close()


def _measure_together(
    sandbox: SandboxProcess, stock: Stock, arguments: argparse.Namespace, report: Report
) -> None:
    kinds = [kind for kind in MIXTURE if kind.name in arguments.only]
    clients = [Client(Visitor(sandbox.info), stock, arguments.seed, n) for n in range(arguments.clients)]
    tallies = [Tally() for _ in clients]
    end = time.monotonic() + arguments.seconds

    def visit(client: Client, tally: Tally) -> None:
        weights = [kind.weight for kind in kinds]
        while time.monotonic() < end:
            (kind,) = client.rng.choices(kinds, weights)
            begun = time.monotonic()
            try:
                kind.do(client)
            except (UnexpectedAnswer, OSError, http.client.HTTPException, ValueError, LookupError) as error:
                tally.failures.append(f"{kind.name}: {type(error).__name__}: {error}")
            tally.times.setdefault(kind.name, []).append(time.monotonic() - begun)
            time.sleep(client.rng.random() * _PAUSE)

    begun = time.monotonic()
    threads = [threading.Thread(target=visit, args=pair) for pair in zip(clients, tallies, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    tally = Tally()
    for one in tallies:
        tally.add(one)
    _say_tally(tally, lasted, len(clients), report)
    after, most = _memory(sandbox, "VmRSS"), _memory(sandbox, "VmHWM")
    report.say(f"memory after the load {after:.0f} MiB, at most {most:.0f} MiB")
    _check_files(clients, report)
    for client in clients:
        client.visitor.close()


def _say_tally(tally: Tally, lasted: float, clients: int, report: Report) -> None:
    total = sum(len(seconds) for seconds in tally.times.values())
    rate = total / lasted
    report.say(f"\n{clients} clients for {lasted:.0f} s: {total} questions, {rate:.0f} per second, in ms:")
    report.say(f"{'':<24}{'number':>8}{'failed':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}")
    for kind in MIXTURE:
        seconds = tally.times.get(kind.name)
        if seconds:
            failed = sum(text.startswith(f"{kind.name}: ") for text in tally.failures)
            shown = [1000 * _share(seconds, share) for share in (0.5, 0.95, 0.99, 1.0)]
            report.say(
                f"{kind.name:<24}{len(seconds):>8}{failed:>8}" + "".join(f"{value:>9.1f}" for value in shown)
            )
    for text in tally.failures[:_SHOWN_FAILURES]:
        report.failure(text)
    if len(tally.failures) > _SHOWN_FAILURES:
        report.failure(f"and {len(tally.failures) - _SHOWN_FAILURES} more")


def _check_files(clients: Sequence[Client], report: Report) -> None:
    """Compare what was sent with what the sandbox truly holds."""
    sent = {code: stored for client in clients for code, stored in client.sent.items()}
    try:
        attachments: list[dict[str, Any]] = clients[0].visitor.state()["attachments"]
    except (UnexpectedAnswer, OSError, http.client.HTTPException, ValueError, LookupError) as error:
        report.failure(f"what is stored cannot be asked: {error}")
        return
    held = {entry["code"]: (entry["size"], entry["sha256"]) for entry in attachments}
    wrong = [code for code, stored in sent.items() if held.get(code) != stored]
    report.say(f"{len(sent)} files were sent with success, {len(sent) - len(wrong)} are held as sent")
    for code in wrong[:_SHOWN_FAILURES]:
        report.failure(f"file {code}: {sent[code]} was sent, {held.get(code)} is held")


def _timed(ask: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        begun = time.monotonic()
        ask()
        found.append(time.monotonic() - begun)
    return found


def _share(seconds: Sequence[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _memory(sandbox: SandboxProcess, name: str) -> float:
    """Return a figure of the server process in MiB, as the kernel has it."""
    lines = Path(f"/proc/{sandbox.process.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
