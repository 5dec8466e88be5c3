"""Tables of files: every row in its place, whatever encoding, quotes and damage; sorted and counted."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from itkgui.client.files import BinaryFile, open_file
from itkgui.client.table_form import Wishes
from itkgui.decoding import table
from itkgui.decoding.table import (
    TableIndex,
    index_table,
    load_table,
    read_numbers,
    read_rows,
    sort_rows,
    survey_rows,
)
from itkgui.decoding.table_find import find_in_table
from itkgui.decoding.table_lines import cells_of, records_of, split_records
from itkgui.decoding.table_values import numbers_in
from itkgui.decoding.text_find import Query
from itkgui.decoding.undecodable import Undecodable


def written(folder: Path, content: bytes | str, name: str = "a.csv") -> BinaryFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_file(path, name)


def all_rows(file: BinaryFile, index: TableIndex) -> list[list[str]]:
    return read_rows(file, index.layout, index.starts, index.lengths)


def read(file: BinaryFile, wishes: Wishes = Wishes()) -> list[list[str]]:  # noqa: B008 - it is frozen
    return all_rows(file, index_table(file, load_table(file, wishes).layout))


def test_first_rows_and_all_of_them(tmp_path: Path) -> None:
    lines = [f"{n},{n / 8},FE{n % 4}" for n in range(5000)]
    file = written(tmp_path, "# made up\nn,value,chip\n" + "\n".join(lines))
    loaded = load_table(file)
    assert len(loaded.rows) == table.FIRST_ROWS
    assert loaded.numeric == {0, 1}
    index = index_table(file, loaded.layout)
    assert all_rows(file, index) == [line.split(",") for line in lines]
    assert (index.ragged, index.widest, index.is_cut) == (0, 3, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ending: str) -> None:
    text = ending.join(["µ;°C", *(f"{n},5;é{n}" for n in range(300)), ""])
    file = written(tmp_path, text.encode(encoding))
    wishes = Wishes(encoding="utf-16-le") if encoding == "utf-16-le" else Wishes()
    assert read(file, wishes) == [[f"{n},5", f"é{n}"] for n in range(300)]


def test_rows_across_parts_of_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "a,b\n" + "".join(f'{n},"x\n,{n}"\n' for n in range(2000)))
    layout = load_table(file).layout
    assert layout.is_quoted
    whole = index_table(file, layout)
    rows = [row for chunk in records_of(file, layout, 1000) for row in split_records(chunk, layout)]
    assert rows == all_rows(file, whole) == [[str(n), f"x\n,{n}"] for n in range(2000)]


CLOSED = '1,"first, line\nsecond ""line""\nthird"\n'


@pytest.mark.parametrize(
    ("rows", "cells", "line"),
    [
        ("0,fine\n" * 4 + '3,"ok\n' + "0,fine\n" * 195, {4: '"ok'}, 6),
        (CLOSED + "0,fine\n" * 3 + '3,"ok\n' + CLOSED * 2 + '4,"fine"\n', {4: '"ok', 7: "fine"}, 8),
        ('6" wafer,"ok"\n' * 3 + CLOSED + '"8"" wafer","""ok"""\n', {0: "ok", 4: '"ok"'}, 2),
        ('1,"ok"\n' + '6" wafer,x\n' * 20_001, {0: '"ok"', 20_000: "x"}, 3),
        ('"a",1\n' * 300 + '"b,2\n' + "c,3\n" * 9000, {300: "2", 301: "3"}, 302),
    ],
)
def test_quote_that_nothing_closes_swallows_no_rows(
    tmp_path: Path, rows: str, cells: dict[int, str], line: int
) -> None:
    file = written(tmp_path, "t,n\n" + rows)
    index = index_table(file, load_table(file).layout)
    assert len(index.starts) == rows.count("\n") - 2 * rows.count(CLOSED)
    assert index.first_stray == line
    assert index.strays == len(index.layout.strays) or not index.layout.is_quoted
    found = all_rows(file, index)
    assert {place: found[place][1] for place in cells} == cells
    closed = [row for row in found if row[0] == "1" and "first" in row[1]]
    assert closed == [["1", 'first, line\nsecond "line"\nthird']] * rows.count(CLOSED)
    words = [word for cells in cells_of(file, index.layout, (1,)) for word in cells[0]]
    assert words == [row[1] for row in found]


@pytest.mark.parametrize("content", ["a,b,c\n", "V,I", "V;I\r\n", "a,b\n\n# no more\n"])
def test_titles_without_a_row(tmp_path: Path, content: str) -> None:
    file = written(tmp_path, content)
    loaded = load_table(file)
    index = index_table(file, loaded.layout)
    assert (len(loaded.rows), len(index.starts)) == (0, 0)
    assert loaded.layout.form.titles == tuple(content.split()[0].replace(";", ",").split(","))
    assert survey_rows(file, index.layout, 2, index.starts, index.lengths)[0].numbers == 0
    assert len(sort_rows(file, index.layout, 0, False)) == 0


def test_ragged_rows_comments_and_empty_lines(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n\n# left out\n4,5\n6,7,8,9\n" + "1,2,3\n" * 40
    file = written(tmp_path, text)
    index = index_table(file, load_table(file).layout)
    assert all_rows(file, index)[:3] == [["1", "2", "3"], ["4", "5"], ["6", "7", "8", "9"]]
    assert (len(index.starts), index.ragged, index.widest) == (43, 2, 4)
    assert [facts.empty for facts in survey_rows(file, index.layout, 4, index.starts, index.lengths)] == [
        0,
        0,
        1,
        42,
    ]


def test_blanks_separate_in_any_number(tmp_path: Path) -> None:
    file = written(tmp_path, "# U [V]  I [uA]\n  1.0 \t 2\n 2.0    nan \n3.0 4\n", "iv.dat")
    loaded = load_table(file)
    assert loaded.layout.form.titles == ("U [V]", "I [uA]")
    assert read(file) == [["1.0", "2"], ["2.0", "nan"], ["3.0", "4"]]
    assert index_table(file, loaded.layout).ragged == 0


def test_numbers_sort_as_numbers_and_what_is_missing_last(tmp_path: Path) -> None:
    file = written(tmp_path, "n;w\n10,5;b\n9;A\nnan;c\n-1e3;\n;a\n100;b\n" + "7;z\n" * 3)
    layout = load_table(file).layout
    column = [row[0] for row in read(file)]
    up = [column[row] for row in sort_rows(file, layout, 0, False)]
    assert up == ["-1e3", "7", "7", "7", "9", "10,5", "100", "nan", ""]
    down = [column[row] for row in sort_rows(file, layout, 0, True)]
    assert down == ["100", "10,5", "9", "7", "7", "7", "-1e3", "nan", ""]
    words = [row[1] for row in read(file)]
    assert [words[row] for row in sort_rows(file, layout, 1, False)] == [*"Aabbczzz", ""]


def test_a_column_of_texts_with_a_number_first_sorts_as_texts(tmp_path: Path) -> None:
    rows = ["1,5", *(f"word{n % 7},{n}" for n in range(60_000))]
    file = written(tmp_path, "w,n\n" + "\n".join(rows))
    order = sort_rows(file, load_table(file).layout, 0, False)
    assert sorted(order.tolist()) == list(range(len(rows)))
    words = [rows[row].split(",")[0] for row in order]
    assert words == sorted(words)


def test_facts_of_columns(tmp_path: Path) -> None:
    file = written(tmp_path, "n,w\n1,a\nNaN,b\n,c\n-2.5,7\n3,d\n")
    index = index_table(file, load_table(file).layout)
    parts = [
        survey_rows(file, index.layout, 2, index.starts[rows], index.lengths[rows])
        for rows in (slice(0, 2), slice(2, 5))
    ]
    numbers, words = (first + second for first, second in zip(*parts, strict=True))
    assert (numbers.numbers, numbers.missing, numbers.empty, numbers.texts) == (3, 1, 1, 0)
    assert (numbers.least, numbers.greatest, numbers.is_numeric) == (-2.5, 3.0, True)
    assert (words.texts, words.numbers, words.is_numeric) == (4, 1, False)


def test_numbers_for_a_plot(tmp_path: Path) -> None:
    file = written(tmp_path, "n,w,x\n" + "".join(f"{n},w,{n / 4}\n" for n in range(100_000)))
    drawn = read_numbers(file, load_table(file).layout, (0, 2), (), 100_000)
    assert (drawn.size, drawn.step) == (1, 1)
    assert np.array_equal(drawn.columns[0], np.arange(100_000))
    assert np.array_equal(drawn.columns[1], np.arange(100_000) / 4)


@pytest.mark.parametrize("spike", [0, 7, 123_456, 250_000])
def test_no_peak_of_many_rows_is_lost_in_a_plot(tmp_path: Path, spike: int) -> None:
    rows = 250_001
    values = [f"{n},{n % 7}" for n in range(rows)]
    values[spike] = f"{spike},-1000"
    values[spike // 2 + 1] = f"{spike // 2 + 1},nan"
    file = written(tmp_path, "n,v\n" + "\n".join(values))
    drawn = read_numbers(file, load_table(file).layout, (0, 1), (), rows)
    assert drawn.size == 11
    assert len(drawn.rows) <= table.MOST_DRAWN
    assert np.array_equal(drawn.columns[0], drawn.rows)
    assert drawn.rows[drawn.columns[1] == -1000].tolist() == [spike]
    assert np.array_equal(drawn.samples[0], np.arange(0, rows, 3))


STAMPED = "Zeit;Wert\n" + "".join(f"{day:02}.11.2026 12:01;1.{day:03},50\n" for day in (3, 1, 30, 2))


def test_thousands_and_times_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, STAMPED)
    loaded = load_table(file)
    assert (loaded.layout.form.delimiter, loaded.layout.form.titles) == (";", ("Zeit", "Wert"))
    assert (sorted(loaded.numeric), sorted(loaded.times)) == ([1], [0])
    assert sort_rows(file, loaded.layout, 0, False).tolist() == [1, 3, 0, 2]
    assert sort_rows(file, loaded.layout, 1, True).tolist() == [2, 0, 3, 1]
    index = index_table(file, loaded.layout)
    facts = survey_rows(file, loaded.layout, 2, index.starts, index.lengths)
    assert (facts[0].is_time, facts[0].is_numeric, facts[1].is_time) == (True, False, False)
    drawn = read_numbers(file, loaded.layout, (0, 1), (0,), 4)
    moments = [datetime(2026, 11, day, 12, 1).timestamp() for day in (3, 1, 30, 2)]  # noqa: DTZ001
    assert drawn.columns[0].tolist() == moments
    assert drawn.columns[1].tolist() == [1003.5, 1001.5, 1030.5, 1002.5]


def test_row_with_a_line_break_in_quotes(tmp_path: Path) -> None:
    file = written(tmp_path, 'id,note\n1,"first, line\nsecond"\n2,plain\n3,"x"\n')
    assert read(file) == [["1", "first, line\nsecond"], ["2", "plain"], ["3", "x"]]


@pytest.mark.parametrize("encoding", table.ENCODINGS)
def test_rows_that_hold_a_text(tmp_path: Path, encoding: str) -> None:
    text = "n,w\n" + "1,one\n# wanted in a comment\n\n2,wanted wanted\n3,x\n4,Wanted\n" * 30
    file = written(tmp_path, text.encode(encoding))
    layout = load_table(file, Wishes(encoding=encoding)).layout
    index = index_table(file, layout)
    found = find_in_table(file, layout, Query("wanted"), 0)
    assert found.is_complete
    rows = index.rows_at(np.frombuffer(found.starts, np.int64)).tolist()
    assert rows == [row for row in range(len(index.starts)) if row % 4 in (1, 3)]
    assert index.rows_at(np.array([0], np.int64)).tolist() == []  # in the titles


def test_more_rows_than_are_shown(tmp_path: Path) -> None:
    file = written(tmp_path, "n,m\n" + "1,2\n" * 1000)
    index = index_table(file, load_table(file).layout, 400)
    assert len(index.starts) == 400
    assert index.is_cut


def test_text_without_lines_and_very_wide_rows(tmp_path: Path) -> None:
    for content in ("x" * 12_000_000, "1," * 4_500_000, '"' + "y" * 10_000_000):
        file = written(tmp_path, content)
        loaded = load_table(file, Wishes(delimiter=","))
        assert sum(map(len, loaded.rows[0])) <= 2 * table._PAGE
        index = index_table(file, loaded.layout)
        assert sum(len(cell) for row in all_rows(file, index) for cell in row) <= 3 * table._PAGE


def test_empty_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(Undecodable, match=r"a\.csv"):
        load_table(written(tmp_path, "\n \n"))
    gone = written(tmp_path, "a,b\n1,2\n3,4\n")
    layout = load_table(gone).layout
    gone.path.unlink()
    for ask in (lambda: load_table(gone), lambda: index_table(gone, layout)):
        with pytest.raises(Undecodable) as raised:
            ask()
        assert raised.value.may_pass


def test_whatever_is_in_a_file_it_is_rows_or_a_word(tmp_path: Path) -> None:
    dice = random.Random(3)
    seeds = [
        b"a,b,c\n" + b"1,2.5,x\n" * 60,
        b'n;"w"\n' + b'1,5;"a ""b"" c"\n' * 60,
        "µ\t°\n1\t2\n3\t4\n".encode("utf-16") * 20,
        b"# U I\n" + b" 1.0  2.0\n" * 60,
    ]
    for _ in range(150):
        content = bytearray(dice.choice(seeds))
        for _ in range(dice.choice((1, 3, 20))):
            place = dice.randrange(len(content))
            content[place] = dice.choice((0, 10, 13, 34, 44, 255, dice.randrange(256)))
        del content[dice.randrange(len(content)) :][: dice.randrange(9)]
        (tmp_path / "a").write_bytes(content)
        file = BinaryFile(tmp_path / "a", "a", len(content), "text/csv")
        with contextlib.suppress(Undecodable):
            look_through(file)


def look_through(file: BinaryFile) -> None:
    """Do all that a preview does with a table."""
    index = index_table(file, load_table(file).layout)
    count = len(all_rows(file, index))
    assert count == len(index.starts)
    for column, is_descending in ((0, False), (1, True), (7, False)):
        order = sort_rows(file, index.layout, column, is_descending)
        assert sorted(order.tolist()) == list(range(count))
    survey_rows(file, index.layout, 3, index.starts, index.lengths)
    read_numbers(file, index.layout, (0, 2), (1,), count)


def test_labels_with_underscores_are_words() -> None:
    values, words = numbers_in(["2024_01", "3", "", "10_3"], has_decimal_comma=False)
    assert words == 2
    assert [value for value in values if value == value] == [3.0]
