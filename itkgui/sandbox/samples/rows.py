"""Which files hang on what: the tables from which the attachment lists are derived."""

from __future__ import annotations

from dataclasses import dataclass

LINK = "link"


@dataclass(frozen=True)
class Row:
    """One file: what makes its bytes, and name, content type, title and description as they were uploaded.

    `{serial}` in the name is replaced. Whether it is always there, and whether it went to EOS: itkdb sends
    pictures, ROOT files and large files there (API reference §6.1).
    """

    sample: str
    filename: str
    content_type: str
    title: str
    description: str
    eos: bool = False
    always: bool = False


_JPEG, _TEXT, _CSV = "image/jpeg", "text/plain", "text/csv"

_SHARED_BEFORE = (
    Row(
        "log",
        "readout.log",
        "text/plain; charset=UTF-8",
        "Read-out log",
        "Log of the electrical test station",
        always=True,
    ),
    Row("summary", "summary.json", "application/json", "QC summary", "Summary of the quality control so far"),
    Row("probe", "probe_station.csv", _CSV, "Probe station data", "Latest IV curve, all points"),
    Row(
        "certificate",
        "certificate.pdf",
        "application/pdf",
        "Certificate of conformity",
        "All tests and the latest IV curve",
    ),
)
_SHARED_AFTER = (
    Row(
        "scan",
        "flatness_scan.tiff",
        "image/tiff",
        "Flatness scan",
        "Height map of the back side, 16 bit",
        eos=True,
    ),
    Row(
        "root",
        "scan.root",
        "application/octet-stream",
        "Source scan",
        "ROOT file with histograms, graphs and a tree",
        eos=True,
    ),
    Row("empty", "tuning.err", _TEXT, "Errors", "The file is empty: there were none"),
    Row("unknown", "dump.dat", "dat", "Register dump", "Raw dump of the station's registers"),
    Row("large photo", "DSC_4711.JPG", _JPEG, "Photograph, full resolution", "4000 × 3000", eos=True),
    Row("large bonds", "bonds_full.jpg", _JPEG, "Wire bonds, full resolution", "4000 × 3000", eos=True),
    Row("rotated photo", "IMG_0412.JPG", _JPEG, "Photograph, upright", "Camera held upright", eos=True),
    Row("raw photo", "IMG_0413.CR2", "image/x-canon-cr2", "Raw photograph", "With a preview"),
    Row("stack", "bond_zstack.tif", "image/tiff", "Focus stack", "Seven slices, 25 µm apart", eos=True),
    Row(
        "long log", "station.log", _TEXT, "Station log", "Everything the station said in four days", eos=True
    ),
    Row("german", "Messung.csv", "application/vnd.ms-excel", "Messwerte", "Semicolons and decimal commas"),
    Row("spreadsheet", "tests.csv", _CSV, "List of tests", "Saved from a spreadsheet"),
    Row("workbook", "masses.xlsx", "application/octet-stream", "Masses", "From the balance's computer"),
    Row("latin", "Bericht.txt", "text", "Prüfbericht", "In German"),
    Row("utf16", "notes utf16.txt", _TEXT, "Notes", "From an editor of Windows"),
    Row("page", "report.html", "text/html", "Report", "Web page of the station"),
    Row("drawing", "outline.svg", "image/svg+xml", "Outline", "Sketch"),
    Row("settings", "station.yaml", "text/yaml", "Station settings", "As they were for the tests"),
    Row("masked", "masked_pixels.tsv", "text/tab-separated-values", "Masked pixels", "Of all chips"),
    Row("surface", "flatness.xyz", "xyz", "Flatness, points", "As the metrology machine lists them"),
    Row("film", "power_up.gif", "image/gif", "Thermal film", "First four minutes after power-up", eos=True),
    Row("telephone", "IMG-WA0012.webp", "image/webp", "Photograph", "From a messenger"),
    Row("frame", "CAM1.BMP", "image/bmp", "Frame of the microscope", "Bonds of FE1, without colours"),
    Row("heic", "IMG_2203.HEIC", "image/heic", "Wire bonds", "Telephone at the microscope's eyepiece"),
    Row("avif", "bonds_small.avif", "image/avif", "Wire bonds, small", "For the meeting's web page"),
    Row("array", "tdac.npy", "application/octet-stream", "Trim values", "384 × 400, as numpy saves them"),
    Row("s curves", "s_curves.npz", "application/octet-stream", "S-curves", "Arrays of a threshold scan"),
    Row("scan folders", "scans.tar", "application/x-tar", "Three scans", "Folders of the read-out"),
    Row("scan folder", "thresholdscan.tar.gz", "application/gzip", "Threshold scan", "Folder of the scan"),
    Row("packed cooling", "cooling.csv.bz2", "application/x-bzip2", "Cooling", "Two days, a line a minute"),
    Row("packed errors", "tuning.log.xz", "application/x-xz", "Log of the tuning", "With colours"),
    Row("packed log", "readout.log.gz", "gzip", "Read-out log, packed", "Of the day before"),
    Row("terminal log", "tuning.log", _TEXT, "Log of the tuning", "With the terminal's colours"),
    Row("nested", "everything.zip", "application/zip", "Everything", "Archives in archives"),
    Row("long name", "1234567 Prüfung – Foto №3 😀.txt", _TEXT, "Prüfung 😀", "A name with everything in it"),
    Row("careless", "../../evil.txt", _TEXT, "Upload of a script", "The name is a path"),
    Row(LINK, "", "", "Electronic log book", "https://elog.example.org/itk/modules"),
)
_PIXEL_MODULE = (
    Row(
        "photo",
        "module_front.jpg",
        _JPEG,
        "Module photograph",
        "Front side after wire bonding, 1600 × 1200",
        always=True,
    ),
    Row(
        "wirebonds",
        "wirebonds_FE1.jpg",
        _JPEG,
        "Wire bonds FE1",
        "Microscope picture, bonds 1–40 of FE1",
        eos=True,
    ),
    Row(
        "configuration",
        "{serial}_configs.zip",
        "application/zip",
        "Chip configurations",
        "Configurations after tuning",
    ),
    *_SHARED_BEFORE,
    Row("map", "threshold_map.png", "image/png", "Threshold map", "Threshold of each pixel after tuning"),
    *_SHARED_AFTER,
)
_STRIP_MODULE = (
    Row("strip photo", "module.jpg", _JPEG, "Module photograph", "After bonding, 1600 × 1200", always=True),
    Row("plot", "iv.png", "image/png", "IV curve", "Plot made by the station"),
    Row(
        "wirebonds",
        "wirebonds_row1.jpg",
        _JPEG,
        "Wire bonds, row 1",
        "Microscope picture, bonds 1–40",
        eos=True,
    ),
    *_SHARED_BEFORE,
    *_SHARED_AFTER,
    Row(
        "strip configuration",
        "{serial}_itsdaq.zip",
        "application/zip",
        "Configuration",
        "Chips and masks of ITSDAQ",
    ),
)
MODULE_FILES = {"P": _PIXEL_MODULE, "S": _STRIP_MODULE}
# What an ordinary module may have; the rest is rare, and there to be met.
USUAL = (
    "wirebonds",
    "configuration",
    "strip configuration",
    "probe",
    "map",
    "plot",
    "certificate",
    "summary",
)
RARE = tuple(row.sample for row in _SHARED_AFTER)

MISLABELLED = (
    Row("not an image", "picture.jpg", _JPEG, "Broken picture", "Called .jpg, but is not an image"),
    Row(
        "not a zip", "archive.zip", "application/zip", "Broken archive", "Called .zip, but is not an archive"
    ),
)
PART_FILES: dict[str, tuple[Row, ...]] = {
    "P/PCB": (Row("board", "pcb.jpg", _JPEG, "PCB photograph", "Front side at reception"),),
    "P/BARE_MODULE": (
        Row("corner", "bare_module.jpg", _JPEG, "Sensor corner", "Under the microscope at reception"),
    ),
    "S/SENSOR": (Row("station data", "manufacturer_iv.dat", "text", "Manufacturer data", "As delivered"),),
    "S/HYBRID_ASSEMBLY": (Row("board", "hybrid.jpg", _JPEG, "Hybrid photograph", "After bonding"),),
    "S/STAVE": (Row("certificate", "stave.pdf", "application/pdf", "Certificate", "Of the core"),),
    "CE/BUS_TAPE": (Row("certificate", "tape.pdf", "application/pdf", "Certificate", "Of the tape"),),
    "CM/CARBON_FOAM": (
        Row("certificate", "foam.pdf", "application/pdf", "Certificate", "Of the manufacturer"),
    ),
}

_VALUES = "application/json"
_STRIP_IV = (
    Row("station data", "iv.dat", "text", "IV raw data", "As written by the station"),
    Row("plot", "iv.png", "image/png", "IV curve", "Plot made by the station"),
)
_PIXEL_INSPECTION = (
    Row("photo", "front.jpg", _JPEG, "Front side", "Overview", eos=True),
    Row("wirebonds", "detail_01.jpg", _JPEG, "Detail 01", "Bond pads under the microscope", eos=True),
)
# By component type and test type, or by test type alone.
RUN_FILES: dict[str, tuple[Row, ...]] = {
    "VISUAL_INSPECTION": _PIXEL_INSPECTION,
    "P/PCB/VISUAL_INSPECTION": (Row("board", "front.jpg", _JPEG, "Front side", "Overview", eos=True),),
    "P/BARE_MODULE/VISUAL_INSPECTION": (
        Row("corner", "corner.jpg", _JPEG, "Corner", "Sensor corner", eos=True),
    ),
    "S/MODULE/VISUAL_INSPECTION": (
        Row("strip photo", "overview.jpg", _JPEG, "Overview", "Front side", eos=True),
    ),
    "S/STAVE/VISUAL_INSPECTION": (
        Row("corner", "sensor_corner.jpg", _JPEG, "Sensor corner", "First module"),
    ),
    "VIS_INSPECT": (Row("board", "inspection.jpg", _JPEG, "Inspection picture", "Overview", eos=True),),
    "ATLAS18_VIS_INSPECTION_V1": (
        Row("corner", "sensor.jpg", _JPEG, "Sensor corner", "Corner with fiducial", eos=True),
    ),
    "IV_MEASURE": (
        Row("probe", "iv.csv", _CSV, "IV raw data", "As written by the power supply"),
        Row("plot", "iv.png", "image/png", "IV curve", "Plot made by the station"),
    ),
    "ATLAS18_IV_TEST_V1": _STRIP_IV,
    "MODULE_IV_PS_V1": _STRIP_IV,
    "MODULE_IV_PS_BONDED": _STRIP_IV,
    "MODULE_IV_AMAC": _STRIP_IV,
    "ATLAS18_CV_TEST_V1": (Row("cv", "cv.csv", _CSV, "CV raw data", "All points"),),
    "ATLAS18_SHAPE_METROLOGY_V1": (Row("shape", "shape.csv", _CSV, "Points", "All points of the surface"),),
    "WIREBOND_PULL_TEST": (
        Row("pulls", "pulls.csv", _CSV, "Pull strengths", "Each wire"),
        Row("wirebonds", "bonds.jpg", _JPEG, "Before the pull test", "Bonds of FE2", eos=True),
    ),
    "THERMAL_CYCLING": (Row("cycles", "cycles.csv", _CSV, "Temperatures", "All cycles"),),
    "MODULE_WIRE_BONDING": (Row("unbonded", "failed_bonds.csv", _CSV, "Failed bonds", "Front-end rows"),),
    "QUAD_MODULE_METROLOGY": (Row("values", "metrology.json", _VALUES, "Metrology data", "All points"),),
    "TRIPLET_METROLOGY": (Row("values", "metrology.json", _VALUES, "Metrology data", "All points"),),
    "FLATNESS": (Row("scan", "backside.tiff", "image/tiff", "Height map", "Back side, 16 bit", eos=True),),
    "TUNING": (Row("map", "tuned_thresholds.png", "image/png", "Tuned thresholds", "Each pixel"),),
    "MIN_HEALTH_TEST": (Row("noise map", "noise_map.png", "image/png", "Noise map", "Noise of each pixel"),),
    "RESPONSE_CURVE_PPA": (Row("values", "response.json", _VALUES, "Response curve", "All channels"),),
}


def defect_row(order: int, name: str, description: str) -> Row:
    """Return the row of the photograph of a run's `order`-th defect."""
    what = name.replace("_", " ").lower()
    filename = f"defect_{order + 1:02d}_{name.lower()}.jpg"
    return Row(f"defect/{order}", filename, _JPEG, f"Defect: {what}", description)
