"""A component with its children, as the database holds them (API reference §5.3)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from itkgui.itkdb.exceptions import BadRequest
from itkgui.records.json_fields import text

if TYPE_CHECKING:
    from itkgui.itkdb.client import Client


class Component:
    """One component, by the answer to ``getComponent``; ``walk`` fetches what is below it."""

    def __init__(self, client: Client, data: dict[str, Any], *, above: frozenset[str] = frozenset()) -> None:
        self._client = client
        self._data = data
        self._above = above  # the ids of those that it is in
        self._children: list[Component] = []

    @property
    def serial_number(self) -> str:
        """The serial number; empty where there is none (API reference §8.1), and for an empty slot."""
        return text(self._data, "serialNumber")

    @property
    def id(self) -> str:
        """The database's own identifier."""
        return str(self._data["id"])

    @property
    def children(self) -> list[Any]:
        """Before ``walk`` the slots as the database lists them, after it a Component for each."""
        return self._children or self._data.get("children") or []

    @children.setter
    def children(self, children: list[Any]) -> None:
        self._data["children"] = children
        self._children = []

    def walk(self, recurse: bool = True) -> None:
        """Fetch the children, by default theirs too: one request for each.

        An empty slot, and a component that the database does not find, stay what the parent tells of them;
        what is in itself is not gone into again.
        """
        if text(self._data, "id") in self._above:
            return
        below = [self._fetched(slot) for slot in self._data.get("children") or []]
        if recurse:
            for component in below:
                component.walk()
        self._children = below

    def _fetched(self, slot: dict[str, Any]) -> Component:
        found = slot
        if key := (slot.get("component") or {}).get("id"):
            with contextlib.suppress(BadRequest):
                found = self._client.get("getComponent", json={"component": key})
        return Component(self._client, found, above=self._above | {text(self._data, "id")} - {""})

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} {self.serial_number or '(no number)'}>"
