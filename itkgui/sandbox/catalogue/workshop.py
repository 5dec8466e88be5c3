"""Where the skeletons of parts are made: serial numbers, dates and joints."""

from __future__ import annotations

import random

from itkgui.sandbox.catalogue.definitions import Definitions
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import MINUTE

# The first families have come far, so that a demonstration has something to show.
SHOWCASE_FAMILIES = 10
# Where a trashed part ends, if its component type has such a stage.
_LAST_REST = ("PCB/GRAVEYARD", "GRAVEYARD", "DAMAGED", "FAILED", "UNHAPPY")


class Workshop:
    """Adds parts to a growing list; `rng`, `family` and `time` are those of the family that is being made."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.parts: list[Part] = []
        self.rng = random.Random()
        self.family = 0
        self.time = 0
        places = range(len(definitions.institutions))
        self.places = {
            project: tuple(place for place in places if project in definitions.institutions[place].projects)
            for project in ("P", "S")
        }
        self._counters: dict[str, int] = {}

    def begin(self, family: int, time: int, rng: random.Random) -> None:
        self.family, self.time, self.rng = family, time, rng

    def next(self, counter: str) -> int:
        self._counters[counter] = self._counters.get(counter, 0) + 1
        return self._counters[counter]

    def add(
        self, key: str, variant: int, serial: str | None, place: int, youngest: int, oldest: int = 0
    ) -> Part:
        """Add a part registered between `youngest` and `oldest` days before the family's own time."""
        kind = self.definitions.component_types[key]
        age = self.rng.randint(youngest * 24 * 60, oldest * 24 * 60) * MINUTE if oldest else 0
        created = self.time - age + self.rng.randrange(MINUTE)
        people = self.definitions.people_at[place]
        part = Part(
            index=len(self.parts),
            kind=kind,
            variant=kind.variants[variant],
            serial=serial,
            alternative=None,
            owner=place,
            location=place,
            person=self.rng.choice(people),
            created=created,
            family=self.family,
        )
        self.parts.append(part)
        return part

    def join(self, parent: Part, children: list[Part]) -> None:
        parent.children = tuple(child.index for child in children)
        for child in children:
            child.parent = parent.index
            child.assembled = parent.created + 30 * MINUTE
            self._take_along(child, parent.location)

    def _take_along(self, part: Part, place: int) -> None:
        """Put a part, and all that is built into it, where its parent is."""
        part.location = place
        for index in part.children:
            self._take_along(self.parts[index], place)

    def module_stage(self, last: int, unhappy: int, complete: int) -> int:
        if self.family < SHOWCASE_FAMILIES:
            return last - 1
        chance = self.rng.random()
        if chance < 0.04:
            return unhappy
        if chance < 0.07:
            return complete
        return min(last, int(self.rng.triangular(0, last + 1, last * 0.8)))

    def retire(self, parts: list[Part]) -> None:
        """Delete or trash a few: the first list command shows deleted parts, the second does not."""
        for part in parts:
            chance = self.rng.random()
            if self.family < SHOWCASE_FAMILIES or chance > 0.12:
                continue
            if chance < 0.06:
                part.state = "deleted" if chance < 0.05 else "requestedToDelete"
            else:
                part.trashed = True
                part.stage = next(
                    (stage.order for stage in part.kind.stages if stage.code in _LAST_REST), part.stage
                )
