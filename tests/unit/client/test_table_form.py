"""Tables are told from prose, logs and programs, and read as stations of many countries write them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from itkgui.client.files import TableFile, TextFile, open_file
from itkgui.client.table_form import BLANKS, TableForm, Wishes, forced, recognised


def form_of(text: str, *, is_cut: bool = False) -> TableForm | None:
    return recognised(text, is_cut=is_cut)


@pytest.mark.parametrize(
    ("text", "delimiter", "first", "titles"),
    [
        ("U,I\n1,2\n3,4\n", ",", 1, ("U", "I")),
        ("1 2 3\n4 5 6\n7 8 9\n", BLANKS, 0, ()),
        ("# 5\n# U of all [V] I [uA]\n 1.0  2.0\n 2.0  nan\n 3.0 1e-6\n", BLANKS, 2, ()),
        ("Volt [V]  I [uA]\n 1,0   2,0\n 2,0  nan\n 3,0 1e-6\n", BLANKS, 1, ("Volt [V]", "I [uA]")),
        ("Type: DATA\nTest: IV\n\nU [V]\tCurrent\n1.0\t2.0\n2.0\t3.0\n", "\t", 4, ("U [V]", "Current")),
        ("Name;20U\nWer;ich\n\nU [V];I [uA]\n-1,0;2,5\n-2,0;2,6\n-3,0;2,7\n", ";", 4, ("U [V]", "I [uA]")),
        ("row,wire,reason\na,b,c\nd,e,f\n", ",", 1, ("row", "wire", "reason")),
        ("# mean: 9\nwire,chip,pull [g]\n1,FE1,9.2\n2,FE1,9.3\n", ",", 2, ("wire", "chip", "pull [g]")),
        ('a,b\n"one, two",1\n"three",2\n', ",", 1, ("a", "b")),
        ("a,b,c\n" + "1,2,3\n" * 30 + "4,5\n", ",", 1, ("a", "b", "c")),
        ("x|y\r\n1|2\r\n3|4\r\n", "|", 1, ("x", "y")),
        ("x,y\r1,2\r3,4\r", ",", 1, ("x", "y")),
    ],
)  # fmt: skip
def test_tables_are_recognised(text: str, delimiter: str, first: int, titles: tuple[str, ...]) -> None:
    form = form_of(text)
    assert form is not None
    assert (form.delimiter, form.first, form.titles) == (delimiter, first, titles)


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nwe have, as you know, seen\nmany, many modules.\nRegards,\nme\n",
        "Dear all, hello\nwe have, as you know seen\nmany, many modules.\n",
        "int x;\nint y;\nint z = 3;\nfoo(a, b);\n",
        "import os, sys\nfrom a import b, c\nx = [1, 2]\n",
        "2025-01-01 12:00:00 INFO started\n2025-01-01 12:00:01 INFO chip 3 up\n2025-01-01 12:00:02 WARN x\n",
        "2025-01-01 12:00:00,123 INFO a\n2025-01-01 12:00:01,124 INFO b\n2025-01-01 12:00:02,125 WARN x\n",
        "a: 1\nb: 2\nc: 3\n",
        "Smith, John\nDoe, Jane\nRoe, Richard\n",
        "one line, with a comma\n",
        "word\n" * 50,
        "",
        "\n\n\n",
    ],
)
def test_what_is_no_table_stays_text(text: str, tmp_path: Path) -> None:
    assert form_of(text) is None
    (tmp_path / "a.txt").write_text(text)
    assert type(open_file(tmp_path / "a.txt", "a.txt")) is not TableFile


@pytest.mark.parametrize(
    ("text", "first", "titles", "head"),
    [
        ('a,b,c\n1,2\n3,4,5,6\n"unclosed,7\n8,9,10\n', 1, ("a", "b", "c"), 0),
        ("Serial,20U\nDate,2026-01-01\n\nV,I\n0,0\n1,2\n", 4, ("V", "I"), 2),
        ("# note\nNo. 20U, 5\n0,0\n1,2\n", 2, (), 1),
        ("a,b\n", 1, ("a", "b"), 0),
    ],
)
def test_lines_above_the_rows_are_titles_rows_or_counted(
    text: str, first: int, titles: tuple[str, ...], head: int
) -> None:
    form = recognised(text, is_cut=False, is_named=True)
    assert form is not None
    assert (form.first, form.titles, form.head) == (first, titles, head)


def test_decimal_commas() -> None:
    form = form_of("U;I\n-1,0;2,5\n-2,0;2,6\n")
    assert form is not None
    assert form.has_decimal_comma
    assert not (form_of("U;I\n-1.0;2.5\n-2.0;2.6\n") or form).has_decimal_comma


@pytest.mark.parametrize(
    ("text", "delimiter", "has_decimal_comma"),
    [
        ("Zeit;Wert\n01.11.2026 12:01;1.001,50\n02.11.2026 12:01;1.002,50\n", ";", True),
        ("Time;Value\n2026-11-01 12:01;1,001.50\n2026-11-02 12:01;1,002.50\n", ";", False),
        ('Time,Value\n2026-11-01,"1,001.50"\n2026-11-02,"1,002.50"\n', ",", False),
        ("Name;Wert\nA;1,5\nB;2,5\n", ";", True),
        ("Name;Wert\nA;1.001\nB;2,5\n", ";", True),
        ("Name;Wert\nA;0.125\nB;1,002\n", ";", False),
    ],
)
def test_titles_and_thousands_tell_the_form(text: str, delimiter: str, has_decimal_comma: bool) -> None:
    for is_named in (True, False):
        form = recognised(text, is_cut=False, is_named=is_named)
        assert form is not None
        assert (form.delimiter, form.has_decimal_comma) == (delimiter, has_decimal_comma)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("iv.dat", b"1.0 2.0\n2.0 3.0\n3.0 4.0\n", TableFile),
        ("iv.csv", b"a,b\n1,2\n", TableFile),
        ("iv.txt", b"a,b\n1,2\n", TextFile),  # too little to be sure, without a name that says so
        ("iv", "U;I µ\n1,5;2\n2,5;3\n".encode("latin-1"), TableFile),
        ("iv.txt", "U;I µ\n1,5;2\n2,5;3\n".encode("utf-16"), TableFile),
        ("note.csv", b"not a table at all\n", TextFile),
        ("ragged.csv", b"a,b,c\n" + b"1\n1,2\n1,2,3\n1,2,3,4\n" * 9, TableFile),
        ("ragged.tsv", b"id\tname\tnote\n1\tx\n2\ty\tz\tw\n3\ty\tz\n4\n", TableFile),
        ("ragged.txt", b"a,b,c\n" + b"1\n1,2\n1,2,3\n1,2,3,4\n" * 9, TextFile),
        ("lines.csv", b'id,note\n1,"two\nlines"\n2,x\n', TableFile),
        ("two.csv", b'a;"two\nlines"\n', TableFile),
        ("a.log", b"\x1b[1;38;5;208mWARN\x1b[0m 1;2\n" * 9, TextFile),
        ("a.csv", b"\x1b[1;38;5;208mWARN\x1b[0m 1;2\n" * 9, TextFile),
        ("letter.csv", b"Dear all,\nwe have, as you know, seen\nmany, many modules.\n", TextFile),
        ("x.json", b"[1, 2]\n", TextFile),
        ("x.md", b"a,b\n1,2\n3,4\n", TextFile),
    ],
)
def test_content_makes_a_table_file(tmp_path: Path, name: str, content: bytes, kind: type) -> None:
    (tmp_path / name).write_bytes(content)
    assert type(open_file(tmp_path / name, name)) is kind


def test_wishes_come_before_what_is_recognised() -> None:
    text = "a,b;c\n1,2;3\n4,5;6\n"
    by_comma = forced(text, is_cut=False, wishes=Wishes(delimiter=","))
    assert (by_comma.delimiter, by_comma.width) == (",", 2)
    without = forced("U,I\n1,2\n3,4\n", is_cut=False, wishes=Wishes(has_header=False))
    assert (without.first, without.titles) == (0, ())
    with_years = forced("2024,2025\n1,2\n3,4\n", is_cut=False, wishes=Wishes(has_header=True))
    assert (with_years.first, with_years.titles) == (1, ("2024", "2025"))
    assert forced("%a,b\n1,2\n", is_cut=False, wishes=Wishes(comment="%")).first == 1


def test_any_text_can_be_forced_to_be_a_table() -> None:
    for text in ("hello world\nfoo\n", "x", "# only\n# comments\n", "\0\0", "," * 5000):
        assert forced(text, is_cut=False, wishes=Wishes()).width >= 0


@pytest.mark.parametrize("unit", ["x", ",", '"', "1 ", "1,2\n", "# \n", '"\n', "\r", ";\t|"])
def test_hostile_text_is_looked_at_in_no_time(unit: str) -> None:
    text = unit * (65_536 // len(unit))
    began = time.thread_time()
    form_of(text, is_cut=True)
    assert time.thread_time() - began < 2
