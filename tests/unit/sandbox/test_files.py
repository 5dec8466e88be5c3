"""The sample files: what they are called, what is in them, and that they tell what their test run tells."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from itkgui.client.files import ArchiveFile
from itkgui.decoding.archive import load_archive
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP, QUAD, Caller

BOTH = pytest.mark.parametrize("serial", [QUAD, LONG_STRIP])


def name_of(entry: dict[str, Any]) -> str:
    return str(entry["title"] if entry["type"] == "eos" else entry["filename"])


def content(api: Caller, command: str, keys: dict[str, Any], entry: dict[str, Any]) -> bytes:
    """Download an attachment the way its type asks for."""
    if entry["type"] != "eos":
        response = api.send("GET", command, json=keys | {"code": entry["code"]})
    else:
        response = api.raw("GET", entry["url"])
        if response.status_code == 307:
            response = api.raw("GET", response.headers["Location"])
    assert response.status_code == 200, response.text
    return bytes(response.content)


def of_module(api: Caller, serial: str, name: str) -> bytes:
    (entry,) = (entry for entry in api.attachments(serial, tokens=True) if name_of(entry) == name)
    return content(api, "getComponentAttachment", {"component": serial}, entry)


def runs(api: Caller, serial: str, *tests: str) -> list[dict[str, Any]]:
    filters: dict[str, Any] = {"serialNumber": serial, "state": ["ready"]}
    if tests:
        filters["testType"] = list(tests)
    listed = api.get("listTestRunsByComponent", filterMap=filters)["itemList"]
    found = api.get("getTestRunBulk", testRun=[item["id"] for item in listed], noEosToken=False)
    return list(found["itemList"])


def results(run: dict[str, Any]) -> dict[str, Any]:
    return {entry["code"]: entry["value"] for entry in run["results"]}


def of_run(api: Caller, run: dict[str, Any], name: str) -> bytes:
    (entry,) = (entry for entry in run["attachments"] if name_of(entry) == name)
    return content(api, "getTestRunAttachment", {"testRun": run["id"]}, entry)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))


@BOTH
def test_the_showcase_has_every_kind(api: Caller, serial: str) -> None:
    entries = api.attachments(serial)
    names = {name_of(entry) for entry in entries}
    assert {
        "readout.log",
        "certificate.pdf",
        "scan.root",
        "DSC_4711.JPG",
        "IMG_0412.JPG",
        "IMG_0413.CR2",
        "bond_zstack.tif",
        "station.log",
        "Messung.csv",
        "tests.csv",
        "Bericht.txt",
        "notes utf16.txt",
        "report.html",
        "outline.svg",
        "everything.zip",
        "1234567 Prüfung – Foto №3 😀.txt",
        "../../evil.txt",
        "IMG_2203.HEIC",
        "bonds_small.avif",
    } <= names
    (link,) = (entry for entry in entries if entry["type"] == "link")
    assert link["url"].startswith("https://")
    assert {entry["type"] for entry in entries} == {"file", "eos", "link"}
    times = [entry["dateTime"] for entry in entries]
    assert times == sorted(times)


def test_an_ordinary_module_has_some(api: Caller) -> None:
    modules = api.get("listComponents", filterMap={"project": "P", "componentType": "MODULE"})["itemList"]
    ordinary = [item for item in modules[10:40] if not item["dummy"]]
    counts = [len(api.attachments(item["serialNumber"])) for item in ordinary]
    assert min(counts) >= 4
    assert max(counts) < 15
    assert len(set(counts)) > 2


@BOTH
def test_twelve_megapixels(api: Caller, serial: str) -> None:
    for name in ("DSC_4711.JPG", "bonds_full.jpg"):
        found = of_module(api, serial, name)
        assert 2_500_000 < len(found) < 6_500_000
        with Image.open(io.BytesIO(found)) as image:
            assert image.size == (4000, 3000)
            exif = image.getexif()
        assert (exif[0x010F], exif[0x0112]) == ("Canon", 1)
        assert re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", exif.get_ifd(0x8769)[0x9003])


@BOTH
def test_a_photograph_on_its_side(api: Caller, serial: str) -> None:
    with Image.open(io.BytesIO(of_module(api, serial, "IMG_0412.JPG"))) as image:
        assert image.getexif()[0x0112] == 6
        assert image.width > image.height
        upright = ImageOps.exif_transpose(image)
    assert upright.width < upright.height


@BOTH
def test_a_stack_of_pages(api: Caller, serial: str) -> None:
    with Image.open(io.BytesIO(of_module(api, serial, "bond_zstack.tif"))) as image:
        assert getattr(image, "n_frames", 1) == 7
        pages = []
        for number in range(7):
            image.seek(number)
            pages.append(np.asarray(image.convert("L"), float))
    # The middle of the loops comes into focus, the feet on the chip leave it.
    middle = [page[180:330].std(axis=1).mean() for page in pages]
    feet = [page[400:470].std(axis=1).mean() for page in pages]
    assert middle[0] < middle[-1]
    assert feet[0] > feet[-1]


@BOTH
def test_a_height_map_of_sixteen_bits(api: Caller, serial: str) -> None:
    with Image.open(io.BytesIO(of_module(api, serial, "flatness_scan.tiff"))) as image:
        assert image.mode == "I;16"
        heights = np.asarray(image, float) / 1000
    assert 5 < np.ptp(heights) < 40  # µm


@BOTH
def test_a_raw_file_holds_a_preview(api: Caller, serial: str) -> None:
    (entry,) = (entry for entry in api.attachments(serial) if name_of(entry) == "IMG_0413.CR2")
    assert entry["contentType"] == "image/x-canon-cr2"
    found = of_module(api, serial, "IMG_0413.CR2")
    assert found[8:10] == b"CR"
    (first,) = struct.unpack_from("<I", found, 4)
    ifds = list(directories(found, first))
    assert len(ifds) == 3
    assert struct.unpack_from("<I", found, 12) == (ifds[2][1],)
    tags = [entries for entries, _ in ifds]
    for place, length, size in ((0x111, 0x117, (1600, 1200)), (0x201, 0x202, (160, 120))):
        holder = next(entries for entries in tags if place in entries)
        jpeg = found[holder[place] : holder[place] + holder[length]]
        with Image.open(io.BytesIO(jpeg)) as preview:
            preview.load()
            assert preview.size == size
    assert found[tags[0][0x10F] :].startswith(b"Canon\0")
    assert tags[2][0x117] == 2 * 800 * 600


def directories(found: bytes, place: int) -> list[tuple[dict[int, int], int]]:
    """Read the chain of a TIFF's directories: the value or place of each tag, and where the directory is."""
    chain = []
    while place:
        (count,) = struct.unpack_from("<H", found, place)
        entries = {}
        for order in range(count):
            tag, kind, _, value = struct.unpack_from("<HHII", found, place + 2 + 12 * order)
            entries[tag] = value & 0xFFFF if kind == 3 else value
        chain.append((entries, place))
        (place,) = struct.unpack_from("<I", found, place + 2 + 12 * count)
    return chain


@BOTH
def test_ten_megabytes_of_log(api: Caller, serial: str) -> None:
    text = of_module(api, serial, "station.log").decode()
    assert 10_000_000 < len(text) < 11_000_000
    lines = text.splitlines()
    assert len(lines) > 100_000
    stamps = [line[:24] for line in lines]
    assert stamps == sorted(stamps)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp) for stamp in set(stamps))
    assert {line.split()[1] for line in lines} == {"DEBUG", "INFO", "WARNING", "ERROR"}


@BOTH
def test_texts_in_other_encodings(api: Caller, serial: str) -> None:
    assert serial in of_module(api, serial, "Bericht.txt").decode("latin-1")
    with pytest.raises(UnicodeDecodeError):
        of_module(api, serial, "Bericht.txt").decode()
    wide = of_module(api, serial, "notes utf16.txt")
    assert wide[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert "ΔT" in wide.decode("utf-16")
    assert of_module(api, serial, "report.html").startswith(b"<!DOCTYPE html>")
    assert b"<script" not in of_module(api, serial, "report.html") + of_module(api, serial, "outline.svg")
    assert "👍" in of_module(api, serial, "1234567 Prüfung – Foto №3 😀.txt").decode()
    assert of_module(api, serial, "../../evil.txt")


@BOTH
def test_tables_of_all_sorts(api: Caller, serial: str) -> None:
    german = of_module(api, serial, "Messung.csv").decode("latin-1")
    header = next(line for line in german.splitlines() if line.startswith("Spannung"))
    first, second = german.splitlines()[-2:]
    assert header.count(";") == first.count(";") == 3
    assert re.fullmatch(r"-?\d+,\d;-?\d+,\d+;-?\d+,\d\d?;\d+,\d", second)
    table = of_module(api, serial, "tests.csv")
    assert table.startswith(b"\xef\xbb\xbf")
    listed = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    known = {run["testType"]["name"] for run in runs(api, serial)}
    assert {row["test"] for row in listed} <= known
    assert len(listed) > 5


@BOTH
def test_archives(api: Caller, serial: str, tmp_path: Path) -> None:
    name = f"{serial}_configs.zip" if serial == QUAD else f"{serial}_itsdaq.zip"
    with zipfile.ZipFile(io.BytesIO(of_module(api, serial, name))) as archive:
        info = json.loads(archive.read("attachments_info.json"))
        listed = {entry["data_id"]: entry for entry in info}
        assert set(listed) == set(archive.namelist()) - {"attachments_info.json"}
        for member, entry in listed.items():
            held = archive.read(member)
            assert (entry["size"], entry["sha256"]) == (len(held), hashlib.sha256(held).hexdigest())
            assert entry["title"]
    path = tmp_path / name
    path.write_bytes(of_module(api, serial, name))
    restored = load_archive(ArchiveFile(path, name, path.stat().st_size, "application/zip"))
    assert {entry["title"] for entry in listed.values()} < set(restored.names)
    with zipfile.ZipFile(io.BytesIO(of_module(api, serial, "everything.zip"))) as outer:
        inner = zipfile.ZipFile(io.BytesIO(outer.read("stages/all stages.zip")))
        innermost = zipfile.ZipFile(io.BytesIO(inner.read("raw data.zip")))
        assert b"voltage [V]" in innermost.read("raw/iv.csv")


@BOTH
def test_a_certificate_in_pdf(api: Caller, serial: str) -> None:
    found = of_module(api, serial, "certificate.pdf")
    (pages,) = re.findall(rb"/Type /Pages .*?/Count (\d+)", found)
    assert int(pages) >= 3
    shown = b"\n".join(re.findall(rb"\((.*?)\) Tj", found)).decode("cp1252")
    assert serial in shown
    assert "reverse voltage [V]" in shown
    (entry,) = (entry for entry in api.attachments(serial) if name_of(entry) == "certificate.pdf")
    earlier = [run for run in runs(api, serial) if run["cts"] <= entry["dateTime"]]
    assert len(earlier) > 5
    for run in earlier:
        assert run["testType"]["name"][:31] in shown
    # The table of objects at the end leads to each of them.
    (start,) = re.findall(rb"startxref\n(\d+)", found)
    places = re.findall(rb"(\d{10}) 00000 n", found[int(start) :])
    for number, place in enumerate(places, 1):
        assert found[int(place) :].startswith(b"%d 0 obj" % number)


def test_a_root_file_with_a_graph(api: Caller) -> None:
    found = of_module(api, QUAD, "scan.root")
    assert found.startswith(b"root")
    for kind in (b"TH1D", b"TH2D", b"TGraph", b"TTree"):
        assert kind in found


def test_pixel_iv_files_are_made_of_the_run(api: Caller) -> None:
    for run in runs(api, QUAD, "IV_MEASURE"):
        curve = results(run)["IV_ARRAY"]
        table = rows(of_run(api, run, "iv.csv").decode())
        assert table[0][1:3] == ["voltage [V]", "current [uA]"]
        assert [-float(row[1]) for row in table[1:]] == curve["voltage"]
        assert [-float(row[2]) for row in table[1:]] == curve["current"]
        assert plotted(of_run(api, run, "iv.png")) > 0.002


def test_strip_iv_files_are_made_of_the_run(api: Caller) -> None:
    for run in runs(api, LONG_STRIP, "MODULE_IV_PS_V1", "MODULE_IV_AMAC"):
        values = results(run)
        lines = of_run(api, run, "iv.dat").decode().splitlines()
        table = [line.split("\t") for line in lines[lines.index("Voltage [V]\tCurrent [nA]") + 1 :]]
        assert [float(row[0]) for row in table] == values["VOLTAGE"]
        assert [float(row[1]) for row in table] == pytest.approx(values["CURRENT"], abs=0.001)


def plotted(png: bytes) -> float:
    """Return how much of a plot has the colour of its line."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB"), int)
    return float((np.abs(pixels - (31, 97, 174)).sum(axis=-1) < 30).mean())


def test_the_module_shows_its_latest_curve(api: Caller) -> None:
    curves = [results(run)["IV_ARRAY"]["current"] for run in runs(api, QUAD, "IV_MEASURE")]
    table = rows(of_module(api, QUAD, "probe_station.csv").decode())
    assert [-float(row[2]) for row in table[1:]] in curves


def test_pulled_wires_are_listed(api: Caller) -> None:
    tested = runs(api, QUAD, "WIREBOND_PULL_TEST")
    assert tested
    for run in tested:
        table = rows(of_run(api, run, "pulls.csv").decode())
        assert [float(row[2]) for row in table[1:]] == results(run)["PULL_STRENGTH_DATA"]


def test_every_defect_has_its_photograph(api: Caller) -> None:
    seen = set()
    modules = api.get("listComponents", filterMap={"componentType": "MODULE"}, pageInfo={"pageSize": 24})
    for item in modules["itemList"]:
        if item["dummy"]:
            continue
        for run in runs(api, item["serialNumber"], "VISUAL_INSPECTION", "MODULE_WIRE_BONDING"):
            photographs = {name_of(entry): entry for entry in run["attachments"]}
            for order, defect in enumerate(run["defects"][:3]):
                photograph = photographs[f"defect_{order + 1:02d}_{defect['name'].lower()}.jpg"]
                assert photograph["description"] == defect["description"]
                if defect["name"] not in seen:
                    image = of_run(api, run, name_of(photograph))
                    assert marked(image) > 0.0008, defect["name"]
                seen.add(defect["name"])
            assert len(run["defects"]) <= 3 or run["testType"]["code"] == "MODULE_WIRE_BONDING"
    assert {
        "SCRATCH",
        "PARTICLE",
        "LIFTED_BOND",
        "MISSING_BOND",
        "CHIPPED_EDGE",
        "GLUE_OVERFLOW",
        "UNBONDED",
    } <= seen


def test_image_parameters_name_the_files_of_the_run(api: Caller) -> None:
    sensors = api.get("listComponents", filterMap={"componentType": "SENSOR"}, pageInfo={"pageSize": 30})
    named = 0
    for item in sensors["itemList"]:
        for run in runs(api, item["serialNumber"], "ATLAS18_VIS_INSPECTION_V1"):
            codes = [entry["code"] for entry in run["attachments"]]
            images = [value for code, value in results(run).items() if code.startswith("IMAGE")]
            assert [code for code in images if code] == codes
            named += len(codes)
    assert named > 10


def marked(jpeg: bytes) -> float:
    """Return how much of a photograph has the yellow of the marker."""
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.size == (1600, 1200)
        red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), int), -1, 0)
    return float(((red > 210) & (green > 170) & (blue < 90)).mean())


def test_the_same_seed_makes_the_same_bytes(api: Caller) -> None:
    names = (
        "module_front.jpg",
        "IMG_0413.CR2",
        "bond_zstack.tif",
        "station.log",
        "certificate.pdf",
        "everything.zip",
        "s_curves.npz",
        "thresholdscan.tar.gz",
        "power_up.gif",
    )
    with SandboxProcess().start("--components", "300") as other, Caller(other.info) as second:
        for name in names:
            assert of_module(api, QUAD, name) == of_module(second, QUAD, name), name


def test_the_parts_of_the_help_are_there(api: Caller) -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "itkgui.sandbox", "--help"], capture_output=True, text=True, check=True
    ).stdout
    named = re.findall(r"^  (20U\w{11})  ", help_text, re.MULTILINE)
    assert len(named) >= 8
    for serial in named:
        assert api.get("getComponent", component=serial)["serialNumber"] == serial
