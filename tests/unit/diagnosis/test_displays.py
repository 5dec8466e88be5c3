"""Displays that are asked as Qt asks them: one that accepts, one that refuses, and none."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from itkgui.diagnosis import displays

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland are of Linux")

_FIRST_PORT = 6000  # of display 0
_ACCEPTED = struct.pack("<BxHHH", 1, 11, 0, 8) + bytes(32)  # without vendor, formats and screens
_REFUSED = struct.pack("<BBHHH", 0, 4, 11, 0, 1) + b"No! "


@contextmanager
def _display(answer: bytes) -> Iterator[str]:
    """Serve one client of X11 on a port of its own; give the name of the display."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                assert connection.recv(12)
                connection.sendall(answer)
                connection.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1] - _FIRST_PORT}"
        finally:
            thread.join()


@pytest.mark.parametrize(
    ("answer", "is_open"), [(_ACCEPTED, True), (_REFUSED, False)], ids=["lets in", "refuses"]
)
def test_it_is_the_server_who_decides(monkeypatch: pytest.MonkeyPatch, answer: bytes, is_open: bool) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with _display(answer) as name:
        monkeypatch.setenv("DISPLAY", name)
        assert displays.can_be_opened() is is_open


def test_a_platform_without_a_display_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert not displays.can_be_opened()
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb;offscreen")
    assert displays.can_be_opened()
