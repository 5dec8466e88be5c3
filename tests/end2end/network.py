"""The network between a program and its sandbox, which a test cuts and mends."""

from __future__ import annotations

from typing import Any

import requests

from tests.sandbox_process import SandboxProcess

API = {"match": "* /*", "server": "api", "times": None}


class Network:
    """Obstacles for what asks the database; each takes the place of the one before."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self._api = sandbox.info["api_url"]

    def put(self, *rules: dict[str, Any]) -> None:
        """Let the sandbox misbehave by these rules (itkgui.sandbox.wire.faults), and no others."""
        self.mend()
        assert requests.post(f"{self._api}_sandbox/faults", json=list(rules), timeout=10).ok

    def cut(self) -> None:
        """Let no answer come."""
        self.put({**API, "do": "reset"})

    def mend(self) -> None:
        assert requests.delete(f"{self._api}_sandbox/faults", timeout=10).ok

    def asked(self) -> int:
        """Return how many requests the database has been sent since this was last asked."""
        entries = requests.get(f"{self._api}_sandbox/log", timeout=10).json()
        assert requests.delete(f"{self._api}_sandbox/log", timeout=10).ok
        return len(entries)
