"""Test types: what is measured in a test, in which form, and within which limits at which stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from itkgui.records.component_type import PropertyDefinition, code_table
from itkgui.records.json_fields import Json, child, flag, objects, order_key, text, texts, whole
from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.records.people import Reference
from itkgui.records.test_run import Measured

_ANY_STAGE = "*"


@dataclass(frozen=True)
class Parameter:
    """A quantity that a test measures (API reference §5.2).

    ``dimensions`` is 0 for a single value, 1 for a column, 2 for a table. ``limits`` by stage code, the ones
    of every other stage under ``"*"``. ``choices`` is the code table, where there is one.
    """

    code: str
    name: str
    description: str
    data_type: str
    value_type: str
    dimensions: int
    is_required: bool
    is_additional: bool
    limits: Mapping[str, Limits] = field(hash=False)
    choices: tuple[Reference, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> Parameter:
        thresholds = child(data, "thresholds")
        value_type = text(data, "valueType")
        is_array = flag(data, "isArray") or value_type == "array"
        return cls(
            text(data, "code"),
            text(data, "name"),
            text(data, "description"),
            text(data, "dataType"),
            value_type,
            whole(data, "arrayDimensions") or int(is_array),
            flag(data, "required"),
            flag(data, "additional"),
            {stage: Limits.from_json(child(thresholds, stage)) for stage in thresholds},
            code_table(data),
        )

    def limits_at(self, stage: str) -> Limits:
        """Return the limits at a stage, by its code: its own, else those of every stage."""
        return self.limits.get(stage) or self.limits.get(_ANY_STAGE) or NO_LIMITS


@dataclass(frozen=True)
class TestType:
    """A kind of test of one component type; closed ones stay known for their old runs."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    reference: Reference
    state: str
    description: str
    stages: tuple[str, ...]
    properties: tuple[PropertyDefinition, ...]
    parameters: tuple[Parameter, ...]

    @classmethod
    def from_json(cls, data: Json) -> TestType:
        return cls(
            reference=Reference.from_json(data),
            state=text(data, "state"),
            description=text(data, "description"),
            stages=texts(data, "stages"),
            properties=tuple(
                map(PropertyDefinition.from_json, sorted(objects(data, "properties"), key=order_key))
            ),
            parameters=tuple(map(Parameter.from_json, sorted(objects(data, "parameters"), key=order_key))),
        )

    def limits_of(self, result: Measured, stage: str) -> Limits:
        """Return the limits of a result measured at a stage: the run's own, else the parameter's."""
        if result.limits:
            return result.limits
        found = next((p for p in self.parameters if p.code == result.code), None)
        return found.limits_at(stage) if found else NO_LIMITS
