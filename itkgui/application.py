"""Builds and joins everything: window, worker, database or sandbox; catches faults; ends all in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from itkgui import view_state
from itkgui.background.worker import Worker
from itkgui.client.exceptions import ItkError
from itkgui.desk import Desk
from itkgui.failed_sign_in import logged_if_it_fails
from itkgui.keyring_host import KeyringHost
from itkgui.language import N_, _
from itkgui.late_loading import load_plots, load_workspace
from itkgui.paths import UserPaths
from itkgui.sandbox_host import BANNER, SandboxHost
from itkgui.settings import Settings
from itkgui.settings.configuration import Configuration
from itkgui.single_instance import SANDBOX, Answer, Door, MeetingPlace, Wish
from itkgui.views.context.memory import Memory
from itkgui.views.context.messages import Messages
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import Style
from itkgui.views.widgets.save_dialog import OpenDialog
from itkgui.views.window.clipboard import leave_clipboard
from itkgui.views.window.garbage_collector import GarbageCollector
from itkgui.views.window.look import Look
from itkgui.views.window.main_window import Leaving, MainWindow

if TYPE_CHECKING:
    from itkgui.client.credentials import Credentials
    from itkgui.session_guard import SessionGuard
    from itkgui.uploads.upload import Upload
    from itkgui.views.context.view_context import ViewContext
    from itkgui.views.window.workspace_view import WorkspaceView

logger = logging.getLogger(__name__)

_KEEPING = "keep-settings"
# For the first page to be there: what decodes takes a processor for half a second while it starts.
_UNTIL_WARM_MS = 1500


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    configuration: Configuration
    use_sandbox: bool = False
    wish: Wish = field(default_factory=Wish)
    place: MeetingPlace | None = None  # where later starts look for this window
    troubles: tuple[str, ...] = ()  # why nothing is kept, or no log written, if it is so

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
        kept = view_state.ViewState(options.paths.config / view_state.COMPUTER_FILE, view_state.EVERYBODY)
        self._memory = Memory(kept, self.worker)
        self.preferences = Preferences(options.configuration, self.worker)
        self.preferences.changed.connect(self._on_setting_changed)
        self.preferences.failed.connect(partial(self.messages.show, attempt=_KEEPING))
        self.preferences.kept.connect(partial(self.messages.settle, _KEEPING))
        self.look = Look(self.style, self.preferences)
        self._garbage_collector = GarbageCollector(qt)
        self.window = MainWindow(self.preferences, self.style, self.look)
        self.faults: list[str] = []
        self._desk = Desk(options.paths, self.worker, self.messages, self._memory)
        self._signing_out: asyncio.Future[None] | None = None
        self._sandbox = SandboxHost(
            self.window, self.preferences, self._desk, self.worker, options.paths.sandbox
        )
        self._keyring = KeyringHost(self.window, self.preferences, self._memory, self.worker, self.messages)
        self._guard: SessionGuard | None = None  # once somebody is signed in
        self._wish = options.wish  # waits for somebody to sign in
        self._door = Door(options.place, self._on_wish) if options.place is not None else None
        self._closed = asyncio.Event()
        self._loading: asyncio.Future[None]
        self._has_plots = False
        login = self.window.login
        self._warming = QTimer(self.window, singleShot=True, interval=_UNTIL_WARM_MS)
        self._warming.timeout.connect(self._warm_up)
        self._sign_in_task = ViewTask(self.window, login.show_error)
        login.sign_in_requested.connect(
            lambda settings, credentials: self._sign_in_task.start(self._sign_in(settings, credentials))
        )
        login.sandbox_requested.connect(self._sandbox.begin)
        self.window.close_requested.connect(self._closed.set)
        self.window.sandbox_wanted_again.connect(lambda: self._sandbox.begin_again(self._leave))

    async def run(self, driver: Callable[[Application], Awaitable[int]] | None = None) -> int:
        """Show the window and serve it until it is closed, or until ``driver`` has ended; return its code."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_loop_fault)
        for name in ("SIGINT", "SIGTERM"):
            if sys.platform != "win32":
                loop.add_signal_handler(getattr(signal, name), self._closed.set)
        self.window.show_fitting()
        self._loading = asyncio.ensure_future(load_workspace(self.worker))
        self._open_door()
        self._keyring.begin()
        if self.options.use_sandbox:
            self._sandbox.begin()
        try:
            await self.worker.call(self.options.paths.sweep)
            await self.window.care.begin(self.options.troubles)
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

    async def _load_rest(self) -> None:
        """Load what the sign-in page does without; the plots while an answer to a sign-in is waited for."""
        await asyncio.shield(self._loading)
        if not self._has_plots:
            self._has_plots = True
            load_plots()
            self._garbage_collector.settle()

    @property
    def context(self) -> ViewContext | None:
        """What the views of the signed-in user work with."""
        return self._desk.context

    @property
    def uploads(self) -> Sequence[Upload]:
        """The uploads of the signed-in user."""
        return self.context.uploads.uploads if self.context is not None else ()

    async def _sign_in(self, chosen: Settings, credentials: Credentials) -> None:
        """Let somebody in to the chosen server, or nobody: the page is of use again only after that."""
        login, settings = self.window.login, self._settings_at(chosen)
        login.set_busy(_("Signing in…"))
        try:
            signed_in = self._keyring.keeper_of(credentials)
            with logged_if_it_fails(settings, credentials):
                database, _rest = await asyncio.gather(
                    self._desk.sign_in(settings, credentials), self._load_rest()
                )
                context = await self._desk.open(database)
            try:
                signed_in(context, await self._begin_session(context))
            except BaseException:
                await self._leave(keep_files=True)
                raise
        finally:
            login.set_busy()
        login.forget()
        self._fulfil_wish()

    async def _begin_session(self, context: ViewContext) -> WorkspaceView:
        """Show somebody what is theirs."""
        settings, name = context.database.settings, context.database.user.name
        self._desk.use(self.preferences.settings)
        self.messages.notify(_("Signed in as {name}").format(name=name) if name else _("Signed in"))
        workspace = await self.window.show_workspace(context, self._banner(settings))
        self._warming.start()
        workspace.sign_out_requested.connect(self._on_sign_out_requested)
        self._desk.api_url = settings.api_url
        self._guard = self._guard or self._new_guard()
        self._guard.begin(context, workspace, self._sandbox.hint(settings))
        return workspace

    def _warm_up(self) -> None:
        """Start what decodes, so that the first file that is looked at need not wait for it."""
        if self._desk.context is not None:
            self.worker.call(self._desk.context.decoders.warm_up)

    def _settings_at(self, chosen: Settings) -> Settings:
        """Return what is set now, at the chosen server: since that was, other things may have been set."""
        if chosen.api_url == self._desk.sandbox_url:
            return self._sandbox.settings
        return replace(self.preferences.settings, api_url=chosen.api_url, auth_url=chosen.auth_url)

    def _new_guard(self) -> SessionGuard:
        from itkgui.session_guard import SessionGuard

        guard = SessionGuard(
            self.window, self.preferences, self.worker, self.messages, self._keyring, self._on_person_changed
        )
        guard.unlocked = self._fulfil_wish
        guard.abandoned = self._begin_sign_out
        return guard

    def _fulfil_wish(self) -> None:
        """Open what a start asked for, now that somebody is there."""
        workspace = self.window.workspace
        if workspace is None:
            return
        wish, self._wish = self._wish, Wish()
        if not self._serves(wish.server):
            self.messages.warn(
                _("{identifier} was not opened").format(identifier=wish.identifier),
                _("It was asked for on another server than the one you are signed in to."),
                _("If it is there too, scan it here."),
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
        if self._desk.api_url and self.window.workspace is not None and not self.window.locker.is_on:
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
        is_sandbox = self.options.use_sandbox or self._sandbox.was_asked_for
        return server in ("", SANDBOX if is_sandbox else self.preferences.settings.api_url)

    def _banner(self, settings: Settings) -> str:
        if settings.api_url == self._desk.sandbox_url:
            return _(BANNER)
        server = urlsplit(settings.api_url).netloc
        return "" if settings.is_production else _("TEST SERVER: {server}").format(server=server)

    def _on_sign_out_requested(self) -> None:
        self.window.ask_if_files_wait(Leaving.SIGN_OUT, then=self._begin_sign_out)

    def _on_person_changed(self, settings: Settings, credentials: Credentials) -> None:
        self._sign_in_task.start(self._change_person(settings, credentials))

    async def _change_person(self, settings: Settings, credentials: Credentials) -> None:
        await self._leave()
        await self._sign_in(settings, credentials)

    def _begin_sign_out(self, *, keep_files: bool = False) -> None:
        """Sign out, once: nothing that comes between may cut it short."""
        if self._desk.context is not None and self._signing_out is None:
            self._signing_out = asyncio.ensure_future(self._sign_out(self._desk.context, keep_files))

    async def _leave(self, *, keep_files: bool = False) -> bool:
        """Sign out whoever is signed in, to the end; tell whether somebody was."""
        was_signed_in = self._desk.context is not None
        self._begin_sign_out(keep_files=keep_files)
        if self._signing_out is not None:
            await asyncio.shield(self._signing_out)
        return was_signed_in

    async def _sign_out(self, context: ViewContext, keep_files: bool) -> None:
        login = self.window.login
        login.set_busy(_("Signing out…"))
        login.forget()
        if self._guard is not None:
            self._guard.end()
        self.window.show_login()
        try:
            await self._desk.close(context, keep_files=keep_files)
        finally:
            self._signing_out = None
            if not keep_files:
                OpenDialog.forget()
            self.window.care.forget_person()
            login.set_busy()
            if login.offers_sandbox:  # codes from elsewhere are not offered to the next person
                login.refill()
            login.take_focus()

    async def _shut_down(self) -> None:
        """End in order, each part even if another fails: session, questions, sandbox, threads, window."""
        self.window.hide()
        async with contextlib.AsyncExitStack() as last_first:
            last_first.callback(self.window.deleteLater)
            last_first.callback(leave_clipboard)
            last_first.callback(self.window.login.forget)  # and with it what was pasted into it
            last_first.callback(self._garbage_collector.stop)
            last_first.callback(self.worker.stop)
            last_first.callback(self._desk.end)
            last_first.callback(self._sandbox.stop)  # before the threads: one may still wait for it to start
            last_first.push_async_callback(self._cancel_tasks)
            last_first.push_async_callback(self._memory.close)
            last_first.push_async_callback(self.preferences.close)
            if self._door is not None:
                self._door.close()
            await self._sign_in_task.stop()
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
        self.window.care.tell_fault(kind, error, traceback)


class ProgramFault(ItkError):
    """A fault of the program itself."""

    title = N_("The program made a mistake")
    sentence = N_("Something in the program failed; what you see may be incomplete.")
    cure = N_("Go on, or restart it. Please report this with the log file.")
