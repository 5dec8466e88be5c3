"""The test runs that are kept at hand for comparison, whichever component is looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from itkgui.records.test_run import TestRun


class PinnedRuns(QObject):
    """Shared by all open components of a session, and gone with it; GUI thread only."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[str, TestRun] = {}

    @property
    def runs(self) -> tuple[TestRun, ...]:
        """The runs in the order in which they were pinned."""
        return tuple(self._runs.values())

    def has(self, run: TestRun) -> bool:
        return run.id in self._runs

    def pin(self, *runs: TestRun) -> None:
        self._runs |= {run.id: run for run in runs}
        self.changed.emit()

    def unpin(self, *runs: TestRun) -> None:
        for run in runs:
            self._runs.pop(run.id, None)
        self.changed.emit()

    def clear(self) -> None:
        self._runs.clear()
        self.changed.emit()
