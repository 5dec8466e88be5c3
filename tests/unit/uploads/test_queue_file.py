"""The queue's file survives kills, full disks and damage, is private, and is shared between processes."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from io import FileIO
from pathlib import Path
from typing import NoReturn

import pytest

from itkgui.uploads.queue_file import FILE_NAME, QueueDamaged, QueueFile, QueueNotWritten, QueueTooNew
from itkgui.uploads.upload import Step, UploadState
from itkgui.uploads.upload_rows import SCRIPTS, upload_columns
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.store_rows import MODULE, finish, new_upload, small_disk

posix = pytest.mark.skipif(os.name != "posix", reason="rights and signals are otherwise elsewhere")
_PATIENCE = 60  # seconds

_WRITER = """
import sys
from io import FileIO
from pathlib import Path
from typing import NoReturn
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.store_rows import finish, new_upload

store = UploadStore(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    pair = store.add([new_upload(f"{sys.argv[2]} {number}"), new_upload(f"{sys.argv[2]} {number}")])
    print(number, flush=True)
    finish(store, pair[0])
"""


def start_writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])


def is_sound(folder: Path) -> bool:
    database = sqlite3.connect(folder / FILE_NAME)
    try:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
    finally:
        database.close()


# The folder ------------------------------------------------------------------------------------------------


@posix
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "uploads" / "key"
    store = UploadStore(folder)
    store.add([new_upload()])
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert files == dict.fromkeys((FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"), 0o600)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}
    store.close()


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    file = QueueFile(tmp_path)
    assert file.read("PRAGMA synchronous") == [{"synchronous": 3}]
    assert file.read("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    file.close()


def test_file_in_place_of_the_folder_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "queue").write_text("a file")
    with pytest.raises(QueueNotWritten) as caught:
        UploadStore(tmp_path / "queue")
    assert caught.value.detail
    assert (tmp_path / "queue").read_text() == "a file"


def test_store_that_was_closed_is_an_error_in_words(tmp_path: Path) -> None:
    store = UploadStore(tmp_path)
    store.close()
    with pytest.raises(QueueNotWritten, match="closed"):
        store.unfinished()
    with pytest.raises(QueueNotWritten, match="closed"):
        store.add([new_upload()])


def fill(store: UploadStore, kept: list[str]) -> NoReturn:
    while True:
        kept += [one.name for one in store.add([new_upload(str(len(kept)), description="x" * 5000)])]


def write_for_ever(file: FileIO) -> NoReturn:
    while True:
        file.write(bytes(4096))


# A disk that takes nothing ---------------------------------------------------------------------------------


def test_full_disk_loses_nothing_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1_000_000):
        store = UploadStore(tmp_path / "disk" / "queue")
        kept: list[str] = []
        with pytest.raises(QueueNotWritten, match="full"):
            fill(store, kept)
        assert kept
        assert [one.name for one in store.unfinished()] == kept
        store.close()
        again = UploadStore(tmp_path / "disk" / "queue")
        assert again.put_aside is None
        assert [one.name for one in again.unfinished()] == kept
        again.close()
        assert is_sound(tmp_path / "disk" / "queue")


def test_row_stays_where_it_was_if_the_disk_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1_000_000):
        store = UploadStore(tmp_path / "disk" / "queue")
        (row,) = store.add([new_upload()])
        with (
            FileIO(tmp_path / "disk" / "ballast", "w") as ballast,
            pytest.raises(OSError, match="space"),
        ):
            write_for_ever(ballast)
        with pytest.raises(QueueNotWritten):
            store.note(row, Step.ASKED, description="x" * 900_000)
        assert store.get(row.id) == row
        (tmp_path / "disk" / "ballast").unlink()
        assert store.move(row, UploadState.SENDING).state is UploadState.SENDING
        store.close()


def test_disk_that_is_read_only_is_an_error_in_words(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 1_000_000, "ro"),
        pytest.raises(QueueNotWritten, match=r"[Rr]ead-only"),
    ):
        UploadStore(tmp_path / "disk" / "queue")


@posix
def test_limit_of_the_file_s_size_is_like_a_full_disk(tmp_path: Path) -> None:
    import resource

    store = UploadStore(tmp_path)
    (row,) = store.add([new_upload()])
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, usual[1]))
    try:
        with pytest.raises(QueueNotWritten):
            store.add([new_upload(description="x" * 500_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert store.unfinished() == [row]
    finish(store, row)
    store.close()
    assert is_sound(tmp_path)


# Damage ----------------------------------------------------------------------------------------------------


def make_queue(folder: Path, rows: int) -> Path:
    store = UploadStore(folder)
    store.add([new_upload(description="x" * 500, state=UploadState.DONE) for _ in range(rows)])
    store.close()
    (folder / "spool" / "id").mkdir(parents=True)
    (folder / "spool" / "id" / "iv.txt").write_text("12345")
    return folder / FILE_NAME


@pytest.mark.logs("the queue is damaged .* and was put aside")
@pytest.mark.parametrize("kind", ["text", "middle", "end", "other"])
def test_damaged_file_is_put_aside_with_its_copies(tmp_path: Path, kind: str) -> None:
    path = make_queue(tmp_path, 50)
    content = path.read_bytes()
    match kind:
        case "text":
            path.write_bytes(b"no database" * 1000)
        case "middle":
            path.write_bytes(content[:8192] + bytes(8192) + content[16384:])
        case "end":
            path.write_bytes(content[:12288])
        case "other":
            path.unlink()
            database = sqlite3.connect(path)
            database.executescript(f"CREATE TABLE others (x); PRAGMA user_version = {len(SCRIPTS)};")
            database.close()
    damaged = path.read_bytes()
    store = UploadStore(tmp_path)
    assert store.put_aside is not None
    assert (store.put_aside / FILE_NAME).read_bytes() == damaged
    assert (store.put_aside / "spool" / "id" / "iv.txt").read_text() == "12345"
    assert not (tmp_path / "spool").exists()
    assert store.unfinished() == []
    (row,) = store.add([new_upload()])
    store.close()
    again = UploadStore(tmp_path)
    assert again.put_aside is None
    assert again.unfinished() == [row]
    again.close()


def test_damage_that_comes_while_it_is_open_is_an_error_in_words(tmp_path: Path) -> None:
    path = make_queue(tmp_path, 6000)  # more than SQLite holds in memory
    file = QueueFile(tmp_path)
    size = path.stat().st_size
    with path.open("r+b") as opened:
        opened.seek(8192)
        opened.write(b"\xff" * (size - 8192))
    with pytest.raises(QueueDamaged):
        file.read("SELECT * FROM uploads")
    file.close()


def test_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = make_queue(tmp_path, 1)
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {len(SCRIPTS) + 1}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(QueueTooNew, match=str(len(SCRIPTS) + 1)):
        UploadStore(tmp_path)
    assert path.read_bytes() == before
    assert (tmp_path / "spool" / "id" / "iv.txt").exists()


def test_tables_are_made_all_or_none(tmp_path: Path) -> None:
    """A program that was killed while it made them leaves an empty file, which is a beginning again."""
    (tmp_path / FILE_NAME).touch()
    database = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    store = UploadStore(tmp_path)
    assert store.put_aside is None
    store.add([new_upload()])
    store.close()


# Several at once -------------------------------------------------------------------------------------------


def test_queue_on_a_disk_of_the_network_does_without_memory_in_common(tmp_path: Path) -> None:
    store = UploadStore(tmp_path, is_shared=True)
    (row,) = store.add([new_upload()])
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    other = UploadStore(tmp_path, is_shared=True)
    before = other.version()
    finish(store, row)
    assert other.version() != before
    assert other.find(row.id) == store.get(row.id)
    other.close()
    store.close()


def test_threads_share_commits(tmp_path: Path) -> None:
    """Eight threads wait for the disk hardly longer than one that writes as often as each of them."""
    store = UploadStore(tmp_path)
    rows = store.add([new_upload(str(number)) for number in range(8)])
    commits = store._file.read("PRAGMA wal_checkpoint(TRUNCATE)")
    assert commits[0]["busy"] == 0
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for tries in range(25):
            assert store.change(rows[number], tries=tries).tries == tries

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.tries for row in store.unfinished()] == [24] * 8
    pages = store._file.read("PRAGMA wal_checkpoint(PASSIVE)")[0]["log"]
    store.close()
    assert pages < 8 * 25, "each change had a commit of its own"


def test_fault_of_one_thread_changes_nothing_for_the_next(tmp_path: Path) -> None:
    store = UploadStore(tmp_path)
    (row,) = store.add([new_upload()])
    with pytest.raises(AttributeError):
        store.change(row, step="no step")
    assert store.get(row.id) == row
    assert store.change(row, title="x").title == "x"
    store.close()


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [start_writer(tmp_path, name, 40) for name in "ab"]
    for writer in writers:
        assert writer.communicate(timeout=_PATIENCE)[0].split() == [str(number) for number in range(40)]
        assert writer.returncode == 0
    store = UploadStore(tmp_path)
    names = [f"{name} {number}" for name in "ab" for number in range(40)]
    assert sorted(row.name for row in store.unfinished()) == sorted(names)
    assert store.history_count("") == 80
    places = [row.place for row in store.unfinished()]
    assert len(set(places)) == len(places), "two have the same place"
    assert len(store.claimed(MODULE)) == 80
    store.close()


@posix
def test_kills_leave_nothing_half(tmp_path: Path) -> None:
    """Whatever the moment: what was added is there, pairs are whole, and what is done is in the ledger."""
    told: list[str] = []
    for number in range(12):
        name = f"w{number}"
        writer = start_writer(tmp_path, name, 10_000)
        assert writer.stdout is not None
        told += [f"{name} {writer.stdout.readline().strip()}" for _ in range(1 + number * 2)]
        deadline = time.monotonic() + 0.0007 * number
        while time.monotonic() < deadline:
            pass
        writer.send_signal(signal.SIGKILL)
        told += [f"{name} {line.strip()}" for line in writer.stdout if line.endswith("\n")]
        writer.wait(_PATIENCE)
        writer.stdout.close()
        store = UploadStore(tmp_path)
        assert store.put_aside is None
        rows = [*store.unfinished(), *store.history("", 0, 100_000)]
        names = sorted(row.name for row in rows)
        assert names[::2] == names[1::2], "half of a pair was added"
        assert set(told) <= set(names)
        for row in store.history("", 0, 100_000):
            assert [one.code for one in store.sent_before(row.sha256) if one.code == row.code] == [row.code]
        assert sum(row.state is UploadState.DONE for row in rows) == len(store.sent_before("ab" * 32))
        store.recover()
        assert not [row for row in store.unfinished() if row.state is not UploadState.WAITING]
        store.close()
        assert is_sound(tmp_path)


# Size ------------------------------------------------------------------------------------------------------


def work_to_open(folder: Path, waiting: int) -> float:
    """Return the processor's seconds until what waits is known, in the best of five tries."""
    times = []
    for _ in range(5):
        begun = time.thread_time()
        store = UploadStore(folder)
        found = store.unfinished()
        times.append(time.thread_time() - begun)
        store.close()
        assert len(found) == waiting
    return min(times)


def test_rows_of_the_first_version_are_kept_and_those_that_were_unclear_are_looked_after(
    tmp_path: Path,
) -> None:
    columns = upload_columns(new_upload("a")) | {"person": "", "was_unclear": 1}
    first = [name for name in columns if re.search(rf"\b{name} ", SCRIPTS[0])]
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.executescript(f"{SCRIPTS[0]}; PRAGMA user_version = 1; PRAGMA application_id = {0x69744B71}")
    for number, ended in enumerate((0.0, 1.0)):
        row = {name: columns[name] for name in first} | {"id": str(number), "ended": ended}
        marks = ", ".join("?" * len(row))
        database.execute(f"INSERT INTO uploads ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    database.commit()
    database.close()
    store = UploadStore(tmp_path)
    assert [store.get(one).was_unclear for one in "01"] == [True, False]
    assert store.get("0").name == "a"
    assert store.awaiting_last_look() == []
    store.close()


def test_ten_thousand_ended_rows_hardly_slow_the_start(tmp_path: Path) -> None:
    for name, ended in (("few", 0), ("many", 10_000)):
        store = UploadStore(tmp_path / name)
        store.add([new_upload(state=UploadState.DONE, before=("x" * 24,) * 5) for _ in range(ended)])
        store.add([new_upload() for _ in range(500)])
        store.close()
    few, many = (work_to_open(tmp_path / name, 500) for name in ("few", "many"))
    assert many - few < 0.050, (few, many)


def test_scripts_of_the_tables_hold_no_other_semicolon() -> None:
    for script in SCRIPTS:
        for statement in filter(str.strip, script.split(";")):
            assert re.match(r"\s*(CREATE|ALTER|UPDATE|INSERT|DELETE|DROP) ", statement)
            assert sqlite3.complete_statement(f"{statement};")
