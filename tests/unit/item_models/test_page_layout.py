"""Where pages stand, and which pieces of them are needed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from itkgui.item_models.page_layout import (
    GAP,
    PIECE,
    Box,
    PageLayout,
    Place,
    largest_scale,
    pieces_of,
)

SIZES = np.array([[100.0, 200.0], [300.0, 50.0], [100.0, 200.0]])


def test_pages_stand_below_each_other_in_the_middle() -> None:
    layout = PageLayout(SIZES, 2.0)
    assert layout.width == 600 + 2 * GAP
    assert layout.box(0) == Box(GAP + 200, GAP, GAP + 400, GAP + 400)
    assert layout.box(1).top == layout.box(0).bottom + GAP
    assert layout.height == layout.box(2).bottom + GAP
    assert PageLayout(SIZES, 2.0, 1000).box(1).left == 200


def test_page_at_a_height() -> None:
    layout = PageLayout(SIZES, 1.0)
    assert [layout.page_at(y) for y in (-5, 0, GAP, 209, 215, 225, 10_000)] == [0, 0, 0, 0, 0, 1, 2]
    assert layout.pages_between(200, 300) == range(3)


@given(st.integers(0, 2), st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.5, 20))
def test_place_comes_back_from_its_point(page: int, across: float, down: float, scale: float) -> None:
    layout = PageLayout(SIZES, scale)
    found = layout.place_at(*layout.point_of(Place(page, across, down)))
    assert found.page == page
    assert np.allclose((found.across, found.down), (across, down))


def test_any_number_of_pages_fits_a_scroll_bar() -> None:
    sizes = np.full((50_000, 2), 20_000.0)
    assert PageLayout(sizes, largest_scale(sizes)).height < 2**31


def test_only_pieces_that_are_seen() -> None:
    width, height = 2 * PIECE + 10, PIECE + 5
    assert pieces_of(width, height, Box(0, 0, 10, 10)) == [Box(0, 0, PIECE, PIECE)]
    assert len(pieces_of(width, height, Box(0, 0, width, height))) == 6
    assert pieces_of(width, height, Box(width - 1, height - 1, width, height)) == [
        Box(2 * PIECE, PIECE, width, height)
    ]
    assert pieces_of(width, height, Box(0, -50, width, 0)) == []
