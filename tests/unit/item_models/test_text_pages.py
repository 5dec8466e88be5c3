"""The pages of a text: which are kept, which are wanted, and where what was found is in them."""

from __future__ import annotations

from pathlib import Path

from itkgui.decoding.text import load_text, read_page
from itkgui.decoding.text_find import Found, Query, find_part
from itkgui.decoding.text_source import PAGE
from itkgui.item_models.text_pages import TextPages
from tests.unit.decoding.test_text import written


def pages_of(path: Path, content: str) -> TextPages:
    """Return a text none of whose pages is loaded."""
    loaded = load_text(written(path, content))
    assert loaded.source is not None
    assert loaded.index is not None
    return TextPages(loaded.source, loaded.index)


def load(pages: TextPages, *numbers: int) -> None:
    assert pages.source is not None
    for number in numbers:
        pages.add(number, read_page(pages.source, *pages.index.page(number)))


def found_in(pages: TextPages, text: str) -> Found:
    assert pages.source is not None
    return find_part(pages.source, Query(text), 0)


def test_what_is_in_sight_is_wanted_before_what_is_next_to_it(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", "line\n" * PAGE * 10)
    wanted = []
    while (number := pages.missing(4 * PAGE - 10, 4 * PAGE + 10)) is not None:
        wanted.append(number)
        load(pages, number)
    assert wanted == [3, 4, 5, 2]
    assert pages.missing(0, 5) == 0


def test_pages_looked_at_last_are_kept(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", "line\n" * PAGE * 40)
    load(pages, *range(20))
    assert pages.row(0) is not None
    load(pages, *range(20, 40))
    assert pages.row(0) is not None
    assert pages.row(PAGE) is None
    assert pages.row(40 * PAGE) is None
    assert sum(pages.page(number) is not None for number in range(40)) < 30


def test_only_loaded_pages_of_a_language_are_coloured(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.py", "x = 1\n" * 2 * PAGE)
    assert pages.uncoloured(0, 5) is None
    load(pages, 0)
    assert pages.uncoloured(0, 5) == 0
    pages.colour(0, (((0, 1, "name"),),) * PAGE)
    assert pages.uncoloured(0, 2 * PAGE - 1) is None
    row = pages.row(3)
    assert row is not None
    assert row.looks == ((0, 1, "name"),)


def test_hits_over_the_ends_of_rows_and_pages(tmp_path: Path) -> None:
    first = "é" * 499 + "needle" + "x" * 1000 + "\n"
    pages = pages_of(tmp_path / "a.txt", first + "a needle é needle\n" * PAGE)
    load(pages, 0)
    found = found_in(pages, "needle")
    assert [hit[1:] for row in (0, 1) for hit in pages.hits_in(row, found, -1)] == [(499, 501), (0, 4)]
    assert list(pages.hits_in(3, found, -1)) == [(1, 2, 8), (2, 11, 17)]
    assert pages.row_at(found.starts[1]) == 3
    assert pages.row_at(found.starts[-1]) is None
    load(pages, 1)
    assert pages.row_at(found.starts[-1]) == pages.rows - 1
    assert pages.row_of_line(1) == 3
    assert pages.start(pages.rows) == pages.index.size


def test_of_very_many_hits_in_a_row_the_first_and_the_current_are_told(tmp_path: Path) -> None:
    pages = pages_of(tmp_path / "a.txt", "x" * 900)
    load(pages, 0)
    found = found_in(pages, "x")
    assert [hit for hit, _, _ in pages.hits_in(0, found, 700)] == [*range(100), 700]
    assert [hit for hit, _, _ in pages.hits_in(0, found, 5)] == [*range(100)]


def test_a_text_that_is_in_no_file() -> None:
    pages = TextPages.of_text("one\ntwo")
    rows = [pages.row(number) for number in range(pages.rows)]
    assert [(row.text, row.line) for row in rows if row is not None] == [("one", 0), ("two", 1)]
    assert TextPages.of_text("").rows == 0
    long = TextPages.of_text("line\n" * PAGE * 30)
    assert long.row(0) is not None
    assert long.missing(0, 50) is None
