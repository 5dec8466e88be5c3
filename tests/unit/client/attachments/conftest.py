"""Each test of attachments has an odd database, and a file to attach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.client.attachments.odd_database import OddDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


@pytest.fixture
def odd(wire: Wire) -> Iterator[OddDatabase]:
    found = OddDatabase(wire)
    yield found
    found.database.sign_out()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    return path
