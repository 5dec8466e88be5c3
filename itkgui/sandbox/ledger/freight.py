"""Shipments and batches as they are now."""

from __future__ import annotations

from collections import defaultdict

from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.records import Batch, Shipment


class Freight:
    """The sample data with what was written laid over them; the ledger alone writes, inside its lock."""

    def __init__(self, origins: Origins) -> None:
        self._ids = origins.catalogue.ids
        self._samples = origins.shipments
        self._sample_batches = origins.batches_of_sample
        self._shipments: dict[int, Shipment] = {}
        self._batches: dict[int, Batch] = {}
        self._shipments_of: dict[int, list[int]] = defaultdict(list)
        self._made_shipments = 0
        self._made_batches = 0

    @property
    def next_shipment(self) -> int:
        return self._samples.count() + self._made_shipments

    @property
    def next_batch(self) -> int:
        return len(self._sample_batches.all) + self._made_batches

    def written(self) -> tuple[Shipment | Batch, ...]:
        """Return everything that was written to or made."""
        return (*tuple(self._shipments.values()), *tuple(self._batches.values()))

    def shipment(self, number: int) -> Shipment:
        return self._shipments.get(number) or self._samples.one(number)

    def shipment_id(self, shipment: Shipment) -> str:
        return self._ids.object_id(IdKind.SHIPMENT, shipment.number, shipment.created)

    def find_shipment(self, object_id: str) -> Shipment | None:
        number = self._ids.number(IdKind.SHIPMENT, object_id)
        if number is None or (number >= self._samples.count() and number not in self._shipments):
            return None
        found = self.shipment(number)
        return found if self.shipment_id(found) == object_id else None

    def shipments_of(self, component: int) -> list[Shipment]:
        """Return the shipments of a component, oldest first."""
        sample = [self.shipment(shipment.number) for shipment in self._samples.of_part(component)]
        return [
            *sample,
            *(self._shipments[number] for number in tuple(self._shipments_of.get(component, ()))),
        ]

    def shipments_touching(self, places: set[int]) -> list[Shipment]:
        """Return the shipments from or to one of these institutions, newest first."""
        sample = [self.shipment(number) for number in self._samples.touching(places)]
        count = self._samples.count()
        made = [
            shipment
            for number, shipment in tuple(self._shipments.items())
            if number >= count and (shipment.sender in places or shipment.recipient in places)
        ]
        return sorted((*sample, *made), key=lambda shipment: -shipment.created)

    def batches(self) -> list[Batch]:
        """Return all batches, newest first."""
        sample = [self._batches.get(batch.number, batch) for batch in self._sample_batches.all]
        made = [batch for number, batch in tuple(self._batches.items()) if number >= len(sample)]
        return sorted((*sample, *made), key=lambda batch: -batch.created)

    def batch(self, number: int) -> Batch:
        found = self._batches.get(number)
        return self._sample_batches.all[number] if found is None else found

    def batch_id(self, batch: Batch) -> str:
        return self._ids.object_id(IdKind.BATCH, batch.number, batch.created)

    def find_batch(self, object_id: str) -> Batch | None:
        number = self._ids.number(IdKind.BATCH, object_id)
        sample = len(self._sample_batches.all)
        if number is None or (number >= sample and number not in self._batches):
            return None
        found = self.batch(number)
        return found if self.batch_id(found) == object_id else None

    def take(self, record: Shipment | Batch) -> None:
        """Take over a shipment or batch as it is now, a new one too."""
        if isinstance(record, Batch):
            made = record.number >= len(self._sample_batches.all)
            self._made_batches += made and record.number not in self._batches
            self._batches[record.number] = record
            return
        if record.number >= self._samples.count() and record.number not in self._shipments:
            self._made_shipments += 1
            for component in record.items:
                self._shipments_of[component].append(record.number)
        self._shipments[record.number] = record
