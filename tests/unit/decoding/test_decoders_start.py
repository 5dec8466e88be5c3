"""Decoders' processes that do not start, or not in time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import psutil
import pytest

from itkgui.client.exceptions import Cancelled
from itkgui.client.transfer import Transfer, running
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding import misbehaving
from tests.unit.decoding.watching import PATIENCE, processes, started


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


@contextlib.contextmanager
def interpreter(path: Path) -> Iterator[None]:
    """Start processes by this program instead of Python."""
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # which is no decoder, but would be started by it, too
    multiprocessing.set_executable(str(path))
    try:
        yield
    finally:
        multiprocessing.set_executable(sys.executable)


def test_process_that_starts_is_not_given_up_with_the_call_that_waits_for_it(decoders: Decoders) -> None:
    before = set(psutil.Process().children())
    decoders.warm_up()
    starting = set(psutil.Process().children()) - before
    for process in starting:
        process.suspend()  # as on a computer that is busy with something else
    transfer = Transfer()
    threading.Timer(0.05, transfer.cancel).start()
    try:
        with running(transfer), pytest.raises(Cancelled):
            decoders.run(misbehaving.own_pid)
    finally:
        for process in starting:
            if process.is_running():
                process.resume()
    assert decoders.run(misbehaving.own_pid) in [process.pid for process in starting]


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are otherwise set elsewhere")
def test_process_that_cannot_be_started_is_told_and_started_later(decoders: Decoders, tmp_path: Path) -> None:
    import resource

    note = tmp_path / "pid"
    errors: list[Undecodable] = []

    def work() -> None:
        try:
            decoders.run(misbehaving.announce_and_hang, note, patience=60)
        except Undecodable as error:
            errors.append(error)

    thread = started(work, note)
    hung = int(note.read_text())
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))  # no file is left for a line to another one
    try:
        with contextlib.suppress(ProcessLookupError):  # no file is left to look at its memory either
            os.kill(hung, signal.SIGKILL)
        thread.join(PATIENCE)
        with pytest.raises(Undecodable, match="Too many open files"):
            decoders.run(misbehaving.own_pid)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert len(errors) == 1
    with running(Transfer()) as late:
        guard = threading.Timer(PATIENCE, late.cancel)
        guard.start()
        assert decoders.run(misbehaving.own_pid)
        guard.cancel()


@pytest.mark.skipif(os.name != "posix", reason="a script is no program elsewhere")
def test_processes_that_end_while_they_start_are_told_of(decoders: Decoders, tmp_path: Path) -> None:
    never_ready = tmp_path / "interpreter"
    never_ready.write_text(f"#!{sys.executable}\nimport signal\nsignal.pause()\n")
    never_ready.chmod(0o700)
    with interpreter(never_ready):
        decoders.warm_up()
    for pid in processes():
        psutil.Process(pid).kill()
    with pytest.raises(Undecodable) as raised:
        decoders.run(misbehaving.own_pid)
    assert "starts no more processes" in raised.value.sentence
    assert raised.value.may_pass
    assert decoders.run(misbehaving.own_pid)


def test_interpreter_that_is_gone_is_told_and_missed_no_longer(decoders: Decoders, tmp_path: Path) -> None:
    with interpreter(tmp_path / "gone"), pytest.raises(Undecodable) as raised:  # as after an update
        decoders.run(misbehaving.own_pid)
    assert "starts no more processes" in raised.value.sentence
    assert raised.value.may_pass
    assert decoders.run(misbehaving.own_pid)
