"""Ends the session of a person under test at the server, and lets it be had again."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from PySide6.QtWidgets import QMessageBox

from itkgui.views.session.session_overlay import SessionOverlay
from itkgui.views.session.sign_in_card import SignInCard
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

CODES_REFUSED = {"match": "POST *grantToken", "do": "status", "status": 401, "times": None}
TOKEN_ENDS = {"match": "GET /getComponent", "do": "expire_token"}
STRIP = "20USBML0000001"


def set_faults(sandbox: SandboxProcess, *rules: dict[str, Any]) -> None:
    """Let these be the only faults of a sandbox; none without any."""
    url = f"{sandbox.info['api_url']}_sandbox/faults"
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE")):
        pass
    if rules:
        data = json.dumps(rules).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data=data, method="POST")):
            pass


def end_session(person: Person, sandbox: SandboxProcess) -> SessionOverlay:
    """Let the server refuse the token and then the codes, and wait for the overlay that says so."""
    set_faults(sandbox, TOKEN_ENDS, CODES_REFUSED)
    person.type_label(STRIP)
    person.until(lambda: any(one.is_on for one in overlays(person)), "the overlay")
    (overlay,) = overlays(person)
    set_faults(sandbox)
    return overlay


def overlays(person: Person) -> list[SessionOverlay]:
    return person.window.findChildren(SessionOverlay)


def enter(person: Person, card: SignInCard, code1: str, code2: str) -> None:
    """Type codes as a person does, with Enter behind each."""
    person.type(card.fields.code1, code1 + "\r")
    person.type(card.fields.code2, code2 + "\r")


def codes_of(account: str = "sandbox") -> tuple[str, str]:
    return f"{account}-code-1", f"{account}-code-2"


def question(person: Person) -> QMessageBox:
    """Wait for a question of the window."""

    def shown() -> list[QMessageBox]:
        return [box for box in person.window.findChildren(QMessageBox) if box.isVisible()]

    person.until(shown, "the question")
    (box,) = shown()
    return box


def answer(person: Person, text: str) -> None:
    box = question(person)
    person.click(next(one for one in box.buttons() if one.text().replace("&", "") == text))
