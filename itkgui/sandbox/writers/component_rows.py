"""Lists of components as they travel: what no write has concerned is written once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from itkgui.sandbox.wire.messages import EncodedList, encode
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter

# Rows have about 3 kB each: 100 MB at the most.
_MOST_KEPT = 32768


class ComponentRows:
    """Turns numbers of components into the items of a list; safe to call from many threads."""

    def __init__(self, world: World, writer: ComponentWriter) -> None:
        self._ledger = world.ledger
        self._writer = writer
        self._kept = lru_cache(maxsize=_MOST_KEPT)(self._row)

    def written(self, numbers: Iterable[int], *, newer: bool) -> EncodedList:
        """Return the items of listComponents, in its first or its newer form (API reference §5.3)."""
        rows = [
            # A write marks a component before it changes it, and for good: a row that it overtakes is kept in
            # vain, but not shown again.
            self._kept(number, newer) if self._ledger.is_untouched(number) else self._row(number, newer)
            for number in numbers
        ]
        return EncodedList(rows)

    def _row(self, number: int, newer: bool) -> bytes:
        return encode(self._writer.item(self._ledger.component(number), newer=newer))
