"""A shell in which the commands for the queue are given, and what the server has then."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from tests.sandbox_process import SandboxProcess

PIXEL, OTHER = "20UPGM23800001", "20USBML0000001"
PATIENCE = 30.0
PNG = b"\x89PNG\r\n\x1a\n"


class Shell:
    """Starts commands on a data folder with the environment of a script; ends what is left running."""

    def __init__(self, sandbox: SandboxProcess, folder: Path) -> None:
        info = sandbox.info
        self.folder = folder
        self.data = folder / "data"
        self.url = info["api_url"]
        self.environment = {
            "ITKDB_API_URL": info["api_url"],
            "ITKDB_AUTH_URL": info["auth_url"],
            "ITKDB_ACCESS_CODE1": info["access_code1"],
            "ITKDB_ACCESS_CODE2": info["access_code2"],
        }
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str, data: Path | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-m", "itkgui", *arguments]
        self._started.append(
            subprocess.Popen(
                [*command, "--data-dir", str(data or self.data)],
                env=os.environ | self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
        )
        return self._started[-1]

    def run(self, *arguments: str, data: Path | None = None) -> tuple[int, str, str]:
        """Return exit code, standard output and standard error of a command that has ended."""
        process = self.start(*arguments, data=data)
        out, err = process.communicate(timeout=2 * PATIENCE)
        assert "Traceback" not in err, err
        return process.returncode, out, err

    def json(self, *arguments: str, data: Path | None = None) -> dict[str, Any]:
        code, out, err = self.run(*arguments, "--json", data=data)
        told: dict[str, Any] = json.loads(out)
        assert told["code"] == code
        assert err == ""
        return told

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def let_time_pass(self) -> None:
        """Let the five minutes be over in which what was sent may still come."""
        (path,) = self.data.rglob("queue.sqlite3")
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE uploads SET unclear_until = 1, next_try = 0 WHERE unclear_until > 0")

    # The server --------------------------------------------------------------------------------------------

    def fail(self, **rule: Any) -> None:
        requests.post(f"{self.url}_sandbox/faults", json=[rule], timeout=PATIENCE).raise_for_status()

    def heal(self) -> None:
        requests.delete(f"{self.url}_sandbox/faults", timeout=PATIENCE).raise_for_status()

    def until_failing(self) -> None:
        """Wait until each fault has begun to act as often as it was to."""

        def acts() -> bool:
            rules = requests.get(f"{self.url}_sandbox/faults", timeout=PATIENCE).json()
            return all(rule.get("left") == 0 for rule in rules)

        until(acts, "the fault")

    def held(self, *paths: Path) -> None:
        """Check that the server holds each file once, with its bytes."""
        state = requests.get(f"{self.url}_sandbox/state", timeout=PATIENCE).json()
        for path in paths:
            same = [entry for entry in state["attachments"] if entry["title"] == path.name]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert [(entry["size"], entry["sha256"]) for entry in same] == [(path.stat().st_size, digest)]

    def titles(self) -> list[str]:
        state = requests.get(f"{self.url}_sandbox/state", timeout=PATIENCE).json()
        return [entry["title"] for entry in state["attachments"]]


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for {what}"
        time.sleep(0.02)


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]
