"""Values of the electrical tests of pixel front-end chips (API reference §8.4)."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.catalogue.bench import Bench, Content
from itkgui.sandbox.catalogue.iv_measurements import ANALYSIS


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
        "SLDO_LINEARITY": round(abs(rng.gauss(0.06 if failed else 0.008, 0.002)), 4),
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
        "MIN_HEALTH_DEAD_DIGITAL": bench.damage.randint(900, 4000) if failed else rng.randint(0, 5),
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
    station = {"PROBE_STATION": f"Probe station {rng.randint(1, 3)}", "ANALYSIS_VERSION": ANALYSIS}
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
FUNCTIONS: dict[str, Callable[[Bench], Content]] = {f"P/FE_CHIP/{code}": fe_chip_test for code in _CHIP_TESTS}
