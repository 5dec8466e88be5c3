"""Fixtures for all tests: what a test may touch, the sandbox's process, Qt and asyncio in one loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import itertools
import logging
import os
import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.log_watch import LogWatch
from tests.sandbox_fork import ForkedSandbox
from tests.sandbox_process import SandboxProcess

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from itkgui.settings import Settings
    from tests.gui.person import Person
    from tests.gui.regular import RegularProgram

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here is large; its threads spin at each start
os.environ["QT_API"] = "pyside6"  # qasync would otherwise look for other bindings

# What a user's shell may set, and what would change how the program and its servers behave.
_FOREIGN = re.compile(
    r"(ITKDB_.*|ITKGUI_.*|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_(FILE|DIR)|(https?|all|no)_proxy|NETRC|XDG_RUNTIME_DIR)",
    re.IGNORECASE,
)
_HOMES = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "TMPDIR": "temporary",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs(pattern): warnings in the log that match are expected")
    config.addinivalue_line("markers", 'program(which): "used" or "new", of the person in a test')
    for name in [name for name in os.environ if _FOREIGN.fullmatch(name)]:
        del os.environ[name]
    os.environ["ITKGUI_SITE_CONFIG"] = os.devnull  # this computer may have a site's file
    sys.addaudithook(_watch_network)
    gc.disable()  # for good, see pytest_runtest_teardown; the search for tests also ends a third earlier


def pytest_collection_finish() -> None:
    gc.freeze()  # the tests themselves: nobody need look through thousands of them again and again


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect garbage between tests and on their thread, as the program does between events.

    Python's own collector would also do it in the middle of a call that gathers widgets, and delete some.
    """
    for generation, count in reversed(tuple(enumerate(gc.get_count()))):
        if count > (10_000 if generation == 0 else 10):  # new objects, or rounds of the younger ones
            gc.collect(generation)
            return


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let what a test has printed and logged be sent to another process, also names that are no text."""
    report = yield
    report.sections = [
        (title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections
    ]
    return report


# What a test may touch -------------------------------------------------------------------------------------


# Numbered by ourselves: pytest looks through the folders of all earlier tests for a number that is free.
_numbers = itertools.count()
_untouched: list[Path] = []  # places that a test had and left empty; the next may have them


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Give a test a folder of its own, which lasts."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{next(_numbers)}_{name}"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def own_environment(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Give each test an empty home, and an environment that leads there; yield the home."""
    base = _untouched.pop() if _untouched else tmp_path_factory.getbasetemp() / f"own_{next(_numbers)}"
    owned = (base / "home", base / "temporary")
    for folder in owned:
        folder.mkdir(parents=True, exist_ok=True)
    for name, place in _HOMES.items():
        monkeypatch.setenv(name, f"{base}/{place}")
    yield owned[0]
    if not any(any(folder.iterdir()) for folder in owned):
        _untouched.append(base)


_refused: list[str] = []


def _watch_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection, and every look-up, that leads off this computer."""
    if event == "socket.connect":
        if arguments[0].type == socket.SOCK_DGRAM:
            return  # this only asks the system for a way, and sends nothing
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    if host and not _is_this_computer(str(host)):
        _refused.append(f"{event} {host}")
        raise PermissionError(f"tests stay on this computer: {event} {host}")


def _is_this_computer(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".invalid")):  # by RFC 6761 nobody's
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_foreign_network() -> Iterator[None]:
    """Fail a test that tried to talk to another computer."""
    _refused.clear()
    yield
    assert not _refused, f"the test tried to leave this computer: {_refused}"


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Fail a test that leaves a thread running; a thread that is about to end gets a moment."""
    from tests.gui.regular import RegularProgram

    before = set(threading.enumerate())
    yield
    if RegularProgram.is_running():
        return  # which looks at its threads when it ends
    deadline = time.monotonic() + 20
    for thread in _started_since(before):
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in _started_since(before)]
    assert not left, f"threads left running: {left}"


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]


@pytest.fixture(autouse=True)
def log_watch(request: pytest.FixtureRequest) -> Iterator[LogWatch]:
    """Fail a test that logs a warning or worse, unless it expects it, or looks at the log itself (caplog)."""
    watch = LogWatch()
    for marker in request.node.iter_markers("logs"):
        watch.expected += marker.args
    root = logging.getLogger()
    root.addHandler(watch)
    yield watch
    root.removeHandler(watch)
    if "caplog" not in request.fixturenames:
        assert not watch.unexpected, f"unexpected in the log: {watch.unexpected}"


# The sandbox -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """The sandbox that the tests of a file share; what one test attaches, another may see."""
    with ForkedSandbox().start() as process:
        yield process


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., SandboxProcess]]:
    """Start sandboxes of the test's own, which it may stop or kill."""
    started: list[SandboxProcess] = []

    def start(*options: str) -> SandboxProcess:
        started.append(ForkedSandbox().start(*options))
        return started[-1]

    yield start
    for process in started:
        process.stop()


# Qt and asyncio --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """What Qt is started with, as by the program."""
    from itkgui.views.style import QT_ARGUMENTS

    return ["itkgui", *QT_ARGUMENTS]


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Wait, and press keys, with the patience that a busy computer needs."""
    from tests.patient_bot import PatientBot

    return PatientBot(request)


# Not given to the garbage collector, which may run on a thread of a later test: a loop's timers are Qt's, and
# some may still be going to fire.
_ended_loops: list[asyncio.AbstractEventLoop] = []


@pytest.fixture
def event_loop_of_qt(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """One loop for Qt and asyncio, marked as running: tasks go on whenever ``qtbot`` waits.

    At the end every task is cancelled and has ended.
    """
    from tests.gui.regular import RegularProgram

    RegularProgram.end_running()
    with _loop_of_qt(qapp) as loop:
        yield loop


@contextlib.contextmanager
def _loop_of_qt(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    import qasync

    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    asyncio.events._set_running_loop(loop)
    yield loop
    for task in asyncio.all_tasks(loop):
        task.cancel()
    deadline = time.monotonic() + 20
    while asyncio.all_tasks(loop) and time.monotonic() < deadline:
        qapp.processEvents()
    left = asyncio.all_tasks(loop)
    asyncio.events._set_running_loop(None)
    loop.set_exception_handler(None)  # it is the program's, which would stay with the loop
    loop.close()
    _ended_loops.append(loop)
    asyncio.set_event_loop(None)
    assert not left, f"tasks left running: {left}"


# The program -----------------------------------------------------------------------------------------------

_ended_programs = itertools.count(1)


def settings_for(process: SandboxProcess, **changes: Any) -> Settings:
    """Return settings that lead to a sandbox, its access codes included; nothing waits to be taken back."""
    from itkgui.embedded_sandbox import sandbox_settings
    from itkgui.settings import Settings

    return replace(sandbox_settings(Settings(), process.info), **({"undo_seconds": 0.0} | changes))


@pytest.fixture
def start_program(
    qtbot: QtBot, qapp: QApplication, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> Iterator[Callable[..., Person]]:
    """Start the program in this process, as the command line does, and end it after the test."""
    with _programs(qtbot, qapp, event_loop_of_qt, tmp_path / "data") as start:
        yield start


@contextlib.contextmanager
def _programs(
    qtbot: QtBot, qapp: QApplication, loop: asyncio.AbstractEventLoop, folder: Path
) -> Iterator[Callable[..., Person]]:
    from PySide6.QtGui import QFont, QFontDatabase

    from itkgui.application import Application, Options
    from tests.configured import configured
    from tests.gui.person import Person

    people: list[Person] = []

    def start(settings: Settings, *, at_home: bool = False, **asked: Any) -> Person:
        place = None if at_home else folder
        program = Application(Options(configured(settings, place), **asked), qapp)
        person = Person(qtbot, program, loop.create_task(program.run()))
        people.append(person)
        person.until(program.window.isVisible, "the window")
        return person

    yield start
    for person in people:
        person.end()
        assert person.run.result() == 0
        assert not person.program.faults, person.program.faults
        person.program.style.deleteLater()
    QFontDatabase.removeAllApplicationFonts()
    # Qt keeps what stands in for a font that is gone, and the next program's would be the same to it.
    qapp.setFont(QFont("Sans Serif"))
    # A program that starts has the collector look through everything, and its end undoes what is frozen.
    # Among thousands of tests that takes longer than the start: what they leave is collected now and then.
    if next(_ended_programs) % 10 == 0:
        gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def regular_program(
    sandbox: SandboxProcess,
    qapp: QApplication,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RegularProgram]:
    """The program that those tests of a file share which may."""
    from tests.gui.regular import RegularProgram
    from tests.patient_bot import PatientBot

    @contextlib.contextmanager
    def run() -> Iterator[Person]:
        folder = tmp_path_factory.mktemp("used")
        with _loop_of_qt(qapp) as loop, _programs(PatientBot(request), qapp, loop, folder) as start:
            found = start(settings_for(sandbox))
            found.sign_in()
            yield found

    program = RegularProgram(run)
    yield program
    program.end()


@pytest.fixture
def person(sandbox: SandboxProcess, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody signed in to the shared sandbox.

    Where ``program("used")`` is marked, they have been since an earlier test of the file, and have tidied up
    after it: what such tests prove holds there too, and to start a program takes longer than most of them.
    """
    mark = request.node.get_closest_marker("program")
    if mark is not None and mark.args == ("used",):
        regular: RegularProgram = request.getfixturevalue("regular_program")
        failed = request.session.testsfailed
        yield regular.person
        if request.session.testsfailed > failed:
            regular.end()  # who knows what it left
        else:
            regular.tidy()
        return
    start: Callable[..., Person] = request.getfixturevalue("start_program")
    found = start(settings_for(sandbox))
    found.sign_in()
    yield found


@pytest.fixture
def labtools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install a package with plug-ins for this test alone; yield the folder to look for it in."""
    from itkgui.decoding import plugins

    site = tmp_path / "site"
    facts = site / "labtools-1.0.dist-info"
    facts.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("labtools.py"), site)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: labtools\nVersion: 1.0\n")
    points = f"[{plugins.VIEWERS}]\nmpx = labtools:show\n[{plugins.READERS}]\nmpx = labtools:read\n"
    (facts / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(site)  # which processes that decode start with, too
    yield site
    plugins.allow(())
