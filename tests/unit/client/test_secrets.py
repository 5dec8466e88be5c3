"""Canaries: no code, token or capability may show in a log, an error or a representation."""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes, BearerToken
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.exceptions import BadRequest, ItkError
from itkgui.client.files import inspect
from itkgui.client.session import Request
from itkgui.log import FORMAT, RedactingFormatter
from itkgui.records.attachment import Storage
from itkgui.settings import Settings

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Received, Reply, Wire

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJuYW1lIjoiQ0FOQVJZIn0.c2lnbmF0dXJl"
EOS = "zteos64:Y2FuYXJ5Y2FuYXJ5%3d"


def written(caplog: pytest.LogCaptureFixture) -> str:
    """Return the log as the program would write it."""
    formatter = RedactingFormatter(FORMAT)
    return "\n".join(formatter.format(record) for record in caplog.records)


def chain(error: BaseException | None) -> str:
    """Return what our errors say of themselves; what they wrap only ever goes through the log's filter."""
    return f"{error!r} {error} {getattr(error, 'detail', '')} {vars(error)}"


def test_a_whole_working_day_leaves_no_secret(
    sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    info = sandbox.info
    port = info["eos_url"].split("/")[2]
    settings = Settings(
        api_url=info["api_url"],
        auth_url=info["auth_url"],
        eos_hosts=(port,),
        eos_redirect_hosts=("127.0.0.1",),
    )
    database = ProductionDatabase.sign_in(settings, AccessCodes(info["access_code1"], info["access_code2"]))
    component = database.component("20UPGM23800001").component
    (tmp_path / "a.txt").write_text("content")
    for storage in (Storage.FILE, Storage.EOS):
        new = NewAttachment(inspect(tmp_path / "a.txt"), "T", "", storage)
        attachment = database.attach(component.owner, new)
        database.download(attachment, tmp_path / "down")
        database.delete_attachment(attachment)
        assert "zteos64" not in repr(attachment)
    with pytest.raises(ItkError):
        database.component("nothing")
    database.sign_out()
    ours = "\n".join(f"{r.msg} {r.args}" for r in caplog.records if r.name.startswith("itkgui"))
    for text in (written(caplog), ours, repr(component)):
        for secret in (info["access_code1"], info["access_code2"], "eyJ", "zteos64:", "cap.sym=M"):
            assert secret not in text


def test_a_server_that_repeats_secrets_in_its_errors(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    message = f"bad token {JWT} and {EOS}, Authorization: Bearer {JWT}"
    entry = {"type": "warning", "message": message, "paramMap": {"unsupportedKeyList": [f"$.{EOS}"]}}
    replies: list[Reply] = [
        wire.failure(400, f"x/get/{'invalid'}", message),
        wire.failure(401, "uu-oidc/invalidToken", message),
        wire.json({"uuAppErrorMap": {"x/get/odd": entry}}),
        wire.reply(200, f"<html>{message}</html>".encode(), "text/html"),
        wire.reply(500, message.encode(), "text/plain"),
        wire.reply(302, Location=f"http://127.0.0.1/?authz={EOS}"),
        b"HTTP/1.1 200 OK " + JWT.encode() + b"\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{",
        JWT.encode() + b"\r\n\r\n",
    ]
    waiting = list(replies)

    def answer(_: Received) -> Reply:
        return waiting.pop(0)

    client = Client(wire.server(answer).settings(), BearerToken(JWT.replace(".", "_")))
    answer_with_a_warning = 2
    for number in range(len(replies)):
        if number == answer_with_a_warning:
            client.get("getThing", {"secret": JWT})
            continue
        with pytest.raises(ItkError) as caught:
            client.get("getThing", {"secret": JWT})
        assert "eyJ" not in chain(caught.value)
        assert "zteos64" not in chain(caught.value)
        logging.getLogger("test").error("failed", exc_info=caught.value)
    client.close()
    assert "eyJ" not in written(caplog)
    assert "zteos64" not in written(caplog)


@pytest.mark.parametrize("before", ["x" * 1_980 + " ", "eyJ" * 60_000 + " "], ids=["cut", "hostile"])
def test_a_long_message_is_shortened_without_cutting_a_secret_in_two(wire: Wire, before: str) -> None:
    server = wire.server_of(wire.failure(400, "x/get/invalid", before + JWT))
    client = Client(server.settings(), BearerToken("opaque"))
    began = time.thread_time()
    with pytest.raises(BadRequest) as caught:
        client.get("getThing", {})
    assert time.thread_time() - began < 1
    client.close()
    assert len(caught.value.detail.rpartition(" (request ")[0]) <= 2_000
    assert JWT[:20] not in caught.value.detail


def test_no_connection_does_not_show_the_address_query(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = wire.server_of(b"")
    server.close()
    client = Client(server.settings(), BearerToken("opaque"))
    with pytest.raises(ItkError) as caught, client.object_store.get(f"{server.url}eos/1?authz={EOS}"):
        pass
    client.close()
    assert "zteos64" not in chain(caught.value)
    assert "zteos64" not in written(caplog)


@pytest.mark.parametrize("is_there", [True, False])
def test_no_trace_of_a_failure_shows_the_address_query(wire: Wire, is_there: bool) -> None:
    """What a script does not catch goes to the terminal with all that led to it, through no filter."""
    server = wire.server_of(wire.silence)
    if not is_there:
        server.close()
    client = Client(server.settings(read_timeout=0.2), BearerToken("opaque"))
    with pytest.raises(ItkError) as caught, client.object_store.get(f"{server.url}eos/1?authz={EOS}"):
        pass
    client.close()
    assert "zteos64" not in "".join(traceback.format_exception(caught.value))


def test_representations() -> None:
    request = Request("POST", f"http://a/b?authz={EOS}", {"accessCode1": "canary"}, bearer=JWT)
    assert repr(request) == "Request(POST http://a/b)"
    settings = Settings(access_code1="canary", access_code2="canary")
    assert "canary" not in repr(settings)
