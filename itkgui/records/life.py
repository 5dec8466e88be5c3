"""What happens to a component besides its stages: moves, grades, marks such as *trashed*, batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.records.json_fields import Json, flag, objects, text, timestamp
from itkgui.records.people import Reference, User, by_identity, reference, user


@dataclass(frozen=True)
class Move:
    """An arrival; most answers give the institution as a bare object id, to be looked up in the list."""

    institution: Reference
    moment: datetime | None
    user: User

    @classmethod
    def from_json(cls, data: Json) -> Move:
        place = data.get("institution")
        institution = Reference("", id=place) if isinstance(place, str) else reference(data, "institution")
        return cls(institution, timestamp(data, "dateTime"), user(data))


@dataclass(frozen=True)
class Grade:
    """One grading of a component."""

    grade: str
    moment: datetime | None
    user: User
    comment: str

    @classmethod
    def from_json(cls, data: Json) -> Grade:
        grade = text(data, "grade") or text(data, "code")
        return cls(grade, timestamp(data, "dateTime"), user(data), text(data, "comment"))


@dataclass(frozen=True)
class Mark:
    """When, by whom and why a mark of a component was last set or taken away; of a state, it is its name."""

    name: str
    is_set: bool
    moment: datetime | None
    user: User
    reason: str


@dataclass(frozen=True)
class Batch:
    """A batch that a component belongs to."""

    number: str
    type: Reference
    moment: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Batch:
        return cls(text(data, "number"), reference(data, "batchType"), timestamp(data, "stateTs"))


def moves_of(component: Json) -> tuple[Move, ...]:
    """Return the moves that getComponent lists; where it lists none, the last one is told apart from them."""
    listed = tuple(map(Move.from_json, objects(component, "locations")))
    moment = timestamp(component, "currentLocationTs")
    if listed or not moment:
        return listed
    mover = by_identity(component, "currentLocationUserIdentity")
    return (Move(reference(component, "currentLocation"), moment, mover),)


_MARKS = (  # the keys of each, of why it was set, and of when
    ("completed", "completedReason", "completedTs"),
    ("trashed", "trashedReason", "trashedTs"),
    ("reworked", "reworkedReason", "reworkedTs"),
)


def marks_of(component: Json) -> tuple[Mark, ...]:
    """Return the marks that getComponent tells a moment of, those that were taken away included."""
    found = [
        Mark(
            name,
            flag(component, name),
            moment,
            by_identity(component, f"{name}UserIdentity"),
            text(component, reason),
        )
        for name, reason, since in _MARKS
        if (moment := timestamp(component, since))
    ]
    state, moment = text(component, "state"), timestamp(component, "stateTs")
    if moment and state not in ("", "ready"):
        found.append(Mark(state, True, moment, by_identity(component, "stateUserIdentity"), ""))
    return tuple(found)
