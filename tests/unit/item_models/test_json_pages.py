"""JSON laid out in pieces: nothing lost, nothing hidden, and every find where the text widget has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.item_models.json_pages import LONGEST_LINE, JsonPages

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def shown(pages: JsonPages) -> str:
    return "\n".join(pages.pieces)


def units(text: str) -> list[bytes]:
    """Return a text as Qt counts it: in units of two bytes."""
    raw = text.encode("utf-16-le")
    return [raw[place : place + 2] for place in range(0, len(raw), 2)]


@given(VALUES)
def test_all_of_it_is_there(value: Any) -> None:
    pages = JsonPages.of({"value": value})
    assert json.loads(pages.text) == {"value": value}
    if all(len(line) <= LONGEST_LINE for line in pages.text.split("\n")):
        assert shown(pages) == pages.text


@given(st.text(alphabet="ab😀é", max_size=3000), st.text(alphabet="ab😀é", min_size=1, max_size=3))
def test_finds_stand_where_the_widget_has_them(value: str, wanted: str) -> None:
    pages = JsonPages.of([value])
    text = units(shown(pages))
    found = pages.find(wanted)
    assert len(found) >= value.count(wanted)
    for start, end in found:
        assert b"".join(text[start:end]).decode("utf-16-le").replace("\n", "").lower() == wanted.lower()


@pytest.mark.parametrize("hidden", ["\u202e", "\u200f", "\ud800", "\x9b", "\u2028", "\ufeff"])
def test_what_would_not_be_seen_is_spelled(hidden: str) -> None:
    pages = JsonPages.of({"a": hidden})
    assert hidden not in pages.text
    assert f"\\u{ord(hidden):04x}" in pages.text
    assert json.loads(pages.text) == {"a": hidden}


def test_long_lines_are_broken_for_the_widget_only() -> None:
    pages = JsonPages.of(["x" * 10_000])
    assert max(map(len, shown(pages).split("\n"))) == LONGEST_LINE
    assert "x" * 10_000 in pages.text


def test_nothing_is_found_for_nothing() -> None:
    assert JsonPages.of({}).find("") == []
