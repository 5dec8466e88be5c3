"""Waits for what a test needs as long as a computer may take that is busy with something else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pytestqt.exceptions import TimeoutError as TookTooLong
from pytestqt.qtbot import QtBot

PATIENCE_MS = 30_000  # after which a test gives up


class PatientBot(QtBot):
    """The bot of pytest-qt, which here looks sooner for what it waits for, and gives up later."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        """Handle events until a callback returns something true, or None without an AssertionError."""
        deadline = time.monotonic() + timeout / 1000
        while True:
            missing: AssertionError | None = None
            try:
                found = callback()
            except AssertionError as error:
                missing = error
            else:
                if found or found is None:
                    return
            if time.monotonic() > deadline:
                raise TookTooLong(f"not so after {timeout} ms") from missing
            self.wait(2)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)
