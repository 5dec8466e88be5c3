"""Writes the rows of a table for other programs: CSV, JSON, and the texts that a spreadsheet takes."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import wraps
from typing import Any

from itkgui.item_models.record_table import Column
from itkgui.language import untranslated

# A spreadsheet takes a cell that begins so for a formula; the wide forms are what some of them make of these.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ROWS = 50  # in one piece

# Without this mark Excel takes UTF-8 for the code page of the computer, and shows "µA" as "ÂµA"; LibreOffice,
# pandas and csv with "utf-8-sig" skip it.
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Extract:
    """Records and the columns of them that are wanted, both in the order wanted."""

    columns: Sequence[Column[Any]]
    records: Sequence[Any]

    @property
    def titles(self) -> list[str]:
        """The columns' titles, each with the unit of what stands below."""
        return [f"{column.title} [{column.unit}]" if column.unit else column.title for column in self.columns]

    def rows(self) -> Iterator[list[Any]]:
        readers = [column.exported for column in self.columns]
        return ([read(record) for read in readers] for record in self.records)


def _for_programs(pieces: Callable[[Extract], Iterator[str]]) -> Callable[[Extract], Iterator[str]]:
    """Let words and titles be those of the code, in English: a program that reads them knows no other."""

    @wraps(pieces)
    def written(extract: Extract) -> Iterator[str]:
        found = pieces(extract)
        while True:
            with untranslated():
                piece = next(found, None)
            if piece is None:
                return
            yield piece

    return written


@_for_programs
def csv_pieces(extract: Extract) -> Iterator[str]:
    """Yield a CSV file (RFC 4180), some rows at a time: ``,`` between values and ``.`` in numbers everywhere.

    Moments are ISO 8601 in UTC, truth is ``true`` or ``false``, what is unknown is empty, lists and objects
    are JSON. A text that a spreadsheet would take for a formula gets a ``'`` before it; a number never does.
    """
    yield BYTE_ORDER_MARK
    yield from _separated(extract, ",")


def pasted_pieces(extract: Extract) -> Iterator[str]:
    """Yield what ``csv_pieces`` does with tabs between the values, as spreadsheets want it for pasting."""
    yield from _separated(extract, "\t")


def html_pieces(extract: Extract) -> Iterator[str]:
    """Yield an HTML table, which spreadsheets prefer for pasting: no country's rule changes its numbers."""
    yield '<meta charset="utf-8"><table><tr>'
    yield "".join(f"<th>{html.escape(_defused(title))}</th>" for title in extract.titles)
    yield "</tr>\n"
    for row in extract.rows():
        yield "<tr>" + "".join(map(_html_cell, row)) + "</tr>\n"
    yield "</table>"


@_for_programs
def json_pieces(extract: Extract) -> Iterator[str]:
    """Yield a JSON object with ``columns`` (title, unit) and ``rows`` (one object each, by title).

    Numbers, truth, lists and objects keep their type; moments are ISO 8601 in UTC. JSON knows no NaN and no
    infinity: these are null and the text ``"Infinity"`` or ``"-Infinity"``.
    """
    titles = [column.title for column in extract.columns]
    columns = [{"title": column.title, "unit": column.unit or None} for column in extract.columns]
    yield f'{{"columns": {_json(columns)},\n"rows": ['
    for place, row in enumerate(extract.rows()):
        yield (",\n" if place else "\n") + _json(dict(zip(titles, map(_json_value, row), strict=True)))
    yield "\n]}\n"


def _separated(extract: Extract, separator: str) -> Iterator[str]:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerow(map(_defused, extract.titles))
    for place, row in enumerate(extract.rows(), 1):
        writer.writerow(map(_cell, row))
        if place % _ROWS == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _defused(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return _iso(value)
    return _json(_json_value(value))


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _html_cell(value: Any) -> str:
    text = html.escape(_cell(value))
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        # Excel reads the first of these words, LibreOffice the others.
        return f'<td x:num="{text}" sdval="{text}" sdnum="1033;">{text}</td>'
    text = text.replace("\n", "<br>")
    return f"<td style=\"mso-number-format:'\\@'\">{text}</td>"


def _iso(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    moment = value.astimezone(timezone.utc) if value.tzinfo else value
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else json.dumps(value)  # the name of an infinity
    if isinstance(value, dict):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    if isinstance(value, date):
        return _iso(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
