"""The log of requests that `GET /_sandbox/log` shows: what came and what was answered, without any secret."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from itkgui.sandbox.wire.messages import Body

_MOST_ENTRIES = 10_000
_LONGEST_PATH = 500


@dataclass
class LogEntry:
    """One request; written by the thread that answers it, from the moment its head is there.

    Bytes are those of the bodies: of the request as far as it was read, of the answer as far as it was sent.
    """

    server: str
    method: str
    path: str
    status: int | None = None
    body: Body | None = None
    bytes_out: int = 0
    fault: str | None = None
    when: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    _start: float = field(default_factory=time.monotonic)
    _end: float | None = None

    def finish(self) -> None:
        self._end = time.monotonic()

    def __str__(self) -> str:
        told = self.as_json()
        fault = f" ({self.fault})" if self.fault else ""
        return f"{self.server} {self.method} {self.path}: {self.status} in {told['ms']} ms{fault}"

    def as_json(self) -> dict[str, Any]:
        """Return the entry: `status` is null if none was sent, `ms` in progress is the time so far."""
        end = time.monotonic() if self._end is None else self._end
        return {
            "time": self.when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "server": self.server,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "bytes_in": self.body.received if self.body else 0,
            "bytes_out": self.bytes_out,
            "ms": round(1000 * (end - self._start), 1),
            "fault": self.fault,
        }


class RequestLog:
    """The newest requests to all servers; safe to share between threads."""

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=_MOST_ENTRIES)
        self._lock = threading.Lock()

    def begin(self, server: str, method: str, path: str) -> LogEntry:
        """Add an entry. What has no readable head is logged with an empty method and path."""
        # Behind a "?" that was encoded by mistake there may be a token.
        entry = LogEntry(server, method, path.partition("?")[0][:_LONGEST_PATH])
        with self._lock:
            self._entries.append(entry)
        return entry

    def listed(self) -> list[dict[str, Any]]:
        """Return all entries, the newest last."""
        with self._lock:
            entries = list(self._entries)
        return [entry.as_json() for entry in entries]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
