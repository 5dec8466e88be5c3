"""Guards against a Qt binding that loses references to None or True: the interpreter then aborts, some day.

PySide6 6.12.0 does so with every void call and every `emit` on Python 3.10 and 3.11. From 3.12 on these
objects are immortal: their counts stand still, and the tests pass because a lost reference does no harm.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 1_000
NOISE = 10  # other code may let go of a few


class Emitter(QObject):
    fired = Signal()


def references_lost(singleton: object, call: Callable[[], object]) -> int:
    before = sys.getrefcount(singleton)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(singleton)


def test_a_void_call_keeps_none_alive(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    assert references_lost(None, lambda: label.setText("20U")) <= NOISE


@pytest.mark.usefixtures("qapp")
def test_emit_keeps_true_alive() -> None:
    emitter = Emitter()
    assert references_lost(True, emitter.fired.emit) <= NOISE
