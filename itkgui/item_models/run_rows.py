"""The rows of a table of test runs: each run with its standing, and a heading over those of one test type."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itkgui.records.component import ComponentSummary
from itkgui.records.people import Reference
from itkgui.records.run_history import RunGroup, Standing, group_runs
from itkgui.records.test_run import TestRun

GroupKey = tuple[str, str]  # component, test type


@dataclass(frozen=True, eq=False)
class RunRow:
    """A run, or the heading of a group of runs: ``count`` of them, of which ``run`` speaks for all.

    A heading whose runs are all deleted has none that does; ``standing`` is then DELETED.
    """

    run: TestRun | None
    standing: Standing
    group: GroupKey
    test_type: Reference
    component: ComponentSummary
    count: int = 0

    @property
    def is_heading(self) -> bool:
        return self.count > 0

    @property
    def key(self) -> object:
        """What stays the same when the runs are loaded again."""
        return self.group if self.is_heading or self.run is None else self.run.id


@dataclass(frozen=True, eq=False)
class RunGroups:
    """Rows in groups: each heading just before its runs, newest first; the places of the groups' orders."""

    rows: tuple[RunRow, ...]
    by_production: tuple[GroupKey, ...]
    by_name: tuple[GroupKey, ...]


def run_groups(runs: Sequence[TestRun], home: str = "") -> RunGroups:
    """Arrange runs, also of several components; those of the component with the key ``home`` come first.

    The order of production is the order of the stages: a group stands where it was first measured.
    """
    owners: dict[str, list[TestRun]] = {}
    for run in runs:
        owners.setdefault(run.component.key or home, []).append(run)
    groups = {
        (owner, group.test_type.code or group.test_type.id): group
        for owner, own in owners.items()
        for group in group_runs(own)
    }
    names = {key: (*_owner_key(key, group, home), *_name_key(group)) for key, group in groups.items()}
    stages = {
        key: (*_owner_key(key, group, home), _stage_key(group), *_name_key(group))
        for key, group in groups.items()
    }
    by_production = tuple(sorted(groups, key=stages.__getitem__))
    rows = tuple(row for key in by_production for row in _rows(key, groups[key]))
    return RunGroups(rows, by_production, tuple(sorted(groups, key=names.__getitem__)))


def _rows(key: GroupKey, group: RunGroup[TestRun]) -> Iterable[RunRow]:
    deciding = group.deciding
    standing = Standing.DELETED if deciding is None else Standing.DECIDING
    owner = group.runs[0].component
    yield RunRow(deciding, standing, key, group.test_type, owner, len(group.runs))
    for run, own in zip(group.runs, group.standings, strict=True):
        yield RunRow(run, own, key, group.test_type, run.component)


def _owner_key(key: GroupKey, group: RunGroup[TestRun], home: str) -> tuple[bool, str, str]:
    owner = group.runs[0].component
    return key[0] != home, owner.component_type.label.casefold(), owner.label


def _name_key(group: RunGroup[TestRun]) -> tuple[str, str]:
    return group.test_type.label.casefold(), group.test_type.code


def _stage_key(group: RunGroup[TestRun]) -> float:
    known = [run.stage.order for run in group.runs if run.stage.order is not None and not run.is_deleted]
    return min(known, default=math.inf)
