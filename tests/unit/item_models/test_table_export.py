"""Rows as CSV, JSON and what a spreadsheet pastes: values keep their kind, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui import language
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import (
    BYTE_ORDER_MARK,
    Extract,
    csv_pieces,
    html_pieces,
    json_pieces,
    pasted_pieces,
)
from itkgui.language import N_, _


@dataclass(frozen=True)
class Row:
    """A record with one value of any kind."""

    value: Any


def extract(*values: Any, title: str = "Value", unit: str = "") -> Extract:
    columns = (
        Column[Row]("Name", lambda _: "row"),
        Column[Row](title, lambda row: "shown otherwise", export=lambda row: row.value, unit=unit),
    )
    return Extract(columns, [Row(value) for value in values])


def read_csv(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def cells(*values: Any) -> list[str]:
    text = "".join(csv_pieces(extract(*values)))
    return [row[1] for row in read_csv(text.removeprefix(BYTE_ORDER_MARK))[1:]]


MOMENT = datetime(2026, 11, 22, 14, 5, 59, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (-1.5e-9, "-1.5e-09"),
        (1234567.25, "1234567.25"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (MOMENT, "2026-11-22T13:05:59Z"),
        (date(2026, 11, 22), "2026-11-22"),
        ([1, -2.5, None], "[1, -2.5, null]"),
        ({"V": [1, float("nan")]}, '{"V": [1, null]}'),
        ('two\nlines, and a "quote"', 'two\nlines, and a "quote"'),
        ("µA", "µA"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("-5.2", "-5.2"),
        ("+41227676111", "+41227676111"),
        ("-", "'-"),
        ("a=1", "a=1"),
    ],
    ids=repr,
)
def test_cell_of_a_csv_file(value: Any, cell: str) -> None:
    assert cells(value) == [cell]


def test_csv_file_as_a_whole() -> None:
    text = "".join(csv_pieces(extract(1.5, "a,b", title="Voltage", unit="V")))
    assert text == f'{BYTE_ORDER_MARK}Name,Voltage [V]\r\nrow,1.5\r\nrow,"a,b"\r\n'


def test_title_is_no_formula_either() -> None:
    assert "".join(pasted_pieces(extract(title="=HYPERLINK(1)"))) == "Name\t'=HYPERLINK(1)\r\n"


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_comes_back_as_text(texts: list[str]) -> None:
    for found, text in zip(cells(*texts), texts, strict=True):
        assert found in (text, f"'{text}")
        assert not found.startswith(("=", "@", "\t", "\r"))


def test_pasted_text_has_a_cell_for_each_value_whatever_is_in_it() -> None:
    text = "".join(pasted_pieces(extract("tab\there", "line\nbreak", -3)))
    assert read_csv(text, "\t") == [
        ["Name", "Value"],
        ["row", "tab\there"],
        ["row", "line\nbreak"],
        ["row", "-3"],
    ]


def test_many_rows_come_in_pieces_and_all_of_them() -> None:
    pieces = list(csv_pieces(extract(*range(1000))))
    assert len(pieces) > 10
    assert [row[1] for row in read_csv("".join(pieces))[1:]] == [str(number) for number in range(1000)]


def test_json_keeps_the_kinds() -> None:
    values = [
        None,
        True,
        -5,
        1.5,
        float("nan"),
        float("inf"),
        MOMENT,
        "=1",
        [1, float("-inf")],
        {"a": {"b": 1}},
    ]
    read = json.loads("".join(json_pieces(extract(*values, unit="V"))))
    assert read["columns"] == [{"title": "Name", "unit": None}, {"title": "Value", "unit": "V"}]
    assert [row["Value"] for row in read["rows"]] == [
        None,
        True,
        -5,
        1.5,
        None,
        "Infinity",
        "2026-11-22T13:05:59Z",
        "=1",
        [1, "-Infinity"],
        {"a": {"b": 1}},
    ]


def test_people_read_their_language_and_programs_english(tmp_path: Path) -> None:
    """A head and a word of the program change with the language; what is from the database never does."""
    columns = (
        Column[Row](N_("Verdict"), lambda row: _("passed") if row.value else _("failed")),
        Column[Row]("Current", lambda row: str(row.value), as_given=True),
    )
    found = Extract(columns, [Row(True)])
    language.use(language.PSEUDO, tmp_path)
    try:
        pasted = read_csv("".join(pasted_pieces(found)), "\t")
        for_programs = read_csv("".join(csv_pieces(found)).removeprefix(BYTE_ORDER_MARK))
        read = json.loads("".join(json_pieces(found)))
    finally:
        language.use("en", tmp_path)
    assert pasted == [["⟦Vérdîçt~~⟧", "Current"], ["⟦pàsséd~~⟧", "True"]]
    assert for_programs == [["Verdict", "Current"], ["passed", "True"]]
    assert read["rows"] == [{"Verdict": "passed", "Current": "True"}]
    assert [column["title"] for column in read["columns"]] == ["Verdict", "Current"]


def test_json_of_nothing_is_json() -> None:
    assert json.loads("".join(json_pieces(extract())))["rows"] == []


class Cells(HTMLParser):
    """Collects the cells of an HTML table with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("meta", "table", "tr", "th", "td", "br"), tag
        if tag == "td":
            self.found.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found and data.strip():
            attributes, text = self.found.pop()
            self.found.append((attributes, text + data))


def test_html_tells_numbers_from_texts_and_runs_no_markup() -> None:
    parser = Cells()
    parser.feed("".join(html_pieces(extract(-1.5, "<script>1</script>", "20E5"))))
    number, markup, code = parser.found[1::2]
    assert number == ({"x:num": "-1.5", "sdval": "-1.5", "sdnum": "1033;"}, "-1.5")
    assert markup[1] == "<script>1</script>"
    assert code == ({"style": "mso-number-format:'\\@'"}, "20E5")
