"""Fixtures for the tests of the tables of records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from tests.unit.item_models.parts import COLUMNS, Parts


@pytest.fixture
def table() -> Iterator[Parts]:
    """Return an empty table; what Qt's tester finds wrong with it fails the test as a warning of Qt."""
    found = Parts(COLUMNS)
    tester = QAbstractItemModelTester(found, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield found
    del tester
