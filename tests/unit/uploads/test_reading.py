"""Files of instruments that a plug-in reads: results like those of a JSON, or files, and a word why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from threading import Timer
from typing import Any

import pytest

from itkgui.client.exceptions import Cancelled
from itkgui.client.files import BinaryFile, open_file
from itkgui.client.transfer import Transfer, running
from itkgui.decoding import plugins
from itkgui.decoding.decoders import PATIENCE, Decoders
from itkgui.decoding.plugin_call import PluginFailed, call_plugin, call_viewer
from itkgui.uploads.intake import Examined, Found, examine
from itkgui.uploads.serial_search import Sighting

BODY: dict[str, Any] = {
    "component": "20USBML0000001",
    "testType": "IV",
    "results": {"MASS": 2.5, "GRÖSSE": [None, "ü"]},
}


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders()
    yield found
    found.close()


def look(folder: Path, decoders: Decoders | None, kind: str, content: object = BODY) -> Examined:
    path = folder / "x.mpx"
    path.write_text(f"{kind}\n{json.dumps(content)}")
    return examine(Found(path, PurePath(path.name)), decoders)


@pytest.mark.logs("x.mpx: its plug-in|was not read|read_by_plugin failed")
@pytest.mark.usefixtures("labtools")
def test_what_a_reader_gives_is_results_or_told_in_words(decoders: Decoders, tmp_path: Path) -> None:
    assert not look(tmp_path, decoders, "scale").runs, "nobody has allowed it"
    plugins.allow([".MPX"])
    assert not look(tmp_path, None, "scale").runs
    (run,) = look(tmp_path, decoders, "scale").runs
    assert (run.body, run.name, run.is_read) == (BODY, "x.json", True)
    names = [run.name for run in look(tmp_path, decoders, "scale", [BODY, BODY]).runs]
    assert names == ["x-1.json", "x-2.json"]
    examined = look(tmp_path, decoders, "calibration")
    assert (examined.runs, examined.flaw) == ((), "")
    for kind, told in (
        ("broken", "fails on it (ValueError: no weight in line 2)"),
        ("fatal", "its plug-in crashes on it."),
        ("nothing", "gives no results of a test"),
        ("decimal", "gives something of the type Decimal at “results.MASS[1]”, which is no JSON"),
        ("own", "gives something of the type Decimal at “results”, which is no JSON"),
        ("endless", "gives the number nan at “[0].passed”"),
        ("numbered", "gives a name of the type int at “results”, which is no JSON"),
        ("named", "gives a name with broken characters, which is no JSON"),
        ("garbled", "gives a text with broken characters at “comments[0]”"),
        ("deep", "too many lists and objects within each other"),
    ):
        examined = look(tmp_path, decoders, kind)
        assert examined.flaw.startswith("It was not read as the results of a test: "), kind
        assert told in examined.flaw
        assert (tmp_path / "x.mpx").read_text().startswith(kind), "it has harmed the file itself"
        assert not examined.runs
    assert "labtools" not in sys.modules, "it was loaded in the program, by something of a class of its own"
    for wrong, lacking in (({"testType": "IV", "results": {}}, "component"), ([BODY, [1]], "component")):
        assert look(tmp_path, decoders, "scale", wrong).flaw.endswith(f"gives no “{lacking}”.")


@pytest.mark.usefixtures("labtools")
def test_what_results_name_is_seen_in_their_file_as_in_a_json(decoders: Decoders, tmp_path: Path) -> None:
    plugins.allow(["mpx"])
    other, code = "20UPGM23800001", "0123456789abcdef" * 2
    named = [BODY, {**BODY, "component": f" {other.lower()}"}, {**BODY, "component": code}, BODY]
    named.append({**BODY, "component": "the one of Monday"})
    (sighting,) = look(tmp_path, decoders, "scale", named).sightings
    assert sighting == Sighting((BODY["component"], other, code), "in its content", is_in_content=True)
    (tmp_path / "x.json").write_text(json.dumps(named))
    assert examine(Found(tmp_path / "x.json", PurePath("x.json"))).sightings == (sighting,)


@pytest.mark.usefixtures("labtools")
def test_what_a_viewer_gives_is_plain_where_it_arrives(decoders: Decoders, tmp_path: Path) -> None:
    path = tmp_path / "x.mpx"
    path.write_text("own")
    plugins.allow(["mpx"])
    made = call_viewer(decoders, plugins.load_by_plugin, open_file(path, path.name), patience=PATIENCE)
    assert [type(made.name), type(made.content)] == [str, bytes]
    assert made == plugins.Instead("map.csv", b"row,counts\n")
    assert path.read_text() == "own", "it has changed what is kept, and shown another way"
    assert "labtools" not in sys.modules


@pytest.mark.logs("x.mpx: (its|no) plug-in|load_by_plugin failed")
@pytest.mark.usefixtures("labtools")
def test_a_viewer_that_fails_is_named_as_what_fails_and_not_the_file(
    decoders: Decoders, tmp_path: Path
) -> None:
    path = tmp_path / "x.mpx"
    for kind, told in (
        ("worse", "its plug-in fails on it (KeyError: 'worse')"),
        ("endless", "its plug-in takes too long on it"),
        ("fatal", "its plug-in crashes on it"),
        ("greedy", "its plug-in needs more memory than it may take here"),
        ("nothing", "its plug-in gives no file"),
    ):
        path.write_text(kind)
        patience = 0.5 if kind == "endless" else PATIENCE
        with pytest.raises(PluginFailed) as raised:
            call_plugin(decoders, plugins.load_by_plugin, path, path.name, patience=patience)
        assert raised.value.sentence == f"This file cannot be shown: {told}."
        assert "another way" in raised.value.cure
        assert "new copy" not in raised.value.cure


@pytest.mark.usefixtures("labtools")
def test_json_is_read_as_it_is_and_an_ending_without_a_plugin_is_told(
    decoders: Decoders, tmp_path: Path
) -> None:
    plugins.allow(["json"])
    path = tmp_path / "x.json"
    path.write_text(json.dumps(BODY))
    (run,) = examine(Found(path, PurePath(path.name)), decoders).runs
    assert not run.is_read
    path.write_text(json.dumps([1]))
    found = examine(Found(path, PurePath(path.name)), decoders)
    assert (found.flaw, found.unread) == ("", "No plug-in for “.json” is installed: it is sent as it is.")


@pytest.mark.parametrize("group", [plugins.READERS, plugins.VIEWERS])
def test_an_ending_with_one_plugin_is_as_usual_for_the_other(labtools: Path, group: str) -> None:
    (facts,) = labtools.glob("*/entry_points.txt")
    facts.write_text(f"[{group}]\nmpx = labtools:one\n")
    plugins.allow(["mpx"])
    file = BinaryFile(labtools / "x.mpx", "x.mpx", 1, "text/plain")
    assert plugins.is_read(file.name) == (group == plugins.READERS)
    assert plugins.is_shown(file) == (group == plugins.VIEWERS)


def test_what_is_installed_is_looked_for_at_a_sign_in_and_for_other_endings_alone(labtools: Path) -> None:
    (facts,) = labtools.glob("*/entry_points.txt")
    plugins.allow(["mpx"])
    assert plugins.is_read("x.mpx")
    facts.write_text("")
    plugins.allow(["mpx"])
    assert plugins.is_read("x.mpx"), "it was looked for again, on the thread of the window"
    plugins.find_installed()
    assert not plugins.is_read("x.mpx")


@pytest.mark.logs("what a package in .* has for others cannot be read")
def test_neither_a_broken_package_nor_the_case_of_an_ending_hides_a_plugin(
    labtools: Path, decoders: Decoders
) -> None:
    (facts,) = labtools.glob("*/entry_points.txt")
    facts.write_text(f"[{plugins.READERS}]\nMPX = labtools:read\n")
    other = labtools / "aside-1.0.dist-info"
    other.mkdir()
    (other / "entry_points.txt").write_text("[console_scripts]\nno equals sign\n")
    plugins.allow(["mpx"])
    assert look(labtools, decoders, "scale").runs


@pytest.mark.usefixtures("labtools")
def test_a_reader_that_never_ends_can_be_given_up(decoders: Decoders, tmp_path: Path) -> None:
    plugins.allow(["mpx"])
    transfer = Transfer()
    timer = Timer(0.1, transfer.cancel)
    timer.start()
    with running(transfer), pytest.raises(Cancelled):
        look(tmp_path, decoders, "sleepy")
    timer.join()
