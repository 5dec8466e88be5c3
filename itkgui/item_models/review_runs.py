"""Test runs among the rows of a review: a row for each run in a file, and the files that go with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.item_models.review_table import ReviewTable
from itkgui.records.component import Component
from itkgui.records.result_check import names_component
from itkgui.uploads.intake import Found
from itkgui.uploads.results import RunInFile


class ReviewRuns:
    """Arranges the rows of a table, which ``arrange`` shows; ``component`` is the one that gets the runs.

    Without a component, results are files like others.
    """

    def __init__(self, table: ReviewTable, arrange: Callable[[list[ReviewRow]], None]) -> None:
        self.component: Component | None = None
        self._table = table
        self._arrange = arrange
        self._settled: set[int] = set()  # drops whose files have found the run that they came with

    def spread(self, files: Iterable[ReviewRow]) -> list[ReviewRow]:
        """Put the runs that files hold in the place of their rows; return the rows that there are then."""
        rows = {file: self._runs_of(file) or [file] for file in files}
        if any(new != [old] for old, new in rows.items()):
            self._arrange([new for old in self._table.records for new in rows.get(old, [old])])
        return [row for new in rows.values() for row in new]

    def _runs_of(self, file: ReviewRow) -> list[ReviewRow]:
        runs = file.examined.runs if file.examined is not None else ()
        if self.component is None or file.is_plain or file.brought_by is not None or not runs:
            return []
        rows = [_run_row(file, run) for run in runs]
        rows[0].id = file.id  # so that what is chosen stays chosen
        return rows

    def bring_together(self, rows: Iterable[ReviewRow], *, plain: bool) -> list[ReviewRow]:
        """Put the files as they are in the place of their runs, to be looked at once more.

        They need not be if they are to be sent as ``plain`` files. Returns the rows that are no more; those
        of files that only the runs have named are among them if the files are plain.
        """
        paths = {row.path for row in rows if row.run is not None}
        gone = [row for row in self._table.records if row.run is not None and row.path in paths]
        files: dict[Path, ReviewRow] = {}
        for row in gone:
            if row.path not in files:
                files[row.path] = file = ReviewRow(row.found)
                file.id, file.drop, file.is_plain = row.id, row.drop, plain
                if plain and row.examined is not None:
                    file.examined, file.seen, file.stage = row.examined, row.examined.state, Stage.SEEN
            files[row.path].left_out |= row.left_out
        if plain:
            for row in self.followers(gone):
                row.target = None
                if row.brought_by is not None:
                    gone.append(row)
        left, kept = set(gone), []
        for row in self._table.records:
            if row not in left:
                kept.append(row)
            elif row.path in files:
                kept.append(files.pop(row.path))
        self._arrange(kept)
        ids = {row.id for row in kept}
        return [row for row in gone if row.id not in ids]

    def followers(self, rows: Collection[ReviewRow]) -> list[ReviewRow]:
        """Return the files that go to runs which some rows become."""
        runs = {row.new_owner for row in rows if row.run is not None}
        return [row for row in self._table.records if row.target in runs and row not in rows]

    def with_followers(self, rows: Collection[ReviewRow]) -> list[ReviewRow]:
        """Return rows that are to go, with the files that only they have brought.

        A file of theirs that goes alone is not brought again.
        """
        runs = {row.new_owner: row for row in self._table.records if row.run is not None}
        for row in rows:
            if row.brought_by is not None and row.brought_by in runs:
                runs[row.brought_by].left_out.add((row.brought_by, row.path))
        return [*rows, *(row for row in self.followers(rows) if row.brought_by is not None)]

    def left_alone(self) -> list[ReviewRow]:
        """Take out the instruments' files whose results are no more after another look, and return them."""
        records = self._table.records
        runs = {row.new_owner for row in records if row.run is not None}
        unseen = {row.path for row in records if row.stage is Stage.UNSEEN and not row.found.is_raw}
        gone = []
        for row in records:
            raw_of = row.found.raw_of
            if raw_of is not None and row.goes_to_new and row.target not in runs and raw_of[0] not in unseen:
                gone.append(row)
        if gone:
            self._arrange([row for row in records if row not in gone])
        return gone

    def settle(self) -> list[ReviewRow]:
        """Let files that were dropped together with a single run go with it, once all are looked at.

        Returns the files.
        """
        found = []
        for drop in {row.drop for row in self._table.records} - self._settled:
            self._settled.add(drop)
            together = [row for row in self._table.records if drop and row.drop == drop]
            runs = [row for row in together if row.run is not None]
            if len(runs) == 1 and self._is_for_here(runs[0]):
                for row in together:
                    if row.run is None and row.target is None and not row.is_plain:
                        row.target = runs[0].new_owner
                        found.append(row)
        return found

    def bring_files(self, runs: Sequence[ReviewRow]) -> list[ReviewRow]:
        """Let the files that belong to checked results go with them, those included that were not dropped.

        Returns the rows of those that were brought before, and belong to them no more: they are gone.
        """
        records = self._table.records
        files = {(one.path, one.found.raw_of): one for one in records if one.run is None}
        taken = {one.path for one in records if one.run is not None}
        named = [
            (row, found)
            for row in runs
            for found in _files_of(row, taken)
            if (row.new_owner, found.path) not in row.left_out
        ]
        wanted = {(row.new_owner, found.path, found.raw_of) for row, found in named}
        owners = {row.new_owner for row in runs}
        gone = {
            one
            for one in records
            if one.brought_by in owners
            and one.target == one.brought_by
            and (one.target, one.path, one.found.raw_of) not in wanted
        }
        brought = []
        for row, found in named:
            file = files.get((found.path, found.raw_of))
            if file is None:
                file = files[found.path, found.raw_of] = ReviewRow(found)
                file.brought_by = row.new_owner
                brought.append(file)
            if file.target is None:
                file.target = row.new_owner
        if brought or gone:
            self._arrange([*(row for row in records if row not in gone), *brought])
        return list(gone)

    def bring_again(self, rows: Iterable[ReviewRow]) -> list[ReviewRow]:
        """Let checked results keep the files that they name, of which some have become runs by themselves.

        ``rows`` are those of the runs. Returns what ``bring_files`` does.
        """
        paths = {row.path for row in rows if row.run is not None}
        checked = [row for row in self._table.records if row.checked is not None]
        return self.bring_files([row for row in checked if paths.intersection(_paths_of(row))])

    def look_for_missing(self) -> None:
        """Check results once more that name files which were not found, since others have come."""
        for row in self._table.records:
            found = row.checked.files if row.checked is not None else ()
            if any(file.path is None for file in found):
                row.check_again()

    def _is_for_here(self, row: ReviewRow) -> bool:
        return (
            self.component is not None
            and row.run is not None
            and names_component(row.run.component, self.component)
        )


def _files_of(row: ReviewRow, taken: Collection[Path]) -> Iterator[Found]:
    """Yield the files that belong to results; those ``taken`` for runs of their own go along as they are."""
    for path in _paths_of(row):
        found = row.found if path == row.path else Found(path, PurePath(path.name))
        if row.run is not None and path in taken:
            found = replace(found, raw_of=(row.path, row.run.number))
        yield found


def _paths_of(row: ReviewRow) -> list[Path]:
    files = row.checked.files if row.checked is not None else ()
    return [file.path for file in files if file.path is not None]


def _run_row(file: ReviewRow, run: RunInFile) -> ReviewRow:
    row = ReviewRow(file.found, run)
    row.drop, row.examined, row.stage = file.drop, file.examined, Stage.CHECKING
    row.left_out = set(file.left_out)
    if file.examined is not None:
        row.seen = file.examined.state
    return row
