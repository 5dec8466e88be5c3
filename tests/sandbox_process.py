"""Runs the sandbox as what it is, a process of its own, for the tests that need one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any

_PATIENCE = 30.0

# Photographs of twelve megapixels, which the sandbox takes a second each to make, for each of its processes.
LARGE_PHOTOS = frozenset({"DSC_4711.JPG", "bonds_full.jpg", "IMG_0412.JPG"})


class SandboxProcess:
    """One sandbox; `info` is its announcement, `errors` its standard error once it has stopped."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {}
        self.errors = ""
        self.returncode: int | None = None
        self._process: Any = None

    @property
    def process(self) -> Any:
        assert self._process is not None, "the sandbox was not started"
        return self._process

    def start(self, *arguments: str) -> SandboxProcess:
        self._process = self._begin(("--port", "0", "--until-stdin-closes", *arguments))
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the sandbox did not start: {self._process.communicate()[1]}")
        self.info = json.loads(line)
        return self

    def _begin(self, arguments: Sequence[str]) -> Any:
        """Start a process, with as much of ``subprocess.Popen`` as is used here."""
        return subprocess.Popen(
            [sys.executable, "-m", "itkgui.sandbox", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def stop(self) -> None:
        """Close its standard input, which ends it, and keep what it said and returned."""
        if self._process is None or self.returncode is not None:
            return
        try:
            self.errors = self._process.communicate(timeout=_PATIENCE)[1]
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.errors = self._process.communicate()[1]
            raise
        self.returncode = self._process.returncode

    def __enter__(self) -> SandboxProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
