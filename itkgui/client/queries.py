"""What components are searched by, and the pages and lists that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from itkgui.records.component import Component

T = TypeVar("T")


@dataclass(frozen=True)
class FoundComponent:
    """A component, the text that found it, and what that is to it: its serial number or code, say.

    ``matched_by`` is a word that is declared for translation.
    """

    component: Component
    matched_by: str
    matched: str


@dataclass(frozen=True)
class LookedUp:
    """The components of a list of identifiers, in its order and each once, and those nobody knows.

    ``unreached`` are those that could not be asked for, and of which nothing is kept. ``by_name`` tells what
    each identifier, as ``as_asked`` writes it, has found.
    """

    found: tuple[Component, ...]
    unknown: tuple[str, ...]
    unreached: tuple[str, ...] = ()
    by_name: Mapping[str, Component] = field(default_factory=dict)


@dataclass(frozen=True)
class ComponentQuery:
    """What to search components by, each a code; empty fields do not restrict.

    ``property_value`` is compared with the value of the property of this code: of a code table either the
    code or the text may be stored (API reference §5.3).
    """

    project: str = ""
    subproject: str = ""
    component_type: str = ""
    type: str = ""
    stage: str = ""
    institution: str = ""
    location: str = ""
    state: str = "ready"
    property_code: str = ""
    property_value: str | float | bool = ""
    serial_number: str = ""

    @property
    def command(self) -> str:
        return "listComponentsByProperty" if self.property_code else "listComponents"

    @property
    def filter_map(self) -> dict[str, Any]:
        """The query in the words of the command (API reference §5.3 and §9.14).

        An empty list there means "nothing at all", so what is not asked for is left out.
        """
        single = {"project": self.project, "state": self.state, "serialNumber": self.serial_number}
        several = {
            "subproject": self.subproject,
            "componentType": self.component_type,
            "type": self.type,
            "currentStage": self.stage,
            "institute": self.institution,
            "currentLocation": self.location,
        }
        found: dict[str, Any] = {key: value for key, value in single.items() if value}
        found |= {key: [value] for key, value in several.items() if value}
        if self.property_code:
            rule = {"code": self.property_code, "operator": "=", "value": self.property_value}
            found["propertyFilter"] = [rule]
        return found


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``total`` counts the items of all pages, None where the server does not say."""

    items: tuple[T, ...]
    index: int
    size: int
    total: int | None
