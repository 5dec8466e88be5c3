"""Components in rows, as a search finds them."""

from __future__ import annotations

from itkgui.item_models.columns import moment_column
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _
from itkgui.records.component import ComponentSummary

COLUMNS: tuple[Column[ComponentSummary], ...] = (
    Column(N_("Serial number"), lambda c: c.label, monospace=True, hint=lambda c: c.alternative_identifier),
    Column(N_("Component type"), lambda c: c.component_type.label),
    Column(N_("Type"), lambda c: c.type.label),
    Column(N_("Stage"), lambda c: c.stage.label, hint=lambda c: c.stage.code),
    Column(N_("Location"), lambda c: c.location.code, hint=lambda c: c.location.name),
    Column(N_("Owner"), lambda c: c.institution.code, hint=lambda c: c.institution.name),
    Column(N_("Marks"), lambda c: ", ".join(map(_, c.flags))),
    moment_column(N_("Registered"), lambda c: c.created),
)


class ComponentTable(RecordTable[ComponentSummary]):
    """The result of a search."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
