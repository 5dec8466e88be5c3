"""Forks sandboxes from a process that has loaded their code, which takes longer than to start one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from tests.forking import can_fork, forking
from tests.sandbox_process import SandboxProcess

_context = forking("itkgui.sandbox.__main__") if can_fork() else None


class ForkedSandbox(SandboxProcess):
    """A sandbox that starts soon, where processes can be forked; its command line is looked at by others."""

    def _begin(self, arguments: Sequence[str]) -> Any:
        return super()._begin(arguments) if _context is None else _Forked(arguments)


class _Forked:
    """As much of ``subprocess.Popen`` as there is use for."""

    def __init__(self, arguments: Sequence[str]) -> None:
        assert _context is not None
        their_input, our_input = _context.Pipe(duplex=False)
        our_output, their_output = _context.Pipe(duplex=False)
        our_errors, their_errors = _context.Pipe(duplex=False)
        theirs = (their_input, their_output, their_errors)
        self._process = _context.Process(
            target=_serve, args=(arguments, dict(os.environ), theirs), name="sandbox", daemon=True
        )
        self._process.start()
        for stream in theirs:
            stream.close()
        self._input = our_input
        self.stdout, self._errors = _text_of(our_output), _text_of(our_errors)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end. Raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("sandbox", timeout or 0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Close its input, wait for its end, and return what it has said since. Raises TimeoutExpired."""
        self._input.close()
        self.wait(timeout)
        with self.stdout, self._errors:
            return self.stdout.read(), self._errors.read()


def _text_of(pipe: Connection) -> Any:
    text = os.fdopen(os.dup(pipe.fileno()), encoding="utf-8")
    pipe.close()
    return text


def _serve(arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[Connection]) -> None:
    """Be a sandbox in the present environment, not in that of the first one."""
    from itkgui.sandbox.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.argv = ["itkgui.sandbox", *arguments]
    sys.exit(main())
