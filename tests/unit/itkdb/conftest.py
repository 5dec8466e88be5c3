"""Sessions and clients of scripts, with servers whose answers a test writes byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from itkgui import itkdb
from tests.unit.client.conftest import Provider, ScriptedServer, provider, wire

__all__ = ["Provider", "provider", "wire"]  # fixtures of the core's tests

Connect = Callable[..., itkdb.Client]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing that a script leaves in its working directory stay there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make clients of a scripted server, with a token from elsewhere and without a cache unless told."""
    made: list[itkdb.Client] = []

    def client_of(server: ScriptedServer, **options: Any) -> itkdb.Client:
        given: dict[str, Any] = {"user": itkdb.core.UserBearer("token.of.somebody"), "cache": False}
        made.append(itkdb.Client(prefix_url=server.url, **(given | options)))
        return made[-1]

    yield client_of
    for client in made:
        client.close()
