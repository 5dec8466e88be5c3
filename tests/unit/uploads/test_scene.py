"""The scenes of the state machine come to a fair end: what it finds there is the program's fault."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui.records.attachment import Storage
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.bench import Bench
from tests.unit.uploads.mishaps import LATE
from tests.unit.uploads.scene import BESIDE, HERE, TIMING, Scene

pytestmark = [pytest.mark.alone, pytest.mark.timeout(120)]


@pytest.fixture
def scene(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[Scene]:
    bench = Bench(sandbox.info, tmp_path)
    with contextlib.closing(bench):
        found = Scene(bench)
        try:
            yield found
        finally:
            found.end()


def test_whoever_sends_is_signed_in_again_at_the_end(scene: Scene) -> None:
    scene.start(BESIDE)
    scene.ask(BESIDE, "go_on")  # it is open, and sends what is added by whomever
    scene.start(HERE)
    scene.bench.control.fail("POST *createComponentAttachment", "status", status=401, times=2)
    scene.add(HERE, scene.files(1, 0, Storage.FILE, 300))
    wait(scene, lambda: any(row.trouble for row in scene.rows_on_disk(HERE)))
    begun = time.time()
    scene.finish()
    (row,) = scene.rows_on_disk(HERE)
    assert row.ended - begun < TIMING.session_pause / 3, "it was not asked, and looked by itself"


def test_late_bytes_come_before_their_entry_goes_even_if_the_computer_is_slow(scene: Scene) -> None:
    scene.start(HERE)
    slow = round(max(LATE) * 3)
    scene.bench.control.fail("PUT /eos/*", "drop_then_commit", ms=slow, times=3)  # so often it is repeated
    scene.add(HERE, scene.files(1, 0, Storage.EOS, 300))
    wait(scene, lambda: not scene.bench.control.turns_left())
    scene.finish()


def wait(scene: Scene, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < deadline, scene.rows_on_disk(HERE)
        scene.let_work(10)
