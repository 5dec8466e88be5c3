"""Starts the sandbox for the sign-in page, again when it has ended, and stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from itkgui.background.worker import Worker
from itkgui.client.exceptions import ItkError
from itkgui.desk import Desk
from itkgui.embedded_sandbox import EmbeddedSandbox, SandboxNotStarted, sandbox_settings
from itkgui.language import N_, _
from itkgui.settings import Settings
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_task import ViewTask
from itkgui.views.window.main_window import MainWindow

logger = logging.getLogger(__name__)

_DASH = "\u2011"  # at which no line is broken
BANNER = N_("SANDBOX: a local practice database, nothing here reaches production")


class SandboxHost:
    """Holds one sandbox at a time, below ``folder``, and tells the window of it. GUI thread only."""

    def __init__(
        self, window: MainWindow, preferences: Preferences, desk: Desk, worker: Worker, folder: Path
    ) -> None:
        self._window, self._preferences, self._desk = window, preferences, desk
        self._worker, self._folder = worker, folder
        self._sandbox: EmbeddedSandbox | None = None
        self._described: dict[str, Any] = {}  # by the latest one that has started
        self._task = ViewTask(window, window.login.show_error)

    @property
    def was_asked_for(self) -> bool:
        """Whether one was started, or tried to."""
        return self._sandbox is not None

    @property
    def settings(self) -> Settings:
        """What is set now, at the latest sandbox that has started."""
        return sandbox_settings(self._preferences.settings, self._described)

    def hint(self, settings: Settings) -> str:
        """Return what whoever practises there may have forgotten; nothing for another server."""
        if settings.api_url != self._desk.sandbox_url:
            return ""
        codes = (settings.access_code1, settings.access_code2)
        code1, code2 = (code.replace("-", _DASH) for code in codes)
        return _("In the sandbox the access codes are {code1} and {code2}.").format(code1=code1, code2=code2)

    def begin(self) -> None:
        """Start one, and offer it on the sign-in page."""
        self._task.start(self._start())

    def begin_again(self, leave: Callable[[], Awaitable[bool]]) -> None:
        """Start another one, and sign in there whoever ``leave`` says was signed in to the one before."""
        self._task.start(self._restart(leave))

    def stop(self) -> None:
        """End it; blocks until it has ended."""
        if self._sandbox is not None:
            self._sandbox.stop()

    async def _start(self) -> None:
        login = self._window.login
        login.set_busy(_("Starting the sandbox…"))
        self._window.sandbox_notice.hide()
        loop, before = asyncio.get_running_loop(), self._sandbox
        sandbox = EmbeddedSandbox(
            self._folder,
            on_end=lambda: loop.call_soon_threadsafe(self._on_sandbox_ended, sandbox),
        )
        self._sandbox = sandbox
        if before is not None:
            await self._worker.call(before.stop)
        try:
            self._described = await self._worker.call(sandbox.start)
        except (OSError, SandboxNotStarted) as error:
            raise SandboxTrouble(str(error)) from error
        self._desk.sandbox_url = self.settings.api_url
        login.set_busy()
        login.use_sandbox(self.settings, _(BANNER))

    def _on_sandbox_ended(self, sandbox: EmbeddedSandbox) -> None:
        """Tell that the sandbox has ended by itself, to whom it concerns."""
        if sandbox is not self._sandbox:
            return
        logger.warning("the sandbox has ended, though nobody stopped it")
        self._window.login.lose_sandbox()
        if self._desk.api_url in ("", self._desk.sandbox_url):
            self._window.sandbox_notice.show_error(SandboxEnded())
            if self._window.workspace is not None:
                self._window.workspace.light.look()  # which else knows of nothing

    async def _restart(self, leave: Callable[[], Awaitable[bool]]) -> None:
        was_signed_in = await leave()
        await self._start()
        if was_signed_in:
            self._window.login.sign_in()


class SandboxEnded(ItkError):
    """The sandbox ended while it was in use."""

    title = N_("The sandbox has ended")
    sentence = N_("The local practice database on this computer has stopped; what was changed in it is gone.")
    cure = N_("Start it again: you are signed in there anew, and find the same components open.")


class SandboxTrouble(ItkError):
    """The sandbox could not be started."""

    title = N_("The sandbox did not start")
    sentence = N_("The local practice database could not be started on this computer.")
    cure = N_("Try again; if it happens again, report the details.")
