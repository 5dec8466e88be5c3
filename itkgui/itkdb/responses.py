"""Lists that come in pages, read as one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import requests

from itkgui.client import paging
from itkgui.client.helper_threads import IN_FLIGHT
from itkgui.itkdb.exceptions import translated
from itkgui.records.json_fields import child

if TYPE_CHECKING:
    from itkgui.itkdb.core import Session


class PagedResponse(Iterator[dict[str, Any]]):
    """The objects of a list, read once from the page that was asked for to the last, or to ``limit``.

    Following pages are fetched ahead; each object comes once, though a list that changes meanwhile repeats
    some. ``pages`` are the answers so far with ``history``, else the last one. What it tells (``total`` …) is
    of the last page read. An empty one is false, and equals ``[]``. Not to be shared between threads.
    """

    def __init__(
        self,
        session: Session,
        response: requests.Response,
        history: bool = False,
        limit: int = -1,
        key: str = "pageItemList",
        *,
        answer: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> None:
        self.history = history
        self.key = key
        self.yielded = 0
        self._session = session
        self._request = response.request
        self._first = answer
        self._options = options
        self._answer = answer
        self._pages = [dict(answer)]
        self._first_index = max(self.page_index, 0)
        size = max(self.page_size, 0) or len(self.data) or 1
        self._wanted = limit if limit and limit > 0 else None
        pages_wanted = IN_FLIGHT if self._wanted is None else (self._wanted - 1) // size
        self._list = paging.PagedResponse(
            self._fetched,
            size,
            first=self._first_index,
            ahead=min(IN_FLIGHT, pages_wanted),
            helpers=session.helpers,
        )
        self._items = self._read()
        self.limit = self._wanted or (self.total if self.total >= 0 else len(self.data))

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The answers that were read: all of them with ``history``, else the last one."""
        return self._pages

    @property
    def last_page(self) -> dict[str, Any]:
        """The answer that was read last, with what stands beside its list."""
        return self._pages[-1]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The objects of the page that was read last."""
        found = self.last_page.get(self.key)
        return found if isinstance(found, list) else []

    @property
    def error(self) -> dict[str, Any]:
        """The ``uuAppErrorMap`` of the page that was read last."""
        return dict(child(self.last_page, "uuAppErrorMap"))

    @property
    def page_info(self) -> dict[str, Any]:
        """The ``pageInfo`` of the page that was read last; empty where the server gives none."""
        return dict(child(self.last_page, "pageInfo"))

    @property
    def page_index(self) -> int:
        """The number of the page that was read last, from 0; -1 where the server does not say."""
        return self._number("pageIndex")

    @property
    def page_size(self) -> int:
        """How many objects a page holds; -1 where the server does not say."""
        return self._number("pageSize")

    @property
    def total(self) -> int:
        """How many objects the whole list holds; -1 where the server does not say."""
        return self._number("total")

    def _number(self, key: str) -> int:
        found = paging.count_in(self.page_info, key)
        return -1 if found is None else found

    def __next__(self) -> dict[str, Any]:
        """Return the next object. Raises what asking for a page raises."""
        if self._wanted is not None and self.yielded >= self._wanted:
            raise StopIteration
        item = next(self._items)
        answer = self._list.last_page.answer
        if answer is not self._answer:
            self._answer = answer
            self._pages = [*(self._pages if self.history else ()), dict(answer)]
        self.yielded += 1
        return item

    def __len__(self) -> int:
        """How many objects the list gives from its first to its last."""
        whole = self.total if self.total >= 0 else len(self.data)
        return whole if self._wanted is None else min(whole, self._wanted)

    def __bool__(self) -> bool:
        return self.total > 0 if self.total >= 0 else bool(self.data)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, list):
            return not other and not self
        return self is other

    __hash__ = object.__hash__

    def _read(self) -> Iterator[dict[str, Any]]:
        with translated():
            yield from self._list  # type: ignore[misc]  # each is a dict of its own, for scripts to change

    def _fetched(self, page_info: Mapping[str, int]) -> paging.Fetched:
        """Return one page, or what decodes it where it is read; called from several threads."""
        if page_info["pageIndex"] == self._first_index:
            return self._first
        request = self._request.copy()
        body = json.loads(request.body or "{}") | {"pageInfo": dict(page_info)}
        request.prepare_body(data=None, files=None, json=body)
        request.prepare_auth(self._options.get("auth") or self._session.authorize, request.url or "")
        return partial(self._session.decoded, self._session.send(request, **self._sending))

    @cached_property
    def _sending(self) -> dict[str, Any]:
        """What the first page was sent with, environment included: looking it up takes long."""
        given = [self._options.get(name) for name in ("proxies", "stream", "verify", "cert")]
        environment = self._session.merge_environment_settings(self._request.url, *given)
        return {**environment, "timeout": self._options.get("timeout")}
