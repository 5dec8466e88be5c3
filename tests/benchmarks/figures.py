"""Measured values against what they must reach, as a table and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value; ``sense`` tells whether it must be at most ("≤") or at least ("≥") its limit.

    Without a sense it is only told.

    ``ours`` and ``peer`` are what it was made of, in words.
    """

    name: str
    value: float
    unit: str
    sense: str = ""
    limit: float = 0.0
    ours: str = ""
    peer: str = ""

    @property
    def is_reached(self) -> bool:
        if not self.sense:
            return True
        return self.value <= self.limit if self.sense == "≤" else self.value >= self.limit

    def __str__(self) -> str:
        shown = f"{self.name:<52}{self.ours:>14}{self.peer:>14}{self.value:>9.2f} {self.unit:<4}"
        if not self.sense:
            return shown
        return f"{shown} {self.sense} {self.limit:g} {self.unit}  {'ok' if self.is_reached else 'MISSED'}"


def faster(name: str, ours: float, peer: float, limit: float) -> Figure:
    """Return by what factor our seconds are fewer than the peer's."""
    return Figure(name, peer / ours, "×", "≥", limit, milliseconds(ours), milliseconds(peer))


def share(name: str, ours: float, peer: float, limit: float) -> Figure:
    """Return what share our seconds are of the peer's."""
    return Figure(name, ours / peer, "×", "≤", limit, milliseconds(ours), milliseconds(peer))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f} ms"


def report(figures: Iterable[Figure], file: Path | None = None) -> bool:
    """Print figures as they come, write them as JSON if a file is given, and tell whether all are reached."""
    shown = []
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
        shown.append(figure)
    if file is not None:
        rows = [asdict(figure) | {"reached": figure.is_reached} for figure in shown]
        file.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return all(figure.is_reached for figure in shown)
