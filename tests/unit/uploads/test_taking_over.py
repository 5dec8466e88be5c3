"""What comes from another computer is checked before any of it is taken: nothing of it is trusted."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itkgui.client.exceptions import FileMissing, FileUnreadable, ItkError
from itkgui.uploads.hand_over import import_rows
from itkgui.uploads.hand_over_errors import HandOverTooNew, NoHandOver, OtherPerson, OtherServer
from itkgui.uploads.spool import NoCopy, Spool
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.computers import ME, SERVER, Computer
from tests.unit.uploads.store_rows import small_disk


def test_other_server_is_refused_whatever_is_told(here: Computer, there: Computer) -> None:
    path = here.export(here.drop("iv.txt"))
    for as_own in (False, True):
        with pytest.raises(OtherServer, match=SERVER):
            there.take(path, "https://sandbox.invalid/", as_own=as_own)
    assert (there.store.unfinished(), there.copies()) == ([], {})


def test_other_person_s_are_taken_only_as_one_s_own(
    here: Computer, computer: Callable[..., Computer]
) -> None:
    theirs = computer("there", "98-7654-1")
    path = here.export(here.drop("iv.txt"))
    with pytest.raises(OtherPerson, match=f"{ME}: iv.txt$"):
        theirs.take(path)
    assert theirs.store.unfinished() == []
    assert [row.name for row in theirs.take(path, as_own=True)] == ["iv.txt"]


def rewritten(
    path: Path,
    change: Callable[[dict[str, Any]], object],
    files: dict[str, bytes] | None = None,
    packing: int = zipfile.ZIP_DEFLATED,
) -> Path:
    """Return an archive as if another program had made it."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", packing) as new:
        manifest = json.loads(old.read("manifest.json"))
        change(manifest)
        new.writestr("manifest.json", json.dumps(manifest))
        for name in old.namelist()[1:]:
            new.writestr(name, (files or {}).get(name, old.read(name)))
    return other


def test_packed_archive_is_as_good(here: Computer, there: Computer) -> None:
    path = rewritten(here.export(here.drop("iv.txt", b"x" * 2_000_000)), lambda manifest: None)
    assert [row.size for row in there.take(path)] == [2_000_000]


def test_archive_that_is_packed_in_an_unusual_way_is_refused(here: Computer, there: Computer) -> None:
    path = rewritten(here.export(here.drop("iv.txt")), lambda manifest: None, packing=zipfile.ZIP_LZMA)
    with pytest.raises(NoHandOver, match="unusual"):
        there.take(path)


def test_newer_archive_is_refused(here: Computer, there: Computer) -> None:
    path = rewritten(here.export(here.drop("iv.txt")), lambda manifest: manifest.update(version=2))
    with pytest.raises(HandOverTooNew):
        there.take(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.clear(),
        lambda manifest: manifest.update(format="something else"),
        lambda manifest: manifest.update(version="1"),
        lambda manifest: manifest.update(uploads=3),
        lambda manifest: manifest.update(uploads=[3]),
        lambda manifest: manifest["uploads"].append(manifest["uploads"][0]),
        lambda manifest: manifest["uploads"][0].update(id="../../out"),
        lambda manifest: manifest["uploads"][0].update(id="0" * 32),
        lambda manifest: manifest["uploads"][0].update(name=3),
        lambda manifest: manifest["uploads"][0].update(size="5"),
        lambda manifest: manifest["uploads"][0].update(size=-1),
        lambda manifest: manifest["uploads"][0].update(size=True),
        lambda manifest: manifest["uploads"][0].update(size=10**30),
        lambda manifest: manifest["uploads"][0].update(sha256=""),
        lambda manifest: manifest["uploads"][0].update(kind="virus"),
        lambda manifest: manifest["uploads"][0].update(target=None),
        lambda manifest: manifest["uploads"][0].update(target={"kind": "component", "key": 3, "label": ""}),
        lambda manifest: manifest["uploads"][0].pop("title"),
        lambda manifest: manifest["uploads"][0]["target"].update(key=""),
    ],
)
def test_list_that_is_none_is_refused(
    here: Computer, there: Computer, change: Callable[[dict[str, Any]], object]
) -> None:
    path = rewritten(here.export(here.drop("iv.txt")), change)
    with pytest.raises(NoHandOver):
        there.take(path)
    assert (there.store.unfinished(), there.copies()) == ([], {})


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + bytes(200)])
def test_file_that_is_no_archive_is_refused(there: Computer, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(NoHandOver):
        there.take(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("photo.jpg", content)
    with pytest.raises(NoHandOver, match="manifest"):
        there.take(tmp_path / "b.zip")
    with pytest.raises(FileMissing):
        there.take(tmp_path / "none.zip")


def checked_again(manifest: dict[str, Any], content: bytes) -> None:
    manifest["uploads"][0].update(
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), adler32=f"{zlib.adler32(content):08x}"
    )


def test_wrong_checksum_takes_nothing_of_all(here: Computer, there: Computer) -> None:
    good, bad = here.drop("good"), here.drop("bad")
    path = here.export(good, bad)
    for wrong in (b"54321", b"123"):
        other = rewritten(path, lambda manifest: None, {f"files/{bad.id}": wrong})
        with pytest.raises((FileUnreadable, NoHandOver)):
            there.take(other)
        assert (there.store.unfinished(), there.copies()) == ([], {})
    assert len(there.take(path)) == 2


def test_bomb_is_refused_before_it_is_unpacked(here: Computer, there: Computer) -> None:
    row = here.drop("iv.txt")
    bomb = bytes(20_000_000)
    path = rewritten(
        here.export(row), lambda manifest: checked_again(manifest, bomb), {f"files/{row.id}": bomb}
    )
    assert path.stat().st_size < 100_000
    with small_disk(there.folder / "disk", 1_000_000):
        spool = Spool(there.folder / "disk" / "spool")
        with pytest.raises(NoCopy, match="20000000 bytes are needed"):
            import_rows(path, there.store, spool, SERVER)
    liar = rewritten(here.folder / "uploads.zip", lambda manifest: None, {f"files/{row.id}": bomb})
    with pytest.raises(NoHandOver, match="not what it was"):
        there.take(liar)
    assert (there.store.unfinished(), there.copies()) == ([], {})


def test_every_damaged_byte_is_noticed_or_harmless(here: Computer, computer: Callable[..., Computer]) -> None:
    row = here.drop("iv.txt", os.urandom(100))
    path = here.export(row)
    content = path.read_bytes()
    whole = here.folder / "whole"
    for position in range(0, len(content), 11):
        path.write_bytes(content[:position] + bytes([content[position] ^ 0x11]) + content[position + 1 :])
        there = Computer(whole, UploadStore(whole / str(position), ME), Spool(whole / f"{position}.spool"))
        try:
            for taken in there.take(path):
                assert there.copies()[taken.id] == (here.folder / "iv.txt").read_bytes()
                assert (taken.sha256, taken.size) == (row.sha256, 100)
        except ItkError:
            assert (there.store.unfinished(), there.copies()) == ([], {})
        there.store.close()
