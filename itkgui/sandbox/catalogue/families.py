"""Makes the skeletons, one family at a time: modules with all that was built into them, and loose parts."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from itkgui.sandbox.catalogue.definitions import Definitions
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import DAY, HOUR, MINUTE, moment

# The newest module is registered here; nothing in the catalogue happens after END.
NEWEST = moment(2025, 8, 20)
END = moment(2025, 12, 15)
_SPAN = 1700 * DAY
_HALF_SPAN_FAMILIES = 600
# The first modules have come far, so that a demonstration has something to show.
SHOWCASE_FAMILIES = 10
_PATTERN = ("quad", "long", "quad", "short", "quad", "loose pixels", "quad", "long", "quad", "loose strips")
_CHIPS_PER_WAFER = 132
_SENSOR_VENDORS = (2, 3, 5)
_BARE_VENDORS = (1, 2, 3)
_PCB_MAKERS = (1, 2, 7, 8)

_SHOWCASE = (
    ("20UPGM23800001", "pixel quad module, attachments of every kind"),
    ("20USBML0000001", "long-strip module"),
    ("20USBMS0000001", "short-strip module"),
    ("20UPGPQ4200004", "PCB with a picture and an archive that are neither"),
)


def showcase() -> str:
    """Return the parts to begin with, one per line."""
    return "\n".join(f"  {serial}  {text}" for serial, text in _SHOWCASE)


@dataclass
class FamilyBuilder:
    """Adds families until there are enough parts; family number n is the same for every total."""

    seed: int
    definitions: Definitions
    parts: list[Part] = field(default_factory=list)
    _counters: dict[str, int] = field(default_factory=dict)

    def build(self, count: int) -> list[Part]:
        places = range(len(self.definitions.institutions))
        self._places = {
            project: tuple(
                place for place in places if project in self.definitions.institutions[place].projects
            )
            for project in ("P", "S")
        }
        family = 0
        while len(self.parts) < count:
            self._rng = random.Random(f"{self.seed}/family/{family}")
            self._family = family
            day = NEWEST - _SPAN * family // (family + _HALF_SPAN_FAMILIES)
            self._time = day + 9 * HOUR + self._rng.randrange(8 * 60) * MINUTE
            kind = _PATTERN[family % len(_PATTERN)]
            if kind == "quad":
                self._quad_module()
            elif kind in ("long", "short"):
                self._strip_module(kind)
            elif kind == "loose pixels":
                self._loose_pixels()
            else:
                self._loose_strips()
            family += 1
        return self.parts

    # Pixels

    def _quad_module(self) -> None:
        place = self._rng.choice(self._places["P"])
        flex = self._next("flex")
        maker = self._rng.choice(_PCB_MAKERS)
        module = self._add("P/MODULE", 0, f"20UPGM23{maker}{flex:05d}", place, 0)
        module.stage = self._module_stage(15, 16, 17)
        module.completed = module.stage == 17
        pcb = self._add("P/PCB", 0, f"20UPGPQ4{maker}{flex:05d}", place, 40, 120)
        pcb.stage = 7
        bare = self._bare_module(place, 20, 60)
        bare.stage = bare.kind.own_stages + module.stage
        for child in bare.children:
            self.parts[child].stage = self.parts[child].kind.own_stages + module.stage
        children = [bare, pcb]
        if module.stage < 15:
            carrier = self._add("P/MODULE_CARRIER", 0, f"20UPGMC{self._next('carrier'):07d}", place, 200, 900)
            carrier.stage = 1
            children.append(carrier)
        self._join(module, children)

    def _bare_module(self, place: int, youngest: int, oldest: int) -> Part:
        vendor = self._rng.choice(_BARE_VENDORS)
        bare = self._add(
            "P/BARE_MODULE", 0, f"20UPGB43{vendor}{self._next('bare'):05d}", place, youngest, oldest
        )
        bare.stage = 1
        tile = self._sensor_tile(place, oldest + 90)
        chips = [self._chip(place, oldest + 60) for _ in range(4)]
        tile.stage = 3
        self._join(bare, [tile, *chips])
        return bare

    def _sensor_tile(self, place: int, age: int) -> Part:
        vendor = self._rng.choice(_SENSOR_VENDORS)
        tile = self._add(
            "P/SENSOR_TILE", 0, f"20UPGS3{vendor}3{self._next('tile'):05d}", place, age, age + 150
        )
        tile.owner = self._rng.choice(self._places["P"])
        return tile

    def _chip(self, place: int, age: int) -> Part:
        wafer, position = divmod(self._next("chip"), _CHIPS_PER_WAFER)
        row, column = divmod(position, 11)
        # The digits are one number; in hexadecimal it tells batch, wafer, row, column (API reference §8.1).
        number = (2 + wafer // 256) << 16 | (wafer + 0x21) % 256 << 8 | (row + 1) << 4 | (column + 2)
        chip = self._add("P/FE_CHIP", 0, f"20UPGFC{number:07d}", place, age, age + 120)
        chip.owner = self._rng.choice(self._places["P"])
        return chip

    def _loose_pixels(self) -> None:
        place = self._rng.choice(self._places["P"])
        maker = self._rng.choice(_PCB_MAKERS)
        pcb = self._add("P/PCB", 0, f"20UPGPQ4{maker}{self._next('flex'):05d}", place, 0)
        pcb.stage = self._rng.choice((3, 5, 6, 6, 7, 8))
        bare = self._bare_module(place, 1, 30)
        bare.stage = self._rng.choice((0, 1))
        tile = self._sensor_tile(place, 30)
        tile.stage = self._rng.choice((0, 1, 2))
        chips = [self._chip(place, 30) for _ in range(2)]
        self._retire([pcb, tile, *chips])

    # Strips

    def _strip_module(self, kind: str) -> None:
        place = self._rng.choice(self._places["S"])
        long_strips = kind == "long"
        number = self._next(kind)
        code = "ML" if long_strips else "MS"
        module = self._add("S/MODULE", 0 if long_strips else 1, f"20USB{code}{number:07d}", place, 0)
        institution = self.definitions.institutions[place].code
        module.alternative = f"{institution.split('_')[0]}-{'LS' if long_strips else 'SS'}-{number:04d}"
        module.stage = self._module_stage(7, 8, 11)
        sensor = self._strip_sensor(0 if long_strips else 1, place, 90)
        sensor.stage = 3
        board = self._power_board(place)
        hybrids = [self._hybrid(variant, place) for variant in ((0,) if long_strips else (0, 1))]
        for hybrid in hybrids:
            hybrid.stage = 5
        self._join(module, [sensor, *hybrids, board])

    def _strip_sensor(self, variant: int, place: int, age: int) -> Part:
        code = ("SL", "SS")[variant]
        number = self._next("sensor")
        sensor = self._add("S/SENSOR", variant, f"20USB{code}{number:07d}", place, age, age + 200)
        sensor.alternative = f"VPX{30000 + number // 20}-W{number % 20 + 1:05d}"
        sensor.owner = self._rng.choice(self._places["S"])
        return sensor

    def _power_board(self, place: int) -> Part:
        batch, number = divmod(self._next("board"), 400)
        board = self._add("S/PWB", 0, f"20USBP33{batch + 1:02d}{number:04d}", place, 40, 150)
        board.stage = 3
        return board

    def _hybrid(self, variant: int, place: int) -> Part:
        code = ("HX", "HY")[variant]
        hybrid = self._add("S/HYBRID_ASSEMBLY", variant, f"20USB{code}{self._next(code):07d}", place, 20, 80)
        hybrid.stage = 3
        flex = self._add("S/HYBRID", 0, f"20USBHF{self._next('hybrid flex'):07d}", place, 90, 200)
        flex.stage = 6
        chips = [self._asic("S/ABC", "AA", place) for _ in range(10)]
        chips.append(self._asic("S/HCC", "AH", place))
        self._join(hybrid, [flex, *chips])
        return hybrid

    def _asic(self, kind: str, code: str, place: int) -> Part:
        chip = self._add(kind, 0, f"20USG{code}{self._next(code):07d}", place, 250, 400)
        chip.stage = 2 if kind == "S/ABC" else 3
        return chip

    def _loose_strips(self) -> None:
        place = self._rng.choice(self._places["S"])
        sensors = [self._strip_sensor(self._rng.randrange(2), place, 5) for _ in range(2)]
        for sensor in sensors:
            sensor.stage = self._rng.choice((0, 1, 1, 2, 3, 4))
        hybrid = self._hybrid(self._rng.randrange(2), place)
        hybrid.stage = self._rng.randrange(5)
        self._retire([*sensors, self._power_board(place)])

    # Both

    def _next(self, counter: str) -> int:
        self._counters[counter] = self._counters.get(counter, 0) + 1
        return self._counters[counter]

    def _add(self, key: str, variant: int, serial: str, place: int, youngest: int, oldest: int = 0) -> Part:
        """Add a part registered between `youngest` and `oldest` days before the family's own time."""
        kind = self.definitions.component_types[key]
        age = self._rng.randint(youngest * 24 * 60, oldest * 24 * 60) * MINUTE if oldest else 0
        created = self._time - age + self._rng.randrange(MINUTE)
        people = self.definitions.people_at[place]
        part = Part(
            index=len(self.parts),
            kind=kind,
            variant=kind.variants[variant],
            serial=serial,
            alternative=None,
            owner=place,
            location=place,
            person=self._rng.choice(people),
            created=created,
            family=self._family,
        )
        self.parts.append(part)
        return part

    def _join(self, parent: Part, children: list[Part]) -> None:
        parent.children = tuple(child.index for child in children)
        for child in children:
            child.parent = parent.index
            child.assembled = parent.created + 30 * MINUTE
            child.location = parent.location

    def _module_stage(self, last: int, unhappy: int, complete: int) -> int:
        if self._family < SHOWCASE_FAMILIES:
            return last - 1
        chance = self._rng.random()
        if chance < 0.04:
            return unhappy
        if chance < 0.07:
            return complete
        return min(last, int(self._rng.triangular(0, last + 1, last * 0.8)))

    def _retire(self, parts: list[Part]) -> None:
        """Delete or trash a few: the first list command shows deleted parts, the second does not."""
        for part in parts:
            chance = self._rng.random()
            if self._family < SHOWCASE_FAMILIES or chance > 0.12:
                continue
            if chance < 0.06:
                part.state = "deleted" if chance < 0.05 else "requestedToDelete"
            else:
                part.trashed = True
