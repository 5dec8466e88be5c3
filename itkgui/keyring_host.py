"""Keeps access codes in the keyring for whoever asked for that, and hands them to where one signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from itkgui import keyring_codes
from itkgui.background.worker import Worker
from itkgui.client.credentials import AccessCodes, Credentials
from itkgui.client.exceptions import ItkError
from itkgui.language import N_, _
from itkgui.views.context.memory import Memory
from itkgui.views.context.messages import Messages
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_task import ViewTask
from itkgui.views.session.keyring_row import KeptFor
from itkgui.views.window.main_window import MainWindow

if TYPE_CHECKING:
    from itkgui.views.context.view_context import ViewContext
    from itkgui.views.session.sign_in_card import SignInCard
    from itkgui.views.window.workspace_view import WorkspaceView

_KEPT, _VERSION = "codes in keyring", 2  # by identity provider and person: name, keyring; never a code
_COLUMNS = 4
_UNTIL_LOOK_MS = 1000
_PATIENCE = 10.0  # seconds
_LOCKED, _LOCKED_VERSION = "left locked", 1


class KeyringHost:
    """Asks the keyring only where codes were put into it from here, or are to be. GUI thread only.

    Whether there is one, without a question to anybody, it looks once the offer to keep codes has been on the
    screen for a while: a start does not wait for that.
    """

    def __init__(
        self,
        window: MainWindow,
        preferences: Preferences,
        site: Memory,
        worker: Worker,
        messages: Messages,
    ) -> None:
        self._window, self._login, self._preferences = window, window.login, preferences
        self._site, self._worker, self._messages = site, worker, messages
        self._workspace: WorkspaceView | None = None
        self._task = ViewTask(window, self._show_error)
        self._taking = ViewTask(window, self._show_error)  # for the sign-in page
        self._serving: ViewTask | None = None  # for a card of whoever is signed in
        self._has_keyring = False  # that anybody knows of
        self._looking = ViewTask(window, self._on_looked_in_vain)
        self._pause = QTimer(window, singleShot=True, interval=_UNTIL_LOOK_MS)
        self._pause.timeout.connect(lambda: self._looking.start(self._look()))
        row = self._login.keyring_row
        row.seen.connect(self._on_seen)
        row.take_requested.connect(self.take)
        row.forget_requested.connect(self._forget_chosen)
        self._login.server_changed.connect(self._show_kept)
        self._show_kept()

    def begin(self) -> None:
        """Fill in what is kept for the server that the sign-in page offers, if it is one person's.

        Not where a lock is to keep others out, who could start the program anew.
        """
        settings = self._preferences.settings
        is_guarded = settings.idle_lock_minutes or settings.idle_sign_out_minutes or self.was_left_locked
        kept = self._kept_at(self._login.identity_provider)
        if len(kept) == 1 and not is_guarded and not self._login.code1.text():
            self.take()

    @property
    def was_left_locked(self) -> bool:
        """Whether the window is locked, or was when the program ended."""
        return self._site.get(_LOCKED, _LOCKED_VERSION) is True

    def note_lock(self, *, is_on: bool) -> None:
        """Remember, for the next start too, whether the window is locked."""
        if is_on != self.was_left_locked:
            self._site.put(_LOCKED, _LOCKED_VERSION, is_on)

    # Whether there is one ----------------------------------------------------------------------------------

    def _on_seen(self, is_seen: bool) -> None:
        self._pause.stop()
        if is_seen and not self._has_keyring:
            self._pause.start()

    async def _look(self) -> None:
        await self._worker.call(keyring_codes.place, _PATIENCE)
        self._has_keyring = True
        self._login.keyring_row.bar_keeping("")

    def _on_looked_in_vain(self, error: ItkError) -> None:
        """Offer to keep no codes where nothing can; a keyring that only fails now may take them later."""
        if isinstance(error, (keyring_codes.NoKeyring, keyring_codes.KeyringInPlainText)):
            self._login.keyring_row.bar_keeping(error.title, f"{error.sentence}\n{error.cure}")

    # Taking ------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Fill in what is kept of the chosen person for the chosen server."""
        row = self._login.keyring_row
        if row.chosen is not None:
            row.show_waiting()
            self._taking.start(self._take(self._login.identity_provider, row.chosen.identity))

    async def _take(self, auth_url: str, identity: str) -> None:
        try:
            found = await self._find(auth_url, identity)
        finally:
            self._show_kept()
        if self._login.identity_provider == auth_url:
            self._login.give_codes(found.codes, found.place)

    def serve(self, card: SignInCard, context: ViewContext) -> None:
        """Let a card offer the codes of whoever is signed in, if they are kept."""
        auth_url, identity = context.database.settings.auth_url, context.database.user.identity
        self._end_taking()
        serving = self._serving = ViewTask(card, card.show_error)
        card.offer_kept(
            self._place_of(auth_url, identity),
            lambda: serving.start(self._take_for(card, auth_url, identity)),
        )

    async def _take_for(self, card: SignInCard, auth_url: str, identity: str) -> None:
        found = await self._find(auth_url, identity)
        if card.isVisible():
            card.give_codes(found.codes)

    def _end_taking(self) -> None:
        """Let no codes come late: they would wait for the next person."""
        self._taking.cancel()
        if self._serving is not None:
            self._serving.cancel()

    async def _find(self, auth_url: str, identity: str) -> keyring_codes.KeptCodes:
        found = await self._worker.call(keyring_codes.find, keyring_codes.owner(auth_url, identity))
        if found is None:
            self._note(auth_url, identity)
            raise CodesGone
        return found

    # Keeping -----------------------------------------------------------------------------------------------

    def keeper_of(self, credentials: Credentials) -> Callable[[ViewContext, WorkspaceView], None]:
        """Return what is to be done once these have let somebody in: keep them, if that is asked for now."""
        is_wanted = self._login.keyring_row.keep_box.isChecked() and isinstance(credentials, AccessCodes)

        def signed_in(context: ViewContext, workspace: WorkspaceView) -> None:
            auth_url, user = context.database.settings.auth_url, context.database.user
            self._end_taking()
            self._workspace = workspace
            workspace.forget_codes_requested.connect(lambda: self.forget(auth_url, user.identity))
            workspace.show_codes(self._place_of(auth_url, user.identity))
            self._show_kept()
            if is_wanted and isinstance(credentials, AccessCodes):
                self._task.start(self._keep(auth_url, user.identity, user.name, credentials))

        return signed_in

    async def _keep(self, auth_url: str, identity: str, name: str, codes: AccessCodes) -> None:
        owner = keyring_codes.owner(auth_url, identity)
        place = await self._worker.call(keyring_codes.keep, owner, codes)
        self._note(auth_url, identity, name, place)
        self._messages.notify(_("The access codes are kept in {place}").format(place=place), "good")

    def _forget_chosen(self) -> None:
        chosen = self._login.keyring_row.chosen
        if chosen is not None:
            self.forget(self._login.identity_provider, chosen.identity)

    def forget(self, auth_url: str, identity: str) -> None:
        """Take one person's codes for a server out of the keyring."""
        self._login.keyring_row.show_waiting()
        self._task.start(self._forget(auth_url, identity))

    async def _forget(self, auth_url: str, identity: str) -> None:
        try:
            await self._worker.call(keyring_codes.forget, keyring_codes.owner(auth_url, identity))
        finally:  # somebody may sign out meanwhile
            self._show_kept()
        self._note(auth_url, identity)
        self._login.take_codes_back()
        self._messages.notify(_("The access codes are kept nowhere any more"), "good")

    # What is kept where ------------------------------------------------------------------------------------

    def _all(self) -> list[tuple[str, KeptFor]]:
        """Return whose codes are kept, each with the identity provider."""
        noted = self._site.get(_KEPT, _VERSION)
        rows = noted if isinstance(noted, list) else []
        return [
            (str(row[0]), KeptFor(*map(str, row[1:])))
            for row in rows
            if isinstance(row, list) and len(row) == 4
        ]

    def _kept_at(self, auth_url: str) -> list[KeptFor]:
        return [kept for url, kept in self._all() if url == auth_url]

    def _place_of(self, auth_url: str, identity: str) -> str:
        return next((kept.place for kept in self._kept_at(auth_url) if kept.identity == identity), "")

    def _note(self, auth_url: str, identity: str, name: str = "", place: str = "") -> None:
        """Note where the codes of somebody are kept; nowhere without a ``place``."""
        rows = [(url, kept) for url, kept in self._all() if (url, kept.identity) != (auth_url, identity)]
        if place:
            rows.append((auth_url, KeptFor(identity, name, place)))
        self._site.put(_KEPT, _VERSION, [[url, kept.identity, kept.name, kept.place] for url, kept in rows])
        self._show_kept()
        if self._workspace is not None and self._window.workspace is self._workspace:
            self._workspace.show_codes(place)

    def _show_kept(self) -> None:
        self._login.keyring_row.show_kept(self._kept_at(self._login.identity_provider))

    def _show_error(self, error: ItkError) -> None:
        self._show_kept()
        if self._window.workspace is None:
            self._login.show_error(error)
        else:
            self._messages.show(error)


class CodesGone(ItkError):
    """The keyring holds no codes, though some were put there."""

    title = N_("No codes in the keyring")
    sentence = N_("The codes that were kept in the keyring are not there any more.")
    cure = N_("Type the access codes; tick the box to keep them again.")
