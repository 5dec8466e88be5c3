"""The program as a process that drives itself in a real window: what it leaves, says, and keeps to itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from itkgui.client.files import open_file
from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.records import Attachment, OwnerKind
from itkgui.sandbox.samples import rows
from itkgui.sandbox.samples.attachments import Owner
from itkgui.views.previews.registry import PREVIEWERS, previewer_for
from tests.end2end.job import colours

SEED, PARTS = 1, 1500

pytestmark = [pytest.mark.x11, pytest.mark.timeout(930)]


@dataclass(frozen=True)
class Taken:
    """One tour: its exit code, what it wrote to the terminal, and where it left things."""

    code: int
    output: str
    folder: Path
    data: Path
    home: Path
    temporary: Path

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "tour.json").read_text("utf-8"))
        return found


def take_tour(base: Path) -> Taken:
    home, temporary, folder, data = (base / name for name in ("home", "temporary", "tour", "data"))
    for made in (home, temporary):
        made.mkdir()
    surroundings = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: "" for name in os.environ if name.startswith("XDG_")},
        "QT_QPA_PLATFORM": "xcb",
    }
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "itkgui",
            "--tour",
            str(folder),
            "--data-dir",
            str(data),
            "--log-level",
            "debug",
        ],
        env={name: value for name, value in surroundings.items() if value},
        cwd=base,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    return Taken(finished.returncode, finished.stdout, folder, data, home, temporary)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    assert os.environ.get("DISPLAY")
    return take_tour(tmp_path_factory.mktemp("tour"))


def test_tour_ends_well(taken: Taken) -> None:
    assert taken.code == 0, taken.output[-3000:]
    assert "all well; GUI stall p50" in taken.output
    assert "Traceback" not in taken.output


def test_report_has_the_shape_that_was_promised(taken: Taken) -> None:
    report = taken.report
    assert report["ok"] is True
    assert set(report["stall_ms"]) == {"p50", "p99", "max"}
    assert all(isinstance(value, float) and value >= 0 for value in report["stall_ms"].values())
    assert report["stall_ms"]["p50"] <= report["stall_ms"]["p99"] <= report["stall_ms"]["max"]
    assert len({step["name"] for step in report["steps"]}) == len(report["steps"])
    for step in report["steps"]:
        assert {"name", "seconds", "screenshot", "ok"} <= set(step)
        assert step["ok"] is True
        assert 0 <= step["seconds"] < 30
    names = [step["screenshot"] for step in report["steps"]]
    assert [name[:4] for name in names] == [f"{number:03d}-" for number in range(1, len(names) + 1)]


def test_every_picture_shows_something(taken: Taken) -> None:
    pictures = [taken.folder / step["screenshot"] for step in taken.report["steps"]]
    assert len(set(pictures)) == len(pictures)
    for path in pictures:
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (1366, 768), path.name
        assert colours(picture) > 40, f"{path.name} is almost blank"


@pytest.mark.parametrize(
    "subject",
    [
        "search by several filters",
        "saved search",
        "results exported",
        "list of serial numbers",
        "two tabs",
        "pinned",
        "family in two levels",
        "history",
        "comment added",
        "raw JSON searched",
        "a part without a serial number",
        "superseded test runs",
        "test runs of all parts",
        "results with limits",
        "a link to another run",
        "defects and remarks",
        "pictures of an inspection",
        "several runs overlaid",
        "trend with limits",
        "histogram",
        "map",
        "plot saved",
        "columns of a table plotted",
        "JSON as a tree",
        "uploaded and read back",
        "a problem at its field",
        "results sent as a test run",
        "a new file of an instrument",
        "what is new sent",
        "check-list of a shipment",
        "shipments of an item",
        "two side by side",
        "the doctor",
        "the log",
        "a support bundle read",
        "a support bundle saved",
        "a fault of the program",
        "dark: tests",
        "dark: files",
        "150 %: tests",
        "150 %: files",
    ],
)
def test_subject_is_on_the_way(taken: Taken, subject: str) -> None:
    assert subject in [step["name"] for step in taken.report["steps"]]


def samples() -> Iterator[tuple[Origins, Owner, Attachment]]:
    """Yield a file of every sample that the sandbox has."""
    origins = Origins(Catalogue(SEED, PARTS))
    owners = [Owner(OwnerKind.SHIPMENT, number) for number in range(origins.shipments.count())]
    for part in origins.catalogue.parts:
        owners.append(Owner(OwnerKind.COMPONENT, part.index))
        owners += (Owner(OwnerKind.TEST_RUN, run.number) for run in origins.histories.runs(part.index))
    seen = {rows.LINK}
    for owner in owners:
        for attachment in origins.samples.of(owner):
            sample = attachment.sample.partition("/")[0]
            if sample not in seen:
                seen.add(sample)
                yield origins, owner, attachment
    lists = (*rows.MODULE_FILES.values(), *rows.PART_FILES.values(), *rows.RUN_FILES.values())
    assert {row.sample for listed in (*lists, rows.MISLABELLED) for row in listed} <= seen


def test_every_kind_of_the_sandbox_is_previewed(taken: Taken, tmp_path: Path) -> None:
    previews: dict[str, list[str]] = taken.report["previews"]
    assert {kind for kinds in previews.values() for kind in kinds} == {one.kind for one in PREVIEWERS}
    path, missing = tmp_path / "sample", set()
    for origins, owner, attachment in samples():
        path.write_bytes(origins.samples.content(owner, attachment))
        name = attachment.title if attachment.type == "eos" else attachment.filename
        file = open_file(path, name)
        is_told = file.media_type in previews and not file.size
        if not is_told and previewer_for(file).kind not in previews.get(file.media_type, ()):
            missing.add((attachment.sample, file.media_type, previewer_for(file).kind))
    assert not missing


def test_every_ending_has_its_picture(taken: Taken) -> None:
    names = [step["name"] for step in taken.report["steps"]]
    assert {"file .gif", "file .heic", "file .tar.gz", "file .npy"} <= set(names)
    for kind in {kind for kinds in taken.report["previews"].values() for kind in kinds}:
        assert f"dark: {kind}" in names
        assert f"150 %: {kind}" in names


def test_what_was_exported_lies_beside_the_pictures(taken: Taken) -> None:
    pictures = {step["screenshot"] for step in taken.report["steps"]}
    others = {path.name for path in taken.folder.iterdir()} - pictures
    plots = {"plot.csv", "plot.png", "plot.svg"}
    assert others == {"tour.json", "support-bundle.zip", "components.csv", "commands.pdf", *plots}


def test_nothing_is_written_anywhere_else(taken: Taken) -> None:
    elsewhere = [
        path for place in (taken.home, taken.temporary) for path in place.rglob("*") if path.is_file()
    ]
    # Font caches and shaders belong to the system's libraries, not to the program.
    ours = [path for path in elsewhere if not re.search(r"/(fontconfig|mesa_shader_cache\w*)/", str(path))]
    assert ours == []
    made = {path.name for path in taken.folder.parent.iterdir()}
    assert made == {"home", "temporary", "tour", "data"}


def test_what_the_sandbox_and_the_previews_held_is_gone(taken: Taken) -> None:
    left = [path for path in (taken.data / "cache").rglob("*") if path.is_file()]
    left += [path for path in (taken.data / "state" / "sandbox").rglob("*") if path.is_file()]
    assert left == []


def test_log_holds_no_secret(taken: Taken) -> None:
    log = (taken.data / "state" / "itkgui.log").read_text("utf-8")
    assert "signed in" in log
    for text in (log, taken.output):
        for secret in ("sandbox-code-", "eyJ", "zteos64:", "cap.sym=", "Bearer e"):
            assert not re.search(rf"{re.escape(secret)}(?!\[removed\])", text), secret


def test_what_is_kept_is_private(taken: Taken) -> None:
    for path in (taken.data / "state", taken.data / "cache", taken.data / "config"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (taken.data / "state" / "itkgui.log").stat().st_mode & 0o077 == 0
