"""Test runs: what was measured on a component, when, where, and with what verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from itkgui.records.attachment import Attachment, Owner, OwnerKind, attachments_of
from itkgui.records.component import Comment
from itkgui.records.json_fields import Json, child, flag, objects, text, timestamp
from itkgui.records.people import Reference, User, reference

_UNIT = re.compile(r"(?<!\s)\s*\[(?P<unit>[^\[\]]{1,20})\]")


class Verdict(Enum):
    """How a run ended; ``problems`` is a mark of its own beside it (API reference §8.2)."""

    PASSED = "passed"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Measured:
    """A property or a result of a test run; ``value`` is JSON as the server gave it."""

    code: str
    name: str
    value: Any
    data_type: str
    value_type: str

    @classmethod
    def from_json(cls, data: Json) -> Measured:
        return cls(
            text(data, "code"),
            text(data, "name"),
            data.get("value"),
            text(data, "dataType"),
            text(data, "valueType"),
        )

    @property
    def label(self) -> str:
        """The name without its unit; the code where there is no name."""
        return (_UNIT.sub("", self.name) if self.unit else self.name).strip() or self.code

    @property
    def unit(self) -> str:
        """The unit, which the database knows only as a part of the name: ``"Mass [mg]"`` gives ``"mg"``.

        A name with several, ``"time [s], voltage [V]"``, is that of several columns: none is the unit.
        """
        found: list[str] = _UNIT.findall(self.name)
        return found[0].strip() if len(found) == 1 else ""


@dataclass(frozen=True)
class Defect:
    """Something wrong that was seen during a test."""

    name: str
    description: str
    properties: Json

    @classmethod
    def from_json(cls, data: Json) -> Defect:
        return cls(text(data, "name"), text(data, "description"), child(data, "properties"))


@dataclass(frozen=True)
class TestRun:
    """One test run with its results (API reference §5.6); ``stage`` is the component's at that time."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    id: str
    state: str
    test_type: Reference
    stage: Reference
    run_number: str
    passed: bool
    has_problems: bool
    date: datetime | None
    institution: Reference
    user: User
    properties: tuple[Measured, ...]
    results: tuple[Measured, ...]
    defects: tuple[Defect, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> TestRun:
        test_type = reference(data, "testType")
        run_id = text(data, "id")
        owner = Owner(OwnerKind.TEST_RUN, run_id, f"{test_type.label}, run {text(data, 'runNumber')}")
        component: Json = next(objects(data, "components"), {})
        return cls(
            id=run_id,
            state=text(data, "state"),
            test_type=test_type,
            stage=reference(component, "testedAtStage"),
            run_number=text(data, "runNumber"),
            passed=flag(data, "passed"),
            has_problems=flag(data, "problems"),
            date=timestamp(data, "date"),
            institution=reference(data, "institution"),
            user=User.from_json(child(data, "user")),
            properties=tuple(Measured.from_json(item) for item in objects(data, "properties")),
            results=tuple(Measured.from_json(item) for item in objects(data, "results")),
            defects=tuple(Defect.from_json(item) for item in objects(data, "defects")),
            comments=tuple(Comment.from_json(item) for item in objects(data, "comments")),
            attachments=tuple(attachments_of(data, owner)),
            raw=data,
        )

    @property
    def is_deleted(self) -> bool:
        return self.state not in ("ready", "")

    @property
    def verdict(self) -> Verdict:
        if self.is_deleted:
            return Verdict.DELETED
        return Verdict.PASSED if self.passed else Verdict.FAILED

    @property
    def owner(self) -> Owner:
        """This run as the target of an upload."""
        return Owner(OwnerKind.TEST_RUN, self.id, f"{self.test_type.label}, run {self.run_number}")
