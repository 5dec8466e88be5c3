"""EOS by token and address, as scripts call it by itself."""

from __future__ import annotations

import io

import pytest

from itkgui import itkdb
from tests.unit.client.conftest import Wire


def test_a_file_is_put_and_deleted(wire: Wire) -> None:
    server = wire.server_of(wire.reply(201), wire.reply(204))
    url = f"{server.url}eos/abc"
    details = itkdb.utils.get_file_components({"data": ("a.txt", io.BytesIO(b"text"))})
    assert itkdb.eos.put("zteos64:TOKEN", url, details).status_code == 201
    assert itkdb.eos.delete("zteos64:TOKEN", url).status_code == 204
    put, delete = server.received
    assert (put.method, put.body, put.headers["content-type"]) == ("PUT", b"text", "text/plain")
    assert (delete.method, delete.headers["authorization"]) == ("DELETE", "Bearer zteos64:TOKEN")


@pytest.mark.parametrize(
    ("status", "error"), [(403, "Forbidden"), (404, "NotFound"), (200, "UnhandledResponse")]
)
def test_anything_else_is_an_error(wire: Wire, status: int, error: str) -> None:
    url = f"{wire.server_of(wire.reply(status)).url}eos/abc"
    with pytest.raises(itkdb.exceptions.ResponseException) as caught:
        itkdb.eos.delete("zteos64:TOKEN", url)
    assert type(caught.value) is getattr(itkdb.exceptions, error)
    assert "TOKEN" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://evil.example/eos/a", "http://eosatlas.cern.ch/eos/a", "no address"])
def test_a_token_goes_to_eos_only(url: str) -> None:
    with pytest.raises(itkdb.exceptions.Redirect):
        itkdb.eos.delete("zteos64:TOKEN", url)
