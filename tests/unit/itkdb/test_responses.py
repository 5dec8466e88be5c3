"""Lists in pages: read to the end whatever the pages look like, and ahead."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests

from itkgui import itkdb
from tests.unit.client.conftest import Received, Wire
from tests.unit.itkdb.conftest import Connect


class Listing:
    """A list on a server: whole pages by what is asked for, and the page numbers that were asked for."""

    def __init__(self, wire: Wire, count: int, key: str = "itemList", total: int | None = None) -> None:
        self.asked: list[int] = []
        self._wire = wire
        self._items = [{"id": str(number)} for number in range(count)]
        self._key = key
        self._total = count if total is None else total

    def __call__(self, request: Received) -> bytes:
        info = {"pageIndex": 0, "pageSize": 1000} | ((request.json or {}).get("pageInfo") or {})
        self.asked.append(info["pageIndex"])
        start = info["pageIndex"] * info["pageSize"]
        items = self._items[start : start + info["pageSize"]]
        answer = {self._key: items, "beside": "it", "pageInfo": info | {"total": self._total}}
        return self._wire.json(answer | {"uuAppErrorMap": {}})


def ids(items: Any) -> list[int]:
    return [int(item["id"]) for item in items]


@pytest.mark.parametrize("key", ["itemList", "pageItemList"])
@pytest.mark.parametrize(
    ("body", "options", "expected"),
    [
        ({"pageSize": 3}, {}, range(10)),
        ({"pageSize": 3}, {"limit": 99}, range(10)),
        ({"pageSize": 3}, {"limit": 4}, range(4)),
        ({"pageSize": 3, "pageIndex": 2}, {}, range(6, 10)),
        ({"pageSize": 3, "pageIndex": 2}, {"limit": 99}, range(6, 10)),
        ({"pageSize": 3, "pageIndex": 9}, {}, ()),
    ],
)
def test_a_list_ends_at_its_end(
    wire: Wire, connect: Connect, key: str, body: Any, options: Any, expected: Any
) -> None:
    """Weak point 7: no limit, first page or short page makes reading crash after the last object."""
    listed = connect(wire.server(Listing(wire, 10, key))).get("list", json={"pageInfo": body}, **options)
    assert isinstance(listed, itkdb.responses.PagedResponse)
    assert ids(listed) == list(expected)
    assert listed.yielded == len(expected)
    with pytest.raises(StopIteration):
        next(listed)


@pytest.mark.parametrize("total", [3, 99])
def test_a_total_that_is_wrong_does_no_harm(wire: Wire, connect: Connect, total: int) -> None:
    listed = connect(wire.server(Listing(wire, 7, total=total))).get(
        "list", json={"pageInfo": {"pageSize": 3}}
    )
    assert ids(listed) == list(range(3 if total == 3 else 7))


def test_a_list_without_page_info_is_whole(wire: Wire, connect: Connect) -> None:
    """Weak point 8."""
    listed = connect(wire.server_of(wire.json({"pageItemList": [{"id": "1"}, {"id": "2"}]}))).get("list")
    assert isinstance(listed, itkdb.responses.PagedResponse)
    assert listed
    assert (len(listed), listed.total, listed.page_index, listed.page_size) == (2, -1, -1, -1)
    assert ids(listed) == [1, 2]


def test_an_empty_list_is_of_the_same_type(wire: Wire, connect: Connect) -> None:
    """Weak point 10; who compares with a plain list is not disappointed."""
    listed = connect(wire.server(Listing(wire, 0))).get("list")
    assert isinstance(listed, itkdb.responses.PagedResponse)
    assert (listed.total, len(listed), bool(listed), listed == []) == (0, 0, False, True)
    assert list(listed) == []
    assert connect(wire.server(Listing(wire, 1))).get("list") != []


def test_a_list_knows_its_length_and_its_siblings(wire: Wire, connect: Connect) -> None:
    """Weak point 9."""
    client = connect(wire.server(Listing(wire, 10)))
    listed = client.get("list", json={"pageInfo": {"pageSize": 3}})
    assert (len(listed), listed.limit, listed.last_page["beside"]) == (10, 10, "it")
    limited = client.get("list", json={"pageInfo": {"pageSize": 3}}, limit=4)
    assert (len(limited), limited.limit) == (4, 4)


def test_pages_are_fetched_side_by_side(wire: Wire, connect: Connect) -> None:
    """Weak point 9: a server that answers the second page only when it is asked for the third as well."""
    pages = Listing(wire, 9)
    together = threading.Barrier(2)

    def script(request: Received) -> bytes:
        if request.json["pageInfo"].get("pageIndex", 0):
            together.wait(30)
        return pages(request)

    listed = connect(wire.server(script)).get("list", json={"pageInfo": {"pageSize": 3}})
    assert ids(listed) == list(range(9))


def test_a_limit_asks_for_no_more_pages_than_it_needs(wire: Wire, connect: Connect) -> None:
    pages = Listing(wire, 99)
    listed = connect(wire.server(pages)).get("list", json={"pageInfo": {"pageSize": 3}}, limit=5)
    assert ids(listed) == list(range(5))
    assert pages.asked == [0, 1]


def test_history_keeps_the_pages(wire: Wire, connect: Connect) -> None:
    client = connect(wire.server(Listing(wire, 7)), pagination_history=True)
    listed = client.get("list", json={"pageInfo": {"pageSize": 3}})
    assert [len(page["itemList"]) for page in listed.pages] == [3]
    assert ids(listed) == list(range(7))
    assert [page["pageInfo"]["pageIndex"] for page in listed.pages] == [0, 1, 2]
    assert listed.pages[-1] == listed.last_page


def test_further_pages_keep_the_question(wire: Wire, connect: Connect) -> None:
    server = wire.server(Listing(wire, 6))
    body = {"filterMap": {"project": "P"}, "pageInfo": {"pageSize": 3}}
    assert len(list(connect(server).get("list", json=body, params={"a": "b"}))) == 6
    assert [request.target for request in server.received] == ["/list?a=b"] * 2
    assert server.received[1].json["filterMap"] == {"project": "P"}
    assert server.received[1].headers["authorization"] == "Bearer token.of.somebody"
    assert body["pageInfo"] == {"pageSize": 3}


@pytest.mark.parametrize("key", ["itemList", "pageItemList"])
@pytest.mark.parametrize(
    "info",
    [
        "x",
        [1],
        {"pageIndex": "a"},
        {"pageIndex": None, "total": 1},
        {"pageIndex": 0, "pageSize": 1, "total": None},
        {"pageSize": {}, "total": "many"},
    ],
)
def test_odd_page_infos_are_as_good_as_none(wire: Wire, connect: Connect, key: str, info: Any) -> None:
    listed = connect(wire.server_of(wire.json({key: [{"id": "1"}], "pageInfo": info}))).get("list")
    assert listed
    assert len(listed) == 1
    assert (listed.total, listed.page_index) in ((-1, -1), (1, -1), (-1, 0))
    assert ids(listed) == [1]
    assert listed.error == {}


@pytest.mark.parametrize("items", ["x", 5, {"id": "1"}])
def test_a_list_that_is_none_is_an_error(wire: Wire, connect: Connect, items: Any) -> None:
    listed = connect(wire.server_of(wire.json({"pageItemList": items}))).get("list")
    with pytest.raises(itkdb.exceptions.BadJSON):
        next(listed)


def test_further_pages_are_asked_for_by_the_same_person(wire: Wire, connect: Connect) -> None:
    server = wire.server(Listing(wire, 9))

    def as_somebody_else(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer somebody.else"
        return request

    listed = connect(server).get("list", json={"pageInfo": {"pageSize": 3}}, auth=as_somebody_else)
    assert ids(listed) == list(range(9))
    assert [request.headers["authorization"] for request in server.received] == ["Bearer somebody.else"] * 3
