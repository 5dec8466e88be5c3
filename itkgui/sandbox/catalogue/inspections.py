"""Visual inspections and their defects (API reference §5.6, §8.4); a photograph shows each of them."""

from __future__ import annotations

import random
from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content
from itkgui.sandbox.catalogue.iv_measurements import ANALYSIS
from itkgui.sandbox.catalogue.verdicts import MAJOR
from itkgui.sandbox.catalogue.workshop import SHOWCASE_FAMILIES

_MINOR = "minor"
_FROM_EDGE_TO_PADS = 135  # µm
_PIXEL_KINDS = ("SCRATCH", "PARTICLE", "LIFTED_BOND", "MISSING_BOND", "CHIPPED_EDGE", "GLUE_OVERFLOW")
_BARE_KINDS = ("SCRATCH", "PARTICLE", "CHIPPED_EDGE")
_BOARD_KINDS = ("SCRATCH", "PARTICLE", "GLUE_OVERFLOW")
# Which grade of a pixel module's inspection speaks of which defect.
_GRADES = {
    "SCRATCH": "SCRATCHES_GRADE",
    "PARTICLE": "PARTICULATE_CONTAMINATION_GRADE",
    "LIFTED_BOND": "WIREBOND_PADS_CONTAMINATION_GRADE",
    "MISSING_BOND": "WIREBOND_PADS_CONTAMINATION_GRADE",
    "GLUE_OVERFLOW": "WIREBOND_PADS_CONTAMINATION_GRADE",
    "CHIPPED_EDGE": "SMD_COMPONENTS_PASSED_QC",
}

# Sizes in µm.
_LARGE = {
    "SCRATCH": (420, 760),
    "PARTICLE": (150, 240),
    "LIFTED_BOND": (90, 140),
    "MISSING_BOND": (100, 100.4),
    "CHIPPED_EDGE": (260, 420),
    "GLUE_OVERFLOW": (240, 380),
}
_SMALL = {
    "SCRATCH": (120, 240),
    "PARTICLE": (40, 90),
    "LIFTED_BOND": (90, 140),
    "MISSING_BOND": (100, 100.4),
    "CHIPPED_EDGE": (60, 120),
    "GLUE_OVERFLOW": (60, 120),
}


def _defect(kinds: tuple[str, ...], kind: str, bench: Bench, *, major: bool) -> Content:
    """Return a defect: what it is, where (x and y in mm from the lower left corner), how large [µm]."""
    dice = bench.damage if major else bench.rng
    size = round(dice.uniform(*(_LARGE[kind] if major else _SMALL[kind])))
    chip, wire = dice.randint(1, 4), dice.randint(20, 180)
    on_pads = f"the bond pads at wire {wire}" if "BOND" in " ".join(kinds) else "the pads"
    if kinds == _BARE_KINDS:
        on_pads = "the surface"
    towards = "over the edge towards" if size < _FROM_EDGE_TO_PADS else "over the edge onto"
    text = {
        "SCRATCH": f"Scratch of {size} µm across {on_pads}",
        "PARTICLE": f"Particle of {size} µm on {on_pads}",
        "LIFTED_BOND": f"Foot of wire {wire} lifted off its pad",
        "MISSING_BOND": f"Wire {wire} is missing",
        "CHIPPED_EDGE": f"Edge chipped over {size} µm",
        "GLUE_OVERFLOW": f"Glue has flowed {size} µm {towards} {on_pads}",
    }[kind]
    place = f"FE{chip}" if bench.part.kind.key == "P/MODULE" else _where(bench, dice)
    return {
        "name": kind,
        "description": f"{text}, {place}",
        "properties": {
            "severity": MAJOR if major else _MINOR,
            "x": round(dice.uniform(2, 38), 2),
            "y": round(dice.uniform(2, 38), 2),
            "size": size,
            "wire_number": wire,
        },
    }


def _where(bench: Bench, dice: random.Random) -> str:
    places = {
        "S/MODULE": ("hybrid X", "front-end row 2", "sensor segment 4"),
        "S/SENSOR": ("segment 2", "bias ring", "corner 3"),
        "S/HYBRID_ASSEMBLY": ("ABC 4", "HCC", "bond field 2"),
    }
    return dice.choice(places.get(bench.part.kind.key, ("upper left", "lower right", "centre")))


def _defects(bench: Bench, kinds: tuple[str, ...]) -> list[Content]:
    """Return a major defect if the run failed, a minor one if it passed with problems, else none."""
    if bench.run.passed and not bench.run.problems:
        return []
    kind = (bench.rng if bench.run.passed else bench.damage).choice(kinds)
    if bench.part.family < SHOWCASE_FAMILIES:
        # Each kind is there to be seen.
        kind = kinds[(bench.part.family // 2 + bench.run.stage.order) % len(kinds)]
    return [_defect(kinds, kind, bench, major=not bench.run.passed)]


def pixel_inspection(bench: Bench) -> Content:
    """Return grades (1 good, 2 issue, 3 bad) that say what the defects say."""
    kinds = {"P/MODULE": _PIXEL_KINDS, "P/BARE_MODULE": _BARE_KINDS}.get(bench.part.kind.key, _BOARD_KINDS)
    if bench.part.kind.code == "MODULE" and bench.run.stage.order < 1:
        kinds = _BOARD_KINDS  # nothing is bonded yet
    defects = _defects(bench, kinds)
    graded = [entry["code"] for entry in bench.run.test.parameters if entry["dataType"] == "integer"]
    results: Content = dict.fromkeys(graded, 1)
    results["OBSERVATION"] = None
    for defect in defects:
        code = _GRADES[defect["name"]]
        results[code if code in results else graded[0]] = 2 if bench.run.passed else 3
        results["OBSERVATION"] = f"{defect['description']}."
    properties = bench.known_properties(INSPECTOR=bench.operator, ANALYSIS_VERSION=ANALYSIS)
    return {"properties": properties, "results": results, "defects": defects}


def sensor_inspection(bench: Bench) -> Content:
    """Return the verdict of a strip sensor's inspection; the images are files of the same run."""
    defects = _defects(bench, _BARE_KINDS)
    images = {f"IMAGE{place + 1}": bench.picture(place) for place in range(1 + len(defects))}
    return {"results": {"RESULT": bench.run.passed, **images}, "defects": defects}


def board_inspection(bench: Bench) -> Content:
    """Return the inspection of a hybrid, a flex or a power board."""
    defects = _defects(bench, _BOARD_KINDS)
    comment = f"{defects[0]['description']}." if defects else None
    return {
        "properties": {"METHOD": "Microscope"},
        "results": {
            "VI_IMAGE": [bench.picture(place) for place in range(1 + len(defects))],
            "VI_COMMENTS": comment,
        },
        "defects": defects,
    }


def module_inspection(bench: Bench) -> Content:
    """Return links as text, "failed" among them, as some inspections hold them (API reference §8.4)."""
    defects = _defects(bench, _PIXEL_KINDS)
    link = bench.rng.choice((None, "failed", "https://cernbox.cern.ch/s/example"))
    results: Content = {"DAMAGE_TYPE": None, "LOCATION1": None, "URLS1": link}
    if defects:
        what, _, where = defects[0]["description"].rpartition(", ")
        results |= {"DAMAGE_TYPE": what, "LOCATION1": where, "URLS1": "failed"}
    return {"results": results, "defects": defects}


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "P/MODULE/VISUAL_INSPECTION": pixel_inspection,
    "P/BARE_MODULE/VISUAL_INSPECTION": pixel_inspection,
    "P/PCB/VISUAL_INSPECTION": pixel_inspection,
    "S/SENSOR/ATLAS18_VIS_INSPECTION_V1": sensor_inspection,
    "S/MODULE/VISUAL_INSPECTION": module_inspection,
    "S/HYBRID_ASSEMBLY/VIS_INSPECT": board_inspection,
    "S/HYBRID/VIS_INSPECT": board_inspection,
    "S/PWB/VIS_INSPECT": board_inspection,
    "S/STAVE/VISUAL_INSPECTION": board_inspection,
}
