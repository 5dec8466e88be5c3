"""A thread of its own for what may hang and must hold nobody up, such as a port or a drive of the network."""

from __future__ import annotations

import threading

_JOIN = 0.5  # seconds that the end may take; some ports and drives do not answer for minutes, or ever


class Lookout:
    """Looks, in ``_run`` of whoever is one, until ``_stopped`` is set. Used once."""

    def __init__(self, name: str) -> None:
        self._stopped = threading.Event()
        # A daemon: the program must end though what it waits for never comes back.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let it end; from now on nothing is told."""
        self._stopped.set()

    def join(self) -> None:
        """Wait until it has ended, a moment at most."""
        self._thread.join(_JOIN)

    def _run(self) -> None:
        raise NotImplementedError
