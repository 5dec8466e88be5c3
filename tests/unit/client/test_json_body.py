"""Decoding JSON, at once or in pieces: the same values as the standard library's, for anything at all."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itkgui.client import json_body
from itkgui.client.json_body import decode

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)
# Texts that are JSON, or nearly.
_NEARLY = st.text(alphabet='[]{},:"\\ue123.-tnrfalsu l', max_size=60).map(str.encode)


@pytest.fixture(scope="module", params=["at once", "in pieces"])
def limits(request: pytest.FixtureRequest) -> Any:
    """Let small bodies take the way of the large ones."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in pieces":
            patch.setattr(json_body, "_AT_ONCE", 20)
            patch.setattr(json_body, "_PIECE", 8)
        yield


def standard(body: bytes) -> Any:
    """Return what the standard library makes of a body, or that it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        return type(error).__mro__[-3]


def own(body: bytes) -> Any:
    try:
        return decode(body)
    except (ValueError, RecursionError) as error:
        return type(error).__mro__[-3]


@pytest.mark.usefixtures("limits")
@settings(max_examples=100, deadline=None)
@given(_VALUES, st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}]))
def test_any_value_is_decoded(value: Any, style: dict[str, Any]) -> None:
    body = json.dumps(value, **style).encode()
    assert repr(own(body)) == repr(standard(body))  # by their text, as NaN is not equal to itself


@pytest.mark.usefixtures("limits")
@settings(max_examples=300, deadline=None)
@given(_NEARLY | st.binary(max_size=60))
def test_anything_else_is_refused_alike(body: bytes) -> None:
    assert repr(own(body)) == repr(standard(body))


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"[1," * 50_000 + b"1" + b"]" * 50_000])
def test_what_is_nested_too_deeply_is_refused(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        decode(body)


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("text", ["[1,]", "[,1]", "[1,,2]", "[]", "[ 1 , 2 ]", "[1 2]", "[1,2", "[1,2]x"])
def test_arrays_of_numbers_are_cut_at_commas_only(text: str) -> None:
    body = text.replace("1", "1.2345678901234567").encode()
    assert own(body) == standard(body)


def turns_during(decoder: Callable[[bytes], Any], body: bytes) -> int:
    """Return how often a thread that wants to work every millisecond gets to while a body is decoded."""
    turns = 0
    is_over = threading.Event()
    has_begun = threading.Event()

    def work() -> None:
        nonlocal turns
        has_begun.set()
        while not is_over.wait(0.001):
            turns += 1

    worker = threading.Thread(target=work)
    worker.start()
    has_begun.wait()
    turns = 0
    decoder(body)
    counted = turns
    is_over.set()
    worker.join()
    return counted


def test_others_get_their_turn_while_a_large_body_is_decoded() -> None:
    items = [{"value": [random.random() for _ in range(50)]} for _ in range(9000)]
    body = json.dumps({"itemList": items, "one array": [random.random() for _ in range(100_000)]}).encode()
    assert decode(body) == json.loads(body)
    assert turns_during(decode, body) > max(4, turns_during(json.loads, body))
