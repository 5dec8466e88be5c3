"""Components that somebody had open or pinned, and those of a pasted list, in rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from itkgui.item_models.columns import moment_column
from itkgui.item_models.moments import sort_key
from itkgui.item_models.record_table import Column
from itkgui.records.component import Component
from itkgui.records.due_tests import DueStatus, DueTest
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


@dataclass(frozen=True)
class ListedComponent:
    """One line of a pasted list: the component, or only what was asked for where nobody knows it.

    ``complaint`` tells why something was not even asked for. ``due`` is what the component's stage asks for;
    None while nobody has told.
    """

    asked: str
    component: Component | None = None
    complaint: str = ""
    due: tuple[DueTest, ...] | None = None

    @property
    def label(self) -> str:
        return self.component.label if self.component else self.asked

    @property
    def last_tested(self) -> datetime | None:
        """When the newest test run that is not deleted was made."""
        runs = self.component.runs if self.component else ()
        dates = [run.date or run.created for run in runs if not run.is_deleted]
        return max(dates, key=sort_key, default=None)

    @property
    def found(self) -> str:
        if self.complaint:
            return "garbled"
        return "found" if self.component else "unknown"

    @property
    def gaps(self) -> tuple[DueTest, ...]:
        """The tests due at its stage that have not passed there."""
        return tuple(test for test in self.due or () if _is_gap(test))

    @property
    def gaps_text(self) -> str:
        """What is missing, in words: each test type and how it stands; or why nothing was asked for."""
        if self.due is None:
            return self.complaint or ("–" if self.component else "")
        return "; ".join(f"{test.test_type.label}: {test.status.value}" for test in self.gaps) or "none"


def _is_gap(test: DueTest) -> bool:
    return test.status is not DueStatus.PASSED and not test.is_reception_only and not test.is_closed


def _tone_of_gaps(row: ListedComponent) -> str:
    if row.due is None:
        return "quiet"
    has_failed = any(test.status is DueStatus.FAILED for test in row.gaps)
    return "bad" if has_failed else "caution" if row.gaps else "good"


_FOUND_ICONS = {
    "found": ("passed", "good"),
    "unknown": ("failed", "bad"),
    "garbled": ("warning", "caution"),
}
_GAP_ICONS = {"good": "passed", "caution": "clock", "bad": "failed", "quiet": ""}

LISTED_COLUMNS: tuple[Column[ListedComponent], ...] = (
    Column(
        "Found",
        lambda row: row.found,
        icon=lambda row: _FOUND_ICONS[row.found][0],
        tone=lambda row: _FOUND_ICONS[row.found][1],
        hint=lambda row: row.complaint,
    ),
    Column("Serial number", lambda row: row.label, monospace=True),
    Column("Component type", lambda row: row.component.component_type.label if row.component else ""),
    Column("Type", lambda row: row.component.type.label if row.component else ""),
    Column("Stage", lambda row: row.component.stage.label if row.component else ""),
    Column(
        "Gaps",
        lambda row: row.gaps_text,
        icon=lambda row: _GAP_ICONS[_tone_of_gaps(row)],
        tone=_tone_of_gaps,
        hint=lambda row: row.gaps_text.replace("; ", "\n"),
        sort=lambda row: len(row.gaps) if row.due is not None else -1,
    ),
    Column("Location", lambda row: row.component.location.code if row.component else ""),
    Column("Marks", lambda row: ", ".join(row.component.flags) if row.component else ""),
    moment_column("Last tested", lambda row: row.last_tested, has_one=lambda row: row.component),
)
