"""Canaries in requests and answers: no error, log line, representation or traceback may show them."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.bodies import FileBody
from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes, BearerToken
from itkgui.client.exceptions import AccessCodesWrong, AnswerError, DuplicateTestRuns, ItkError
from itkgui.client.session import Request
from itkgui.client.token_file import TokenFile

if TYPE_CHECKING:
    from tests.unit.client.conftest import Provider, Received, Reply, Wire

CODES = AccessCodes("canary-code-one", "canary-code-two")
TOKEN = "canary-token"
BODY = {"comment": "canary-body", "accessCode1": "canary-inner"}
COOKIE = b"\r\nSet-Cookie: session=canary-cookie\r\n"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, as a script sees it that sets up no filter."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root, transport = logging.getLogger(), logging.getLogger("urllib3")  # which the program silences
    level, of_transport = root.level, transport.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    transport.setLevel(logging.NOTSET)
    yield written
    transport.setLevel(of_transport)
    root.setLevel(level)
    root.removeHandler(handler)


def shown(error: BaseException) -> str:
    """Return all that is usually shown of an error, and of all that it came from."""
    attributes = {name: value for name, value in vars(error).items() if name != "response"}
    texts = [repr(error), str(error), repr(attributes), repr(vars(error)), f"{error!a} {error.args}"]
    texts += traceback.format_exception(error)
    texts += traceback.TracebackException.from_exception(error).format()
    cause = error.__cause__ or error.__context__
    return "\n".join([*texts, shown(cause) if cause is not None else ""])


def locals_shown(error: BaseException) -> str:
    """Return what a traceback that shows the variables of each function says of the client's."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(found.format())


def calls(client: Client, folder: Path) -> list[Callable[[], Any]]:
    (folder / "a.txt").write_bytes(b"canary-file")
    upload = {**BODY, "component": "x", "testType": "T"}

    def stream() -> Any:
        with client.stream("getThing", BODY) as answer:
            return list(answer.blocks())

    def respond() -> Any:
        request = requests.Request("POST", client.settings.api_url, json=BODY).prepare()
        return client._session.respond(request)

    return [
        lambda: client.get("getThing", BODY),
        lambda: client.post("setThing", BODY),
        lambda: client.post("uploadTestRunResults", upload, allow_duplicate=False),
        lambda: list(client.pages("listThings", BODY)),
        lambda: client.upload("c", BODY, FileBody(folder / "a.txt", 11), "a.txt", "text/plain"),
        lambda: client.each(lambda body: client.post("setThing", body), [BODY, BODY]),
        stream,
        respond,
    ]


REPLIES: list[Callable[[Wire], Reply]] = [
    lambda wire: wire.failure(400, "x/getThing/invalidDtoIn", "No."),
    lambda wire: wire.failure(401, "uu-oidc/invalidToken"),
    lambda wire: wire.failure(500, "x/y"),
    lambda wire: wire.reply(404, b"<html></html>", "text/html"),
    lambda wire: wire.reply(302, Location="https://elsewhere.example/?token=canary-location"),
    lambda wire: wire.reply(200, b"<html></html>", "text/html"),
    lambda wire: wire.reply(200, b"[1, 2"),
    lambda wire: wire.reply(200, b"{}", length=900, Connection="close"),
    lambda wire: wire.reset,
    lambda wire: b"SSH-2.0\r\n\r\n",
]


@pytest.mark.logs("")
@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("kind", ["codes", "bearer"])
def test_no_failure_shows_what_was_sent(
    wire: Wire,
    provider: Provider,
    log: io.StringIO,
    tmp_path: Path,
    reply: Callable[[Wire], Reply],
    kind: str,
) -> None:
    def api(_: Received) -> Reply:
        answer = reply(wire)
        return answer.replace(b"\r\n", COOKIE, 1) if isinstance(answer, bytes) else answer

    provider.api = api
    credentials = CODES if kind == "codes" else BearerToken("canary-opaque-token")
    saved = tmp_path / "session.json"
    client = Client(provider.server.settings(), credentials, token_file=saved)
    errors: list[ItkError] = []
    for call in calls(client, tmp_path):
        if (error := failure_of(call)) is not None:
            errors.append(error)
            logging.getLogger("script").error("%r %s", error, vars(error), exc_info=error)
    client.close()
    assert len(errors) >= 3
    assert any(b"canary-body" in request.body for request in provider.server.received)
    token = client_token(provider)
    for text in (log.getvalue(), *map(shown, errors), repr(client), repr(vars(client))):
        assert "canary" not in text
        assert "eyJ" not in text
        assert not token or token not in text


def failure_of(call: Callable[[], Any]) -> ItkError | None:
    try:
        call()
    except ItkError as error:
        return error
    return None


def client_token(provider: Provider) -> str:
    sent = [request.headers.get("authorization", "") for request in provider.server.received]
    return next((value.removeprefix("Bearer ") for value in sent if value), "")


@pytest.mark.logs("^script: ")
def test_the_answer_in_an_error_is_there_but_is_not_printed(wire: Wire, log: io.StringIO) -> None:
    server = wire.server_of(wire.failure(400, "x/getThing/odd", "No.", detail="seen"))
    with (
        Client(server.settings(), BearerToken("canary-token")) as client,
        pytest.raises(AnswerError) as caught,
    ):
        client.post("setThing", BODY)
    error = caught.value
    assert error.response is not None
    assert error.response.json()["uuAppErrorMap"]["x/getThing/odd"]["detail"] == "seen"
    assert error.response.request.headers["Authorization"] == "Bearer canary-token"
    logging.getLogger("script").error(
        "%s %r %s %s", error, error, vars(error), error.response, exc_info=error
    )
    assert "canary" not in log.getvalue() + shown(error)


@pytest.mark.logs("^script: ")
def test_wrong_codes_are_not_shown(provider: Provider, wire: Wire, log: io.StringIO, tmp_path: Path) -> None:
    for reply in (
        wire.failure(401, "uu-oidc-main/grantToken/identityNotAuthenticated ", "Identity not Authenticated"),
        wire.json({"id_token": "canary.token.here", "access_token": "canary-access"}),
        wire.json({"id_token": "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.canary"}),
        wire.reply(500, b"[1"),
        wire.reset,
    ):
        provider.replies["grantToken"] = reply
        client = Client(provider.server.settings(), CODES, token_file=tmp_path / "session.json")
        with pytest.raises(ItkError) as caught:
            client.sign_in()
        client.close()
        logging.getLogger("script").error("failed: %s", vars(caught.value), exc_info=caught.value)
        assert "canary" not in shown(caught.value)
        if isinstance(caught.value, AccessCodesWrong):
            assert caught.value.response is not None
    assert "canary" not in log.getvalue()


@pytest.mark.logs("")
def test_a_saved_session_of_no_use_is_not_shown(provider: Provider, log: io.StringIO, tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    settings = provider.server.settings()
    with Client(settings, CODES, token_file=path) as client:
        client.sign_in()
    text = path.read_text()
    for spoilt in (text[:-30], text.replace('"salt"', '"x"'), text.replace("eyJ", "eyK"), text.upper()):
        path.write_text(spoilt)
        path.chmod(0o600)
        with Client(settings, CODES, token_file=path) as client:
            client.sign_in()
    assert TokenFile(path, settings.auth_url).load("other") is None
    for secret in ("canary", "eyJ", "eyK", "at.x"):
        assert secret not in log.getvalue()


def test_the_way_to_an_object_is_not_logged(wire: Wire, log: io.StringIO) -> None:
    """At debug level urllib3 writes the address of each request, which for EOS is a capability."""
    server = wire.server_of(wire.reply(200, b"x", "application/octet-stream"))
    secret = "zteos64:Y2FuYXJ5Y2FuYXJ5%3D"
    with (
        Client(server.settings(), BearerToken("opaque")) as client,
        client.object_store.get(f"{server.url}eos/1?authz={secret}") as stored,
    ):
        assert b"".join(stored.blocks()) == b"x"
    assert server.received[0].target == f"/eos/1?authz={secret}"
    assert "GET /eos/1?authz=" in log.getvalue()
    assert "zteos64" not in log.getvalue()
    assert "Y2Fu" not in log.getvalue()


def test_duplicates_name_runs_and_nothing_else() -> None:
    error = DuplicateTestRuns(["0123456789abcdef01234567"])
    assert "0123456789abcdef01234567" in str(error)


def test_variables_of_the_transport_hide_their_secrets(wire: Wire) -> None:
    """Some tools print the variables of each function with a traceback."""
    server = wire.server_of(wire.failure(400, "x/y"))
    client = Client(server.settings(), AccessCodes("", ""))
    with pytest.raises(ItkError) as caught:
        client._session.json(Request("POST", server.url, json=BODY, bearer=TOKEN))
    client.close()
    text = locals_shown(caught.value)
    assert "attempt" in text
    assert TOKEN not in text
