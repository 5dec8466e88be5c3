"""Which serial numbers are missing in a row of them."""

from __future__ import annotations

import pytest

from itkgui.records.serial_row import gap_text, missing_between


def modules(*numbers: int) -> list[str]:
    return [f"20UPGM2{number:07}" for number in numbers]


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ([], []),
        (modules(5), []),
        (modules(1, 2, 3), []),
        (modules(3, 1), [modules(2)]),
        (modules(1, 5, 6, 8), [modules(2, 3, 4), modules(7)]),
        (modules(1, 12), [modules(*range(2, 12))]),
        (modules(1, 13), []),  # too far apart to be one row
        ([*modules(1), "20UPGM10000003"], []),  # of another type
        (["20upgm20000001 ", "20UPGM20000003", "no such part", "20UPGM2ABCDEFG"], [modules(2)]),
    ],
)
def test_numbers_between_others_are_missing(there: list[str], missing: list[list[str]]) -> None:
    assert [list(gap) for gap in missing_between(there)] == missing


def test_a_gap_is_written_as_people_do() -> None:
    assert gap_text(tuple(modules(7))) == "20UPGM20000007"
    assert gap_text(tuple(modules(8, 9, 10, 11))) == "20UPGM20000008–11"
    assert gap_text(tuple(modules(98, 99, 100))) == "20UPGM20000098–100"
