"""The stages of a component type, what each asks for, and those a component went through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from itkgui.records.json_fields import Json, child, flag, number, objects, order_key, text, timestamp
from itkgui.records.people import SHARED_LENGTH, Reference, User, user


@dataclass(frozen=True)
class StageTest:
    """A test type that a stage asks for; ``test_type_id`` is its object id (API reference §5.2).

    A reception test is made when a part arrives; one that is reception only is not asked for otherwise.
    """

    test_type_id: str
    is_reception: bool = False
    is_reception_only: bool = False
    leads_to_next_stage: bool = False

    @classmethod
    def from_json(cls, data: Json) -> StageTest:
        return cls(
            text(data, "testType"),
            flag(data, "receptionTest"),
            flag(data, "receptionTestOnly"),
            flag(data, "nextStage"),
        )


@dataclass(frozen=True)
class Stage(Reference):
    """A stage; ``order`` is neither dense nor unique, and a side stage is off the way of production."""

    order: float | None = field(default=None, compare=False)
    is_initial: bool = field(default=False, compare=False)
    is_final: bool = field(default=False, compare=False)
    is_side: bool = field(default=False, compare=False)
    tests: tuple[StageTest, ...] = field(default=(), compare=False)

    @classmethod
    def from_json(cls, data: Json) -> Stage:
        code, name = text(data, "code"), text(data, "name")
        tests = tuple(map(StageTest.from_json, sorted(objects(data, "testTypes"), key=order_key)))
        make = _shared_stage if not tests and len(code) + len(name) <= SHARED_LENGTH else cls
        return make(
            code,
            name,
            order=number(data, "order"),
            is_initial=flag(data, "initial"),
            is_final=flag(data, "final"),
            is_side=flag(data, "alternative"),
            tests=tests,
        )


_shared_stage = lru_cache(maxsize=1024)(Stage)  # as references are


@dataclass(frozen=True)
class StageStep:
    """One entry of a component's history: it came to this stage at this moment."""

    stage: Reference
    moment: datetime | None
    is_rework: bool
    comment: str
    user: User

    @classmethod
    def from_json(cls, data: Json) -> StageStep:
        return cls(
            Reference.from_json(data),
            timestamp(data, "dateTime"),
            flag(data, "rework"),
            text(data, "comment"),
            user(data),
        )


def stage(data: Json, key: str) -> Stage:
    """Return the stage in a field; raw answers hold a bare code there (API reference §5.4)."""
    value = data.get(key)
    return Stage(value) if isinstance(value, str) else Stage.from_json(child(data, key))


def stages(data: Json, key: str) -> tuple[Stage, ...]:
    """Return the stages in a field in the order of production; the list's own order breaks ties."""
    return tuple(map(Stage.from_json, sorted(objects(data, key), key=order_key)))
