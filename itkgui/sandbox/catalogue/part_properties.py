"""What a component's properties hold; where the serial number has them, from there (API reference §8.1)."""

from __future__ import annotations

import random
from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Content
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode


def properties(part: Part, rng: random.Random, diode: Callable[[], Diode]) -> Content:
    """Return code and value of each property of the part; `diode` derives that of a sensor."""
    if part.dummy:
        return {}
    if part.kind.key == "P/SENSOR_TILE":
        digits, sensor = _digits(part), diode()
        return {
            "MANUFACTURER": digits[0],
            "V_FD": round(sensor.depletion, 1),
            "THICKNESS": int(sensor.thickness),
            "WAFER_NUMBER": f"W{int(digits[2:]) // 6 + 1:03d}",
        }
    return _PROPERTIES[part.kind.key](part, rng)


def _digits(part: Part) -> str:
    return (part.serial or "")[7:]


def _pixel_module(part: Part, rng: random.Random) -> Content:
    trims = {f"IREFTRIM_FE{chip}": rng.randint(6, 10) for chip in range(1, 5)}
    if "TRIPLET" in part.variant.code:
        del trims["IREFTRIM_FE4"]
    # A code-table value is stored sometimes as code, sometimes as text (API reference §5.3).
    version = _digits(part)[0] if rng.random() < 0.7 else "ITkpix_v2"
    return {
        "FECHIP_VERSION": version,
        "ORIENTATION": rng.random() < 0.97,
        **trims,
        "ROOF": rng.random() < 0.6,
    }


def _bare_module(part: Part, rng: random.Random) -> Content:
    del rng
    digits = _digits(part)
    return {"FECHIP_VERSION": digits[0], "VENDOR": digits[1], "THICKNESS": 150}


def _fe_chip(part: Part, rng: random.Random) -> Content:
    return {
        "WAFERSN": f"20UPGFW{int(_digits(part)) >> 8:07d}",
        "KSHUNTA": round(rng.gauss(1015, 15), 1),
        "KSHUNTD": round(rng.gauss(1005, 15), 1),
        "IREFTRIM": rng.randint(6, 10),
    }


def _pcb(part: Part, rng: random.Random) -> Content:
    del rng
    digits = _digits(part)
    bill = "20" if "TRIPLET" in part.variant.code else "22"
    return {"PCB_DESIGN_VERSION": digits[0], "PCB_MANUFACTURER": digits[1], "PCB_BOM_VERSION": bill}


def _carrier(part: Part, rng: random.Random) -> Content:
    del part, rng
    return {"MATERIAL": "Aluminium"}


def _strip_module(part: Part, rng: random.Random) -> Content:
    return {
        "LOCALNAME": part.alternative,
        "DCDC_GLUE": f"TB-{rng.randint(100, 180)}",
        "HV_TAB_ASSEMBLY_JIG": f"JIG-{rng.randint(1, 6)}",
        "MODULE_GLUE": rng.choice(("True Blue", "Eccobond F112", "Polaris")),
    }


def _strip_sensor(part: Part, rng: random.Random) -> Content:
    del rng
    lot, _, wafer = (part.alternative or "-W0").partition("-W")
    return {"ID": part.alternative, "WAFER_NUMBER": int(wafer), "SUBSTRATE_LOT_NO": lot}


def _hybrid_assembly(part: Part, rng: random.Random) -> Content:
    number = int(_digits(part))
    name = f"GPC{2000 + number // 16}_{part.variant.serial_code[1]}_{number % 16}"
    return {"LOCALNAME": name, "ASIC_GLUE": f"Loctite 3525, lot {rng.randint(10, 60)}"}


def _hybrid_flex(part: Part, rng: random.Random) -> Content:
    del rng
    number = int(_digits(part))
    return {"PANEL": 2000 + number // 16, "POSITION": number % 16}


def _power_board(part: Part, rng: random.Random) -> Content:
    del rng
    digits = _digits(part)
    return {"VERSION": int(digits[0]), "BATCH": int(digits[1:3]), "PB_NUMBER": int(digits[3:])}


def _asic(part: Part, rng: random.Random) -> Content:
    del rng
    number = int(_digits(part))
    return {"ID": f"{number:08X}", "WAFER_NAME": f"VF{number // 400 + 1:03d}"}


def _stave(part: Part, rng: random.Random) -> Content:
    return {"LOCALNAME": part.alternative, "CORE_THICKNESS": round(rng.gauss(5.6, 0.02), 3)}


def _foam(part: Part, rng: random.Random) -> Content:
    del part
    return {
        "BATCH": f"CF-{rng.randint(120, 190)}",
        "DENSITY": round(rng.gauss(0.22, 0.01), 3),
        "THERMAL_CONDUCTIVITY": round(rng.gauss(31, 2), 1),
    }


def _bus_tape(part: Part, rng: random.Random) -> Content:
    digits = _digits(part)
    return {"TAPE_TYPE": digits[0], "INSTITUTE": digits[1], "LENGTH": round(rng.gauss(1398.5, 0.1), 2)}


def _lpgbt(part: Part, rng: random.Random) -> Content:
    del part
    return {"CHIP_ID": f"{rng.getrandbits(32):08X}", "VERSION": "1"}


_PROPERTIES: dict[str, Callable[[Part, random.Random], Content]] = {
    "P/MODULE": _pixel_module,
    "P/BARE_MODULE": _bare_module,
    "P/FE_CHIP": _fe_chip,
    "P/PCB": _pcb,
    "P/MODULE_CARRIER": _carrier,
    "S/MODULE": _strip_module,
    "S/SENSOR": _strip_sensor,
    "S/HYBRID_ASSEMBLY": _hybrid_assembly,
    "S/HYBRID": _hybrid_flex,
    "S/PWB": _power_board,
    "S/ABC": _asic,
    "S/HCC": _asic,
    "S/STAVE": _stave,
    "CM/CARBON_FOAM": _foam,
    "CE/BUS_TAPE": _bus_tape,
    "CE/LPGBT": _lpgbt,
}
