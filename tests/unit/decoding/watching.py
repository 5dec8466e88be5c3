"""Watches the processes of decoders, and waits for what happens in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 30.0  # seconds after which a test gives up


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def started(work: Callable[[], None], note: Path) -> threading.Thread:
    """Return the thread of some work that has left its note."""
    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: note.exists() and note.read_text())
    return thread


def processes() -> set[int]:
    """Return the decoders' processes, not the one by which Python watches over them."""
    return {p.pid for p in psutil.Process().children() if any("spawn_main" in word for word in p.cmdline())}


def is_alive(pid: int) -> bool:
    """Tell whether any thread of a process still is; what has ended may wait to be noticed."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
    except psutil.NoSuchProcess:
        return False
