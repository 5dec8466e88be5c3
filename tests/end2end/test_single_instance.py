"""One window for each user and data folder: every start is a process of its own, as a desktop makes it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui.single_instance import MeetingPlace, Wish
from itkgui.views.login_view import OTHER, SANDBOX
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by POSIX signals")

PIXEL, STRIP, THIRD, FOURTH = "20UPGM23800001", "20USBML0000001", "20UPGM23800002", "20UPGM23800003"
LISTENS, MUTE = "later starts find this window", "running but does not answer"
_PATIENCE = 30.0

Condition = Callable[[], object]


class Start:
    """One start of the program; what it says goes to files, as nobody reads it while it runs."""

    def __init__(self, folder: Path, *arguments: str, python_options: tuple[str, ...] = ()) -> None:
        self._out, self._err = folder / "out", folder / "err"
        folder.mkdir()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", *python_options, "-m", "itkgui", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def log(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def asked_for(self) -> list[str]:
        """What later starts have asked this one for."""
        return re.findall(r"a later start asks for (.+)", self.log)

    def until(self, condition: Condition, what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"still waiting for {what}; said: {self.log}"
            time.sleep(0.01)

    def until_listening(self) -> Start:
        self.until(lambda: LISTENS in self.log, "the window")
        return self

    def ended(self) -> int:
        """Wait until it has ended; return its exit code."""
        return self.process.wait(_PATIENCE)

    def send(self, name: str) -> None:
        self.process.send_signal(getattr(signal, name))

    def close(self) -> None:
        """End it, in order if it runs well, and check that it was well."""
        if self.process.poll() is None:
            self.send("SIGCONT")
            self.send("SIGTERM")
            try:
                assert self.ended() == 0, self.log
            finally:
                self.process.kill()
        assert "Traceback" not in self.log, self.log


@pytest.fixture
def runtime(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the system gives the user for sockets; the programs have no display."""
    folder = own_environment.parent / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return folder / "itkgui"


@pytest.fixture
def start(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Start]]:
    """Start the program on one data folder, if no other is given."""
    started: list[Start] = []

    def begin(*arguments: str, python_options: tuple[str, ...] = ()) -> Start:
        if "--data-dir" not in arguments:
            arguments = ("--data-dir", str(tmp_path / "data"), *arguments)
        folder = tmp_path / f"start-{len(started)}"
        started.append(Start(folder, *arguments, python_options=python_options))
        return started[-1]

    yield begin
    for one in reversed(started):
        one.close()


@pytest.fixture
def place(runtime: Path, tmp_path: Path) -> Iterator[MeetingPlace]:
    """Where a window in this process is found by starts with the same data folder."""
    with MeetingPlace(runtime, tmp_path / "data" / "state") as found:
        yield found


def sockets(runtime: Path) -> list[Path]:
    return [path for path in runtime.iterdir() if path.suffix != ".lock"]


def answered(person: Person, later: Start) -> int:
    """Wait for a start that the window of this process answers; return its exit code."""
    person.until(lambda: later.process.poll() is not None, "the answer")
    return later.ended()


# What a second start does ----------------------------------------------------------------------------------


def test_second_start_is_handed_over_at_once_and_loads_neither_widgets_nor_plots(
    start: Callable[..., Start],
) -> None:
    first = start().until_listening()
    waited, worked = [], []
    for link in (PIXEL, f"itkgui:{STRIP}", f"itkgui://{THIRD.lower()}/"):
        began, used = time.perf_counter(), os.times()
        assert start(link).ended() == 0
        now = os.times()
        waited.append(time.perf_counter() - began)
        worked.append(now.children_user - used.children_user + now.children_system - used.children_system)
    assert first.asked_for == [PIXEL, STRIP, THIRD]
    assert min(worked) <= 0.5, worked  # its own, however busy the computer is
    assert min(waited) <= 1.5, waited
    traced = start(PIXEL, python_options=("-X", "importtime"))
    assert traced.ended() == 0
    assert "as soon as somebody has signed in" in traced.out
    assert "PySide6.QtNetwork" in traced.log
    assert not re.findall(r"QtWidgets|QtGui|numpy|pyqtgraph|itkgui\.(?:views|application)", traced.log)


def test_start_without_a_wish_brings_the_window_forward(start: Callable[..., Start]) -> None:
    first = start().until_listening()
    second = start()
    assert (second.ended(), second.out, second.log) == (0, "", "")
    assert first.asked_for == ["this window"]


def test_component_opens_in_the_window_of_who_is_signed_in(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place)
    person.sign_in()
    person.window.showMinimized()
    second = start(f"itkgui:{PIXEL}")
    assert (answered(person, second), second.out, second.log) == (0, "", "")
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.serial_number == PIXEL
    assert not person.window.isMinimized()
    assert answered(person, start(f"itkgui://{person.component.component.code}/")) == 0
    assert [view.component.serial_number for view in person.workspace.open_components] == [PIXEL]


def test_newest_wish_waits_until_somebody_has_signed_in(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place, wish=Wish(THIRD))
    for arguments in ([PIXEL], [STRIP], []):  # to bring the window forward takes no wish away
        assert answered(person, start(*arguments)) == 0
    person.sign_in()
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert [view.component.serial_number for view in person.workspace.open_components] == [STRIP]
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.workspace is None and person.login.sign_in_button.isEnabled())
    person.type(person.login.code1, sandbox.info["access_code1"])
    person.type(person.login.code2, sandbox.info["access_code2"])
    person.sign_in()  # a wish is fulfilled once
    assert not person.workspace.open_components


# Which window is asked -------------------------------------------------------------------------------------


def test_starts_at_the_same_moment_make_one_window(start: Callable[..., Start]) -> None:
    wishes = [PIXEL, STRIP, THIRD, FOURTH]
    started = [start(wish) for wish in wishes]
    windows: list[Start] = []

    def is_settled() -> bool:
        windows[:] = [one for one in started if one.process.poll() is None]
        return len(windows) <= 1

    started[0].until(is_settled, "all but one")
    (window,) = windows
    wishes.remove(wishes[started.index(window)])
    assert sorted(window.asked_for) == sorted(wishes)
    assert [one.ended() for one in started if one is not window] == [0, 0, 0]


def test_socket_of_a_killed_window_stands_in_nobody_s_way(start: Callable[..., Start], runtime: Path) -> None:
    first = start().until_listening()
    (stale,) = sockets(runtime)
    first.process.kill()
    first.ended()
    assert stale.is_socket()
    second = start(PIXEL).until_listening()
    assert not stale.exists()
    assert MUTE not in second.log
    assert start(STRIP).ended() == 0
    assert second.asked_for == [STRIP]


def test_start_that_was_killed_at_its_start_holds_up_nobody(
    start: Callable[..., Start], runtime: Path
) -> None:
    first = start()
    first.until(lambda: list(runtime.glob("*.lock")) if runtime.exists() else [], "its lock")
    first.process.kill()
    first.ended()
    began = time.monotonic()
    second = start().until_listening()
    assert time.monotonic() - began < 15
    assert "has not come to its end" not in second.log


def test_window_that_ends_leaves_nothing_behind(start: Callable[..., Start], runtime: Path) -> None:
    start().until_listening().close()
    assert list(runtime.iterdir()) == []


def test_window_that_is_busy_for_a_moment_answers_all_the_same(
    start: Callable[..., Start], runtime: Path
) -> None:
    first = start().until_listening()
    first.send("SIGSTOP")
    second = start(PIXEL)
    second.until(lambda: list(runtime.glob("*.lock")), "its question")
    first.send("SIGCONT")
    assert second.ended() == 0
    assert first.asked_for == [PIXEL]


def test_window_that_hangs_is_left_alone_with_a_sentence(start: Callable[..., Start]) -> None:
    first = start().until_listening()
    first.send("SIGSTOP")
    second = start(PIXEL)
    second.until(lambda: MUTE in second.log, "the sentence")
    assert start(STRIP).ended() == 0  # the newest window is asked first
    assert second.asked_for == [STRIP]
    first.send("SIGCONT")
    first.until(lambda: "did not wait long enough" in first.log, "its waking up")
    assert first.asked_for == []
    second.close()
    assert start(THIRD).ended() == 0
    assert first.asked_for == [THIRD]


def test_new_window_is_a_second_one_on_the_same_folder(start: Callable[..., Start], tmp_path: Path) -> None:
    first = start().until_listening()
    second = start("--new-window", PIXEL).until_listening()
    assert first.asked_for == []
    assert MUTE not in second.log
    second.close()
    first.close()
    log = (tmp_path / "data" / "state" / "itkgui.log").read_text("utf-8")
    assert len(re.findall(LISTENS, log)) == 2


def test_other_data_folder_has_a_window_of_its_own(start: Callable[..., Start], tmp_path: Path) -> None:
    first = start().until_listening()
    other = start("--data-dir", str(tmp_path / "other")).until_listening()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert start("--data-dir", str(tmp_path / "link"), PIXEL).ended() == 0
    assert start("--data-dir", str(tmp_path / "other"), STRIP).ended() == 0
    assert (first.asked_for, other.asked_for) == ([PIXEL], [STRIP])


def test_checks_of_a_workstation_neither_ask_nor_answer(start: Callable[..., Start], runtime: Path) -> None:
    first = start().until_listening()
    check = start("--check-start")
    assert check.ended() == 0
    assert LISTENS not in check.log
    assert first.asked_for == []
    assert len(sockets(runtime)) == 1


# Which server it is connected to ---------------------------------------------------------------------------


def test_sandbox_and_production_are_kept_apart(start: Callable[..., Start]) -> None:
    production = start().until_listening()
    practice = start("--sandbox", PIXEL).until_listening()
    assert production.asked_for == []
    assert MUTE not in practice.log
    assert start("--sandbox", STRIP).ended() == 0
    assert start("--api-url", "https://itkpd.unicornuniversity.net", THIRD).ended() == 0
    assert start(FOURTH).ended() == 0  # any will do: the newest
    assert practice.asked_for == [STRIP, FOURTH]
    assert production.asked_for == [THIRD]


def test_link_into_the_sandbox_does_not_open_on_another_server(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place)  # a server of its own, not the embedded one
    person.sign_in()
    practice = start("--sandbox", PIXEL)
    person.until(lambda: LISTENS in practice.log, "a window of its own")
    assert not person.workspace.open_components
    practice.close()
    assert answered(person, start("--api-url", sandbox.info["api_url"].rstrip("/"), PIXEL)) == 0
    person.until(lambda: person.workspace.current_component is not None, "the component")


def test_wish_for_the_sandbox_is_not_fulfilled_once_somebody_has_signed_in_elsewhere(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place, use_sandbox=True)
    person.until(lambda: person.login.server.currentText() == SANDBOX, "the sandbox")
    assert answered(person, start("--sandbox", PIXEL)) == 0
    person.login.server.setCurrentText(OTHER)
    person.sign_in()
    person.until(lambda: person.program.messages.history, "a sentence")
    titles = [message.title for message in person.program.messages.history]
    assert f"{PIXEL} was not opened" in titles
    assert not person.workspace.open_components


# What else may be at the other end -------------------------------------------------------------------------


@pytest.mark.parametrize("manner", ["mute", "garbage", "too long", "closes", "drips"])
def test_foreign_server_in_the_window_s_place_holds_up_nobody(
    start: Callable[..., Start], place: MeetingPlace, manner: str
) -> None:
    address = place.new_address()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        behaving = threading.Thread(target=_behave, args=(server, manner))
        behaving.start()
        place.release()
        began = time.monotonic()
        started = start(PIXEL)
        started.until(lambda: MUTE in started.log, "the sentence")
        assert time.monotonic() - began < 10
        started.until_listening()
        behaving.join()


def _behave(server: socket.socket, manner: str) -> None:
    connection, _ = server.accept()
    with connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        if manner == "closes":
            return
        connection.recv(1000)
        if manner == "garbage":
            connection.sendall(b'{"answer": "<b>opened</b>"}\n')
        elif manner == "too long":
            connection.sendall(b"x" * 100_000)
        pace = 0.05
        while manner == "drips":  # until the other side has enough of it
            connection.sendall(b"x")
            time.sleep(pace)
        while connection.recv(1000):
            pass


FOREIGN = {
    "another protocol": b"GET / HTTP/1.1\r\n\r\n",
    "endless line": b"x" * 100_000,
    "nested": b"[" * 1500 + b"\n",
    "no object": b"null\n",
    "no text": b"\xff\xfe\x00\n",
    "number": b'{"identifier": 5}\n',
    "markup": b'{"identifier": "<b>20UPGM23800001</b>"}\n',
    "command": b'{"identifier": "20UPGM23800001; ls"}\n',
    "file": b'{"identifier": "file:///etc/passwd"}\n',
    "token that is none": b'{"identifier": "20UPGM23800001", "token": "a\\u0000b"}\n',
    "server that is none": b'{"identifier": "20UPGM23800001", "server": ["sandbox"]}\n',
}


def test_foreign_and_mute_clients_get_no_answer_and_do_no_harm(
    start: Callable[..., Start], runtime: Path
) -> None:
    first = start().until_listening()
    (address,) = sockets(runtime)
    with contextlib.ExitStack() as stack:
        mute = [stack.enter_context(_connect(address)) for _ in range(40)]
        for name, message in FOREIGN.items():
            with _connect(address) as client:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    client.sendall(message)
                assert _rest(client) == b"", name
        with _connect(address) as client:  # gone in the middle of a line
            client.sendall(b'{"identifier": "20U')
        assert start(PIXEL).ended() == 0
        assert first.asked_for == [PIXEL]
        for client in mute:
            assert _rest(client) == b""
    assert len(re.findall("message was refused|message of more than", first.log)) == len(FOREIGN)


def _connect(address: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(_PATIENCE)
    client.connect(str(address))
    return client


def _rest(client: socket.socket) -> bytes:
    """Read until the other side closes."""
    try:
        return b"".join(iter(lambda: client.recv(1000), b""))
    except ConnectionResetError:
        return b""


def test_socket_is_for_its_user_only(start: Callable[..., Start], runtime: Path) -> None:
    start().until_listening()
    (address,) = sockets(runtime)
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE(address.stat().st_mode) & 0o077 == 0


def test_users_without_a_folder_of_their_own_get_one_each(
    start: Callable[..., Start], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    first = start().until_listening()
    folder = Path(os.environ["TMPDIR"]) / f"itkgui-{os.getuid()}"
    assert len(sockets(folder)) == 1
    assert start(PIXEL).ended() == 0
    assert first.asked_for == [PIXEL]


@pytest.mark.parametrize("kind", ["open to others", "link", "file"])
def test_folder_that_may_be_somebody_else_s_is_not_used(
    start: Callable[..., Start], runtime: Path, tmp_path: Path, kind: str
) -> None:
    if kind == "file":
        runtime.touch()
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        runtime.symlink_to(tmp_path / "elsewhere")
    else:
        runtime.mkdir()
        runtime.chmod(0o777)
    started = start(PIXEL)
    started.until(lambda: "Other windows cannot be found" in started.log, "the sentence")
    started.close()
    assert LISTENS not in started.log
    assert not runtime.is_dir() or not list(runtime.iterdir())
