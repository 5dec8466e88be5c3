"""The grid of cells in groups: every cell has its place, and every place its cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itkgui.item_models.grouped_grid import Cell, GroupedGrid

CELL = Cell(100, 120)


def test_groups_begin_new_lines_below_their_headings() -> None:
    grid = GroupedGrid(7, 350, CELL, (0, 2), 20)
    assert grid.columns == 3
    assert grid.headings == [(0, 0), (2, 140)]
    assert [grid.place(row) for row in (0, 1, 2, 4, 5)] == [
        (0, 20),
        (100, 20),
        (0, 160),
        (200, 160),
        (0, 280),
    ]
    assert grid.height == 400
    assert grid.row_at(250, 30) == -1, "beside the end of a group"
    assert grid.row_at(10, 150) == -1, "a heading"
    assert grid.row_at(320, 30) == -1


def test_without_groups_there_is_one_grid() -> None:
    grid = GroupedGrid(5, 250, CELL)
    assert grid.headings == []
    assert grid.place(4) == (0, 240)
    assert grid.height == 360
    assert GroupedGrid(0, 250, CELL).height == 0
    assert GroupedGrid(0, 250, CELL).row_at(5, 5) == -1
    assert GroupedGrid(3, 5, CELL).columns == 1


def test_up_and_down_keep_the_column_as_far_as_there_is_one() -> None:
    grid = GroupedGrid(7, 350, CELL, (0, 2), 20)
    assert grid.beside(1, 1) == 3
    assert grid.beside(4, 1) == 6
    assert grid.beside(6, 1) == 6
    assert grid.beside(6, -1) == 3
    assert grid.beside(4, -1) == 1, "the last one of the line above"
    assert grid.beside(6, -9) == 1
    assert grid.beside(0, 2) == 5


@given(
    st.integers(0, 60),
    st.integers(20, 700),
    st.sets(st.integers(0, 70), max_size=8),
    st.integers(0, 900),
    st.integers(1, 400),
)
def test_every_cell_is_found_where_it_is(
    count: int, width: int, headings: set[int], top: int, high: int
) -> None:
    grid = GroupedGrid(count, width, CELL, headings, 20)
    for row in range(count):
        x, y = grid.place(row)
        assert y + CELL.height <= grid.height
        assert {grid.row_at(x, y), grid.row_at(x + 99, y + 119)} == {row}
        for lines in (-1, 1):
            other = grid.beside(row, lines)
            assert 0 <= other < count
            assert other == row or (grid.place(other)[1] > y) == (lines > 0)
    seen = [row for row in range(count) if top - CELL.height < grid.place(row)[1] < top + high]
    assert list(grid.rows_between(top, top + high)) == seen
