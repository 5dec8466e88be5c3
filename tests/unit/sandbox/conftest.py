"""One sandbox for the tests of a file, and one client for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox_fork import ForkedSandbox
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import Caller


@pytest.fixture(scope="module")
def options() -> tuple[str, ...]:
    """The options of the sandbox that the tests of a file share; a file may have its own."""
    return ("--components", "2000")


@pytest.fixture(scope="module")
def sandbox(options: tuple[str, ...]) -> Iterator[SandboxProcess]:
    with ForkedSandbox().start(*options) as process:
        yield process
    assert process.returncode == 0
    assert process.errors == ""


@pytest.fixture
def api(sandbox: SandboxProcess) -> Iterator[Caller]:
    with Caller(sandbox.info) as caller:
        yield caller
