"""The batches of the sample data."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.records import Batch

# code, name, project, and the component type whose parts the sample data put into such batches
BATCH_TYPES = (
    ("MODULE_BATCH", "Module batch", "S", "S/MODULE"),
    ("HYBRID_BATCH", "Hybrid batch", "S", "S/HYBRID_ASSEMBLY"),
    ("PIXEL_POPULATED_PCB_BATCH", "Pixel populated PCB batch", "P", "P/PCB"),
    ("PETAL_CORE_BATCH_TYPE", "Petal core batch", "S", ""),
)
_SIZE = 20


class Batches:
    """Derives all batches on the first question: twenty parts of one institution each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @cached_property
    def all(self) -> tuple[Batch, ...]:
        """All batches; the number is the place in this tuple."""
        made: list[Batch] = []
        definitions = self._catalogue.definitions
        for code, _, project, key in BATCH_TYPES:
            at_place: dict[int, list[int]] = defaultdict(list)
            for index in reversed(self._catalogue.by_kind.get(key, [])):
                at_place[self._catalogue.parts[index].location].append(index)
            for place, indexes in sorted(at_place.items()):
                for start in range(0, len(indexes), _SIZE):
                    chosen = tuple(indexes[start : start + _SIZE])
                    last = self._catalogue.parts[chosen[-1]]
                    name = f"{definitions.institutions[place].code}-{start // _SIZE + 1:03d}"
                    identity = definitions.people[last.person].identity
                    made.append(Batch(len(made), name, project, code, chosen, place, identity, last.created))
        return tuple(made)

    @cached_property
    def _by_part(self) -> dict[int, tuple[int, ...]]:
        return {index: (batch.number,) for batch in self.all for index in batch.components}

    def of_part(self, index: int) -> tuple[int, ...]:
        return self._by_part.get(index, ())
