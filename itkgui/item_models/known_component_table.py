"""Components that somebody had open or pinned, in rows."""

from __future__ import annotations

from itkgui.item_models.columns import moment_column
from itkgui.item_models.record_table import Column
from itkgui.records.known_component import KnownComponent

_AS_SEEN = "As it was when it was last opened here"

KNOWN_COLUMNS: tuple[Column[KnownComponent], ...] = (
    Column("Serial number", lambda k: k.label, monospace=True),
    Column("Component type", lambda k: k.component_type),
    Column("Type", lambda k: k.type),
    Column("Stage", lambda k: k.stage, hint=lambda _: _AS_SEEN),
    Column("Location", lambda k: k.location, hint=lambda _: _AS_SEEN),
    moment_column("Last seen", lambda k: k.seen),
)
