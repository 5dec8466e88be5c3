"""Lists that come in pages, fetched when they are needed or ahead, in whichever shape the server uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from itkgui.client.exceptions import UnreadableAnswer
from itkgui.client.helper_threads import HelperThreads, Task
from itkgui.client.json_body import Undecoded, decode
from itkgui.records.json_fields import Json, child

# Commands differ in the key of their list (API reference §4).
LIST_KEYS = ("pageItemList", "itemList", "testRunList")

# What a page comes as: the answer, or what decodes it.
Fetched = Json | Callable[[], Json]
Fetch = Callable[[Mapping[str, int]], Fetched]


class Page:
    """One page of a list as it came: its objects, and what the server says of the list as a whole."""

    def __init__(self, answer: Json) -> None:
        self.answer = answer
        self.undecoded = _list_in(answer)

    def __iter__(self) -> Iterator[Json]:
        """Yield the objects, decoded one by one. Raises UnreadableAnswer if one cannot be."""
        for item in self.undecoded:
            value = _value(item)
            if isinstance(value, dict):
                yield value

    @property
    def items(self) -> tuple[Json, ...]:
        return tuple(self)

    def repeats(self, other: Page | None) -> bool:
        """Tell whether another page holds the same objects, so that no page was turned."""
        return other is not None and bool(self.undecoded) and self.undecoded == other.undecoded

    @property
    def is_empty(self) -> bool:
        return not self.undecoded

    def __len__(self) -> int:
        return len(self.undecoded)

    @property
    def total(self) -> int | None:
        """How many objects all pages hold; None where the server does not say."""
        return count_in(self.info, "total")

    @property
    def size(self) -> int | None:
        """How many objects the server puts on a page, which may be fewer than were asked for."""
        return count_in(self.info, "pageSize") or None

    @property
    def info(self) -> Json:
        return child(self.answer, "pageInfo")

    @property
    def siblings(self) -> Json:
        """What stands beside the list, such as listTestTypes' ``componentType``."""
        hidden = (*LIST_KEYS, "pageInfo", "uuAppErrorMap")
        return {key: value for key, value in self.answer.items() if key not in hidden}


class PagedResponse:
    """A list of the server, read lazily; not to be shared between threads.

    ``fetch`` gets a ``pageInfo`` and returns the answer, or a function that decodes it, which the reading
    thread then calls, and which may leave the items undecoded. Iterating begins anew each time, and yields
    each object once, though a list that grows meanwhile repeats some on the next page (API reference §4); if
    it shrinks, which moves some to pages that were read, it is read once more, and those come last. An empty
    page ends it. With ``helpers``, up to ``ahead`` pages are under way at once; they come in order all the
    same. Reading may raise what ``fetch`` raises, and UnreadableAnswer if an answer holds no list.
    """

    def __init__(
        self,
        fetch: Fetch,
        size: int,
        *,
        first: int = 0,
        ahead: int = 0,
        helpers: HelperThreads | None = None,
    ) -> None:
        self._fetch = fetch
        self._asked_size = size
        self._ahead = ahead
        self._helpers = helpers
        self._page: Page | None = None
        self._first = self._index = first

    def __iter__(self) -> Iterator[Json]:
        seen: set[str] = set()
        for is_first in (True, False):
            total, has_shrunk = 0, False
            for page in self.pages():
                known = total if page.total is None else page.total
                has_shrunk = has_shrunk or known < total
                total = known
                yield from _unseen(page, seen, is_first=is_first)
            if not has_shrunk:
                return

    def pages(self) -> Iterator[Page]:
        """Yield the pages in order, from ``first`` on until the server has no more."""
        index, last = self._first, 0
        under_way: deque[Task[Fetched]] = deque()
        previous: Page | None = None
        try:
            while True:
                page = _page(under_way.popleft().result()) if under_way else self._load(index)
                # A list without pageInfo is whole, and comes as whichever page is asked for.
                is_begin = index == self._first
                if index and (not page.info if is_begin else page.repeats(previous)):
                    return  # this server takes no notice of the page that is asked for
                self._page, self._index = page, index
                yield page
                index += 1
                last = self._last_index(page, index, last)
                if index > last or page.is_empty:
                    return
                self._look_ahead(index, last, under_way)
                previous = page
        finally:
            for task in under_way:
                task.drop()

    def page(self, index: int) -> tuple[Json, ...]:
        """Return the objects of one page, counted from 0; a page after the last one is empty."""
        page = self._load(index)
        # A list without pageInfo is whole: it came as page 0, and there is no other.
        return page.items if index == 0 or page.info else ()

    @property
    def last_page(self) -> Page:
        """The page that was read last."""
        return self._load(self._index)

    @property
    def total(self) -> int | None:
        """How many objects all pages hold, by the last page read; None where the server does not say."""
        return self._load(self._index).total

    @property
    def size(self) -> int:
        """How many objects the server puts on a page, which may be fewer than were asked for."""
        return self._load(self._index).size or self._asked_size

    @property
    def siblings(self) -> Json:
        """What stands beside the list in the last page read."""
        return self._load(self._index).siblings

    def _last_index(self, page: Page, following: int, known: int) -> int:
        """Return the index of the last page, by what this one says; the total may change while one reads."""
        if page.total is None:
            # Who has pages but does not count: a full one need not be the last.
            is_full = bool(page.info) and len(page) >= (page.size or self._asked_size)
            return max(known, following) if is_full else known
        return (page.total - 1) // (page.size or min(self._asked_size, len(page) or self._asked_size))

    def _look_ahead(self, index: int, last: int, under_way: deque[Task[Fetched]]) -> None:
        """Ask for the pages from ``index`` on that are not under way yet, as many at once as is allowed."""
        if self._helpers is None:
            return
        for following in range(index + len(under_way), min(last + 1, index + self._ahead)):
            under_way.append(self._helpers.submit(partial(self._ask, following)))

    def _load(self, index: int) -> Page:
        if self._page is None or index != self._index:
            self._page, self._index = _page(self._ask(index)), index
        return self._page

    def _ask(self, index: int) -> Fetched:
        return self._fetch({"pageIndex": index, "pageSize": self._asked_size})


def _value(item: object) -> object:
    """Return an item of a list, decoded if it is not yet."""
    if not isinstance(item, Undecoded):
        return item
    try:
        return decode(item)
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswer(f"an item of a list is no JSON: {error}") from error


def _page(fetched: Fetched) -> Page:
    return Page(fetched() if callable(fetched) else fetched)


def _unseen(items: Iterable[Json], seen: set[str], *, is_first: bool) -> Iterator[Json]:
    """Yield what was not seen yet, and add it to what was; what has no id comes with the first reading."""
    for item in items:
        key = item.get("id")
        if not isinstance(key, str):
            if is_first:
                yield item
        elif key not in seen:
            seen.add(key)
            yield item


def _list_in(answer: Json) -> list[object]:
    for key in LIST_KEYS:
        if key in answer:
            found = answer[key]
            if found is None:  # empty lists may come as null (API reference §9.9)
                return []
            if isinstance(found, list):
                return found
    raise UnreadableAnswer(
        f"no list in the answer, only {', '.join(sorted(map(str, answer)))[:200] or 'nothing'}"
    )


def count_in(page_info: Json, key: str) -> int | None:
    """Return a number of a ``pageInfo``; None where there is none, or something else."""
    value = page_info.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
