"""Runs Qt, the event loop and one Application on them; faults from everywhere reach it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Awaitable, Callable

import itkgui.plain_imports  # noqa: F401 - before the rest

os.environ["QT_API"] = "pyside6"  # qasync and pyqtgraph would otherwise look for other bindings

import qasync
from PySide6.QtCore import QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from itkgui import __version__
from itkgui.application import Application, Options
from itkgui.diagnosis.crashes import CrashFile
from itkgui.diagnosis.watchdog import Watchdog
from itkgui.paths import private_file
from itkgui.views.style import QT_ARGUMENTS

_GIVE_WAY = 0.0005  # seconds after which a thread that computes lets the GUI go on; a paint may ask ten times
_HARMLESS = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
)


def run(options: Options, driver: Callable[[Application], Awaitable[int]] | None = None) -> int:
    """Run the program and return its exit code."""
    crashes = CrashFile(options.paths.state)
    crashes.open()  # Qt may end the program as soon as it is asked for anything
    try:
        return _run(options, driver)
    finally:
        crashes.close()


def _run(options: Options, driver: Callable[[Application], Awaitable[int]] | None) -> int:
    qt = QApplication([*sys.argv[:1], *QT_ARGUMENTS])
    qt.setApplicationName("itkgui")
    qt.setApplicationVersion(__version__)
    qt.setQuitOnLastWindowClosed(False)  # quitting would stop the loop under the coroutines
    # Qt's file dialog remembers folders: below the program's own folder, not beside it.
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(options.paths.config))
    try:
        private_file(options.paths.config / "QtProject.conf")  # Qt's own mode lets others read which folders
    except OSError as error:
        logging.getLogger(__name__).warning("the last folders are not kept: %s", error)
    qInstallMessageHandler(_on_qt_message)
    sys.setswitchinterval(_GIVE_WAY)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        application = Application(options, qt)

        def on_thread_fault(fault: threading.ExceptHookArgs) -> None:
            loop.call_soon_threadsafe(
                application.on_fault, fault.exc_type, fault.exc_value, fault.exc_traceback
            )

        hooks = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = application.on_fault, on_thread_fault
        watchdog = Watchdog(options.paths.state, loop.call_soon_threadsafe)
        watchdog.start()
        try:
            return int(loop.run_until_complete(application.run(driver)))
        finally:
            watchdog.stop()
            sys.excepthook, threading.excepthook = hooks


async def check_start(application: Application) -> int:
    """Drive the program no further than its first window; for ``--check-start``."""
    while not application.window.isVisible():
        await asyncio.sleep(0.01)
    picture = application.window.grab()
    return 0 if not picture.isNull() and not application.faults else 1


def _on_qt_message(kind: QtMsgType, _context: object, text: str) -> None:
    if text in _HARMLESS:
        return
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    logging.getLogger("qt").log(levels.get(kind, logging.ERROR), "%s", text)
