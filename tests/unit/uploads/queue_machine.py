"""A state machine that does to a queue all that people, networks, servers and computers do, at random."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.sandbox.eos.object_store import path_of_code, storage_name
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.bench import HOME, Bench
from tests.unit.uploads.queue_process import Killed, QueueProcess

TIMING = Timing(undo=0.0, first_pause=0.01, longest_pause=0.04, disk_pause=0.02, still=0.0, late=0.2)
_PATIENCE = 30.0
_STALL = 60  # ms; what is done so much later is still found by who waits for TIMING.late
_numbers = itertools.count()

PICKS = st.lists(st.integers(0, 30), min_size=1, max_size=3)
PLACES = [
    "POST *createComponentAttachment",
    "POST *createTestRunAttachment",
    "POST *requestUploadEosFile",
    "POST *uploadTestRunResults",
    "POST *deleteComponentAttachment",
    "POST *deleteTestRunAttachment",
    "POST *deleteTestRun",
    "PUT /eos/*",
    "DELETE /eos/*",
    "GET /eos/*",
    "GET *getComponentAttachment",
    "GET *getTestRunAttachment",
    "GET *getComponent",
    "GET *getTestRun*",
    "GET *listTestRunsByComponent",
]
FAULTS: list[dict[str, Any]] = [
    {"do": "reset"},
    {"do": "reset", "after_bytes": 5_000},
    {"do": "reset", "side": "answer"},
    {"do": "stall", "ms": _STALL},
    {"do": "stall", "ms": _STALL, "side": "answer"},
    {"do": "slow", "ms": 20},
    {"do": "truncate", "after_bytes": 100},
    {"do": "commit_then_drop"},
    {"do": "expire_token"},
    {"do": "garbage"},
    {"do": "html"},
    *({"do": "status", "status": status} for status in (400, 403, 409, 413, 500, 503, 507)),
    {"do": "status", "status": 401, "times": 2},
    {"do": "status", "status": 429, "headers": {"Retry-After": "0"}},
]


class QueueMachine(RuleBasedStateMachine):
    """Rules are what may happen; ``teardown`` lets the queue come to its end and compares."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.folder = bench.folder / f"sequence {next(_numbers)}"
        self.folder.mkdir()
        self.added: dict[str, Upload] = {}
        self.unsure: list[list[Upload]] = []  # added when the process was killed: all of them, or none
        self.cancelled: set[str] = set()
        self.process: QueueProcess | None = None
        self.runs_before: set[str] = set()
        self.orphans_before: set[str] = set()

    @initialize(kill_after=st.integers(0, 60))
    def begin(self, kill_after: int) -> None:
        self.runs_before = self.bench.runs()
        self.orphans_before = self.bench.orphans()
        self.start(kill_after)

    def start(self, kill_after: int) -> None:
        self.process = QueueProcess(self.bench.info, self.folder / "queue", TIMING, kill_after)

    def ask(self, method: str, *arguments: Any) -> Any:
        """Ask the queue; one that was killed in the meantime is started again."""
        if self.process is None:
            self.start(0)
        assert self.process is not None
        try:
            return self.process.ask(method, *arguments)
        except Killed:
            self.process = None
            return None

    # What people do ----------------------------------------------------------------------------------------

    @rule(
        count=st.integers(1, 4),
        place=st.integers(0, 2),
        storage=st.sampled_from([Storage.FILE, Storage.EOS]),
        size=st.sampled_from([1, 300, 70_000, 400_000]),
        alike=st.booleans(),
    )
    def add_files(self, count: int, place: int, storage: Storage, size: int, *, alike: bool) -> None:
        first = self.file(self.bench.targets[place], storage, size)
        files = [first]
        for number in range(1, count):
            twin = first.with_changes(id=f"{first.id}-{number}")
            files.append(twin if alike else self.file(self.bench.targets[place], storage, size))
        self.add(files)

    @rule(count=st.integers(0, 2), storage=st.sampled_from([Storage.FILE, Storage.EOS]))
    def add_results(self, count: int, storage: Storage) -> None:
        body = {
            "component": self.bench.targets[0].key,
            "testType": "MASS_MEASUREMENT",
            "institution": HOME,
            "stage": "MODULE/ASSEMBLY",
            "runNumber": str(next(_numbers)),
            "date": "2026-05-04T10:00:00.000Z",
            "passed": True,
            "problems": False,
            "properties": {"SCALE_ACCURACY": 0.25},
            "results": {"MASS": int.from_bytes(os.urandom(4), "big") / 64},
        }
        content = json.dumps(body).encode()
        parent = self.file(self.bench.targets[0], Storage.FILE, content=content, kind=UploadKind.TEST_RUN)
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        self.add([parent, *(self.file(run, storage, 500, parent=parent.id) for _ in range(count))])

    def add(self, uploads: list[Upload]) -> None:
        if self.ask("add", uploads) is None:
            self.unsure.append(uploads)
        else:
            self.added |= {upload.id: upload for upload in uploads}

    def file(
        self, target: Owner, storage: Storage, size: int = 0, *, content: bytes = b"", **changes: Any
    ) -> Upload:
        path = self.folder / f"{next(_numbers)}.dat"
        path.write_bytes(content or os.urandom(size))
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
            may_repeat=not content,  # some are alike
        )
        return upload.with_changes(**changes)

    @rule(picks=PICKS)
    def cancel(self, picks: list[int]) -> None:
        ids = self.some(picks)
        self.cancelled |= set(ids)
        self.cancelled |= {one.id for one in self.added.values() if one.parent in ids}
        self.ask("cancel", ids)

    @rule(picks=PICKS)
    def undo(self, picks: list[int]) -> None:
        undone = self.ask("undo", self.some(picks))
        # Killed before it answered, it may have done so or not.
        ids = {row.id for row in undone} if undone is not None else set(self.added)
        self.cancelled |= ids | {one.id for one in self.added.values() if one.parent in ids}

    @rule(picks=PICKS, method=st.sampled_from(["retry", "pause", "resume"]))
    def touch(self, picks: list[int], method: str) -> None:
        self.ask(method, self.some(picks))

    @rule(method=st.sampled_from(["retry_all", "pause", "resume", "session_renewed"]))
    def touch_all(self, method: str) -> None:
        self.ask(method)

    @rule(picks=PICKS, method=st.sampled_from(["move_up", "move_down"]))
    def reorder(self, picks: list[int], method: str) -> None:
        for upload_id in self.some(picks):
            self.ask(method, upload_id)

    def some(self, picks: list[int]) -> list[str]:
        """Return some of the uploads; how many there are may depend on when a process was killed."""
        known = list(self.added)
        return list(dict.fromkeys(known[pick % len(known)] for pick in picks)) if known else []

    # What networks, servers and computers do ---------------------------------------------------------------

    @rule(place=st.sampled_from(PLACES), fault=st.sampled_from(FAULTS), skip=st.integers(0, 2))
    def fail(self, place: str, fault: dict[str, Any], skip: int) -> None:
        self.bench.control.fail(place, **{"skip": skip, **fault})

    @rule(milliseconds=st.integers(0, 80))
    def go_on(self, milliseconds: int) -> None:
        self.let_work(milliseconds)

    def let_work(self, milliseconds: int) -> None:
        if self.process is not None:
            self.process.ends_within(milliseconds / 1000)

    @rule(milliseconds=st.integers(0, 40), kill_after=st.integers(0, 40))
    def kill(self, milliseconds: int, kill_after: int) -> None:
        self.let_work(milliseconds)
        self.cut_power()
        self.start(kill_after)

    def cut_power(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process = None

    def was_under_way(self) -> bool:
        """Tell whether something was on its way when the process was killed."""
        with self.store() as store:
            states = {row.state for row in store.unfinished()}
        return bool(states & {UploadState.SENDING, UploadState.CHECKING})

    @rule()
    def quit(self) -> None:
        if self.process is not None:
            self.process.close()
        self.start(0)

    @rule(hours=st.integers(-48, 48))
    def set_clock(self, hours: int) -> None:
        """Let what is on the disk have been written by a clock that went wrong by some hours."""
        self.cut_power()
        with self.store() as store:
            for row in store.unfinished():
                store.change(row, next_try=time.time() + hours * 3600.0)
        self.start(0)

    @contextlib.contextmanager
    def store(self) -> Iterator[UploadStore]:
        store = UploadStore(self.folder / "queue", self.bench.database.user.identity)
        try:
            yield store
        finally:
            store.close()

    # The end -----------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self.bench.control.clear()
            self.finish()
            self.bench.passed += 1
        finally:
            self.end()

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
        shutil.rmtree(self.folder)

    def finish(self) -> None:
        rows = self.at_the_end()
        for uploads in self.unsure:
            known = [upload for upload in uploads if upload.id in rows]
            assert len(known) in (0, len(uploads)), "some were added, some not"
            self.added |= {upload.id: upload for upload in known}
        assert rows.keys() == self.added.keys(), "an upload is lost or comes from nowhere"
        for row in rows.values():
            is_given_up = row.id in self.cancelled and row.state is UploadState.CANCELLED
            assert is_given_up or row.state is UploadState.DONE, f"{row}"
        self.compare(rows)

    def at_the_end(self) -> dict[str, Upload]:
        """Let all come to its end; return the rows."""
        deadline = time.monotonic() + _PATIENCE
        for method in ("session_renewed", "session_renewed", "resume"):  # the first may find it killed
            self.ask(method)
        while True:
            rows = self.ask("rows")
            if rows is None:
                continue
            open_rows = [row for row in rows if not row.state.has_ended]
            if not open_rows:
                break
            assert time.monotonic() < deadline, open_rows
            paused = [row.id for row in open_rows if row.state is UploadState.PAUSED]
            stopped = [
                row.id
                for row in open_rows
                if row.state in (UploadState.FAILED, UploadState.HELD) or row.next_try > time.time() + 1.0
            ]
            if paused:
                self.ask("resume", paused)
            if stopped:
                self.ask("retry", stopped)
            self.let_work(10)
        self.ask("close")
        self.process = None
        with self.store() as store:
            return {row.id: row for row in store.history("", 0, 1000)}

    def compare(self, rows: dict[str, Upload]) -> None:
        state = self.bench.control.state()
        titles = {upload.title for upload in self.added.values()}
        held = [entry for entry in state["attachments"] if entry["title"] in titles]
        left = " ".join(row.left_behind for row in rows.values())
        done = [row for row in rows.values() if row.state is UploadState.DONE]
        expected = Counter(
            (row.code, row.title, row.sha256, _owner_id(row)) for row in done if row.kind is UploadKind.FILE
        )
        found = Counter(
            (entry["code"], entry["title"], entry["sha256"], entry["owner"]["id"])
            for entry in held
            if entry["code"] not in left
        )
        assert found == expected, f"more: {found - expected}, less: {expected - found}"
        made = self.bench.runs() - self.runs_before
        runs = {row.code for row in done if row.kind is UploadKind.TEST_RUN}
        assert {run for run in made if run not in left} == runs, f"runs {made} instead of {runs}"
        parents = {row.id: row.code for row in done}
        for row in done:
            assert not row.parent or row.target.key == parents[row.parent], f"{row.name} is at a wrong run"
            assert row.sha256 == _sha256(Path(row.source))
        known = {storage_name(path_of_code(code)) for code in _codes(left)} | set(_codes(left))
        orphans = self.bench.orphans() - self.orphans_before
        assert orphans <= known, f"{orphans - known} are left behind unsaid"


def _owner_id(row: Upload) -> str:
    return row.target.label if row.target.kind is OwnerKind.COMPONENT else row.target.key


def _codes(left: str) -> list[str]:
    return [word.strip(",") for word in left.split() if len(word.strip(",")) == 32]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_sequences(info: dict[str, Any], folder: Path, count: int) -> int:
    """Run sequences; return how many have passed. The first that fails raises, and tells its steps."""
    bench = Bench(info, folder)
    try:
        run_state_machine_as_test(
            lambda: QueueMachine(bench),  # type: ignore[arg-type]  # any callable will do
            settings=settings(
                max_examples=count,
                stateful_step_count=15,
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
