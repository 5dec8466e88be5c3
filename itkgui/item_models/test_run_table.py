"""Test runs in rows: grouped by test type with the newest deciding, or one after the other."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt

from itkgui.item_models.columns import moment_column
from itkgui.item_models.moments import local_text
from itkgui.item_models.record_table import Change, Column, Index, RecordTable
from itkgui.item_models.run_filter import RunFilter
from itkgui.item_models.run_quantity import RunQuantity, quantity_column
from itkgui.item_models.run_rows import GroupKey, RunGroups, RunRow
from itkgui.language import N_, _, ngettext
from itkgui.records.run_history import Standing, TestRunSummary, Verdict
from itkgui.records.test_run import TestRun

_ICONS = {Verdict.PASSED: "passed", Verdict.FAILED: "failed", Verdict.DELETED: "deleted"}
_TONES = {Verdict.PASSED: "good", Verdict.FAILED: "bad", Verdict.DELETED: "quiet"}
STANDING_ICONS = {Standing.DECIDING: "", Standing.SUPERSEDED: "superseded", Standing.DELETED: "deleted"}
_STEP = 256  # rows looked at without a pause

TEST_TYPE, COMPONENT, PART, STAGE, DATE, VERDICT = range(6)
FILES, STANDING, NUMBER, INSTITUTE, PERSON, PROBLEMS = range(6, 12)
QUANTITIES = range(12, 18)  # for numbers of the results


def verdict_icon(run: TestRunSummary) -> str:
    return "warning" if run.has_hidden_problems else _ICONS[run.verdict]


def verdict_tone(run: TestRunSummary) -> str:
    return "caution" if run.has_hidden_problems else _TONES[run.verdict]


@dataclass
class _Arrangement:
    """How the rows are arranged, apart from the table, which its own columns would else keep alive."""

    is_grouped: bool = True
    by_name: bool = False
    has_several_owners: bool = False
    closed: set[GroupKey] = field(default_factory=set)
    accepted: dict[GroupKey, int] = field(default_factory=dict)

    def name_of(self, row: RunRow) -> str:
        if row.is_heading:
            accepted = self.accepted.get(row.group, 0)
            text = "{count:,}" if accepted == row.count else _("{shown:,} of {count:,}")
            counted = text.format(shown=accepted, count=row.count)
            owner = f"  ·  {row.component.label}" if self.has_several_owners else ""
            return f"{row.test_type.label} ({counted}){owner}"
        name = row.test_type.label
        if self.is_grouped and row.run is not None:
            number = row.run.run_number
            name = _("Run {number}").format(number=number) if number else _("Run")
        return name if row.standing is Standing.DECIDING else f"{name}, {_(row.standing.value)}"


class TestRunTable(RecordTable[RunRow]):
    """The test runs of a component, or of all parts in it.

    ``records`` has a heading before the runs of each group; headings are shown while ``is_grouped``, and the
    runs of a group while it is open. Sorting by a column sorts within the groups.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(self) -> None:
        self._arrangement = _Arrangement()
        super().__init__(_columns(self._arrangement))
        self.runs: tuple[TestRun, ...] = ()
        self.run_filter = RunFilter()
        self.quantities: tuple[RunQuantity | None, ...] = (None,) * len(QUANTITIES)
        self._groups = RunGroups((), (), ())
        self._by_age: list[int] = []
        self._members: dict[GroupKey, list[int]] = {}  # of those the filter lets through
        self._texts: list[str] = []

    # Contents -----------------------------------------------------------------------------------------------

    def set_groups(self, runs: Sequence[TestRun], groups: RunGroups) -> None:
        """Note runs and how ``run_groups`` has arranged them; to be followed by ``replace(groups.rows)``."""
        self.runs, self._groups, self._texts = tuple(runs), groups, []
        ages = {
            place: row.run.age_key
            for place, row in enumerate(groups.rows)
            if row.run is not None and not row.is_heading
        }
        self._by_age = sorted(ages, key=ages.__getitem__, reverse=True)
        self._arrangement.has_several_owners = len({owner for owner, _rest in groups.by_name}) > 1

    def set_quantities(self, quantities: Sequence[RunQuantity | None]) -> bool:
        """Show numbers in the columns for them; return whether these are others: then ``replace`` follows."""
        wanted = (*quantities, *(None,) * len(QUANTITIES))[: len(QUANTITIES)]
        if wanted == self.quantities:
            return False
        self.quantities = wanted
        self.columns = (*self.columns[: QUANTITIES.start], *_quantity_columns(wanted))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, QUANTITIES[0], QUANTITIES[-1])
        return True

    def quantity_in(self, column: int) -> RunQuantity | None:
        """Return which number a column shows, if any."""
        return self.quantities[QUANTITIES.index(column)] if column in QUANTITIES else None

    def set_run_filter(self, wanted: RunFilter) -> None:
        """Show only the runs that are wanted, and the headings that have some."""
        self.run_filter = wanted
        self._arrange(Change.FILTERED)

    def set_grouping(self, *, grouped: bool, by_name: bool) -> None:
        """Show headings or not, and these in the order of their names or of production."""
        self._arrangement.is_grouped, self._arrangement.by_name = grouped, by_name
        self._arrange(Change.SORTED)

    @property
    def is_grouped(self) -> bool:
        return self._arrangement.is_grouped

    @property
    def groups_by_name(self) -> bool:
        return self._arrangement.by_name

    def set_open(self, group: GroupKey, wanted: bool) -> None:
        """Show the runs of a group, or its heading only."""
        closed = self._arrangement.closed
        (closed.discard if wanted else closed.add)(group)
        self._arrange(Change.FILTERED)

    def set_all_open(self, wanted: bool) -> None:
        self._arrangement.closed = set() if wanted else set(self._groups.by_name)
        self._arrange(Change.FILTERED)

    def is_open(self, group: GroupKey) -> bool:
        return group not in self._arrangement.closed

    @property
    def accepted(self) -> int:
        """How many runs the filter lets through, those in closed groups included."""
        return sum(self._arrangement.accepted.values())

    @property
    def counts(self) -> str:
        """How many runs the filter lets through, in words: headings are none."""
        total = len(self.runs)
        text = ngettext("{count:,} run", "{count:,} runs", total).format(count=total)
        if self.accepted == total:
            return text
        return _("{runs}, {shown:,} shown").format(runs=text, shown=self.accepted)

    def runs_among(self, rows: Sequence[RunRow]) -> list[RunRow]:
        """Return the rows of runs alone; a heading stands for its runs, unless some of them are there too."""
        with_runs = {row.group for row in rows if not row.is_heading}
        found: list[RunRow] = []
        for row in rows:
            if not row.is_heading:
                found.append(row)
            elif row.group not in with_runs:
                found += (self._records[place] for place in self._members.get(row.group, ()))
        return found

    def row_of(self, run_id: str) -> int:
        """Return the row in which a run stands; −1 if it is not shown."""
        return self.row_where(lambda row: not row.is_heading and row.run is not None and row.run.id == run_id)

    def is_filtered_out(self, run_id: str) -> bool:
        """Tell whether the filter hides a run of the table; one in a closed group is not hidden by it."""
        rows = (row for row in self.records if not row.is_heading)
        row = next((row for row in rows if row.run is not None and row.run.id == run_id), None)
        return row is not None and not self.run_filter.accepts(row, _all_words(row))

    def standing_of(self, run_id: str) -> Standing | None:
        rows = (row for row in self.records if not row.is_heading)
        return next((row.standing for row in rows if row.run is not None and row.run.id == run_id), None)

    # Order --------------------------------------------------------------------------------------------------

    @property
    def _is_arranged(self) -> bool:
        return True

    def _steps(self) -> Generator[None, None, list[int]]:
        places: Sequence[int] = self._by_age
        if self._sort_column >= 0:
            places = yield from super()._steps()
        if self.run_filter.text.strip():
            yield from self._write_texts()
        members: dict[GroupKey, list[int]] = {}
        shown: list[int] = []
        for count, place in enumerate(places):
            row = self._records[place]
            if not row.is_heading and self.run_filter.accepts(row, self._texts[place] if self._texts else ""):
                members.setdefault(row.group, []).append(place)
                shown.append(place)
            if count % _STEP == _STEP - 1:
                yield
        self._arrangement.accepted = {group: len(found) for group, found in members.items()}
        self._members = members
        return self._in_groups(members) if self.is_grouped else shown

    def _in_groups(self, members: dict[GroupKey, list[int]]) -> list[int]:
        headings = {row.group: place for place, row in enumerate(self._records) if row.is_heading}
        order: list[int] = []
        for group in self._groups.by_name if self.groups_by_name else self._groups.by_production:
            if group in members:
                order.append(headings[group])
                order += members[group] if self.is_open(group) else []
        return order

    def _write_texts(self) -> Generator[None, None, None]:
        while len(self._texts) < len(self._records):
            self._texts.append(_all_words(self._records[len(self._texts)]))
            if len(self._texts) % _STEP == 0:
                yield

    # What Qt asks -------------------------------------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid() and index.column() == TEST_TYPE:
            row = self.record(index)
            if row.is_heading:
                runs = ngettext("{count:,} run", "{count:,} runs", row.count).format(count=row.count)
                state = _("open") if self.is_open(row.group) else _("closed")
                return f"{row.test_type.label}, {runs}, {state}"
        return super().data(index, role)


def _columns(arrangement: _Arrangement) -> tuple[Column[RunRow], ...]:
    return (
        Column(
            N_("Test type"),
            arrangement.name_of,
            export=lambda r: r.test_type.label,
            icon=lambda r: "" if r.is_heading else STANDING_ICONS[r.standing],
            tone=_name_tone,
            hint=_type_hint,
        ),
        Column(N_("Component"), lambda r: r.component.label, monospace=True, hint=_part),
        Column(N_("Part"), _part),
        Column(
            N_("Stage"),
            lambda r: r.run.stage.label if r.run else "",
            tone=_quiet_if_deleted,
            hint=_stage_hint,
            elide_middle=True,  # stages often differ in their last word: (warm), (cold)
        ),
        moment_column(N_("Date"), lambda r: r.run.date if r.run else None, has_one=lambda r: r.run),
        Column(
            N_("Verdict"),
            lambda r: r.run.verdict_text if r.run else _(Verdict.DELETED.value),
            icon=lambda r: verdict_icon(r.run) if r.run else _ICONS[Verdict.DELETED],
            tone=lambda r: verdict_tone(r.run) if r.run else "quiet",
        ),
        Column(
            N_("Files"),
            lambda r: str(_files(r) or ""),
            export=_files,
            align_right=True,
        ),
        Column(N_("Standing"), _standing, hint=_standing_hint),
        Column(N_("Run"), lambda r: r.run.run_number if r.run and not r.is_heading else ""),
        Column(
            N_("Institute"),
            lambda r: r.run.institution.code if r.run else "",
            hint=lambda r: r.run.institution.name if r.run else "",
        ),
        Column(N_("Person"), lambda r: r.run.user.name if r.run else ""),
        Column(N_("Problems"), lambda r: _("yes") if r.run and r.run.has_problems else ""),
        *_quantity_columns((None,) * len(QUANTITIES)),
    )


def _quantity_columns(quantities: Sequence[RunQuantity | None]) -> list[Column[RunRow]]:
    return [quantity_column(one, f"quantity {number}") for number, one in enumerate(quantities, 1)]


_HINTS = {
    Standing.DECIDING: N_("The newest run of this test type at its stage: it counts."),
    Standing.SUPERSEDED: N_("A newer run of this test type at the same stage counts instead."),
    Standing.DELETED: N_("This run was deleted; it does not count."),
}


def _standing(row: RunRow) -> str:
    return "" if row.is_heading else _(row.standing.value)


def _standing_hint(row: RunRow) -> str:
    return "" if row.is_heading else _(_HINTS[row.standing])


def _name_tone(row: RunRow) -> str:
    if row.is_heading:
        return "text"  # a tone makes it bold
    return "" if row.standing is Standing.DECIDING else "quiet"


def _quiet_if_deleted(row: RunRow) -> str:
    return "quiet" if row.standing is Standing.DELETED else ""


def _type_hint(row: RunRow) -> str:
    return "\n".join(filter(None, (row.test_type.label, row.test_type.code, _standing_hint(row))))


def _stage_hint(row: RunRow) -> str:
    return "\n".join(filter(None, (row.run.stage.label, row.run.stage.code))) if row.run else ""


def _part(row: RunRow) -> str:
    return row.component.component_type.label


def _files(row: RunRow) -> int:
    return len(row.run.attachments) if row.run is not None else 0


def _all_words(row: RunRow) -> str:
    """Return everything that a run's row can say, in any grouping."""
    run = row.run
    if run is None:
        return ""
    facts = (
        row.test_type.label,
        row.test_type.code,
        local_text(run.date),
        run.verdict_text,
        run.stage.label,
        run.stage.code,
        _(row.standing.value),
        run.run_number,
        run.institution.code,
        run.institution.name,
        run.user.name,
        row.component.label,
        row.component.component_type.label,
    )
    return "\n".join(facts)[:2000].casefold()
