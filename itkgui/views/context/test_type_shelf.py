"""The test types of each component type, which tell the limits of results; asked for once in a session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from itkgui.background import ages
from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.records.component import ComponentSummary
from itkgui.records.test_type import TestType

_Key = tuple[str, str]  # project, component type


class TestTypeShelf:
    """Shared by all views of a session; belongs to the event loop's thread."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(self, database: ProductionDatabase, worker: Worker) -> None:
        self._database, self._worker = database, worker
        self._known: dict[_Key, Mapping[str, TestType]] = {}
        self._old: set[_Key] = set()  # what came while the server was away is asked for again
        self._locks: dict[_Key, asyncio.Lock] = {}

    def known(self, component: ComponentSummary) -> Mapping[str, TestType] | None:
        """Return the test types of a component's type by their codes; None if nobody has asked yet."""
        key = _key(component)
        return self._known.get(key) if all(key) else {}

    async def load(self, component: ComponentSummary) -> Mapping[str, TestType]:
        """Return them, asking the server if need be. Raises what ``ProductionDatabase.test_types`` does."""
        key = _key(component)
        if not all(key):
            return {}
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._known or key in self._old:
                found = await self._worker.call(self._database.test_types, *key)
                self._known[key] = {kind.reference.code: kind for kind in found}
                (self._old.discard if ages.used() is None else self._old.add)(key)
        return self._known[key]


def _key(component: ComponentSummary) -> _Key:
    return component.project.code, component.component_type.code
