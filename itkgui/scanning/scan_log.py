"""What was scanned: kept on this computer for each person, the oldest given up for the newest."""

from __future__ import annotations

import enum
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from itkgui.language import N_
from itkgui.log import redact
from itkgui.paths import private_file
from itkgui.scanning.reading import Meaning, Reading, Source
from itkgui.whole_file import turn, write_whole

logger = logging.getLogger(__name__)

MOST = 10_000  # entries, which are a few months of full work
_SLACK = 1.1  # of that, before the file is written anew
_LONGEST = 200  # characters of a text that is kept
_SIZE_LIMIT = 20_000_000  # bytes


class Outcome(enum.Enum):
    """What became of a scan."""

    FOUND = N_("found")
    AGAIN = N_("already open")
    LISTED = N_("put on the list")
    ASKED = N_("waits for an answer")
    UNKNOWN = N_("not found")
    REFUSED = N_("not looked up")
    OVERTAKEN = N_("overtaken by the next scan")
    TESTED = N_("only tested")
    FAILED = N_("could not be looked up")
    DONE = N_("command done")
    NOT_NOW = N_("command not possible then")


@dataclass(frozen=True)
class ScanEntry:
    """One scan; times in ms, ``repair`` names the keyboard that had garbled it, ``found`` the component."""

    moment: datetime
    source: Source
    raw: str
    text: str
    meaning: Meaning
    outcome: Outcome
    found: str = ""
    repair: str = ""
    lasted: float = 0.0
    longest_gap: float = 0.0

    @classmethod
    def of(cls, reading: Reading, outcome: Outcome, found: str = "") -> ScanEntry:
        arrival = reading.arrival
        return cls(
            arrival.moment,
            arrival.source,
            redact(arrival.text)[:_LONGEST],  # somebody may have typed a token where scans go
            redact(reading.text)[:_LONGEST],
            reading.meaning,
            outcome,
            redact(found)[:_LONGEST],
            reading.repair,
            round(arrival.lasted, 1),
            round(arrival.longest_gap, 1),
        )

    def kept(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        names = {name: value.name for name, value in asdict(self).items() if isinstance(value, enum.Enum)}
        return asdict(self) | names | {"moment": self.moment.isoformat()}

    @classmethod
    def from_kept(cls, value: Any) -> ScanEntry | None:
        """Take what ``kept`` gave; None if it is something else."""
        if not isinstance(value, Mapping):
            return None
        try:
            return cls(
                datetime.fromisoformat(value["moment"]).astimezone(timezone.utc),
                Source[value["source"]],
                str(value["raw"]),
                str(value["text"]),
                Meaning[value["meaning"]],
                Outcome[value["outcome"]],
                str(value["found"]),
                str(value["repair"]),
                float(value["lasted"]),
                float(value["longest_gap"]),
            )
        except (KeyError, ValueError, TypeError, OverflowError):
            return None


class ScanLog:
    """One person's file, a line for each scan; blocks, one call at a time. What fails is logged only."""

    def __init__(self, file: Path, most: int = MOST) -> None:
        self._file, self._most = file, most
        self._lines = -1  # not known yet

    def read(self) -> list[ScanEntry]:
        """Return all entries, the oldest first; lines that are damaged are left out."""
        try:
            lines = self._read_lines()
        except OSError as error:
            logger.warning("the log of scans cannot be read: %s", error)
            return []
        self._lines = len(lines)
        found = (ScanEntry.from_kept(_parsed(line)) for line in lines)
        return [entry for entry in found if entry is not None][-self._most :]

    def add(self, entry: ScanEntry) -> None:
        """Keep one more."""
        line = json.dumps(entry.kept()) + "\n"
        try:
            with turn(self._file):
                if self._lines < 0:
                    self._lines = len(self._read_lines())
                private_file(self._file)
                with self._file.open("a", encoding="ascii") as opened:
                    opened.write(line)
                self._lines += 1
                if self._lines > self._most * _SLACK:
                    last = self._read_lines()[-self._most :]
                    write_whole(self._file, "\n".join([*last, ""]), _SIZE_LIMIT)
                    self._lines = len(last)
        except OSError as error:
            logger.warning("a scan cannot be kept in the log: %s", error)

    def _read_lines(self) -> list[str]:
        """Raises OSError."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as opened:
            return opened.read(_SIZE_LIMIT).decode("ascii", "replace").splitlines()


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class Shift:
    """From when to when somebody worked, in local time."""

    begin: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.begin:%Y-%m-%d %H:%M}–{self.end:%H:%M}"


def shift_of(moment: datetime, starts: Sequence[str]) -> Shift:
    """Return the shift of a moment; ``starts`` are times of the day as ``06:00``, without any midnight."""
    local = moment.astimezone()
    times = sorted(starts) or ["00:00"]
    days = (local.date() + timedelta(days=by) for by in (-1, 0, 1))
    begins = [
        datetime(day.year, day.month, day.day, int(time[:-3]), int(time[-2:])).astimezone()
        for day in days
        for time in times
    ]
    begin = max(one for one in begins if one <= local)
    return Shift(begin, min((one for one in begins if one > local), default=begin + timedelta(days=1)))
