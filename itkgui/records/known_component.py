"""What is kept of a component that somebody had open or pinned: enough to tell it from others offline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from itkgui.records.component import ComponentSummary
from itkgui.records.json_fields import text, timestamp

_LONGEST = 200  # letters; whatever is longer is no name, and would fill the file
_TEXTS = ("key", "label", "component_type", "type", "stage", "location")


@dataclass(frozen=True)
class KnownComponent:
    """A component as it was when it was last seen; ``key`` is what it is looked up by."""

    key: str
    label: str
    component_type: str = ""
    type: str = ""
    stage: str = ""
    location: str = ""
    seen: datetime | None = None

    @classmethod
    def of(cls, component: ComponentSummary) -> KnownComponent:
        """Take what a component tells now."""
        return cls(
            component.key,
            component.label[:_LONGEST],
            component.component_type.label[:_LONGEST],
            component.type.label[:_LONGEST],
            component.stage.label[:_LONGEST],
            component.location.code[:_LONGEST],
            datetime.now(timezone.utc),
        )

    @classmethod
    def from_kept(cls, value: Any) -> KnownComponent | None:
        """Take what ``kept`` gave; None if it is something else."""
        if not isinstance(value, Mapping) or not text(value, "key"):
            return None
        key, label, *facts = (text(value, name)[:_LONGEST] for name in _TEXTS)
        component_type, kind, stage, location = facts
        return cls(key, label or key, component_type, kind, stage, location, timestamp(value, "seen"))

    def kept(self) -> dict[str, str]:
        """Return it as JSON knows it."""
        kept = {name: getattr(self, name) for name in _TEXTS}
        return kept | {"seen": self.seen.isoformat() if self.seen else ""}


def known_from(values: Any, most: int) -> list[KnownComponent]:
    """Read a list of what ``kept`` gave, each component once; anything else in it is left out."""
    listed: Iterable[Any] = values if isinstance(values, list) else ()
    found = {known.key: known for known in map(KnownComponent.from_kept, listed) if known is not None}
    return list(found.values())[:most]
