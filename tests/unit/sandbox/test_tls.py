"""With --tls the sandbox speaks https under a certificate authority of its own, as strict clients want it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, TIMEOUT, Caller

REQUEST = b"GET /listProjects HTTP/1.1\r\nHost: localhost\r\n\r\n"
CONTENT = bytes(range(256)) * 4000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    folder = tmp_path_factory.mktemp("tls") / "storage"
    with SandboxProcess().start("--components", "50", "--tls", "--storage", str(folder)) as process:
        process.info["folder"] = folder
        yield process
    assert (process.returncode, process.errors) == (0, "")


@pytest.fixture
def api(server: SandboxProcess) -> Iterator[Caller]:
    with Caller(server.info) as caller:
        caller.control("DELETE", "faults")
        yield caller


def strict_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def handshake(url: str, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
    place = urlsplit(url)
    connection = socket.create_connection((place.hostname, place.port or 443), timeout=TIMEOUT)
    try:
        return context.wrap_socket(connection, server_hostname=name)
    except BaseException:
        connection.close()
        raise


def read_below_tls(secured: ssl.SSLSocket) -> None:
    """Read to the end; within TLS, some versions of Python take a reset for an end."""
    while socket.socket.recv(secured, 65536):
        pass


def test_everything_but_the_node_is_announced_with_https(api: Caller) -> None:
    for name in ("api_url", "auth_url", "eos_url", "eos_token_url"):
        assert api.info[name].startswith("https://127.0.0.1:")
    folder: Path = api.info["folder"]
    assert Path(api.info["ca_file"]) == folder / "ca.pem"
    keys = [path for path in folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert keys == []


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_strictest_client_is_content(api: Caller, name: str) -> None:
    context = strict_context(api.info["ca_file"])
    for url in (api.info["api_url"], api.info["eos_url"]):
        with handshake(url, context, name) as secured:
            assert secured.version() == "TLSv1.3"


def test_other_names_and_other_authorities_are_not_trusted(api: Caller) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
        handshake(api.info["api_url"], strict_context(api.info["ca_file"]), "example.org")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(api.info["api_url"], timeout=TIMEOUT)
    assert api.get("listProjects")


def test_the_certificate_has_what_the_standard_wants(api: Caller) -> None:
    authority = x509.load_pem_x509_certificate(Path(api.info["ca_file"]).read_bytes())
    context = strict_context(api.info["ca_file"])
    with handshake(api.info["api_url"], context, "localhost") as secured:
        found = secured.getpeercert(binary_form=True)
    assert found is not None
    certificate = x509.load_der_x509_certificate(found)
    certificate.verify_directly_issued_by(authority)
    key = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    for one in (authority, certificate):
        extensions = one.extensions
        assert extensions.get_extension_for_class(x509.BasicConstraints).critical
        assert extensions.get_extension_for_class(x509.KeyUsage).critical
        found_key = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        assert found_key == key


def test_upload_and_download_cross_from_https_to_http(api: Caller) -> None:
    answer = api.post(
        "requestUploadEosFile", type="component", id=QUAD, title="a", description="d", filesize=3
    )
    bearer = {"Authorization": f"Bearer {answer['token']}"}
    first = api.raw("PUT", answer["url"], data=CONTENT, headers=bearer)
    assert first.status_code == 307
    assert first.headers["Location"].startswith("http://127.0.0.1:")
    assert api.raw("PUT", first.headers["Location"], data=CONTENT).status_code == 201
    attached = api.attach(QUAD, "b.bin", CONTENT, "application/octet-stream")
    found = api.send("GET", "getComponentAttachment", json={"component": QUAD, "code": attached["code"]})
    assert found.content == CONTENT


def test_faults_behind_tls(api: Caller) -> None:
    api.fail("GET /listProjects", "reset")
    api.fail("GET /listProjects", "stall", ms=200)
    api.fail("GET /getComponent", "truncate", after_bytes=1000)
    with handshake(api.info["api_url"], strict_context(api.info["ca_file"]), "localhost") as secured:
        secured.sendall(REQUEST)
        with pytest.raises(ConnectionResetError):
            read_below_tls(secured)
    assert api.get("listProjects")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="1000 bytes read"):
        api.get("getComponent", component=QUAD)


def test_an_answer_that_is_cut_short_ends_as_tls_ends(api: Caller) -> None:
    api.fail("GET /listProjects", "truncate", after_bytes=10)
    place = urlsplit(api.info["api_url"])
    context = strict_context(api.info["ca_file"])
    with (
        socket.create_connection((place.hostname, place.port or 443), timeout=TIMEOUT) as connection,
        # Without a proper end this reader raises an error instead of telling the end.
        context.wrap_socket(connection, server_hostname="localhost", suppress_ragged_eofs=False) as secured,
    ):
        secured.sendall(REQUEST)
        received = b""
        while block := secured.recv(65536):
            received += block
    assert len(received.partition(b"\r\n\r\n")[2]) == 10


def test_a_handshake_that_never_comes_holds_up_nobody(api: Caller) -> None:
    place = urlsplit(api.info["api_url"])
    address = (str(place.hostname), place.port or 443)
    with (
        socket.create_connection(address, timeout=TIMEOUT),
        socket.create_connection(address, timeout=TIMEOUT) as plain,
    ):
        plain.sendall(REQUEST)
        assert api.get("listProjects")
        with contextlib.suppress(ConnectionResetError):
            while block := plain.recv(65536):
                assert b"HTTP" not in block


def test_without_a_folder_the_certificate_goes_with_the_process() -> None:
    with SandboxProcess().start("--components", "10", "--tls") as process, Caller(process.info) as api:
        ca_file = Path(process.info["ca_file"])
        assert api.get("listProjects")
        assert ca_file.exists()
    assert not ca_file.exists()
    assert (process.returncode, process.errors) == (0, "")


def test_the_openssl_program_agrees(api: Caller) -> None:
    try:
        done = subprocess.run(
            ["openssl", "verify", "-x509_strict", "-check_ss_sig", "-CAfile", *[api.info["ca_file"]] * 2],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("there is no openssl program here")
    assert done.returncode == 0, done.stderr


def test_what_is_no_tls_in_the_middle_of_a_body_ends_quietly(server: SandboxProcess, api: Caller) -> None:
    secured = handshake(server.info["api_url"], strict_context(server.info["ca_file"]), "localhost")
    with secured:
        secured.sendall(b"POST /getUser HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{")
        socket.socket.sendall(secured, b"this is no TLS record" * 10)
        with contextlib.suppress(OSError):
            read_below_tls(secured)
    assert api.get("listProjects")["itemList"]
