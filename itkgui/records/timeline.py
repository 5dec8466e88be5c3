"""Everything that happened to a component, merged in one chronological list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum

from itkgui.language import N_, _
from itkgui.records.attachment import Attachment
from itkgui.records.comment import Comment
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.people import Institution, User
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun

# What an event leads to: a view opens it.
Subject = ComponentSummary | TestRunSummary | Attachment | Shipment
_ALWAYS = datetime.max.replace(tzinfo=timezone.utc)


class EventKind(Enum):
    """What sort of thing happened; the value is the word for it."""

    REGISTERED = N_("registered")
    STAGE = N_("stage")
    LOCATION = N_("location")
    SHIPMENT = N_("shipment")
    TEST_RUN = N_("test run")
    ATTACHMENT = N_("attachment")
    COMMENT = N_("comment")
    GRADE = N_("grade")
    MARK = N_("mark")
    ASSEMBLY = N_("assembly")
    PROPERTY = N_("property")


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``moment`` in UTC, None where the server does not tell it.

    ``text`` is a plain sentence without who and when. ``subject`` is what can be opened, if anything.
    """

    kind: EventKind
    moment: datetime | None
    actor: User
    text: str
    subject: Subject | None = None


def timeline_of(
    component: Component,
    runs: Iterable[TestRunSummary] = (),
    shipments: Iterable[Shipment] = (),
    institutions: Iterable[Institution] = (),
) -> tuple[Event, ...]:
    """Return what happened to a component, oldest first, what has no moment last.

    Whole runs bring their attachments and comments; without any, the summaries in the component are told.
    The institutions name the places, which a component's history knows by their ids only. Where the server
    gives an identity alone, the name is taken from wherever else in all this it stands.
    """
    runs = tuple(runs) or component.runs
    places = {place.id: place for place in institutions}
    events = [
        *_of_life(component, places),
        *_of_assembly(component),
        *_of_attachments(component.attachments, component.label),
        *_of_comments(component.comments, component.label, component),
    ]
    for run in runs:
        events += _of_run(run)
    for shipment in shipments:
        events += _of_shipment(shipment)
    names = {event.actor.identity: event.actor for event in events if event.actor.first_name}
    named = (_named(event, names) for event in events)
    return tuple(sorted(named, key=lambda event: event.moment or _ALWAYS))


def _named(event: Event, names: Mapping[str, User]) -> Event:
    actor = names.get(event.actor.identity, event.actor)
    return Event(event.kind, event.moment, actor, event.text, event.subject)


def _of_life(component: Component, places: Mapping[str, Institution]) -> Iterator[Event]:
    yield Event(EventKind.REGISTERED, component.created, component.registered_by, _("Registered"))
    for step in component.steps:
        words = _("Back to stage {stage}") if step.is_rework else _("Came to stage {stage}")
        text = words.format(stage=step.stage.label) + _remark(step.comment)
        yield Event(EventKind.STAGE, step.moment, step.user, text)
    for move in component.moves:
        place = places.get(move.institution.id, move.institution)
        name = place.label or place.id or _("an unknown place")
        yield Event(EventKind.LOCATION, move.moment, move.user, _("Arrived at {name}").format(name=name))
    for grade in component.grades:
        text = _("Graded {grade}").format(grade=grade.grade) + _remark(grade.comment)
        yield Event(EventKind.GRADE, grade.moment, grade.user, text)
    for mark in component.marks:
        words = _("Marked as {mark}") if mark.is_set else _("No longer {mark}")
        text = words.format(mark=_(mark.name)) + _remark(mark.reason)
        yield Event(EventKind.MARK, mark.moment, mark.user, text)
    for item in component.properties:
        if item.moment:
            text = _("{property} set to {value}").format(property=item.label, value=item.value)
            yield Event(EventKind.PROPERTY, item.moment, item.user, text[:200])


def _remark(text: str) -> str:
    return f": {text}" if text else ""


def _of_assembly(component: Component) -> Iterator[Event]:
    for slot in component.children:
        if slot.component:
            text = _("{type} {name} put in").format(type=slot.component_type.label, name=slot.component.label)
            yield Event(EventKind.ASSEMBLY, slot.moment, slot.user, text, slot.component)


def _of_attachments(attachments: Iterable[Attachment], place: str) -> Iterator[Event]:
    for attachment in attachments:
        text = _("{file} attached to {place}").format(file=attachment.display_name, place=place)
        yield Event(EventKind.ATTACHMENT, attachment.moment, attachment.user, text, attachment)


def _of_comments(comments: Iterable[Comment], place: str, subject: Subject) -> Iterator[Event]:
    for comment in comments:
        text = _("On {place}: {text}").format(place=place, text=comment.text)
        yield Event(EventKind.COMMENT, comment.moment, comment.user, text, subject)


def _of_run(run: TestRunSummary) -> Iterator[Event]:
    text = f"{run.owner.label}: {run.verdict_text}"
    yield Event(EventKind.TEST_RUN, run.date or run.created, run.user, text, run)
    if isinstance(run, TestRun):
        yield from _of_attachments(run.attachments, run.owner.label)
        yield from _of_comments(run.comments, run.owner.label, run)


def _of_shipment(shipment: Shipment) -> Iterator[Event]:
    words = _("Shipment {name}, {sender} to {recipient}: {status}")
    facts = {
        "name": shipment.label,
        "sender": shipment.sender.label,
        "recipient": shipment.recipient.label,
    }
    for step in shipment.history:
        text = words.format(**facts, status=step.status)
        yield Event(EventKind.SHIPMENT, step.moment, step.user, text, shipment)
    if not shipment.history:
        text = words.format(**facts, status=shipment.status)
        yield Event(EventKind.SHIPMENT, shipment.created, shipment.user, text, shipment)
    place = _("shipment {name}").format(name=shipment.label)
    yield from _of_attachments(shipment.attachments, place)
    yield from _of_comments(shipment.comments, place, shipment)
