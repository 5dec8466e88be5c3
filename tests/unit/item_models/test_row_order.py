"""The order of many records against a plain sort, in steps, given up and begun anew at any moment."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from itkgui.item_models.record_table import Column
from itkgui.item_models.row_order import RowOrder

T = TypeVar("T")
COUNT = 20_000
TEXT, NUMBER, MIXED = range(3)


@dataclass(frozen=True)
class Item:
    """A record with a text, a number, and a value of some kind."""

    text: str
    number: int
    mixed: Any


COLUMNS: tuple[Column[Item], ...] = (
    Column("Text", lambda item: item.text),
    Column("Number", lambda item: f"{item.number} V", export=lambda item: item.number),
    Column("Mixed", lambda item: str(item.mixed), export=lambda item: item.mixed),
)


def items(count: int, seed: int = 0) -> list[Item]:
    dice = random.Random(seed)
    mixed = (None, float("nan"), True, -3, 2.5, "word", "Word", [1, 2], {"a": 1})
    return [
        Item(f"part {dice.randrange(count):06}", dice.randrange(50), dice.choice(mixed)) for _ in range(count)
    ]


def run(steps: Generator[None, None, T]) -> T:
    kept: list[T] = []

    def keep() -> Generator[None, None, None]:
        kept.append((yield from steps))

    for _ in keep():
        pass
    return kept[0]


def plainly(records: list[Item], wanted: str, column: int, descending: bool) -> list[int]:
    def kind(place: int) -> int:
        value = records[place].mixed
        unknown = value is None or value != value
        return 2 if unknown else 1 if isinstance(value, str | list | dict) else 0

    def key(place: int) -> Any:
        item = records[place]
        if column == TEXT:
            return item.text
        if column == NUMBER:
            return item.number
        value = item.mixed
        return (
            f"[{len(value)}"
            if isinstance(value, list | dict)
            else value.casefold()
            if isinstance(value, str)
            else value
        )

    places = [
        place
        for place, item in enumerate(records)
        if wanted in f"{item.text}\n{item.number} V\n{item.mixed}".casefold()
    ]
    if column < 0:
        return places
    if column != MIXED:
        return sorted(places, key=key, reverse=descending)
    kinds = [[place for place in places if kind(place) == number] for number in range(3)]
    ordered = [sorted(kinds[number], key=key, reverse=descending) for number in range(2)]
    return [*(ordered[1] + ordered[0] if descending else ordered[0] + ordered[1]), *kinds[2]]


@pytest.mark.parametrize("wanted", ["", "7 v", "part 0001", "nothing like it"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("column", [-1, TEXT, NUMBER, MIXED])
def test_order_is_that_of_a_plain_sort(column: int, descending: bool, wanted: str) -> None:
    records = items(COUNT)
    order = RowOrder(COLUMNS, records)
    assert run(order.arrange(wanted, column, descending)) == plainly(records, wanted, column, descending)


@pytest.mark.parametrize("seed", range(5))
def test_work_may_be_given_up_and_records_may_come_at_any_step(seed: int) -> None:
    dice = random.Random(seed)
    records = items(5000, seed)
    order = RowOrder(COLUMNS, records)
    for _ in range(30):
        column, descending = dice.choice([TEXT, NUMBER, MIXED]), dice.random() < 0.5
        steps: Generator[None, None, Any] = (
            order.prepare() if dice.random() < 0.5 else order.arrange("7 v", column, descending)
        )
        for _ in range(dice.randrange(30)):
            if next(steps, "ended") == "ended":
                break
        steps.close()
        records += items(dice.choice([1, 100, 3000]), dice.randrange(10**6))
    for column in (TEXT, NUMBER, MIXED):
        for descending in (False, True):
            expected = plainly(records, "", column, descending)
            assert run(order.arrange("", column, descending)) == expected


def test_records_that_come_meanwhile_wait_for_their_turn() -> None:
    records = items(3000)
    order = RowOrder(COLUMNS, records)
    steps = order.arrange("", TEXT, False)
    next(steps)
    records += items(10, 1)
    assert sorted(run(steps)) == list(range(3000))
    assert len(run(order.arrange("", TEXT, False))) == 3010


def test_what_was_prepared_is_not_asked_for_again() -> None:
    asked: list[Item] = []

    def text(item: Item) -> str:
        asked.append(item)
        return item.text

    records = items(3000)
    order = RowOrder([Column("Text", text)], records)
    run(order.prepare())
    before = len(asked)
    run(order.arrange("part", 0, True))
    assert len(asked) == before
    records += items(10, 1)
    run(order.arrange("part", 0, True))
    assert len(asked) == before + 20  # a text to look through and a key to sort by
