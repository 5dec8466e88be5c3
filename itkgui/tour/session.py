"""The session: counted down, locked, ended and taken up again, and handed over to somebody else."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from itkgui.tour.driver import Driver, Step, StepFailed, check, says
from itkgui.views.session.session_overlay import SessionOverlay
from itkgui.views.session.sign_in_card import SignInCard

_PART, _ANOTHER = "20UPGM23800001", "20USBML0000001"
_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_CODES_REFUSED = {"match": "POST *grantToken", "do": "status", "status": 401, "times": None}
_TOKEN_ENDS = {"match": "GET /getComponent", "do": "expire_token"}


class Session:
    """Stands at the end, when nobody is signed in: what is open is closed when another person takes over."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._codes = ("", "")

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("the session counted down", self._count_down),
            ("institutions and rights", self._show_person),
            ("window locked", self._lock),
            ("window unlocked", self._unlock),
            ("session ended", self._end),
            ("session taken up again", self._sign_in_again),
            ("change of person", self._lock_for_another),
            ("another person", self._change_person),
        )

    async def _count_down(self) -> None:
        await self._at.come_forward()
        login = self._at.window.login
        await self._at.until(lambda: login.sign_in_button.isEnabled() and login.code1.text(), "the codes")
        await self._at.click(login.sign_in_button)
        await self._at.until(lambda: self._at.window.workspace is not None, "the workspace")
        await self._at.open_component(_PART)
        settings = self._context.database.settings
        self._codes = (settings.access_code1, settings.access_code2)
        session = self._at.workspace.strip.session
        check(session.text().startswith("session "), "the minutes are told")
        check("renewed by itself" in session.toolTip(), "it is told that they are renewed")

    @property
    def _context(self) -> Any:
        context = self._at.program.context
        if context is None:
            raise StepFailed("nobody is signed in")
        return context

    async def _show_person(self) -> None:
        await self._at.click(self._at.workspace.strip.session)
        place = self._at.workspace.person_place
        await self._at.until(place.isVisible, "the page")
        page = place.view
        await self._at.until(lambda: page.table.rowCount() > 1, "the institutions")
        check(says(page, self._context.database.user.name), "the name is told")
        check(says(page, "kept nowhere but in memory"), "it is told where the codes are")

    async def _lock(self) -> None:
        await self._at.scan(_PART)
        await self._at.until(lambda: self._at.workspace.current_component is not None, "the component")
        await self._at.press(Qt.Key.Key_L, _CTRL_SHIFT)
        await self._at.until(lambda: self._locked_card.isVisible(), "the lock")
        shown = [label for label in self._at.window.findChildren(QLabel) if label.isVisible()]
        check(not any(_PART in label.text() for label in shown), "nothing of the work is shown")
        check(_PART not in self._at.window.windowTitle(), "nor in the title")

    @property
    def _locked_card(self) -> SignInCard:
        return self._at.window.locker.page.card

    async def _unlock(self) -> None:
        await self._enter(self._locked_card, *self._codes)
        await self._at.until(lambda: not self._at.window.locker.is_on, "the workspace")
        check(self._at.component.component.label == _PART, "what was open is there")

    async def _enter(self, card: SignInCard, code1: str, code2: str) -> None:
        await self._at.type(card.fields.code1, code1)
        await self._at.type(card.fields.code2, code2)
        await self._at.press(Qt.Key.Key_Return)

    async def _end(self) -> None:
        await self._set_faults(_TOKEN_ENDS, _CODES_REFUSED)
        await self._at.scan(_ANOTHER)
        await self._at.until(lambda: self._overlay is not None and self._overlay.is_on, "the overlay")
        await self._set_faults()

    @property
    def _overlay(self) -> SessionOverlay | None:
        return self._at.window.findChild(SessionOverlay)

    async def _set_faults(self, *rules: dict[str, Any]) -> None:
        """Let these be the only faults of the sandbox; none without any."""
        url = f"{self._context.database.settings.api_url}_sandbox/faults"

        def tell() -> None:
            asked = [urllib.request.Request(url, method="DELETE")]  # noqa: S310 - a sandbox on this computer
            if rules:
                body = json.dumps(rules).encode()
                asked.append(urllib.request.Request(url, body, method="POST"))  # noqa: S310
            for request in asked:
                urllib.request.urlopen(request).close()  # noqa: S310

        await self._at.program.worker.call(tell)

    async def _sign_in_again(self) -> None:
        overlay = self._overlay
        if overlay is None:
            raise StepFailed("there is no overlay")
        await self._enter(overlay.card, *self._codes)
        await self._at.until(lambda: not overlay.is_on, "the session")
        check(self._at.component.component.label == _PART, "what was open is there")
        await self._at.open_component(_ANOTHER)

    async def _lock_for_another(self) -> None:
        await self._at.act(self._at.workspace.strip.change_action.trigger)
        await self._at.until(lambda: self._locked_card.isVisible(), "the question who is there")

    async def _change_person(self) -> None:
        before = self._context.database.user.name
        await self._enter(self._locked_card, "technician-code-1", "technician-code-2")
        await self._at.until(
            lambda: self._at.program.context is not None and self._at.window.workspace is not None, "somebody"
        )
        await self._at.until(
            lambda: self._at.window.workspace is not None and before not in self._at.workspace.person.text(),
            "the other person",
        )
        check(not self._at.workspace.open.pages, "nothing of the other one's work is open")
