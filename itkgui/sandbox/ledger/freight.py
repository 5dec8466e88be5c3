"""Shipments and batches as they are now."""

from __future__ import annotations

from collections import defaultdict

from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.records import Attachment, Batch, Shipment


class Freight:
    """The sample data with what was written laid over them; the ledger alone writes, inside its lock."""

    def __init__(self, origins: Origins) -> None:
        self._ids = origins.catalogue.ids
        self._samples = origins.shipments
        self._sample_batches = origins.batches_of_sample
        self._shipments: dict[int, Shipment] = {}
        self._batches: dict[int, Batch] = {}
        self._shipments_of: dict[int, list[int]] = defaultdict(list)
        # All components that are or were in anything written; what a failed write touched stays here too.
        self.touched: set[int] = set()

    @property
    def next_shipment(self) -> int:
        return max((self._samples.count() - 1, *self._shipments)) + 1

    @property
    def next_batch(self) -> int:
        return max((len(self._sample_batches.all) - 1, *self._batches)) + 1

    def written(self) -> tuple[Shipment | Batch, ...]:
        """Return everything that was written to or made."""
        return (*tuple(self._shipments.values()), *tuple(self._batches.values()))

    def withdrawn(self) -> list[Attachment]:
        """Return the attachments of the sample data that were deleted from their shipments."""
        count = self._samples.count()
        return [
            entry
            for number, shipment in tuple(self._shipments.items())
            if number < count
            for entry in self._samples.one(number).attachments
            if entry.code not in {kept.code for kept in shipment.attachments}
        ]

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
        numbers = [shipment.number for shipment in self._samples.of_part(component)]
        numbers += tuple(self._shipments_of.get(component, ()))
        # What was taken out of a shipment again is still remembered here.
        found = [self.shipment(number) for number in dict.fromkeys(numbers)]
        return [shipment for shipment in found if component in shipment.items]

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
        self.touched.update(_parts(record), self._sample_parts(record))
        if isinstance(record, Batch):
            self._batches[record.number] = record
            return
        self._shipments[record.number] = record
        for component in record.items:
            known = self._shipments_of[component]
            if record.number not in known:
                known.append(record.number)

    def forget(self, record: Shipment | Batch, before: Shipment | Batch | None) -> None:
        """Go back to how a shipment or batch was before a write that failed."""
        if before is not None:
            self.take(before)
        elif isinstance(record, Batch):
            del self._batches[record.number]
        else:
            for component in record.items:
                self._shipments_of[component].remove(record.number)
            del self._shipments[record.number]

    def before(self, record: Shipment | Batch) -> Shipment | Batch | None:
        """Return what was written to a shipment or batch so far."""
        if isinstance(record, Batch):
            return self._batches.get(record.number)
        return self._shipments.get(record.number)

    def _sample_parts(self, record: Shipment | Batch) -> tuple[int, ...]:
        if isinstance(record, Batch):
            batches = self._sample_batches.all
            return batches[record.number].components if record.number < len(batches) else ()
        return self._samples.one(record.number).items if record.number < self._samples.count() else ()


def _parts(record: Shipment | Batch) -> tuple[int, ...]:
    return record.components if isinstance(record, Batch) else record.items
