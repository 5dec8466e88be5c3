"""One process at a time runs a queue, and its end, however it comes, leaves the queue to the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.uploads.queue_file import QueueNotWritten
from itkgui.uploads.queue_lock import QueueLock

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
