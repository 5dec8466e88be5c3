"""Values of the test types of strip hybrids and power boards (API reference §8.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from itkgui.sandbox.catalogue.bench import Bench

Content = dict[str, Any]


def hybrid_inspection(bench: Bench) -> Content:
    comment = None if bench.run.passed else "Glue seepage at chip 4."
    return {"properties": {"METHOD": "Microscope"}, "results": {"VI_IMAGE": None, "VI_COMMENTS": comment}}


def asic_glue(bench: Bench) -> Content:
    value = bench.rng.gauss(42, 3) if bench.run.passed else 66.0
    return {"properties": {"GLUE_TYPE": "Loctite 3525"}, "results": {"GW_ASICS": round(value, 2)}}


def hybrid_metrology(bench: Bench) -> Content:
    rng = bench.rng
    heights = [round(rng.gauss(815 if bench.run.passed else 870, 8), 1) for _ in range(11)]
    return {
        "properties": {"OPERATOR": bench.operator, "MACHINE": "OGP SmartScope"},
        "results": {
            "CHIP_ORDER": list(range(11)),
            "BOW": round(rng.gauss(20, 12), 1),
            "HEIGHT": heights,
            "TOTAL_HEIGHT": [round(height + rng.gauss(20, 4), 1) for height in heights],
            "TILT_X": [round(rng.gauss(0, 0.4), 3) for _ in range(3)],
            "TILT_Y": [round(rng.gauss(0, 0.4), 3) for _ in range(3)],
            "POSITION": [
                [round(9.1 * chip + rng.gauss(0, 0.02), 3), round(rng.gauss(0, 0.02), 3)]
                for chip in range(11)
            ],
        },
    }


def hybrid_pull(bench: Bench) -> Content:
    rng = bench.rng
    mean = rng.gauss(10.2, 0.4) if bench.run.passed else 7.2
    return {
        "properties": {"HYBRID_PULLTEST_NUMBER": 10},
        "results": {
            "HYBRID-PULLTEST-MEAN": round(mean, 2),
            "HYBRID-PULLTEST-SIGMA": round(abs(rng.gauss(0.6, 0.1)), 2),
            "HYBRID-PULLTEST-HEELBREAKS": float(rng.choice((90, 100, 100))),
            "HYBRID-PULLTEST-TOOLOW": 0 if bench.run.passed else 2,
            "HYBRID_PULLTEST_MIN": round(mean - 1.2, 2),
            "HYBRID_PULLTEST_MAX": round(mean + 1.1, 2),
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "S/HYBRID_ASSEMBLY/VIS_INSPECT": hybrid_inspection,
    "S/HYBRID_ASSEMBLY/ASIC_GLUE_WEIGHT": asic_glue,
    "S/HYBRID_ASSEMBLY/HYBRID_METROLOGY": hybrid_metrology,
    "S/HYBRID_ASSEMBLY/HYBRID-WIRE-PULL": hybrid_pull,
    "S/HYBRID/VIS_INSPECT": hybrid_inspection,
    "S/PWB/VIS_INSPECT": hybrid_inspection,
}
