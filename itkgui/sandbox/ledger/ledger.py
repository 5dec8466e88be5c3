"""Everything as it is now: the sample data, and over them what was written."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

from itkgui.sandbox.catalogue.definitions import TestType
from itkgui.sandbox.catalogue.histories import Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.ledger.book import Book
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.component_index import ComponentIndex
from itkgui.sandbox.ledger.freight import Freight
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import (
    Attachment,
    Batch,
    ComponentChanges,
    OwnerKind,
    Registration,
    Shipment,
    TestRunChanges,
    TestRunUpload,
)

Entity = Component | TestRun | Shipment | Batch
_E = TypeVar("_E", bound=Entity)
_R = TypeVar("_R", bound=Shipment | Batch)
# Uploaded test runs are counted from here; the sample data end below (three bytes of an object id).
_UPLOADED_FROM = 0x1000000
_NO_CHANGES = ComponentChanges()


class Ledger:
    """Reads need no lock: what they get are snapshots. Writes happen inside `writing`, one at a time."""

    def __init__(self, origins: Origins, book: Book) -> None:
        self._origins = origins
        self._book = book
        self._catalogue = origins.catalogue
        self._ids = origins.catalogue.ids
        self._lock = threading.RLock()
        self._pending: list[tuple[int, Any]] = []
        self._undo: list[Callable[[], None]] = []
        self._registered: list[Part] = []
        self._serials: dict[str, int] = {}
        self._components: dict[int, ComponentChanges] = {}
        self._touched: set[int] = set()
        self._runs: dict[int, TestRunChanges] = {}
        self._uploaded: dict[int, list[int]] = defaultdict(list)
        self._upload_owners: dict[str, tuple[OwnerKind, int]] = {}
        self._next_run = _UPLOADED_FROM
        self.freight = Freight(origins)
        self.index = ComponentIndex(self._catalogue.parts, self.component)
        try:
            self._read_book()
        except (KeyError, IndexError, StopIteration) as error:
            raise OSError(f"the storage has records of something unknown: {error!r}") from error

    # Reading

    def component(self, number: int) -> Component:
        return Component(self._part(number), self._components.get(number, _NO_CHANGES), self._origins)

    def is_untouched(self, component: int) -> bool:
        """Whether no write, failed or not, has concerned it since the start: lists tell the same of it."""
        return component not in self._touched and component not in self.freight.touched

    def component_count(self) -> int:
        return len(self._catalogue.parts) + len(self._registered)

    def find_component(self, identifier: str) -> Component | None:
        """Return the component with this serial number, code or object id."""
        number = self._serials.get(identifier)
        if number is not None:
            return self.component(number)
        part = self._catalogue.find(identifier)
        if part is not None:
            return self.component(part.index)
        decoded = self._ids.decode(identifier)
        if decoded is not None and decoded[0] is IdKind.COMPONENT and self._is_registered(decoded[1]):
            return self.component(decoded[1])
        return self.find_object_id(identifier)

    def find_object_id(self, object_id: str) -> Component | None:
        part = self._catalogue.find_object_id(object_id)
        number = self._ids.number(IdKind.COMPONENT, object_id)
        if part is None and number is not None and self._is_registered(number):
            part = self._part(number)
        if part is None or self._catalogue.object_id(part) != object_id:
            return None
        return self.component(part.index)

    def find_alternative(self, identifier: str) -> Component | None:
        part = self._catalogue.find_alternative(identifier)
        return None if part is None else self.component(part.index)

    def runs(self, component: int) -> list[TestRun]:
        """Return the test runs of a component, in the order of their upload."""
        uploaded = [self.run(number) for number in tuple(self._uploaded.get(component, ()))]
        return [*map(self._run, self._origins.runs(component)), *uploaded]

    def run(self, number: int) -> TestRun:
        """Return an uploaded run, or one of the sample data. Raises KeyError for a number nobody has."""
        if number >= _UPLOADED_FROM:
            changes = self._runs[number]
            if changes.upload is None:
                raise KeyError(number)
            return self._run(self._uploaded_run(number, changes.upload))
        run = self._origins.histories.run(number)
        if run is None:
            raise KeyError(number)
        return self._run(run)

    def find_run(self, object_id: str) -> TestRun | None:
        run = self._origins.histories.find_run(object_id)
        if run is not None:
            return self._run(run)
        number = self._ids.number(IdKind.UPLOADED_RUN, object_id)
        if number is None or number + _UPLOADED_FROM not in self._runs:
            return None
        found = self.run(number + _UPLOADED_FROM)
        return found if found.id == object_id else None

    def runs_of_type(self, test: TestType, stages: Collection[str] = ()) -> list[int]:
        """Return the numbers of all runs of a test type, newest first; if stages are named, of those only."""
        uploaded = [
            (number, changes.upload.stage)
            for number, changes in tuple(self._runs.items())
            if changes.upload is not None and changes.upload.test == test.key
        ]
        found = (*reversed(uploaded), *self._origins.runs_of_type(test))
        return [number for number, stage in found if not stages or stage in stages]

    def runs_of_person(self, identity: str) -> list[int]:
        """Return the numbers of all runs that somebody uploaded, newest first."""
        uploaded = [
            number
            for number, changes in tuple(self._runs.items())
            if changes.upload is not None and changes.upload.identity == identity
        ]
        return [*reversed(uploaded), *self._origins.runs_of_person(self._origins.person_number(identity))]

    def uploads(self) -> list[tuple[Entity, Attachment]]:
        """Return everything that was attached since the sandbox was filled, and what it hangs on."""
        changed: list[Entity] = [
            *map(self.component, tuple(self._components)),
            *(self.run(number) for number in tuple(self._runs)),
            *self.freight.written(),
        ]
        return [(owner, entry) for owner in changed for entry in owner.attachments if not entry.sample]

    def withdrawn(self) -> list[Attachment]:
        """Return the attachments of the sample data that were deleted from what they hung on."""
        found = []
        for number in tuple(self._components):
            if number < len(self._catalogue.parts):
                component = self.component(number)
                found += _gone(self._origins.attachments(component.part), component.attachments)
        for number in tuple(self._runs):
            if number < _UPLOADED_FROM:
                run = self.run(number)
                found += _gone(self._origins.run_attachments(run.run), run.attachments)
        return [*found, *self.freight.withdrawn()]

    def find_sample(self, code: str) -> Attachment | None:
        """Return an attachment of the sample data as it is now, or None if it was deleted."""
        found = self._origins.samples.find(code)
        if found is None:
            return None
        attachments = self._entity(found[0].kind, found[0].number).attachments
        return next((entry for entry in attachments if entry.code == code), None)

    def find_upload(self, code: str) -> Attachment | None:
        """Return an attachment by its code, if it was uploaded since the sandbox was filled."""
        if code not in self._upload_owners:
            return None
        owner = self._entity(*self._upload_owners[code])
        return next((entry for entry in owner.attachments if entry.code == code), None)

    # Writing

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Let one writer in; what it has written is on the disk when this ends.

        If it fails, or the disk does, everything is as it was before.
        """
        with self._lock:
            try:
                yield
                if self._pending:
                    self._book.write(self._pending)
            except BaseException:
                for undo in reversed(self._undo):
                    undo()
                raise
            finally:
                self._pending = []
                self._undo = []

    def write(self, entity: _E, time: int, **changes: Any) -> _E:
        """Put new values in the place of an entity's own, count the write, and return it as it is then."""
        self._remember_uploads(entity.kind, entity.number, changes.get("attachments", ()))
        return cast("_E", self._write(entity, time, changes))

    def _write(self, entity: Entity, time: int, changes: dict[str, Any]) -> Entity:
        if isinstance(entity, (Shipment, Batch)):
            after: Shipment | Batch = replace(entity, writes=entity.writes + 1, modified=time, **changes)
            return self._keep(after)
        writes = entity.changes.writes + 1
        if isinstance(entity, TestRun):
            self._take_run(entity.number, replace(entity.changes, writes=writes, modified=time, **changes))
            return self._run(entity.run)
        return self._put(entity.number, replace(entity.changes, writes=writes, modified=time, **changes))

    def register(self, registration: Registration, changes: ComponentChanges) -> Component:
        """Add a component."""
        # The record is there before the part can be found.
        number = self.component_count()
        self._components[number] = replace(changes, registration=registration)
        self._undo.append(lambda: self._unregister(number))
        self._add_part(number, registration)
        return self._put(number, self._components[number])

    def upload(self, upload: TestRunUpload, changes: TestRunChanges) -> TestRun:
        """Add a test run."""
        number = self._next_run
        changes = replace(changes, upload=upload)
        self._take_run(number, changes)
        self._uploaded[upload.component].append(number)
        self._undo.append(lambda: self._uploaded[upload.component].remove(number))
        self._next_run = number + 1
        return self.run(number)

    def add_shipment(self, **content: Any) -> Shipment:
        return self._keep(Shipment(number=self.freight.next_shipment, **content))

    def add_batch(self, **content: Any) -> Batch:
        return self._keep(Batch(number=self.freight.next_batch, **content))

    def new_code(self) -> str:
        """Return a code for an attachment."""
        return secrets.token_hex(16)

    def new_id(self, time: int) -> str:
        """Return an object id for what is not found by it, such as a comment."""
        return f"{time // 1000:08x}{secrets.token_hex(8)}"

    def has_serial(self, serial: str) -> bool:
        return serial in self._serials or self._catalogue.find(serial) is not None

    # Within

    def _entity(self, kind: OwnerKind, number: int) -> Entity:
        if kind is OwnerKind.COMPONENT:
            return self.component(number)
        if kind is OwnerKind.TEST_RUN:
            return self.run(number)
        return self.freight.shipment(number) if kind is OwnerKind.SHIPMENT else self.freight.batch(number)

    def _remember_uploads(self, kind: OwnerKind, number: int, attachments: Iterable[Attachment]) -> None:
        for entry in attachments:
            if not entry.sample:
                self._upload_owners[entry.code] = kind, number

    def _put(self, number: int, changes: ComponentChanges) -> Component:
        before = self._components.get(number)
        # First, and for good: see `is_untouched`.
        self._touched.add(number)
        self._components[number] = changes
        self._pending.append((number, changes))
        self._undo.append(lambda: self._put_back(number, before))
        component = self.component(number)
        self.index.update(component)
        return component

    def _put_back(self, number: int, before: ComponentChanges | None) -> None:
        if before is None:
            del self._components[number]
        else:
            self._components[number] = before
        self.index.update(self.component(number))

    def _unregister(self, number: int) -> None:
        part = self._registered.pop()
        if part.serial:
            del self._serials[part.serial]
        del self._components[number]
        self.index.forget(number)

    def _keep(self, record: _R) -> _R:
        before = self.freight.before(record)
        self._pending.append((record.number, record))
        self._undo.append(lambda: self.freight.forget(record, before))
        self.freight.take(record)
        return record

    def _take_run(self, number: int, changes: TestRunChanges) -> None:
        before = self._runs.get(number)
        self._runs[number] = changes
        self._pending.append((number, changes))
        if before is None:
            self._undo.append(lambda: self._runs.__delitem__(number))
        else:
            self._undo.append(lambda: self._runs.update({number: before}))

    def _run(self, run: Run) -> TestRun:
        if run.number >= _UPLOADED_FROM:
            number = run.number - _UPLOADED_FROM
            id_ = self._ids.object_id(IdKind.UPLOADED_RUN, number, run.uploaded)
        else:
            id_ = self._origins.histories.run_id(run)
        return TestRun(id_, run, self._runs.get(run.number, TestRunChanges()), self._origins)

    def _uploaded_run(self, number: int, upload: TestRunUpload) -> Run:
        key, _, code = upload.test.rpartition("/")
        kind = self._catalogue.definitions.component_types[key]
        test = kind.test(code)
        if test is None:
            raise KeyError(upload.test)
        return Run(
            number=number,
            part=upload.component,
            test=test,
            stage=kind.stage(upload.stage),
            date=upload.date,
            uploaded=upload.uploaded,
            passed=upload.passed,
            problems=upload.problems,
            state="ready",
            place=upload.place,
            person=self._origins.person_number(upload.identity),
            run_number=upload.run_number,
        )

    def _part(self, number: int) -> Part:
        count = len(self._catalogue.parts)
        return self._catalogue.parts[number] if number < count else self._registered[number - count]

    def _is_registered(self, number: int) -> bool:
        return len(self._catalogue.parts) <= number < self.component_count()

    def _add_part(self, number: int, registration: Registration) -> None:
        kind = self._catalogue.definitions.component_types[registration.kind]
        variant = next(variant for variant in kind.variants if variant.code == registration.variant)
        self._registered.append(
            Part(
                index=number,
                kind=kind,
                variant=variant,
                serial=registration.serial,
                alternative=None,
                owner=registration.owner,
                location=registration.owner,
                person=self._origins.person_number(registration.identity),
                created=registration.time,
                family=-1,
                dummy=registration.dummy,
            )
        )
        if registration.serial:
            self._serials[registration.serial] = number

    def _read_book(self) -> None:
        for number, changes in self._book.read(ComponentChanges):
            if changes.registration is not None:
                if number != self.component_count():
                    raise OSError(f"component {number} of the storage follows none")
                self._add_part(number, changes.registration)
            self._components[number] = changes
            self._remember_uploads(OwnerKind.COMPONENT, number, changes.attachments or ())
        for number in self._components:
            self.index.update(self.component(number))
        for number, changes in self._book.read(TestRunChanges):
            self._runs[number] = changes
            if changes.upload is not None:
                self._uploaded[changes.upload.component].append(number)
                self._next_run = number + 1
            self._remember_uploads(OwnerKind.TEST_RUN, number, changes.attachments or ())
        for kind in (Shipment, Batch):
            for _, record in self._book.read(kind):
                self.freight.take(record)
                self._remember_uploads(record.kind, record.number, record.attachments)


def _gone(before: tuple[Attachment, ...], now: tuple[Attachment, ...]) -> list[Attachment]:
    codes = {entry.code for entry in now}
    return [entry for entry in before if entry.code not in codes]
