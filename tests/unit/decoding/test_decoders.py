"""Decoders' processes: what a function in them may do, and what of it must not reach the program."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from itkgui import language
from itkgui.client.exceptions import Cancelled
from itkgui.client.files import BinaryFile
from itkgui.client.transfer import Transfer, running
from itkgui.decoding.decoders import DecoderFault, Decoders
from itkgui.decoding.table import load_table
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable
from tests.unit.decoding import misbehaving
from tests.unit.decoding.watching import PATIENCE, is_alive, processes, started, until


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1, memory=100 * 2**20)
    yield found
    found.close()


def test_calls_share_a_process_that_is_not_this_one(decoders: Decoders) -> None:
    first = decoders.run(misbehaving.own_pid)
    assert first != os.getpid()
    assert decoders.run(misbehaving.own_pid) == first
    assert len(decoders.run(misbehaving.large, 20_000_000)) == 20_000_000


def test_error_arrives_with_all_its_words(decoders: Decoders) -> None:
    with pytest.raises(PasswordNeeded) as raised:
        decoders.run(misbehaving.refuse, "a.zip")
    assert raised.value.detail == "a.zip"
    assert raised.value.sentence == "This archive cannot be shown: it is encrypted."
    assert raised.value.cure == "Type its password."
    assert raised.value.may_pass


def test_process_speaks_the_language_in_use(decoders: Decoders, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("\n")
    language.use(language.PSEUDO, tmp_path)
    try:
        with pytest.raises(Undecodable) as raised:
            decoders.run(load_table, BinaryFile(path, path.name, 1, "text/csv"))
    finally:
        language.use("en", tmp_path)
    assert raised.value.sentence.count("⟦") == 2  # the sentence, and why


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (misbehaving.never_come_back, "takes too long"),
        (misbehaving.take_memory, "more memory"),
        (misbehaving.run_out_of_memory, "more memory"),
        (misbehaving.crash, "crashes what opens"),
        (misbehaving.leave, "crashes what opens"),
    ],
)
def test_what_goes_wrong_is_told_and_the_next_call_works(
    decoders: Decoders, function: Callable[[], None], said: str
) -> None:
    decoders.run(misbehaving.own_pid)
    began = time.monotonic()
    with pytest.raises(Undecodable) as raised:
        decoders.run(function, patience=1.0 if function is misbehaving.never_come_back else PATIENCE)
    assert said in raised.value.sentence
    assert time.monotonic() - began < PATIENCE / 2
    assert decoders.run(misbehaving.own_pid)


def test_what_is_kept_is_let_go_of_though_nobody_calls_again(decoders: Decoders, tmp_path: Path) -> None:
    decoders.run(misbehaving.keep_for, 0.2, tmp_path / "gone")
    decoders.run(misbehaving.keep_for, 1000, tmp_path / "stays")
    assert not (tmp_path / "gone").exists()
    until((tmp_path / "gone").exists)
    assert decoders.run(misbehaving.own_pid)
    assert not (tmp_path / "stays").exists()


def test_what_is_kept_is_let_go_of_between_other_calls(decoders: Decoders, tmp_path: Path) -> None:
    decoders.run(misbehaving.keep_for, 0.2, tmp_path / "gone")

    def has_gone() -> bool:
        decoders.run(misbehaving.own_pid)
        return (tmp_path / "gone").exists()

    until(has_gone)


@pytest.mark.logs("(fail|strange) failed:")
def test_fault_of_a_decoder_is_told_and_logged(decoders: Decoders) -> None:
    with pytest.raises(DecoderFault, match=r"decimal\.Decimal is nothing that decoders give"):
        decoders.run(misbehaving.strange)
    with pytest.raises(DecoderFault) as raised:
        decoders.run(misbehaving.fail)
    assert "ZeroDivisionError: of a library" in raised.value.detail
    assert decoders.run(misbehaving.own_pid)


def test_what_is_printed_is_not_among_what_the_program_prints(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(Decoders()) as decoders:
        decoders.run(misbehaving.chatter)
    assert capfd.readouterr() == ("", "of Python\nof C\n")


def test_call_nobody_waits_for_is_ended(decoders: Decoders, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    transfer = Transfer()
    outcome: list[BaseException] = []

    def work() -> None:
        with running(transfer):
            try:
                decoders.run(misbehaving.announce_and_hang, note, patience=60)
            except Cancelled as error:
                outcome.append(error)

    thread = started(work, note)
    transfer.cancel()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert len(outcome) == 1
    assert not is_alive(int(note.read_text()))
    assert decoders.run(misbehaving.own_pid)


def test_quick_call_nobody_waits_for_keeps_its_process(
    decoders: Decoders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itkgui.decoding.decoders._GRACE", PATIENCE)  # quick enough on any computer
    pid = decoders.run(misbehaving.own_pid)
    transfer, go_on, begun = Transfer(), tmp_path / "go on", tmp_path / "begun"

    def leave() -> None:
        until(begun.exists)
        transfer.cancel()
        threading.Event().wait(0.1)  # a few looks at whether the call is still wanted
        go_on.touch()

    threading.Thread(target=leave).start()
    with running(transfer), pytest.raises(Cancelled):
        decoders.run(misbehaving.begin_and_wait_for, go_on, begun, patience=60)
    assert decoders.run(misbehaving.own_pid) == pid


def test_call_that_takes_long_has_a_process_ready_for_whoever_comes_next(tmp_path: Path) -> None:
    decoders = Decoders()
    note, busy = tmp_path / "pid", Transfer()

    def occupy() -> None:
        with running(busy), pytest.raises(Cancelled):
            decoders.run(misbehaving.announce_and_hang, note, patience=60)

    thread = started(occupy, note)
    hung = int(note.read_text())
    until(lambda: processes() - {hung})  # nobody has asked for it yet
    (spare,) = processes() - {hung}
    assert decoders.run(misbehaving.own_pid) == spare
    busy.cancel()
    thread.join(PATIENCE)
    assert not is_alive(hung)
    assert decoders.run(misbehaving.own_pid) == spare
    decoders.close()


def test_call_nobody_waits_for_has_a_process_ready_at_once() -> None:
    decoders = Decoders()
    first = decoders.run(misbehaving.own_pid, is_awaited=False)
    assert len(processes() - {first}) == 1
    decoders.close()


def test_closed_decoders_take_no_call_although_a_process_waits_for_one(decoders: Decoders) -> None:
    decoders.run(misbehaving.own_pid)
    decoders.close()
    with pytest.raises(Cancelled):
        decoders.run(misbehaving.own_pid)


def test_waiting_for_a_free_process_can_be_cancelled(decoders: Decoders, tmp_path: Path) -> None:
    note, busy = tmp_path / "pid", Transfer()

    def occupy() -> None:
        with running(busy), pytest.raises(Cancelled):
            decoders.run(misbehaving.announce_and_hang, note, patience=60)

    thread = started(occupy, note)
    transfer = Transfer()
    threading.Timer(0.05, transfer.cancel).start()
    with running(transfer), pytest.raises(Cancelled):
        decoders.run(misbehaving.own_pid)
    busy.cancel()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_what_a_process_keeps_of_files_is_forgotten_with_it(decoders: Decoders) -> None:
    before = decoders.run(misbehaving.own_pid)
    decoders.forget()
    assert not is_alive(before)
    assert decoders.run(misbehaving.own_pid) != before


def test_process_that_ended_while_nobody_used_it_is_no_fault_of_the_next_file(decoders: Decoders) -> None:
    before = psutil.Process(decoders.run(misbehaving.own_pid))
    before.kill()
    until(lambda: not is_alive(before.pid))
    assert decoders.run(misbehaving.own_pid) != before.pid


def test_process_does_not_grow_from_call_to_call(decoders: Decoders) -> None:
    decoders.run(misbehaving.keep, 60 * 2**20, patience=PATIENCE)
    with pytest.raises(Undecodable, match="of earlier files") as raised:
        decoders.run(misbehaving.keep_and_hang, 60 * 2**20, Path(os.devnull), patience=PATIENCE)
    assert raised.value.may_pass


@pytest.fixture
def two() -> Iterator[Decoders]:
    found = Decoders(processes=2, memory=100 * 2**20)
    yield found
    found.close()


def in_thread(decoders: Decoders, size: int, note: Path, errors: list[Undecodable]) -> threading.Thread:
    def work() -> None:
        try:
            decoders.run(misbehaving.keep_and_hang, size, note, patience=60)
        except Undecodable as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_two_processes_at_once_take_no_more_memory_than_one_may(two: Decoders, tmp_path: Path) -> None:
    errors: list[Undecodable] = []
    small = in_thread(two, 40 * 2**20, tmp_path / "small", errors)
    until((tmp_path / "small").exists)
    large = in_thread(two, 75 * 2**20, tmp_path / "large", errors)
    large.join(PATIENCE)
    assert not large.is_alive()
    assert small.is_alive()
    assert [error.may_pass for error in errors] == [True]
    two.close()
    small.join(PATIENCE)


def test_what_rests_in_a_process_goes_before_another_is_refused(two: Decoders, tmp_path: Path) -> None:
    errors: list[Undecodable] = []
    go_on, begun = tmp_path / "go on", tmp_path / "begun"
    wait = misbehaving.begin_and_wait_for
    busy = threading.Thread(target=lambda: two.run(wait, go_on, begun, patience=60))
    busy.start()
    until(begun.exists)  # otherwise one process would do for both
    resting = two.run(misbehaving.keep, 70 * 2**20, patience=60)
    go_on.touch()
    busy.join(PATIENCE)
    thread = in_thread(two, 70 * 2**20, tmp_path / "other", errors)
    until((tmp_path / "other").exists)
    until(lambda: not is_alive(resting))
    assert thread.is_alive()
    assert not errors
    two.close()
    thread.join(PATIENCE)


def test_close_ends_what_is_under_way(decoders: Decoders, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    errors: list[BaseException] = []

    def work() -> None:
        try:
            decoders.run(misbehaving.announce_and_hang, note, patience=60)
        except (Undecodable, Cancelled) as error:
            errors.append(error)

    thread = started(work, note)
    decoders.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert len(errors) == 1
    assert not is_alive(int(note.read_text()))
    with pytest.raises(Cancelled):
        decoders.run(misbehaving.own_pid)


def test_process_ends_with_a_program_that_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from itkgui.decoding.decoders import Decoders
        from tests.unit.decoding import misbehaving
        if __name__ == "__main__":
            Decoders().run(misbehaving.announce_and_hang, Path(sys.argv[1]), patience=60)
        """
    )
    (tmp_path / "program.py").write_text(script)
    root = Path(__file__).parents[3]
    command = [sys.executable, str(tmp_path / "program.py"), str(note)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)}) as program:
        until(lambda: note.exists() and note.read_text())
        program.kill()
    until(lambda: not is_alive(int(note.read_text())))
