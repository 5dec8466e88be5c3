"""Errors: which answer is which, what they tell, and what they never tell."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from itkgui import itkdb
from itkgui.client import exceptions as core
from itkgui.itkdb.exceptions import translated
from tests.unit.client.conftest import Wire
from tests.unit.itkdb.conftest import Connect


def test_a_bearer_sees_the_servers_words(wire: Wire, connect: Connect) -> None:
    """Weak point 14: somebody whose token says nothing about them gets a BadRequest like everybody."""
    client = connect(wire.server_of(wire.failure(400, "ucl-itkpd-main/getThing/invalidDtoIn", "Not valid.")))
    with pytest.raises(itkdb.exceptions.BadRequest, match=r"getThing/invalidDtoIn(.|\n)*Not valid") as caught:
        client.get("getThing")
    assert list(caught.value.response.json()["uuAppErrorMap"]) == ["ucl-itkpd-main/getThing/invalidDtoIn"]
    assert isinstance(caught.value, core.ItkError)


@pytest.mark.parametrize("body", [b"", b"no JSON", b"<html>secret</html>", b"[1]", b"\xff\xfe", b'"text"'])
def test_a_refusal_without_json_is_one_too(wire: Wire, connect: Connect, body: bytes) -> None:
    """Weak point 15."""
    kind = "text/html" if b"html" in body else "text/plain"
    client = connect(wire.server_of(wire.reply(400, body, kind)))
    with pytest.raises(itkdb.exceptions.BadRequest) as caught:
        client.get("getThing")
    assert "secret" not in str(caught.value)
    assert caught.value.response.content == body


def test_a_kind_of_content_that_is_not_taken(wire: Wire, connect: Connect) -> None:
    """Weak point 16."""
    told = {"message": "No pictures.", "reason": "policy", "special_errors": ["e"]}
    client = connect(wire.server_of(wire.json(told, 415), wire.reply(415, b"no", "text/plain")))
    with pytest.raises(itkdb.exceptions.SpecialError) as caught:
        client.post("thing", json={})
    error = caught.value
    assert (error.message, error.reason, error.special_errors) == ("No pictures.", "policy", ["e"])
    with pytest.raises(itkdb.exceptions.SpecialError) as caught:
        client.post("thing", json={})
    assert caught.value.message == ""


def test_an_error_holds_nothing_that_was_sent(wire: Wire, connect: Connect) -> None:
    """Weak point 26: no token, no codes, no cookie, no body of the request, no capability in an address."""
    client = connect(
        wire.server_of(wire.json({"echo": {"token": "CANARY-1", "accessCode1": "CANARY-2"}}, 400))
    )
    with pytest.raises(itkdb.exceptions.BadRequest) as caught:
        client.post(
            "thing?authz=CANARY-3", json={"note": "CANARY-4"}, headers={"Cookie": "CANARY-5"}, cookies=None
        )
    message = f"{caught.value} {caught.value!r} {caught.value.detail}"
    assert "CANARY" not in message
    assert "token.of.somebody" not in message
    assert "/thing" in message


@pytest.mark.parametrize(
    ("error", "kinds"),
    [
        (core.ServerUnreachable, ("ConnectionFailed", requests.exceptions.ConnectionError)),
        (core.ConnectionLost, ("ConnectionFailed", requests.exceptions.ConnectionError)),
        (core.ServerSilent, ("ServerSilent", requests.exceptions.Timeout)),
        (core.TlsFailed, ("TlsFailed", requests.exceptions.SSLError)),
        (core.TransferIncomplete, ("TransferFailed", requests.exceptions.ChunkedEncodingError)),
        (core.ChecksumMismatch, ("TransferFailed", requests.exceptions.RequestException)),
        (core.RedirectRefused, ("Redirect", Exception)),
        (core.FileNotWritten, ("FileProblem", OSError)),
        (core.AccessCodesMissing, ("SignInFailed", Exception)),
        (core.NotTheApi, ("NotTheApi", Exception)),
        (core.UnreadableAnswer, ("BadJSON", Exception)),
        (core.TooManyRequests, ("UnhandledResponse", Exception)),
        (core.ComponentNotFound, ("BadRequest", Exception)),
        (core.ItkError, ("ITkDBException", Exception)),
    ],
)
def test_every_error_of_the_core_has_a_name_here(error: Any, kinds: tuple[str, type[Exception]]) -> None:
    with pytest.raises(getattr(itkdb.exceptions, kinds[0]), match="how it was") as caught, translated():
        raise error("how it was")
    assert type(caught.value) is getattr(itkdb.exceptions, kinds[0])
    assert isinstance(caught.value, kinds[1])
    assert isinstance(caught.value, itkdb.exceptions.ITkDBException)
    assert (caught.value.title, caught.value.cure) == (error.title, error.cure)
    assert isinstance(caught.value.__cause__, error)


def test_what_is_cancelled_stays_cancelled() -> None:
    with pytest.raises(core.Cancelled), translated():
        raise core.Cancelled


def test_an_error_can_be_made_by_hand() -> None:
    response = requests.Response()
    response.status_code, response.url = 404, "https://example.org/x?authz=SECRET"
    error = itkdb.exceptions.NotFound(response, "nothing there")
    assert str(error) == "404 Not Found from https://example.org/x\n\nnothing there"
    assert error.response is response
    assert issubclass(itkdb.exceptions.DuplicateTestRuns, itkdb.exceptions.DuplicateObjectsInDB)
    assert str(itkdb.exceptions.InvalidInvocation("why")) == "why"
