"""Builds and joins everything: window, worker, database or sandbox; catches faults; ends all in order."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

os.environ["QT_API"] = "pyside6"  # qasync and pyqtgraph would otherwise look for other bindings

import qasync
from PySide6.QtCore import QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from itkgui import __version__, view_state
from itkgui.background.worker import Worker
from itkgui.client.auth import Credentials
from itkgui.client.exceptions import ItkError
from itkgui.decoding.decoders import Decoders
from itkgui.desk import Desk
from itkgui.embedded_sandbox import EmbeddedSandbox, SandboxNotStarted, sandbox_settings
from itkgui.paths import UserPaths, private_file
from itkgui.settings import Settings
from itkgui.settings.configuration import Configuration
from itkgui.single_instance import SANDBOX, Answer, Door, MeetingPlace, Wish
from itkgui.uploads.upload import Upload
from itkgui.views.clipboard import leave_clipboard
from itkgui.views.garbage_collector import GarbageCollector
from itkgui.views.look import Look
from itkgui.views.main_window import MainWindow
from itkgui.views.memory import Memory
from itkgui.views.messages import Messages
from itkgui.views.preferences import Preferences
from itkgui.views.style import Style
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

logger = logging.getLogger(__name__)

SANDBOX_BANNER = "SANDBOX: a local practice database, nothing here reaches production"
_GIVE_WAY = 0.0005  # seconds after which a thread that computes lets the GUI go on; a paint may ask ten times
_HARMLESS = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
)


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    configuration: Configuration
    codes_from: str = ""
    use_sandbox: bool = False
    wish: Wish = field(default_factory=Wish)
    place: MeetingPlace | None = None  # where later starts look for this window

    @property
    def paths(self) -> UserPaths:
        return self.configuration.paths


class Application:
    """One run of the program, from the first window to the last thread joined."""

    def __init__(self, options: Options, qt: QApplication) -> None:
        self.options = options
        self.messages = Messages()
        self.style = Style(qt)
        self.worker = Worker()
        self.decoders = Decoders()
        kept = view_state.ViewState(options.paths.config / view_state.COMPUTER_FILE, view_state.EVERYBODY)
        self._memory = Memory(kept, self.worker)
        self.preferences = Preferences(options.configuration, self.worker)
        self.preferences.changed.connect(self._on_setting_changed)
        self.look = Look(self.style, self.preferences)
        self._garbage_collector = GarbageCollector(qt)
        self.window = MainWindow(self.preferences, options.codes_from, self.style, self.look)
        self.faults: list[str] = []
        self._desk = Desk(options.paths, self.worker, self.decoders, self.messages, self._memory)
        self._signing_out: asyncio.Future[None] | None = None
        self._sandbox: EmbeddedSandbox | None = None
        self._wish = options.wish  # waits for somebody to sign in
        self._door = Door(options.place, self._on_wish) if options.place is not None else None
        self._closed = asyncio.Event()
        login = self.window.login
        self._sign_in_task = ViewTask(self.window, login.show_error)
        self._sandbox_task = ViewTask(self.window, login.show_error)
        login.sign_in_requested.connect(
            lambda settings, credentials: self._sign_in_task.start(self._sign_in(settings, credentials))
        )
        login.sandbox_requested.connect(lambda: self._sandbox_task.start(self._start_sandbox()))
        self.window.close_requested.connect(self._closed.set)
        self.window.sandbox_wanted_again.connect(lambda: self._sandbox_task.start(self._restart_sandbox()))

    async def run(self, driver: Callable[[Application], Awaitable[int]] | None = None) -> int:
        """Show the window and serve it until it is closed, or until ``driver`` has ended; return its code."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_loop_fault)
        for name in ("SIGINT", "SIGTERM"):
            if sys.platform != "win32":
                loop.add_signal_handler(getattr(signal, name), self._closed.set)
        self.window.show_fitting()
        await self._load_plots()
        self._open_door()
        if self.options.use_sandbox:
            self._sandbox_task.start(self._start_sandbox())
        try:
            await self.worker.call(self.options.paths.sweep)
            return await self._until_closed(driver)
        finally:
            await self._shut_down()

    async def _until_closed(self, driver: Callable[[Application], Awaitable[int]] | None) -> int:
        closed = asyncio.ensure_future(self._closed.wait())
        if driver is None:
            await closed
            return 0
        driving = asyncio.ensure_future(driver(self))
        await asyncio.wait({closed, driving}, return_when=asyncio.FIRST_COMPLETED)
        if driving.done():
            closed.cancel()
            return driving.result()
        driving.cancel()
        await asyncio.wait({driving})
        return 1

    async def _load_plots(self) -> None:
        """Load what only plots need, once the window is on the screen and before anybody can ask for one.

        NumPy is loaded beside the GUI. pyqtgraph must not be: it touches every Qt class, and PySide makes its
        classes on first use, which two threads at once do not survive.
        """
        await self.worker.call(importlib.import_module, "numpy")
        importlib.import_module("itkgui.views.plots.plot_pane")
        self._garbage_collector.settle()

    @property
    def context(self) -> ViewContext | None:
        """What the views of the signed-in user work with."""
        return self._desk.context

    @property
    def uploads(self) -> Sequence[Upload]:
        """The uploads of the signed-in user."""
        return self.context.uploads.uploads if self.context is not None else ()

    async def _start_sandbox(self) -> None:
        login = self.window.login
        login.set_busy("Starting the sandbox…")
        self.window.sandbox_notice.hide()
        loop, before = asyncio.get_running_loop(), self._sandbox
        sandbox = EmbeddedSandbox(
            self.options.paths.sandbox,
            on_end=lambda: loop.call_soon_threadsafe(self._on_sandbox_ended, sandbox),
        )
        self._sandbox = sandbox
        if before is not None:
            await self.worker.call(before.stop)
        try:
            described = await self.worker.call(sandbox.start)
        except (OSError, SandboxNotStarted) as error:
            raise SandboxTrouble(str(error)) from error
        settings = sandbox_settings(self.preferences.settings, described)
        self._desk.sandbox_url = settings.api_url
        login.set_busy()
        login.use_sandbox(settings, SANDBOX_BANNER)

    def _on_sandbox_ended(self, sandbox: EmbeddedSandbox) -> None:
        """Tell that the sandbox has ended by itself, to whom it concerns."""
        if sandbox is not self._sandbox:
            return
        logger.warning("the sandbox has ended, though nobody stopped it")
        self.window.login.lose_sandbox()
        if self._desk.api_url in ("", self._desk.sandbox_url):
            self.window.sandbox_notice.show_error(SandboxEnded())

    async def _restart_sandbox(self) -> None:
        """Start another sandbox, and sign in there whoever was signed in to the one before."""
        was_signed_in = self._desk.context is not None
        self._begin_sign_out()
        if self._signing_out is not None:
            await asyncio.shield(self._signing_out)
        await self._start_sandbox()
        if was_signed_in:
            self.window.login.sign_in()

    async def _sign_in(self, settings: Settings, credentials: Credentials) -> None:
        login = self.window.login
        login.set_busy("Signing in…")
        database = await self._desk.sign_in(settings, credentials)
        login.set_busy()
        login.forget()
        context = await self._desk.open(database)
        self.messages.notify(f"Signed in as {database.user.name}" if database.user.name else "Signed in")
        workspace = await self.window.show_workspace(context, self._banner(settings))
        self.worker.call(self.decoders.warm_up)  # a file that is looked at soon needs not wait for it
        workspace.sign_out_requested.connect(self._on_sign_out_requested)
        ask, leave = self.window.ask_if_files_wait, self._begin_sign_out
        workspace.sign_in_requested.connect(lambda: ask("Sign in again", leave, minds_uploads=False))
        self._desk.api_url = settings.api_url
        wish, self._wish = self._wish, Wish()
        if not self._serves(wish.server):
            self.messages.warn(
                f"{wish.identifier} was not opened",
                "It was asked for on another server than the one you are signed in to.",
                "If it is there too, scan it here.",
            )
        elif wish.identifier:
            workspace.look_up(wish.identifier)

    def _on_setting_changed(self, _name: str) -> None:
        settings = self.preferences.settings
        self.window.login.use_settings(settings)
        self._desk.use(settings)
        logging.getLogger().setLevel(settings.log_level.upper())

    # Later starts ------------------------------------------------------------------------------------------

    def _open_door(self) -> None:
        if self._door is None or self.options.place is None:
            return
        self._door.open()
        if self.options.place.trouble:
            logger.warning("%s", self.options.place.trouble)
            self.messages.notify(self.options.place.trouble, "caution")

    def _on_wish(self, wish: Wish) -> Answer:
        """Do what a later start was asked for, or let it wait for somebody to sign in."""
        if not self._serves(wish.server):
            return Answer.ELSEWHERE
        logger.info("a later start asks for %s", wish.identifier or "this window")
        self.window.come_forward(wish.token)
        if not wish.identifier:
            return Answer.OPENED
        if self._desk.api_url and self.window.workspace is not None:
            self.window.workspace.look_up(wish.identifier)
            return Answer.OPENED
        self._wish = wish
        return Answer.WAITS

    def _serves(self, server: str) -> bool:
        """Tell whether a wish for this server may be fulfilled here: at the one signed in to, or to be."""
        if self._desk.api_url:
            return server in ("", self._desk.api_url) or (
                server == SANDBOX and self._desk.api_url == self._desk.sandbox_url
            )
        is_sandbox = self.options.use_sandbox or self._sandbox is not None
        return server in ("", SANDBOX if is_sandbox else self.preferences.settings.api_url)

    def _banner(self, settings: Settings) -> str:
        if settings.api_url == self._desk.sandbox_url:
            return SANDBOX_BANNER
        return "" if settings.is_production else f"TEST SERVER: {urlsplit(settings.api_url).netloc}"

    def _on_sign_out_requested(self) -> None:
        self.window.ask_if_files_wait("Sign out", then=self._begin_sign_out)

    def _begin_sign_out(self, *, keep_files: bool = False) -> None:
        """Sign out, once: nothing that comes between may cut it short."""
        if self._desk.context is not None and self._signing_out is None:
            self._signing_out = asyncio.ensure_future(self._sign_out(self._desk.context, keep_files))

    async def _sign_out(self, context: ViewContext, keep_files: bool) -> None:
        login = self.window.login
        login.set_busy("Signing out…")
        self.window.show_login()
        try:
            await self._desk.close(context, keep_files=keep_files)
        finally:
            self._signing_out = None
            login.set_busy()
            if self._desk.sandbox_url:  # codes from elsewhere are not offered to the next person
                login.refill()
            login.take_focus()

    async def _shut_down(self) -> None:
        """End in order, each part even if another fails: session, questions, sandbox, threads, window."""
        self.window.hide()
        async with contextlib.AsyncExitStack() as last_first:
            last_first.callback(self.window.deleteLater)
            last_first.callback(leave_clipboard)
            last_first.callback(self._garbage_collector.stop)
            last_first.callback(self.worker.stop)
            last_first.callback(self.decoders.close)
            if self._sandbox is not None:  # before the threads: one may still wait for it to start
                last_first.callback(self._sandbox.stop)
            last_first.push_async_callback(self._cancel_tasks)
            last_first.push_async_callback(self._memory.close)
            last_first.push_async_callback(self.preferences.close)
            if self._door is not None:
                self._door.close()
            self._begin_sign_out(keep_files=True)
            if self._signing_out is not None:
                await self._signing_out

    async def _cancel_tasks(self) -> None:
        ours = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not ours]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # Faults ------------------------------------------------------------------------------------------------

    def _on_loop_fault(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception") or RuntimeError(str(context.get("message")))
        self.on_fault(type(error), error, error.__traceback__)

    def on_fault(
        self, kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Log a fault of the program itself and say so; the window stays usable."""
        logger.critical("fault in the program", exc_info=(kind, error, traceback) if error else None)
        self.faults.append(f"{kind.__name__}: {error}")
        self.messages.show(ProgramFault(f"{kind.__name__}: {error}"))


class ProgramFault(ItkError):
    """A fault of the program itself."""

    title = "The program made a mistake"
    sentence = "Something in the program failed; what you see may be incomplete."
    cure = "Go on, or restart it. Please report this with the log file."


class SandboxEnded(ItkError):
    """The sandbox ended while it was in use."""

    title = "The sandbox has ended"
    sentence = "The local practice database on this computer has stopped; what was changed in it is gone."
    cure = "Start it again: you are signed in there anew, and find the same components open."


class SandboxTrouble(ItkError):
    """The sandbox could not be started."""

    title = "The sandbox did not start"
    sentence = "The local practice database could not be started on this computer."
    cure = "Try again; if it happens again, report the details."


def run(options: Options, driver: Callable[[Application], Awaitable[int]] | None = None) -> int:
    """Run the program and return its exit code."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("itkgui")
    qt.setApplicationVersion(__version__)
    qt.setQuitOnLastWindowClosed(False)  # quitting would stop the loop under the coroutines
    # Qt's file dialog remembers folders: below the program's own folder, not beside it.
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(options.paths.config))
    private_file(options.paths.config / "QtProject.conf")  # Qt's own mode lets others read which folders
    qInstallMessageHandler(_on_qt_message)
    sys.setswitchinterval(_GIVE_WAY)
    loop = qasync.QEventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        application = Application(options, qt)
        sys.excepthook = application.on_fault

        def on_thread_fault(fault: threading.ExceptHookArgs) -> None:
            loop.call_soon_threadsafe(
                application.on_fault, fault.exc_type, fault.exc_value, fault.exc_traceback
            )

        threading.excepthook = on_thread_fault
        try:
            return int(loop.run_until_complete(application.run(driver)))
        finally:
            sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__


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
