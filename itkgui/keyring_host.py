"""Keeps access codes in the keyring for whoever asked for that, and hands them to the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from itkgui import keyring_codes
from itkgui.background.worker import Worker
from itkgui.client.credentials import AccessCodes, Credentials
from itkgui.client.exceptions import ItkError
from itkgui.language import N_, _
from itkgui.settings import Settings
from itkgui.views.main_window import MainWindow
from itkgui.views.memory import Memory
from itkgui.views.messages import Messages
from itkgui.views.view_task import ViewTask

if TYPE_CHECKING:
    from itkgui.views.workspace_view import WorkspaceView

_KEPT, _VERSION = "codes in keyring", 1  # by identity provider, what people call the keyring; never a code


class KeyringHost:
    """Asks the keyring only where codes were put into it from here, or are to be. GUI thread only."""

    def __init__(self, window: MainWindow, site: Memory, worker: Worker, messages: Messages) -> None:
        self._window, self._login = window, window.login
        self._site, self._worker, self._messages = site, worker, messages
        self._workspace: WorkspaceView | None = None
        self._task = ViewTask(window, self._show_error)
        row = self._login.keyring_row
        row.take_requested.connect(self.take)
        row.forget_requested.connect(lambda: self.forget(self._login.identity_provider))
        self._login.server_changed.connect(self._show_place)
        self._show_place()

    def begin(self) -> None:
        """Fill in what is kept for the server that the sign-in page offers."""
        if self._place_of(self._login.identity_provider) and not self._login.code1.text():
            self.take()

    def take(self) -> None:
        """Fill in what is kept for the chosen server."""
        self._login.keyring_row.show_waiting()
        self._task.start(self._take(self._login.identity_provider))

    async def _take(self, auth_url: str) -> None:
        found = await self._worker.call(keyring_codes.find, auth_url)
        if found is None:
            self._note(auth_url, "")
            raise CodesGone
        if self._login.identity_provider == auth_url:
            self._login.give_codes(found.codes, found.place)
        self._show_place()

    def keeper_of(self, settings: Settings, credentials: Credentials) -> Callable[[WorkspaceView], None]:
        """Return what is to be done once these have let somebody in: keep them, if that is asked for now."""
        is_wanted = self._login.keyring_row.keep_box.isChecked() and isinstance(credentials, AccessCodes)

        def signed_in(workspace: WorkspaceView) -> None:
            self._workspace = workspace
            workspace.forget_codes_requested.connect(lambda: self.forget(settings.auth_url))
            workspace.show_codes(self._place_of(settings.auth_url))
            if is_wanted and isinstance(credentials, AccessCodes):
                self._task.start(self._keep(settings.auth_url, credentials))

        return signed_in

    async def _keep(self, auth_url: str, codes: AccessCodes) -> None:
        place = await self._worker.call(keyring_codes.keep, auth_url, codes)
        self._note(auth_url, place)
        self._messages.notify(_("The access codes are kept in {place}").format(place=place), "good")

    def forget(self, auth_url: str) -> None:
        """Take the codes for a server out of the keyring."""
        self._login.keyring_row.show_waiting()
        self._task.start(self._forget(auth_url))

    async def _forget(self, auth_url: str) -> None:
        await self._worker.call(keyring_codes.forget, auth_url)
        self._note(auth_url, "")
        self._login.take_codes_back()
        self._messages.notify(_("The access codes are kept nowhere any more"), "good")

    # What is kept where ------------------------------------------------------------------------------------

    def _all(self) -> dict[str, str]:
        found = self._site.get(_KEPT, _VERSION)
        return {str(url): str(place) for url, place in found.items()} if isinstance(found, dict) else {}

    def _place_of(self, auth_url: str) -> str:
        return self._all().get(auth_url, "")

    def _note(self, auth_url: str, place: str) -> None:
        places = self._all()
        places.pop(auth_url, None)
        self._site.put(_KEPT, _VERSION, places | ({auth_url: place} if place else {}))
        self._show_place()
        if self._workspace is not None and self._window.workspace is self._workspace:
            self._workspace.show_codes(place)

    def _show_place(self) -> None:
        self._login.keyring_row.show_place(self._place_of(self._login.identity_provider))

    def _show_error(self, error: ItkError) -> None:
        self._show_place()
        if self._window.workspace is None:
            self._login.show_error(error)
        else:
            self._messages.show(error)


class CodesGone(ItkError):
    """The keyring holds no codes, though some were put there."""

    title = N_("No codes in the keyring")
    sentence = N_("The codes that were kept in the keyring are not there any more.")
    cure = N_("Type the access codes; tick the box to keep them again.")
