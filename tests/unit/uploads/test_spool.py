"""Copies of the queue are the bytes that were dropped, or none: read once, checked, private, never half."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import (
    Cancelled,
    FileEmpty,
    FileMissing,
    FileUnreadable,
    ItkError,
    NotAFile,
)
from itkgui.client.transfer import Transfer
from itkgui.uploads.spool import FileChanged, NoCopy, Spool, Spooled
from itkgui.uploads.upload import Upload
from tests.unit.uploads.store_rows import new_upload, small_disk

posix = pytest.mark.skipif(os.name != "posix", reason="files are otherwise there")
CONTENT = bytes(range(256)) * 10_000  # over two blocks


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "queue" / "spool")


def dropped(tmp_path: Path, name: str = "iv.txt", content: bytes = CONTENT) -> Upload:
    path = tmp_path / name
    path.write_bytes(content)
    return new_upload(name, source=str(path), size=len(content))


def take(spool: Spool, upload: Upload) -> Spooled:
    return spool.take(Path(upload.source), upload.id, upload.name)


def everything_in(spool: Spool) -> list[Path]:
    return [path for path in spool.folder.rglob("*") if path.is_file()]


def test_copy_is_what_was_dropped(spool: Spool, tmp_path: Path) -> None:
    upload = dropped(tmp_path, content=b"U,I\n" + CONTENT)
    with transfer.running(Transfer()) as work:
        taken = take(spool, upload)
    assert taken == Spooled(
        upload.size,
        hashlib.sha256(b"U,I\n" + CONTENT).hexdigest(),
        f"{zlib.adler32(b'U,I' + bytes([10]) + CONTENT):08x}",
        "application/octet-stream",
    )
    assert (work.done, work.total) == (upload.size, upload.size)
    assert not spool.holds(upload.with_changes(size=1))
    assert spool.holds(upload)
    assert spool.path(upload).read_bytes() == b"U,I\n" + CONTENT
    assert spool.path(upload).name == "iv.txt"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"hello\n", "text/plain"),
        (b"\x89PNG\r\n\x1a\n" + CONTENT, "image/png"),
        (b'{"a": 1}', "application/json"),
    ],
)
def test_content_tells_the_media_type(spool: Spool, tmp_path: Path, content: bytes, media_type: str) -> None:
    assert take(spool, dropped(tmp_path, content=content)).media_type == media_type


@posix
def test_only_its_owner_may_read_it(spool: Spool, tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    take(spool, upload)
    copy = spool.path(upload)
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (copy, copy.parent, spool.folder, spool.folder.parent)
    ]
    assert modes == [0o600, 0o700, 0o700, 0o700]


@pytest.mark.parametrize(
    "name",
    [
        "caf\udce9.txt",
        "x" * 251 + ".txt",
        "dots...",
        "CON",
        "a:b?.txt",
        " blank ",
        "\u202egnp.txt",
        ".",
        "..",
        "../../out.txt",
        "/etc/passwd",
    ],
)
def test_odd_names_stay_in_the_spool(spool: Spool, tmp_path: Path, name: str) -> None:
    upload = dropped(tmp_path).with_changes(name=name)
    take(spool, upload)
    (copy,) = everything_in(spool)
    assert copy == spool.path(upload)
    assert copy.parent == spool.folder / upload.id
    assert spool.holds(upload)
    spool.drop(upload.id)
    assert not everything_in(spool)


@posix
def test_file_with_a_name_that_is_no_text_is_copied(spool: Spool, tmp_path: Path) -> None:
    upload = dropped(tmp_path, os.fsdecode(b"caf\xe9.txt"))
    take(spool, upload)
    assert spool.path(upload).read_bytes() == CONTENT


def test_copy_replaces_one_of_an_earlier_try(spool: Spool, tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    take(spool, upload)
    (spool.path(upload).parent / "rest").write_text("of a program that was killed")
    (tmp_path / "iv.txt").write_bytes(b"better")
    assert take(spool, upload).size == 6
    assert [path.read_bytes() for path in everything_in(spool)] == [b"better"]


# What cannot be taken --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("none", FileMissing),
        ("below a file", FileMissing),
        ("folder", NotAFile),
        ("empty", FileEmpty),
        ("\0", FileUnreadable),
    ],
)
def test_what_is_no_file_leaves_nothing(
    spool: Spool, tmp_path: Path, kind: str, error: type[ItkError]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    source = tmp_path / "empty" / "x" if kind == "below a file" else tmp_path / kind
    with pytest.raises(error) as caught:
        take(spool, new_upload(source=str(source)))
    assert type(caught.value) is error
    assert not everything_in(spool)


@posix
def test_pipe_holds_up_nobody(spool: Spool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotAFile):
        take(spool, new_upload(source=str(tmp_path / "pipe")))


class Meddler(Transfer):
    """Does something to the file once the first block of it was read."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__()
        self._path, self._what = path, what

    def advance(self, count: int) -> None:
        super().advance(count)
        if self.done == count:
            match self._what:
                case "grows":
                    with self._path.open("ab") as file:
                        file.write(b"more")
                case "shrinks":
                    os.truncate(self._path, 100)
                case "is overwritten":
                    with self._path.open("r+b") as file:
                        file.write(b"other")
                    os.utime(self._path, ns=(0, self._path.stat().st_mtime_ns + 1))
                case "is replaced":
                    self._path.with_name("new").write_bytes(CONTENT)
                    self._path.with_name("new").replace(self._path)
                case "is pulled":
                    self._path.unlink()
                case "is unwanted":
                    self.cancel()


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("grows", FileChanged),
        ("shrinks", FileChanged),
        ("is overwritten", FileChanged),
        ("is replaced", FileChanged),
        ("is pulled", FileMissing),
        ("is unwanted", Cancelled),
    ],
)
@posix
def test_file_that_is_no_longer_the_same_leaves_nothing(
    spool: Spool, tmp_path: Path, what: str, error: type[ItkError]
) -> None:
    upload = dropped(tmp_path)
    with transfer.running(Meddler(tmp_path / "iv.txt", what)), pytest.raises(error):
        take(spool, upload)
    assert not list(spool.folder.iterdir())


def size_taken(spool: Spool, upload: Upload) -> int | None:
    try:
        return take(spool, upload).size
    except FileChanged:
        return None


def test_writer_beside_it_is_noticed_or_harmless(spool: Spool, tmp_path: Path) -> None:
    """However a growing file is met, what is taken is a copy of one moment, or nothing."""
    upload = dropped(tmp_path)
    growing = tmp_path / "iv.txt"
    stop = threading.Event()

    def grow() -> None:
        with growing.open("ab", buffering=0) as file:
            while not stop.wait(0.0005):  # as an instrument writes, not as fast as can be
                file.write(b"x" * 1000)

    writer = threading.Thread(target=grow)
    writer.start()
    refused = 0
    deadline = time.monotonic() + 20
    while refused < 3 and time.monotonic() < deadline:
        if (size := size_taken(spool, upload)) is None:
            refused += 1
            assert not list(spool.folder.iterdir())
        else:
            assert spool.path(upload).read_bytes() == growing.read_bytes()[:size]
    stop.set()
    writer.join()
    assert refused == 3
    assert take(spool, upload).size == growing.stat().st_size


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    with small_disk(tmp_path / "disk", 1_000_000):
        spool = Spool(tmp_path / "disk" / "spool")
        with pytest.raises(NoCopy, match="No space"):
            take(spool, upload)
        assert not everything_in(spool)
        small = dropped(tmp_path, "small.txt", b"x" * 800_000)
        take(spool, small)  # so that its room is free again
        assert spool.holds(small)


def test_read_only_disk_is_an_error_in_words(tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    with small_disk(tmp_path / "disk", 1_000_000, "ro"), pytest.raises(NoCopy, match="Read-only"):
        take(Spool(tmp_path / "disk" / "spool"), upload)


def test_file_in_place_of_the_spool_is_an_error_in_words(tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    (tmp_path / "spool").write_text("a file")
    spool = Spool(tmp_path / "spool")
    for act in (lambda: take(spool, upload), lambda: spool.drop(upload.id), lambda: spool.sweep(list)):
        with pytest.raises(NoCopy):
            act()
    assert not spool.holds(upload)
    assert (tmp_path / "spool").read_text() == "a file"


@posix
def test_kill_leaves_only_what_is_swept(spool: Spool, tmp_path: Path) -> None:
    """A copy of a program that was killed is never taken for whole, as its row is not."""
    upload = dropped(tmp_path, content=b"x" * 50_000_000)
    work = (
        "import sys; from pathlib import Path; from itkgui.uploads.spool import Spool\n"
        "print(flush=True)\n"
        "Spool(Path(sys.argv[1])).take(Path(sys.argv[2]), 'killed', 'iv.txt')"
    )
    command = [sys.executable, "-c", work, str(spool.folder), upload.source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        deadline = time.monotonic() + 30
        while not any(path.stat().st_size for path in everything_in(spool)):
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGKILL)
    assert [path.parent.name for path in everything_in(spool)] == ["killed"]
    take(spool, upload)
    spool.sweep(lambda: [upload.id])
    assert len(list(spool.folder.iterdir())) == 2, "another program may be at it just now"
    spool.sweep(lambda: [upload.id], age=0)
    assert [path.parent.name for path in everything_in(spool)] == [upload.id]


# Going again -----------------------------------------------------------------------------------------------


def test_drop_takes_one_away(spool: Spool, tmp_path: Path) -> None:
    spool.drop("none")
    first, second = dropped(tmp_path, "a"), dropped(tmp_path, "b")
    take(spool, first)
    take(spool, second)
    spool.drop(first.id)
    spool.drop(first.id)
    assert [path.name for path in everything_in(spool)] == ["b"]


def test_sweep_goes_by_the_age_of_what_is_in_it(spool: Spool, tmp_path: Path) -> None:
    spool.sweep(list)
    old, young, known = (dropped(tmp_path, name) for name in ("old", "young", "known"))
    for upload in (old, young, known):
        take(spool, upload)
        os.utime(spool.path(upload).parent, (1e9, 1e9))
        os.utime(spool.path(upload), (1e9, 1e9))
    os.utime(spool.path(young))  # a block was just written
    Spool(spool.folder).sweep(lambda: [known.id])
    assert {path.name for path in everything_in(spool)} == {"young", "known"}


def test_copies_under_review_for_hours_are_swept_by_nobody(spool: Spool, tmp_path: Path) -> None:
    reviewed, left = dropped(tmp_path, "reviewed"), dropped(tmp_path, "left")
    take(spool, reviewed)
    take(Spool(spool.folder), left)  # by a process that has ended since
    for upload in (reviewed, left):
        os.utime(spool.path(upload).parent, (1e9, 1e9))
        os.utime(spool.path(upload), (1e9, 1e9))
    spool.care()
    Spool(spool.folder).sweep(list)
    assert [path.name for path in everything_in(spool)] == ["reviewed"]
    os.utime(spool.path(reviewed).parent, (1e9, 1e9))
    spool.sweep(list)
    assert spool.holds(reviewed)
    spool.drop(reviewed.id)
    spool.care(at_once=True)
    assert not everything_in(spool)


@pytest.mark.logs("a copy is removed later")
def test_copy_that_cannot_be_removed_is_removed_later(spool: Spool, tmp_path: Path) -> None:
    upload = dropped(tmp_path)
    take(spool, upload)
    with small_disk(spool.folder / upload.id, 1_000_000):  # nobody can remove where a disk is
        spool.let_go(upload.id)
    assert spool.holds(upload)
    spool.care(at_once=True)
    assert not everything_in(spool)


def test_bytes_of_another_queue_are_checked(spool: Spool) -> None:
    upload = new_upload(
        size=5, sha256=hashlib.sha256(b"12345").hexdigest(), adler32=f"{zlib.adler32(b'12345'):08x}"
    )
    wanted = Spooled(5, upload.sha256, upload.adler32, "")
    spool.put(io.BytesIO(b"12345"), upload.id, upload.name, wanted)
    assert spool.path(upload).read_bytes() == b"12345"
    for content in (b"1234", b"123456", b"12346"):
        with pytest.raises(FileUnreadable, match="checksum"):
            spool.put(io.BytesIO(content), upload.id, upload.name, wanted)
        assert not everything_in(spool)
