"""The attachments around a component in one list: its own, those of its runs and of its shipments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from itkgui.language import _
from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.component import Component
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class Provenance:
    """Where attachments come from, in the words people sort them by; what does not apply is empty.

    ``subject`` is the component, or the shipment, that the list is about.
    """

    kind: OwnerKind
    label: str
    subject: str
    stage: str = ""
    test_type: str = ""
    run: str = ""

    @property
    def place(self) -> str:
        """Where such attachments are, told apart from the same kind of run at another stage."""
        if self.kind is OwnerKind.COMPONENT or self.label == self.subject:
            return self.subject
        if self.stage and self.subject:
            text = _("{label} at {stage} of {subject}")
        elif self.stage:
            text = _("{label} at {stage}")
        else:
            text = _("{label} of {subject}") if self.subject else "{label}"
        return text.format(label=self.label, stage=self.stage, subject=self.subject)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that such attachments are saved in, not yet safe to use as names."""
        if self.kind is OwnerKind.TEST_RUN:
            return self.subject, self.stage or _("no stage"), self.test_type or _("no test type"), self.run
        if self.kind is OwnerKind.SHIPMENT and self.label != self.subject:
            return self.subject, _("shipment {name}").format(name=self.label)
        return (self.subject,)


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


def provenances(
    attachments: Iterable[Attachment], subject: str, runs: Iterable[TestRun] = ()
) -> dict[Owner, Provenance]:
    """Return where the owners of attachments stand, with what is known of them if they are among ``runs``."""
    by_id = {run.id: run for run in runs}
    found: dict[Owner, Provenance] = {}
    for owner in dict.fromkeys(attachment.owner for attachment in attachments):
        run = by_id.get(owner.key) if owner.kind is OwnerKind.TEST_RUN else None
        if run is None:
            label = _("component") if owner.kind is OwnerKind.COMPONENT else owner.label
            found[owner] = Provenance(owner.kind, label, subject, run=owner.label)
        else:
            number = _("run {number}").format(number=run.run_number or run.id)
            found[owner] = Provenance(
                owner.kind, owner.label, subject, run.stage.label, run.test_type.label, number
            )
    return found


def uses_of(attachment: Attachment, runs: Iterable[TestRun]) -> tuple[str, ...]:
    """Return where else an attachment is named: other owners of the same code, and results of runs."""
    found = []
    for run in runs:
        if run.is_deleted:
            continue
        label = run.owner.label
        if run.owner != attachment.owner and any(a.code == attachment.code for a in run.attachments):
            found.append(label)
        found += [
            _("the result “{result}” of {owner}").format(result=result.label, owner=label)
            for result in run.results
            if attachment.code in result.attachment_codes
        ]
    return tuple(found)
