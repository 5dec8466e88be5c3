"""Components that somebody had open or pinned, in rows."""

from __future__ import annotations

from itkgui.item_models.columns import moment_column
from itkgui.item_models.record_table import Column
from itkgui.language import N_, _
from itkgui.records.known_component import KnownComponent

_AS_SEEN = N_("As it was when it was last opened here")

KNOWN_COLUMNS: tuple[Column[KnownComponent], ...] = (
    Column(N_("Serial number"), lambda k: k.label, monospace=True),
    Column(N_("Component type"), lambda k: k.component_type),
    Column(N_("Type"), lambda k: k.type),
    Column(N_("Stage"), lambda k: k.stage, hint=lambda _record: _(_AS_SEEN)),
    Column(N_("Location"), lambda k: k.location, hint=lambda _record: _(_AS_SEEN)),
    moment_column(N_("Last seen"), lambda k: k.seen),
)
