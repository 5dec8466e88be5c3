"""Fetched attachments that are kept: private, checked, the oldest given up first, gone at sign-out."""

from __future__ import annotations

import os
import stat
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.client import transfer
from itkgui.client.database import ProductionDatabase
from itkgui.client.downloads import LargerThanAllowed, Told
from itkgui.client.exceptions import Cancelled, ConnectionFailed, FileNotWritten, LinkOnly
from itkgui.client.file_cache import FileCache
from itkgui.client.transfer import Transfer
from itkgui.records.attachment import Attachment, Storage
from tests.interop.control import Control
from tests.sandbox_process import LARGE_PHOTOS, SandboxProcess
from tests.unit.client.signed_in import MODULE, requests_of, sign_in


@pytest.fixture
def database(sandbox: SandboxProcess) -> Iterator[ProductionDatabase]:
    with sign_in(sandbox) as found:
        yield found


@pytest.fixture
def attachments(database: ProductionDatabase) -> dict[str, Attachment]:
    return {found.display_name: found for found in database.component(MODULE).component.attachments}


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "downloads", "https://server/", "12-3456-1")


def fetches(sandbox: SandboxProcess) -> int:
    return requests_of(sandbox).count("getComponentAttachment")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_file_is_fetched_once_and_found_again_by_the_next_session(
    sandbox: SandboxProcess,
    database: ProductionDatabase,
    attachments: dict[str, Attachment],
    cache: FileCache,
    tmp_path: Path,
) -> None:
    wanted = attachments["readout.log"]
    assert cache.find(wanted) is None
    before = fetches(sandbox)
    first = cache.fetch(database, wanted)
    assert (first.name, first.media_type, first.size) == ("readout.log", "text/plain", 8688)
    assert cache.fetch(database, wanted) == first
    later = FileCache(tmp_path / "downloads", "https://server/", "12-3456-1")
    assert later.find(wanted) == first
    assert fetches(sandbox) == before + 1


def test_nobody_else_finds_it(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache, tmp_path: Path
) -> None:
    wanted = attachments["readout.log"]
    cache.fetch(database, wanted)
    for server, identity in (("https://server/", "99-9999-1"), ("https://other/", "12-3456-1")):
        assert FileCache(tmp_path / "downloads", server, identity).find(wanted) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_folders_and_files_are_for_their_owner_only(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    file = cache.fetch(database, attachments["readout.log"])
    picture = cache.new_thumbnail(attachments["module_front.jpg"])
    assert [mode(path) for path in (cache.folder, file.path.parent)] == [0o700] * 2
    assert [mode(path) for path in (file.path, picture)] == [0o600] * 2


def test_name_from_a_server_leads_nowhere(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    file = cache.fetch(database, attachments["../../evil.txt"])
    assert file.path.parent.parent == cache.folder


@pytest.mark.parametrize("damage", ["cut", "longer", "second file", "gone"])
def test_file_that_is_not_what_it_was_is_fetched_again(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache, damage: str
) -> None:
    wanted = attachments["readout.log"]
    file = cache.fetch(database, wanted)
    whole = file.path.read_bytes()
    if damage == "cut":
        file.path.write_bytes(whole[:-1])
    elif damage == "longer":
        file.path.write_bytes(whole + b"!")
    elif damage == "second file":
        (file.path.parent / "another.txt").write_text("?")
    else:
        file.path.unlink()
    assert cache.find(wanted) is None
    assert cache.fetch(database, wanted).path.read_bytes() == whole


def test_what_was_not_used_for_longest_goes_first(
    database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    names = ("readout.log", "dump.dat", "certificate.pdf")  # of about 9,000 bytes each
    cache = FileCache(tmp_path, "server", "me", megabytes=0.02)
    old, middle, new = (attachments[name] for name in names)
    for age, wanted in enumerate((middle, old)):
        file = cache.fetch(database, wanted)
        os.utime(file.path.parent, (1_000_000 + age, 1_000_000 + age))
    assert cache.find(middle) is not None  # which counts as a use
    newest = cache.fetch(database, new)
    assert cache.find(old) is None
    kept = cache.find(middle)
    assert kept is not None
    assert cache.find(new) is not None
    assert cache.size == kept.size + newest.size


def test_limit_is_for_all_persons_together(
    database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    first, second = (FileCache(tmp_path, "server", who, megabytes=0.01) for who in ("one", "two"))
    file = first.fetch(database, attachments["readout.log"])
    os.utime(file.path.parent, (1_000_000, 1_000_000))
    second.fetch(database, attachments["dump.dat"])
    assert first.find(attachments["readout.log"]) is None


def test_clear_takes_all_of_one_person_and_nothing_else(
    database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    one, two = (FileCache(tmp_path, "server", who) for who in ("one", "two"))
    for cache in (one, two):
        cache.fetch(database, attachments["readout.log"])
    one.new_thumbnail(attachments["readout.log"]).write_bytes(b"picture")
    one.clear()
    assert (one.size, two.size) == (0, 8688)
    assert not one.folder.exists()
    assert one.fetch(database, attachments["readout.log"]).size == 8688


def test_nothing_comes_after_the_end(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    cache.fetch(database, attachments["readout.log"])
    cache.close()
    with pytest.raises(Cancelled):
        cache.fetch(database, attachments["readout.log"])
    with pytest.raises(Cancelled):
        cache.new_thumbnail(attachments["readout.log"])
    assert not cache.folder.exists()


def test_forgotten_attachment_leaves_neither_file_nor_picture(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    wanted = attachments["readout.log"]
    cache.fetch(database, wanted)
    cache.new_thumbnail(wanted).write_bytes(b"picture")
    cache.forget(wanted)
    assert cache.size == 0
    assert list(cache.folder.iterdir()) == []


def test_what_is_kept_stays_until_what_is_fetched_anew_has_come(
    sandbox: SandboxProcess,
    database: ProductionDatabase,
    attachments: dict[str, Attachment],
    cache: FileCache,
) -> None:
    wanted = attachments["readout.log"]
    file = cache.fetch(database, wanted)
    whole = file.path.read_bytes()
    file.path.write_bytes(b"x" * len(whole))  # as large, but another
    cache.new_thumbnail(wanted).write_bytes(b"picture")
    with Control(sandbox.info["api_url"]) as control:
        control.fail("* /*", "reset", times=None)
        with pytest.raises(ConnectionFailed):
            cache.fetch(database, wanted, is_anew=True)
    kept = cache.find(wanted)
    assert kept is not None
    assert kept.path.read_bytes() == b"x" * len(whole)
    assert cache.thumbnail(wanted).exists()
    assert cache.fetch(database, wanted, is_anew=True).path.read_bytes() == whole
    assert not cache.thumbnail(wanted).exists(), "it is of the file of before"


def test_more_than_is_allowed_is_told_before_a_byte_is_fetched(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    for name, size in (("station.log", 10_485_893), ("dump.dat", 8198)):  # on EOS, in the database
        with pytest.raises(LargerThanAllowed) as caught:
            cache.fetch(database, attachments[name], most=8000)
        assert caught.value.size == size
    assert list(cache.folder.iterdir()) == []
    assert cache.fetch(database, attachments["dump.dat"], most=8198).size == 8198
    assert cache.fetch(database, attachments["dump.dat"], most=1).size == 8198  # it is here


def test_second_one_to_ask_waits_for_the_first(
    sandbox: SandboxProcess,
    database: ProductionDatabase,
    attachments: dict[str, Attachment],
    cache: FileCache,
) -> None:
    before = fetches(sandbox)
    sizes: list[int] = []
    wanted = attachments["threshold_map.png"]

    def fetch() -> None:
        sizes.append(cache.fetch(database, wanted).size)

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 4
    assert len(set(sizes)) == 1
    assert fetches(sandbox) == before + 1


def test_cancelled_fetch_leaves_nothing(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    work = Transfer()
    work.cancel()
    with transfer.running(work), pytest.raises(Cancelled):
        cache.fetch(database, attachments["module_front.jpg"])
    assert list(cache.folder.iterdir()) == []


def test_folder_that_cannot_be_made(
    database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    (tmp_path / "downloads").write_text("a file where the folder should be")
    cache = FileCache(tmp_path / "downloads", "server", "me")
    with pytest.raises(FileNotWritten):
        cache.fetch(database, attachments["readout.log"])
    with pytest.raises(FileNotWritten):
        cache.new_thumbnail(attachments["readout.log"])
    assert cache.size == 0
    cache.clear()


def test_sizes_are_told_without_the_bytes(
    sandbox: SandboxProcess, database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    urls = database.fresh_urls(attachments.values())
    assert set(urls) == {found.code for found in attachments.values() if found.storage is Storage.EOS}
    for name in ("readout.log", "tuning.err", "station.log", "scan.root"):  # tuning.err is empty
        wanted = attachments[name]
        told = database.attachment_size(wanted, url=urls.get(wanted.code, ""))
        assert told == database.download(wanted, tmp_path).size
        assert database.attachment_size(wanted) == told  # without an address at hand


def test_checksum_of_what_is_on_eos_is_told_without_the_bytes(
    database: ProductionDatabase, attachments: dict[str, Attachment], tmp_path: Path
) -> None:
    for wanted in attachments.values():
        if wanted.display_name in LARGE_PHOTOS:
            continue
        told = database.attachment_told(wanted)
        if wanted.storage is Storage.LINK:
            assert told == Told(None)
            continue
        content = database.download(wanted, tmp_path).path.read_bytes()
        on_eos = wanted.storage is Storage.EOS and content
        assert told == Told(len(content), f"{zlib.adler32(content):08x}" if on_eos else "")


def test_nothing_is_remembered_of_what_was_fetched(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    cache.fetch(database, attachments["readout.log"])
    with pytest.raises(LargerThanAllowed):
        cache.fetch(database, attachments["dump.dat"], most=1)
    assert not cache._fetching


def test_link_has_no_size_and_no_file(
    database: ProductionDatabase, attachments: dict[str, Attachment], cache: FileCache
) -> None:
    link = next(found for found in attachments.values() if found.storage is Storage.LINK)
    assert database.attachment_size(link) is None
    with pytest.raises(LinkOnly):
        cache.fetch(database, link)
