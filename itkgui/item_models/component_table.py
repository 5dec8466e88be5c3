"""Components in rows, as a search finds them, and what one component consists of in rows."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.test_run_table import value_text
from itkgui.records.component import Component, ComponentSummary, Property, Slot
from itkgui.records.stage import StageStep

COLUMNS: tuple[Column[ComponentSummary], ...] = (
    Column("Serial number", lambda c: c.label, monospace=True, hint=lambda c: c.alternative_identifier),
    Column("Component type", lambda c: c.component_type.label),
    Column("Type", lambda c: c.type.label),
    Column("Stage", lambda c: c.stage.label, hint=lambda c: c.stage.code),
    Column("Location", lambda c: c.location.code, hint=lambda c: c.location.name),
    Column("Owner", lambda c: c.institution.code, hint=lambda c: c.institution.name),
    Column("Marks", lambda c: ", ".join(c.flags)),
    Column(
        "Registered",
        lambda c: local_text(c.created),
        export=lambda c: c.created,
        hint=lambda c: utc_hint(c.created),
        unit="UTC",
    ),
)


class ComponentTable(RecordTable[ComponentSummary]):
    """The result of a search."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)


PROPERTY_COLUMNS: tuple[Column[Property], ...] = (
    Column("Property", lambda p: p.label, hint=lambda p: p.code),
    Column("Value", lambda p: value_text(p.value), export=lambda p: p.value),
)
STEP_COLUMNS: tuple[Column[StageStep], ...] = (
    Column(
        "Since",
        lambda s: local_text(s.moment),
        export=lambda s: s.moment,
        hint=lambda s: utc_hint(s.moment),
        unit="UTC",
    ),
    Column(
        "Stage", lambda s: s.stage.label + (" (rework)" if s.is_rework else ""), hint=lambda s: s.stage.code
    ),
)


@dataclass(frozen=True)
class Relative:
    """A component's neighbour in its assembly: what it is part of, or a slot for a child."""

    relation: str
    slot: Slot

    @property
    def label(self) -> str:
        return self.slot.component.label if self.slot.component else "empty"


RELATIVE_COLUMNS: tuple[Column[Relative], ...] = (
    Column("Is", lambda r: r.relation),
    Column(
        "Serial number", lambda r: r.label, monospace=True, tone=lambda r: "" if r.slot.component else "quiet"
    ),
    Column("Component type", lambda r: r.slot.component_type.label),
)


def relatives_of(component: Component) -> list[Relative]:
    """Return what a component is part of, then its slots in order, empty ones included."""
    return [Relative("part of", slot) for slot in component.parents if slot.component] + [
        Relative("made of", slot) for slot in component.children
    ]
