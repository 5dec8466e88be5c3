"""What somebody searches for: filters, and an identifier that may be more than a filter can express."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from itkgui.client.queries import ComponentQuery
from itkgui.records.serial_number import looks_like_serial_number, without_marks

VERSION = 1  # of what ``kept`` returns
_LONGEST = 300


@dataclass(frozen=True)
class SearchRequest:
    """Filters and the text beside them: a serial number filters too, any other name is looked up alone."""

    filters: ComponentQuery = field(default_factory=ComponentQuery)
    identifier: str = ""

    @property
    def is_look_up(self) -> bool:
        """Whether the text is a name that only a look-up understands (API reference §5.3)."""
        return bool(self.identifier) and not looks_like_serial_number(without_marks(self.identifier))

    @property
    def query(self) -> ComponentQuery:
        """What the server is asked, unless this is a look-up."""
        return replace(self.filters, serial_number=without_marks(self.identifier).upper())

    def kept(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return {"filters": asdict(self.filters), "identifier": self.identifier}

    @classmethod
    def from_kept(cls, value: Any) -> SearchRequest | None:
        """Take what ``kept`` gave; None if it is something else."""
        filters = value.get("filters") if isinstance(value, Mapping) else None
        if not isinstance(filters, Mapping):
            return None
        names = {known.name for known in fields(ComponentQuery)}
        told = {name: item for name, item in filters.items() if name in names and _is_value(name, item)}
        identifier = value.get("identifier")
        return cls(ComponentQuery(**told), identifier[:_LONGEST] if isinstance(identifier, str) else "")


def _is_value(name: str, value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST
    return name == "property_value" and isinstance(value, int | float)
