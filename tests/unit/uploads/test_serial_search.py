"""Which components a file names, and where."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import PurePath
from typing import Any

import pytest

from itkgui.uploads.serial_search import sightings_in_json, sightings_in_name, sightings_in_zip

ONE, OTHER = "20USBML0000001", "20UPGM22110394"
CODE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (f"{ONE}_IV.json", (ONE,)),
        (f"iv-{ONE.lower()}.csv", (ONE,)),
        (f"{ONE}-{OTHER}-{ONE}.zip", (ONE, OTHER)),
        (f"X{ONE}.txt", ()),
        (f"{ONE}7.txt", ()),
        ("20UXYML0000001.txt", ()),
    ],
)
def test_names_of_files(path: str, names: tuple[str, ...]) -> None:
    assert [sighting.names for sighting in sightings_in_name(PurePath(path))] == ([names] if names else [])


def test_names_of_folders_are_told_apart() -> None:
    (sighting,) = sightings_in_name(PurePath(f"tray/{ONE}/curve.csv"))
    assert (sighting.names, sighting.place) == ((ONE,), "in the name of its folder")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ({"serialNumber": ONE}, (ONE,)),
        ({"deep": [{"er": {"component": OTHER}}]}, (OTHER,)),
        ({"component": {"serialNumber": ONE.lower()}}, (ONE,)),
        ({"component": CODE}, (CODE,)),
        ({"comment": f"compare {ONE}", "serialNumbers": [ONE]}, ()),
        ({"serialNumber": None, "component": 7}, ()),
    ],
)
def test_fields_of_json(content: Any, names: tuple[str, ...]) -> None:
    found = list(sightings_in_json(io.BytesIO(json.dumps(content).encode()), "there"))
    assert [sighting.names for sighting in found] == ([names] if names else [])


@pytest.mark.parametrize("before", [0, (1 << 18) - 20, (1 << 18) - 1, 3 << 18])
def test_a_name_is_found_across_blocks_and_in_broken_json(before: int) -> None:
    content = b"[" + b"1" * before + b'{"serialNumber": "' + ONE.encode() + b'"'
    (sighting,) = sightings_in_json(io.BytesIO(content), "there")
    assert sighting.names == (ONE,)


def test_search_is_bounded() -> None:
    content = b" " * 1000 + b'"serialNumber": "' + ONE.encode() + b'"'
    assert not list(sightings_in_json(io.BytesIO(content), "there", 1000))


def packed(members: dict[str, str]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_members_of_an_archive() -> None:
    json_text = json.dumps({"results": {"component": OTHER}})
    found = list(sightings_in_zip(packed({f"{ONE}/a.txt": "a", "deep/run.json": json_text})))
    assert [(s.names, s.place) for s in found] == [
        ((ONE,), "in the names of its members"),
        ((OTHER,), "in its member deep/run.json"),
    ]


def test_what_is_no_archive_names_nothing() -> None:
    whole = packed({f"{ONE}.json": "{}"}).getvalue()
    for content in (b"", b"PK\3\4", whole[:-30], whole[:20] + b"\0" * 60 + whole[80:]):
        for sighting in sightings_in_zip(io.BytesIO(content)):
            assert sighting.names == (ONE,)


def test_only_the_first_members_are_read() -> None:
    members = {f"{number}.txt": "" for number in range(1000)} | {f"{ONE}.txt": ""}
    assert not list(sightings_in_zip(packed(members)))
