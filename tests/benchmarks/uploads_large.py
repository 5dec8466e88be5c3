"""Measures the queue with one large file for EOS, side by side with curl.

    python -m tests.benchmarks.uploads_large [--mebibytes 1024] [--rounds 3] [--json FILE]

Ours copies the file into the spool, sends it and compares; curl only sends, and asks for the checksum. They
take turns. Prints a table; ends with code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Figure, report
from tests.benchmarks.transfers import LEAST_RATIO, MOST_GROWTH, Transfers, server_apart
from tests.benchmarks.uploads_many import run_worker


def main() -> int:
    parser = argparse.ArgumentParser(prog="uploads_large", description="Measure a large upload.")
    parser.add_argument("--mebibytes", type=int, default=1024, help="size of the file (1024)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is done (3)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    return int(not report(_measured(arguments.mebibytes, arguments.rounds), arguments.json))


def _measured(mebibytes: int, rounds: int) -> Iterator[Figure]:
    with server_apart() as (sandbox, folder):
        transfers = Transfers(sandbox.info, folder, mebibytes)
        task = {
            "job": "queue",
            "info": dict(sandbox.info),
            "files": [str(transfers.file)],
            "targets": [transfers.component],
            "on_eos": True,
        }
        ours, curls = [], []
        for number in range(rounds):
            curls.append(mebibytes / transfers.eos_up_by_curl().rate)
            ours.append(run_worker(task | {"folder": f"{folder}/queue-{number}"}))
        transfers.close()
    what = f"{mebibytes} MiB to EOS"
    sent = median(curl / (our["seconds"] - our["copied"]) for our, curl in zip(ours, curls, strict=True))
    rate, curl_rate = (
        mebibytes / median(our["seconds"] - our["copied"] for our in ours),
        mebibytes / median(curls),
    )
    yield Figure(
        f"{what} by the queue, against curl",
        sent,
        "×",
        "≥",
        LEAST_RATIO,
        f"{rate:.0f} MiB/s",
        f"{curl_rate:.0f} MiB/s",
    )
    yield Figure(f"{what}: its copy into the spool", median(our["copied"] for our in ours), "s")
    yield Figure(f"{what}: all of it, copy to comparison", median(our["seconds"] for our in ours), "s")
    growth = median(our["growth"] for our in ours)
    yield Figure(f"memory for {what}", growth, "MiB", "≤", MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
