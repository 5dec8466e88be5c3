"""Whatever happens, in whatever order: each file arrives once where it belongs, or the queue says why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.queue_machine import run_sequences

SEQUENCES = 50


@pytest.mark.alone
@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_misplaced_or_falsely_done(sandbox: SandboxProcess, tmp_path: Path) -> None:
    run_sequences(sandbox.info, tmp_path, int(os.environ.get("QUEUE_SEQUENCES", SEQUENCES)))
