"""One process at a time runs a queue, and its end, however it comes, leaves the queue to the next."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.uploads.disk import is_on_shared, is_shared
from itkgui.uploads.queue_file import QueueNotWritten
from itkgui.uploads.queue_lock import QueueElsewhere, QueueLock

_HOLDER = (
    "import sys; from pathlib import Path; from itkgui.uploads.queue_lock import QueueLock\n"
    "lock = QueueLock(Path(sys.argv[1])); print(lock.try_take(), flush=True); sys.stdin.read()"
)


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _HOLDER, str(tmp_path / "queue")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process


def pid_of(lock: QueueLock) -> int | None:
    holder = lock.holder()
    return holder.pid if holder is not None else None


def test_lock_is_for_one(tmp_path: Path) -> None:
    first, second = QueueLock(tmp_path / "queue"), QueueLock(tmp_path / "queue")
    assert first.try_take()
    assert first.try_take()
    assert not second.try_take()
    second.release()
    assert not second.try_take(), "a lock was given away by somebody who had it not"
    assert pid_of(second) == os.getpid()
    first.release()
    assert second.try_take()
    second.release()


def test_lock_is_the_process_s_and_not_the_thread_s(tmp_path: Path) -> None:
    lock = QueueLock(tmp_path)
    taken: list[bool] = []
    thread = threading.Thread(target=lambda: taken.append(lock.try_take()))
    thread.start()
    thread.join()
    assert taken == [True]
    assert not QueueLock(tmp_path).try_take()
    lock.release()
    assert QueueLock(tmp_path).try_take()


@pytest.mark.skipif(os.name != "posix", reason="processes are otherwise killed")
def test_kill_of_the_holder_frees_the_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    lock = QueueLock(tmp_path / "queue")
    assert not lock.try_take()
    assert pid_of(lock) == holder.pid
    holder.send_signal(signal.SIGKILL)
    holder.wait(30)
    assert lock.try_take()
    assert pid_of(lock) == os.getpid()
    lock.release()


def test_end_of_the_holder_frees_the_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    lock = QueueLock(tmp_path / "queue")
    assert not lock.try_take()
    holder.communicate(timeout=30)
    assert lock.try_take()
    lock.release()


def test_children_of_the_holder_do_not_keep_it(tmp_path: Path) -> None:
    lock = QueueLock(tmp_path)
    assert lock.try_take()
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as child:
        lock.release()
        assert QueueLock(tmp_path).try_take()
        child.communicate(timeout=30)


def test_holder_that_left_no_note_has_no_name(tmp_path: Path) -> None:
    assert QueueLock(tmp_path / "none").holder() is None
    (tmp_path / "queue.holder").write_text("[")
    assert QueueLock(tmp_path).holder() is None


def test_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "queue").write_text("a file")
    with pytest.raises(QueueNotWritten):
        QueueLock(tmp_path / "queue").try_take()


# Disks of the network --------------------------------------------------------------------------------------


def test_other_computer_that_says_so_has_the_queue_until_it_says_so_no_more(tmp_path: Path) -> None:
    note = tmp_path / "queue.holder"
    note.write_text('{"pid": 7, "since": 1.0, "host": "another computer"}')
    lock, alone = QueueLock(tmp_path, may_be_shared=True), QueueLock(tmp_path, may_be_shared=False)
    for act in (lock.try_take, lock.check_computer):
        with pytest.raises(QueueElsewhere, match="another computer, process 7"):
            act()
    assert alone.try_take(), "a note of a computer that was called otherwise is no lock"
    alone.release()
    note.write_text('{"pid": 7, "since": 1.0, "host": "another computer"}')
    os.utime(note, (1e9, 1e9))
    assert lock.try_take()
    holder = lock.holder()
    assert holder is not None
    assert (holder.pid, holder.host) == (os.getpid(), platform.node())
    assert not QueueLock(tmp_path, may_be_shared=True).try_take(), "this computer is no other one"
    lock.release()


def test_who_reads_the_note_while_it_is_written_finds_the_one_before(tmp_path: Path) -> None:
    lock, note, kept = QueueLock(tmp_path), tmp_path / "queue.holder", tmp_path / "read by another"
    before = '{"pid": 7, "since": 1.0, "host": "another computer"}'
    note.write_text(before)
    os.link(note, kept)
    assert lock.try_take()
    assert pid_of(lock) == os.getpid()
    assert kept.read_text() == before, "the file was emptied and written anew, which takes a moment"
    lock.release()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/far/me/.local", True),
        ("/far/other/queue", False),
        ("/mnt/eos/x", True),
        ("/mnt/net/a", True),
        ("/mnt/network", False),
        ("/near", False),
        ("\\\\server\\share", True),
    ],
)
def test_disks_of_the_network_are_known_by_their_kind(path: str, *, expected: bool) -> None:
    mounts = [
        (Path("/"), "ext4", "rw"),
        (Path("/far"), "nfs4", "rw,hard"),
        (Path("/far/other"), "xfs", "rw"),
        (Path("/mnt/eos"), "fuse.eosxd", "rw"),
        (Path("/mnt/net"), "", "rw,remote"),
    ]
    assert is_on_shared(Path(path), mounts) is expected


def test_disk_of_a_test_is_this_computer_s_own(tmp_path: Path) -> None:
    assert not is_shared(tmp_path)
