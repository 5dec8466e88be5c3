"""The results of one test run in rows: value, unit, limits, and how the value stands against them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _, ngettext
from itkgui.records.json_fields import as_number
from itkgui.records.limits import NO_LIMITS, Judgement, Limits
from itkgui.records.test_run import NOT_FOUND, Measured, TestRun, ValueKind
from itkgui.records.test_type import TestType

_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*")
_SPARKS = 48  # points of a small curve
_LEAST_SPARKS = 8
_WORDS = {
    Judgement.WITHIN: (N_("within"), "passed", "good"),
    Judgement.BELOW: (N_("below"), "failed", "bad"),
    Judgement.ABOVE: (N_("above"), "failed", "bad"),
    Judgement.BELOW_AND_ABOVE: (N_("outside"), "failed", "bad"),
    Judgement.NOT_JUDGED: (N_("not judged"), "info", "quiet"),
}
_LONGEST = 300  # letters of a text shown in full
_LONGEST_WORD = 30  # letters that are not parted


def number_text(value: float) -> str:
    """Return a number with six digits, never as ``-0``."""
    return f"{value + 0.0:.6g}"


def _object_text(value: Mapping[str, Any]) -> str:
    lengths = {len(column) for column in value.values() if isinstance(column, list)}
    if len(lengths) == 1 and all(isinstance(column, list) for column in value.values()):
        rows = lengths.pop()
        return _("{rows} of {columns}").format(
            rows=ngettext("{count:,} row", "{count:,} rows", rows).format(count=rows),
            columns=ngettext("{count:,} column", "{count:,} columns", len(value)).format(count=len(value)),
        )
    return ngettext("{count} entry", "{count} entries", len(value)).format(count=len(value))


def value_text(value: Any) -> str:
    """Return a value as one line; arrays and objects as what they hold, never all of it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        if value and all(isinstance(item, list) for item in value):
            return ngettext(
                "{count} row of up to {most} values", "{count} rows of up to {most} values", len(value)
            ).format(count=len(value), most=max(map(len, value)))
        shown = ", ".join(value_text(item) for item in value[:4])
        if len(value) <= 4:
            return shown or _("no values")
        return ngettext("{shown} … ({count} value)", "{shown} … ({count} values)", len(value)).format(
            shown=shown, count=len(value)
        )
    if isinstance(value, Mapping):
        return _object_text(value)
    return " ".join(str(value)[:500].split())


@dataclass(frozen=True, eq=False)
class ResultRow:
    """A value of a run, judged, with its text made once: an array of 100,000 is not looked at again.

    ``spark`` are up to 48 numbers of an array, each from 0 to 1; ``child`` names the part it belongs to.
    """

    measured: Measured
    text: str
    limits: Limits = NO_LIMITS
    judgement: Judgement = Judgement.NOT_JUDGED
    spark: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        child = self.measured.child
        return f"{self.measured.label}, {child.label}" if child else self.measured.label

    @property
    def can_open(self) -> bool:
        """Whether there is more of the value than its line tells."""
        if self.measured.kind in (ValueKind.ARRAY, ValueKind.TABLE, ValueKind.OBJECT):
            return bool(self.measured.value)
        return self.measured.kind in (ValueKind.RUN_LINK, ValueKind.FILE) or self.is_web_address

    @property
    def is_web_address(self) -> bool:
        """Whether the value is an address of a picture or a page, as strip inspections have (§8.4)."""
        value = self.measured.value
        return isinstance(value, str) and _WEB_ADDRESS.fullmatch(value.strip()[:2000]) is not None


def result_rows(run: TestRun, test_type: TestType | None) -> tuple[ResultRow, ...]:
    """Judge the results of a run by the limits of its test type, as far as these are known."""
    return tuple(_row(result, run, test_type) for result in run.results)


def property_rows(run: TestRun) -> tuple[ResultRow, ...]:
    return tuple(ResultRow(found, _text(found, run), found.limits) for found in run.properties)


def numbers_in(run: TestRun) -> int:
    """Return about how many values a run holds, which tells how long it takes to judge them."""
    return sum(_size(result.value) for result in run.results)


def _size(value: Any) -> int:
    if isinstance(value, list):
        return sum(len(item) if isinstance(item, list) else 1 for item in value[:1000]) + len(value)
    if isinstance(value, dict):
        return sum(len(item) if isinstance(item, list | dict) else 1 for item in value.values())
    return len(value) if isinstance(value, str) else 1


def _row(result: Measured, run: TestRun, test_type: TestType | None) -> ResultRow:
    limits = test_type.limits_of(result, run.stage.code) if test_type else result.limits
    is_number = result.kind in (ValueKind.NUMBER, ValueKind.ARRAY, ValueKind.TABLE, ValueKind.TEXT)
    judgement = limits.judge(result.value) if is_number else Judgement.NOT_JUDGED
    return ResultRow(result, _text(result, run), limits, judgement, _spark(result))


def _text(found: Measured, run: TestRun) -> str:
    if found.kind is ValueKind.RUN_LINK:
        return _link_text(found)
    if found.kind is ValueKind.FILE:
        names = {file.code: file.display_name for file in run.attachments}
        codes = found.attachment_codes
        first = shown_text(names.get(codes[0], _("a file that is not there")))
        if len(codes) == 1:
            return first
        return ngettext("{first} … ({count} file)", "{first} … ({count} files)", len(codes)).format(
            first=first, count=len(codes)
        )
    if found.kind in (ValueKind.ARRAY, ValueKind.TABLE) and len(found.value) > 4:
        return _span_text(found)
    if found.kind is ValueKind.NUMBER and as_number(found.value) == NOT_FOUND:
        return _("{value} (often: not found)").format(value=value_text(found.value))
    return value_text(found.value)


def _link_text(found: Measured) -> str:
    """Return what kind of test a link leads to, which objects tell and bare ids do not."""
    count = len(found.linked_run_ids)
    kind = found.value.get("testType") if isinstance(found.value, dict) else None
    name = kind.get("name") or kind.get("code") if isinstance(kind, dict) else None
    if isinstance(name, str):
        return name
    return ngettext("test run", "{count} test runs", count).format(count=count)


def _span_text(found: Measured) -> str:
    shape = " × ".join(f"{length:,}" for length in found.shape)
    low, high, missing = math.inf, -math.inf, 0
    for item in _leaves(found.value):
        number = as_number(item)
        if number is None:
            missing += 1
        else:
            low, high = min(low, number), max(high, number)
    said = [_("{shape} values").format(shape=shape)]
    if low <= high:
        said.append(f"{number_text(low)} … {number_text(high)}")
    if missing:
        text = ngettext("{count:,} no number", "{count:,} no numbers", missing)
        said.append(text.format(count=missing))
    return ", ".join(said)


def _leaves(value: list[Any]) -> Iterator[Any]:
    for item in value:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def _spark(found: Measured) -> tuple[float, ...]:
    if found.kind is not ValueKind.ARRAY or len(found.value) < _LEAST_SPARKS:
        return ()
    step = max(1, -(-len(found.value) // _SPARKS))
    picked = [number for item in found.value[::step] if (number := as_number(item)) is not None]
    if len(picked) < 3:
        return ()
    low, high = min(picked), max(picked)
    size = high - low
    return tuple((number - low) / size if 0 < size < math.inf else 0.5 for number in picked)


def limits_text(limits: Limits) -> str:
    """Return limits in words: ``"5 … 14"``, ``"≤ 14"``, and what is aimed at."""
    parts = []
    if limits.low is not None and limits.high is not None:
        parts.append(f"{number_text(limits.low)} … {number_text(limits.high)}")
    elif limits.low is not None:
        parts.append(f"≥ {number_text(limits.low)}")
    elif limits.high is not None:
        parts.append(f"≤ {number_text(limits.high)}")
    if limits.nominal is not None:
        parts.append(_("nominal {value}").format(value=number_text(limits.nominal)))
    return ", ".join(parts)


def whole_text(row: ResultRow) -> str:
    """Return all that a row has to say in two lines, of which the second may be long; only texts are cut."""
    measured = row.measured
    name = f"{row.label}  ({measured.code})" if measured.code not in ("", row.label) else row.label
    value = row.text
    if measured.kind is ValueKind.TEXT:
        value = measured.value if len(measured.value) <= _LONGEST else f"{measured.value[:_LONGEST]}…"
    said = [f"{value} {measured.unit}".strip()]
    if row.limits:
        said.append(" ".join(_limits_hint(row).split("\n")))
    return _partable(f"{shown_text(name)}\n{shown_text('  ·  '.join(said))}")


def _partable(text: str) -> str:
    """Return a text whose long words can go on in the next line."""
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", "\\1\u200b", text)


def _words(row: ResultRow) -> tuple[str, str, str]:
    """Return how a row stands against its limits as declared word, icon and tone; empty without limits."""
    return _WORDS[row.judgement] if row.limits else ("", "", "")


def _limits_hint(row: ResultRow) -> str:
    if not row.limits:
        return ""
    unit = f" {row.measured.unit}" if row.measured.unit else ""
    hint = f"{_(row.judgement.value)}: {limits_text(row.limits)}{unit}"
    if row.limits.depends_on:
        text = _("These limits depend on the property {property}, and are not judged here.")
        hint += f"\n{text.format(property=row.limits.depends_on)}"
    return hint


def _value_icon(row: ResultRow) -> str:
    return "link" if row.is_web_address else _KIND_ICONS.get(row.measured.kind, "")


_KIND_ICONS = {ValueKind.RUN_LINK: "link", ValueKind.FILE: "file"}

RESULT_COLUMNS: tuple[Column[ResultRow], ...] = (
    Column(N_("Quantity"), lambda r: r.label, hint=lambda r: f"{r.label}\n{r.measured.code}"),
    Column(
        N_("Value"),
        lambda r: r.text,
        hint=lambda r: f"{r.text} {r.measured.unit}".strip(),
        export=lambda r: r.measured.value,
        icon=_value_icon,
    ),
    Column(N_("Unit"), lambda r: r.measured.unit),
    Column(N_("Limits"), lambda r: limits_text(r.limits), hint=_limits_hint),
    Column(
        N_("Judged"),
        lambda r: _(_words(r)[0]),
        icon=lambda r: _words(r)[1],
        tone=lambda r: _words(r)[2],
        hint=_limits_hint,
        export=lambda r: _(r.judgement.value) if r.limits else None,
    ),
)
QUANTITY, VALUE, UNIT, LIMITS, JUDGED = range(len(RESULT_COLUMNS))


class ResultTable(RecordTable[ResultRow]):
    """The results, or the properties, of one test run."""

    def __init__(self) -> None:
        super().__init__(RESULT_COLUMNS)


def judged_text(rows: Sequence[ResultRow]) -> str:
    """Return how many values there are, and how those with limits stand against them, in words."""
    counts = Counter(row.judgement for row in rows if row.limits)
    within, unjudged = counts[Judgement.WITHIN], counts[Judgement.NOT_JUDGED]
    beyond = counts.total() - within - unjudged
    said = [ngettext("{count:,} result", "{count:,} results", len(rows)).format(count=len(rows))]
    if within and not beyond and not unjudged:
        text = ngettext("{count:,} with limits, all within", "{count:,} with limits, all within", within)
        said.append(text.format(count=within))
    else:
        words = (
            (beyond, ngettext("{count:,} beyond limits", "{count:,} beyond limits", beyond)),
            (within, ngettext("{count:,} within", "{count:,} within", within)),
            (unjudged, ngettext("{count:,} not judged", "{count:,} not judged", unjudged)),
        )
        said += [text.format(count=count) for count, text in words if count]
    return ", ".join(said)
