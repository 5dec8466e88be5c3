"""Functions that do in a decoder's process what no decoder should."""

from __future__ import annotations

import ctypes
import os
import threading
from decimal import Decimal
from pathlib import Path

from itkgui.decoding import kept
from itkgui.decoding.undecodable import PasswordNeeded


def own_pid() -> int:
    return os.getpid()


def begin_and_wait_for(note: Path, begun: Path) -> int:
    begun.touch()
    while not note.exists():
        threading.Event().wait(0.01)
    return os.getpid()


def never_come_back() -> None:
    while True:
        pass


def announce_and_hang(note: Path) -> None:
    note.write_text(str(os.getpid()))
    never_come_back()


def take_memory() -> int:
    taken = []
    while True:
        taken.append(bytearray(os.urandom(1024)) * 16_384)


def run_out_of_memory() -> None:
    raise MemoryError


def fail() -> None:
    raise ZeroDivisionError("of a library")


class OddError(Exception):
    """An error of a class of its own."""


def fail_at_length() -> None:
    raise OddError("\n  no \x1b[1mweight\there\nsecond line\n")


def fail_without_a_word() -> None:
    raise OddError


def fail_to_load() -> None:
    compile("a b", "SyntaxError.py", "exec")


def crash() -> None:
    ctypes.string_at(0)


def chatter() -> None:
    print("of Python")  # noqa: T201 - as libraries do
    os.write(1, b"of C\n")


def leave() -> None:
    os._exit(7)


def keep_for(seconds: float, note: Path) -> None:
    kept.keep(note.touch, seconds)


def refuse(detail: str) -> None:
    raise PasswordNeeded(detail, what="archive", why="it is encrypted", cure="Type its password.")


def strange() -> object:
    return Decimal(1)


def large(size: int) -> bytes:
    return bytes(size)


_resting: list[bytes] = []


def keep(size: int) -> int:
    _resting.append(os.urandom(size))
    return os.getpid()


def keep_and_hang(size: int, note: Path) -> None:
    keep(size)
    announce_and_hang(note)
