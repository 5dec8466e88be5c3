"""Components: the parts of the detector, as rows of a list and as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from itkgui.records.attachment import Attachment, Owner, OwnerKind, attachments_of
from itkgui.records.json_fields import Json, child, flag, objects, text, timestamp
from itkgui.records.people import Reference, User, reference
from itkgui.records.stage import StageStep


@dataclass(frozen=True, kw_only=True)
class ComponentSummary:
    """A component as a list gives it (API reference §5.3, ComponentItem); also the head of a whole one."""

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
    stage: Reference
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

    @property
    def label(self) -> str:
        """What to call this part: its serial number, else the first other identifier it has."""
        return self.serial_number or self.alternative_identifier or self.code or self.id

    @property
    def flags(self) -> tuple[str, ...]:
        """The words for what sets this component apart; empty for an ordinary one."""
        words = {
            "completed": self.is_completed,
            "trashed": self.is_trashed,
            "reworked": self.is_reworked,
            "assembled": self.is_assembled,
            "in transit": self.is_in_transit,
            "dummy": self.is_dummy,
            "to be deleted": self.state == "requestedToDelete",
            "deleted": self.state == "deleted",
        }
        return tuple(word for word, applies in words.items() if applies)


@dataclass(frozen=True)
class Property:
    """A property of a component; one whose definition is gone has no name."""

    code: str
    name: str
    value: Any
    data_type: str

    @property
    def label(self) -> str:
        return self.name or self.code

    @classmethod
    def from_json(cls, data: Json) -> Property:
        """Take one property; a value stored as a code of the code table is shown by the table's text."""
        value = data.get("value")
        for entry in objects(data, "codeTable"):
            if value is not None and text(entry, "code") == str(value):
                value = entry.get("value", value)
                break
        return cls(text(data, "code"), text(data, "name"), value, text(data, "dataType"))


@dataclass(frozen=True)
class Slot:
    """A place for a child in an assembly; empty where ``component`` is None."""

    id: str
    component_type: Reference
    type: Reference
    component: ComponentSummary | None

    @classmethod
    def from_json(cls, data: Json) -> Slot:
        # Lists hold a bare id where getComponent holds an object (API reference §5.3).
        bare_id = data.get("component")
        inner = {"id": bare_id} if isinstance(bare_id, str) and bare_id else child(data, "component")
        return cls(
            text(data, "id"),
            reference(data, "componentType"),
            reference(data, "type"),
            ComponentSummary.from_json(inner) if inner else None,
        )


@dataclass(frozen=True)
class Comment:
    """A remark on a component or test run."""

    code: str
    text: str
    moment: datetime | None
    user: User

    @classmethod
    def from_json(cls, data: Json) -> Comment:
        return cls(
            text(data, "code"),
            text(data, "comment"),
            timestamp(data, "dateTime"),
            User.from_json(child(data, "user")),
        )


@dataclass(frozen=True, kw_only=True)
class Component(ComponentSummary):
    """A component with all that getComponent tells of it; ``raw`` is the server's own JSON."""

    registered_by: User
    properties: tuple[Property, ...]
    children: tuple[Slot, ...]
    parents: tuple[Slot, ...]
    steps: tuple[StageStep, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    test_run_ids: tuple[str, ...]
    revision: int
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> Component:
        summary = _summary_fields(data)
        owner = Owner(OwnerKind.COMPONENT, summary["code"], ComponentSummary(**summary).label)
        revision = child(data, "sys").get("rev")
        return cls(
            **summary,
            registered_by=User.from_json(child(data, "user")),
            properties=tuple(Property.from_json(item) for item in objects(data, "properties")),
            children=tuple(Slot.from_json(item) for item in objects(data, "children")),
            parents=tuple(Slot.from_json(item) for item in objects(data, "parents")),
            steps=tuple(StageStep.from_json(item) for item in objects(data, "stages")),
            comments=tuple(Comment.from_json(item) for item in objects(data, "comments")),
            attachments=tuple(attachments_of(data, owner)),
            test_run_ids=tuple(
                text(run, "id")
                for test in objects(data, "tests")
                for run in objects(test, "testRuns")
                if text(run, "id")
            ),
            revision=revision if isinstance(revision, int) else 0,
            raw=data,
        )

    @property
    def owner(self) -> Owner:
        """This component as the target of an upload."""
        return Owner(OwnerKind.COMPONENT, self.code, self.label)


def _summary_fields(data: Json) -> dict[str, Any]:
    grade = data.get("currentGrade")
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
        "stage": reference(data, "currentStage"),
        "state": text(data, "state"),
        "grade": "" if grade is None else str(grade),
        "is_assembled": flag(data, "assembled"),
        "is_completed": flag(data, "completed"),
        "is_trashed": flag(data, "trashed"),
        "is_reworked": flag(data, "reworked"),
        "is_dummy": flag(data, "dummy"),
        "is_in_transit": flag(data, "inTransit"),
        "created": timestamp(data, "cts"),
    }
