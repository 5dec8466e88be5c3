"""Test runs as a whole: what was measured on a component, and what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from itkgui.records.attachment import Attachment, Owner, OwnerKind, attachments_of
from itkgui.records.comment import Comment, comments_of
from itkgui.records.component import ComponentSummary
from itkgui.records.json_fields import Json, Shape, as_number, child, objects, text, unreadable
from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.records.run_history import TestRunSummary, run_label, summary_fields
from itkgui.records.stage import stage

_UNIT = re.compile(r"(?<!\s)\s*\[(?P<unit>[^\[\]]{1,20})\]")
_NUMERIC = {int, float, type(None)}
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")
NOT_FOUND = -999.0
"""What the field often writes for a number that was not found, such as the voltage of a breakdown.

The API reference has no word on it: such a value is shown, drawn and judged like any number, and named.
"""

_SHAPES = {
    **dict.fromkeys(("testType", "institution"), Shape.REFERENCE),
    **dict.fromkeys(("properties", "results", "defects", "comments"), Shape.LIST),
    **dict.fromkeys(("attachments", "components"), Shape.LIST),
    "user": Shape.OBJECT,
    "date": Shape.MOMENT,
    "cts": Shape.MOMENT,
}


class ValueKind(Enum):
    """What a value is, which decides how it is shown."""

    NOTHING = "nothing"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    ARRAY = "array"
    TABLE = "table"
    OBJECT = "object"
    RUN_LINK = "run-link"
    FILE = "attachment"


@dataclass(frozen=True)
class Measured:
    """A property or a result of a test run; ``value`` is JSON as the server gave it.

    A parameter with a value for each part in the assembly comes once for each, with that part as ``child``.
    ``limits`` are the run's own (API reference §5.6, rangeMin and rangeMax); most are the test type's.
    """

    code: str
    name: str
    value: Any
    data_type: str
    value_type: str
    limits: Limits = NO_LIMITS
    child: ComponentSummary | None = None

    @classmethod
    def from_json(cls, data: Json) -> Measured:
        part = child(data, "associateChild")
        return cls(
            text(data, "code"),
            text(data, "name"),
            data.get("value"),
            text(data, "dataType"),
            text(data, "valueType"),
            Limits.of_range(data),
            ComponentSummary.from_json(part) if part else None,
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

    @cached_property
    def kind(self) -> ValueKind:
        """What the value is: its data type decides where that is known, else the value itself."""
        value = self.value
        if value is None:
            return ValueKind.NOTHING
        if self.linked_run_ids:
            return ValueKind.RUN_LINK
        if self.attachment_codes:
            return ValueKind.FILE
        if isinstance(value, bool):
            return ValueKind.FLAG
        if isinstance(value, dict):
            return ValueKind.OBJECT
        if isinstance(value, list):
            is_table = bool(value) and all(isinstance(row, list) for row in value)
            return ValueKind.TABLE if is_table else ValueKind.ARRAY
        return ValueKind.NUMBER if isinstance(value, int | float) else ValueKind.TEXT

    @property
    def shape(self) -> tuple[int, ...]:
        """``(n,)`` of an array, ``(rows, longest row)`` of a table, ``()`` of anything else."""
        if not isinstance(self.value, list):
            return ()
        if self.kind is ValueKind.TABLE:
            return len(self.value), max(map(len, self.value))
        return (len(self.value),)

    @property
    def number(self) -> float | None:
        """The value as a finite number, also one written as text; None for anything else."""
        return as_number(self.value)

    @cached_property
    def linked_run_ids(self) -> tuple[str, ...]:
        """The ids of the test runs this value leads to: bare ids, or objects with one (§5.6)."""
        found = self.value if isinstance(self.value, list) else [self.value]
        return tuple(
            run_id
            for item in found[:1000]
            if (run_id := _run_id(item, is_declared=self.data_type == "testRun"))
        )

    @cached_property
    def attachment_codes(self) -> tuple[str, ...]:
        """The codes of the run's attachments that an image or binary parameter holds."""
        if self.data_type not in ("image", "binary"):
            return ()
        found = self.value if isinstance(self.value, list) else [self.value]
        return tuple(item for item in found if isinstance(item, str) and item)

    @property
    def is_readable(self) -> bool:
        """Whether the value is what its data type says; a text where a number was due is not."""
        if self.data_type not in ("float", "integer"):
            return True
        if isinstance(self.value, list) and set(map(type, self.value)) <= _NUMERIC:
            return True  # a long column, in a hurry
        return all(type(item) in _NUMERIC for item in _leaves(self.value))


def _run_id(item: Any, *, is_declared: bool) -> str:
    if isinstance(item, dict):
        found = text(item, "id") if is_declared or "testType" in item else ""
    else:
        found = item if is_declared and isinstance(item, str) else ""
    return found if _OBJECT_ID.fullmatch(found) else ""


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the scalars in a value, however deep its lists and objects are."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
        else:
            yield item


@dataclass(frozen=True)
class Defect:
    """Something wrong that was seen during a test."""

    name: str
    description: str
    properties: Json

    @classmethod
    def from_json(cls, data: Json) -> Defect:
        return cls(text(data, "name"), text(data, "description"), child(data, "properties"))


@dataclass(frozen=True, kw_only=True, repr=False)
class TestRun(TestRunSummary):
    """One test run with its results (API reference §5.6); ``stage`` is the component's at that time.

    ``unreadable`` names the fields of ``raw``, and the results by code, that hold something other than they
    should.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    component: ComponentSummary
    properties: tuple[Measured, ...]
    results: tuple[Measured, ...]
    defects: tuple[Defect, ...]
    comments: tuple[Comment, ...]
    attachments: tuple[Attachment, ...]
    unreadable: tuple[str, ...] = ()
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> TestRun:
        head = summary_fields(data)
        component: Json = next(objects(data, "components"), {})
        head["stage"] = stage(component, "testedAtStage") or head["stage"]
        label = run_label(head["test_type"], head["run_number"])
        results = tuple(map(Measured.from_json, objects(data, "results")))
        return cls(
            **head,
            component=ComponentSummary.from_json(component),
            properties=tuple(map(Measured.from_json, objects(data, "properties"))),
            results=results,
            defects=tuple(map(Defect.from_json, objects(data, "defects"))),
            comments=comments_of(data),
            attachments=tuple(attachments_of(data, Owner(OwnerKind.TEST_RUN, head["id"], label))),
            unreadable=(
                *unreadable(data, _SHAPES),
                *(result.code for result in results if not result.is_readable),
            ),
            raw=data,
        )
