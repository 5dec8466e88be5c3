"""CSV as probe stations, pull testers and microscopes write it; the rows are the values of the test run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from itkgui.sandbox.dates import isoz, summary_date
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
