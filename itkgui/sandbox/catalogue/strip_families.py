"""Strip modules with all that was built into them, a stave, loose strip parts, and common parts."""

from __future__ import annotations

from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.workshop import Workshop

# Type within the component type, code in the serial number, and the hybrids' types and codes (§8.1).
_END_CAP = (
    (2, "M0", 2, "S0", ((2, "H0", 8), (3, "H1", 9))),
    (3, "3L", 3, "S3", ((4, "H5", 7), (6, "H7", 7))),
    (4, "3R", 3, "S3", ((5, "H6", 7), (7, "H8", 7))),
)
_STAVE_MODULES = 4


class StripFamilies:
    """Makes strip families in a workshop."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    def strip_module(self, *, long_strips: bool, age: int = 0) -> Part:
        """Make a barrel module, `age` days older than the family."""
        place = self._shop.rng.choice(self._shop.places["S"])
        number = self._shop.next("long" if long_strips else "short")
        code, name = ("ML", "LS") if long_strips else ("MS", "SS")
        module = self._shop.add(
            "S/MODULE", 0 if long_strips else 1, f"20USB{code}{number:07d}", place, age, age and age + 20
        )
        module.alternative = self._local_name(place, name, number)
        module.stage = 7 if age else self._shop.module_stage(7, 8, 11)
        sensor = self._strip_sensor(0 if long_strips else 1, "SL" if long_strips else "SS", place, age + 90)
        sensor.stage = 3
        board = self._power_board(0, place, age)
        hybrids = [self._hybrid(0, "HX", 10, place, age)]
        if not long_strips:
            hybrids.append(self._hybrid(1, "HY", 10, place, age))
        for hybrid in hybrids:
            hybrid.stage = 5
        self._shop.join(module, [sensor, *hybrids, board])
        return module

    def end_cap_modules(self) -> None:
        """Make an R0 module, or both halves of an R3 module, which are two records (API reference §8.2)."""
        place = self._shop.rng.choice(self._shop.places["S"])
        number = self._shop.next("end-cap")
        for variant, code, sensor_variant, sensor_code, hybrid_kinds in (
            _END_CAP[:1] if number % 2 else _END_CAP[1:]
        ):
            module = self._shop.add("S/MODULE", variant, f"20USE{code}{number:07d}", place, 0)
            module.alternative = self._local_name(place, module.variant.code, number)
            module.stage = self._shop.module_stage(7, 8, 11)
            sensor = self._strip_sensor(sensor_variant, sensor_code, place, 90)
            sensor.stage = 3
            hybrids = [self._hybrid(kind, name, chips, place, 0) for kind, name, chips in hybrid_kinds]
            for hybrid in hybrids:
                hybrid.stage = 5
            self._shop.join(module, [sensor, *hybrids, self._power_board(1, place, 0)])

    def stave(self) -> None:
        """Make a stave that has its first modules."""
        modules = [self.strip_module(long_strips=True, age=80) for _ in range(_STAVE_MODULES)]
        number, place = self._shop.next("stave"), modules[0].location
        stave = self._shop.add("S/STAVE", 0, f"20USBST{number:07d}", place, 0)
        stave.alternative = self._local_name(place, "STAVE", number)
        stave.stage = self._shop.rng.choice((1, 2, 2, 3))
        self._shop.join(stave, modules)

    def _local_name(self, place: int, name: str, number: int) -> str:
        return f"{self._shop.definitions.institutions[place].code.split('_')[0]}-{name}-{number:04d}"

    def _strip_sensor(self, variant: int, code: str, place: int, age: int) -> Part:
        number = self._shop.next("sensor")
        letters = "SB" if variant < 2 else "SE"
        sensor = self._shop.add("S/SENSOR", variant, f"20U{letters}{code}{number:07d}", place, age, age + 200)
        sensor.alternative = f"VPX{30000 + number // 20}-W{number % 20 + 1:05d}"
        sensor.owner = self._shop.rng.choice(self._shop.places["S"])
        return sensor

    def _power_board(self, variant: int, place: int, age: int) -> Part:
        batch, number = divmod(self._shop.next("board"), 400)
        letters = ("SB", "SE")[variant]
        serial = f"20U{letters}P33{batch + 1:02d}{number:04d}"
        board = self._shop.add("S/PWB", variant, serial, place, age + 40, age + 150)
        board.stage = 3
        return board

    def _hybrid(self, variant: int, code: str, chips: int, place: int, age: int) -> Part:
        letters, flex_code = ("SB", "HF") if variant < 2 else ("SE", "HE")
        hybrid = self._shop.add(
            "S/HYBRID_ASSEMBLY",
            variant,
            f"20U{letters}{code}{self._shop.next(code):07d}",
            place,
            age + 20,
            age + 80,
        )
        hybrid.stage = 3
        flex = self._shop.add(
            "S/HYBRID",
            int(variant >= 2),
            f"20U{letters}{flex_code}{self._shop.next('hybrid flex'):07d}",
            place,
            age + 90,
            age + 200,
        )
        flex.stage = 6
        asics = [self._asic("S/ABC", "AA", place, age) for _ in range(chips)]
        asics.append(self._asic("S/HCC", "AH", place, age))
        self._shop.join(hybrid, [flex, *asics])
        return hybrid

    def _asic(self, kind: str, code: str, place: int, age: int) -> Part:
        chip = self._shop.add(kind, 0, f"20USG{code}{self._shop.next(code):07d}", place, age + 250, age + 400)
        chip.stage = 2 if kind == "S/ABC" else 3
        return chip

    def loose_strips(self) -> None:
        place = self._shop.rng.choice(self._shop.places["S"])
        sensors = []
        for _ in range(2):
            variant = self._shop.rng.randrange(2)
            sensors.append(self._strip_sensor(variant, ("SL", "SS")[variant], place, 5))
            sensors[-1].stage = self._shop.rng.choice((0, 1, 1, 2, 3, 4))
        variant = self._shop.rng.randrange(2)
        hybrid = self._hybrid(variant, ("HX", "HY")[variant], 10, place, 0)
        hybrid.stage = self._shop.rng.randrange(5)
        self._shop.retire([*sensors, self._power_board(0, place, 0)])

    def common_parts(self) -> None:
        """Make common mechanics and electronics, one part without a serial number, and a dummy."""
        place = self._shop.rng.choice(self._shop.places["S"])
        foams = [
            self._shop.add("CM/CARBON_FOAM", 0, f"20UCMCF{self._shop.next('foam'):07d}", place, 20, 200)
            for _ in range(2)
        ]
        tape = self._shop.add(
            "CE/BUS_TAPE",
            0,
            f"20UCEBT{self._shop.rng.randrange(3)}{self._shop.rng.randrange(2)}{self._shop.next('tape'):05d}",
            place,
            20,
            200,
        )
        chip = self._shop.add("CE/LPGBT", 0, f"20UCELP{self._shop.next('lpgbt'):07d}", place, 20, 200)
        # Its number is to be given later: until then only the code names it.
        nameless = self._shop.add("CE/LPGBT", 0, None, place, 20, 200)
        dummy = self._shop.add(
            "P/MODULE",
            3,
            f"20UPGXM{self._shop.next('dummy'):07d}",
            self._shop.rng.choice(self._shop.places["P"]),
            20,
            200,
        )
        dummy.dummy = True
        for part in (*foams, tape, chip, nameless):
            part.stage = self._shop.rng.randrange(2)
        self._shop.retire([*foams, tape, chip])
