"""What about the test runs of a component does not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from itkgui.language import _, ngettext
from itkgui.records.component import Component
from itkgui.records.component_type import ComponentType
from itkgui.records.finding import Corner, Finding, Severity
from itkgui.records.run_history import TestRunSummary, group_runs, newest_first
from itkgui.records.test_run import TestRun

# The time zone of a summary's date is not known (API reference, open question 11), and clocks go wrong.
_TOLERANCE = timedelta(days=1)


def findings_in_runs(
    component: Component, runs: Sequence[TestRunSummary], kind: ComponentType | None, now: datetime
) -> Iterator[Finding]:
    """Yield what to look at in runs that were loaded, whole or as summaries; none loaded give nothing."""
    ready = [run for run in newest_first(runs) if not run.is_deleted]
    yield from _left_failed(component, ready, kind)
    yield from _twice(ready)
    for run in ready:
        yield from _by_itself(component, run, kind, now)
    yield from _not_there(component, runs)
    waiting = [run for run in runs if run.state == "requestedToDelete"]
    if waiting:
        told = ngettext(
            "{count:,} test run waits to be deleted.", "{count:,} test runs wait to be deleted.", len(waiting)
        )
        yield Finding(
            Severity.NOTE,
            told.format(count=len(waiting)),
            _("Whoever may delete at the institute has to agree."),
            waiting[0],
        )


def _name(run: TestRunSummary) -> str:
    return run.owner.label


def _left_failed(
    component: Component, ready: Sequence[TestRunSummary], kind: ComponentType | None
) -> Iterator[Finding]:
    """Yield the test types whose newest run failed at a stage that the component has left since."""
    order = {stage.code: place for place, stage in enumerate(kind.stages)} if kind else {}
    now_at = component.stage
    if component.is_trashed or (kind and any(s.is_side for s in kind.stages if s.code == now_at.code)):
        return  # it was sorted out, maybe because it failed
    for group in group_runs(ready):
        run = group.deciding
        if run is None or run.passed or not run.stage.code or not now_at.code:
            continue
        is_later = order.get(run.stage.code, -1) > order.get(now_at.code, len(order))
        if run.stage.code == now_at.code or is_later:
            continue
        yield Finding(
            Severity.CHECK,
            _("{name} failed at {stage}, and the component went on to {next_stage}.").format(
                name=_name(run), stage=run.stage.label, next_stage=now_at.label
            ),
            _("Test again, or write in a comment why it may go on."),
            run,
        )


def _twice(ready: Sequence[TestRunSummary]) -> Iterator[Finding]:
    """Yield the runs that tell the same test type, stage, number and moment as a newer one."""
    seen: dict[tuple[str, str, str, datetime], TestRunSummary] = {}
    for run in ready:
        if run.date is None:
            continue
        key = (run.test_type.code or run.test_type.id, run.stage.code, run.run_number, run.date)
        first = seen.setdefault(key, run)
        if first is not run and first.id != run.id:
            yield Finding(
                Severity.CHECK,
                _("{name} of {date:%Y-%m-%d} is there twice.").format(name=_name(run), date=run.date),
                _("Compare the two; if they are the same, delete one."),
                run,
            )


def _by_itself(
    component: Component, run: TestRunSummary, kind: ComponentType | None, now: datetime
) -> Iterator[Finding]:
    if run.date and run.date > now + _TOLERANCE:
        yield Finding(
            Severity.WRONG,
            _("{name} is dated in the future, {date:%Y-%m-%d}.").format(name=_name(run), date=run.date),
            _("It counts as the newest: upload it with the right date, then delete this one."),
            run,
        )
    elif run.date and component.created and run.date < component.created - _TOLERANCE:
        yield Finding(
            Severity.NOTE,
            _("{name} is dated {date:%Y-%m-%d}, before the component was registered.").format(
                name=_name(run), date=run.date
            ),
            _("Look whether the date is right."),
            run,
        )
    if kind and kind.stages and run.stage.code and not kind.has_stage(run.stage.code):
        yield Finding(
            Severity.CHECK,
            _("{name} was made at {stage}, a stage that {type} does not have.").format(
                name=_name(run), stage=run.stage.label, type=kind.reference.label
            ),
            _("No stage asks for it: upload it at the stage it was made at."),
            run,
        )
    if isinstance(run, TestRun):
        if run.results and all(result.value is None for result in run.results):
            yield Finding(
                Severity.CHECK,
                _("{name} has no values at all.").format(name=_name(run)),
                _("Add what was measured, or delete it."),
                run,
            )
        if run.passed and run.defects and not run.has_problems:
            told = ngettext(
                "{name} passed without problems, but names {count:,} defect.",
                "{name} passed without problems, but names {count:,} defects.",
                len(run.defects),
            )
            yield Finding(
                Severity.NOTE,
                told.format(name=_name(run), count=len(run.defects)),
                _("Look whether the defects matter."),
                run,
            )
        if run.unreadable:
            fields = ", ".join(run.unreadable[:5])
            yield Finding(
                Severity.CHECK,
                _("{name} holds something other than it should: {fields}.").format(
                    name=_name(run), fields=fields
                ),
                _("Look at its values; what cannot be read is neither plotted nor judged."),
                run,
            )


def _not_there(component: Component, runs: Sequence[TestRunSummary]) -> Iterator[Finding]:
    """Tell of runs that the component lists and the server did not give."""
    given = {run.id for run in runs}
    missing = [run for run in component.runs if run.id not in given and not run.is_deleted]
    if given and missing:
        told = ngettext(
            "{count:,} test run that the component lists could not be had from the server.",
            "{count:,} test runs that the component lists could not be had from the server.",
            len(missing),
        )
        yield Finding(
            Severity.CHECK,
            told.format(count=len(missing)),
            _("Load again (F5); if it stays so, report it with the name of the component."),
            Corner.TESTS,
        )
