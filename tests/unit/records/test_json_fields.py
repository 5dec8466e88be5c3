"""Dates in every notation that was recorded, and fields that hold something else than they should."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.records.json_fields import (
    child,
    flag,
    number,
    objects,
    order_key,
    parse_timestamp,
    text,
    texts,
    timestamp,
    whole,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[misc,arg-type]  # mypy thinks of tzinfo twice


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        pytest.param("2023-06-02T17:15:12.779Z", utc(2023, 6, 2, 17, 15, 12, 779000), id="Z"),
        pytest.param("2019-11-27T08:50:50+01:00", utc(2019, 11, 27, 7, 50, 50), id="offset east"),
        pytest.param("2019-11-27T23:50:50-05:00", utc(2019, 11, 28, 4, 50, 50), id="offset west, next day"),
        pytest.param("26.11.2019 00:00", utc(2019, 11, 26), id="short form of the summaries"),
        pytest.param("07.12.2021 14:05", utc(2021, 12, 7, 14, 5), id="short form: the day comes first"),
        pytest.param("2023-06-02T17:15:12", utc(2023, 6, 2, 17, 15, 12), id="no zone"),
        pytest.param("2023-06-02", utc(2023, 6, 2), id="no time"),
        pytest.param("  2023-06-02T17:15:12.779Z\n", utc(2023, 6, 2, 17, 15, 12, 779000), id="blanks around"),
    ],
)
def test_date_is_read_as_a_moment_in_utc(written: str, moment: datetime) -> None:
    found = parse_timestamp(written)
    assert found == moment
    assert found.tzinfo is timezone.utc


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        " ",
        "yesterday",
        "31.02.2021 10:00",
        "2021-13-01T00:00:00Z",
        1575158400,
        0.5,
        True,
        [],
        {"$date": 0},
        "Z",
    ],
    ids=repr,
)
def test_what_is_no_date_gives_none(written: Any) -> None:
    assert timestamp({"date": written}, "date") is None
    assert timestamp({}, "date") is None


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01T00:00:00.000Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59-05:00",
        "01.01.0001 00:00",
    ],
)
def test_end_of_the_calendar_means_no_date(written: str) -> None:
    assert parse_timestamp(written) is None


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), ("x", "x"), (0, "0"), (False, "False"), (1.5, "1.5")], ids=repr
)
def test_text_of_anything(value: Any, expected: str) -> None:
    assert text({"key": value}, "key") == expected
    assert text({}, "key") == ""


@pytest.mark.parametrize("value", [None, False, 0, 1, "true", "yes", [], [1], {}], ids=repr)
def test_only_true_is_true(value: Any) -> None:
    assert flag({"key": value}, "key") is False
    assert flag({"key": True}, "key") is True


def test_list_gives_its_objects_and_an_object_field_its_object() -> None:
    assert list(objects({"key": [{"a": 1}, None, "x", [], {}]}, "key")) == [{"a": 1}, {}]
    assert list(objects({"key": {"a": 1}}, "key")) == []
    assert child({"key": {"a": 1}}, "key") == {"a": 1}
    assert child({"key": [1]}, "key") == child({}, "key") == {}


@pytest.mark.parametrize("value", [[], ["x"], {}, {"a": 1}], ids=repr)
def test_collections_are_no_text(value: Any) -> None:
    assert text({"key": value}, "key") == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2023-06-02T17:15:12.7Z", datetime(2023, 6, 2, 17, 15, 12, 700000, tzinfo=timezone.utc)),
        ("2023-06-02T17:15:12.123456789Z", datetime(2023, 6, 2, 17, 15, 12, 123456, tzinfo=timezone.utc)),
        ("26.11.2019 13:14:15", datetime(2019, 11, 26, 13, 14, 15, tzinfo=timezone.utc)),
        ("26.11.2019", datetime(2019, 11, 26, tzinfo=timezone.utc)),
        ("2019-11-26", datetime(2019, 11, 26, tzinfo=timezone.utc)),
        ("1" * 100_000, None),
    ],
)
def test_dates_of_less_common_forms(written: str, expected: datetime | None) -> None:
    assert parse_timestamp(written) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (-2.5, -2.5),
        ("36.991748", 36.991748),
        (" 3 ", 3.0),
        ("x", None),
        ("", None),
        (None, None),
        (True, None),
        ([1], None),
        ("nan", None),
        (float("inf"), None),
        (10**400, None),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_finite_numbers_also_as_text(value: Any, expected: float | None) -> None:
    assert number({"key": value}, "key") == expected
    assert number({}, "key") is None


def test_whole_numbers_and_texts_of_lists() -> None:
    assert [whole({"key": value}, "key") for value in (7, True, "7", 7.0, None)] == [7, 0, 0, 0, 0]
    assert texts({"key": ["a", None, "", 3, "b"]}, "key") == ("a", "b")
    assert texts({"key": "ab"}, "key") == texts({}, "key") == ()


def test_what_has_no_order_comes_last_as_it_came() -> None:
    found = [{"order": order} for order in (None, 3, "1", 10**400, -1, float("nan"), True, 2.5)]
    assert [item["order"] for item in sorted(found, key=order_key)][:3] == [-1, 2.5, 3]
    assert sorted(found, key=order_key)[3:5] == [{"order": None}, {"order": "1"}]
