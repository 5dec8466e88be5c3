"""A tray of components in rows: what the database knows of each, what is due, and what is here off line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from itkgui.client.fetch_ahead import Fetched
from itkgui.item_models.columns import moment_column
from itkgui.item_models.moments import local_text, short_text
from itkgui.item_models.record_table import Column
from itkgui.language import N_, _, ngettext
from itkgui.records.component import Component
from itkgui.records.due_tests import DueStatus, DueTest
from itkgui.records.run_history import TestRunSummary


class Finding(Enum):
    """What became of an entry of the tray; the value is the word for people."""

    WAITING = N_("looking…")
    FOUND = N_("found")
    UNKNOWN = N_("unknown")
    GARBLED = N_("garbled")
    UNREACHED = N_("not reached")


@dataclass(frozen=True)
class TrayRow:
    """One entry of a tray: the component, or only what was asked for where nobody knows it.

    ``complaint`` tells why something was not even asked for. ``due`` is what the component's stage asks for;
    None while nobody has told. ``ahead`` tells what of it was fetched to be read off line.
    """

    asked: str
    finding: Finding = Finding.WAITING
    component: Component | None = None
    complaint: str = ""
    due: tuple[DueTest, ...] | None = None
    ahead: Fetched | None = None

    @property
    def label(self) -> str:
        return self.component.label if self.component else self.asked

    @property
    def newest(self) -> TestRunSummary | None:
        """The newest test run that is not deleted."""
        runs = self.component.runs if self.component else ()
        return max((run for run in runs if not run.is_deleted), key=lambda run: run.age_key, default=None)

    @property
    def last_tested(self) -> datetime | None:
        newest = self.newest
        return (newest.date or newest.created) if newest is not None else None

    @property
    def verdict_text(self) -> str:
        """How the newest run ended, and of what test it is."""
        newest = self.newest
        if newest is None:
            return "–" if self.component else ""
        return f"{newest.verdict_text}: {newest.test_type.label}"

    @property
    def gaps(self) -> tuple[DueTest, ...]:
        """The tests due at its stage that have not passed there."""
        return tuple(test for test in self.due or () if _is_gap(test))

    @property
    def gaps_text(self) -> str:
        """What is due, in words: each test type and how it stands; or why nothing was asked for."""
        if self.due is None:
            return self.complaint or ("–" if self.component else "")
        return "; ".join(f"{test.test_type.label}: {_(test.status.value)}" for test in self.gaps) or _(
            "nothing"
        )

    @property
    def ahead_text(self) -> str:
        """What of it can be read off line, as far as it was fetched ahead."""
        ahead = self.ahead
        if ahead is None:
            return ""
        if ahead.problem is not None:
            return ahead.problem.title
        text = _("ready {time}").format(time=short_text(ahead.moment))
        failed, large = len(ahead.failed), len(ahead.too_large)
        if failed:
            text += ", " + ngettext("{count} file missing", "{count} files missing", failed).format(
                count=failed
            )
        if large:
            text += ", " + ngettext("{count} file left out", "{count} files left out", large).format(
                count=large
            )
        return text

    @property
    def ahead_hint(self) -> str:
        """The names of the files that are not here, and why the page is not."""
        ahead = self.ahead
        if ahead is None:
            return ""
        if ahead.problem is not None:
            return f"{ahead.problem.sentence} {ahead.problem.cure}"
        return "\n".join((*ahead.failed, *ahead.too_large))


def _is_gap(test: DueTest) -> bool:
    return test.status is not DueStatus.PASSED and not test.is_reception_only and not test.is_closed


def _tone_of_gaps(row: TrayRow) -> str:
    if row.due is None:
        return "quiet"
    has_failed = any(test.status is DueStatus.FAILED for test in row.gaps)
    return "bad" if has_failed else "caution" if row.gaps else "good"


def _tone_of_verdict(row: TrayRow) -> str:
    newest = row.newest
    if newest is None:
        return "quiet"
    return "caution" if newest.has_hidden_problems else "good" if newest.passed else "bad"


def _tone_ahead(row: TrayRow) -> str:
    ahead = row.ahead
    if ahead is None:
        return "quiet"
    return "bad" if ahead.problem is not None else "caution" if ahead.failed else "good"


_MARKS = {
    Finding.WAITING: ("clock", "quiet"),
    Finding.FOUND: ("passed", "good"),
    Finding.UNKNOWN: ("failed", "bad"),
    Finding.GARBLED: ("warning", "caution"),
    Finding.UNREACHED: ("network-off", "caution"),
}
_GAP_ICONS = {"good": "passed", "caution": "clock", "bad": "failed", "quiet": ""}
_ICONS = {"good": "passed", "caution": "warning", "bad": "failed", "quiet": ""}

HIDDEN = (2, 9, 10)  # the type says more, few have marks, and the verdict tells its moment
TRAY_COLUMNS: tuple[Column[TrayRow], ...] = (
    Column(
        N_("Found"),
        lambda row: _(row.finding.value),
        icon=lambda row: _MARKS[row.finding][0],
        tone=lambda row: _MARKS[row.finding][1],
        hint=lambda row: row.complaint,
    ),
    Column(N_("Serial number"), lambda row: row.label, monospace=True),
    Column(N_("Component type"), lambda row: row.component.component_type.label if row.component else ""),
    Column(N_("Type"), lambda row: row.component.type.label if row.component else ""),
    Column(N_("Stage"), lambda row: row.component.stage.label if row.component else ""),
    Column(
        N_("Newest verdict"),
        lambda row: row.verdict_text,
        icon=lambda row: _ICONS[_tone_of_verdict(row)],
        tone=_tone_of_verdict,
        hint=lambda row: f"{row.verdict_text}\n{local_text(row.last_tested)}" if row.newest else "",
    ),
    Column(
        N_("Due here"),
        lambda row: row.gaps_text,
        icon=lambda row: _GAP_ICONS[_tone_of_gaps(row)],
        tone=_tone_of_gaps,
        hint=lambda row: row.gaps_text.replace("; ", "\n"),
        sort=lambda row: len(row.gaps) if row.due is not None else -1,
    ),
    Column(
        N_("Off line"),
        lambda row: row.ahead_text,
        icon=lambda row: _ICONS[_tone_ahead(row)],
        tone=_tone_ahead,
        hint=lambda row: row.ahead_hint,
    ),
    Column(N_("Location"), lambda row: row.component.location.code if row.component else ""),
    Column(N_("Marks"), lambda row: ", ".join(map(_, row.component.flags)) if row.component else ""),
    moment_column(N_("Last tested"), lambda row: row.last_tested, has_one=lambda row: row.component),
)


def tray_words(rows: Iterable[TrayRow], repeated: int) -> str:
    """Return how many entries there are of each kind, in words; ``repeated`` ones were left out."""
    rows = list(rows)
    count = {finding: sum(row.finding is finding for row in rows) for finding in Finding}
    said = [
        _counted(finding, count[finding])
        for finding in (Finding.FOUND, Finding.UNKNOWN, Finding.GARBLED, Finding.UNREACHED)
        if count[finding] or finding is Finding.FOUND
    ]
    if repeated:
        said.append(
            ngettext("{count} repeated and left out", "{count} repeated and left out", repeated).format(
                count=f"{repeated:,}"
            )
        )
    return ", ".join(said)


def _counted(finding: Finding, count: int) -> str:
    text = {
        Finding.FOUND: ngettext("{count:,} found", "{count:,} found", count),
        Finding.UNKNOWN: ngettext("{count:,} unknown", "{count:,} unknown", count),
        Finding.GARBLED: ngettext("{count:,} garbled", "{count:,} garbled", count),
        Finding.UNREACHED: ngettext("{count:,} not reached", "{count:,} not reached", count),
    }[finding]
    return text.format(count=count)
