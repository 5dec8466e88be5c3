"""Measures files on their way: rate and memory of this client, of curl and of itkdb, on one sandbox.

    python -m tests.benchmarks.transfers [--mebibytes 1024] [--form-mebibytes 512] [--rounds 5]

Prints the figures and ends with code 1 if one of them is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, report
from tests.benchmarks.visitor import Visitor
from tests.sandbox_process import SandboxProcess

MIB = 2**20
# What must be reached: our rate over that of curl, and how much a process may grow in MiB.
LEAST_RATIO = 0.9
MOST_GROWTH = 32.0
_PATIENCE = 600.0
_IN_MEMORY = "/dev/shm"


@dataclass(frozen=True)
class Sample:
    """One transfer: MiB per second, and by how many MiB its process grew; None if that is not known."""

    rate: float
    growth: float | None = None


class Transfers:
    """Sends and fetches one file of so many MiB; each method is one transfer by one program.

    Needs a running sandbox (its announcement) and a folder with room for the file twice. Ours and itkdb's run
    in a process of their own each, so that nothing but the transfer is in the memory that is measured. What
    was sent is deleted again. Raises RuntimeError for a transfer that fails.
    """

    def __init__(self, info: Mapping[str, Any], folder: Path, mebibytes: int) -> None:
        self._info = dict(info)
        self._folder = folder
        self._size = mebibytes * MIB
        self._visitor = Visitor(info)
        self.file = folder / f"{mebibytes}-mib.bin"
        piece = os.urandom(MIB)
        with self.file.open("wb") as file:
            for _ in range(mebibytes):
                file.write(piece)
        first = {"pageIndex": 0, "pageSize": 1}
        found = self._visitor.get("listComponents", filterMap={"project": "P"}, pageInfo=first)
        self.component = str(found["itemList"][0]["code"])

    def close(self) -> None:
        self._visitor.close()
        self.file.unlink()

    def eos_up(self) -> Sample:
        """Attach the file on EOS by our client: ask for a place, send, compare with what the store tells."""
        return self._by_worker("itkgui_eos_up")

    def eos_up_by_itkdb(self) -> Sample:
        return self._by_worker("itkdb_eos_up")

    def eos_up_by_curl(self) -> Sample:
        """Send the file by curl, and have the store tell its checksum; the place is asked for beforehand."""
        code, url, token = self._granted()
        seconds = self._put_by_curl(url, token)
        seconds += self._curl("-L", "-I", "-o", os.devnull, self._address(code))
        self._delete(code)
        return Sample(self._size / MIB / seconds)

    def eos_down(self) -> Sample:
        """Fetch the file from EOS by our client, compared with its checksum, onto the disk."""
        return self._down(lambda code, _: self._by_worker("itkgui_eos_down", code=code))

    def eos_down_by_curl(self) -> Sample:
        def fetch(_: str, url: str) -> Sample:
            target = self._folder / "curl.bin"
            seconds = self._curl("-L", "-o", str(target), url)
            target.unlink()
            return Sample(self._size / MIB / seconds)

        return self._down(fetch)

    def form_up(self) -> Sample:
        """Attach the file in the database itself by our client: form, reading back whole."""
        return self._by_worker("itkgui_form_up")

    def form_up_by_itkdb(self) -> Sample:
        return self._by_worker("itkdb_form_up")

    def _down(self, fetch: Callable[[str, str], Sample]) -> Sample:
        code, url, token = self._granted()
        self._put_by_curl(url, token)
        try:
            return fetch(code, self._address(code))
        finally:
            self._delete(code)

    def _address(self, code: str) -> str:
        component = self._visitor.get("getComponent", component=self.component, noEosToken=False)
        return str(next(entry["url"] for entry in component["attachments"] if entry["code"] == code))

    def _put_by_curl(self, url: str, token: str) -> float:
        # It asks before it sends, follows the 307, and begins the file again there.
        headers = ("-H", f"Authorization: Bearer {token}", "-H", "Expect: 100-continue")
        return self._curl("-L", "-T", str(self.file), *headers, url)

    def _granted(self) -> tuple[str, str, str]:
        granted = self._visitor.post(
            "requestUploadEosFile",
            type="component",
            id=self.component,
            title="benchmark",
            description="",
            filesize=self._size,
        )
        return granted["code"], granted["url"], granted["token"]

    def _delete(self, code: str) -> None:
        self._by_worker("delete", code=code)

    def _curl(self, *arguments: str) -> float:
        said = _run(
            [
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--noproxy",
                "*",
                "-w",
                "\n%{time_total}",
                *arguments,
            ]
        )
        return float(said.splitlines()[-1])

    def _by_worker(self, job: str, **more: Any) -> Sample:
        task = {"job": job, "info": self._info, "component": self.component, "file": str(self.file), **more}
        said = json.loads(_run([sys.executable, "-m", "tests.benchmarks.transfer_worker", json.dumps(task)]))
        return Sample(self._size / MIB / said["seconds"], said["growth"])


def _run(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def in_turn(rounds: int, *transfers: Callable[[], Sample]) -> list[list[Sample]]:
    """Return for each transfer its samples in some rounds, in which they take turns."""
    taken = [[transfer() for transfer in transfers] for _ in range(rounds)]
    return [list(samples) for samples in zip(*taken, strict=True)]


def median(samples: Sequence[Sample]) -> Sample:
    """Return the median rate and the median growth."""
    growths = [sample.growth for sample in samples if sample.growth is not None]
    return Sample(
        statistics.median(sample.rate for sample in samples), statistics.median(growths) if growths else None
    )


def round_trip(up: Sample, down: Sample) -> float:
    """Return at which rate in MiB/s a file goes up and comes down again."""
    return 2 / (1 / up.rate + 1 / down.rate)


@contextlib.contextmanager
def server_apart() -> Iterator[tuple[SandboxProcess, Path]]:
    """Start a server that has a core for itself where there are two, as it has a machine in life.

    Yields it and a folder; both are in memory where that is possible: what a disk does just now is not to be
    measured.
    """
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    place = _IN_MEMORY if Path(_IN_MEMORY).is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=place) as folder,
        SandboxProcess().start("--components", "100", "--storage", f"{folder}/sandbox") as sandbox,
    ):
        os.sched_setaffinity(0, cores[1:] or cores)
        yield sandbox, Path(folder)
    os.sched_setaffinity(0, cores)


def figures(rounds: int, mebibytes: int = 1024, form_mebibytes: int = 512) -> Iterator[Figure]:
    """Measure large files, up and down, by turns with curl and with itkdb."""
    with server_apart() as (sandbox, folder):
        transfers = Transfers(sandbox.info, folder, mebibytes)
        curl_up, up, their_up, curl_down, down = in_turn(
            rounds,
            transfers.eos_up_by_curl,
            transfers.eos_up,
            transfers.eos_up_by_itkdb,
            transfers.eos_down_by_curl,
            transfers.eos_down,
        )
        transfers.close()
        transfers = Transfers(sandbox.info, folder, form_mebibytes)
        form, their_form = in_turn(rounds, transfers.form_up, transfers.form_up_by_itkdb)
        transfers.close()
    # Of what ran one after the other: the machine may be busier in one round than in the next.
    pairs = zip(map(round_trip, up, down), map(round_trip, curl_up, curl_down), strict=True)
    ratio = statistics.median(ours / curls for ours, curls in pairs)
    yield Figure(
        f"{mebibytes} MiB to EOS and back, against curl",
        ratio,
        "×",
        "≥",
        LEAST_RATIO,
        f"{round_trip(median(up), median(down)):.0f} MiB/s",
        f"{round_trip(median(curl_up), median(curl_down)):.0f} MiB/s",
    )
    for name, samples, others in (
        (f"memory for {mebibytes} MiB up to EOS", up, their_up),
        (f"memory for {mebibytes} MiB down from EOS", down, []),
        (f"memory for {form_mebibytes} MiB in a form", form, their_form),
    ):
        growth = median(samples).growth or 0.0
        theirs = f"{median(others).growth or 0:.0f} MiB" if others else ""
        yield Figure(name, growth, "MiB", "≤", MOST_GROWTH, f"{growth:.0f} MiB", theirs)


def main() -> int:
    parser = argparse.ArgumentParser(prog="transfers", description="Measure files on their way.")
    parser.add_argument("--mebibytes", type=int, default=1024, help="size of the file for EOS (1024)")
    parser.add_argument("--form-mebibytes", type=int, default=512, help="size of the file in a form (512)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is done (5)")
    arguments = parser.parse_args()
    return int(not report(figures(arguments.rounds, arguments.mebibytes, arguments.form_mebibytes)))


if __name__ == "__main__":
    sys.exit(main())
