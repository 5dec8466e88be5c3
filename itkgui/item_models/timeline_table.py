"""What happened to a component, in rows."""

from __future__ import annotations

from itkgui.item_models.columns import moment_column
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.test_run_table import verdict_icon, verdict_tone
from itkgui.language import N_, _
from itkgui.records.run_history import TestRunSummary
from itkgui.records.timeline import Event, EventKind

_ICONS = {
    EventKind.REGISTERED: "check",
    EventKind.STAGE: "clock",
    EventKind.LOCATION: "component",
    EventKind.SHIPMENT: "archive",
    EventKind.TEST_RUN: "chart",
    EventKind.ATTACHMENT: "file",
    EventKind.COMMENT: "text",
    EventKind.GRADE: "info",
    EventKind.MARK: "warning",
    EventKind.ASSEMBLY: "link",
    EventKind.PROPERTY: "info",
}


def _run(event: Event) -> TestRunSummary | None:
    """Return the test run that an event tells the end of; None for any other event."""
    if event.kind is EventKind.TEST_RUN and isinstance(event.subject, TestRunSummary):
        return event.subject
    return None


def _verdict_icon(event: Event) -> str:
    run = _run(event)
    return verdict_icon(run) if run else ""


def _verdict_tone(event: Event) -> str:
    run = _run(event)
    return verdict_tone(run) if run else ""


EVENT_COLUMNS: tuple[Column[Event], ...] = (
    moment_column(N_("When"), lambda e: e.moment),
    Column(N_("Kind"), lambda e: _(e.kind.value), icon=lambda e: _ICONS[e.kind]),
    Column(
        N_("What happened"), lambda e: e.text, icon=_verdict_icon, tone=_verdict_tone, hint=lambda e: e.text
    ),
    Column(N_("Who"), lambda e: e.actor.name),
)


class TimelineTable(RecordTable[Event]):
    """All events, or those of one kind."""

    def __init__(self) -> None:
        super().__init__(EVENT_COLUMNS)
