"""Fixtures for the tests that let the real itkdb package, and this project's own, work with the sandbox.

Each test runs for both, ids "itkdb" and "itkgui". Where ours does better on purpose, the test asks
``is_own`` and says in words what is better.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.interop import parts
from tests.interop.control import Control
from tests.interop.files import Owner
from tests.interop.real_names import RealNames
from tests.sandbox_fork import ForkedSandbox
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP

# packaging/test.sh installs itkdb, and stops where it cannot; an environment without it tries ours alone.
_REFERENCE = ["itkdb"] if find_spec("itkdb") else []
collect_ignore = [] if _REFERENCE else ["test_command_line.py"]

_PATIENCE = 60.0
_ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        is_here = Path(__file__).parent in item.path.parents
        if is_here and "[itkgui" not in item.name:  # itkdb leaves its files to the garbage collector
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(scope="module", autouse=True)
def left_files() -> Iterator[None]:
    """Let go of the files that itkdb leaves to the garbage collector, before other tests are blamed."""
    yield
    with warnings.catch_warnings():  # or the last test of the file, which may be ours, is blamed
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxProcess]:
    with ForkedSandbox().start("--components", "1000") as process:
        yield process
    assert process.returncode == 0
    assert process.errors == ""


@pytest.fixture(scope="session")
def names(sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealNames]:
    proxy = RealNames(sandbox.info, tmp_path_factory.mktemp("names"))
    yield proxy
    proxy.close()


@pytest.fixture(
    scope="session", params=[*_REFERENCE, "itkgui.itkdb"], ids=lambda name: name.partition(".")[0]
)
def package(request: pytest.FixtureRequest) -> Any:
    """The package that a script imports: the real itkdb, or ours."""
    importlib.import_module(f"{request.param}.models.component")
    return importlib.import_module(request.param)


@pytest.fixture
def is_own(package: Any) -> bool:
    """Whether the test is about our package, which does better in what the test then says."""
    return bool(package.__name__ != "itkdb")


@pytest.fixture(autouse=True)
def at_a_desk(
    names: RealNames, own_environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set the environment of somebody behind the proxy, in a folder of their own for .webcache and .auth."""
    monkeypatch.chdir(tmp_path)
    for name, value in names.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def control(sandbox: SandboxProcess) -> Iterator[Control]:
    with Control(sandbox.info["api_url"]) as opened:
        yield opened


@pytest.fixture
def user(package: Any, sandbox: SandboxProcess) -> Any:
    """Somebody with the sandbox's access codes who has not signed in yet."""
    info = sandbox.info
    return package.core.User(info["access_code1"], info["access_code2"], prefix_url=info["auth_url"])


@pytest.fixture
def make_client(package: Any, sandbox: SandboxProcess, user: Any) -> Iterator[Callable[..., Any]]:
    """Make clients; without a cache unless one is asked for, so that a test sees what it wrote."""
    made = []

    def make(**options: Any) -> Any:
        settings: dict[str, Any] = {"user": user, "prefix_url": sandbox.info["api_url"], "cache": False}
        made.append(package.Client(**(settings | options)))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., Any]) -> Any:
    return make_client()


@pytest.fixture
def eos_client(make_client: Callable[..., Any]) -> Any:
    return make_client(use_eos=True)


@pytest.fixture
def session(package: Any, sandbox: SandboxProcess, user: Any) -> Iterator[Any]:
    """The layer below a client: its answers are those of requests, and it leaves EOS to whoever uses it."""
    with package.core.Session(user=user, prefix_url=sandbox.info["api_url"], cache=False) as opened:
        yield opened


@pytest.fixture
def said(package: Any, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return the warnings of the package so far; a test without this must not cause any."""
    speaker = package.__name__.partition(".")[0]
    return lambda: [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(speaker) and record.levelno >= logging.WARNING
    ]


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(sandbox: SandboxProcess, tmp_path: Path) -> Run:
    """Run a program of the environment, such as ``itkdb``, in the test's folder and with the access codes.

    Its addresses are those of the real servers, unless the test sets others.
    """

    def start(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        codes = {f"ITKDB_ACCESS_CODE{number}": sandbox.info[f"access_code{number}"] for number in (1, 2)}
        return subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(_ROOT)} | codes | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=False,
        )

    return start


@pytest.fixture
def trusting_package(names: RealNames, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a folder for PYTHONPATH with itkdb as installed, but for the authorities it trusts for EOS.

    Its uploads to EOS trust the file data/CERN_chain.pem of the package alone, whatever the environment
    says. No authority of CERN signs for the sandbox, so a copy of the package has another one in that file;
    its code is as it came.
    """

    def copy(authority: str) -> str:
        import itkdb

        folder = tmp_path_factory.mktemp("trusting")
        shutil.copytree(Path(itkdb.__file__).parent, folder / "itkdb")
        with (folder / "itkdb" / "data" / "CERN_chain.pem").open("a", encoding="ascii") as chain:
            chain.write("\n" + Path(authority).read_text("ascii"))
        return str(folder)

    return copy


@pytest.fixture(params=["component", "testRun", "shipment"])
def owner(request: pytest.FixtureRequest, client: Any) -> Owner:
    """Something that files can be attached to, of each kind."""
    if request.param == "component":
        return Owner("component", client.get("getComponent", json={"component": LONG_STRIP})["code"])
    if request.param == "testRun":
        tests = client.get("getComponent", json={"component": LONG_STRIP})["tests"]
        runs = [run["id"] for test in tests for run in test["testRuns"] if run["state"] == "ready"]
        return Owner("testRun", runs[0])
    return Owner("shipment", parts.ship(client, [parts.register_module(client)])["id"])
