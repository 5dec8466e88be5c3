"""Which test runs are wanted: by text, verdict, stage, test type and date, and whether old ones count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from itkgui.item_models.run_rows import RunRow
from itkgui.language import N_
from itkgui.records.run_history import Standing

PROBLEMS = N_("problems")


@dataclass(frozen=True)
class RunFilter:
    """Conditions that all have to hold; an empty one always does. Dates are local days, both included.

    ``verdicts`` are declared words such as ``"failed"``, and ``"problems"`` for runs marked so, however they
    ended.
    """

    text: str = ""
    verdicts: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    test_types: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    with_superseded: bool = True
    with_deleted: bool = True

    @property
    def is_narrowing(self) -> bool:
        """Whether something was asked for, beyond what kinds of run to show."""
        chosen = self.verdicts or self.stages or self.test_types
        return bool(self.text.strip() or chosen or self.first or self.last)

    def accepts(self, row: RunRow, text: str) -> bool:
        """Tell whether a run is wanted; ``text`` is all its row says, casefolded."""
        run = row.run
        if run is None:
            return False
        if row.standing is Standing.SUPERSEDED and not self.with_superseded:
            return False
        if run.is_deleted and not self.with_deleted:
            return False
        if not all(word in text for word in self.text.casefold().split()):
            return False
        if self.verdicts and self.verdicts.isdisjoint(verdict_words(row)):
            return False
        if self.stages and run.stage.code not in self.stages:
            return False
        if self.test_types and row.group[1] not in self.test_types:
            return False
        return self._is_in_time(row)

    def _is_in_time(self, row: RunRow) -> bool:
        if self.first is None and self.last is None:
            return True
        if row.run is None or row.run.date is None:
            return False
        day = row.run.date.astimezone().date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def verdict_words(row: RunRow) -> Iterable[str]:
    """Return the declared words for a run's verdict; a run with problems has two."""
    if row.run is None:
        return ()
    own = row.run.verdict.value
    return (own, PROBLEMS) if row.run.has_problems and not row.run.is_deleted else (own,)
