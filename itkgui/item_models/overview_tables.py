"""What the overview of a component has in rows: tests due, findings, properties, other facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from itkgui.item_models.columns import Look, look_column, moment_column
from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column
from itkgui.item_models.result_table import value_text
from itkgui.item_models.test_run_table import verdict_icon, verdict_tone
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
        f"at {run.stage.label or 'an unknown stage'}" if run else "",
        "on reception only" if due.is_reception_only else "on reception too" if due.is_reception else "",
        "test type closed" if due.is_closed else "",
    )
    return ", ".join(part for part in parts if part)


DUE_COLUMNS: tuple[Column[DueTest], ...] = (
    Column("Test type", lambda d: d.test_type.label, hint=lambda d: d.test_type.code),
    Column(
        "Standing",
        lambda d: judge.verdict_text if (judge := _judge(d)) else d.status.value,
        sort=_urgency,
        icon=lambda d: verdict_icon(judge) if (judge := _judge(d)) else _ICONS[d.status],
        tone=lambda d: verdict_tone(judge) if (judge := _judge(d)) else "caution",
    ),
    moment_column("Newest run", lambda d: d.run.date if d.run else None),
    Column("Remark", remark, hint=remark),
)


def due_summary(due: DueAtStage) -> str:
    """Return how many of the tests due stand how, in words."""
    counts = {status: sum(test.status is status for test in due.tests) for status in _URGENCY}
    said = [f"{count} {status.value}" for status, count in counts.items() if count]
    problems = sum(map(_has_problems, due.tests))
    if problems:
        said.append("with problems" if counts[DueStatus.PASSED] == 1 else f"{problems} of them with problems")
    return ", ".join(said)


_SEVERITIES = {
    Severity.WRONG: Look("wrong", "failed", "bad"),
    Severity.CHECK: Look("to check", "warning", "caution"),
    Severity.NOTE: Look("to know", "info", "quiet"),
}

FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    look_column(
        "Severity", lambda f: _SEVERITIES[f.severity], sort=lambda f: list(_SEVERITIES).index(f.severity)
    ),
    Column("What", lambda f: f.text, hint=lambda f: f"{f.text}\n{f.cure}"),
)


def findings_summary(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[which]} {look.word}" for which, look in _SEVERITIES.items() if counts[which])


def is_defined(item: Property) -> bool:
    """Tell whether the component type still defines a property.

    Of one that it does not, the server gives no name, the code for a name, or words (API reference §5.3).
    """
    return bool(item.data_type) or item.name not in ("", item.code, "UNKNOWN PROPERTY")


PROPERTY_COLUMNS: tuple[Column[Property], ...] = (
    Column(
        "Property",
        lambda p: p.label if is_defined(p) else f"{p.code} (defined no more)",
        hint=lambda p: p.code,
        tone=lambda p: "" if is_defined(p) else "quiet",
    ),
    Column(
        "Value", lambda p: value_text(p.value), hint=lambda p: value_text(p.value), export=lambda p: p.value
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
    Column("What", lambda f: f.name),
    Column("Which", lambda f: f.text, hint=lambda f: f.hint or f.text, tone=lambda f: f.tone),
)


def _by(user: User) -> str:
    return f" by {user.name}" if user.name else ""


def facts_of(component: Component) -> Iterator[Fact]:
    """Yield who registered a component and when, its batches and grades, and what it is known by."""
    moment = local_text(component.created)
    yield Fact("Registered", f"{moment}{_by(component.registered_by)}", utc_hint(component.created))
    for batch in component.batches:
        kind = f" ({batch.type.label})" if batch.type else ""
        yield Fact("Batch", f"{batch.number or 'without a number'}{kind}", utc_hint(batch.moment))
    for grade in reversed(component.grades):
        said = f": {grade.comment}" if grade.comment else ""
        text = f"{grade.grade or 'none'}, {local_text(grade.moment)}{_by(grade.user)}{said}"
        yield Fact("Grade", text, f"{utc_hint(grade.moment)}\n{grade.comment}".strip())
    for mark in component.marks:
        why = f": {mark.reason}" if mark.reason else ""
        words = mark.name if mark.is_set else f"no longer {mark.name}"
        yield Fact("Mark", f"{words}, {local_text(mark.moment)}{_by(mark.user)}{why}", utc_hint(mark.moment))
    for name, text in (
        ("Alternative identifier", component.alternative_identifier),
        ("Project", ", ".join(filter(None, (component.project.label, component.subproject.label)))),
        ("On the way to", component.destination.label),
        ("Code", component.code),
    ):
        if text:
            yield Fact(name, text)
    if component.unreadable:
        fields = ", ".join(component.unreadable)
        yield Fact("Not understood", f"{fields}: see Raw", f"What the server says in {fields}", "caution")
