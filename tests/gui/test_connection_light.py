"""The light of the header, and the line that tells how old a page is."""

from __future__ import annotations

import errno
import gc
import socket
import time
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from itkgui.client.connection_state import ConnectionState
from itkgui.client.exceptions import (
    ConnectionLost,
    ItkError,
    NotTheApi,
    ServerSilent,
    ServerTrouble,
    ServerUnreachable,
    SessionExpired,
    TlsFailed,
)
from itkgui.item_models.moments import short_text
from itkgui.records.attachment import Storage
from itkgui.views.context.age_line import AgeLine, tell_age
from itkgui.views.window.connection_light import ConnectionLight, ConnectionPanel
from tests.gui.listing import see_list
from tests.gui.person import Person
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import requests_of


def no_network() -> ItkError:
    error = ServerUnreachable("no way out")
    error.__cause__ = OSError(errno.ENETUNREACH, "Network is unreachable")
    return error


def no_name() -> ItkError:
    error = ServerUnreachable("no such name")
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return error


def panel_of(light: ConnectionLight) -> ConnectionPanel:
    light.click()
    assert light.panel is not None
    return light.panel


def texts(panel: ConnectionPanel) -> list[str]:
    return [words.text() for _, words in panel._rows.values()]


def test_each_trouble_has_its_word_and_its_sentence(person: Person) -> None:
    light, database = person.workspace.light, person.program.context.database  # type: ignore[union-attr]
    state, url = database.client.connection, f"{database.settings.api_url}getThing"
    assert light.text() == "On line"
    for error, word, sentence in (
        (no_network(), "No network", "This computer has no network."),
        (no_name(), "Name not found", "does not know the server's name (DNS)"),
        (TlsFailed("x"), "Not trusted", "cannot prove to be the server (TLS)"),
        (NotTheApi("x", status=200), "Log-in page", "wants a log-in first"),
        (ServerUnreachable("x"), "Not reached", "cannot be reached"),
        (ServerSilent("x"), "No answer", "its answer did not come"),
        (ServerTrouble("x", status=503), "Out of order", "out of order"),
        (SessionExpired("x", status=401), "On line", "does not take this session"),
    ):
        state.note(url, error)
        person.until(lambda word=word: light.text() == word, word)  # type: ignore[misc]
        assert light.accessibleName() == f"Connection: {word}"
        panel = panel_of(light)
        assert sentence in texts(panel)[0]
        panel.close()
    state.note("https://eos.invalid/file", ConnectionLost("x"))
    state.note(url)
    person.until(lambda: light.text() == "Object store (EOS): No answer", "the other server")
    panel = panel_of(light)
    assert "It answered at" in texts(panel)[0]
    panel.copy_button.click()
    assert "object store: silent" in QGuiApplication.clipboard().text()
    panel.close()


def test_the_object_store_returns_by_itself_too(person: Person) -> None:
    """What failed is tried again when it answers, and when nobody has needed it for ten minutes."""
    context, ahead = person.program.context, [0.0]
    assert context is not None
    watch, light, store = context.connection, person.workspace.light, "https://eos.invalid/file"
    state = ConnectionState(context.database.settings, monotonic=lambda: time.monotonic() + ahead[0])
    state.listener, watch.state = watch.state.listener, state
    returned: list[bool] = []
    watch.returned.connect(lambda: returned.append(True))

    def answer() -> None:
        state.note(store)

    def wait() -> None:
        ahead[0] += 601

    for count, comes_back in enumerate((answer, wait), 1):
        state.note(store, ServerSilent("x"))
        person.until(lambda: light.text() == "Object store (EOS): No answer", "the light")
        comes_back()
        watch._on_sleep_check()
        person.until(lambda: light.text() == "On line", "the light to know better")
        person.until(lambda count=count: len(returned) == count, "it to be told")  # type: ignore[misc]


@pytest.mark.logs("Connection lost")
def test_an_object_store_that_was_away_is_found_without_asking_for_a_file(
    person: Person, sandbox: SandboxProcess
) -> None:
    context, light = person.program.context, person.workspace.light
    assert context is not None
    watch = context.connection
    see_list(person)
    content = person.component.attachments.preview.content
    with Control(sandbox.info["api_url"]) as control:
        control.fail("* /eos/*", "reset", times=None)
        person.look_at_where(lambda a: a.storage is Storage.EOS and a.display_name.endswith((".png", ".jpg")))
        person.until(content.trouble.isVisible, "the failure")
        person.until(lambda: light.text() == "Object store (EOS): No answer", "the light")
        assert watch._look_timer.remainingTime() > 50_000, "it is looked for rarely"
        watch._look_timer.timeout.emit()
        person.until(lambda: not watch.is_looking, "a look in vain")
        assert light.text() == "Object store (EOS): No answer"
        assert watch._look_timer.isActive()
    watch._look_timer.timeout.emit()
    person.until(lambda: light.text() == "On line", "the light to know better")
    person.until(lambda: content.shown_kind == "image", "the picture, by itself")
    assert not watch._look_timer.isActive(), "while all is well nobody is asked"


def test_a_look_finds_the_database_again(person: Person) -> None:
    light, database = person.workspace.light, person.program.context.database  # type: ignore[union-attr]
    database.client.connection.note(f"{database.settings.api_url}x", ServerSilent("x"))
    person.until(lambda: light.text() == "No answer", "the light")
    panel = panel_of(light)
    assert panel.next.text() == "The program looks again in 3 s."
    person.click(panel.look_button)
    person.until(lambda: light.text() == "On line", "the look")
    person.until(lambda: panel.next.text() == "", "the end of the look")
    panel.close()


def test_signing_out_while_a_server_is_looked_for(person: Person, sandbox: SandboxProcess) -> None:
    context = person.program.context
    assert context is not None
    with Control(sandbox.info["api_url"]) as control:
        control.fail("GET *listProjects", "stall")
        before = len(requests_of(sandbox))
        context.connection.look()
        person.until(lambda: "listProjects" in requests_of(sandbox)[before:], "the question")
        person.workspace.sign_out_action.trigger()
        person.until(lambda: person.window.workspace is None, "the end of the session")
        person.until(lambda: not context.connection.is_looking, "the end of the look")
        person.settle()
        gc.collect()
    assert person.program.faults == []


@pytest.mark.parametrize("age", [timedelta(minutes=1), timedelta(days=3)])
def test_a_page_says_how_old_its_oldest_part_is(person: Person, age: timedelta) -> None:
    context = person.program.context
    assert context is not None
    line = AgeLine(context.connection)
    one, other = QObject(), QObject()
    person.qtbot.addWidget(line)
    moment = datetime.now(timezone.utc) - age
    loaded: list[bool] = []
    line.reload_wanted.connect(lambda: loaded.append(True))
    line.note(one, moment)
    line.note(other, moment + timedelta(seconds=30))
    assert line.text.startswith(f"As of {short_text(moment)}, off line.")
    line.note(one, None)
    assert line.oldest == moment + timedelta(seconds=30)
    person.until(lambda: loaded, "it to be loaded, as the database answers")
    line.note(one, None)
    assert line.text == "", "what did not ask again is as it was"
    tell_age(person.workspace.scan_box, one, moment)  # a view without such a line tells nobody
    assert line.text == ""
