"""Whatever happens, in whatever order: each file arrives once where it belongs, or the queue says why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.queue_machine import run_sequences

SEQUENCES, STEPS = 50, 5  # a night has more of both: tests.benchmarks.soak


@pytest.mark.alone
@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_misplaced_or_falsely_done(sandbox: SandboxProcess, tmp_path: Path) -> None:
    count = int(os.environ.get("QUEUE_SEQUENCES", SEQUENCES))
    assert run_sequences(sandbox.info, tmp_path, count, STEPS) >= count
