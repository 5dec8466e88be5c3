"""Components: the parts of the detector, as rows of a list and as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from itkgui.language import N_
from itkgui.records.attachment import Attachment, Owner, OwnerKind, attachments_of
from itkgui.records.comment import Comment, comments_of
from itkgui.records.json_fields import (
    Json,
    Shape,
    child,
    flag,
    objects,
    order_key,
    text,
    timestamp,
    unreadable,
    whole,
)
from itkgui.records.life import Batch, Grade, Mark, Move, marks_of, moves_of
from itkgui.records.people import Reference, User, by_identity, reference, user
from itkgui.records.run_history import TestRunSummary, summaries_of
from itkgui.records.stage import Stage, StageStep, stage

_GONE = ("requestedToDelete", "deleted")  # states

_SHAPES = {
    **dict.fromkeys(("project", "institution", "currentLocation", "componentType"), Shape.REFERENCE),
    **dict.fromkeys(("subproject", "type", "currentStage"), Shape.REFERENCE),
    **dict.fromkeys(("user", "sys"), Shape.OBJECT),
    **dict.fromkeys(("properties", "children", "parents", "stages", "locations", "comments"), Shape.LIST),
    **dict.fromkeys(("tests", "attachments", "batches", "grades", "flags"), Shape.LIST),
    **dict.fromkeys(("serialNumber", "alternativeIdentifier", "state", "currentGrade"), Shape.TEXT),
    "cts": Shape.MOMENT,
}


class ComponentSummary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A component as a list gives it (API reference §5.3, ComponentItem); also the head of a whole one.

    Not a dataclass, which garbage collection would look at: 100,000 in a table held the window up for 0.2 s.
    Nothing in one leads back to it, so that none is ever garbage which counting references does not find.
    """

    id: str
    code: str
    serial_number: str
    alternative_identifier: str
    project: Reference
    subproject: Reference
    component_type: Reference
    type: Reference
    institution: Reference
    location: Reference
    stage: Stage
    state: str
    grade: str
    is_assembled: bool
    is_completed: bool
    is_trashed: bool
    is_reworked: bool
    is_dummy: bool
    is_in_transit: bool
    created: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> ComponentSummary:
        return cls(**_summary_fields(data))

    def __repr__(self) -> str:
        """Tell which part it is: all it holds would fill screens."""
        return f"<{type(self).__name__} {self.label} {self.component_type.code} at {self.stage.code}>"

    @property
    def label(self) -> str:
        """What to call this part: its serial number, else the first other identifier it has."""
        return self.serial_number or self.alternative_identifier or self.code or self.id

    @property
    def key(self) -> str:
        """What commands find this part by; empty if the server told nothing of the kind."""
        return self.code or self.serial_number or self.id

    @property
    def flags(self) -> tuple[str, ...]:
        """The words for what sets this component apart, to be translated; empty for an ordinary one."""
        words = {
            N_("completed"): self.is_completed,
            N_("trashed"): self.is_trashed,
            N_("reworked"): self.is_reworked,
            N_("assembled"): self.is_assembled,
            N_("in transit"): self.is_in_transit,
            N_("dummy"): self.is_dummy,
            N_("to be deleted"): self.state == "requestedToDelete",
            N_("deleted"): self.state == "deleted",
        }
        return tuple(word for word, applies in words.items() if applies)

    @property
    def is_gone(self) -> bool:
        """Whether it is trashed, deleted or to be deleted."""
        return self.is_trashed or self.state in _GONE

    @property
    def gone_word(self) -> str:
        """The word of ``flags`` for that; only for one that is gone."""
        return "trashed" if self.is_trashed else self.flags[-1]

    @property
    def state_word(self) -> str:
        """The state, unless ``flags`` has a word for it."""
        return "" if self.state in _GONE else self.state

    @property
    def owner(self) -> Owner:
        """This component as the target of an upload."""
        return Owner(OwnerKind.COMPONENT, self.code, self.label)


@dataclass(frozen=True)
class Property:
    """A property of a component, or of its place in an assembly; one that is defined no more has no name."""

    code: str
    name: str
    value: Any
    data_type: str
    moment: datetime | None = None
    user: User = field(default_factory=lambda: User.from_json({}))
    is_required: bool = False

    @property
    def label(self) -> str:
        return self.name or self.code

    @property
    def is_empty(self) -> bool:
        return self.value in (None, "", [], {})

    @classmethod
    def from_json(cls, data: Json) -> Property:
        """Take one property; a value stored as a code of the code table is shown by the table's text."""
        value = data.get("value")
        for entry in objects(data, "codeTable"):
            if value is not None and text(entry, "code") == str(value):
                value = entry.get("value", value)
                break
        return cls(
            text(data, "code"),
            text(data, "name"),
            value,
            text(data, "dataType"),
            timestamp(data, "dateTime"),
            user(data),
            flag(data, "required"),
        )


@dataclass(frozen=True)
class Slot:
    """A place in an assembly, for a child or, seen from there, for a parent; empty without a component.

    ``moment`` and ``user`` tell when and by whom it was filled; the properties are those of the relation.
    """

    id: str
    component_type: Reference
    type: Reference
    component: ComponentSummary | None
    moment: datetime | None
    user: User
    properties: tuple[Property, ...]

    @classmethod
    def from_json(cls, data: Json) -> Slot:
        # Lists hold a bare id where getComponent holds an object (API reference §5.3).
        bare_id = data.get("component")
        inner = {"id": bare_id} if isinstance(bare_id, str) and bare_id else child(data, "component")
        # The bulk answers write moment and person in other keys than getComponent does.
        return cls(
            text(data, "id"),
            reference(data, "componentType"),
            reference(data, "type"),
            ComponentSummary.from_json(inner) if inner else None,
            timestamp(data, "timestamp") or timestamp(data, "stateTs"),
            by_identity(data, "identity" if text(data, "identity") else "stateUserIdentity"),
            tuple(map(Property.from_json, objects(data, "properties"))),
        )


class Component(ComponentSummary, frozen=True, kw_only=True, gc=True):
    """A component with all that getComponent tells of it; ``raw`` is the server's own JSON.

    Two are equal whatever their ``raw`` says, where links to files carry other tokens each time. One from
    getComponentBulk has no id and no revision (API reference §5.3). ``unreadable`` names the fields of
    ``raw`` that hold something other than they should.
    """

    registered_by: User
    destination: Reference
    properties: tuple[Property, ...]
    children: tuple[Slot, ...]
    parents: tuple[Slot, ...]
    steps: tuple[StageStep, ...]
    moves: tuple[Move, ...]
    marks: tuple[Mark, ...]
    grades: tuple[Grade, ...]
    labels: tuple[Reference, ...]
    batches: tuple[Batch, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    runs: tuple[TestRunSummary, ...]
    revision: int
    modified: datetime | None
    unreadable: tuple[str, ...] = ()
    raw: Json = msgspec.field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Component) and _without_raw(self) == _without_raw(other)

    def __hash__(self) -> int:
        return hash(self.key)

    @classmethod
    def from_json(cls, data: Json) -> Component:
        summary = _summary_fields(data)
        return cls(
            **summary,
            registered_by=user(data),
            destination=reference(data, "shipmentDestination"),
            properties=tuple(map(Property.from_json, objects(data, "properties"))),
            children=tuple(map(Slot.from_json, sorted(objects(data, "children"), key=order_key))),
            parents=tuple(map(Slot.from_json, objects(data, "parents"))),
            steps=tuple(map(StageStep.from_json, objects(data, "stages"))),
            moves=moves_of(data),
            marks=marks_of(data),
            grades=tuple(map(Grade.from_json, objects(data, "grades"))),
            labels=tuple(map(Reference.from_json, objects(data, "flags"))),
            batches=tuple(map(Batch.from_json, objects(data, "batches"))),
            comments=comments_of(data),
            attachments=tuple(attachments_of(data, ComponentSummary(**summary).owner)),
            runs=tuple(summaries_of(data)),
            revision=whole(child(data, "sys"), "rev"),
            modified=timestamp(child(data, "sys"), "mts"),
            unreadable=unreadable(data, _SHAPES),
            raw=data,
        )


def _without_raw(component: Component) -> tuple[Any, ...]:
    return msgspec.structs.astuple(component)[:-1]


def _summary_fields(data: Json) -> dict[str, Any]:
    return {
        "id": text(data, "id"),
        "code": text(data, "code"),
        "serial_number": text(data, "serialNumber"),
        "alternative_identifier": text(data, "alternativeIdentifier"),
        "project": reference(data, "project"),
        "subproject": reference(data, "subproject"),
        "component_type": reference(data, "componentType"),
        "type": reference(data, "type"),
        "institution": reference(data, "institution"),
        "location": reference(data, "currentLocation"),
        "stage": stage(data, "currentStage"),
        "state": text(data, "state"),
        "grade": text(data, "currentGrade"),
        "is_assembled": flag(data, "assembled"),
        "is_completed": flag(data, "completed"),
        "is_trashed": flag(data, "trashed"),
        "is_reworked": flag(data, "reworked"),
        "is_dummy": flag(data, "dummy"),
        "is_in_transit": flag(data, "inTransit"),
        "created": timestamp(data, "cts"),
    }
