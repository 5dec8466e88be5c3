"""A component as it is at one moment."""

from __future__ import annotations

from functools import cached_property

from itkgui.sandbox.catalogue.definitions import StageDefinition
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.records import (
    Attachment,
    Comment,
    ComponentChanges,
    Grade,
    Mark,
    Move,
    OwnerKind,
    Passage,
    Setting,
    Slot,
    State,
)


class Component:
    """The sample data with what was written laid over them: a snapshot that no later write touches.

    What nobody asks for is not derived, so that a list of a hundred costs little.
    """

    kind = OwnerKind.COMPONENT

    def __init__(self, part: Part, changes: ComponentChanges, origins: Origins) -> None:
        self.part = part
        self.changes = changes
        self._origins = origins

    @property
    def number(self) -> int:
        return self.part.index

    @property
    def subproject(self) -> str:
        registration = self.changes.registration
        return registration.subproject if registration else self.part.subproject

    @cached_property
    def stages(self) -> tuple[Passage, ...]:
        changed = self.changes.stages
        return self._origins.stages(self.part) if changed is None else changed

    @property
    def stage(self) -> StageDefinition:
        return self.part.kind.stage(self.stages[-1].stage)

    @cached_property
    def properties(self) -> dict[str, Setting]:
        changed = self.changes.properties
        return self._origins.properties(self.part) if changed is None else changed

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        changed = self.changes.slots
        return self._origins.slots(self.part) if changed is None else changed

    @property
    def parents(self) -> tuple[int, ...]:
        changed = self.changes.parents
        return self._origins.parents(self.part) if changed is None else changed

    @cached_property
    def state(self) -> State:
        return self.changes.state or self._origins.state(self.part)

    @cached_property
    def completed(self) -> Mark | None:
        return self.changes.completed or self._origins.completed(self.part)

    @cached_property
    def trashed(self) -> Mark | None:
        return self.changes.trashed or self._origins.trashed(self.part)

    @property
    def reworked(self) -> Mark | None:
        return self.changes.reworked

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        changed = self.changes.comments
        return self._origins.comments(self.part) if changed is None else changed

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        changed = self.changes.attachments
        return self._origins.attachments(self.part) if changed is None else changed

    @cached_property
    def locations(self) -> tuple[Move, ...]:
        """Where the component has been, in order; the last one is where it is."""
        changed = self.changes.locations
        return self._origins.locations(self.part) if changed is None else changed

    @property
    def batches(self) -> tuple[int, ...]:
        changed = self.changes.batches
        return self._origins.batches(self.part) if changed is None else changed

    @property
    def grade(self) -> Grade | None:
        return self.changes.grades[-1] if self.changes.grades else None

    @property
    def revision(self) -> int:
        """Return how often the component was written to; 0 at its registration."""
        before = 0 if self.changes.registration else self._origins.revision(self.part)
        return before + self.changes.writes

    @property
    def modified(self) -> int:
        before = self.part.created if self.changes.registration else self._origins.modified(self.part)
        attached = [entry.time for entry in self.attachments]
        said = [entry.time for entry in self.comments]
        return max(before, self.changes.modified, self.locations[-1].time, *attached, *said)
