"""A package as a laboratory may write it; tests install a copy. A file's first line tells what it is."""

from __future__ import annotations

import json
import os
import threading
from decimal import Decimal
from enum import Enum
from pathlib import Path


class Key(str, Enum):
    """Names as a package may keep them; each is a text of a class of its own."""

    MAP = "map.csv"
    RESULTS = "results"


class Bytes(bytes):
    """A content of a class of its own."""


def show(path: Path) -> object:
    """Return a table instead of a file that says ``well``, and something wrong for others."""
    text = path.read_text()
    path.write_text("as some packages do")
    if text == "endless":
        threading.Event().wait()
    if text == "fatal":
        os._exit(1)
    if text == "greedy":
        raise MemoryError
    if text == "worse":
        raise KeyError(text)
    if text == "again":
        return "map.mpx", text
    if text == "own":
        return Key.MAP, Bytes(b"row,counts\n")
    return ("map.csv", "row,counts\n0,17\n1,18\n") if text == "well" else None


def read(path: Path) -> object:
    """Return the results in the file of a scale, none for its calibration, and something wrong for others."""
    print("reading", path)  # noqa: T201 - as many do
    kind, _, content = path.read_text().partition("\n")
    path.unlink()
    found = json.loads(content) if content else {}
    if kind == "scale":
        return found
    if kind == "sleepy":
        threading.Event().wait()
    if kind == "waiting":
        place = Path(str(found))
        (place / "begun").touch()
        while not (place / "over").exists():
            threading.Event().wait(0.01)
        return []
    if kind == "slow":
        return [] if sum(range(3_000_000)) else None
    if kind == "fatal":
        os._exit(1)
    if kind == "broken":
        raise ValueError("no weight in line 2")
    wrong = {
        "decimal": {**found, "results": {"MASS": [1, Decimal("2.5")]}},
        "endless": [{**found, "passed": float("nan")}],
        "own": {Key.RESULTS: Decimal("2.5")},
        "numbered": {**found, "results": {1: 2}},
        "named": {**found, "\ud800": 2},
        "garbled": {**found, "comments": ["\ud800"]},
        "deep": {**found, "results": [[]]},
        "calibration": [],
    }
    for _number in range(60):
        wrong["deep"] = {"results": wrong["deep"]}
    return wrong.get(kind)
