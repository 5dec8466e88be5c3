"""Archives: chip configurations with a list of what is in them, and an archive in an archive."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from itkgui.sandbox.dates import isoz, summary_date
from itkgui.sandbox.samples.logs import readout_log, terminal_log
from itkgui.sandbox.samples.subject import Subject
from itkgui.sandbox.samples.tables import probe_station

# Zip members carry a date; this one is the same in every process.
_ZIP_DATE = (2025, 9, 1, 12, 0, 0)
_TITLES = {".json": "Configuration", ".png": "Picture", ".log": "Log", ".csv": "Table", ".det": "Module file"}


def chip_configuration(subject: Subject) -> bytes:
    """Return the configurations of a pixel module's chips, with a threshold map and the log of the tuning."""
    # numpy and Pillow cost a third of a second, and nothing but the map needs them.
    from itkgui.sandbox.samples.charts import threshold_map

    rng = subject.rng
    count = 3 if "TRIPLET" in subject.variant else 4
    members: dict[str, bytes] = {
        "README.txt": f"Configurations of {subject.serial}, {summary_date(subject.time)}\n".encode(),
        "connectivity.json": _json(
            {"chipType": "ITKPIXV2", "chips": [_chip_entry(chip) for chip in range(count)]}
        ),
    }
    for chip in range(count):
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
    members["plots/threshold_map.png"] = threshold_map(subject)
    members["logs/tuning.log"] = terminal_log(subject)
    return _zipped(_with_list(members, subject))


def strip_configuration(subject: Subject) -> bytes:
    """Return a strip module's read-out configuration, masks, noise and log."""
    rng = subject.rng
    chips = [
        f"Chip {chip:2d}  gain 82  trim range {rng.randint(3, 7)}  BVT {rng.randint(8, 16)}"
        for chip in range(10)
    ]
    members = {
        "README.txt": f"ITSDAQ configuration of {subject.serial}, {summary_date(subject.time)}\n".encode(),
        "config/module.det": ("\n".join(("# Module", f"Name {subject.serial}", *chips)) + "\n").encode(),
        "config/masks.json": _json({"masked": sorted(rng.sample(range(2560), 6)), "module": subject.serial}),
        "data/noise.csv": b"channel,noise [e]\n"
        + b"".join(b"%d,%.1f\n" % (channel, rng.gauss(800, 28)) for channel in range(2560)),
        "logs/readout.log": readout_log(subject),
    }
    return _zipped(_with_list(members, subject))


def nested(subject: Subject) -> bytes:
    """Return an archive with an archive in it, in which is another one; none asks for a password."""
    innermost = _zipped({"raw/iv.csv": probe_station(subject), "raw/readout.log": readout_log(subject)})
    middle = _zipped({"stage.txt": f"{subject.stage}\n".encode(), "raw data.zip": innermost})
    return _zipped(
        {
            "README.txt": f"Everything about {subject.serial} up to {summary_date(subject.time)}\n".encode(),
            "stages/all stages.zip": middle,
            "empty folder/": b"",
        }
    )


def _with_list(members: dict[str, bytes], subject: Subject) -> dict[str, bytes]:
    """Add attachments_info.json: what each member is called, its title, size and checksum."""
    files = [
        {
            "filename": name,
            "title": _TITLES.get(name[name.rfind(".") :], "Text"),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in members.items()
    ]
    info = {
        "serialNumber": subject.serial,
        "stage": subject.stage,
        "created": isoz(subject.time),
        "files": files,
    }
    return members | {"attachments_info.json": _json(info)}


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
