"""Fixtures for the tests of the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui.uploads.spool import Spool
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.computers import ME, Computer


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Callable[..., Computer]]:
    made: list[Computer] = []

    def make(name: str, person: str = ME) -> Computer:
        folder = tmp_path / name
        store = UploadStore(folder / "queue", person)
        made.append(Computer(folder, store, Spool(folder / "queue" / "spool")))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def here(computer: Callable[..., Computer]) -> Computer:
    return computer("here")


@pytest.fixture
def there(computer: Callable[..., Computer]) -> Computer:
    return computer("there")
