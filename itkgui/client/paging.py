"""Lists that come in pages: fetched when they are needed, whichever of its shapes the server uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from itkgui.client.exceptions import UnreadableAnswer
from itkgui.records.json_fields import Json, child

# Commands differ in the key of their list (API reference §4).
_LIST_KEYS = ("pageItemList", "itemList", "testRunList")


class PagedResponse:
    """A list of the server, read lazily; not to be shared between threads.

    ``fetch`` gets a ``pageInfo`` and returns the answer. Iterating yields each object once, though a list
    that changes meanwhile repeats some on the next page (API reference §4). Reading may raise what ``fetch``
    raises, and UnreadableAnswer if an answer holds no list.
    """

    def __init__(self, fetch: Callable[[Mapping[str, int]], Json], size: int) -> None:
        self._fetch = fetch
        self._asked_size = size
        self._answer: Json | None = None
        self._index = 0

    def __iter__(self) -> Iterator[Json]:
        seen: set[str] = set()
        previous: tuple[Json, ...] = ()
        index = 0
        while True:
            items = self.page(index)
            if index and items == previous:
                return  # this server takes no notice of the page that is asked for
            for item in items:
                key = item.get("id")
                if not isinstance(key, str):
                    yield item
                elif key not in seen:
                    seen.add(key)
                    yield item
            index += 1
            if not items or self.total is None or index * self.size >= self.total:
                return
            previous = items

    def page(self, index: int) -> tuple[Json, ...]:
        """Return the objects of one page, counted from 0; a page after the last one is empty."""
        items = tuple(item for item in _list_in(self._load(index)) if isinstance(item, Mapping))
        # A list without pageInfo is whole: it came as page 0, and there is no other.
        return items if index == 0 or self._page_info else ()

    @property
    def total(self) -> int | None:
        """How many objects all pages hold, by the last page read; None where the server does not say."""
        return _count(self._page_info, "total")

    @property
    def size(self) -> int:
        """How many objects the server puts on a page, which may be fewer than were asked for."""
        return _count(self._page_info, "pageSize") or self._asked_size

    @property
    def siblings(self) -> Json:
        """What stands beside the list in the last page read, such as listTestTypes' ``componentType``."""
        answer = self._load(self._index)
        hidden = (*_LIST_KEYS, "pageInfo", "uuAppErrorMap")
        return {key: value for key, value in answer.items() if key not in hidden}

    @property
    def _page_info(self) -> Json:
        return child(self._load(self._index), "pageInfo")

    def _load(self, index: int) -> Json:
        if self._answer is None or index != self._index:
            self._answer = self._fetch({"pageIndex": index, "pageSize": self._asked_size})
            self._index = index
        return self._answer


def _list_in(answer: Json) -> list[object]:
    for key in _LIST_KEYS:
        if key in answer:
            found = answer[key]
            if found is None:  # empty lists may come as null (API reference §9.9)
                return []
            if isinstance(found, list):
                return found
    raise UnreadableAnswer(
        f"no list in the answer, only {', '.join(sorted(map(str, answer)))[:200] or 'nothing'}"
    )


def _count(page_info: Json, key: str) -> int | None:
    value = page_info.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
