"""One who asks one server through a cache, and what the tests of the cache have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.origins import Origin
from itkgui.client.response_cache import CacheUse, ResponseCache
from itkgui.client.session import Request, Session

if TYPE_CHECKING:
    from tests.unit.client.conftest import Script, ScriptedServer, Wire


DAY = timedelta(days=1)
NOW = timedelta(0)
FRESH: dict[str, Any] = {
    "cache_control": "max-age=60, private"
}  # what production sends with reads (API reference §1.4)

PART = {
    "id": "5dde2ada79bc5c000a61d580",
    "code": "7f633f626f5466b2a72c1be7cd4cb8bc",
    "serialNumber": "20UPGRA0000023",
    "alternativeIdentifier": 'odd "name"\n/ü',
}

OTHER = {
    "id": "5dde2ada79bc5c000a61d999",
    "code": "99933f626f5466b2a72c1be7cd4cb8bc",
    "serialNumber": "20UPGRA0000099",
    "alternativeIdentifier": None,
}


class Asker:
    """One user of one server with a cache; counts what really went over the wire."""

    def __init__(
        self, server: ScriptedServer, folder: Path, owner: str = "12-3456-1", **options: Any
    ) -> None:
        self.server = server
        self.session = Session(server.settings(read_timeout=options.pop("read_timeout", 5.0)))
        options = {"lifetime": None, "offline": None, "size_limit": 50_000_000, **options}
        self.cache = ResponseCache(folder, owner, Origin.of(server.url), **options)

    def get(self, command: str = "getThing", body: Any = None, **use: Any) -> Any:
        request = Request("GET", self.server.url + command, json=body, cache=CacheUse(self.cache, **use))
        return self.session.json(request)

    def response(
        self, command: str = "getThing", body: Any = None, headers: Any = None, **use: Any
    ) -> requests.Response:
        request = requests.Request("GET", self.server.url + command, json=body, headers=headers)
        return self.session.respond(request.prepare(), cache=CacheUse(self.cache, **use))

    @property
    def asked(self) -> int:
        return len(self.server.received)

    def close(self) -> None:
        self.session.close()
        self.cache.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "answers"


@pytest.fixture
def asker(folder: Path) -> Iterator[Callable[..., Asker]]:
    started: list[Asker] = []

    def start(server: ScriptedServer, *args: Any, **options: Any) -> Asker:
        started.append(Asker(server, folder, *args, **options))
        return started[-1]

    yield start
    for found in started:
        found.close()


def counting(wire: Wire, **headers: str) -> Script:
    """Answer each request with another number, and with what was asked."""
    numbers = iter(range(1, 1_000_000))
    return lambda request: wire.json({"number": next(numbers), "asked": request.json}, **(headers or FRESH))


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*")))


def expired(user: Asker) -> Any:
    """Fill the cache with an answer that is too old at once."""
    return user.get("getComponent", PART, expires_after=timedelta(microseconds=1))
