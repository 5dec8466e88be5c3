"""A start for another server than the window's: it is connected to one, and opens nothing of another."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from itkgui.single_instance import MeetingPlace
from itkgui.views.session.login_view import OTHER, SANDBOX
from tests.conftest import settings_for
from tests.end2end.starts import (
    FOURTH,
    LISTENS,
    MUTE,
    PIXEL,
    STRIP,
    THIRD,
    Start,
    answered,
)
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by POSIX signals")


def test_sandbox_and_production_are_kept_apart(start: Callable[..., Start]) -> None:
    production = start().until_listening()
    practice = start("--sandbox", PIXEL).until_listening()
    assert production.asked_for == []
    assert MUTE not in practice.log
    assert start("--sandbox", STRIP).ended() == 0
    assert start("--api-url", "https://itkpd.unicornuniversity.net", THIRD).ended() == 0
    assert start(FOURTH).ended() == 0  # any will do: the newest
    assert practice.asked_for == [STRIP, FOURTH]
    assert production.asked_for == [THIRD]


def test_link_into_the_sandbox_does_not_open_on_another_server(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place)  # a server of its own, not the embedded one
    person.sign_in()
    practice = start("--sandbox", PIXEL)
    person.until(lambda: LISTENS in practice.log, "a window of its own")
    assert not person.workspace.open_components
    practice.close()
    assert answered(person, start("--api-url", sandbox.info["api_url"].rstrip("/"), PIXEL)) == 0
    person.until(lambda: person.workspace.current_component is not None, "the component")


def test_wish_for_the_sandbox_is_not_fulfilled_once_somebody_has_signed_in_elsewhere(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place, use_sandbox=True)
    person.until(lambda: person.login.server.currentText() == SANDBOX, "the sandbox")
    assert answered(person, start("--sandbox", PIXEL)) == 0
    person.login.server.setCurrentText(OTHER)
    person.sign_in()
    person.until(lambda: person.program.messages.history, "a sentence")
    titles = [message.title for message in person.program.messages.history]
    assert f"{PIXEL} was not opened" in titles
    assert not person.workspace.open_components
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert not person.login.code1.text(), "codes that are no sandbox's are not offered to the next person"
