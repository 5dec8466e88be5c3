"""A test run as it is at one moment."""

from __future__ import annotations

from functools import cached_property

from itkgui.sandbox.catalogue.histories import Run
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.records import Attachment, Comment, OwnerKind, State, TestRunChanges, Values


class TestRun:
    """The sample data with what was written laid over them: a snapshot that no later write touches."""

    __test__ = False  # keeps pytest from taking the class for a test
    kind = OwnerKind.TEST_RUN

    def __init__(self, id_: str, run: Run, changes: TestRunChanges, origins: Origins) -> None:
        self.id = id_
        self.run = run
        self.changes = changes
        self._origins = origins

    @property
    def number(self) -> int:
        return self.run.number

    @property
    def state(self) -> State:
        before = State(self.run.state, self.run.uploaded, self._origins.identity(self.run.person))
        return self.changes.state or before

    @cached_property
    def values(self) -> Values:
        if self.changes.values is not None:
            return self.changes.values
        measured = self._origins.measurements.of(self.run)
        of_children = {
            code: {str(number): value for number, value in by_part.items()}
            for code, by_part in measured.of_children.items()
        }
        return Values(measured.results, measured.properties, measured.defects, measured.orphans, of_children)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        changed = self.changes.comments
        return self._origins.run_comments(self.run) if changed is None else changed

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        changed = self.changes.attachments
        return self._origins.run_attachments(self.run) if changed is None else changed

    @property
    def revision(self) -> int:
        before = 0 if self.changes.upload else len(self._origins.run_attachments(self.run))
        return before + self.changes.writes

    @property
    def modified(self) -> int:
        attached = [entry.time for entry in self.attachments]
        return max(self.run.uploaded, self.changes.modified, *attached)
