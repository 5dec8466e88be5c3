"""Values of the pixel test types (API reference §8.4)."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content
from itkgui.sandbox.catalogue.iv_measurements import ANALYSIS


def quad_metrology(bench: Bench) -> Content:
    rng = bench.rng
    bad = 0 if bench.run.passed else rng.choice((45, 70))
    base = rng.gauss(578, 6)
    thickness = [round(base + rng.gauss(0, 7) + (bad if chip == 2 else 0), 1) for chip in range(4)]
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
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
    """Return the pull strength [g] of each wire and what follows from them; a failed one has weak wires."""
    rng, count = bench.rng, bench.rng.randint(18, 40)
    if bench.run.passed:
        pulls = [max(6.5, rng.gauss(10.6, 0.85)) for _ in range(count)]
    else:
        # The heels of a badly set bonder give way early: a low mean, and some below 5 g.
        mean = bench.damage.uniform(6.6, 7.7)
        pulls = [max(2.4, rng.gauss(mean, 1.3)) for _ in range(count)]
        pulls[bench.damage.randrange(count)] = bench.damage.uniform(3.4, 4.8)
    pulls = [round(pull, 2) for pull in pulls]
    average = sum(pulls) / count
    spread = (sum((pull - average) ** 2 for pull in pulls) / (count - 1)) ** 0.5
    peels = 0 if bench.run.passed else sum(pull < 5 for pull in pulls)
    heels = rng.randint(count // 2, count - 2 - peels)
    return {
        "properties": {
            "OPERATOR": bench.operator,
            "INSTRUMENT": rng.choice(("Dage 4000 Plus", "F&S Bondtec 5600", "Hesse BJ653")),
            "ANALYSIS_VERSION": ANALYSIS,
        },
        "results": {
            "WIRE_PULLS": count,
            "PULL_STRENGTH": round(average, 3),
            "PULL_STRENGTH_ERROR": round(spread, 3),
            "PULL_STRENGTH_MIN": min(pulls),
            "PULL_STRENGTH_MAX": max(pulls),
            "WIRE_BREAKS_5G": round(100 * sum(pull < 5 for pull in pulls) / count, 1),
            "HEEL_BREAKS_ON_FE_CHIP": round(100 * heels / count, 1),
            "BOND_PEEL": round(100 * peels / count, 1),
            "LIFT_OFFS_LESS_THAN_7G": 0.0,
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


_MASS = {
    "OUTER_SYSTEM_QUAD_MODULE": (4950, 60),
    "L1_QUAD_MODULE": (4790, 60),
    "L0_STAVE_TRIPLET_MODULE": (3480, 50),
    "QUAD_BARE_MODULE": (2860, 30),
    "SINGLE_BARE_MODULE": (715, 10),
    "QUAD_PCB": (1720, 25),
    "L0_STAVE_TRIPLET_PCB": (1240, 20),
}


def mass(bench: Bench) -> Content:
    mean, spread = _MASS[bench.part.variant.code]
    # One scale for one part: only the last digits differ between its stages.
    value = mean + spread * ((bench.part.index * 7919) % 200 - 100) / 100 + bench.rng.gauss(0, 1.5)
    return {
        "properties": {"SCALE_ACCURACY": 1.0, "ANALYSIS_VERSION": ANALYSIS},
        "results": {"MASS": round(value, 1)},
    }


def flatness(bench: Bench) -> Content:
    rng = bench.rng
    bow = rng.gauss(14, 2.5) if bench.run.passed else bench.damage.uniform(29, 38)
    tilt_x, tilt_y = rng.gauss(0, 0.15), rng.gauss(0, 0.15)
    points = []
    for x in range(-20, 21, 8):
        for y in range(-20, 21, 8):
            z = bow * (1 - (x * x + y * y) / 800) + tilt_x * x + tilt_y * y + rng.gauss(0, 0.8)
            points.append([x, y, round(z, 2)])
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
        "results": {
            "BACKSIDE_FLATNESS": round(bow, 2),
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


def e_summary(bench: Bench) -> Content:
    links = {
        f"{test}_FE_LINK_{chip + 1}": bench.linked("FE_CHIP", test, chip)
        for test in ("MIN_HEALTH_TEST", "TUNING")
        for chip in range(4)
    }
    bad = bench.rng.randint(8, 120) if bench.run.passed else bench.rng.randint(700, 2500)
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
        "results": {**links, "MODULE_BAD_PIXEL_NUMBER": bad},
    }


def bare_module_sensor_iv(bench: Bench) -> Content:
    return {"results": {"LINK_TO_SENSOR_IV_TEST": bench.linked("SENSOR_TILE", "IV_MEASURE", 0)}}


def bare_metrology(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
        "results": {
            "SENSOR_X": round(rng.gauss(39.55, 0.008), 4),
            "SENSOR_Y": round(rng.gauss(41.15, 0.008), 4),
            "SENSOR_THICKNESS": round(rng.gauss(162, 3), 1),
            "FECHIP_THICKNESS": round(rng.gauss(152, 3), 1),
            "BARE_MODULE_THICKNESS": round(rng.gauss(331, 4) + (0 if bench.run.passed else 60), 1),
        },
    }


def triplet_metrology(bench: Bench) -> Content:
    """Return heights [µm], and the corners A to F of the bare modules from the fiducials C and D [mm]."""
    rng = bench.rng
    bad = 0.0 if bench.run.passed else bench.damage.uniform(60, 90)
    corners = {}
    for order, name in enumerate("ABCDEF"):
        x, y = 21.1 * (order // 2), 20.4 * (order % 2)
        corners[f"{name}X_IN_CD_REFSYST"] = round(x + rng.gauss(0, 0.012), 4)
        corners[f"{name}Y_IN_CD_REFSYST"] = round(y + rng.gauss(0, 0.012), 4)
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
        "results": {
            "MODULE_THICKNESS": round(rng.gauss(612, 7) + bad, 1),
            "THICKNESS_HV_CAP": round(rng.gauss(2210, 15), 1),
            "THICKNESS_CONNECTOR": round(rng.gauss(1790, 15), 1),
            "THICKNESS_SMD": round(rng.gauss(1120, 12), 1),
            **corners,
            "MAX_MODULE_LENGTH": round(rng.gauss(63.4, 0.02), 3),
            "SENSOR_GAP": [round(rng.gauss(210, 9), 1) for _ in range(2)],
        },
    }


def pcb_metrology(bench: Bench) -> Content:
    rng = bench.rng
    return {
        "properties": {"ANALYSIS_VERSION": ANALYSIS},
        "results": {
            "X_DIMENSION": round(rng.gauss(39.6, 0.015), 3),
            "Y_DIMENSION": round(rng.gauss(40.4, 0.015), 3),
            "AVERAGE_THICKNESS_FECHIP_PICKUP_AREAS": round(
                rng.gauss(196, 7) + (0 if bench.run.passed else 80), 1
            ),
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "P/MODULE/QUAD_MODULE_METROLOGY": quad_metrology,
    "P/MODULE/TRIPLET_METROLOGY": triplet_metrology,
    "P/MODULE/WIREBOND_PULL_TEST": wirebond_pull,
    "P/MODULE/WIREBONDING": wirebonding,
    "P/MODULE/GLUE_MODULE_FLEX_ATTACH": glue,
    "P/MODULE/MASS_MEASUREMENT": mass,
    "P/BARE_MODULE/MASS_MEASUREMENT": mass,
    "P/PCB/MASS_MEASUREMENT": mass,
    "P/MODULE/FLATNESS": flatness,
    "P/MODULE/PARYLENE": parylene,
    "P/MODULE/E_SUMMARY": e_summary,
    "P/BARE_MODULE/BARE_MODULE_SENSOR_IV": bare_module_sensor_iv,
    "P/BARE_MODULE/QUAD_BARE_MODULE_METROLOGY": bare_metrology,
    "P/PCB/PCB_METROLOGY": pcb_metrology,
}
