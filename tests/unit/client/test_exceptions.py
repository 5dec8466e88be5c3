"""Errors tell their words in the language in use, and stay English in logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui import language
from itkgui.client import exceptions
from itkgui.client.exceptions import ItkError, NotFound, ServerSilent, UnexpectedStatus


@pytest.fixture(autouse=True)
def pseudo(tmp_path: Path) -> Iterator[None]:
    language.use(language.PSEUDO, tmp_path)
    yield
    language.use("en", tmp_path)


def test_a_class_has_them_as_declared_and_what_was_raised_translated() -> None:
    assert ServerSilent.title == "Server too slow"
    assert ServerSilent().title == language._("Server too slow") != ServerSilent.title
    assert UnexpectedStatus().title == language._(UnexpectedStatus.title), "inherited"
    assert UnexpectedStatus().cure == language._(ItkError.cure), "of the base"


def test_words_of_a_single_error_are_taken_as_they_are() -> None:
    error = ServerSilent("after 3 s")
    error.sentence = "Said already."
    assert (error.sentence, ServerSilent().sentence) == ("Said already.", language._(ServerSilent.sentence))


def test_as_a_text_it_is_english() -> None:
    assert (str(NotFound("page 3")), str(NotFound())) == ("Not there: page 3", "Not there")


def test_the_tree_that_is_described_is_the_one_there_is() -> None:
    described = exceptions.__doc__ or ""
    missing = [name for name in exceptions.__all__ if name not in described]
    assert not missing
