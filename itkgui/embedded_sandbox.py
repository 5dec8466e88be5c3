"""Starts the sandbox as a process of its own, and tells how to reach it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from itkgui.paths import scratch_folder
from itkgui.settings import Settings


class SandboxNotStarted(RuntimeError):
    """The sandbox was stopped, its process ended, or it said something else than its address."""


class EmbeddedSandbox:
    """One sandbox process, which ends with this one: it watches its standard input.

    All that it writes lies in ``folder`` while it runs. It has ``patience`` seconds to end by itself. Methods
    block. Once stopped, it is not started again. ``on_end`` is called, by a thread of its own, if the process
    ends though nobody stopped it; what it left is then still to be stopped.
    """

    def __init__(
        self, folder: Path, patience: float = 20.0, on_end: Callable[[], object] | None = None
    ) -> None:
        self._folder = folder
        self._on_end = on_end
        self._watcher: threading.Thread | None = None
        self._patience = patience
        self._lock = threading.Lock()
        self._is_stopped = False
        self._storage: Path | None = None
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> dict[str, Any]:
        """Start it and return what it says of itself. Raises SandboxNotStarted."""
        with self._lock:  # whoever stops it meanwhile finds the process
            if self._is_stopped:
                raise SandboxNotStarted("the sandbox was stopped before it was started")
            self._storage = scratch_folder(self._folder, "uploads")
            command = [sys.executable, "-m", "itkgui.sandbox", "--until-stdin-closes"]
            process = self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*command, "--storage", str(self._storage)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        line = ""
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            described = json.loads(line)
        except ValueError:  # also when another thread has stopped it, and closed the pipe
            described = None
        if self._is_stopped:
            raise SandboxNotStarted("the sandbox was stopped while it started")
        if not isinstance(described, dict):
            self.stop()
            raise SandboxNotStarted(f"the sandbox said {line!r} instead of its address")
        with self._lock:
            if not self._is_stopped and self._on_end is not None:
                self._watcher = threading.Thread(
                    target=self._watch, args=(process, self._on_end), name="sandbox-watcher"
                )
                self._watcher.start()
        return described

    def _watch(self, process: subprocess.Popen[str], on_end: Callable[[], object]) -> None:
        process.wait()
        with self._lock:
            is_wanted = self._is_stopped
        if not is_wanted:
            on_end()

    def stop(self) -> None:
        """End it, from any thread; does nothing if it was never started."""
        with self._lock:
            self._is_stopped = True
            process, self._process = self._process, None
            storage, self._storage = self._storage, None
            watcher, self._watcher = self._watcher, None
        if process is not None:
            self._end(process)
        if watcher is not None:
            watcher.join()
        if storage is not None:  # its records are gone with it, so its bytes are of no use
            shutil.rmtree(storage, ignore_errors=True)

    def _end(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=self._patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def sandbox_settings(settings: Settings, described: dict[str, Any]) -> Settings:
    """Return settings that lead to a sandbox, its access codes included."""
    eos = urlsplit(described["eos_url"])
    return replace(
        settings,
        api_url=described["api_url"],
        auth_url=described["auth_url"],
        access_code1=described["access_code1"],
        access_code2=described["access_code2"],
        eos_hosts=(eos.netloc,),
        # Its storage node has a port of its own, as the real ones have.
        eos_redirect_hosts=(str(eos.hostname),),
    )
