"""The components a person had open lately, and those pinned to be at hand; kept for each server."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from itkgui.records.component import ComponentSummary
from itkgui.records.known_component import KnownComponent, known_from
from itkgui.views.context.memory import Memory

VERSION = 1
_RECENT, _PINNED = "components/recent", "components/pinned"
_MOST_RECENT, _MOST_PINNED = 60, 200


class KnownComponents(QObject):
    """Two lists, the newest first; whatever changes them is kept at once."""

    changed = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self.recent = known_from(memory.get_here(_RECENT, VERSION), _MOST_RECENT)
        self.pinned = known_from(memory.get_here(_PINNED, VERSION), _MOST_PINNED)

    def note(self, component: ComponentSummary) -> None:
        """Remember that a component was opened; a pinned one is known better now."""
        known = KnownComponent.of(component)
        if not known.key:
            return
        self.recent = [known, *_without(self.recent, known.key)][:_MOST_RECENT]
        self.pinned = [known if pinned.key == known.key else pinned for pinned in self.pinned]
        self._keep()

    def is_pinned(self, key: str) -> bool:
        return any(pinned.key == key for pinned in self.pinned)

    def toggle_pin(self, known: KnownComponent) -> bool:
        """Pin a component, or let it go; return whether it is pinned now."""
        was_pinned = self.is_pinned(known.key)
        self.pinned = _without(self.pinned, known.key)
        if not was_pinned:
            self.pinned = [known, *self.pinned][:_MOST_PINNED]
        self._keep()
        return not was_pinned

    def forget_recent(self, keys: Collection[str]) -> None:
        """Take components off the list of recent ones."""
        self.recent = [known for known in self.recent if known.key not in keys]
        self._keep()

    def _keep(self) -> None:
        for key, listed in ((_RECENT, self.recent), (_PINNED, self.pinned)):
            self._memory.put_here(key, VERSION, [known.kept() for known in listed], of_entries=True)
        self.changed.emit()


def _without(listed: list[KnownComponent], key: str) -> list[KnownComponent]:
    return [known for known in listed if known.key != key]
