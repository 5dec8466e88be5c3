"""Lines found by some of their letters."""

from __future__ import annotations

import pytest

from itkgui.item_models.word_match import distance, rank


@pytest.mark.parametrize("typed", ["", "load", "LOAD ag", "again load", "ga", "la", "loag", "laf", "f5"])
def test_line_answers(typed: str) -> None:
    assert rank("Load again F5", typed) is not None


@pytest.mark.parametrize("typed", ["x", "load x", "al", "ldagn", "f55"])
def test_line_does_not_answer(typed: str) -> None:
    assert rank("Load again F5", typed) is None


def test_words_that_begin_so_come_first() -> None:
    lines = ("Cancel the upload", "Unpin", "Pin the component", "Print it now")
    found = sorted(
        (line for line in lines if rank(line, "pin") is not None), key=lambda one: rank(one, "pin") or 0
    )
    assert found == ["Pin the component", "Unpin", "Print it now"]


def test_umlauts_and_capitals_do_not_matter_to_the_case() -> None:
    assert rank("Öffnen", "öff") == 0


def test_a_name_is_nearer_than_one_that_begins_so_and_that_than_others() -> None:
    names = ("Let scans go into the tray", "Tray of parts…", "Tray")
    assert [distance(name, " tRay") for name in names] == [2, 1, 0]
    assert distance(names[1], "tray  of parts") == 0, "the dots are not typed"
    assert {distance(name, "") for name in names} == {1}, "nothing typed tells nothing apart"
