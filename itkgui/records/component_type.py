"""Component types: the kinds of part there are, with their sub-types, properties and stages in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from itkgui.records.json_fields import Json, flag, objects, order_key, text
from itkgui.records.people import Reference, reference
from itkgui.records.stage import Stage, stages


def code_table(data: Json) -> tuple[Reference, ...]:
    """Return the values that a property or parameter may have, by their codes; empty where any is good."""
    return tuple(Reference(text(entry, "code"), text(entry, "value")) for entry in objects(data, "codeTable"))


@dataclass(frozen=True)
class PropertyDefinition:
    """A property that components, or test runs, of a type have (API reference §5.2).

    ``choices`` is the code table, where there is one: each value allowed, by its code. Those of test runs
    have a ``value_type`` too, as parameters have.
    """

    code: str
    name: str
    description: str
    data_type: str
    is_required: bool
    choices: tuple[Reference, ...]
    value_type: str = ""

    @classmethod
    def from_json(cls, data: Json) -> PropertyDefinition:
        return cls(
            text(data, "code"),
            text(data, "name"),
            text(data, "description"),
            text(data, "dataType"),
            flag(data, "required"),
            code_table(data),
            text(data, "valueType"),
        )

    @property
    def label(self) -> str:
        return self.name or self.code


@dataclass(frozen=True)
class SubType(Reference):
    """A type within a component type; ``type_code`` are characters 6 and 7 of its serial numbers."""

    type_code: str = field(default="", compare=False)
    subprojects: tuple[Reference, ...] = field(default=(), compare=False)

    @classmethod
    def from_json(cls, data: Json) -> SubType:
        return cls(
            text(data, "code"),
            text(data, "name"),
            type_code=text(data, "snComponentIdentifier"),
            subprojects=tuple(map(Reference.from_json, objects(data, "subprojects"))),
        )


@dataclass(frozen=True)
class ComponentType:
    """A component type of one project; ``stages`` in the order of production."""

    project: Reference
    reference: Reference
    state: str
    category: str
    types: tuple[SubType, ...]
    stages: tuple[Stage, ...]
    properties: tuple[PropertyDefinition, ...]

    @classmethod
    def from_json(cls, data: Json) -> ComponentType:
        return cls(
            project=reference(data, "project"),
            reference=Reference.from_json(data),
            state=text(data, "state"),
            category=text(data, "category"),
            types=tuple(map(SubType.from_json, objects(data, "types"))),
            stages=stages(data, "stages"),
            properties=tuple(
                map(PropertyDefinition.from_json, sorted(objects(data, "properties"), key=order_key))
            ),
        )

    def has_stage(self, code: str) -> bool:
        return any(stage.code == code for stage in self.stages)
