"""Values of the strip test types (API reference §8.4)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from itkgui.sandbox.catalogue.bench import Bench
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode

Content = dict[str, Any]
_SUPPLY = {"model": "Keithley 2410", "serial": "4081234"}
_CHANNELS_PER_CHIP = 128


def properties(part: Part, rng: random.Random) -> Content:
    """Return the values of a component's properties; where the serial number has them, from there."""
    digits = (part.serial or "")[7:]
    code = part.kind.code
    if code == "MODULE":
        return {
            "LOCALNAME": part.alternative,
            "DCDC_GLUE": f"TB-{rng.randint(100, 180)}",
            "HV_TAB_ASSEMBLY_JIG": f"JIG-{rng.randint(1, 6)}",
            "MODULE_GLUE": rng.choice(("True Blue", "Eccobond F112", "Polaris")),
        }
    if code == "SENSOR":
        lot, _, wafer = (part.alternative or "-W0").partition("-W")
        return {"ID": part.alternative, "WAFER_NUMBER": int(wafer), "SUBSTRATE_LOT_NO": lot}
    if code == "HYBRID_ASSEMBLY":
        name = f"GPC{2000 + int(digits) // 16}_{part.variant.serial_code[1]}_{int(digits) % 16}"
        return {"LOCALNAME": name, "ASIC_GLUE": f"Loctite 3525, lot {rng.randint(10, 60)}"}
    if code == "HYBRID":
        return {"PANEL": 2000 + int(digits) // 16, "POSITION": int(digits) % 16}
    if code == "PWB":
        return {"VERSION": int(digits[0]), "BATCH": int(digits[1:3]), "PB_NUMBER": int(digits[3:])}
    return {"ID": f"{int(digits):08X}", "WAFER_NAME": f"VF{int(digits) // 400 + 1:03d}"}


def iv(bench: Bench) -> Content:
    """Return an IV curve as the strips store it: negative volts and nanoamperes (API reference §8.4)."""
    rng, diode = bench.rng, bench.diode
    celsius = rng.uniform(20, 23.5)
    breakdown = diode.breakdown if bench.run.passed else min(diode.breakdown, rng.uniform(250, 420))
    diode = Diode(diode.depletion, breakdown, diode.leakage, diode.slope, diode.thickness)
    voltages = [10.0 * step for step in range(71 if bench.part.kind.code == "SENSOR" else 56)]
    compliance = 10_000.0
    currents: list[float] = []
    for voltage in voltages:
        exact = min(1000 * diode.current(voltage, celsius), compliance)
        currents.append(-round(exact * (1 + rng.gauss(0, 0.004)) + abs(rng.gauss(0, 0.4)), 3))
        if exact >= compliance:
            break
    voltages = [-voltage for voltage in voltages[: len(currents)]]
    at_500 = currents[50] if len(currents) > 50 else None
    seen = breakdown < -voltages[-1]
    known = {
        "VBIAS_SMU": _SUPPLY,
        "RSERIES": 10_000.0,
        "TEST_DMM": {"model": "none"},
        "RSHUNT": 0.0,
        "RUNNUMBER": bench.run.run_number,
        "COMMENTS": "",
        "ALGORITHM_VERSION": "1.3",
        "SOFTWARE_TYPE_VERSION": "ITSDAQ 2024-11",
        "MODULE_STAGE": bench.run.stage.code,
    }
    return {
        "properties": {entry["code"]: known[entry["code"]] for entry in bench.run.test.properties},
        "results": {
            "VOLTAGE": voltages,
            "CURRENT": currents,
            "SHUNT_VOLTAGE": [0.0] * len(currents),
            "TEMPERATURE": round(celsius, 2),
            "HUMIDITY": round(rng.uniform(2, 12), 1),
            "I_500V": at_500,
            "VBD": -round(breakdown, 1) if seen else None,
            "RMS_STABILITY": round(abs(rng.gauss(0.8, 0.2)), 3),
        },
        "defects": [_early_breakdown(breakdown)] if not bench.run.passed else [],
    }


def _early_breakdown(voltage: float) -> Content:
    return {"name": "EARLY_BREAKDOWN", "description": f"Breakdown at {voltage:.0f} V", "properties": {}}


def cv(bench: Bench) -> Content:
    rng, diode = bench.rng, bench.diode
    depletion = diode.depletion if bench.run.passed else 365.0
    area, final = 97.6 * 97.6, 1.0359e-1 * 97.6 * 97.6 / diode.thickness * 10
    voltages = [10.0 * step for step in range(1, 51)]
    values = [
        final * math.sqrt(max(1.0, depletion / voltage)) * (1 + rng.gauss(0, 0.0015)) for voltage in voltages
    ]
    doping = 2 * 1.0359e-12 * depletion / (1.602e-19 * (diode.thickness * 1e-4) ** 2) / 1e12
    return {
        "properties": {
            "VBIAS_SMU": _SUPPLY,
            "RSERIES": 10_000.0,
            "RUNNUMBER": bench.run.run_number,
            "COMMENTS": f"{area:.0f} mm² active area",
            "ALGORITHM_VERSION": "1.1",
        },
        "results": {
            "VOLTAGE": [-voltage for voltage in voltages],
            "CAPACITANCE": [round(value, 3) for value in values],
            "RESISTANCE": [round(rng.gauss(2.1, 0.05), 4) for _ in voltages],
            "FREQUENCY": 5.0,
            "AMPLITUDE": 0.5,
            "VFD": round(depletion, 1),
            "NEFF": round(doping, 3),
            "ACTIVETHICKNESS": round(diode.thickness, 1),
        },
    }


def manufacturing(bench: Bench) -> Content:
    diode = bench.diode
    voltages = list(range(0, 701, 50))
    return {
        "results": {
            "IV_V_MFR": voltages,
            "IV_I_MFR": [round(1000 * diode.current(voltage, 23.0), 2) for voltage in voltages],
            "LEAK_CURRENT_FV_MFR": round(1000 * diode.current(600, 23.0), 2),
            "ACTIVE_THICKNESS_MFR": round(diode.thickness, 1),
        }
    }


def sensor_inspection(bench: Bench) -> Content:
    defects = []
    if not bench.run.passed:
        defects.append(
            {"name": "SCRATCH", "description": "Scratch across 12 strips in segment 2", "properties": {}}
        )
    return {"results": {"RESULT": bench.run.passed}, "defects": defects}


def shape(bench: Bench) -> Content:
    rng = bench.rng
    bow = rng.gauss(70, 18) if bench.run.passed else 230.0
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


def stability(bench: Bench) -> Content:
    rng = bench.rng
    level = 1000 * bench.diode.current(450, 21.0)
    drift = 0.04 if bench.run.passed else 0.3
    times = [300 * step for step in range(289)]
    currents = [
        round(-level * (1 - drift * (1 - math.exp(-time / 20000)) + rng.gauss(0, 0.004)), 3) for time in times
    ]
    return {
        "properties": {"RUNNUMBER": bench.run.run_number},
        "results": {
            "TIME": times,
            "CURRENT": currents,
            "VBIAS": -450.0,
            "CURRENT_VARIATION": round(drift, 3),
        },
    }


def glue_weight(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"GLUE_TYPE": "True Blue"},
        "results": {"GW_GLUE_H1": round(rng.gauss(148, 6), 1), "GW_GLUE_PB": round(rng.gauss(82, 4), 1)},
    }


def module_metrology(bench: Bench) -> Content:
    rng = bench.rng
    hybrids = ["H_X_0"] if bench.part.variant.code == "BARREL_LS_MODULE" else ["H_X_0", "H_Y_0"]
    thick = 120 if bench.run.passed else 190

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
    value = bench.rng.gauss(25, 35) if bench.run.passed else 240.0
    return {"properties": {"MACHINE": "OGP SmartScope"}, "results": {"BOW": round(value, 1)}}


def wire_bonding(bench: Bench) -> Content:
    rng = bench.rng
    missing = rng.randint(0, 5) if bench.run.passed else rng.randint(40, 70)
    defects: list[Content] = []
    failed: dict[int, dict[str, str]] = {row: {} for row in range(1, 5)}
    for _ in range(missing):
        row, wire = rng.randint(1, 4), rng.randint(1, 1280)
        failed[row][str(wire)] = "No bond"
        defects.append(
            {
                "name": "UNBONDED",
                "description": f"Row {row}, wire {wire} is not bonded",
                "properties": {"front_end_row": row, "wire_number": wire},
            }
        )
    repaired = {
        row: {str(rng.randint(1, 1280)): "Repaired" for _ in range(rng.randint(0, 2))} for row in range(1, 5)
    }
    return {
        "properties": {
            "OPERATOR": bench.operator,
            "BOND_MACHINE": rng.choice(("Hesse BJ820", "Delvotec 64000", "Hesse BJ855")),
            "BONDWIRE_BATCH": f"AL25-{rng.randint(100, 140)}",
        },
        "results": {
            **{f"REPAIRED_FRONTEND_ROW{row}": wires for row, wires in repaired.items()},
            **{f"FAILED_FRONTEND_ROW{row}": wires for row, wires in failed.items()},
            "FAILED_HYBRID_TO_PB": {},
            "FAILED_MODULE_TO_FRAME": {},
            "MAX_UNCON_SENSOR_CHAN": min(missing, 1) if bench.run.passed else 11,
            "TOTAL_PERC_UNCON_SENSOR_CHAN": round(100 * missing / 5120, 3),
        },
        "defects": defects,
    }


def _chips(bench: Bench) -> int:
    return 20 if bench.part.variant.code == "BARREL_SS_MODULE" else 10


def strobe_delay(bench: Bench) -> Content:
    delays = [bench.rng.randint(18, 26) for _ in range(_chips(bench))]
    return {"properties": {"RUNNUMBER": bench.run.run_number}, "results": {"DELAYS": delays}}


def pedestal_trim(bench: Bench) -> Content:
    rng = bench.rng
    untrimmed = rng.randint(0, 6) if bench.run.passed else 55
    ranges = [rng.randint(3, 7) for _ in range(_chips(bench))]
    return {
        "properties": {"RUNNUMBER": bench.run.run_number},
        "results": {"TRIM_RANGE": ranges, "UNTRIMMED": untrimmed},
    }


def response_curve(bench: Bench) -> Content:
    """Return gain per chip and noise per channel: 1280 or 2560 numbers."""
    rng, chips = bench.rng, _chips(bench)
    level = 800.0 if bench.part.variant.code in ("BARREL_LS_MODULE", "BARREL_SS_MODULE") else 410.0
    noise = [
        round(rng.gauss(level, 28) + 60 * (channel % _CHANNELS_PER_CHIP in (0, 127)), 1)
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


def module_inspection(bench: Bench) -> Content:
    """Return links as text, "failed" among them, as some inspections hold them (API reference §8.4)."""
    if bench.run.passed:
        link = bench.rng.choice((None, "failed", "https://cernbox.cern.ch/s/example"))
        return {"results": {"DAMAGE_TYPE": None, "LOCATION1": None, "URLS1": link}}
    place = bench.rng.choice(("Power board, coil", "Hybrid X, HCC", "Sensor edge, segment 4"))
    return {"results": {"DAMAGE_TYPE": "Contamination", "LOCATION1": place, "URLS1": "failed"}}


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "S/SENSOR/MANUFACTURING18": manufacturing,
    "S/SENSOR/ATLAS18_VIS_INSPECTION_V1": sensor_inspection,
    "S/SENSOR/ATLAS18_IV_TEST_V1": iv,
    "S/SENSOR/ATLAS18_CV_TEST_V1": cv,
    "S/SENSOR/ATLAS18_SHAPE_METROLOGY_V1": shape,
    "S/SENSOR/CURRENT_STABILITY_V1": stability,
    "S/MODULE/MODULE_IV_PS_V1": iv,
    "S/MODULE/MODULE_IV_PS_BONDED": iv,
    "S/MODULE/MODULE_IV_AMAC": iv,
    "S/MODULE/GLUE_WEIGHT": glue_weight,
    "S/MODULE/MODULE_METROLOGY": module_metrology,
    "S/MODULE/MODULE_BOW": module_bow,
    "S/MODULE/MODULE_WIRE_BONDING": wire_bonding,
    "S/MODULE/STROBE_DELAY_PPA": strobe_delay,
    "S/MODULE/PEDESTAL_TRIM_PPA": pedestal_trim,
    "S/MODULE/RESPONSE_CURVE_PPA": response_curve,
    "S/MODULE/NO_PPA": noise_occupancy,
    "S/MODULE/VISUAL_INSPECTION": module_inspection,
    "S/HYBRID_ASSEMBLY/RESPONSE_CURVE_PPA": response_curve,
    "S/HYBRID_ASSEMBLY/NO_PPA": noise_occupancy,
}
