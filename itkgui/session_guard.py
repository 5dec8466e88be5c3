"""Guards the session of whoever is signed in: keeps it alive, lets it go on, locks it, hands it over."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt

from itkgui.background.worker import Worker
from itkgui.client.clock import NOTEWORTHY, difference
from itkgui.client.credentials import Credentials
from itkgui.client.exceptions import ClockWrong, SomebodyElse
from itkgui.failed_sign_in import logged_if_it_fails
from itkgui.item_models.upload_words import needs_person
from itkgui.keyring_host import KeyringHost
from itkgui.language import N_, _
from itkgui.session_keeper import Outlook, SessionKeeper, SessionState
from itkgui.settings import Settings
from itkgui.views.context.messages import Messages
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.session.idle_watch import IdleWatch
from itkgui.views.session.session_overlay import SessionOverlay
from itkgui.views.session.sign_in_card import SignInCard
from itkgui.views.window.main_window import Leaving, MainWindow
from itkgui.views.window.workspace_view import WorkspaceView

logger = logging.getLogger(__name__)

_IDLE = ("idle_lock_minutes", "idle_sign_out_minutes")
_CLOCK_CURE = N_("Set the computer's date and time, or let it follow a time server.")
_ENDED = (SessionState.AWAY, SessionState.OVER)


class SessionGuard:
    """Serves one session at a time, from ``begin`` to ``end``. GUI thread only.

    ``change_person`` is to sign out whoever is there, and somebody else in. ``unlocked`` is told when the one
    who is signed in is back, ``abandoned`` when that person has been away for so long that the session ends.
    """

    def __init__(
        self,
        window: MainWindow,
        preferences: Preferences,
        worker: Worker,
        messages: Messages,
        keyring: KeyringHost,
        change_person: Callable[[Settings, Credentials], None],
    ) -> None:
        self.unlocked: Callable[[], None] = lambda: None
        self.abandoned: Callable[[], None] = lambda: None
        self._window, self._preferences = window, preferences
        self._worker, self._messages, self._keyring = worker, messages, keyring
        self._change_person = change_person
        self._context: ViewContext | None = None
        self._workspace: WorkspaceView | None = None
        self._keeper: SessionKeeper | None = None
        self._overlay: SessionOverlay | None = None
        self._task: ViewTask | None = None
        self._state = SessionState.KEPT
        self._note = ""
        self._is_locked = False
        self._idle = IdleWatch(window)
        self._idle.idle.connect(self._on_idle)
        window.locker.entered.connect(self._on_entered_locked)
        window.locker.back_requested.connect(self._unlock)
        preferences.changed.connect(self._on_setting_changed)

    def begin(self, context: ViewContext, workspace: WorkspaceView, note: str = "") -> None:
        """Guard the session of somebody who has just signed in; ``note`` is told while it is locked."""
        self._context, self._workspace, self._note = context, workspace, note
        self._keyring.note_lock(is_on=False)
        self._keeper = SessionKeeper(context.database.client.authenticator, self._worker)
        self._state = self._keeper.outlook.state
        self._keeper.listeners.append(self._on_outlook)
        self._keeper.start()
        workspace.sign_in_requested.connect(self.ask_again)
        workspace.strip.lock_requested.connect(self.lock)
        workspace.strip.change_requested.connect(self._ask_for_another)
        workspace.scan_desk.read.connect(self._idle.touch)
        self._watch_idleness()
        offset = context.database.client.clock_offset
        if offset is not None and abs(offset) > NOTEWORTHY:
            self._messages.warn(_(ClockWrong.title), difference(offset), _(_CLOCK_CURE))

    def end(self) -> None:
        """Guard nothing: whoever was there leaves."""
        if self._keeper is not None:
            self._keeper.stop()
        if self._task is not None:
            self._task.cancel()
        self._idle.stop()
        self._window.locker.forget()
        self._is_locked = False
        self._context = self._workspace = self._keeper = self._overlay = self._task = None

    # How it stands -----------------------------------------------------------------------------------------

    def _on_outlook(self, outlook: Outlook) -> None:
        before, self._state = self._state, outlook.state
        if self._workspace is None or self._context is None:
            return
        self._workspace.strip.show_outlook(outlook)
        if (page := self._workspace.person_place.made) is not None:
            page.show_outlook(outlook)
        if outlook.state is before:
            return
        if outlook.state is SessionState.OVER:
            self.ask_again()
        elif before in _ENDED and outlook.state not in _ENDED:
            self._go_on()

    def _go_on(self) -> None:
        """Let everything go on that waited for the session."""
        if self._overlay is not None:
            self._overlay.uncover()
        if self._context is not None and self._workspace is not None:
            self._context.uploads.session_renewed()
            self._workspace.brings_back.come_back()
            self._messages.notify(_("The session goes on"), "good")

    # Signing in to what is open ----------------------------------------------------------------------------

    def ask_again(self) -> None:
        """Ask over the workspace for a new sign-in; once the window is not locked."""
        if self._workspace is None or self._keeper is None or self._context is None:
            return
        if self._window.locker.is_on:
            return
        if self._overlay is None:
            self._overlay = SessionOverlay(self._workspace)
            self._overlay.card.submitted.connect(self._on_entered_over)
            self._overlay.lock_requested.connect(self.lock)
        if self._overlay.is_on:
            return
        outlook, card = self._keeper.outlook, self._overlay.card
        has_ended = outlook.state in _ENDED
        card.title.setText(_("The session has ended") if has_ended else _("Sign in again"))
        card.say(
            _(
                "What is open stays as it is, and uploads go on, as soon as {who} signs in again. With the "
                "access codes of somebody else, that person takes over: what is open is closed, and uploads "
                "that wait are kept for {who}."
            ).format(who=self._who)
        )
        card.begin(with_codes=self._authenticator_can_renew)
        self._keyring.serve(card, self._context)
        if outlook.trouble is not None:
            card.trouble.show_error(outlook.trouble)
        self._overlay.cover()

    @property
    def _authenticator_can_renew(self) -> bool:
        return self._context is not None and self._context.database.client.authenticator.can_renew

    @property
    def _who(self) -> str:
        return self._context.who if self._context is not None else ""

    def _on_entered_over(self, credentials: Credentials) -> None:
        if self._overlay is not None:
            self._start(self._overlay.card, credentials)

    def _on_entered_locked(self, credentials: Credentials) -> None:
        card = self._window.locker.page.card
        if self._context is not None and self._context.database.client.authenticator.holds(credentials):
            self._unlock()
            if self._state is SessionState.OVER:  # nobody shall enter them twice
                self._on_entered_over(credentials)
        else:
            self._start(card, credentials)

    def _start(self, card: SignInCard, credentials: Credentials) -> None:
        card.trouble.hide()
        self._task = ViewTask(card, card.show_error)
        self._task.start(self._enter(card, credentials))

    async def _enter(self, card: SignInCard, credentials: Credentials) -> None:
        """Let the same person go on, or another one take over."""
        context = self._context
        if context is None:
            return
        card.set_busy(_("Signing in…"))
        had_ended = self._state in _ENDED
        try:
            with logged_if_it_fails(context.database.settings, credentials):
                await self._worker.call(context.database.sign_in_again, credentials)
        except SomebodyElse:
            card.set_busy()
            card.fields.first.setFocus(Qt.FocusReason.OtherFocusReason)  # where it is when nobody takes over
            settings = context.database.settings
            self._window.ask_if_files_wait(
                Leaving.CHANGE_PERSON, lambda: self._change_person(settings, credentials), minds_uploads=False
            )
            return
        card.set_busy()
        if self._keeper is not None:
            self._keeper.look()
        if self._window.locker.is_on and card is self._window.locker.page.card:
            self._unlock()
        if not had_ended:  # else the keeper has told
            self._go_on()

    # The lock ----------------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Hide everything until somebody says who they are."""
        self._hide_all(is_locked=True)

    def _ask_for_another(self) -> None:
        """Hide everything for somebody else, or until whoever is there goes back."""
        self._hide_all(is_locked=False)

    def _hide_all(self, *, is_locked: bool) -> None:
        locker = self._window.locker
        if self._workspace is None or self._context is None or self._is_locked:
            return
        self._is_locked = is_locked
        with_codes, banner = self._authenticator_can_renew, self._workspace.banner
        locker.page.begin(self._who, self._note, banner, with_codes=with_codes, is_locked=is_locked)
        self._keyring.serve(locker.page.card, self._context)
        self._keyring.note_lock(is_on=is_locked)
        locker.lock()
        self._window.show_title()

    def _unlock(self) -> None:
        self._is_locked = False
        self._idle.touch()
        self._window.locker.unlock()
        self._keyring.note_lock(is_on=False)
        self._window.show_title()
        if self._state is SessionState.OVER:
            self.ask_again()
        self.unlocked()

    # Nobody there ------------------------------------------------------------------------------------------

    def _on_idle(self, minutes: float) -> None:
        settings = self._preferences.settings
        if 0 < settings.idle_sign_out_minutes <= minutes:
            self._let_go()
        elif 0 < settings.idle_lock_minutes <= minutes:
            self.lock()

    def _let_go(self) -> None:
        """End the session, once uploads under way are done; only lock it where work would be lost by that."""
        context, workspace = self._context, self._workspace
        if context is None or workspace is None:
            return
        rows, standstill = context.uploads.uploads, workspace.upload_view.watch.standstill
        are_under_way = any(row.state.is_open and not needs_person(row) for row in rows)
        would_be_lost = workspace.reviewed_labels or workspace.draft_labels
        if would_be_lost or (not context.keeps_uploads and any(row.state.is_open for row in rows)):
            self.lock()
        elif standstill is not None or not are_under_way:
            logger.info("nobody has used the window for long: the session ends")
            self.abandoned()

    def _watch_idleness(self) -> None:
        settings = self._preferences.settings
        limits = [limit for limit in (settings.idle_lock_minutes, settings.idle_sign_out_minutes) if limit]
        self._idle.start(min(limits, default=0) if self._context is not None else 0)

    def _on_setting_changed(self, name: str) -> None:
        if name in _IDLE:
            self._watch_idleness()
