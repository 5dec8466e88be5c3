"""Values of the strip test types (API reference §8.4)."""

from __future__ import annotations

import math
from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content

_CHANNELS_PER_CHIP = 256


def shape(bench: Bench) -> Content:
    rng = bench.rng
    bow = rng.gauss(70, 18) if bench.run.passed else bench.damage.uniform(212, 260)
    axis = [round(-46.0 + 6.5 * step, 2) for step in range(15)]
    x = [value for value in axis for _ in axis]
    y = [value for _ in axis for value in axis]
    tilt = rng.gauss(0, 0.0002)
    curve = [
        bow / 1000 * (a * a + b * b) / (2 * 46.0**2) + rng.gauss(0, 0.0008) for a, b in zip(x, y, strict=True)
    ]
    return {
        "results": {
            "X": x,
            "Y": y,
            "Z": [round(z + tilt * a + 0.35, 5) for z, a in zip(curve, x, strict=True)],
            "Z_BOW": [round(z, 5) for z in curve],
            "BOWING": round(bow, 1),
        }
    }


def glue_weight(bench: Bench) -> Content:
    rng = bench.rng
    mass = rng.gauss(148, 6) if bench.run.passed else bench.damage.choice((104.0, 196.0)) + rng.gauss(0, 2)
    return {
        "properties": {"GLUE_TYPE": "True Blue"},
        "results": {"GW_GLUE_H1": round(mass, 1), "GW_GLUE_PB": round(rng.gauss(82, 4), 1)},
    }


_HYBRIDS = {
    "BARREL_LS_MODULE": ("H_X_0",),
    "R0": ("R0H0", "R0H1"),
    "R3M0": ("R3H0", "R3H2"),
    "R3M1": ("R3H1", "R3H3"),
}


def module_metrology(bench: Bench) -> Content:
    rng = bench.rng
    hybrids = _HYBRIDS.get(bench.part.variant.code, ("H_X_0", "H_Y_0"))
    thick = 120 if bench.run.passed else bench.damage.uniform(195, 215)

    def spot(x: float, y: float) -> list[float]:
        return [round(x + rng.gauss(0, 0.03), 4), round(y + rng.gauss(0, 0.03), 4)]

    return {
        "properties": {
            "MACHINE": rng.choice(("OGP SmartScope", "Mitutoyo Quick Vision")),
            "OPERATOR": bench.operator,
        },
        "results": {
            "HYBRID_POSITION": {
                f"{name}_P{point}": spot(48.4 * (point - 1.5), 12.0 + 26 * order)
                for order, name in enumerate(hybrids)
                for point in (1, 2)
            },
            "HYBRID_GLUE_THICKNESS": {
                name: [round(rng.gauss(thick, 9), 1) for _ in range(11)] for name in hybrids
            },
            "PB_POSITION": {f"PB_P{point}": spot(40.0 * (point - 1.5), -14.0) for point in (1, 2)},
            "PB_GLUE_THICKNESS": {f"PB_{point}": round(rng.gauss(125, 10), 1) for point in range(1, 6)},
            "CAP_HEIGHT": {f"C{point}": round(rng.gauss(2240, 25), 1) for point in range(1, 5)},
            "SHIELDBOX_HEIGHT": round(rng.gauss(5520, 40), 1),
        },
    }


def module_bow(bench: Bench) -> Content:
    value = bench.rng.gauss(25, 35) if bench.run.passed else bench.damage.uniform(215, 260)
    return {"properties": {"MACHINE": "OGP SmartScope"}, "results": {"BOW": round(value, 1)}}


def wire_bonding(bench: Bench) -> Content:
    """Return failed and repaired front-end bonds; a failed run misses a stretch of neighbours."""
    rng, wires = bench.rng, _chips(bench) * _CHANNELS_PER_CHIP // 4
    failed: dict[int, set[int]] = {row: set() for row in range(1, 5)}
    for _ in range(rng.randint(0, 5)):
        failed[rng.randint(1, 4)].add(rng.randint(1, wires))
    if not bench.run.passed:
        first, row = bench.damage.randint(1, wires - 40), bench.damage.randint(1, 4)
        failed[row].update(range(first, first + bench.damage.randint(12, 30)))
    missing = sum(map(len, failed.values()))
    repaired = {
        row: {str(rng.randint(1, wires)): "Repaired" for _ in range(rng.randint(0, 2))} for row in range(1, 5)
    }
    return {
        "properties": {
            "OPERATOR": bench.operator,
            "BOND_MACHINE": rng.choice(("Hesse BJ820", "Delvotec 64000", "Hesse BJ855")),
            "BONDWIRE_BATCH": f"AL25-{rng.randint(100, 140)}",
        },
        "results": {
            **{f"REPAIRED_FRONTEND_ROW{row}": found for row, found in repaired.items()},
            **{
                f"FAILED_FRONTEND_ROW{row}": {str(wire): "No bond" for wire in sorted(found)}
                for row, found in failed.items()
            },
            "FAILED_HYBRID_TO_PB": {},
            "FAILED_MODULE_TO_FRAME": {},
            "MAX_UNCON_SENSOR_CHAN": max(map(_longest_stretch, failed.values())),
            "TOTAL_PERC_UNCON_SENSOR_CHAN": round(100 * missing / (4 * wires), 3),
        },
        "defects": [
            {
                "name": "UNBONDED",
                "description": f"Row {row}, wire {wire} is not bonded",
                "properties": {"front_end_row": row, "wire_number": wire},
            }
            for row, found in failed.items()
            for wire in sorted(found)
        ],
    }


def _longest_stretch(numbers: set[int]) -> int:
    longest = length = 0
    for number in sorted(numbers):
        length = length + 1 if number - 1 in numbers else 1
        longest = max(longest, length)
    return longest


# How many ABCStar a module or a hybrid of this type has.
_CHIPS = {
    "BARREL_LS_MODULE": 10,
    "BARREL_SS_MODULE": 20,
    "R0": 17,
    "R3M0": 14,
    "R3M1": 14,
    "X_HYBRID": 10,
    "Y_HYBRID": 10,
    "R0H0": 8,
    "R0H1": 9,
    "R3H0": 7,
    "R3H1": 7,
    "R3H2": 7,
    "R3H3": 7,
}


def _chips(bench: Bench) -> int:
    return _CHIPS[bench.part.variant.code]


def strobe_delay(bench: Bench) -> Content:
    delays = [bench.rng.randint(18, 26) for _ in range(_chips(bench))]
    return {"properties": {"RUNNUMBER": bench.run.run_number}, "results": {"DELAYS": delays}}


def pedestal_trim(bench: Bench) -> Content:
    rng = bench.rng
    untrimmed = rng.randint(0, 6) if bench.run.passed else bench.damage.randint(40, 80)
    ranges = [rng.randint(3, 7) for _ in range(_chips(bench))]
    return {
        "properties": {"RUNNUMBER": bench.run.run_number},
        "results": {"TRIM_RANGE": ranges, "UNTRIMMED": untrimmed},
    }


def response_curve(bench: Bench) -> Content:
    """Return gain per chip and noise per channel: 2560 or 5120 numbers on the barrel."""
    rng, chips = bench.rng, _chips(bench)
    # Strips load the inputs, long ones more than short ones; a hybrid alone is quiet.
    level = {"BARREL_LS_MODULE": 800.0, "BARREL_SS_MODULE": 610.0}.get(bench.part.variant.code, 640.0)
    if bench.part.kind.code == "HYBRID_ASSEMBLY":
        level = 410.0
    noise = [
        round(rng.gauss(level, 28) + 60 * (channel % _CHANNELS_PER_CHIP in (0, 255)), 1)
        for channel in range(chips * _CHANNELS_PER_CHIP)
    ]
    bad = rng.randint(0, 8) if bench.run.passed else rng.randint(45, 90)
    for channel in rng.sample(range(len(noise)), bad):
        noise[channel] = round(rng.choice((rng.uniform(150, 300), rng.uniform(1500, 2600))), 1)
    return {
        "properties": {"RUNNUMBER": bench.run.run_number, "TEMPERATURE": round(rng.uniform(28, 36), 1)},
        "results": {
            "GAIN": [round(rng.gauss(82, 1.5), 2) for _ in range(chips)],
            "INNSE": noise,
            "INNSE_MEAN": round(sum(noise) / len(noise), 1),
            "BAD_CHANNELS": bad,
        },
    }


def noise_occupancy(bench: Bench) -> Content:
    rng = bench.rng
    sigma = rng.gauss(0.13, 0.006) * (1 if bench.run.passed else 1.7)
    thresholds = [round(0.02 * step, 2) for step in range(60)]
    values = [0.5 * math.exp(-threshold * threshold / (2 * sigma * sigma)) for threshold in thresholds]
    return {
        "properties": {"RUNNUMBER": bench.run.run_number},
        "results": {
            "THRESHOLD": thresholds,
            "OCCUPANCY": [float(f"{value * math.exp(rng.gauss(0, 0.03)):.4e}") for value in values],
            "NOISE_MEAN": round(sigma, 4),
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "S/SENSOR/ATLAS18_SHAPE_METROLOGY_V1": shape,
    "S/MODULE/GLUE_WEIGHT": glue_weight,
    "S/MODULE/MODULE_METROLOGY": module_metrology,
    "S/MODULE/MODULE_BOW": module_bow,
    "S/MODULE/MODULE_WIRE_BONDING": wire_bonding,
    "S/MODULE/STROBE_DELAY_PPA": strobe_delay,
    "S/MODULE/PEDESTAL_TRIM_PPA": pedestal_trim,
    "S/MODULE/RESPONSE_CURVE_PPA": response_curve,
    "S/MODULE/NO_PPA": noise_occupancy,
    "S/HYBRID_ASSEMBLY/RESPONSE_CURVE_PPA": response_curve,
    "S/HYBRID_ASSEMBLY/NO_PPA": noise_occupancy,
}
