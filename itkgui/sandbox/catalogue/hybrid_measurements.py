"""Values of the test types of strip hybrids and power boards (API reference §8.4)."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content


def asic_glue(bench: Bench) -> Content:
    value = bench.rng.gauss(42, 3) if bench.run.passed else bench.damage.uniform(63, 72)
    return {"properties": {"GLUE_TYPE": "Loctite 3525"}, "results": {"GW_ASICS": round(value, 2)}}


def hybrid_metrology(bench: Bench) -> Content:
    rng = bench.rng
    chips = len(bench.children) - 1  # the flex is no chip
    heights = [round(rng.gauss(808, 8), 1) for _ in range(chips)]
    if not bench.run.passed:
        heights[bench.damage.randrange(chips)] = round(bench.damage.uniform(862, 890), 1)
    return {
        "properties": {
            "OPERATOR": bench.operator,
            "MACHINE": "OGP SmartScope",
            "CHIP_ORDER": list(range(chips)),
        },
        "results": {
            "BOW": round(rng.gauss(20, 12), 1),
            "HEIGHT": heights,
            "TOTAL_HEIGHT": [round(height + rng.gauss(20, 4), 1) for height in heights],
            "TILT_X": [round(rng.gauss(0, 0.4), 3) for _ in range(3)],
            "TILT_Y": [round(rng.gauss(0, 0.4), 3) for _ in range(3)],
            "POSITION": [
                [round(9.1 * chip + rng.gauss(0, 0.02), 3), round(rng.gauss(0, 0.02), 3)]
                for chip in range(chips)
            ],
        },
    }


def hybrid_pull(bench: Bench) -> Content:
    """Return what follows from ten pulls [g]; a failed run has some below 5 g."""
    rng, pulls = bench.rng, [max(7.2, bench.rng.gauss(10.2, 0.6)) for _ in range(10)]
    if not bench.run.passed:
        pulls = [max(2.5, pull - 3.0) for pull in pulls]
        pulls[:2] = [rng.uniform(3.2, 4.8), rng.uniform(3.2, 4.8)]
    mean = sum(pulls) / len(pulls)
    sigma = (sum((pull - mean) ** 2 for pull in pulls) / (len(pulls) - 1)) ** 0.5
    return {
        "properties": {"HYBRID_PULLTEST_NUMBER": len(pulls)},
        "results": {
            "HYBRID-PULLTEST-MEAN": round(mean, 2),
            "HYBRID-PULLTEST-SIGMA": round(sigma, 2),
            "HYBRID-PULLTEST-HEELBREAKS": float(rng.choice((90, 100, 100))),
            "HYBRID-PULLTEST-TOOLOW": sum(pull < 5 for pull in pulls),
            "HYBRID_PULLTEST_MIN": round(min(pulls), 2),
            "HYBRID_PULLTEST_MAX": round(max(pulls), 2),
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "S/HYBRID_ASSEMBLY/ASIC_GLUE_WEIGHT": asic_glue,
    "S/HYBRID_ASSEMBLY/HYBRID_METROLOGY": hybrid_metrology,
    "S/HYBRID_ASSEMBLY/HYBRID-WIRE-PULL": hybrid_pull,
}
