"""Lists that are read ahead, from a server whose answers take their time and change meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import BadRequest, Cancelled, ItkError, UnreadableAnswer
from itkgui.client.helper_threads import IN_FLIGHT

if TYPE_CHECKING:
    from itkgui.client.paging import PagedResponse
    from tests.unit.client.conftest import Clients, Received, Reply, ScriptedServer, Wire

PATIENCE = 30.0  # seconds after which a test gives up
SIZE = 10


class Listing:
    """A server's list; ``before`` is called with the index of a page before it is answered."""

    def __init__(
        self, wire: Wire, count: int, before: Callable[[int], Reply | None] = lambda _: None
    ) -> None:
        self.wire = wire
        self.items = [{"id": str(n)} for n in range(count)]
        self.before = before
        self.asked: list[int] = []
        self.flying = 0
        self.most_flying = 0
        self.clamp = 1000
        self.shown: tuple[str, ...] = ("pageIndex", "pageSize", "total")
        self._lock = threading.Lock()
        self.server: ScriptedServer = wire.server(self.answer)

    def answer(self, request: Received) -> Reply:
        info = request.json["pageInfo"]
        index, size = info["pageIndex"], min(info["pageSize"], self.clamp)
        with self._lock:
            self.asked.append(index)
            self.flying += 1
            self.most_flying = max(self.flying, self.most_flying)
        try:
            other = self.before(index)
        finally:
            with self._lock:
                self.flying -= 1
        if other is not None:
            return other
        items = self.items[index * size : (index + 1) * size]
        whole = {"pageIndex": index, "pageSize": size, "total": len(self.items)}
        return self.wire.json(
            {"itemList": items, "pageInfo": {key: whole[key] for key in self.shown}, "uuAppErrorMap": {}}
        )


def take(seconds: float) -> None:
    """Be a slow server."""
    threading.Event().wait(seconds)


def ids(found: Any) -> list[int]:
    return [int(item["id"]) for item in found]


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture
def read(client_of: Clients) -> Callable[..., PagedResponse]:
    def begin(listing: Listing, size: int = SIZE, **options: Any) -> PagedResponse:
        return client_of(listing.server, read_timeout=2 * PATIENCE).pages("listThings", {}, size, **options)

    return begin


Read = Callable[..., "PagedResponse"]


def test_pages_come_side_by_side_but_in_order(wire: Wire, read: Read) -> None:
    together = threading.Barrier(IN_FLIGHT)

    def before(index: int) -> None:
        if 1 <= index <= 8:
            together.wait(PATIENCE)  # breaks unless as many are under way at once
        take((9 - index) * 0.002)  # the later ones come first

    listing = Listing(wire, 95, before)
    assert ids(read(listing)) == list(range(95))
    assert sorted(listing.asked) == list(range(10))
    assert listing.most_flying == IN_FLIGHT


@pytest.mark.parametrize("ahead", [0, 1, 2, 3])
def test_no_more_are_under_way_than_was_said(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 200, lambda _: take(0.01))
    assert ids(read(listing, ahead=ahead)) == list(range(200))
    assert listing.most_flying == max(1, ahead)


def test_nothing_is_read_ahead_of_whoever_wants_one_page(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 200)
    assert ids(islice(read(listing), SIZE)) == list(range(SIZE))
    assert listing.asked == [0]


def test_an_error_surfaces_where_its_page_is(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 200, lambda index: wire.reply(400) if index == 7 else None)
    found = iter(read(listing))
    assert ids(islice(found, 7 * SIZE)) == list(range(7 * SIZE))
    with pytest.raises(BadRequest):
        next(found)
    assert list(found) == []


def test_a_page_that_is_no_list_surfaces_where_it_is(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 200, lambda index: wire.json({"itemList": {}}) if index == 3 else None)
    found = iter(read(listing))
    assert ids(islice(found, 3 * SIZE)) == list(range(3 * SIZE))
    with pytest.raises(UnreadableAnswer):
        next(found)


def test_whoever_stops_in_the_middle_leaves_nothing_running(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 1000, lambda index: wire.silence if index > 2 else None)
    for item in read(listing):
        if item["id"] == "25":
            until(lambda: 5 in listing.asked)
            break
    started = time.monotonic()
    # The helpers are free again long before the silent server would have been given up.
    listing.before = lambda _: None
    assert ids(read(listing)) == list(range(1000))
    assert time.monotonic() - started < PATIENCE


def test_cancelling_ends_it(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 1000, lambda index: wire.silence if index > 2 else None)
    watched = transfer.Transfer()
    outcome: list[ItkError] = []

    def work() -> None:
        with transfer.running(watched):
            try:
                list(read(listing))
            except ItkError as error:
                outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: 6 in listing.asked)
    watched.cancel()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [type(error) for error in outcome] == [Cancelled]


def test_helpers_that_read_lists_do_not_wait_for_each_other(wire: Wire, client_of: Clients) -> None:
    listing = Listing(wire, 55)
    client = client_of(listing.server)
    found = client.each(lambda _: ids(client.pages("listThings", {}, SIZE)), range(8))
    assert found == [list(range(55))] * 8


# Lists that change while they are read ---------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_list_that_grows_at_its_end_is_read_to_its_end(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 50)

    def before(index: int) -> None:
        if index == 1:
            listing.items += [{"id": str(n)} for n in range(50, 75)]

    listing.before = before
    assert ids(read(listing, ahead=ahead)) == list(range(75))


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_list_that_grows_at_its_beginning_repeats_nothing(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 100)

    def before(index: int) -> None:
        if index == 4:
            listing.items[:0] = [{"id": str(-n)} for n in (3, 2, 1)]

    listing.before = before
    found = ids(read(listing, ahead=ahead))
    # A page that was read ahead may be older than the one before it: then what is between them comes last.
    assert sorted(n for n in found if n >= 0) == list(range(100))
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_list_that_shrinks_at_its_beginning_loses_nothing(wire: Wire, read: Read, ahead: int) -> None:
    """What is taken away moves others to pages that were read already."""
    listing = Listing(wire, 100)

    def before(index: int) -> None:
        if index == 4 and len(listing.items) == 100:
            del listing.items[:15]

    listing.before = before
    found = ids(read(listing, ahead=ahead))
    assert len(set(found)) == len(found)
    assert set(found) >= set(range(15, 100))


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_list_that_is_emptied_ends(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 100)

    def before(index: int) -> None:
        if index == 2:
            listing.items.clear()

    listing.before = before
    assert ids(read(listing, ahead=ahead))[:SIZE] == list(range(SIZE))
    assert len(listing.asked) < 12


# Servers with ideas of their own ---------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [0, 4])
@pytest.mark.parametrize("shown", [("pageIndex", "pageSize", "total"), ("pageIndex", "total"), ("total",)])
def test_a_server_whose_pages_are_smaller(wire: Wire, read: Read, ahead: int, shown: tuple[str, ...]) -> None:
    listing = Listing(wire, 95)
    listing.clamp, listing.shown = 20, shown
    assert ids(read(listing, 1000, ahead=ahead)) == list(range(95))


@pytest.mark.parametrize("ahead", [0, 4])
@pytest.mark.parametrize("count", [95, 100])
@pytest.mark.parametrize("shown", [("pageIndex", "pageSize"), ("pageIndex",)])
def test_a_server_that_does_not_count(
    wire: Wire, read: Read, ahead: int, count: int, shown: tuple[str, ...]
) -> None:
    listing = Listing(wire, count)
    listing.shown = shown
    assert ids(read(listing, ahead=ahead)) == list(range(count))


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_server_that_does_not_look_at_the_page_index(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 95)
    answer = {"itemList": listing.items[:SIZE], "pageInfo": {"pageIndex": 0, "pageSize": SIZE, "total": 95}}
    listing.before = lambda _: wire.json(answer)
    assert ids(read(listing, ahead=ahead)) == list(range(SIZE))
    assert len(listing.asked) <= 1 + max(1, ahead)


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_later_page_without_page_info_counts_all_the_same(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 45)

    def before(index: int) -> Reply | None:
        if index not in (1, 3):
            return None
        return wire.json({"itemList": listing.items[index * SIZE : (index + 1) * SIZE]})

    listing.before = before
    assert ids(read(listing, ahead=ahead)) == list(range(45))


def test_a_list_without_page_info_is_asked_for_once(wire: Wire, read: Read) -> None:
    listing = Listing(wire, 45)
    listing.before = lambda _: wire.json({"itemList": listing.items})
    assert ids(read(listing)) == list(range(45))
    assert listing.asked == [0]


@pytest.mark.parametrize("ahead", [0, 4])
def test_short_pages_in_the_middle_lose_nothing(wire: Wire, read: Read, ahead: int) -> None:
    listing = Listing(wire, 60)

    def before(index: int) -> Reply | None:
        if index != 2:
            return None
        info = {"pageIndex": index, "pageSize": SIZE, "total": 60}
        return wire.json({"itemList": [{"id": "20"}], "pageInfo": info})

    listing.before = before
    assert ids(read(listing, ahead=ahead)) == [*range(21), *range(30, 60)]


@pytest.mark.parametrize("ahead", [0, 4])
def test_an_empty_page_ends_a_list_that_would_never_end(wire: Wire, read: Read, ahead: int) -> None:
    info = {"total": 10**18}
    empty = wire.json({"itemList": [], "pageInfo": info})
    listing = Listing(wire, 95)
    listing.before = lambda index: empty if index > 3 else None
    assert ids(read(listing, ahead=ahead)) == list(range(40))
    assert len(listing.asked) <= 5 + ahead


def test_the_loop_over_a_client_that_is_closed_meanwhile_ends_in_an_error(
    wire: Wire, client_of: Clients
) -> None:
    listing = Listing(wire, 1000, lambda _: take(0.01))
    client = client_of(listing.server)

    def work() -> Iterator[int]:
        for item in client.pages("listThings", {}, SIZE):
            if item["id"] == "35":
                client.close()
            yield int(item["id"])

    with pytest.raises(ItkError):
        list(work())
