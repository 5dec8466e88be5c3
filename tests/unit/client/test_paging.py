"""Lists in every shape that the server gives them, and in some that it should not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from itkgui.client.exceptions import UnreadableAnswer
from itkgui.client.paging import PagedResponse


def listing(count: int, key: str = "itemList") -> Any:
    """Return a server that pages through items with the ids 0, 1, 2 and so on."""

    def fetch(page: Mapping[str, int]) -> dict[str, Any]:
        first = page["pageIndex"] * page["pageSize"]
        items = [{"id": str(n)} for n in range(first, min(count, first + page["pageSize"]))]
        return {key: items, "pageInfo": {**page, "total": count}, "uuAppErrorMap": {}, "beside": 1}

    return fetch


def ids(pages: PagedResponse) -> list[str]:
    return [str(item["id"]) for item in pages]


@pytest.mark.parametrize("key", ["pageItemList", "itemList", "testRunList"])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 25])
def test_all_items_come_in_order(key: str, count: int) -> None:
    pages = PagedResponse(listing(count, key), 10)
    assert ids(pages) == [str(n) for n in range(count)]
    assert pages.total == count


def test_pages_are_fetched_when_they_are_needed() -> None:
    asked: list[int] = []

    def fetch(page: Mapping[str, int]) -> Any:
        asked.append(page["pageIndex"])
        return listing(100)(page)

    pages = PagedResponse(fetch, 10)
    assert asked == []
    assert pages.total == 100
    assert asked == [0]
    iterator = iter(pages)
    for _ in range(11):
        next(iterator)
    assert asked == [0, 1]
    assert [item["id"] for item in pages.page(7)] == [str(n) for n in range(70, 80)]
    assert asked == [0, 1, 7]


def test_a_page_after_the_last_is_empty() -> None:
    assert PagedResponse(listing(25), 10).page(3) == ()


def test_it_can_be_read_twice() -> None:
    pages = PagedResponse(listing(25), 10)
    assert ids(pages) == ids(pages)


def test_what_stands_beside_the_list() -> None:
    assert PagedResponse(listing(3), 10).siblings == {"beside": 1}


def test_a_list_without_page_info_is_whole() -> None:
    pages = PagedResponse(lambda _: {"itemList": [{"id": "a"}, {"id": "b"}]}, 1)
    assert ids(pages) == ["a", "b"]
    assert pages.total is None
    assert pages.page(1) == ()


def test_short_pages_do_not_end_the_list() -> None:
    whole = [[{"id": "a"}, {"id": "b"}], [{"id": "c"}], [{"id": "d"}, {"id": "e"}]]
    pages = PagedResponse(
        lambda page: {"itemList": whole[page["pageIndex"]], "pageInfo": {**page, "total": 6}}, 2
    )
    assert ids(pages) == ["a", "b", "c", "d", "e"]


def test_a_total_that_changes_is_followed() -> None:
    totals = [3, 5, 4]

    def fetch(page: Mapping[str, int]) -> Any:
        index = page["pageIndex"]
        return {"itemList": [{"id": f"{index}a"}, {"id": f"{index}b"}], "pageInfo": {"total": totals[index]}}

    assert ids(PagedResponse(fetch, 2)) == ["0a", "0b", "1a", "1b", "2a", "2b"]


def test_items_that_shift_to_the_next_page_come_once() -> None:
    whole = [[{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "c"}], [{"id": "c"}]]
    pages = PagedResponse(
        lambda page: {"itemList": whole[page["pageIndex"]], "pageInfo": {**page, "total": 5}}, 2
    )
    assert ids(pages) == ["a", "b", "c"]


def test_items_without_an_id_all_come() -> None:
    answer = {"itemList": [{"a": 1}, {"a": 1}, {"id": None}, {"id": 5}, "text", None, [1]]}
    assert len(list(PagedResponse(lambda _: answer, 10))) == 4


def test_a_server_with_pages_smaller_than_asked() -> None:
    def fetch(page: Mapping[str, int]) -> Any:
        return listing(7)({"pageIndex": page["pageIndex"], "pageSize": 2})

    assert len(ids(PagedResponse(fetch, 1000))) == 7


def test_a_server_that_takes_no_notice_of_the_page_ends() -> None:
    answer = {"itemList": [{"id": "a"}], "pageInfo": {"total": 10**18}}
    assert ids(PagedResponse(lambda _: answer, 1)) == ["a"]


@pytest.mark.parametrize(
    "info", [None, [], "x", {"total": None}, {"total": "9"}, {"total": -1}, {"pageSize": 0}]
)
def test_odd_page_info_means_one_page(info: Any) -> None:
    assert ids(PagedResponse(lambda _: {"itemList": [{"id": "a"}], "pageInfo": info}, 10)) == ["a"]


def test_null_is_an_empty_list() -> None:
    assert ids(PagedResponse(lambda _: {"itemList": None, "pageInfo": None}, 10)) == []


@pytest.mark.parametrize("answer", [{}, {"itemList": {}}, {"itemList": "text"}, {"dtoSample": {}}])
def test_an_answer_without_a_list_is_unreadable(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        list(PagedResponse(lambda _: answer, 10))
