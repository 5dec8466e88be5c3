from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import Caller


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess().start("--components", "2000") as process:
        yield process
    assert process.returncode == 0
    assert process.errors == ""


@pytest.fixture
def api(sandbox: SandboxProcess) -> Iterator[Caller]:
    with Caller(sandbox.info) as caller:
        yield caller
