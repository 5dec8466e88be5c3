"""Which files wait in reviews, and which of them were dealt with there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal


class ReviewedFiles(QObject):
    """Shared by all views of a session. A file may have rows in several sheets, and several in one.

    ``changed`` tells that others wait, ``settled`` which files (a set of paths) wait no more since every row
    of theirs was sent or left out by somebody, ``reopened`` which came back from the queue.
    """

    changed = Signal()
    settled = Signal(object)
    reopened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[object, frozenset[Path]] = {}  # by sheet
        self._given_up: set[Path] = set()  # in one sheet, while they wait in another

    @property
    def paths(self) -> frozenset[Path]:
        """The files that wait in any sheet."""
        return frozenset().union(*self._held.values())

    def hold(self, sheet: object, paths: Iterable[Path]) -> None:
        """Take note of all that waits in a sheet now."""
        now = frozenset(paths)
        if now == self._held.get(sheet, frozenset()):
            return
        self._held[sheet] = now
        if not now:
            del self._held[sheet]
        self.changed.emit()

    def settle(self, paths: Iterable[Path]) -> None:
        """Take note of what was sent, or left out by somebody, once its rows are gone."""
        gone = frozenset(paths) - self.paths - self._given_up
        if gone:
            self.settled.emit(gone)
        self._given_up &= self.paths

    def give_up(self, sheet: object) -> None:
        """Take note that nothing waits in a sheet any more, and that nobody has dealt with what did."""
        lost = self._held.get(sheet, frozenset())
        self.hold(sheet, ())
        self._given_up = (self._given_up | lost) & self.paths

    def reopen(self, paths: Iterable[Path]) -> None:
        """Take note of what was taken back after it was sent."""
        self.reopened.emit(frozenset(paths))
