"""What the overview of a component has in rows: tests due, findings, properties, other facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from itkgui.item_models.columns import Look, look_column, moment_column
from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column
from itkgui.item_models.result_table import value_text
from itkgui.item_models.test_run_table import verdict_icon, verdict_tone
from itkgui.language import N_, _, ngettext
from itkgui.records.component import Component, Property
from itkgui.records.due_tests import DueAtStage, DueStatus, DueTest
from itkgui.records.finding import Finding, Severity
from itkgui.records.people import User
from itkgui.records.run_history import TestRunSummary

_ICONS = {DueStatus.MISSING: "clock", DueStatus.WRONG_STAGE: "warning"}
# What has to be done comes first.
_URGENCY = [DueStatus.FAILED, DueStatus.MISSING, DueStatus.WRONG_STAGE, DueStatus.PASSED]


def _judge(due: DueTest) -> TestRunSummary | None:
    """Return the run whose verdict is how a test stands; None where it stands otherwise."""
    return None if due.status in _ICONS else due.run


def _has_problems(due: DueTest) -> bool:
    judge = _judge(due)
    return judge is not None and judge.has_hidden_problems


def _urgency(due: DueTest) -> float:
    return _URGENCY.index(due.status) - 0.5 * _has_problems(due)


def remark(due: DueTest) -> str:
    """Return at which other stage a test was made, and in which case this one asks for it."""
    run = due.run if due.status is DueStatus.WRONG_STAGE else None
    parts = (
        _stage_text(run) if run else "",
        _("on reception only") if due.is_reception_only else "",
        _("on reception too") if due.is_reception and not due.is_reception_only else "",
        _("test type closed") if due.is_closed else "",
    )
    return ", ".join(part for part in parts if part)


def _stage_text(run: TestRunSummary) -> str:
    return _("at {stage}").format(stage=run.stage.label) if run.stage.label else _("at an unknown stage")


DUE_COLUMNS: tuple[Column[DueTest], ...] = (
    Column(N_("Test type"), lambda d: d.test_type.label, hint=lambda d: d.test_type.code),
    Column(
        N_("Standing"),
        lambda d: judge.verdict_text if (judge := _judge(d)) else _(d.status.value),
        sort=_urgency,
        icon=lambda d: verdict_icon(judge) if (judge := _judge(d)) else _ICONS[d.status],
        tone=lambda d: verdict_tone(judge) if (judge := _judge(d)) else "caution",
    ),
    moment_column(N_("Newest run"), lambda d: d.run.date if d.run else None),
    Column(N_("Remark"), remark, hint=remark),
)


def due_summary(due: DueAtStage) -> str:
    """Return how many of the tests due stand how, in words."""
    counts = {status: sum(test.status is status for test in due.tests) for status in _URGENCY}
    said = [_counted_due(status, count) for status, count in counts.items() if count]
    problems = sum(map(_has_problems, due.tests))
    if problems and counts[DueStatus.PASSED] == 1:
        said.append(_("with problems"))
    elif problems:
        text = ngettext("{count} of them with problems", "{count} of them with problems", problems)
        said.append(text.format(count=problems))
    return ", ".join(said)


def _counted_due(status: DueStatus, count: int) -> str:
    text = {
        DueStatus.FAILED: ngettext("{count} failed", "{count} failed", count),
        DueStatus.MISSING: ngettext("{count} missing", "{count} missing", count),
        DueStatus.WRONG_STAGE: ngettext(
            "{count} done at another stage", "{count} done at another stage", count
        ),
        DueStatus.PASSED: ngettext("{count} passed", "{count} passed", count),
    }[status]
    return text.format(count=count)


_SEVERITIES = {
    Severity.WRONG: Look(N_("wrong"), "failed", "bad"),
    Severity.CHECK: Look(N_("to check"), "warning", "caution"),
    Severity.NOTE: Look(N_("to know"), "info", "quiet"),
}

FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    look_column(
        N_("Severity"), lambda f: _SEVERITIES[f.severity], sort=lambda f: list(_SEVERITIES).index(f.severity)
    ),
    Column(N_("What"), lambda f: f.text, hint=lambda f: f"{f.text}\n{f.cure}"),
)


def findings_summary(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(_counted_findings(which, counts[which]) for which in _SEVERITIES if counts[which])


def _counted_findings(which: Severity, count: int) -> str:
    text = {
        Severity.WRONG: ngettext("{count} wrong", "{count} wrong", count),
        Severity.CHECK: ngettext("{count} to check", "{count} to check", count),
        Severity.NOTE: ngettext("{count} to know", "{count} to know", count),
    }[which]
    return text.format(count=count)


def is_defined(item: Property) -> bool:
    """Tell whether the component type still defines a property.

    Of one that it does not, the server gives no name, the code for a name, or words (API reference §5.3).
    """
    return bool(item.data_type) or item.name not in ("", item.code, "UNKNOWN PROPERTY")


PROPERTY_COLUMNS: tuple[Column[Property], ...] = (
    Column(
        N_("Property"),
        lambda p: p.label if is_defined(p) else _("{code} (defined no more)").format(code=p.code),
        hint=lambda p: p.code,
        tone=lambda p: "" if is_defined(p) else "quiet",
    ),
    Column(
        N_("Value"),
        lambda p: value_text(p.value),
        hint=lambda p: value_text(p.value),
        export=lambda p: p.value,
    ),
)


@dataclass(frozen=True)
class Fact:
    """Something else that is known of a component."""

    name: str
    text: str
    hint: str = ""
    tone: str = ""


FACT_COLUMNS: tuple[Column[Fact], ...] = (
    Column(N_("What"), lambda f: f.name),
    Column(N_("Which"), lambda f: f.text, hint=lambda f: f.hint or f.text, tone=lambda f: f.tone),
)


def _when(moment: datetime | None, user: User) -> str:
    """Return a moment, and by whom that was."""
    when = local_text(moment)
    return _("{moment} by {name}").format(moment=when, name=user.name) if user.name else when


def facts_of(component: Component) -> Iterator[Fact]:
    """Yield who registered a component and when, its batches and grades, and what it is known by."""
    when = _when(component.created, component.registered_by)
    yield Fact(_("Registered"), when, utc_hint(component.created))
    for batch in component.batches:
        kind = f" ({batch.type.label})" if batch.type else ""
        number = batch.number or _("without a number")
        yield Fact(_("Batch"), f"{number}{kind}", utc_hint(batch.moment))
    for grade in reversed(component.grades):
        said = f": {grade.comment}" if grade.comment else ""
        graded = grade.grade or _("none")
        text = f"{graded}, {_when(grade.moment, grade.user)}{said}"
        yield Fact(_("Grade"), text, f"{utc_hint(grade.moment)}\n{grade.comment}".strip())
    for mark in component.marks:
        why = f": {mark.reason}" if mark.reason else ""
        name = _(mark.name)
        words = name if mark.is_set else _("no longer {mark}").format(mark=name)
        yield Fact(_("Mark"), f"{words}, {_when(mark.moment, mark.user)}{why}", utc_hint(mark.moment))
    for name, text in (
        (_("Alternative identifier"), component.alternative_identifier),
        (_("Project"), ", ".join(filter(None, (component.project.label, component.subproject.label)))),
        (_("On the way to"), component.destination.label),
        (_("Code"), component.code),
    ):
        if text:
            yield Fact(name, text)
    if component.unreadable:
        fields = ", ".join(component.unreadable)
        yield Fact(
            _("Not understood"),
            _("{fields}: see Raw").format(fields=fields),
            _("What the server says in {fields}").format(fields=fields),
            "caution",
        )
