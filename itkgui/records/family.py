"""The family of a component as a tree that grows as it is opened: parents above, parts below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from itkgui.records.component import Component, Slot
from itkgui.records.people import Reference


@dataclass(frozen=True)
class FamilyNode:
    """A place in the tree; its ``component`` is None until it is loaded, and for ever in an empty slot.

    ``lineage`` holds the keys of the components from the root down to the one whose slot this is.
    """

    slot: Slot
    lineage: tuple[str, ...]
    component: Component | None = None

    @property
    def is_empty(self) -> bool:
        return self.slot.component is None

    @property
    def label(self) -> str:
        """What to call the part here; the empty text for an empty slot."""
        return self.slot.component.label if self.slot.component else ""

    @property
    def key(self) -> str:
        """What the part here is found by; empty for an empty slot."""
        return self.slot.component.key if self.slot.component else ""

    @property
    def is_repeated(self) -> bool:
        """Whether the part stands above itself: an error of the data, and where a tree must end."""
        return bool(self.key) and self.key in self.lineage

    @property
    def can_load(self) -> bool:
        return bool(self.key) and self.component is None and not self.is_repeated

    def loaded(self, component: Component | None) -> FamilyNode:
        return replace(self, component=component)

    @property
    def children(self) -> tuple[FamilyNode, ...]:
        """The slots of a loaded part, in order; none of one that is not loaded."""
        return _below(self.component.children, (*self.lineage, self.key)) if self.component else ()

    @property
    def parents(self) -> tuple[FamilyNode, ...]:
        return _below(self.component.parents, (*self.lineage, self.key)) if self.component else ()


def children_of(component: Component) -> tuple[FamilyNode, ...]:
    """Return the slots of a component, in order, empty ones included."""
    return _below(component.children, (component.key,))


def parents_of(component: Component) -> tuple[FamilyNode, ...]:
    """Return what a component is part of; the two halves of a ring module may be on records of their own."""
    return _below(component.parents, (component.key,))


def _below(slots: tuple[Slot, ...], lineage: tuple[str, ...]) -> tuple[FamilyNode, ...]:
    return tuple(FamilyNode(slot, lineage) for slot in slots)


@dataclass(frozen=True)
class Kin:
    """A part found in an assembly, ``depth`` levels below the component that was asked about."""

    component: Component
    depth: int


def kinds_in(component: Component) -> Iterator[Reference]:
    """Yield the component types of the parts in a component, each once."""
    seen: set[str] = set()
    for slot in component.children:
        if slot.component and slot.component_type.code not in seen:
            seen.add(slot.component_type.code)
            yield slot.component_type
