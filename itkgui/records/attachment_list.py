"""The attachments around a component in one list: its own, those of its runs and of its shipments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from itkgui.records.attachment import Attachment
from itkgui.records.component import Component
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


def attachments_around(
    component: Component, runs: Iterable[TestRun] = (), shipments: Iterable[Shipment] = ()
) -> tuple[Attachment, ...]:
    """Return all attachments, the newest first, each with its owner; those of deleted runs are left out."""
    found = list(component.attachments)
    for run in runs:
        if not run.is_deleted:
            found += run.attachments
    for shipment in shipments:
        found += shipment.attachments
    return tuple(sorted(found, key=lambda attachment: attachment.moment or _LONG_AGO, reverse=True))
