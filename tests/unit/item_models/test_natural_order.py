"""What stands before what: texts with numbers in them, values of every kind side by side, unknown ones."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.item_models.natural_order import order_key


def key_of(value: object) -> str:
    return cast(str, order_key(value))  # of whatever kind: here there is only one


@pytest.mark.parametrize(
    "expected",
    [
        ["run 1", "run 2", "run 10", "run 100"],
        ["A2", "a10", "B1"],
        ["", "1", "2", "10", "a"],
        ["v1.9", "v1.10", "v2.0"],
        ["20UPGM20000009", "20UPGM20000010", "20UPGM20000100"],
        ["x9", "x" + "1" * 8, "x" + "1" * 9, "x" + "1" * 17, "x" + "9" * 40],
        ["straße", "strasse 2"],
    ],
    ids=lambda texts: texts[0],
)
def test_text_sorts_by_the_numbers_in_it(expected: list[str]) -> None:
    given_ = expected[:]
    random.Random(1).shuffle(given_)
    assert sorted(given_, key=key_of) == expected


@given(st.lists(st.integers(0, 10**30), min_size=2))
def test_numbers_in_text_sort_by_size(numbers: list[int]) -> None:
    texts = [f"chip {number} of many" for number in numbers]
    assert sorted(texts, key=key_of) == [f"chip {number} of many" for number in sorted(numbers)]


def test_zeros_before_a_number_do_not_count() -> None:
    assert order_key("run 007") == order_key("run 7")


def test_moments_sort_by_time_whatever_their_zone() -> None:
    utc = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
    east = datetime(2026, 11, 22, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    naive = datetime(2026, 11, 22, 11)  # noqa: DTZ001
    moments: list[Any] = [utc, east, naive, date(2026, 11, 22), datetime.min.replace(tzinfo=timezone.utc)]
    assert sorted(moments, key=key_of) == [moments[4], moments[3], east, naive, utc]


def test_unknown_values_have_no_key() -> None:
    assert order_key(None) is None
    assert order_key(float("nan")) is None
    assert order_key(float("-inf")) == float("-inf")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.lists(values))
def test_keys_of_one_kind_can_always_be_compared(found: list[Any]) -> None:
    keys = [key for key in map(order_key, found) if key is not None]
    sorted(key for key in keys if isinstance(key, str))
    sorted(key for key in keys if not isinstance(key, str))


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    key = order_key("9" * 10**6)
    assert isinstance(key, str)
    assert len(key) < 300
