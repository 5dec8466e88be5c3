"""The skeleton of the catalogue: one compact record per component, from which everything else follows."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.sandbox.catalogue.definitions import ComponentType, Variant


@dataclass(slots=True)
class Part:
    """One component; numbers refer to the lists of the catalogue and its definitions."""

    index: int
    kind: ComponentType
    variant: Variant
    serial: str | None
    alternative: str | None
    owner: int
    location: int
    person: int
    created: int
    family: int
    stage: int = 0
    parent: int = -1
    children: tuple[int, ...] = ()
    assembled: int = 0
    state: str = "ready"
    trashed: bool = False
    completed: bool = False
    dummy: bool = False

    @property
    def subproject(self) -> str:
        return self.variant.subprojects[0]
