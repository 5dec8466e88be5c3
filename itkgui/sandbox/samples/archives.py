"""Archives: chip configurations with a list of what is in them, an archive in an archive, packed files."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile

from itkgui.sandbox.dates import SECOND, summary_date
from itkgui.sandbox.samples.logs import readout_log, terminal_log
from itkgui.sandbox.samples.subject import Subject
from itkgui.sandbox.samples.tables import cooling, probe_station

# Zip members carry a date; this one is the same in every process.
_ZIP_DATE = (2025, 9, 1, 12, 0, 0)


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
    """Name each member in its folder by a code, and add the list that tells what they are called."""
    coded: dict[str, bytes] = {}
    listed = []
    for name, content in members.items():
        folder, slash, title = name.rpartition("/")
        code = hashlib.sha256(f"{subject.serial}/{name}".encode()).hexdigest()[:24]
        member = f"{folder}{slash}{code}"
        coded[member] = content
        checksum = hashlib.sha256(content).hexdigest()
        listed.append({"data_id": member, "title": title, "size": len(content), "sha256": checksum})
    return coded | {"attachments_info.json": _json(listed)}


def scan_folder(subject: Subject) -> bytes:
    """Return the folder of one scan as the read-out's script packs it: a compressed tar."""
    return gzip.compress(_tarred(subject, f"{subject.time // SECOND:x}_std_thresholdscan"), mtime=0)


def scan_folders(subject: Subject) -> bytes:
    """Return the folders of three scans in a tar that is not compressed."""
    names = ("std_digitalscan", "std_analogscan", "std_thresholdscan")
    return _tarred(subject, *(f"{number:06d}_{name}" for number, name in enumerate(names, 1401)))


def s_curves(subject: Subject) -> bytes:
    """Return arrays of a threshold scan as numpy packs them."""
    import numpy as np

    dice = np.random.default_rng(subject.rng.getrandbits(64))
    out = io.BytesIO()
    charges = np.arange(0, 3000, 60)
    thresholds = dice.normal(1500, 42, 400)
    hits = np.clip((charges[None, :] - thresholds[:, None]) / 240 + 0.5, 0, 1) * 100
    np.savez_compressed(out, charge=charges, threshold=thresholds, hits=hits.astype(np.uint16))
    return out.getvalue()


def workbook(subject: Subject) -> bytes:
    """Return a list of masses as a spreadsheet program saves it: XML in a zip."""
    rows = [f"<row><c t='inlineStr'><is><t>{subject.serial}</t></is></c></row>"]
    rows += [f"<row><c><v>{subject.rng.uniform(2.1, 2.3):.4f}</v></c></row>" for _ in range(12)]
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kind}.sheet.main+xml'/>"
        f"<Override PartName='/xl/worksheets/sheet1.xml' ContentType='{kind}.worksheet+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'>"
        f"<Relationship Id='r1' Type='{links}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{sheet}' xmlns:r='{links}'>"
        "<sheets><sheet name='Masses' sheetId='1' r:id='r1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'>"
        f"<Relationship Id='r1' Type='{links}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{sheet}'><sheetData>{''.join(rows)}</sheetData>"
        "</worksheet>",
    }
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
    return _zipped({name: f"{head}{content}".encode() for name, content in parts.items()})


def packed_log(subject: Subject) -> bytes:
    """Return the log of a test as the station keeps it when the day is over."""
    return gzip.compress(readout_log(subject), mtime=0)


def packed_cooling(subject: Subject) -> bytes:
    """Return two days of the cooling as a table, packed by bzip2."""
    return bz2.compress(cooling(subject))


def packed_errors(subject: Subject) -> bytes:
    """Return the log of a tuning with the colours of the terminal, packed by xz."""
    return lzma.compress(terminal_log(subject))


def _tarred(subject: Subject, *folders: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for folder in folders:
            settings = {"scan": folder.split("_", 1)[1], "maskStages": 64, "triggers": 100}
            members = {"scanLog.json": _json(settings), "scan.log": terminal_log(subject)}
            for name, content in members.items():
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size, entry.mtime, entry.mode = len(content), subject.time // SECOND, 0o644
                entry.uname = entry.gname = "itk"
                archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


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
