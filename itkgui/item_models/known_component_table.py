"""Components that somebody had open or pinned, and those of a pasted list, in rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.item_models.moments import local_text, sort_key, utc_hint
from itkgui.item_models.record_table import Column
from itkgui.records.component import Component
from itkgui.records.known_component import KnownComponent

_AS_SEEN = "As it was when it was last opened here"

KNOWN_COLUMNS: tuple[Column[KnownComponent], ...] = (
    Column("Serial number", lambda k: k.label, monospace=True),
    Column("Component type", lambda k: k.component_type),
    Column("Type", lambda k: k.type),
    Column("Stage", lambda k: k.stage, hint=lambda _: _AS_SEEN),
    Column("Location", lambda k: k.location, hint=lambda _: _AS_SEEN),
    Column(
        "Last seen",
        lambda k: local_text(k.seen),
        export=lambda k: k.seen,
        hint=lambda k: utc_hint(k.seen),
        unit="UTC",
    ),
)


@dataclass(frozen=True)
class ListedComponent:
    """One line of a pasted list: the component, or only what was asked for where nobody knows it."""

    asked: str
    component: Component | None = None

    @property
    def label(self) -> str:
        return self.component.label if self.component else self.asked

    @property
    def last_tested(self) -> datetime | None:
        """When the newest test run that is not deleted was made."""
        runs = self.component.runs if self.component else ()
        dates = [run.date or run.created for run in runs if not run.is_deleted]
        return max(dates, key=sort_key, default=None)


LISTED_COLUMNS: tuple[Column[ListedComponent], ...] = (
    Column(
        "Found",
        lambda row: "found" if row.component else "unknown",
        icon=lambda row: "passed" if row.component else "failed",
        tone=lambda row: "good" if row.component else "bad",
    ),
    Column("Serial number", lambda row: row.label, monospace=True),
    Column("Component type", lambda row: row.component.component_type.label if row.component else ""),
    Column("Type", lambda row: row.component.type.label if row.component else ""),
    Column("Stage", lambda row: row.component.stage.label if row.component else ""),
    Column("Location", lambda row: row.component.location.code if row.component else ""),
    Column("Marks", lambda row: ", ".join(row.component.flags) if row.component else ""),
    Column(
        "Last tested",
        lambda row: local_text(row.last_tested) if row.component else "",
        export=lambda row: row.last_tested,
        hint=lambda row: utc_hint(row.last_tested),
        unit="UTC",
    ),
)
