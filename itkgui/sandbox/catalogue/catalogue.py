"""The sample data: all components of one seed, and how to find one.

Only skeletons are held; histories, test runs, values and files are derived from the seed and the component's
number whenever somebody asks, so that a hundred thousand components start in seconds and the same seed always
tells the same. Parts to begin with, for seed 1 and any number of components:

- 20UPGM23800001: pixel quad module, every stage up to final metrology, attachments of every kind
- 20USBML0000001, 20USBMS0000001: strip modules with long and with short strips, alike
- 20UPGPQ4200004: PCB with a picture and an archive that are called so, but are neither
"""

from __future__ import annotations

from itkgui.sandbox.catalogue.definitions import Definitions
from itkgui.sandbox.catalogue.families import FamilyBuilder
from itkgui.sandbox.catalogue.identifiers import Identifiers, IdKind
from itkgui.sandbox.catalogue.parts import Part


class Catalogue:
    """Read-only once made, hence safe to share between threads."""

    def __init__(self, seed: int, count: int) -> None:
        self.seed = seed
        self.ids = Identifiers(seed)
        self.definitions = Definitions(self.ids)
        self.parts = FamilyBuilder(seed, self.definitions).build(count)
        self._by_serial = {part.serial: part.index for part in self.parts if part.serial}
        self._by_alternative = {part.alternative: part.index for part in self.parts if part.alternative}
        self.newest_first = sorted(range(len(self.parts)), key=lambda index: -self.parts[index].created)
        self.by_kind: dict[str, list[int]] = {key: [] for key in self.definitions.component_types}
        for index in self.newest_first:
            self.by_kind[self.parts[index].kind.key].append(index)

    @property
    def about(self) -> str:
        """What records that were written over these data depend on."""
        return f"seed {self.seed} and {len(self.parts)} components"

    def object_id(self, part: Part) -> str:
        return self.ids.object_id(IdKind.COMPONENT, part.index, part.created)

    def code(self, part: Part) -> str:
        return self.ids.code(IdKind.COMPONENT, part.index)

    def find(self, identifier: str) -> Part | None:
        """Return the part with this serial number, code or object id."""
        index = self._by_serial.get(identifier)
        if index is not None:
            return self.parts[index]
        decoded = self.ids.decode(identifier)
        if decoded is not None and decoded[0] is IdKind.COMPONENT and decoded[1] < len(self.parts):
            return self.parts[decoded[1]]
        return self.find_object_id(identifier)

    def find_object_id(self, object_id: str) -> Part | None:
        number = self.ids.number(IdKind.COMPONENT, object_id)
        if number is None or number >= len(self.parts):
            return None
        part = self.parts[number]
        return part if self.object_id(part) == object_id else None

    def find_alternative(self, identifier: str) -> Part | None:
        index = self._by_alternative.get(identifier)
        return None if index is None else self.parts[index]
