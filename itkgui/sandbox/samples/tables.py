"""CSV as probe stations, pull testers and microscopes write it; the rows are the values of the test run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from itkgui.sandbox.dates import MINUTE, isoz, summary_date
from itkgui.sandbox.samples.curves import iv_curve
from itkgui.sandbox.samples.subject import Subject


def probe_station(subject: Subject) -> bytes:
    """Return an IV curve with units in the header, as the read-out software exports it."""
    curve = iv_curve(subject)
    unit = curve.unit.replace("µ", "u")
    rows = zip(
        curve.seconds,
        (-voltage for voltage in curve.voltages),
        (f"{-value:.5f}" for value in curve.values),
        curve.temperatures,
        curve.humidities,
        strict=True,
    )
    header = ("time [s]", "voltage [V]", f"current [{unit}]", "temperature [C]", "humidity [%]")
    return (_head(subject) + _written(header, rows)).encode()


def packing_list(subject: Subject) -> bytes:
    """Return what is in a shipment, a line for each item."""
    rows = ((number, *item) for number, item in enumerate(subject.items, 1))
    header = ("No.", "Serial number", "Component type", "Type")
    return _written(header, rows).encode()


def station_data(subject: Subject) -> bytes:
    """Return an IV curve as the strip stations write it: key-value head, a line, columns with tabs."""
    curve = iv_curve(subject)
    head = {
        "Type": "DATA",
        "Component": subject.serial,
        "Test": subject.test,
        "Date": summary_date(subject.time),
        "Institute": subject.place,
        "Temperature": f"{curve.celsius:.2f}",
    }
    lines = [*(f"{key}: {value}" for key, value in head.items()), "", f"Voltage [V]\tCurrent [{curve.unit}]"]
    lines += [
        f"{-voltage:.1f}\t{-value:.4f}" for voltage, value in zip(curve.voltages, curve.values, strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


def german_station(subject: Subject) -> bytes:
    """Return the same as a station with a German locale: semicolons, decimal commas, Latin-1, CR LF."""
    curve = iv_curve(subject)
    lines = [
        f"Prüfling;{subject.serial}",
        f"Prüfer;{subject.operator}",
        f"Datum;{summary_date(subject.time)}",
        "",
        f"Spannung [V];Strom [{curve.unit}];Temperatur [°C];Feuchte [%]",
    ]
    columns = zip(curve.voltages, curve.values, curve.temperatures, curve.humidities, strict=True)
    lines += [
        f"{-voltage:.1f};{-value:.5f};{celsius:.2f};{humidity:.1f}".replace(".", ",")
        for voltage, value, celsius, humidity in columns
    ]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def spreadsheet(subject: Subject) -> bytes:
    """Return what was tested so far, as a spreadsheet saves it: with a byte-order mark, CR LF, quotes."""
    rows = [
        (isoz(line.date), line.stage, line.test, line.number, "yes" if line.passed else "no")
        for line in subject.history
    ]
    header = ("date", "stage", "test", "run number", "passed")
    return ("\ufeff" + _written(header, rows, "\r\n")).encode()


def pulls(subject: Subject) -> bytes:
    """Return the strength of each wire and how it broke."""
    results, dice = subject.results, subject.rng
    rows = []
    for number, strength in enumerate(results["PULL_STRENGTH_DATA"], 1):
        weak = strength < 5 and results["BOND_PEEL"] > 0
        broke = "bond peel" if weak else dice.choice(("heel on chip", "heel on chip", "heel on flex", "span"))
        rows.append((number, f"FE{(number - 1) % 4 + 1}", f"{strength:.2f}", broke))
    head = _head(subject) + f"# mean: {results['PULL_STRENGTH']:.3f} g\n"
    return (head + _written(("wire", "chip", "strength [g]", "break"), rows)).encode()


def cv(subject: Subject) -> bytes:
    """Return capacitance and resistance against voltage."""
    results = subject.results
    rows = zip(results["VOLTAGE"], results["CAPACITANCE"], results["RESISTANCE"], strict=True)
    return (
        _head(subject) + _written(("voltage [V]", "capacitance [pF]", "resistance [MOhm]"), rows)
    ).encode()


def shape(subject: Subject) -> bytes:
    """Return the points of a surface."""
    results = subject.results
    rows = zip(results["X"], results["Y"], results["Z"], results["Z_BOW"], strict=True)
    return (_head(subject) + _written(("x [mm]", "y [mm]", "z [mm]", "z bow [mm]"), rows)).encode()


def cycles(subject: Subject) -> bytes:
    """Return temperature and dew point over time."""
    held = subject.results["TEMPERATURE_HISTORY"]
    rows = zip(held["time"], held["temperature"], held["dew point"], strict=True)
    return (_head(subject) + _written(("time [s]", "temperature [C]", "dew point [C]"), rows)).encode()


def masked(subject: Subject) -> bytes:
    """Return the masked pixels of the chips, in columns with tabs."""
    dice = subject.rng
    rows = sorted((dice.randint(1, 4), dice.randrange(400), dice.randrange(384)) for _ in range(60))
    reasons = ("noisy", "noisy", "dead", "not tuned")
    lines = ["chip\tcolumn\trow\treason\tnoise [e]"]
    lines += [
        f"FE{chip}\t{column}\t{row}\t{dice.choice(reasons)}\t{dice.gauss(160, 30):.1f}"
        for chip, column, row in rows
    ]
    return ("\n".join(lines) + "\n").encode()


def surface(subject: Subject) -> bytes:
    """Return the points of a surface as a metrology machine lists them: columns that spaces line up."""
    dice = subject.rng
    lines = [
        f"# {subject.serial}  {summary_date(subject.time)}  back side, vacuum on",
        f"{'point':>6}{'x/mm':>11}{'y/mm':>11}{'z/mm':>11}{'dev/um':>9}",
    ]
    for number in range(1, 122):
        x, y = 3.9 * ((number - 1) % 11), 3.9 * ((number - 1) // 11)
        deviation = 14 * (1 - ((x - 19.5) ** 2 + (y - 19.5) ** 2) / 760) + dice.gauss(0, 0.8)
        lines.append(f"{number:6d}{x:11.4f}{y:11.4f}{0.325 + deviation / 1000:11.5f}{deviation:9.2f}")
    return ("\n".join(lines) + "\n").encode()


def cooling(subject: Subject) -> bytes:
    """Return two days of a chiller, a line a minute."""
    dice = subject.rng
    celsius, rows = 20.0, []
    for minute in range(48 * 60):
        wanted = -15.0 if minute % 480 < 300 else 20.0
        celsius += 0.03 * (wanted - celsius) + dice.gauss(0, 0.04)
        when = isoz(subject.time - (48 * 60 - minute) * MINUTE)
        rows.append((when, wanted, f"{celsius:.2f}", f"{dice.gauss(2.4, 0.02):.3f}"))
    return _written(("time", "set point [C]", "outlet [C]", "flow [l/min]"), rows).encode()


def unbonded(subject: Subject) -> bytes:
    """Return the list of front-end bonds that failed, row by row."""
    rows = [
        (row, wire, reason)
        for row in range(1, 5)
        for wire, reason in subject.results[f"FAILED_FRONTEND_ROW{row}"].items()
    ]
    return (_head(subject) + _written(("row", "wire", "reason"), rows)).encode()


def _head(subject: Subject) -> str:
    return f"# serial number: {subject.serial}\n# date: {summary_date(subject.time)}\n"


def _written(header: Sequence[str], rows: Iterable[Sequence[object]], ending: str = "\n") -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
