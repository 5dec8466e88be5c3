"""What is wrong with results of a test in rows, and their JSON laid out so that each field has a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _, ngettext
from itkgui.records.json_fields import Json
from itkgui.records.value_check import ResultProblem, joined

_SHOWN = 40  # entries of a list, of which an array has thousands
_LONG = 200  # characters of a value
_MOST = 2000  # lines


def _tone(problem: ResultProblem) -> str:
    return "caution" if problem.is_caution else "bad"


COLUMNS: tuple[Column[ResultProblem], ...] = (
    Column(
        N_("Field"),
        lambda problem: problem.path or _("all of it"),
        icon=lambda problem: "warning" if problem.is_caution else "failed",
        tone=_tone,
        hint=lambda problem: problem.path,
        elide_middle=True,
    ),
    Column(N_("What is wrong"), lambda problem: problem.sentence, hint=lambda problem: problem.sentence),
    Column(N_("Expected"), lambda problem: problem.expected, hint=lambda problem: problem.expected),
    Column(N_("Found"), lambda problem: problem.found, hint=lambda problem: problem.found),
)


class ProblemTable(RecordTable[ResultProblem]):
    """The problems, errors before cautions, else in the order of the fields."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)


@dataclass(frozen=True)
class LaidOut:
    """A body as text that is safe to show, a field to a line; ``lines`` tells the line of each field, from 0.

    To make one takes its time with a large body.
    """

    text: str
    lines: dict[str, int]

    @classmethod
    def of(cls, body: Json) -> LaidOut:
        written: list[str] = []
        lines: dict[str, int] = {}
        for path, line in islice(_written(body, "", 0, ""), _MOST):
            lines.setdefault(path, len(written))
            written.append(shown_text(line))
        if len(written) == _MOST:
            written.append("…")
        return cls("\n".join(written), lines)

    def line_of(self, path: str) -> int | None:
        """Return the line of a field, or of the nearest thing around it that has one; None for all of it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None


def _written(value: Any, path: str, depth: int, before: str) -> Iterator[tuple[str, str]]:
    """Yield lines, each with the field that it stands for; lists of plain values take one."""
    margin = "  " * depth
    if isinstance(value, dict) and value:
        yield path, f"{margin}{before}{{"
        for key, inner in value.items():
            yield from _written(inner, joined(path, str(key)), depth + 1, f"{json.dumps(str(key))}: ")
        yield path, f"{margin}}}"
    elif isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value[:_SHOWN]):
        yield path, f"{margin}{before}["
        for number, inner in enumerate(value[:_SHOWN]):
            yield from _written(inner, f"{path}[{number}]", depth + 1, "")
        more = len(value) - _SHOWN
        yield path, f"{margin}]" if more <= 0 else f"{margin}… {_more(more)} ]"
    elif isinstance(value, list):
        shown = ", ".join(map(_plain, value[:_SHOWN]))
        rest = f", … {_more(len(value) - _SHOWN)}" if len(value) > _SHOWN else ""
        yield path, f"{margin}{before}[{shown}{rest}]"
    else:
        yield path, f"{margin}{before}{_plain(value)}"


def _more(count: int) -> str:
    return ngettext("{count:,} more", "{count:,} more", count).format(count=count)


def _plain(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
