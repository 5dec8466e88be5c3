"""Scans in quick succession into the running program: each is told as it was; typing between them stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, RATE = 20, 150  # scans a minute


@pytest.mark.timeout(200)
def test_no_scan_is_lost_or_garbled(tmp_path: Path) -> None:
    figures = tmp_path / "scans.json"
    options = ["--minutes", str(SECONDS / 60), "--rate", str(RATE), "--json", str(figures)]
    command = [sys.executable, "-m", "tests.benchmarks.scans", *options]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {row["name"]: row["value"] for row in json.loads(figures.read_text("utf-8"))}
    assert found["scans"] == SECONDS * RATE / 60
    assert found["scans lost"] == found["scans garbled"] == 0
