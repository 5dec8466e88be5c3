"""Pixel modules with all that was built into them, and loose pixel parts."""

from __future__ import annotations

from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.workshop import Workshop

_CHIPS_PER_WAFER = 132
_SENSOR_VENDORS = (2, 3, 5)
_3D_VENDORS = (6, 7, 8)
_BARE_VENDORS = (1, 2, 3)
_PCB_MAKERS = (1, 2, 7, 8)


class PixelFamilies:
    """Makes pixel families in a workshop."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    def quad_module(self, *, inner: bool = False) -> None:
        """Make an outer-system quad, or one of layer 1 with a thinner sensor."""
        place = self._shop.rng.choice(self._shop.places["P"])
        flex = self._shop.next("flex")
        maker = self._shop.rng.choice(_PCB_MAKERS)
        serial = f"20UPIM13{maker}{flex:05d}" if inner else f"20UPGM23{maker}{flex:05d}"
        module = self._shop.add("P/MODULE", 1 if inner else 0, serial, place, 0)
        module.stage = self._shop.module_stage(15, 16, 17)
        module.completed = module.stage == 17
        pcb = self._shop.add("P/PCB", 0, f"20UPGPQ{5 if inner else 4}{maker}{flex:05d}", place, 40, 120)
        pcb.stage = 7
        bare = self._bare_module(place, 20, 60, inner=inner)
        self._finish_pixel_module(module, [bare], pcb)

    def triplet_module(self) -> None:
        """Make a triplet of layer 0: three single bare modules with 3D sensors on one PCB."""
        place = self._shop.rng.choice(self._shop.places["P"])
        number, site = self._shop.next("triplet"), self._shop.rng.randrange(5)
        module = self._shop.add("P/MODULE", 2, f"20UPIMS3{site}0{number:04d}", place, 0)
        module.stage = self._shop.module_stage(15, 16, 17)
        module.completed = module.stage == 17
        pcb = self._shop.add(
            "P/PCB", 1, f"20UPIPT5{self._shop.rng.choice(_PCB_MAKERS)}00{number:03d}", place, 40, 120
        )
        pcb.stage = 7
        bares = []
        for _ in range(3):
            bare = self._shop.add(
                "P/BARE_MODULE",
                1,
                f"20UPGB13{self._shop.rng.choice(_BARE_VENDORS)}{self._shop.next('single'):05d}",
                place,
                20,
                60,
            )
            bare.stage = 1
            vendor = self._shop.rng.choice(_3D_VENDORS)
            tile = self._tile(2, f"20UPIS0{vendor}1{self._shop.next('3d tile'):05d}", place, 150)
            tile.stage = 3
            self._shop.join(bare, [tile, self._chip(place, 120)])
            bares.append(bare)
        self._finish_pixel_module(module, bares, pcb)

    def _finish_pixel_module(self, module: Part, bares: list[Part], pcb: Part) -> None:
        """Join a module; what is in it shares its stages, and its carrier leaves it in the end."""
        for bare in bares:
            bare.stage = bare.kind.own_stages + module.stage
            for child in bare.children:
                self._shop.parts[child].stage = self._shop.parts[child].kind.own_stages + module.stage
        children = [*bares, pcb]
        if module.stage < 15:
            carrier = self._shop.add(
                "P/MODULE_CARRIER", 0, f"20UPGMC{self._shop.next('carrier'):07d}", module.location, 200, 900
            )
            carrier.stage = 1
            children.append(carrier)
        self._shop.join(module, children)

    def _bare_module(self, place: int, youngest: int, oldest: int, *, inner: bool = False) -> Part:
        vendor = self._shop.rng.choice(_BARE_VENDORS)
        bare = self._shop.add(
            "P/BARE_MODULE", 0, f"20UPGB43{vendor}{self._shop.next('bare'):05d}", place, youngest, oldest
        )
        bare.stage = 1
        tile = self._sensor_tile(place, oldest + 90, inner=inner)
        chips = [self._chip(place, oldest + 60) for _ in range(4)]
        tile.stage = 3
        self._shop.join(bare, [tile, *chips])
        return bare

    def _sensor_tile(self, place: int, age: int, *, inner: bool = False) -> Part:
        vendor = self._shop.rng.choice(_SENSOR_VENDORS)
        if inner:
            return self._tile(1, f"20UPIS2{vendor}3{self._shop.next('inner tile'):05d}", place, age)
        return self._tile(0, f"20UPGS3{vendor}3{self._shop.next('tile'):05d}", place, age)

    def _tile(self, variant: int, serial: str, place: int, age: int) -> Part:
        tile = self._shop.add("P/SENSOR_TILE", variant, serial, place, age, age + 150)
        tile.owner = self._shop.rng.choice(self._shop.places["P"])
        return tile

    def _chip(self, place: int, age: int) -> Part:
        wafer, position = divmod(self._shop.next("chip"), _CHIPS_PER_WAFER)
        row, column = divmod(position, 11)
        # The digits are one number; in hexadecimal it tells batch, wafer, row, column (API reference §8.1).
        number = (2 + wafer // 256) << 16 | (wafer + 0x21) % 256 << 8 | (row + 1) << 4 | (column + 2)
        chip = self._shop.add("P/FE_CHIP", 0, f"20UPGFC{number:07d}", place, age, age + 120)
        chip.owner = self._shop.rng.choice(self._shop.places["P"])
        return chip

    def loose_pixels(self) -> None:
        place = self._shop.rng.choice(self._shop.places["P"])
        maker = self._shop.rng.choice(_PCB_MAKERS)
        pcb = self._shop.add("P/PCB", 0, f"20UPGPQ4{maker}{self._shop.next('flex'):05d}", place, 0)
        pcb.stage = self._shop.rng.choice((3, 5, 6, 6, 7, 8))
        bare = self._bare_module(place, 1, 30)
        bare.stage = self._shop.rng.choice((0, 1))
        tile = self._sensor_tile(place, 30)
        tile.stage = self._shop.rng.choice((0, 1, 2))
        chips = [self._chip(place, 30) for _ in range(2)]
        self._shop.retire([pcb, tile, *chips])
