"""Which files hang on which part or test run from the start; their bytes are made when somebody asks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.families import SHOWCASE_FAMILIES
from itkgui.sandbox.catalogue.histories import RUNS_PER_PART, Histories, Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import HOUR, MINUTE


@dataclass(frozen=True)
class Owner:
    """What an attachment hangs on: a component by its index, or a test run by its number."""

    kind: IdKind
    number: int

    @classmethod
    def component(cls, index: int) -> Owner:
        return cls(IdKind.COMPONENT, index)

    @classmethod
    def test_run(cls, number: int) -> Owner:
        return cls(IdKind.TEST_RUN, number)


@dataclass(frozen=True)
class Attachment:
    """One entry of an attachment list; `sample` names the generator of its bytes, if it was not uploaded."""

    code: str
    title: str
    description: str
    filename: str
    content_type: str | None
    type: str
    time: int
    identity: str
    sample: str = ""
    url: str = ""
    size: int | None = None


# generator, file name, content type as it was uploaded, title, description
_Row = tuple[str, str, str, str, str]

_MODULE_FILES: tuple[_Row, ...] = (
    (
        "photo",
        "module_front.jpg",
        "image/jpeg",
        "Module photograph",
        "Front side after wire bonding, 1600 × 1200",
    ),
    (
        "wirebonds",
        "wirebonds_FE1.jpg",
        "image/jpeg",
        "Wire bonds FE1",
        "Microscope picture, bonds 1–40 of FE1",
    ),
    (
        "configuration",
        "{serial}_configs.zip",
        "application/zip",
        "Chip configurations",
        "Configurations after tuning",
    ),
    ("log", "readout.log", "text/plain; charset=UTF-8", "Read-out log", "Log of the electrical test station"),
    ("summary", "summary.json", "application/json", "QC summary", "Summary of the quality control so far"),
    ("probe", "probe_station.csv", "text/csv", "Probe station data", "Current against voltage, all points"),
    (
        "certificate",
        "certificate.pdf",
        "application/pdf",
        "Certificate of conformity",
        "One page, from the assembly",
    ),
    ("map", "threshold_map.png", "image/png", "Threshold map", "Threshold of each pixel after tuning"),
    ("scan", "flatness_scan.tiff", "image/tiff", "Flatness scan", "Height map of the back side"),
    ("root", "scan.root", "application/octet-stream", "Source scan", "ROOT file with histograms and a tree"),
    ("empty", "notes.txt", "text/plain", "Notes", "The file is empty"),
    ("unknown", "dump.dat", "dat", "Register dump", "Raw dump of the station's registers"),
)
# Strip modules have other pictures and no map of pixels.
_STRIP_MODULE_FILES: tuple[_Row, ...] = (
    ("strip photo", "module.jpg", "image/jpeg", "Module photograph", "After bonding, 1600 × 1200"),
    ("plot", "iv.png", "image/png", "IV curve", "Plot made by the station"),
    *(row for row in _MODULE_FILES if row[0] not in ("photo", "map", "configuration")),
    (
        "strip configuration",
        "{serial}_itsdaq.zip",
        "application/zip",
        "Configuration",
        "Chips and masks of ITSDAQ",
    ),
)
# Which of them went to EOS: itkdb sends pictures, ROOT files and large files there (API reference §6.1).
_MODULE_EOS = {"wirebonds", "scan", "root"}
_MODULE_ALWAYS = ("photo", "strip photo", "log")
_MODULE_USUAL = ("wirebonds", "configuration", "strip configuration", "probe", "map", "plot", "certificate")
_MISLABELLED: tuple[_Row, ...] = (
    ("not an image", "picture.jpg", "image/jpeg", "Broken picture", "Called .jpg, but is not an image"),
    ("not a zip", "archive.zip", "application/zip", "Broken archive", "Called .zip, but is not an archive"),
)
_PART_FILES: dict[str, tuple[_Row, ...]] = {
    "P/PCB": (("board", "pcb.jpg", "image/jpeg", "PCB photograph", "Front side at reception"),),
    "P/BARE_MODULE": (
        ("chips", "bare_module.jpg", "image/jpeg", "Sensor corner", "Under the microscope at reception"),
    ),
    "S/SENSOR": (("probe", "manufacturer_iv.csv", "text", "Manufacturer data", "As delivered"),),
    "S/HYBRID_ASSEMBLY": (("board", "hybrid.jpg", "image/jpeg", "Hybrid photograph", "After bonding"),),
}
_STRIP_INSPECTION: tuple[_Row, ...] = (
    ("strip photo", "overview.jpg", "image/jpeg", "Overview", "Front side"),
)
_RUN_FILES: dict[str, tuple[_Row, ...]] = {
    "VISUAL_INSPECTION": (
        ("photo", "front.jpg", "image/jpeg", "Front side", "Overview"),
        ("wirebonds", "detail_01.jpg", "image/jpeg", "Detail 01", "Bond pads under the microscope"),
    ),
    "VIS_INSPECT": (("board", "inspection.jpg", "image/jpeg", "Inspection picture", "Overview"),),
    "ATLAS18_VIS_INSPECTION_V1": (
        ("chips", "sensor.jpg", "image/jpeg", "Sensor corner", "Corner with fiducial"),
    ),
    "IV_MEASURE": (
        ("probe", "iv.csv", "text/csv", "IV raw data", "As written by the power supply"),
        ("plot", "iv.png", "image/png", "IV curve", "Plot made by the station"),
    ),
    "ATLAS18_IV_TEST_V1": (("probe", "iv.dat", "text", "IV raw data", "As written by the station"),),
    "WIREBOND_PULL_TEST": (
        ("wirebonds", "pulled.jpg", "image/jpeg", "After the pull test", "Broken heels on FE2"),
    ),
    "QUAD_MODULE_METROLOGY": (
        ("summary", "metrology.json", "application/json", "Metrology data", "All points"),
    ),
    "TUNING": (("configuration", "tuned.zip", "application/zip", "Configuration after tuning", ""),),
    "MIN_HEALTH_TEST": (("map", "noise_map.png", "image/png", "Noise map", "Noise of each pixel"),),
    "RESPONSE_CURVE_PPA": (
        ("summary", "response.json", "application/json", "Response curve", "All channels"),
    ),
}
_RUN_EOS = {"photo", "strip photo", "wirebonds", "board", "chips"}


class Attachments:
    """Derives the attachment lists of the catalogue."""

    def __init__(self, catalogue: Catalogue, histories: Histories) -> None:
        self._catalogue = catalogue
        self._histories = histories
        self.of_component = lru_cache(maxsize=1024)(self._of_component)
        self.of_run = lru_cache(maxsize=2048)(self._of_run)
        self._mislabelled = next(
            (part.index for part in catalogue.parts if part.kind.key == "P/PCB" and part.parent < 0), -1
        )

    def of(self, owner: Owner) -> tuple[Attachment, ...]:
        return (
            self.of_component(owner.number) if owner.kind is IdKind.COMPONENT else self.of_run(owner.number)
        )

    def find(self, code: str) -> tuple[Owner, Attachment] | None:
        """Return the attachment of the catalogue with this code, and what it hangs on."""
        decoded = self._catalogue.ids.decode(code)
        if decoded is None:
            return None
        kind, number, place = decoded
        if kind is IdKind.COMPONENT_ATTACHMENT and number < len(self._catalogue.parts):
            owner = Owner.component(number)
        elif kind is IdKind.TEST_RUN_ATTACHMENT and number < len(self._catalogue.parts) * RUNS_PER_PART:
            owner = Owner.test_run(number)
        else:
            return None
        listed = self.of(owner)
        return (owner, listed[place]) if place < len(listed) else None

    def _of_component(self, index: int) -> tuple[Attachment, ...]:
        part = self._catalogue.parts[index]
        rng = self._histories.rng("attachments", index)
        rows = self._rows(part, rng)
        if not rows:
            return ()
        start, end = part.created + HOUR, self._histories.modified(part)
        times = sorted(rng.randint(start, max(start, end)) for _ in rows)
        return tuple(
            self._make(IdKind.COMPONENT_ATTACHMENT, index, place, row, time, part, row[0] in _MODULE_EOS, rng)
            for place, (row, time) in enumerate(zip(rows, times, strict=True))
        )

    def _rows(self, part: Part, rng: random.Random) -> list[_Row]:
        if part.index == self._mislabelled:
            return [*_PART_FILES["P/PCB"], *_MISLABELLED]
        if part.kind.code == "MODULE":
            files = _MODULE_FILES if part.kind.project == "P" else _STRIP_MODULE_FILES
            if part.family < SHOWCASE_FAMILIES:
                return list(files)
            chosen = {*_MODULE_ALWAYS, *rng.sample(_MODULE_USUAL, rng.randint(3, len(_MODULE_USUAL)))}
            return [row for row in files if row[0] in chosen]
        return [row for row in _PART_FILES.get(part.kind.key, ()) if rng.random() < 0.6]

    def _of_run(self, number: int) -> tuple[Attachment, ...]:
        run = self._histories.run(number)
        if run is None:
            return ()
        part = self._catalogue.parts[run.part]
        rng = self._histories.rng("run attachments", number)
        rows = _RUN_FILES.get(run.test.code, ())
        if run.test.key == "S/MODULE/VISUAL_INSPECTION":
            rows = _STRIP_INSPECTION
        return tuple(
            self._make(
                IdKind.TEST_RUN_ATTACHMENT,
                number,
                place,
                row,
                self._time(run, place),
                part,
                self._on_eos(row, rng),
                rng,
            )
            for place, row in enumerate(rows)
        )

    def _time(self, run: Run, place: int) -> int:
        return run.uploaded + (2 + place) * MINUTE

    def _on_eos(self, row: _Row, rng: random.Random) -> bool:
        return row[0] in _RUN_EOS and rng.random() < 0.6

    def _make(
        self,
        kind: IdKind,
        number: int,
        place: int,
        row: _Row,
        time: int,
        part: Part,
        on_eos: bool,
        rng: random.Random,
    ) -> Attachment:
        sample, filename, content_type, title, description = row
        code = self._catalogue.ids.code(kind, number, place)
        definitions = self._catalogue.definitions
        filename = filename.format(serial=part.serial)
        person = definitions.people[rng.choice(definitions.people_at[part.location])]
        return Attachment(
            code=code,
            # EOS forgets file name and type; itkdb users put the name into the title (API reference §6.2).
            title=filename if on_eos else title,
            description=description,
            filename=code if on_eos else filename,
            content_type=None if on_eos else content_type,
            type="eos" if on_eos else "file",
            time=time,
            identity=person.identity,
            sample=sample,
        )
