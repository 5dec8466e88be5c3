"""The sample data in the shapes of the ledger: how everything was before anybody wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache

from itkgui.sandbox.catalogue.batches import Batches
from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.definitions import TestType
from itkgui.sandbox.catalogue.histories import Histories, Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.measurements import Measurements
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.shipments import Shipments
from itkgui.sandbox.records import (
    Attachment,
    Comment,
    Mark,
    Move,
    OwnerKind,
    Passage,
    Setting,
    Slot,
    State,
)
from itkgui.sandbox.samples.attachments import Attachments


class Origins:
    """Answers for parts and runs of the catalogue; to what was registered later, nothing has happened yet."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.definitions = catalogue.definitions
        self.histories = Histories(catalogue)
        self.measurements = Measurements(catalogue, self.histories)
        self.shipments = Shipments(catalogue, self.histories)
        self.samples = Attachments(catalogue, self.histories, self.measurements, self.shipments)
        self.batches_of_sample = Batches(catalogue)
        # Each goes once through many histories, and is asked for page by page.
        self.runs_of_type = lru_cache(maxsize=64)(self._runs_of_type)
        self.runs_of_person = lru_cache(maxsize=8)(self._runs_of_person)
        self._people = {person.identity: number for number, person in enumerate(self.definitions.people)}

    def person_number(self, identity: str) -> int:
        """Return the number of a user. Raises KeyError for an unknown one."""
        return self._people[identity]

    def identity(self, person: int) -> str:
        return self.definitions.people[person].identity

    # Components

    def stages(self, part: Part) -> tuple[Passage, ...]:
        return tuple(
            Passage(entry.stage.code, entry.time, self.identity(entry.person))
            for entry in self.histories.stages(part.index)
        )

    def properties(self, part: Part) -> dict[str, Setting]:
        values = self.measurements.properties(part)
        return {code: Setting(value) for code, value in values.items()}

    def slots(self, part: Part) -> tuple[Slot, ...]:
        """Return the slots in their order; the children fill the first that fit."""
        parts = self.catalogue.parts
        waiting = [parts[index] for index in part.children]
        slots: list[Slot] = []
        for code, count in part.variant.children:
            kind = f"{part.kind.project}/{code}"
            for _ in range(count):
                child = next((other for other in waiting if other.kind.key == kind), None)
                if child is None:
                    slots.append(Slot(len(slots), kind))
                    continue
                waiting.remove(child)
                identity = self.identity(part.person)
                slots.append(Slot(len(slots), kind, child.index, child.assembled, identity))
        return tuple(slots)

    def parents(self, part: Part) -> tuple[int, ...]:
        return (part.parent,) if part.parent >= 0 else ()

    def state(self, part: Part) -> State:
        time = part.created if part.state == "ready" else self._end(part)
        return State(part.state, time, self.identity(part.person))

    def completed(self, part: Part) -> Mark | None:
        return Mark(True, self._end(part), self.identity(part.person)) if part.completed else None

    def trashed(self, part: Part) -> Mark | None:
        if not part.trashed:
            return None
        reason = self.histories.rejection(part.index)
        return Mark(True, self._end(part), self.identity(part.person), reason)

    def comments(self, part: Part) -> tuple[Comment, ...]:
        ids = self.catalogue.ids
        return tuple(
            Comment(ids.object_id(IdKind.COMMENT, part.index, time), time, self.identity(person), text)
            for time, person, text in self.histories.comments(part.index)
        )

    def attachments(self, part: Part) -> tuple[Attachment, ...]:
        return self.samples.of_component(part.index)

    def locations(self, part: Part) -> tuple[Move, ...]:
        moves = [Move(part.owner, part.created, self.identity(part.person))]
        for shipment in self.shipments.of_part(part.index):
            last = shipment.history[-1]
            if last.status == "delivered":
                moves.append(Move(shipment.recipient, last.time, last.identity))
        if part.parent >= 0:
            # Since it was built in, it has gone wherever its parent went.
            above = self.locations(self.catalogue.parts[part.parent])
            moves += [move for move in above[1:] if move.time > part.assembled]
        return tuple(moves)

    def batches(self, part: Part) -> tuple[int, ...]:
        return self.batches_of_sample.of_part(part.index)

    def revision(self, part: Part) -> int:
        return len(self.histories.runs(part.index)) + len(self.histories.stages(part.index))

    def modified(self, part: Part) -> int:
        return self.histories.modified(part)

    def _end(self, part: Part) -> int:
        return self.histories.stages(part.index)[-1].time

    # Test runs

    def runs(self, index: int) -> tuple[Run, ...]:
        return self.histories.runs(index) if index < len(self.catalogue.parts) else ()

    def _runs_of_type(self, test: TestType) -> tuple[tuple[int, str], ...]:
        """Return number and stage of all runs of one test type, newest first."""
        kind = test.key.rpartition("/")[0]
        found = [
            run
            for index in self.catalogue.by_kind[kind]
            for run in self.histories.runs(index)
            if run.test is test
        ]
        found.sort(key=lambda run: -run.uploaded)
        return tuple((run.number, run.stage.code) for run in found)

    def _runs_of_person(self, person: int) -> tuple[int, ...]:
        """Return the numbers of all runs that somebody uploaded, newest first."""
        place = self.definitions.people[person].institution
        found = [
            run
            for part in self.catalogue.parts
            if part.location == place
            for run in self.histories.runs(part.index)
            if run.person == person
        ]
        found.sort(key=lambda run: -run.uploaded)
        return tuple(run.number for run in found)

    def run_comments(self, run: Run) -> tuple[Comment, ...]:
        code = self.catalogue.ids.object_id(IdKind.RUN_COMMENT, run.number, run.uploaded)
        identity = self.identity(run.person)
        texts = self.measurements.of(run).comments
        return tuple(Comment(code, run.uploaded, identity, text) for text in texts)

    def run_attachments(self, run: Run) -> tuple[Attachment, ...]:
        return self.samples.of_run(run.number)

    def binaries(self, gone: Collection[str]) -> Iterator[Attachment]:
        """Yield the files that hang on components, newest component first, but for some codes."""
        for index in self.catalogue.newest_first:
            for entry in self.samples.of_component(index):
                if entry.type == "file" and entry.code not in gone:
                    yield entry

    def binary_count(self, gone: Collection[str]) -> int:
        return self._all_binaries - sum(1 for code in gone if self._hangs_on_component(code))

    @cached_property
    def _all_binaries(self) -> int:
        return sum(1 for _ in self.binaries(()))

    def _hangs_on_component(self, code: str) -> bool:
        found = self.samples.find(code)
        return found is not None and found[0].kind is OwnerKind.COMPONENT
