"""Files under review in rows: what becomes of each, and what is still to be decided about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from itkgui.client.eos import choose_storage
from itkgui.item_models.moments import local_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Owner, Storage
from itkgui.records.sizes import size_text
from itkgui.records.test_run import TestRun
from itkgui.uploads.intake import Found
from itkgui.uploads.results import CheckedRun
from itkgui.uploads.targets import Doubt, Finding, Home, Target
from itkgui.uploads.upload import Upload


def _icon(row: ReviewRow) -> str:
    names = {"bad": "failed", "caution": "warning", "good": "passed"}
    return names.get(row.tone, "clock")


def _file_icon(row: ReviewRow) -> str:
    if row.run is not None:
        return "numbers"
    return "image" if row.media_type.startswith("image/") else "file"


def _storage_text(row: ReviewRow) -> str:
    if row.run is not None:
        return _("ITkPD, as results")
    return f"{row.kept_in.label}, {row.reason}" if row.reason else ""


def short_name(target: Target) -> str:
    """Return where a file goes, without the component, which stands above the table."""
    return target.short_name or target.name


FILE, STATE, TITLE, SIZE, KEEP_IN, ATTACH_TO, DESCRIPTION = range(7)
COLUMNS: tuple[Column[ReviewRow], ...] = (
    Column(
        N_("File"),
        lambda row: row.name,
        icon=_file_icon,
        hint=lambda row: str(row.path),
        elide_middle=True,
    ),
    Column(
        N_("State"),
        lambda row: row.remark,
        icon=_icon,
        tone=lambda row: row.tone,
        hint=lambda row: row.remark_in_full,
    ),
    Column(N_("Title"), lambda row: row.shown_title, hint=lambda row: row.shown_title),
    Column(
        N_("Size"),
        lambda row: size_text(row.size) if row.size else "",
        export=lambda row: row.size,
        unit="B",
        align_right=True,
    ),
    Column(N_("Keep in"), _storage_text),
    Column(
        N_("Attach to"),
        lambda row: short_name(row.goes_to) if row.goes_to else _("not chosen"),
        hint=lambda row: row.goes_to.name if row.goes_to else "",
        elide_middle=True,  # its end tells runs of one test apart
    ),
    Column(N_("Description"), lambda row: row.shown_description, hint=lambda row: row.shown_description),
)


@dataclass
class Tally:
    """How many rows are in some way, and the bytes of all."""

    count: int = 0
    runs: int = 0
    ready: int = 0  # neither broken nor undecided
    ready_runs: int = 0
    size: int = 0
    unseen: int = 0
    growing: int = 0
    copied: int = 0
    uncopied_runs: int = 0
    broken: int = 0
    undecided: int = 0
    homeless: int = 0
    uncompared: int = 0
    untitled: int = 0
    mistyped: int = 0
    to_skip: int = 0


class ReviewTable(RecordTable[ReviewRow]):
    """The rows, judged again whenever what they depend on has changed.

    ``target`` is where those go that have none of their own. ``rule_for`` returns where files of a media type
    are kept on this computer by somebody's wish, if there is one.
    """

    def __init__(self, size_limit: int, rule_for: Callable[[str], Storage | None]) -> None:
        super().__init__(COLUMNS)
        self.home = Home("", "", "", (), frozenset())
        self.target: Owner | None = None
        self._first: dict[tuple[str, Owner], ReviewRow] = {}  # by the content and where it goes
        self._runs_of_drop: Counter[int] = Counter()
        self._size_limit = size_limit
        self._rule_for = rule_for

    def judge(self) -> None:
        """Judge all rows anew: there are others, or they go elsewhere."""
        self._first = {}
        names = Counter(path.name for path in {row.path for row in self.records})
        for row in self.records:
            row.has_namesake = names[row.path.name] > 1
        self.judge_some(self.records)

    def judge_some(self, rows: Iterable[ReviewRow]) -> None:
        """Judge rows anew of which more is known, or in which something was typed."""
        targets = {target.owner: target for target in self.targets}
        runs = {row.new_owner: row for row in self.records if row.run is not None}
        self._runs_of_drop = Counter(row.drop for row in runs.values() if row.drop)
        for row in rows:
            if row.run is not None:
                row.goes_to = self._target_of_run(row)
            else:
                owner = row.target or self.target
                row.goes_to = targets.get(owner) if owner is not None else None
                row.parent = runs.get(owner) if owner is not None else None
            if row.essence and row.goes_to is not None:
                self._first.setdefault((row.essence, row.goes_to.owner), row)
            self._choose_storage(row)
            row.findings = tuple(self._findings(row))

    @property
    def targets(self) -> list[Target]:
        """All that a file can be attached to: what there is, and the runs that are about to be made."""
        return [*self.home.targets, *(row.as_target for row in self.records if row.run is not None)]

    def _target_of_run(self, row: ReviewRow) -> Target | None:
        """Return the component that is about to get a test run."""
        if row.checked is not None and row.is_for_its_own:
            component = row.checked.component
            return _new_run(component.owner, component.label)
        is_stranger = row.checked is not None and row.checked.is_of_another
        if is_stranger or not self.home.component or not self.home.targets:
            return None
        return _new_run(self.home.targets[0].owner, self.home.label)

    def uploads(self) -> list[Upload]:
        """Return all rows as they are to be sent, runs before their files.

        Raises ValueError if there is one that is not ready.
        """
        runs = [row.upload_run() for row in self.records if row.run is not None]
        files = (row for row in self.records if row.run is None)
        return [*runs, *(row.upload(self.home.home_of(row.goes_to)) for row in files)]

    def rows_for(self, found: Found) -> list[ReviewRow]:
        """Return a row for a file, or on a tray one for each of its components."""
        if not self.home.each:
            return [ReviewRow(found)]
        rows = []
        for owner in self.home.each:
            row = ReviewRow(found)
            row.target, row.whose = owner, owner.label
            rows.append(row)
        return rows

    def merge(self, rows: Sequence[ReviewRow]) -> tuple[list[ReviewRow], list[ReviewRow]]:
        """Take rows in, of which those that are here already only leave what was typed in them.

        Returns those, and which of them were typed in for nothing, as other words are here.
        """
        known = {row.key: row for row in self.records}
        new = {row.id: row for row in rows if known.setdefault(row.key, row) is row}
        self.append(list(new.values()), more=False)
        doubled = [row for row in rows if row.id not in new]  # a tray has several of one file
        return doubled, [row for row in doubled if not known[row.key].take_words(row)]

    def _choose_storage(self, row: ReviewRow) -> None:
        if row.examined is None:
            return
        usual, why = choose_storage(row.size, row.media_type, self._size_limit)
        rule = self._rule_for(row.media_type)
        row.usual_storage, row.reason = (rule, _("as always here")) if rule else (usual, why)
        if row.storage not in (None, row.usual_storage):
            row.reason = _("as you chose")

    def _findings(self, row: ReviewRow) -> Iterator[Finding]:
        if row.problem is not None:
            problem = row.problem
            yield Finding(Doubt.PROBLEM, f"{problem.title}. {problem.sentence} {problem.cure}")
        if row.examined is None:
            return
        if row.run is not None:
            yield from self._findings_of_run(row)
            return
        parent = row.parent
        if parent is None or not (parent.is_for_its_own or row.found.is_raw):  # of which its results tell
            yield from self.home.home_of(row.goes_to).doubts_about_names(row.examined.sightings)
        if row.goes_to is not None:
            name, title = row.path.name, row.shown_title.strip()
            yield from self.home.doubts_about_twins(
                row.goes_to, name, title, row.size, row.sendings, row.compared
            )
            twin = self._twin_of(row)
            if twin is not None:
                yield Finding(
                    Doubt.TWICE,
                    _("It has the same bytes as {name}, which is here too.").format(name=twin.name),
                )
        elif row.target is not None:
            sentence = _(
                "What {name} was to be attached to is gone, or is not sent. "
                "Choose under Attach to: a test run, or the component."
            )
            yield Finding(Doubt.HOMELESS, sentence.format(name=row.name))
        if row.target is None and self._runs_of_drop[row.drop] > 1:
            sentence = _(
                "It goes to {place}, and to none of the test runs that came with it: choose one under "
                "Attach to, or name the file in one of the results, as the value of a parameter for files."
            )
            said = sentence.format(place=self._word_for(row))
            yield Finding(Doubt.CAUTION, said, word=_("goes to no new run"))
        if row.has_namesake and row.title == row.path.name:
            said = _("Another file here has the same name, and so the same title.")
            yield Finding(Doubt.CAUTION, said, word=_("title is here twice"))
        if row.stage is Stage.GROWING:
            sentence = _(
                "It is still being written to: it is copied once it has not changed for two seconds."
            )
            yield Finding(Doubt.CAUTION, sentence)
        if row.examined.runs:
            sentence = (
                _("It holds the results of a test, and is sent as a file.")
                if self.home.component
                else _(
                    "It holds the results of a test, and is sent as a file; "
                    "on the page of its component it becomes a test run."
                )
            )
            yield Finding(Doubt.CAUTION, sentence, word=_("results, as a file"))
        if row.examined.flaw:
            cure = _("Correct that and try again, or add it as a plain file.")
            yield Finding(Doubt.FLAWED, f"{row.examined.flaw} {cure}")
        if row.examined.broken:
            said = _("This is no complete JSON: {why}.").format(why=row.examined.broken)
            yield Finding(Doubt.CAUTION, said, word=_("no complete JSON"))
        if row.examined.unread:
            yield Finding(Doubt.CAUTION, row.examined.unread, word=_("no plug-in for it"))
        if row.kept_in is Storage.FILE and row.size > self._size_limit:
            said = _("ITkPD may refuse it: it is larger than {limit}.").format(
                limit=size_text(self._size_limit)
            )
            yield Finding(Doubt.CAUTION, said, word=_("may be too large"))

    @staticmethod
    def _word_for(row: ReviewRow) -> str:
        return short_name(row.goes_to) if row.goes_to is not None else _("no target yet")

    def _twin_of(self, row: ReviewRow) -> ReviewRow | None:
        """Return the first row with the same content for the same target, unless it is this one."""
        twin = self._first.get((row.essence, row.goes_to.owner)) if row.goes_to and row.essence else None
        return None if twin is row else twin

    def _findings_of_run(self, row: ReviewRow) -> Iterator[Finding]:
        if row.checked is None or row.run is None or row.examined is None:
            return
        if row.checked.is_of_another:
            other = row.run.component
            yield Finding(
                Doubt.OF_ANOTHER,
                _("These results are of {other}, not of {home}.").format(other=other, home=self.home.label),
                other,
            )
            return
        if not row.is_for_its_own:
            yield from self.home.doubts_about_names(row.examined.sightings_in_names)
        yield from findings_of_check(row.checked)
        twin = self._twin_of(row)
        if twin is not None:
            yield Finding(
                Doubt.TWICE,
                _("These are the same results as {name}, which is here too.").format(name=twin.name),
            )

    @property
    def are_looked_at(self) -> bool:
        return all(row.stage is not Stage.UNSEEN for row in self.records)

    def tally(self) -> Tally:
        """Count in one go what there is to say of all rows together."""
        tally = Tally(count=len(self.records))
        for row in self.records:
            tally.runs += row.run is not None
            tally.size += row.size
            tally.unseen += row.stage in (Stage.UNSEEN, Stage.CHECKING)
            tally.growing += row.stage is Stage.GROWING
            tally.copied += row.stage is Stage.COPIED
            tally.uncopied_runs += row.run is not None and row.stage is Stage.SEEN
            is_undecided = bool(row.findings and row.open_doubts)
            is_ready = row.problem is None and not is_undecided
            tally.ready += is_ready
            tally.ready_runs += is_ready and row.run is not None
            tally.broken += row.problem is not None
            tally.undecided += is_undecided
            tally.uncompared += bool(row.to_compare)
            tally.homeless += row.goes_to is None
            tally.mistyped += bool(row.wrong_fields)
            tally.to_skip += bool(row.skipped_for)
            tally.untitled += row.run is None and (not row.title or row.title.isspace())
        return tally


def findings_of_check(checked: CheckedRun) -> Iterator[Finding]:
    """Yield in words what a check of results has found; the places are in ``problems``."""
    wrong = [problem for problem in checked.errors if not problem.needs_other]
    if wrong:
        text = ngettext(
            "{count:,} mistake, for which the database would refuse it. "
            "Correct the file, then choose Check again.",
            "{count:,} mistakes, for which the database would refuse it. "
            "Correct the file, then choose Check again.",
            len(wrong),
        )
        yield Finding(Doubt.MISTAKES, text.format(count=len(wrong)))
    for problem in checked.errors:
        if problem.needs_other:
            who = f"{problem.expected[:1].upper()}{problem.expected[1:]}"
            yield Finding(
                Doubt.RIGHTS,
                _("{sentence} {who} has to send this.").format(sentence=problem.sentence, who=who),
            )
    if checked.duplicates:
        twin, more = checked.twin, len(checked.duplicates) - 1
        text = _("The database holds these very results already: {run}.")
        if more:
            text = ngettext(
                "The database holds these very results already: {run} and {count} more.",
                "The database holds these very results already: {run} and {count} more.",
                more,
            )
        sentence = text.format(run=_run_text(twin), count=more)
        yield Finding(Doubt.SAME_RUN, sentence, run=twin.id if twin is not None else "")
    if checked.cautions and not checked.errors:
        one, count = checked.cautions[0], len(checked.cautions)
        text = ngettext(
            "{count:,} thing looks like a slip: see below.",
            "{count:,} things look like slips: see below.",
            count,
        )
        few = f"{one.path}: {one.sentence}" if count == 1 else ""
        yield Finding(Doubt.SLIPS, few or text.format(count=count))


def _run_text(run: TestRun | None) -> str:
    """Return what is known of a run on the server, which may be nothing."""
    number = run.run_number if run is not None else ""
    if run is None or run.date is None:
        return _("the test run, run {number}").format(number=number) if number else _("the test run")
    text = _("the test run of {moment}, run {number}") if number else _("the test run of {moment}")
    return text.format(moment=local_text(run.date), number=number)


def _new_run(owner: Owner, label: str) -> Target:
    name = _("a new test run of {name}").format(name=label)
    return Target(owner, name, (), short_name=_("a new test run"))
