"""What else may be at the other end of a window's socket: other servers, mute clients, foreign folders."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from itkgui.single_instance import MeetingPlace
from tests.end2end.starts import (
    LISTENS,
    MUTE,
    PATIENCE,
    PIXEL,
    Start,
    sockets,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by POSIX signals")


@pytest.mark.alone
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
    client.settimeout(PATIENCE)
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
