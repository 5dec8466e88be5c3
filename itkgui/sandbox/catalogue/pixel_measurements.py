"""Values of the pixel test types (API reference §8.4)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from itkgui.sandbox.catalogue.bench import Bench
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode

Content = dict[str, Any]
_ANALYSIS = "2.2.7"
_WARM, _COLD = 20.0, -15.0


def properties(part: Part, rng: random.Random, diode: Diode) -> Content:
    """Return the values of a component's properties; where the serial number has them, from there."""
    digits = (part.serial or "")[7:]
    code = part.kind.code
    if code == "MODULE":
        trims = {f"IREFTRIM_FE{chip}": rng.randint(6, 10) for chip in range(1, 5)}
        # A code-table value is stored sometimes as code, sometimes as text (API reference §5.3).
        version: Any = digits[0] if rng.random() < 0.7 else "ITkpix_v2"
        return {
            "FECHIP_VERSION": version,
            "ORIENTATION": rng.random() < 0.97,
            **trims,
            "ROOF": rng.random() < 0.6,
        }
    if code == "BARE_MODULE":
        return {"FECHIP_VERSION": digits[0], "VENDOR": digits[1], "THICKNESS": 150}
    if code == "SENSOR_TILE":
        return {
            "MANUFACTURER": digits[0],
            "V_FD": round(diode.depletion, 1),
            "THICKNESS": int(diode.thickness),
            "WAFER_NUMBER": f"W{int(digits[2:]) // 6 + 1:03d}",
        }
    if code == "FE_CHIP":
        wafer = int(digits) >> 8
        return {
            "WAFERSN": f"20UPGFW{wafer:07d}",
            "KSHUNTA": round(rng.gauss(1015, 15), 1),
            "KSHUNTD": round(rng.gauss(1005, 15), 1),
            "IREFTRIM": rng.randint(6, 10),
        }
    if code == "PCB":
        return {"PCB_DESIGN_VERSION": digits[0], "PCB_MANUFACTURER": digits[1], "PCB_BOM_VERSION": "22"}
    return {"MATERIAL": "Aluminium"}


def iv_measure(bench: Bench) -> Content:
    """Return an IV curve in µA; a failed one breaks down early or stops at the compliance of the supply."""
    rng, diode = bench.rng, bench.diode
    celsius = _COLD if bench.cold else _WARM
    humidity = rng.uniform(1, 8) if bench.cold else rng.uniform(20, 42)
    limit = 200.0 if bench.part.kind.code == "MODULE" else 220.0
    step = 5.0
    breakdown = diode.breakdown
    if not bench.run.passed:
        breakdown = min(breakdown, rng.uniform(70, 115))
        diode = Diode(
            diode.depletion, breakdown, diode.leakage * rng.uniform(1.2, 2.5), diode.slope, diode.thickness
        )
    curve: dict[str, list[float]] = {name: [] for name in ("time", "voltage", "current")}
    curve |= {"sigma current": [], "temperature": [], "humidity": []}
    voltage, seconds, compliance = 0.0, 0.0, 100.0 if bench.part.kind.code == "MODULE" else 20.0
    while voltage <= limit:
        exact = min(diode.current(voltage, celsius), compliance)
        sigma = 0.002 + 0.004 * exact
        curve["time"].append(round(seconds, 1))
        curve["voltage"].append(voltage)
        curve["current"].append(round(exact + rng.gauss(0, sigma / 2), 5))
        curve["sigma current"].append(round(sigma * rng.uniform(0.6, 1.3), 5))
        curve["temperature"].append(round(celsius + rng.gauss(0, 0.12), 2))
        curve["humidity"].append(round(max(0.5, humidity + rng.gauss(0, 0.25)), 2))
        if exact >= compliance:
            break
        voltage += step
        seconds += rng.uniform(9.5, 11.0)
    reached = curve["voltage"][-1]
    return {
        "properties": {"HUM": round(humidity, 1), "TEMP": celsius, "ANALYSIS_VERSION": _ANALYSIS},
        "results": {
            "IV_ARRAY": curve,
            # -999 says that no breakdown was seen.
            "BREAKDOWN_VOLTAGE": round(breakdown, 1) if breakdown < reached else -999.0,
            "LEAK_CURRENT": round(diode.current(diode.depletion + 50, celsius), 4),
        },
    }


def quad_metrology(bench: Bench) -> Content:
    rng = bench.rng
    bad = 0 if bench.run.passed else rng.choice((45, 70))
    base = rng.gauss(578, 6)
    thickness = [round(base + rng.gauss(0, 7) + (bad if chip == 2 else 0), 1) for chip in range(4)]
    return {
        "properties": {"ANALYSIS_VERSION": _ANALYSIS},
        "results": {
            "DISTANCE_PCB_BARE_MODULE_TOP_LEFT": [round(rng.gauss(2230, 35)), round(rng.gauss(770, 30))],
            "DISTANCE_PCB_BARE_MODULE_BOTTOM_RIGHT": [round(rng.gauss(2230, 35)), round(rng.gauss(770, 30))],
            "ANGLE_PCB_BM": round(rng.gauss(0, 0.02), 4),
            "AVERAGE_THICKNESS": thickness,
            "STD_DEVIATION_THICKNESS": [round(abs(rng.gauss(3, 1)), 1) for _ in range(4)],
            "THICKNESS_VARIATION_PICKUP_AREA": round(max(thickness) - min(thickness), 1),
            "THICKNESS_INCLUDING_POWER_CONNECTOR": round(rng.gauss(1862, 15), 1),
            "HV_CAPACITOR_THICKNESS": round(rng.gauss(2285, 15), 1),
        },
    }


def old_positions(bench: Bench) -> Content:
    """Return the positions under the codes that the test type had before (API reference §5.6)."""
    rng = bench.rng
    corners = ("BOTTOM_LEFT", "TOP_RIGHT")
    return {
        f"PCB_BAREMODULE_POSITION_{corner}": [rng.randint(2190, 2270), rng.randint(730, 810)]
        for corner in corners
    }


def wirebond_pull(bench: Bench) -> Content:
    rng = bench.rng
    count = rng.randint(18, 40)
    mean = rng.gauss(10.6, 0.5) if bench.run.passed else rng.gauss(7.4, 0.4)
    pulls = [round(max(2.5, rng.gauss(mean, 0.85)), 2) for _ in range(count)]
    average = sum(pulls) / count
    spread = (sum((pull - average) ** 2 for pull in pulls) / (count - 1)) ** 0.5
    weak = sum(pull < 5 for pull in pulls)
    return {
        "properties": {
            "OPERATOR": bench.operator,
            "INSTRUMENT": rng.choice(("Dage 4000 Plus", "F&S Bondtec 5600", "Hesse BJ653")),
            "ANALYSIS_VERSION": _ANALYSIS,
        },
        "results": {
            "WIRE_PULLS": count,
            "PULL_STRENGTH": round(average, 3),
            "PULL_STRENGTH_ERROR": round(spread, 3),
            "PULL_STRENGTH_MIN": min(pulls),
            "PULL_STRENGTH_MAX": max(pulls),
            "WIRE_BREAKS_5G": round(100 * weak / count, 1),
            "HEEL_BREAKS_ON_FE_CHIP": round(100 * rng.randint(count // 2, count - 2) / count, 1),
            "BOND_PEEL": 0.0,
            "LIFT_OFFS_LESS_THAN_7G": 0.0 if bench.run.passed else round(100 * rng.randint(1, 4) / count, 1),
            "DATA_UNAVAILABLE": False,
            "PULL_STRENGTH_DATA": pulls,
        },
    }


def wirebonding(bench: Bench) -> Content:
    rng = bench.rng
    reworked = rng.choice(("", "", "FE3: 112", "FE1: 17, 18"))
    return {
        "properties": {
            "MACHINE": rng.choice(("Hesse BJ855", "Delvotec G5", "Hesse BJ820")),
            "OPERATOR": bench.operator,
            "BONDWIRE_BATCH": f"AL25-{rng.randint(100, 140)}",
        },
        "results": {
            "HUMIDITY": round(rng.uniform(32, 48), 1),
            "TEMPERATURE": round(rng.uniform(20, 23), 1),
            "REWORKED_WIRE_BONDS": reworked,
            **{f"IREF_TRIM_BIT_{chip}": f"{rng.randint(6, 10):04b}" for chip in range(1, 5)},
        },
    }


def glue(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"GLUE_TYPE": "Araldite 2011", "BATCH_NUMBER": f"A{rng.randint(3000, 3999)}"},
        "results": {"TEMP": round(rng.uniform(20, 23), 1), "HUMIDITY": round(rng.uniform(30, 50), 1)},
    }


_MASS = {"MODULE": (4950, 60), "BARE_MODULE": (2860, 30), "PCB": (1720, 25)}


def mass(bench: Bench) -> Content:
    mean, spread = _MASS[bench.part.kind.code]
    # One scale for one part: only the last digits differ between its stages.
    value = mean + spread * ((bench.part.index * 7919) % 200 - 100) / 100 + bench.rng.gauss(0, 1.5)
    return {
        "properties": {"SCALE_ACCURACY": 1.0, "ANALYSIS_VERSION": _ANALYSIS},
        "results": {"MASS": round(value, 1)},
    }


def flatness(bench: Bench) -> Content:
    rng = bench.rng
    tilt_x, tilt_y, bow = rng.gauss(0, 0.15), rng.gauss(0, 0.15), rng.gauss(14, 3)
    points = []
    for x in range(-20, 21, 8):
        for y in range(-20, 21, 8):
            z = bow * (1 - (x * x + y * y) / 800) + tilt_x * x + tilt_y * y + rng.gauss(0, 0.8)
            points.append([x, y, round(z, 2)])
    return {
        "properties": {"ANALYSIS_VERSION": _ANALYSIS},
        "results": {
            "BACKSIDE_FLATNESS": round(bow + (0 if bench.run.passed else 18), 2),
            "ANGLES": [round(tilt_x / 1000, 6), round(tilt_y / 1000, 6)],
            "FLATNESS_MEASUREMENT_POINTS": points,
        },
    }


def parylene(bench: Bench) -> Content:
    rng = bench.rng
    thickness = rng.gauss(8, 0.8) if bench.run.passed else rng.gauss(3, 0.3)
    return {
        "properties": {"BATCH_NUMBER": f"N-{rng.randint(10, 60)}"},
        "results": {
            "THICKNESS": round(thickness, 2),
            "THICKNESS_ITK": round(thickness + rng.gauss(0, 0.3), 2),
            "ADHESION": "5B" if bench.run.passed else "3B",
        },
    }


_OBSERVATIONS = (
    "",
    "",
    "",
    "Dust on the sensor edge, removed with dry air.",
    "Fibre near the power connector.",
)
_PROBLEMS = (
    "Flux residues on the bond pads of FE2.",
    "Scratch across three bond pads.",
    "Chipped corner, FE4.",
)


def visual_inspection(bench: Bench) -> Content:
    """Return grades: 1 good, 2 issue, 3 bad."""
    rng = bench.rng
    results: Content = {}
    for parameter in bench.run.test.parameters:
        if parameter["dataType"] == "integer":
            results[parameter["code"]] = 2 if rng.random() < 0.08 else 1
    results["OBSERVATION"] = rng.choice(_OBSERVATIONS) or None
    if not bench.run.passed:
        results[next(iter(results))] = 3
        results["OBSERVATION"] = rng.choice(_PROBLEMS)
    names = {entry["code"] for entry in bench.run.test.properties}
    known = {"INSPECTOR": bench.operator, "ANALYSIS_VERSION": _ANALYSIS}
    return {"properties": {key: known[key] for key in names}, "results": results}


def e_summary(bench: Bench) -> Content:
    links = {
        f"{test}_FE_LINK_{chip + 1}": bench.linked("FE_CHIP", test, chip)
        for test in ("MIN_HEALTH_TEST", "TUNING")
        for chip in range(4)
    }
    bad = bench.rng.randint(8, 120) if bench.run.passed else bench.rng.randint(700, 2500)
    return {
        "properties": {"ANALYSIS_VERSION": _ANALYSIS},
        "results": {**links, "MODULE_BAD_PIXEL_NUMBER": bad},
    }


def bare_module_sensor_iv(bench: Bench) -> Content:
    return {"results": {"LINK_TO_SENSOR_IV_TEST": bench.linked("SENSOR_TILE", "IV_MEASURE", 0)}}


def bare_metrology(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"ANALYSIS_VERSION": _ANALYSIS},
        "results": {
            "SENSOR_X": round(rng.gauss(39.55, 0.008), 4),
            "SENSOR_Y": round(rng.gauss(41.15, 0.008), 4),
            "SENSOR_THICKNESS": round(rng.gauss(162, 3), 1),
            "FECHIP_THICKNESS": round(rng.gauss(152, 3), 1),
            "BARE_MODULE_THICKNESS": round(rng.gauss(331, 4) + (0 if bench.run.passed else 60), 1),
        },
    }


def pcb_metrology(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"ANALYSIS_VERSION": _ANALYSIS},
        "results": {
            "X_DIMENSION": round(rng.gauss(39.6, 0.015), 3),
            "Y_DIMENSION": round(rng.gauss(40.4, 0.015), 3),
            "AVERAGE_THICKNESS_FECHIP_PICKUP_AREAS": round(
                rng.gauss(196, 7) + (0 if bench.run.passed else 80), 1
            ),
        },
    }


def fe_chip_test(bench: Bench) -> Content:
    """Return the numbers of a front-end chip's electrical test, whichever of them the test type asks for."""
    rng, failed = bench.rng, not bench.run.passed
    slope, vi_offset = rng.gauss(0.194, 0.003), rng.gauss(1.02, 0.01)
    currents = [round(0.1 * step, 1) for step in range(1, 16)]
    tdac = [round(38000 * 2.718 ** (-((code - 16) ** 2) / 50) + rng.uniform(0, 300)) for code in range(32)]
    known: Content = {
        "IREF_TRIM": rng.randint(6, 10),
        "KSHUNTA": round(rng.gauss(1015, 15), 1),
        "KSHUNTD": round(rng.gauss(1005, 15), 1),
        "PIXELS_BAD": rng.randint(400, 900) if failed else rng.randint(0, 40),
        "ADC_CALIBRATION_SLOPE": round(0.25 if failed else slope, 5),
        "ADC_CALIBRATION_OFFSET": round(rng.gauss(5, 3), 3),
        "ADC_CALIBRATION_LINEARITY": round(abs(rng.gauss(1.2, 0.3)), 3),
        "AR_NOMINAL_SETTINGS": [round(rng.uniform(0.2, 0.9), 4) for _ in range(24)],
        "AR_TEMP_NTC": round(rng.gauss(-12 if bench.cold else 32, 1), 2),
        "AR_VDDA_VS_TRIM": [round(1.05 + 0.0135 * trim + rng.gauss(0, 0.001), 4) for trim in range(16)],
        "AR_VDDD_VS_TRIM": [round(1.04 + 0.0135 * trim + rng.gauss(0, 0.001), 4) for trim in range(16)],
        "AR_ROSC_SLOPE": [round(rng.gauss(560, 25), 2) for _ in range(42)],
        "SLDO_VI_SLOPE": round(rng.gauss(0.57, 0.01), 4),
        "SLDO_VI_OFFSET": round(vi_offset, 4),
        "SLDO_LINEARITY": round(abs(rng.gauss(0.008, 0.002)), 4),
        "SLDO_VINA_VIND": round(abs(rng.gauss(0.004, 0.001)), 4),
        "SLDO_CURRENT": currents,
        "SLDO_VIN": [round(vi_offset + 0.57 * current + rng.gauss(0, 0.004), 4) for current in currents],
        "VCAL_MED_SLOPE": round(rng.gauss(0.205, 0.003), 5),
        "VCAL_MED_OFFSET": round(rng.gauss(1.5, 0.8), 3),
        "VCAL_HIGH_SLOPE": round(rng.gauss(0.205, 0.003), 5),
        "VCAL_HIGH_OFFSET": round(rng.gauss(1.5, 0.8), 3),
        "INJ_CAPACITANCE": round(9.6 if failed else rng.gauss(7.9, 0.12), 3),
        "EYE_OPENING_LANE_0": 2 if failed else rng.randint(6, 14),
        "EYE_OPENING_LANE_1": rng.randint(4, 14),
        "MIN_HEALTH_DEAD_DIGITAL": rng.randint(900, 4000) if failed else rng.randint(0, 5),
        "MIN_HEALTH_DEAD_ANALOG": rng.randint(900, 4000) if failed else rng.randint(0, 25),
        "MIN_HEALTH_NOISE_MEAN": round(rng.gauss(62 if bench.cold else 74, 4), 2),
        "MIN_HEALTH_THRESHOLD_MEAN": round(rng.gauss(2040, 60), 1),
        "TUNING_UNTUNED_THRESHOLD_MEAN": round(rng.gauss(2400, 180), 1),
        "TUNING_TUNED_THRESHOLD_MEAN": round(rng.gauss(1500, 12), 1),
        "TUNING_TUNED_THRESHOLD_SIGMA": round(rng.gauss(120 if failed else 41, 5), 2),
        "TUNING_TOT_MEAN": round(rng.gauss(7.0, 0.15), 3),
        "TUNING_TDAC_HISTOGRAM": tdac,
        "PIXEL_FAILURE_ELECTRICALLY_FAILED": rng.randint(700, 3000) if failed else rng.randint(1, 90),
        "PIXEL_FAILURE_DISCONNECTED_PIXELS": rng.randint(0, 160),
        "PIXEL_FAILURE_NOISY": rng.randint(0, 30),
    }
    station = {"PROBE_STATION": f"Probe station {rng.randint(1, 3)}", "ANALYSIS_VERSION": _ANALYSIS}
    asked = {entry["code"] for entry in bench.run.test.parameters}
    return {
        "properties": {entry["code"]: station[entry["code"]] for entry in bench.run.test.properties},
        "results": {code: value for code, value in known.items() if code in asked},
    }


_CHIP_TESTS = (
    "FECHIP_TEST",
    "ADC_CALIBRATION",
    "ANALOG_READBACK",
    "SLDO",
    "VCAL_CALIBRATION",
    "INJECTION_CAPACITANCE",
    "DATA_TRANSMISSION",
    "MIN_HEALTH_TEST",
    "TUNING",
    "PIXEL_FAILURE_ANALYSIS",
)
FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "P/MODULE/IV_MEASURE": iv_measure,
    "P/SENSOR_TILE/IV_MEASURE": iv_measure,
    "P/MODULE/QUAD_MODULE_METROLOGY": quad_metrology,
    "P/MODULE/WIREBOND_PULL_TEST": wirebond_pull,
    "P/MODULE/WIREBONDING": wirebonding,
    "P/MODULE/GLUE_MODULE_FLEX_ATTACH": glue,
    "P/MODULE/MASS_MEASUREMENT": mass,
    "P/BARE_MODULE/MASS_MEASUREMENT": mass,
    "P/PCB/MASS_MEASUREMENT": mass,
    "P/MODULE/FLATNESS": flatness,
    "P/MODULE/PARYLENE": parylene,
    "P/MODULE/VISUAL_INSPECTION": visual_inspection,
    "P/BARE_MODULE/VISUAL_INSPECTION": visual_inspection,
    "P/PCB/VISUAL_INSPECTION": visual_inspection,
    "P/MODULE/E_SUMMARY": e_summary,
    "P/BARE_MODULE/BARE_MODULE_SENSOR_IV": bare_module_sensor_iv,
    "P/BARE_MODULE/QUAD_BARE_MODULE_METROLOGY": bare_metrology,
    "P/PCB/PCB_METROLOGY": pcb_metrology,
    **{f"P/FE_CHIP/{code}": fe_chip_test for code in _CHIP_TESTS},
}
