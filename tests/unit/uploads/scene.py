"""Some computers with queues on which programs run and end, a server, and what has become of uploads."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.sorting import ProgramFault, Timing
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.account import Account
from tests.unit.uploads.bench import HOME, Bench
from tests.unit.uploads.mishaps import LATE
from tests.unit.uploads.queue_process import Killed, QueueProcess

TIMING = Timing(
    undo=0.0,
    first_pause=0.01,
    longest_pause=0.04,
    disk_pause=0.02,
    still=0.0,
    late=min(LATE) / 2000,
    settled=3600.0,  # longer than any sequence: see let_time_pass
    beat=0.1,
)
# Who may be asked: a program, one beside it on the same computer, and one on another computer.
HERE, BESIDE, THERE = "here", "beside", "there"
_PATIENCE = 30.0  # s without a row that comes to its end
_RETRIES = 3  # of what was damaged on the disk, and may have to be dropped again
_STOPPED = (UploadState.FAILED, UploadState.HELD)
_numbers = itertools.count()


class Scene:
    """What happens to queues in one folder of the bench, and in the end to what they were given."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.folder = bench.folder / f"sequence {next(_numbers)}"
        self.folder.mkdir()
        bench.control.clear()  # of a sequence that hypothesis has given up
        bench.control.forget()
        self.account = Account(bench)
        self.programs: dict[str, QueueProcess] = {}
        self.clocks = {HERE: 0}  # by computer, by how many hours they are wrong
        self._story: list[str] = []

    def tell(self, what: str) -> None:
        """Note what has happened, for whoever asks how it came to the end."""
        self._story.append(f"{time.time():.3f} {what}")

    def keep_evidence(self) -> None:
        rows = [f"{seat}: {row}" for seat in list(self.clocks) for row in self.rows_on_disk(seat)]
        self.bench.keep([*self._story, *rows], self.folder)

    def end(self) -> None:
        for program in self.programs.values():
            program.kill()
        shutil.rmtree(self.folder)

    # Programs ----------------------------------------------------------------------------------------------

    def queue_of(self, seat: str) -> Path:
        return self.folder / computer_of(seat)

    def start(self, seat: str, kill_after: int = 0) -> None:
        """Start a program; one that runs is killed first."""
        self.kill(seat)
        self.tell(f"{seat} starts, to be killed after {kill_after}")
        hours = self.clocks.setdefault(computer_of(seat), 0)
        self.programs[seat] = QueueProcess(self.bench.info, self.queue_of(seat), TIMING, kill_after, hours)

    def kill(self, *seats: str) -> None:
        for seat in seats:
            if seat in self.programs:
                self.tell(f"{seat} is killed")
                self.programs.pop(seat).kill()

    def cut_power(self) -> None:
        """End all programs of the first computer at once."""
        self.kill(HERE, BESIDE)

    def quit(self, seat: str) -> None:
        if seat in self.programs:
            self.tell(f"{seat} quits")
            self.programs.pop(seat).close()

    def ask(self, seat: str, method: str, *arguments: Any) -> Any:
        """Ask a program, which is started if need be; return None if it was killed before it answered."""
        if seat not in self.programs:
            self.start(seat)
        if method not in ("go_on", "waiting_long"):
            self.tell(f"{seat} is asked to {method} {', '.join(map(_brief, arguments))}")
        try:
            return self.programs[seat].ask(method, *arguments)
        except Killed:
            self.tell(f"{seat} was killed")
            del self.programs[seat]
            return None

    def set_clock(self, computer: str, hours: int) -> None:
        self.clocks[computer] = hours
        for seat in [seat for seat in self.programs if computer_of(seat) == computer]:
            self.ask(seat, "set_clock", hours)

    def let_work(self, milliseconds: int) -> None:
        if HERE in self.programs:
            self.programs[HERE].ends_within(milliseconds / 1000)

    def let_time_pass(self, seat: str) -> None:
        """Let it be so late that no request can take effect any more whose answer was lost."""
        self.bench.control.let_rest()
        now = time.time()

        def decide(row: Upload) -> dict[str, float] | None:
            due = 0.0 if row.awaits_last_look else row.next_try
            changes = {"unclear_until": min(row.unclear_until, now), "next_try": due}
            return changes if changes != {name: getattr(row, name) for name in changes} else None

        rows = self.rows_on_disk(seat)
        if any(map(decide, rows)):
            self.tell(f"time passes for {seat}")
            store = UploadStore(self.queue_of(seat), self.bench.database.user.identity)
            try:
                store.change_each([row.id for row in rows], decide)
            finally:
                store.close()

    def rows_on_disk(self, seat: str, ids: set[str] | None = None) -> list[Upload]:
        """Return the rows of a computer, if told so only some of them."""
        if not self.queue_of(seat).exists():
            return []
        store = UploadStore(self.queue_of(seat), self.bench.database.user.identity)
        try:
            rows = {row.id: row for row in store.unfinished()}
            rows |= {row.id: row for row in store.history("", 0, 1000)}  # one may have ended just now
        finally:
            store.close()
        return [row for row in rows.values() if ids is None or row.id in ids]

    def are_copied(self, seat: str, ids: set[str]) -> bool:
        """Tell whether some files are being copied for the queue."""
        return any(row.state is UploadState.COPYING for row in self.rows_on_disk(seat, ids))

    # Files -------------------------------------------------------------------------------------------------

    def add(self, seat: str, uploads: list[Upload]) -> None:
        if self.ask(seat, "add", uploads) is None:
            self.account.unsure.append(uploads)
        else:
            self.account.added |= {upload.id: upload for upload in uploads}

    def files(
        self, count: int, place: int, storage: Storage, size: int, *, alike: bool = False
    ) -> list[Upload]:
        """Return files for one target, if told so with the same bytes and titles."""
        target = self.bench.targets[place]
        files = [self.file(target, storage, os.urandom(size)) for _ in range(1 if alike else count)]
        for number in range(1, count if alike else 0):
            files.append(files[0].with_changes(id=f"{files[0].id[:-1]}{number}"))
            self.account.contents.setdefault(files[-1].id, self.account.contents[files[0].id])
        return files

    def results(self, count: int, storage: Storage) -> list[Upload]:
        """Return results of a test, other ones each time, and so many files that belong to them."""
        number, mass = str(next(_numbers)), int.from_bytes(os.urandom(4), "big") / 64
        body = {
            "component": self.bench.targets[0].key,
            "testType": "MASS_MEASUREMENT",
            "institution": HOME,
            "stage": "MODULE/ASSEMBLY",
            "runNumber": number,
            "date": "2026-05-04T10:00:00.000Z",
            "passed": True,
            "problems": False,
            "properties": {"SCALE_ACCURACY": 0.25},
            "results": {"MASS": mass},
        }
        content = json.dumps(body).encode()
        parent = self.file(self.bench.targets[0], Storage.FILE, content, kind=UploadKind.TEST_RUN)
        self.account.measured[number] = parent, mass
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        return [parent, *(self.file(run, storage, os.urandom(500), parent=parent.id) for _ in range(count))]

    def file(self, target: Owner, storage: Storage, content: bytes, **changes: Any) -> Upload:
        path = self.folder / f"{next(_numbers)}.dat"
        path.write_bytes(content)
        upload = Upload(
            kind=UploadKind.FILE,
            target=target,
            name=path.name,
            title=f"{path.name} of {os.urandom(4).hex()}",
            description="",
            storage=storage,
            size=0,
            media_type="",
            source=str(path),
            may_repeat="kind" not in changes,  # some are alike
        ).with_changes(**changes)
        self.account.contents[upload.id] = {hashlib.sha256(content).hexdigest()}
        return upload

    # The end -----------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Let all come to its end, and compare."""
        self.tell("the end")
        for seat in list(self.clocks):
            self._let_end(seat)
        for seat in list(self.programs):
            self.quit(seat)
        self.bench.control.clear()
        self.bench.control.let_rest()
        self.account.audit([self.rows_on_disk(seat) for seat in list(self.clocks)])
        self.bench.tidy(self.account.before)

    def _let_end(self, seat: str) -> None:
        """Do what people do about what has stopped, until nothing is open that could arrive."""
        deadline, fewest = 0.0, sys.maxsize
        retries: Counter[str] = Counter()
        while True:
            while self.ask(seat, "go_on") is None:
                pass
            waiting: set[str] = set()
            for one in [
                one for one in self.programs if computer_of(one) == seat
            ]:  # each may be the one that sends
                self.ask(one, "go_on")
                waiting.update(self.ask(one, "waiting_long") or ())
            rows = {row.id: row for row in self.rows_on_disk(seat)}
            lost = {
                one for one in retries if retries[one] >= _RETRIES and rows[one].state is UploadState.FAILED
            }
            lost &= self.account.hurt
            lost |= {row.id for row in rows.values() if row.parent in lost and not row.target.key}
            open_rows = [row for row in rows.values() if not row.state.has_ended and row.id not in lost]
            assert not any(row.trouble and row.trouble.title == ProgramFault.title for row in open_rows)
            late = [row for row in rows.values() if row.awaits_last_look]
            if not open_rows and not late:
                return
            if (left := len(open_rows) + len(late)) < fewest:  # it goes on, however busy the computer is
                deadline, fewest = time.monotonic() + _PATIENCE, left
            assert time.monotonic() < deadline, open_rows + late
            paused = [row.id for row in open_rows if row.state is UploadState.PAUSED]
            stopped = [row.id for row in open_rows if row.state in _STOPPED or row.id in waiting]
            if not open_rows:
                self.let_time_pass(seat)
            retries.update(stopped)
            for method, ids in ("resume", paused), ("retry", stopped):
                if ids:
                    self.ask(seat, method, ids)
            self.let_work(20)


def computer_of(seat: str) -> str:
    return THERE if seat == THERE else HERE


def _brief(argument: Any) -> str:
    """Return what tells an argument in a story."""
    if isinstance(argument, list):
        return f"[{', '.join(map(_brief, argument))}]"
    if isinstance(argument, Upload):
        return f"{argument.id} {argument.name} to {argument.storage.value} of {argument.target.label}"
    return str(argument)
