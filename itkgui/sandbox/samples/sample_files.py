"""Bytes of the sample attachments, made when asked for; the same subject gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

from itkgui.paths import resource
from itkgui.sandbox.dates import MINUTE, SECOND, isoz, summary_date
from itkgui.sandbox.samples.subject import Subject

# Zip members carry a date; this one is the same in every process.
_ZIP_DATE = (2025, 9, 1, 12, 0, 0)


def make_sample(name: str, subject: Subject) -> bytes:
    """Return the bytes of one sample. Raises KeyError for a name nobody knows."""
    if name == "strip configuration":
        return _strip_configuration(subject)
    if name in _TEXTS:
        return _TEXTS[name](subject)
    # numpy and Pillow cost a third of a second; most sandboxes start and stop without showing a picture.
    from itkgui.sandbox.samples import pictures

    if name == "configuration":
        return _configuration(subject, pictures.PICTURES["map"](subject))
    return pictures.PICTURES[name](subject)


def _log(subject: Subject) -> bytes:
    rng, lines, time = subject.rng, [], subject.time
    lines.append(f"# Read-out of {subject.kind} {subject.serial}")
    steps = (
        "digital scan",
        "analog scan",
        "threshold scan",
        "tune global threshold",
        "tune pixel threshold",
        "noise scan",
    )
    for step in steps:
        lines.append(f"{isoz(time)} [ info  ] Starting {step}")
        for mask in range(0, 64, 4):
            time += rng.randrange(2, 9) * SECOND
            rate = rng.gauss(1.2, 0.04)
            lines.append(f"{isoz(time)} [ info  ] {step}: mask stage {mask + 1:2d}/64, {rate:.3f} MHz")
            if rng.random() < 0.03:
                lines.append(
                    f"{isoz(time)} [warning] Lane {rng.randrange(4)}: {rng.randint(1, 9)} header errors"
                )
        temperature = rng.gauss(24.5, 0.4)
        lines.append(
            f"{isoz(time)} [ info  ] {step}: NTC {temperature:.2f} °C, VDDA {rng.gauss(1.2, 0.004):.3f} V"
        )
    lines.append(f"{isoz(time)} [ info  ] All scans done")
    return ("\n".join(lines) + "\n").encode()


def _summary(subject: Subject) -> bytes:
    rng = subject.rng
    content = {
        "serialNumber": subject.serial,
        "componentType": subject.kind,
        "testType": subject.test or None,
        "created": isoz(subject.time),
        "software": {"name": "module-qc-analysis-tools", "version": "2.2.7"},
        "passed": True,
        "measurements": [
            {
                "name": name,
                "unit": unit,
                "values": [round(rng.gauss(mean, spread), 3) for _ in range(8)],
            }
            for name, unit, mean, spread in (
                ("thickness", "µm", 578.0, 5.0),
                ("angle", "deg", 0.0, 0.02),
                ("noise", "e", 74.0, 3.0),
                ("threshold", "e", 1500.0, 12.0),
            )
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _probe(subject: Subject) -> bytes:
    out = io.StringIO()
    out.write(f"# serial number: {subject.serial}\n# date: {summary_date(subject.time)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("time [s]", "voltage [V]", "current [uA]", "temperature [C]", "humidity [%]"))
    seconds = 0.0
    for step in range(61):
        voltage = 5.0 * step
        current = min(100.0, subject.diode.current(voltage, 20.0)) + subject.rng.gauss(0, 0.002)
        temperature, humidity = subject.rng.gauss(20, 0.1), subject.rng.gauss(31, 0.3)
        writer.writerow(
            (f"{seconds:.1f}", -voltage, f"{-current:.5f}", f"{temperature:.2f}", f"{humidity:.1f}")
        )
        seconds += subject.rng.uniform(1.9, 2.3)
    return out.getvalue().encode()


def _configuration(subject: Subject, picture: bytes) -> bytes:
    rng = subject.rng
    members: dict[str, bytes] = {
        "README.txt": f"Configurations of {subject.serial}, {summary_date(subject.time)}\n".encode(),
        "connectivity.json": _json(
            {"chipType": "ITKPIXV2", "chips": [_chip_entry(chip) for chip in range(4)]}
        ),
    }
    for chip in range(4):
        settings = {
            "ChipId": 12 + chip,
            "DiffPreampM": 400,
            "DiffTh1M": rng.randint(180, 260),
            "DiffVff": 150,
            "SldoTrimA": rng.randint(5, 11),
            "SldoTrimD": rng.randint(5, 11),
        }
        tdac = [[rng.randint(8, 24) for _ in range(32)] for _ in range(8)]
        content = {
            "ITKPIXV2": {"GlobalConfig": settings, "Parameter": {"Name": f"FE{chip + 1}"}, "TDAC": tdac}
        }
        members[f"configs/FE{chip + 1}_warm.json"] = _json(content)
    members["plots/threshold_map.png"] = picture
    members["logs/tuning.log"] = _log(subject)
    return _zipped(members)


def _strip_configuration(subject: Subject) -> bytes:
    rng = subject.rng
    chips = [
        f"Chip {chip:2d}  gain 82  trim range {rng.randint(3, 7)}  BVT {rng.randint(8, 16)}"
        for chip in range(10)
    ]
    members = {
        "README.txt": f"ITSDAQ configuration of {subject.serial}, {summary_date(subject.time)}\n".encode(),
        "config/module.det": ("\n".join(("# Module", f"Name {subject.serial}", *chips)) + "\n").encode(),
        "config/masks.json": _json({"masked": sorted(rng.sample(range(1280), 6)), "module": subject.serial}),
        "data/noise.csv": b"channel,noise [e]\n"
        + b"".join(b"%d,%.1f\n" % (channel, rng.gauss(800, 28)) for channel in range(1280)),
        "logs/readout.log": _log(subject),
    }
    return _zipped(members)


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _chip_entry(chip: int) -> dict[str, object]:
    return {"config": f"configs/FE{chip + 1}_warm.json", "tx": 0, "rx": chip, "enable": 1, "locked": 0}


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1).encode()


def _certificate(subject: Subject) -> bytes:
    """Return a PDF of one page, written by hand: six objects and a table of where they are."""
    lines = (
        ("F2", 22, 72, 740, "Certificate of conformity"),
        ("F1", 12, 72, 712, "Sandbox of the ITk Production Database - sample document"),
        ("F1", 12, 72, 660, f"Component:      {subject.kind}"),
        ("F1", 12, 72, 640, f"Serial number:  {subject.serial}"),
        ("F1", 12, 72, 620, f"Issued:         {summary_date(subject.time)}"),
        ("F1", 12, 72, 580, "Wire bonds pulled, metrology and visual inspection done."),
        ("F1", 12, 72, 560, "All results lie within the limits of the specification."),
        ("F1", 10, 72, 96, "This is sample data and certifies nothing."),
    )
    text = "".join(f"BT /{font} {size} Tf {x} {y} Td ({line}) Tj ET\n" for font, size, x, y, line in lines)
    frame = "0.15 0.35 0.6 RG 2 w 50 50 495 742 re S\n0.15 0.35 0.6 rg 72 730 451 1.5 re f\n0 g\n"
    stream = (frame + text).encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
        b" /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream),
    )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _root(subject: Subject) -> bytes:
    del subject
    return resource("sandbox/source_scan.root").read_bytes()


def _unknown(subject: Subject) -> bytes:
    """Return a register dump in nobody's format: a counter, a time, noise."""
    rng, out = subject.rng, bytearray(b"\x93RGD\x02\x00")
    for register in range(512):
        out += register.to_bytes(2, "little") + (subject.time // MINUTE + register).to_bytes(6, "little")
        out += rng.randbytes(8)
    return bytes(out)


def _empty(subject: Subject) -> bytes:
    del subject
    return b""


def _not_an_image(subject: Subject) -> bytes:
    return f"This file is called .jpg, but it is a note about {subject.serial}.\n".encode()


def _not_a_zip(subject: Subject) -> bytes:
    return b"PK\x03\x04" + subject.rng.randbytes(2000)


_TEXTS: dict[str, Callable[[Subject], bytes]] = {
    "log": _log,
    "summary": _summary,
    "probe": _probe,
    "certificate": _certificate,
    "root": _root,
    "unknown": _unknown,
    "empty": _empty,
    "not an image": _not_an_image,
    "not a zip": _not_a_zip,
}
