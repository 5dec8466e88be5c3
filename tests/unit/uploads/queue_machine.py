"""A state machine that does to queues all that people, networks, servers and computers do, at random."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from itkgui.records.attachment import Storage
from itkgui.uploads.hand_over import is_handed_over, may_be_handed_over
from itkgui.uploads.hand_over_errors import CannotHandOver
from itkgui.uploads.sorting import SpoolDamaged
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Upload, UploadState
from itkgui.uploads.upload_store import NotInQueue, WrongMove
from tests.unit.uploads.bench import Bench
from tests.unit.uploads.mishaps import PLACES, POINTS, failures
from tests.unit.uploads.scene import BESIDE, HERE, THERE, Scene

_SOON = 0.4  # seconds in which a request comes that was caused just now, if it comes at all
_numbers = itertools.count()

# Arguments that hypothesis draws are small, and much alike from one sequence to the next; and shrinking helps
# nobody where each try is another story. So it chooses what happens, and this the details.
LUCK = st.randoms(use_true_random=True)
STORAGES = [Storage.FILE, Storage.EOS]
SEATS = [HERE, HERE, HERE, BESIDE, THERE]
WISHES = ["cancel"] * 4 + ["undo"] * 2 + ["retry"] * 3 + ["pause", "resume", "move_up", "move_down"]
WISHES_FOR_ALL = ["retry_all", "pause_all", "resume_all", "session_renewed"]


class QueueMachine(RuleBasedStateMachine):
    """Rules are what may happen; ``teardown`` lets the queues come to their end and compares."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.scene = Scene(bench)
        self.account = self.scene.account
        self.archives: dict[Path, str] = {}  # of what was handed over, and to whom

    @initialize(luck=LUCK)
    def begin(self, luck: Random) -> None:
        self.scene.start(HERE, _lines(luck))
        self.send_into_trouble(luck)

    # What people do ----------------------------------------------------------------------------------------

    @rule(luck=LUCK)
    def send(self, luck: Random) -> None:
        self.scene.add(
            self.a_seat(luck), self.some_files(luck, luck.choice(STORAGES), of_runs=luck.random() < 0.3)
        )

    @rule(luck=LUCK)
    def send_into_trouble(self, luck: Random) -> None:
        """Send files that will meet faults of the servers, at least if nothing else meets them before."""
        storage, of_runs = luck.choice(STORAGES), luck.random() < 0.3
        for fault in failures(luck, storage, of_runs=of_runs):
            self.scene.tell(f"the servers will {fault}")
            self.bench.control.fail(**fault)
        self.scene.add(self.a_seat(luck), self.some_files(luck, storage, of_runs=of_runs))

    def some_files(self, luck: Random, storage: Storage, *, of_runs: bool) -> list[Upload]:
        if of_runs:
            return self.scene.results(luck.randrange(3), storage)
        size = luck.choice([1, 300, 70_000, 300_000])
        return self.scene.files(
            luck.randint(1, 3), luck.randrange(3), storage, size, alike=luck.random() < 0.3
        )

    def a_seat(self, luck: Random) -> str:
        """Return who is asked: the first as long as nobody has opened another one."""
        seat = luck.choice(SEATS)
        return seat if seat in (*self.scene.clocks, *self.scene.programs) else HERE

    def some(self, luck: Random) -> list[str]:
        """Return some of the uploads, the latest rather than others."""
        known = list(self.account.added)
        return luck.sample(known[-6:], min(len(known), luck.randint(1, 3))) or ["none"]

    @rule(luck=LUCK)
    def wish(self, luck: Random) -> None:
        self.scene.let_work(luck.randrange(30))
        seat, ids, wish = self.a_seat(luck), self.some(luck), luck.choice(WISHES + WISHES_FOR_ALL)
        if wish == "retry":
            self.account.note_tried_again(ids)
        if wish in WISHES_FOR_ALL:
            self.scene.ask(seat, wish)
        elif wish.startswith("move"):
            self.scene.ask(seat, wish, ids[0])
        else:
            answer = self.scene.ask(seat, wish, ids)
            if wish in ("cancel", "undo"):
                self.note_cancelled(seat, ids, answer)

    def note_cancelled(self, seat: str, ids: list[str], told: list[str] | None) -> None:
        """Believe what a program tells to be cancelled, unless it was done already and that is shown."""
        if told is None:  # killed before it answered, it may have done so or not
            self.account.note_doubt(ids)
            return
        rows = self.scene.rows_on_disk(seat, set(told))
        self.account.note_cancelled(told, [row.id for row in rows if row.state is UploadState.DONE])

    @rule(luck=LUCK)
    def open_second_program(self, luck: Random) -> None:
        self.scene.start(BESIDE, _lines(luck))

    @rule(luck=LUCK)
    def hand_over(self, luck: Random) -> None:
        """Hand files over before they are sent, with all else that waits or without."""
        seat = self.a_seat(luck)
        if luck.random() < 0.5:
            self.scene.start(seat, _lines(luck))
        self.scene.ask(seat, "pause_all")
        uploads = self.some_files(luck, luck.choice(STORAGES), of_runs=luck.random() < 0.3)
        self.scene.add(seat, uploads)
        new = {upload.id for upload in uploads}
        deadline = time.monotonic() + _SOON
        while time.monotonic() < deadline and self.scene.are_copied(seat, new):
            self.scene.let_work(5)
        waiting = {row.id for row in self.scene.rows_on_disk(seat) if may_be_handed_over(row)}
        ids = sorted(waiting if luck.random() < 0.3 else waiting & new)
        path = self.scene.folder / f"{next(_numbers)}.zip"
        with contextlib.suppress(CannotHandOver, SpoolDamaged, NotInQueue, WrongMove):
            self.scene.ask(seat, "hand_over", ids, path)
        gone = [row for row in self.scene.rows_on_disk(seat, set(ids)) if _is_in(row, path)]
        assert len(gone) in (0, len(ids)), f"only {gone} were handed over"
        if gone:  # else the program says that they are here, and whoever wanted it tries again
            self.archives[path] = ""
        self.scene.ask(seat, "resume_all")

    @rule(luck=LUCK)
    def take_over(self, luck: Random) -> None:
        """Let a computer take what was handed over, maybe once more; never two the same."""
        seat = luck.choice([HERE, THERE, THERE])
        archives = [path for path, taker in self.archives.items() if taker in ("", seat)]
        if archives and luck.random() < 0.5:
            self.scene.start(seat, _lines(luck))
        for path in archives:
            self.take(path, seat)

    def take(self, path: Path, seat: str) -> bool:
        self.archives[path] = seat
        return self.scene.ask(seat, "take_over", path) is not None

    # What networks, servers and computers do ---------------------------------------------------------------

    @rule(luck=LUCK)
    def end_program(self, luck: Random) -> None:
        self.scene.let_work(luck.randrange(60))
        seat = self.a_seat(luck)
        if luck.random() < 0.7:
            self.scene.kill(seat)
        else:
            self.scene.quit(seat)
        if luck.random() < 0.5:
            self.scene.start(seat, _lines(luck))

    @rule(luck=LUCK)
    def cut_power_during(self, luck: Random) -> None:
        """Kill all programs of this computer when a request has come to a point."""
        place, point = luck.choice(PLACES), luck.choice(POINTS)
        self.bench.control.clear()
        self.bench.control.fail(place, "stall", **point)
        storage = Storage.EOS if "eos" in place.lower() else Storage.FILE
        is_run = "TestRun" in place
        uploads = self.scene.results(1, storage) if is_run else self.scene.files(1, 0, storage, 2_000)
        self.scene.add(HERE, uploads)
        if "delete" in place.lower():
            self.scene.let_work(luck.randrange(40))
            ids = [upload.id for upload in uploads]
            self.note_cancelled(HERE, ids, self.scene.ask(HERE, "cancel", ids))
        deadline = time.monotonic() + _SOON
        while self.bench.control.turns_left() and time.monotonic() < deadline:
            self.scene.let_work(5)
        self.scene.tell(f"the power is cut during {place} {point}")
        self.scene.cut_power()
        self.bench.control.clear()

    @rule(luck=LUCK)
    def trouble_computer(self, luck: Random) -> None:
        luck.choice([self.set_clock, self.damage_copies, self.touch_sources])(luck)

    @rule()
    def let_time_pass(self) -> None:
        """Let minutes go by, in which all comes that was late."""
        self.bench.control.clear()
        for seat in list(self.scene.clocks):
            self.scene.let_time_pass(seat)

    def set_clock(self, luck: Random) -> None:
        self.scene.set_clock(HERE, luck.randint(-48, 48))

    def damage_copies(self, luck: Random) -> None:
        seat, how = luck.choice([HERE, THERE]), luck.choice(["remove", "cut", "turn a bit"])
        for row in self.scene.rows_on_disk(seat, set(self.some(luck))):
            self.account.hurt.add(row.id)
            self.scene.tell(f"the copy of {row.id}: {how}")
            with contextlib.suppress(FileNotFoundError):
                _damage(Spool(self.scene.queue_of(seat) / "spool").path(row), how)

    def touch_sources(self, luck: Random) -> None:
        """Pull the stick out, or let somebody change a file after it was dropped."""
        how = luck.choice(["remove", "cut", "turn a bit", "write on"])
        known = self.account.added
        for path in {known[one].source for one in self.some(luck) if one in known}:
            alike = {one.id for one in known.values() if one.source == path}
            self.account.hurt |= alike
            self.scene.tell(f"the file of {alike}: {how}")
            with contextlib.suppress(FileNotFoundError):
                _damage(Path(path), how)
                found = hashlib.sha256(Path(path).read_bytes()).hexdigest()
                for one in alike:
                    self.account.contents[one].add(found)

    # The end -----------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            error = sys.exc_info()[1]
            if error is None:
                self.finish()
            elif isinstance(error, Exception):  # of a step; what hypothesis ends a sequence with is none
                self.scene.keep_evidence()
        finally:
            self.scene.end()

    def finish(self) -> None:
        try:
            for path, taker in list(self.archives.items()):
                while not self.take(path, taker or THERE):
                    pass
            self.scene.finish()
        except Exception:
            self.scene.keep_evidence()
            raise
        self.bench.note_passed()


def _lines(luck: Random) -> int:
    """Return after how many lines a program is killed: opening takes 600, a file some 5,000, 0 is never."""
    return luck.choice([0, luck.randint(300, 3_000), luck.randint(1_000, 20_000)])


def _damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    match how:
        case "remove":
            path.unlink()
        case "cut":
            path.write_bytes(content[:-1])
        case "write on":
            path.write_bytes(content + b"x")
        case "turn a bit" if content:
            content[-1] ^= 1
            path.write_bytes(content)


def _is_in(row: Upload, archive: Path) -> bool:
    return is_handed_over(row) and row.trouble is not None and archive.name in row.trouble.sentence


def run_sequences(
    info: dict[str, Any],
    folder: Path,
    count: int,
    steps: int = 10,
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """Run sequences of so many steps; return how many have passed, which ``tell`` is told after each.

    The first that fails raises, and leaves its evidence.
    """
    bench = Bench(info, folder, tell)
    try:
        run_state_machine_as_test(
            lambda: QueueMachine(bench),  # type: ignore[arg-type]  # any callable will do
            settings=settings(
                max_examples=count,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    finally:
        bench.close()
    return bench.passed
