"""Values of the tests that bias a sensor: current and capacitance against voltage (API reference §8.4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from itkgui.sandbox.catalogue.bench import Bench, Content
from itkgui.sandbox.catalogue.sensors import Diode, breakdown_of

ANALYSIS = "2.2.7"
_WARM, _COLD = 20.0, -15.0
_SUPPLY = {"model": "Keithley 2410", "serial": "4081234"}
_EPSILON = 1.0359e-12  # F/cm, silicon
_CHARGE = 1.602e-19  # C
# Thermal cycles are behind a module in these stages; it leaks a little more then.
_CYCLED = frozenset(
    (
        "MODULE/THERMAL_CYCLES",
        "MODULE/LONG_TERM_STABILITY_TEST",
        "MODULE/FINAL_WARM",
        "MODULE/FINAL_COLD",
        "FINISHED",
        "AT_LOADING_SITE",
        "ON_CORE",
    )
)


def _diode(bench: Bench) -> Diode:
    """Return the diode as this run finds it: not quite the same, older after the cycles, or broken."""
    rng, cycled = bench.rng, bench.run.stage.code in _CYCLED
    diode = bench.diode.aged(
        rng.gauss(1.06 if cycled else 1.0, 0.015), rng.gauss(-3.0 if cycled else 0.0, 0.8)
    )
    return diode if bench.run.passed else diode.broken(bench.damage.uniform(0.55, 0.88))


def iv_measure(bench: Bench) -> Content:
    """Return an IV curve in µA; a failed one breaks down early, up to the compliance of the supply."""
    rng, diode = bench.rng, _diode(bench)
    module = bench.part.kind.code == "MODULE"
    celsius = _COLD if bench.cold else _WARM
    humidity = rng.uniform(1, 8) if bench.cold else rng.uniform(20, 42)
    # Modules stop at what the read-out station can give; tiles are driven until they break down.
    limit, step, compliance = (200.0, 5.0, 100.0) if module else (500.0, 10.0, 50.0)
    if diode.least_breakdown < 50:
        step = 2.5
        limit = 200.0
    curve: dict[str, list[float]] = {name: [] for name in ("time", "voltage", "current")}
    curve |= {"sigma current": [], "temperature": [], "humidity": []}
    true: list[float] = []
    voltage, seconds = 0.0, 0.0
    while voltage <= limit and (not true or true[-1] < compliance):
        true.append(min(diode.current(voltage, celsius), compliance))
        sigma = 0.0008 + 0.003 * true[-1]
        curve["time"].append(round(seconds, 1))
        curve["voltage"].append(voltage)
        curve["current"].append(round(true[-1] + rng.gauss(0, sigma / 2), 5))
        curve["sigma current"].append(round(sigma * rng.uniform(0.6, 1.3), 5))
        curve["temperature"].append(round(celsius + rng.gauss(0, 0.12), 2))
        curve["humidity"].append(round(max(0.5, humidity + rng.gauss(0, 0.25)), 2))
        voltage += step
        seconds += rng.uniform(9.5, 11.0)
    breakdown = breakdown_of(curve["voltage"], true, diode.depletion)
    return {
        "properties": {"HUM": round(humidity, 1), "TEMP": celsius, "ANALYSIS_VERSION": ANALYSIS},
        "results": {
            "IV_ARRAY": curve,
            # -999 says that no breakdown was seen.
            "BREAKDOWN_VOLTAGE": -999.0 if breakdown is None else breakdown,
            "LEAK_CURRENT": round(diode.current(diode.judged_at, celsius), 4),
        },
    }


def strip_iv(bench: Bench) -> Content:
    """Return an IV curve as the strips store it: negative volts and nanoamperes (API reference §8.4)."""
    rng, diode = bench.rng, _diode(bench)
    celsius = rng.uniform(20, 23.5)
    voltages = [10.0 * step for step in range(71 if bench.part.kind.code == "SENSOR" else 56)]
    compliance = 10_000.0  # nA
    true: list[float] = []
    for voltage in voltages:
        true.append(min(1000 * diode.current(voltage, celsius), compliance))
        if true[-1] >= compliance:
            break
    currents = [-round(exact * (1 + rng.gauss(0, 0.004)) + abs(rng.gauss(0, 0.4)), 3) for exact in true]
    breakdown = breakdown_of(voltages[: len(true)], true, diode.depletion)
    return {
        "properties": bench.known_properties(
            VBIAS_SMU=_SUPPLY,
            RSERIES=10_000.0,
            TEST_DMM={"model": "none"},
            RSHUNT=0.0,
            RUNNUMBER=bench.run.run_number,
            COMMENTS="",
            ALGORITHM_VERSION="1.3",
            SOFTWARE_TYPE_VERSION="ITSDAQ 2024-11",
            MODULE_STAGE=bench.run.stage.code,
        ),
        "results": {
            "VOLTAGE": [-voltage for voltage in voltages[: len(true)]],
            "CURRENT": currents,
            "SHUNT_VOLTAGE": [0.0] * len(true),
            "TEMPERATURE": round(celsius, 2),
            "HUMIDITY": round(rng.uniform(2, 12), 1),
            "I_500V": currents[50] if len(currents) > 50 else None,
            "VBD": None if breakdown is None else -breakdown,
            "RMS_STABILITY": round(abs(rng.gauss(0.8, 0.2)), 3),
        },
        "defects": [] if bench.run.passed or breakdown is None else [_early_breakdown(breakdown)],
    }


def _early_breakdown(voltage: float) -> Content:
    return {
        "name": "EARLY_BREAKDOWN",
        "description": f"Breakdown at {voltage:.0f} V",
        "properties": {"voltage": -voltage},
    }


def strip_cv(bench: Bench) -> Content:
    """Return capacitances [pF] that fall with the root of the voltage until depletion, then hardly at all."""
    rng, diode = bench.rng, bench.diode
    depletion = diode.depletion if bench.run.passed else bench.damage.uniform(358, 385)
    centimetres = diode.thickness * 1e-4
    final = _EPSILON * diode.area / centimetres * 1e12
    voltages = [10.0 * step for step in range(1, 51)]
    values = []
    for voltage in voltages:
        rest = 1 - 0.00004 * max(0.0, voltage - depletion)
        values.append(final * math.sqrt(max(1.0, depletion / voltage)) * rest * (1 + rng.gauss(0, 0.0012)))
    doping = 2 * _EPSILON * depletion / (_CHARGE * centimetres**2) / 1e12
    return {
        "properties": {
            "VBIAS_SMU": _SUPPLY,
            "RSERIES": 10_000.0,
            "RUNNUMBER": bench.run.run_number,
            "COMMENTS": f"{diode.area:.1f} cm² active area",
            "ALGORITHM_VERSION": "1.1",
        },
        "results": {
            "VOLTAGE": [-voltage for voltage in voltages],
            "CAPACITANCE": [round(value, 2) for value in values],
            "RESISTANCE": [round(rng.gauss(2.1, 0.05), 4) for _ in voltages],
            "FREQUENCY": 5.0,
            "AMPLITUDE": 0.5,
            "VFD": round(depletion, 1),
            "NEFF": round(doping, 3),
            "ACTIVETHICKNESS": round(diode.thickness, 1),
        },
    }


def manufacturing(bench: Bench) -> Content:
    """Return what the manufacturer measured before delivery."""
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


def stability(bench: Bench) -> Content:
    """Return the current [nA] over a day at 450 V: it settles by a few per cent, or by far too much."""
    rng = bench.rng
    level = 1000 * bench.diode.current(450, 21.0)
    drift = rng.uniform(0.02, 0.06) if bench.run.passed else bench.damage.uniform(0.22, 0.4)
    times = [300 * step for step in range(289)]
    before = bench.linked("", "ATLAS18_IV_TEST_V1", 0) if bench.run.test.code.endswith("_V2") else None
    currents = [
        round(-level * (1 - drift * (1 - math.exp(-time / 20000)) + rng.gauss(0, 0.004)), 3) for time in times
    ]
    return {
        "properties": bench.known_properties(RUNNUMBER=bench.run.run_number, TEMPERATURE=21.0),
        "results": {
            "TIME": times,
            "CURRENT": currents,
            "VBIAS": -450.0,
            "CURRENT_VARIATION": round(drift, 3),
            **({"IV_RUN_BEFORE": before} if before else {}),
        },
    }


def thermal_cycling(bench: Bench) -> Content:
    """Return ten cycles between -45 and +40 °C: temperature and dew point every three minutes."""
    rng, cycles, points = bench.rng, 10, 18
    times: list[int] = []
    temperatures: list[float] = []
    for place in range(cycles * points):
        phase = place % points / points
        # Half a cosine wave each way, with a soak at either end.
        level = math.cos(2 * math.pi * phase) * 1.35
        times.append(180 * place)
        temperatures.append(round(-2.5 + 42.5 * max(-1.0, min(1.0, level)) + rng.gauss(0, 0.25), 2))
    dew = [round(-52 + rng.gauss(0, 0.6), 2) for _ in times]
    cold = min(temperatures)
    if not bench.run.passed:
        # Cold gas ran out: the last cycles did not get down.
        last = 6 * points
        temperatures[last:] = [max(value, -28.0 + rng.gauss(0, 0.3)) for value in temperatures[last:]]
    done = cycles if bench.run.passed else 6
    history: dict[str, Any] = {"time": times, "temperature": temperatures, "dew point": dew}
    return {
        "properties": {
            "MACHINE": rng.choice(("Climate chamber 1", "Climate chamber 2")),
            "ANALYSIS_VERSION": ANALYSIS,
        },
        "results": {
            "THERMAL_CYCLES_DONE": done,
            "TEMPERATURE_MIN": cold,
            "TEMPERATURE_MAX": max(temperatures),
            "TEMPERATURE_HISTORY": history,
        },
    }


FUNCTIONS: dict[str, Callable[[Bench], Content]] = {
    "P/MODULE/IV_MEASURE": iv_measure,
    "P/MODULE/THERMAL_CYCLING": thermal_cycling,
    "P/SENSOR_TILE/IV_MEASURE": iv_measure,
    "S/SENSOR/MANUFACTURING18": manufacturing,
    "S/SENSOR/ATLAS18_IV_TEST_V1": strip_iv,
    "S/SENSOR/ATLAS18_CV_TEST_V1": strip_cv,
    "S/SENSOR/CURRENT_STABILITY_V1": stability,
    "S/SENSOR/CURRENT_STABILITY_V2": stability,
    "S/MODULE/MODULE_IV_PS_V1": strip_iv,
    "S/MODULE/MODULE_IV_PS_BONDED": strip_iv,
    "S/MODULE/MODULE_IV_AMAC": strip_iv,
}
