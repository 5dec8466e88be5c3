"""Test runs in rows, and the results of one run in rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.run_history import TestRunSummary, Verdict
from itkgui.records.test_run import Measured, TestRun

_ICONS = {Verdict.PASSED: "passed", Verdict.FAILED: "failed", Verdict.DELETED: "deleted"}
_TONES = {Verdict.PASSED: "good", Verdict.FAILED: "bad", Verdict.DELETED: "quiet"}


def verdict_text(run: TestRun) -> str:
    """Return the verdict in words; a passed run can still have problems."""
    return f"{run.verdict.value}, problems" if run.has_problems and not run.is_deleted else run.verdict.value


def verdict_icon(run: TestRunSummary) -> str:
    passed_with_problems = run.verdict is Verdict.PASSED and run.has_problems
    return "warning" if passed_with_problems else _ICONS[run.verdict]


def verdict_tone(run: TestRunSummary) -> str:
    passed_with_problems = run.verdict is Verdict.PASSED and run.has_problems
    return "caution" if passed_with_problems else _TONES[run.verdict]


RUN_COLUMNS: tuple[Column[TestRun], ...] = (
    Column(
        "Date",
        lambda r: local_text(r.date),
        export=lambda r: r.date,
        hint=lambda r: utc_hint(r.date),
        unit="UTC",
    ),
    Column("Test type", lambda r: r.test_type.label, hint=lambda r: r.test_type.code),
    Column("Verdict", verdict_text, icon=verdict_icon, tone=verdict_tone),
    Column("Stage", lambda r: r.stage.label, hint=lambda r: r.stage.code),
    Column("Run", lambda r: r.run_number),
    Column("Institute", lambda r: r.institution.code, hint=lambda r: r.institution.name),
    Column("Person", lambda r: r.user.name),
    Column(
        "Files",
        lambda r: str(len(r.attachments) or ""),
        export=lambda r: len(r.attachments),
        align_right=True,
    ),
)


class TestRunTable(RecordTable[TestRun]):
    """The test runs of a component."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(self) -> None:
        super().__init__(RUN_COLUMNS)


def _object_text(value: Mapping[str, Any]) -> str:
    lengths = {len(column) for column in value.values() if isinstance(column, list)}
    if len(lengths) == 1 and all(isinstance(column, list) for column in value.values()):
        return f"{lengths.pop()} rows of {len(value)} columns"
    return f"{len(value)} entries"


def value_text(value: Any) -> str:
    """Return a result's value as one line; arrays and objects as what they hold, never all of it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value + 0.0:.6g}"  # never "-0"
    if isinstance(value, list):
        if value and all(isinstance(item, list) for item in value):
            return f"{len(value)} rows of up to {max(len(row) for row in value)} values"
        shown = ", ".join(value_text(item) for item in value[:4])
        return f"{shown} … ({len(value)} values)" if len(value) > 4 else shown or "no values"
    if isinstance(value, Mapping):
        return _object_text(value)
    return " ".join(str(value)[:500].split())


MEASURED_COLUMNS: tuple[Column[Measured], ...] = (
    Column("Quantity", lambda m: m.label, hint=lambda m: f"{m.label}\n{m.code}"),
    Column(
        "Value", lambda m: value_text(m.value), hint=lambda m: value_text(m.value), export=lambda m: m.value
    ),
    Column("Unit", lambda m: m.unit),
)


class MeasuredTable(RecordTable[Measured]):
    """The results, or the properties, of one test run."""

    def __init__(self) -> None:
        super().__init__(MEASURED_COLUMNS)
