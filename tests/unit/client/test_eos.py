"""EOS: where tokens go and where they must not, redirects, sums, and answers that are wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itkgui.client.bodies import FileBody
from itkgui.client.downloads import Download, opened
from itkgui.client.eos import ObjectStore, choose_storage, url_without_token
from itkgui.client.exceptions import (
    ChecksumMismatch,
    Forbidden,
    ItkError,
    NotFound,
    RedirectRefused,
    ServerTrouble,
    TransferIncomplete,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.session import Session
from itkgui.records.attachment import Storage

if TYPE_CHECKING:
    from tests.unit.client.conftest import Reply, ScriptedServer, Wire

TOKEN = "zteos64:MDAwMDAyNm%3d"


class Doors:
    """A front door and a storage node, whose answers the test sets."""

    def __init__(self, wire: Wire, **changes: Any) -> None:
        self.wire = wire
        self.node_reply: Reply = wire.reply(201)
        self.node = wire.server(lambda _: self.node_reply)
        self.front_reply: Reply = self.redirect(self.node)
        self.front = wire.server(lambda _: self.front_reply)
        values = {"eos_redirect_hosts": (f"127.0.0.1:{self.node.port}",), **changes}
        self.session = Session(self.front.settings(**values))
        self.store = ObjectStore(self.session, self.front.settings(**values))
        self.url = f"{self.front.url}eos/0/1/d/01d"

    def redirect(self, to: ScriptedServer) -> bytes:
        return self.wire.reply(307, Location=f"{to.url}eos/01d?encURI=%26cap.sym%3Dcanary%26x%3d1")

    def put(self, path: Path) -> None:
        self.store.put(self.url, TOKEN, FileBody(path, path.stat().st_size), "image/jpeg")

    def get(self) -> bytes:
        with self.stored() as stored:
            return b"".join(block for _, block in stored.pieces())

    def delete(self) -> None:
        self.store.delete(self.url, TOKEN)

    def call(self, method: str, path: Path) -> None:
        if method == "put":
            self.put(path)
        else:
            getattr(self, method)()

    def stored(self) -> AbstractContextManager[Download]:
        return opened(partial(self.store.get, f"{self.url}?authz={TOKEN}"), patience=5)


@pytest.fixture
def doors(wire: Wire) -> Iterator[Doors]:
    found = Doors(wire)
    yield found
    found.session.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(300_000))
    return path


def test_a_put_goes_to_the_node_without_the_token(doors: Doors, picture: Path) -> None:
    doors.put(picture)
    (first,), (second,) = doors.front.received, doors.node.received
    assert (first.method, first.target) == ("PUT", "/eos/0/1/d/01d")
    assert first.headers["authorization"] == f"Bearer {TOKEN}"
    assert (second.method, second.target) == ("PUT", "/eos/01d?encURI=%26cap.sym%3Dcanary%26x%3D1")
    assert "authorization" not in second.headers
    assert "zteos64" not in str(second)
    assert second.body == picture.read_bytes()
    assert second.headers["content-type"] == "image/jpeg"
    assert int(second.headers["content-length"]) == picture.stat().st_size


def test_an_empty_file_has_an_explicit_length(doors: Doors, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    doors.put(tmp_path / "empty")
    assert doors.node.received[0].headers["content-length"] == "0"
    assert "transfer-encoding" not in doors.node.received[0].headers


@pytest.mark.parametrize("host", ["127.0.0.2", "evil.example", "localhost", "127.0.0.1:1", "x@127.0.0.1"])
@pytest.mark.parametrize("method", ["put", "get"])
def test_a_redirect_to_a_foreign_host_is_refused(doors: Doors, picture: Path, host: str, method: str) -> None:
    doors.front_reply = doors.wire.reply(307, Location=f"http://{host}/eos/01d?encURI=x")
    with pytest.raises(RedirectRefused):
        doors.put(picture) if method == "put" else doors.get()
    assert not doors.node.received


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/", "javascript:x", "http://[bad", "http://\\@127.0.0.1/"]
)
def test_a_redirect_to_no_http_address_is_refused(doors: Doors, location: str) -> None:
    doors.front_reply = doors.wire.reply(307, Location=location)
    with pytest.raises(RedirectRefused):
        doors.get()


@pytest.mark.parametrize("method", ["put", "get", "delete"])
@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "//127.0.0.2/eos",
        "http://127.0.0.1:{port}@127.0.0.2/eos",
        "http://user:word@127.0.0.1:{port}/eos",
        "http://127.0.0.1:{port}\\@127.0.0.2/eos",
        "http://127.0.0.2#@127.0.0.1:{port}/eos",
        "http://127.0.0.2?@127.0.0.1:{port}/eos",
        "http://127.0.0.1.evil.example:{port}/eos",
        "http://127.0.0.1:{port}.evil.example/eos",
        "http://2130706433:{port}/eos",
        "http://127.1:{port}/eos",
        "http://[::ffff:127.0.0.1]:{port}/eos",
        "http://127.0.0.1 .evil.example/eos",
        "http:///eos",
        "http:",
        "gopher://127.0.0.1:{port}/",
    ],
)
def test_no_spelling_of_a_redirect_leads_elsewhere(
    doors: Doors, picture: Path, location: str, method: str
) -> None:
    doors.front_reply = doors.wire.reply(307, Location=location.format(port=doors.node.port))
    with pytest.raises((RedirectRefused, UnreadableAnswer)):
        doors.call(method, picture)
    assert not doors.node.received


@given(
    st.text(
        st.characters(codec="latin-1", exclude_characters="\r\n\0") | st.sampled_from(":/@#?[]\\.1"),
        max_size=40,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_redirect_leads_further_than_the_patterns(doors: Doors, location: str) -> None:
    """Whatever the door says: nobody but door and node is asked, which the tests' network watch sees to."""
    doors.front_reply = doors.wire.reply(307, Location=f"http://{location}")
    with contextlib.suppress(RedirectRefused, UnreadableAnswer, UnexpectedStatus):
        doors.get()
    doors.front_reply = doors.wire.reply(307, Location=location)
    with contextlib.suppress(RedirectRefused, UnreadableAnswer, UnexpectedStatus):
        doors.get()


def test_a_fragment_of_a_redirect_stays_here(doors: Doors, picture: Path) -> None:
    doors.front_reply = doors.wire.reply(307, Location=f"{doors.node.url}eos/01d?encURI=x#zteos64")
    doors.put(picture)
    assert doors.node.received[0].target == "/eos/01d?encURI=x"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305])
@pytest.mark.parametrize("method", ["put", "get", "delete"])
def test_a_redirect_that_would_change_the_question_is_none(
    doors: Doors, picture: Path, status: int, method: str
) -> None:
    doors.front_reply = doors.wire.reply(status, Location=f"{doors.node.url}eos/01d?encURI=x")
    with pytest.raises(UnexpectedStatus):
        doors.call(method, picture)
    assert not doors.node.received


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_how_many_hops_are_followed(wire: Wire, picture: Path, hops: int) -> None:
    doors = Doors(wire, eos_redirect_hosts=("127.0.0.1",))
    last = wire.server(lambda _: wire.reply(201))
    for _ in range(hops - 1):
        onward = doors.redirect(last)
        last = wire.server(lambda _, onward=onward: onward)  # type: ignore[misc]
    doors.front_reply = doors.redirect(last)
    if hops > 3:
        with pytest.raises(RedirectRefused, match="more than 3"):
            doors.put(picture)
    else:
        doors.put(picture)
    doors.session.close()


def test_a_redirect_to_nowhere(doors: Doors) -> None:
    doors.front_reply = doors.wire.reply(307)
    with pytest.raises(UnreadableAnswer):
        doors.get()


def test_a_redirect_loop_ends(doors: Doors, picture: Path) -> None:
    doors.node_reply = doors.redirect(doors.node)
    with pytest.raises(RedirectRefused):
        doors.put(picture)
    assert len(doors.node.received) == 3


@pytest.mark.parametrize(
    "url", ["https://evil.example/eos/1", "http://127.0.0.1:1/eos/1", "/eos/1", "", "http://a@127.0.0.1/"]
)
def test_a_token_goes_to_the_front_door_only(doors: Doors, picture: Path, url: str) -> None:
    with pytest.raises(RedirectRefused):
        doors.store.put(url, TOKEN, FileBody(picture, 5), "image/jpeg")
    with pytest.raises(RedirectRefused):
        doors.store.delete(url, TOKEN)
    with pytest.raises(RedirectRefused), doors.store.get(f"{url}?authz={TOKEN}"):
        pass


def test_a_token_does_not_travel_in_clear(wire: Wire, picture: Path) -> None:
    doors = Doors(wire, eos_hosts=("eosatlas.cern.ch",))
    with pytest.raises(RedirectRefused, match="TLS"):
        doors.store.put("http://eosatlas.cern.ch/eos/1", TOKEN, FileBody(picture, 5), "image/jpeg")


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Forbidden), (403, Forbidden), (404, NotFound), (500, ServerTrouble), (200, UnexpectedStatus)],
)
def test_a_put_that_is_not_created_failed(
    doors: Doors, picture: Path, status: int, error: type[ItkError]
) -> None:
    doors.node_reply = doors.wire.reply(status, b"plain words", "text/plain")
    with pytest.raises(error):
        doors.put(picture)


def test_delete(doors: Doors) -> None:
    doors.front_reply = doors.wire.reply(204)
    doors.store.delete(doors.url, TOKEN)
    (request,) = doors.front.received
    assert (request.method, request.headers["authorization"]) == ("DELETE", f"Bearer {TOKEN}")
    for status, error in ((200, UnexpectedStatus), (404, NotFound), (401, Forbidden)):
        doors.front_reply = doors.wire.reply(status)
        with pytest.raises(error):
            doors.store.delete(doors.url, TOKEN)


def stored(wire: Wire, content: bytes, sums: bytes | None = None, **headers: str) -> bytes:
    checksum = f"{zlib.adler32(content if sums is None else sums):08x}"
    values = {"ETag": f'"740906518920036352:{checksum}"', "OC_Checksum": f"Adler32:{checksum}", **headers}
    return wire.reply(200, content, "application/octet-stream", **{k: v for k, v in values.items() if v})  # type: ignore[arg-type]


def test_get_uses_the_address_as_it_was_given(doors: Doors) -> None:
    doors.node_reply = stored(doors.wire, b"bytes")
    assert doors.get() == b"bytes"
    assert doors.front.received[0].target.lower() == f"/eos/0/1/d/01d?authz={TOKEN}".lower()
    assert "authorization" not in doors.front.received[0].headers
    assert "authz" not in doors.node.received[0].target


@pytest.mark.parametrize("header", ["ETag", "OC_Checksum"])
def test_either_checksum_finds_damage(doors: Doors, header: str) -> None:
    doors.node_reply = stored(doors.wire, b"bytes", b"other", **{header: ""})
    with pytest.raises(ChecksumMismatch):
        doors.get()


def test_without_a_checksum_the_bytes_are_taken(doors: Doors) -> None:
    doors.node_reply = doors.wire.reply(200, b"bytes", "")
    assert doors.get() == b"bytes"
    with doors.stored() as found:
        assert found.fingerprint() == (5, f"{zlib.adler32(b'bytes'):08x}")


def test_fingerprint_reads_no_bytes_where_the_store_tells(doors: Doors) -> None:
    doors.node_reply = stored(doors.wire, b"bytes")
    with doors.stored() as found:
        assert found.fingerprint() == (5, f"{zlib.adler32(b'bytes'):08x}")


def test_an_empty_object_has_an_odd_answer(doors: Doors) -> None:
    doors.front_reply = doors.wire.reply(200, b"", "", ETag='"740906518920036352:00000000"')
    assert doors.get() == b""
    assert not doors.node.received


def test_bytes_that_are_cut(doors: Doors) -> None:
    doors.node_reply = doors.wire.reply(200, b"bytes", "", length=99, Connection="close")
    with pytest.raises(TransferIncomplete):
        doors.get()


def test_where_files_belong() -> None:
    assert choose_storage(10, "image/jpeg", 64_000) == (Storage.EOS, "image")
    assert choose_storage(10, "application/x-root", 64_000) == (Storage.EOS, "ROOT file")
    assert choose_storage(64_001, "text/plain", 64_000) == (Storage.EOS, "larger than 64 kB")
    assert choose_storage(64_000, "text/plain", 64_000) == (Storage.FILE, "small file")


def test_an_address_without_its_token() -> None:
    assert url_without_token("https://e/x?authz=zteos64:a") == "https://e/x"
    assert url_without_token("https://e/x") == "https://e/x"


def test_a_store_that_answers_at_once_gets_no_byte(wire: Wire, picture: Path) -> None:
    """As the real door does: the redirect comes instead of a leave to send."""
    node = wire.server(lambda _: wire.reply(201))
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def door() -> None:
            connection, _ = listener.accept()
            with connection:
                while not asked or b"\r\n\r\n" not in b"".join(asked):
                    asked.append(connection.recv(65536))
                location = f"http://127.0.0.1:{node.port}/eos/01d?encURI=x"
                connection.sendall(wire.reply(307, Location=location))
                while more := connection.recv(65536):
                    asked.append(more)

        thread = threading.Thread(target=door)
        thread.start()
        chosen = node.settings(eos_hosts=(f"127.0.0.1:{port}",))
        session = Session(chosen)
        body = FileBody(picture, picture.stat().st_size)
        ObjectStore(session, chosen).put(f"http://127.0.0.1:{port}/eos/01d", TOKEN, body, "image/jpeg")
        session.close()
        thread.join(30)
    head, _, rest = b"".join(asked).partition(b"\r\n\r\n")
    assert b"Expect: 100-continue" in head
    assert rest == b""
    assert node.received[0].body == picture.read_bytes()


def test_a_store_that_knows_no_expectation_gets_the_body(wire: Wire, picture: Path) -> None:
    content = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def store() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as stream:
                while stream.readline().strip():
                    pass
                content.extend(stream.read(picture.stat().st_size))
                connection.sendall(wire.reply(201))

        thread = threading.Thread(target=store)
        thread.start()
        chosen = wire.server(lambda _: wire.reply(500)).settings(eos_hosts=(f"127.0.0.1:{port}",))
        session = Session(chosen)
        body = FileBody(picture, picture.stat().st_size)
        ObjectStore(session, chosen).put(f"http://127.0.0.1:{port}/eos/01d", TOKEN, body, "image/jpeg")
        session.close()
        thread.join(30)
    assert bytes(content) == picture.read_bytes()
