"""Speaks with the control paths of the sandbox: faults, and what is truly stored."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

import requests

_TIMEOUT = 30.0


class Control:
    """The sandbox as its operator sees it; leaves no fault behind."""

    def __init__(self, api_url: str) -> None:
        self._base = f"{api_url}_sandbox/"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Control:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._session:
            self.clear()

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._send("DELETE", "faults")

    def fail(self, match: str, do: str, **details: Any) -> None:
        """Set one rule, which holds once unless `times` says otherwise."""
        self._send("POST", "faults", json=[{"match": match, "do": do, "times": 1} | details])

    def forget(self) -> None:
        """Empty the log."""
        self._send("DELETE", "log")

    def let_rest(self) -> None:
        """Wait until no request is under way any more that met a fault, since the log was emptied."""
        deadline, before = time.monotonic() + _TIMEOUT, None
        while (now := [entry for entry in self.told("log") if entry["fault"]]) != before:  # its time goes on
            assert time.monotonic() < deadline, now
            before = now
            time.sleep(0.002)

    def turns_left(self) -> int:
        """Return how often the rules may still act."""
        return sum(rule["left"] for rule in self.told("faults"))

    def told(self, path: str) -> Any:
        """Return what the sandbox tells of its faults, its state or its log."""
        return self._send("GET", path).json()

    def state(self) -> dict[str, Any]:
        state = self.told("state")
        assert isinstance(state, dict)
        return state

    def stored(self, code: str) -> dict[str, Any] | None:
        """Return what is truly stored for an attachment: its owner, title, type, size and SHA-256."""
        return next((entry for entry in self.state()["attachments"] if entry["code"] == code), None)

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        response = self._session.request(method, self._base + path, timeout=_TIMEOUT, **options)
        assert response.ok, response.text
        # An unknown path of the API answers with a web page and status 200.
        assert "html" not in response.headers.get("Content-Type", ""), f"no control path {path}"
        return response
