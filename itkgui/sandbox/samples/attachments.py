"""Which files hang on what from the start; their bytes are made when somebody asks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.families import SHOWCASE_FAMILIES
from itkgui.sandbox.catalogue.histories import RUNS_PER_PART, Histories, Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.measurements import Measurements, Values
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.shipments import Shipments
from itkgui.sandbox.catalogue.verdicts import INSPECTIONS, IV_TESTS
from itkgui.sandbox.dates import HOUR, MINUTE
from itkgui.sandbox.records import Attachment, OwnerKind
from itkgui.sandbox.samples.rows import (
    LINK,
    MISLABELLED,
    MODULE_FILES,
    PART_FILES,
    RARE,
    RUN_FILES,
    USUAL,
    Row,
    defect_row,
)
from itkgui.sandbox.samples.sample_files import make_sample
from itkgui.sandbox.samples.subject import Line, Subject


@dataclass(frozen=True)
class Owner:
    """What an attachment hangs on: a component by its index, a test run or a shipment by its number."""

    kind: OwnerKind
    number: int


# Photographs of defects that a run has; many missing bonds are not photographed one by one.
_MOST_DEFECT_PHOTOS = 3
_PHOTOGRAPHED = frozenset(
    ("SCRATCH", "PARTICLE", "LIFTED_BOND", "MISSING_BOND", "CHIPPED_EDGE", "GLUE_OVERFLOW", "UNBONDED")
)
_ON_EOS = 0.6  # how many of a run's pictures went there


class Attachments:
    """Derives the attachment lists of the catalogue, and the bytes behind them."""

    def __init__(
        self, catalogue: Catalogue, histories: Histories, measurements: Measurements, shipments: Shipments
    ) -> None:
        self._catalogue = catalogue
        self._shipments = shipments
        self._histories = histories
        self._measurements = measurements
        self.of_component = lru_cache(maxsize=1024)(self._of_component)
        self.of_run = lru_cache(maxsize=2048)(self._of_run)
        self._mislabelled = next(
            (part.index for part in catalogue.parts if part.kind.key == "P/PCB" and part.parent < 0), -1
        )

    def of(self, owner: Owner) -> tuple[Attachment, ...]:
        if owner.kind is OwnerKind.SHIPMENT:
            return self._shipments.one(owner.number).attachments
        if owner.kind is OwnerKind.TEST_RUN:
            return self.of_run(owner.number)
        return self.of_component(owner.number)

    def find(self, code: str) -> tuple[Owner, Attachment] | None:
        """Return the attachment of the catalogue with this code, and what it hangs on."""
        decoded = self._catalogue.ids.decode(code)
        if decoded is None:
            return None
        kind, number, place = decoded
        if kind is IdKind.COMPONENT_ATTACHMENT and number < len(self._catalogue.parts):
            owner = Owner(OwnerKind.COMPONENT, number)
        elif kind is IdKind.TEST_RUN_ATTACHMENT and number < len(self._catalogue.parts) * RUNS_PER_PART:
            owner = Owner(OwnerKind.TEST_RUN, number)
        elif kind is IdKind.SHIPMENT_ATTACHMENT and number < self._shipments.count():
            owner = Owner(OwnerKind.SHIPMENT, number)
        else:
            return None
        listed = self.of(owner)
        return (owner, listed[place]) if place < len(listed) else None

    def content(self, owner: Owner, attachment: Attachment) -> bytes:
        """Return the bytes of an attachment of the catalogue; the same ones every time."""
        if owner.kind is OwnerKind.SHIPMENT:
            return make_sample(attachment.sample, self._about_shipment(owner.number, attachment))
        run = self._histories.run(owner.number) if owner.kind is OwnerKind.TEST_RUN else None
        part = self._catalogue.parts[owner.number if run is None else run.part]
        definitions = self._catalogue.definitions
        source = run or self._latest_iv(part, attachment.time)
        values = self._measurements.of(source) if source else Values()
        sample, _, number = attachment.sample.partition("/")
        person = definitions.person(attachment.identity)
        subject = Subject(
            serial=part.serial or part.alternative or self._catalogue.code(part),
            kind=part.kind.name,
            variant=part.variant.code,
            test=source.test.code if source else "",
            stage=source.stage.code if source else "",
            time=attachment.time,
            diode=self._measurements.diode(part),
            rng=self._histories.rng("bytes", int(attachment.code[:12], 16)),
            operator=f"{person.first_name} {person.last_name}" if person else "",
            place=definitions.institutions[part.location].code,
            passed=source.passed if source else True,
            results=values.results,
            properties=values.properties,
            defect=values.defects[int(number)] if number else None,
            history=self._history(part, attachment.time),
        )
        return make_sample(sample, subject)

    def _about_shipment(self, number: int, attachment: Attachment) -> Subject:
        shipment = self._shipments.one(number)
        parts = [self._catalogue.parts[index] for index in shipment.items]
        places = self._catalogue.definitions.institutions
        answers = (shipment.checklist or {}).get("questionList", ())
        return Subject(
            serial=parts[0].serial or self._catalogue.code(parts[0]),
            kind=shipment.name,
            test="",
            stage=f"{places[shipment.sender].code} to {places[shipment.recipient].code}",
            time=attachment.time,
            rng=self._histories.rng("bytes", int(attachment.code[:12], 16)),
            diode=self._measurements.diode(parts[0]),
            place=places[shipment.recipient].code,
            passed=all(answer["value"] for answer in answers if answer["code"] in ("Q08", "Q10")),
            items=tuple(
                (part.serial or self._catalogue.code(part), part.kind.name, part.variant.name)
                for part in parts
            ),
        )

    def _latest_iv(self, part: Part, time: int) -> Run | None:
        done = [
            run
            for run in self._histories.runs(part.index)
            if run.test.code in IV_TESTS and run.state == "ready" and run.uploaded <= time
        ]
        return done[-1] if done else None

    def _history(self, part: Part, time: int) -> tuple[Line, ...]:
        return tuple(
            Line(run.date, run.stage.code, run.test.name, run.run_number, run.passed)
            for run in self._histories.runs(part.index)
            if run.state == "ready" and run.uploaded <= time
        )

    def _of_component(self, index: int) -> tuple[Attachment, ...]:
        part = self._catalogue.parts[index]
        rng = self._histories.rng("attachments", index)
        rows = self._rows(part, rng)
        if not rows:
            return ()
        end = max(part.created + HOUR, self._histories.modified(part))
        # Most is uploaded late, when the tests that it tells of are done.
        start = end - (end - part.created) // 3
        times = sorted(rng.randint(start, end) for _ in rows)
        return tuple(
            self._make(IdKind.COMPONENT_ATTACHMENT, index, place, row, time, part, row.eos, rng)
            for place, (row, time) in enumerate(zip(rows, times, strict=True))
        )

    def _rows(self, part: Part, rng: random.Random) -> list[Row]:
        if part.index == self._mislabelled:
            return [*PART_FILES["P/PCB"], *MISLABELLED]
        if part.kind.code == "MODULE" and not part.dummy:
            files = MODULE_FILES[part.kind.project]
            if part.family < SHOWCASE_FAMILIES:
                return list(files)
            chosen = {*rng.sample(USUAL, rng.randint(3, len(USUAL)))}
            chosen.update(rng.sample(RARE, rng.choice((0, 0, 0, 1, 1, 2))))
            return [row for row in files if row.always or row.sample in chosen]
        return [row for row in PART_FILES.get(part.kind.key, ()) if rng.random() < 0.6]

    def _of_run(self, number: int) -> tuple[Attachment, ...]:
        run = self._histories.run(number)
        if run is None:
            return ()
        part = self._catalogue.parts[run.part]
        rng = self._histories.rng("run attachments", number)
        rows = RUN_FILES.get(run.test.key, RUN_FILES.get(run.test.code, ()))
        return tuple(
            self._make(
                IdKind.TEST_RUN_ATTACHMENT,
                number,
                place,
                row,
                run.uploaded + (2 + place) * MINUTE,
                part,
                row.eos and rng.random() < _ON_EOS,
                rng,
            )
            for place, row in enumerate((*rows, *self._defect_rows(run)))
        )

    def _defect_rows(self, run: Run) -> list[Row]:
        if run.test.code not in INSPECTIONS and run.test.code != "MODULE_WIRE_BONDING":
            return []
        return [
            defect_row(order, defect["name"], defect["description"])
            for order, defect in enumerate(self._measurements.of(run).defects[:_MOST_DEFECT_PHOTOS])
            if defect["name"] in _PHOTOGRAPHED
        ]

    def _make(
        self,
        kind: IdKind,
        number: int,
        place: int,
        row: Row,
        time: int,
        part: Part,
        on_eos: bool,
        rng: random.Random,
    ) -> Attachment:
        code = self._catalogue.ids.code(kind, number, place)
        definitions = self._catalogue.definitions
        person = definitions.people[rng.choice(definitions.people_at[part.location])]
        if row.sample == LINK:
            address = f"{row.description}/{part.serial}"
            return Attachment(
                code, row.title, "", address, None, "link", time, person.identity, row.sample, address
            )
        filename = row.filename.format(serial=part.serial)
        return Attachment(
            code=code,
            # EOS forgets file name and type; itkdb users put the name into the title (API reference §6.2).
            title=filename if on_eos else row.title,
            description=row.description,
            filename=code if on_eos else filename,
            content_type=None if on_eos else row.content_type,
            type="eos" if on_eos else "file",
            time=time,
            identity=person.identity,
            sample=row.sample,
        )
