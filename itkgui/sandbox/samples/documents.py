"""Documents: certificates in PDF, summaries in JSON and HTML, a drawing, and texts in other encodings."""

from __future__ import annotations

import json
from itertools import islice

from itkgui.sandbox.dates import isoz, summary_date
from itkgui.sandbox.samples.curves import Axis, iv_curve
from itkgui.sandbox.samples.subject import Line, Subject

_A4 = (595, 842)
_LINES_PER_PAGE = 34


def summary(subject: Subject) -> bytes:
    """Return the quality control so far: every test that was made, with its verdict."""
    content = {
        "serialNumber": subject.serial,
        "componentType": subject.kind,
        "created": isoz(subject.time),
        "software": {"name": "module-qc-analysis-tools", "version": "2.2.7"},
        "passed": all(line.passed for line in _last_word(subject)),
        "tests": [
            {
                "date": isoz(line.date),
                "stage": line.stage,
                "test": line.test,
                "runNumber": line.number,
                "passed": line.passed,
            }
            for line in subject.history
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def run_values(subject: Subject) -> bytes:
    """Return the values of one test run, as the analysis wrote them before the upload."""
    content = {
        "serialNumber": subject.serial,
        "testType": subject.test,
        "stage": subject.stage,
        "passed": subject.passed,
        "properties": subject.properties,
        "results": subject.results,
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _last_word(subject: Subject) -> list[Line]:
    """Return the last run of each test in each stage."""
    return list({(line.stage, line.test): line for line in subject.history}.values())


def certificate(subject: Subject) -> bytes:
    """Return a certificate of several A4 pages: what it is about, all tests in a table, and its IV curve."""
    lines = _last_word(subject)
    failed = sum(not line.passed for line in lines)
    count = "1 test" if len(lines) == 1 else f"{len(lines)} tests"
    verdict = f"{count}, {failed or 'none'} not passed in the end" if lines else "No tests yet"
    has_curve = bool(subject.results)
    contents = ("every test run and show the latest IV curve,", "measured in reverse bias; limits")
    if not has_curve:
        contents = ("every test run;", "limits")
    front = [
        _text("F2", 22, 72, 740, "Certificate of conformity"),
        "0.15 0.35 0.6 rg 72 730 451 1.5 re f 0 g",
        _text("F3", 12, 72, 706, "Sandbox of the ITk Production Database - sample document"),
        *(
            _text("F1", 12, 72, 660 - 20 * order, f"{name:<16}{value}")
            for order, (name, value) in enumerate(
                (
                    ("Component:", subject.kind),
                    ("Serial number:", subject.serial),
                    ("Stage:", subject.stage or "-"),
                    ("Issued:", summary_date(subject.time)),
                    ("At:", subject.place),
                    ("By:", subject.operator),
                )
            )
        ),
        _text("F2", 14, 72, 510, f"{verdict}."),
        _text("F3", 11, 72, 484, f"The pages that follow list {contents[0]}"),
        _text("F3", 11, 72, 468, f"{contents[1]} are those of the production database."),
    ]
    pages = [front]
    rest = iter(subject.history)
    while chunk := list(islice(rest, _LINES_PER_PAGE)):
        pages.append(_table(chunk))
    if has_curve:
        pages.append(_curve_page(subject))
    for number, page in enumerate(pages, 1):
        page.append("0.15 0.35 0.6 RG 1 w 50 50 495 742 re S")
        page.append(_text("F3", 9, 72, 62, f"{subject.serial} - this is sample data and certifies nothing"))
        page.append(_text("F3", 9, 466, 62, f"page {number} of {len(pages)}"))
    return _pdf(["\n".join(page) for page in pages], f"Certificate of conformity {subject.serial}")


def _table(lines: list[Line]) -> list[str]:
    page = [_text("F2", 14, 72, 750, "Test runs"), "0.85 g 66 722 463 18 re f 0 g"]
    columns = (72, 166, 284, 462, 488)
    for x, title in zip(columns, ("date", "stage", "test", "no.", "passed"), strict=True):
        page.append(_text("F2", 9, x, 727, title))
    for order, line in enumerate(lines):
        y = 708 - 18 * order
        cells = (
            summary_date(line.date),
            line.stage.rpartition("/")[2][:22],
            line.test if len(line.test) <= 32 else f"{line.test[:31]}…",
            line.number,
            "yes" if line.passed else "NO",
        )
        for x, cell in zip(columns, cells, strict=True):
            page.append(_text("F1", 8.5, x, y, cell))
        page.append(f"0.8 G 0.4 w 66 {y - 5} m 529 {y - 5} l S")
    return page


def _curve_page(subject: Subject) -> list[str]:
    curve = iv_curve(subject)
    left, bottom, width, height = 110, 430, 400, 260
    across, up = Axis.to(max(curve.voltages), 5), Axis.to(curve.most_shown, 5)
    page = [
        _text("F2", 14, 72, 750, f"IV curve at {curve.celsius:g} °C"),
        f"0 G 0.8 w {left} {bottom} {width} {height} re S",
    ]
    for tick in across.ticks:
        x = left + width * tick / across.top
        page.append(f"0.85 G 0.4 w {x:.1f} {bottom} m {x:.1f} {bottom + height} l S")
        page.append(_text("F3", 9, x - 8, bottom - 14, f"{tick:g}"))
    for tick in up.ticks:
        y = bottom + height * tick / up.top
        page.append(f"{left} {y:.1f} m {left + width} {y:.1f} l S")
        page.append(_text("F3", 9, left - 40, y - 3, f"{tick:g}"))
    points = [
        (left + width * volts / across.top, bottom + height * min(max(value, 0), up.top) / up.top)
        for volts, value in zip(curve.voltages, curve.values, strict=True)
    ]
    path = " ".join(f"{x:.1f} {y:.1f} {'l' if order else 'm'}" for order, (x, y) in enumerate(points))
    page.append(f"0.12 0.38 0.68 RG 1.4 w {path} S 0 G")
    page.append(_text("F3", 10, left + 140, bottom - 34, "reverse voltage [V]"))
    page.append(_text("F3", 10, left - 40, bottom + height + 12, f"current [{curve.unit}]"))
    return page


def _text(font: str, size: float, x: float, y: float, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size:g} Tf {x:g} {y:g} Td ({escaped}) Tj ET"


def _pdf(pages: list[str], title: str) -> bytes:
    """Write a PDF by hand: catalogue, page tree, fonts that every viewer has, a stream for each page."""
    first = 7
    kids = " ".join(f"{first + 2 * order} 0 R" for order in range(len(pages)))
    fonts = ("Courier", "Helvetica-Bold", "Helvetica")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in fonts
        ),
        f"<< /Title ({title}) /Producer (sample) >>".encode(),
    ]
    for order, page in enumerate(pages):
        stream = page.encode("cp1252", "replace")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_A4[0]} {_A4[1]}]"
            f" /Contents {first + 2 * order + 1} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def settings(subject: Subject) -> bytes:
    """Return the settings of a test station in YAML."""
    return (
        f"# Station settings used for {subject.serial}\n"
        f"site: {subject.place}\n"
        f"operator: {subject.operator}\n"
        f"saved: {isoz(subject.time)}\n"
        "power:\n  low_voltage: {current: 5.88, limit_V: 2.8}\n"
        "  high_voltage: {target_V: -120, ramp_V_per_s: 5, compliance_uA: 20}\n"
        "chuck:\n  set_point_C: -15.0\n  vacuum: true\n"
        "interlock:\n  lid: closed\n  dew_point_margin_K: 10\n"
        "scans:\n  - std_digitalscan\n  - std_analogscan\n  - std_thresholdscan  # twice if it is noisy\n"
    ).encode()


def web_page(subject: Subject) -> bytes:
    """Return a report as a station's web page shows it."""
    rows = "\n".join(
        f"<tr><td>{summary_date(line.date)}</td><td>{line.test}</td>"
        f"<td>{'ok' if line.passed else 'failed'}</td></tr>"
        for line in subject.history
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{subject.serial}</title></head>\n"
        f"<body>\n<h1>{subject.serial}</h1>\n<table>\n{rows}\n</table>\n"
        "<p>Temperatures in °C, currents in µA.</p>\n</body>\n</html>\n"
    ).encode()


def drawing(subject: Subject) -> bytes:
    """Return a sketch of the module's outline with its size."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360" viewBox="0 0 480 360">\n'
        '  <rect x="120" y="50" width="240" height="240" fill="none" stroke="#1f61ae" stroke-width="2"/>\n'
        '  <line x1="120" y1="316" x2="360" y2="316" stroke="#333"/>\n'
        f'  <text x="240" y="340" text-anchor="middle" font-size="16">{subject.serial}</text>\n'
        "</svg>\n"
    ).encode()


def latin_text(subject: Subject) -> bytes:
    """Return a note in Latin-1 with line ends of Windows."""
    return (
        f"Prüfbericht {subject.serial}\r\n\r\n"
        f"Geprüft am {summary_date(subject.time)} von {subject.operator}.\r\n"
        "Temperatur 20 °C ± 0,5 °C, Feuchte 31 %, Kratzer kürzer als 80 µm.\r\n"
        "Weiter an die nächste Station: ja.\r\n"
    ).encode("latin-1")


def utf16_text(subject: Subject) -> bytes:
    """Return a note in UTF-16 with a byte-order mark, as an editor of Windows saves it."""
    return (
        f"Notes on {subject.serial}\r\n\r\nΔT = 35 K between warm and cold; ρ ≈ 3 kΩ·cm; Ušlo to dobře.\r\n"
    ).encode("utf-16")


def long_name(subject: Subject) -> bytes:
    """Return a short text in UTF-8; what is special about it is its name."""
    return f"Checked {subject.serial} under the microscope: nothing found. 👍\n".encode()


def careless(subject: Subject) -> bytes:
    """Return the text of a file whose name is a path."""
    return f"Uploaded by a script that gave the whole path of the file; about {subject.serial}.\n".encode()
