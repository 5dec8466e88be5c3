"""Values of the tests of staves, common mechanics and common electronics (API reference §8.4)."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content


def envelope(bench: Bench) -> Content:
    """Return the stave's envelope and whether each module lies within it."""
    rng = bench.rng
    heights = {child.index: rng.gauss(5.4, 0.03) for child in bench.children if child.kind.code == "MODULE"}
    if not bench.run.passed:
        heights[next(iter(heights))] += bench.damage.uniform(0.5, 0.8)
    return {
        "properties": {"MACHINE": "Mitutoyo Crysta"},
        "results": {"N_MODULE": len(heights), "MAX_HEIGHT": round(max(heights.values()), 3)},
        "of_children": {"STATUS_MODULE": {index: height < 5.8 for index, height in heights.items()}},
    }


def placement(bench: Bench) -> Content:
    """Return how far each module lies from where it should [µm], and its angle [mrad]."""
    rng = bench.rng
    found = {
        child.index: {
            "dx": round(rng.gauss(0, 8), 1),
            "dy": round(rng.gauss(0, 8), 1),
            "angle": round(rng.gauss(0, 0.08), 3),
        }
        for child in bench.children
        if child.kind.code == "MODULE"
    }
    if not bench.run.passed:
        next(iter(found.values()))["dx"] = round(bench.damage.uniform(60, 90), 1)
    return {
        "properties": {"MACHINE": "Loading gantry, camera 2"},
        "results": {
            "N_MODULE": len(found),
            "WORST_DEVIATION": max(max(abs(entry["dx"]), abs(entry["dy"])) for entry in found.values()),
        },
        "of_children": {"MODULE_PLACEMENT": dict(found)},
    }


def foam(bench: Bench) -> Content:
    """Return density [g/cm³] and thermal conductivity [W/mK] of a block of foam."""
    rng = bench.rng
    conductivity = rng.gauss(31, 1.5) if bench.run.passed else bench.damage.uniform(17, 22)
    return {
        "properties": {"OPERATOR": bench.operator},
        "results": {
            "DENSITY": round(rng.gauss(0.22, 0.008), 4),
            "THERMAL_CONDUCTIVITY": round(conductivity, 2),
            "SAMPLE_SIZE": {"x": 50.0, "y": 50.0, "z": round(rng.gauss(6.0, 0.01), 3)},
        },
    }


def bus_tape(bench: Bench) -> Content:
    """Return length [mm], continuity and insulation of a bus tape."""
    rng = bench.rng
    opens = 0 if bench.run.passed else bench.damage.randint(1, 3)
    return {
        "properties": {"OPERATOR": bench.operator},
        "results": {
            "LENGTH": round(rng.gauss(1398.5, 0.1), 2),
            "LINE_RESISTANCE": [round(rng.gauss(2.9, 0.05), 3) for _ in range(28)],
            "OPEN_LINES": opens,
            "HV_LEAKAGE": round(abs(rng.gauss(0.8, 0.2)), 3),
        },
    }


def lpgbt(bench: Bench) -> Content:
    """Return what the wafer probe says of a chip."""
    rng = bench.rng
    errors = 0 if bench.run.passed else bench.damage.randint(4, 300)
    return {
        "properties": {"PROBE_STATION": "Probe station 2"},
        "results": {
            "VDD_CURRENT": round(rng.gauss(182, 4), 2),
            "BIT_ERRORS": errors,
            "EYE_OPENING": [round(rng.gauss(0.62, 0.02), 3) for _ in range(7)],
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "S/STAVE/ENVELOPE": envelope,
    "S/STAVE/MODULE_PLACEMENT_ACCURACY_STAVE": placement,
    "CM/CARBON_FOAM/THERMAL_CONDUCTIVITY": foam,
    "CE/BUS_TAPE/BUS_TAPE_ELECTRICAL": bus_tape,
    "CE/LPGBT/LPGBT_WAFER_TEST": lpgbt,
}
