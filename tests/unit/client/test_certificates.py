"""Who may vouch for a server: the shipped authorities for the object store's hosts, and for no other."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from itkgui.client.authorities import CertificatesUnusable
from itkgui.client.cache_options import CacheOptions
from itkgui.client.connection_state import Place, Trouble
from itkgui.client.connections import WakeableAdapter, exchange, named_failures
from itkgui.client.exceptions import AnswerError, TlsFailed
from itkgui.client.origins import Origin, is_of_the_object_store
from itkgui.client.response_cache import CacheUse
from itkgui.client.session import Request, Session
from itkgui.paths import resource
from itkgui.settings import Settings

AUTHORITIES = resource("certificates/cern.pem")


def test_the_authorities_are_the_ones_described() -> None:
    text = AUTHORITIES.read_text("ascii")
    found = x509.load_pem_x509_certificates(text.encode())
    told = re.findall(
        r"#   subject:  (.*)\n#   issuer:   (.*)\n#   valid:    (.*) to (.*)\n#   SHA-256:  (.*)\n", text
    )
    assert told == [
        (
            certificate.subject.rfc4514_string(),
            certificate.issuer.rfc4514_string(),
            f"{certificate.not_valid_before_utc:%Y-%m-%d}",
            f"{certificate.not_valid_after_utc:%Y-%m-%d}",
            certificate.fingerprint(hashes.SHA256()).hex(),
        )
        for certificate in found
    ]
    root, grid = found
    assert told[0][4] == "187f4f7b1315ebd2b72547c1accf2ec4077d51c14a0ce574904a9fdaea8a320c"
    assert told[1][4] == "74f5b602807c76f5651c73f78eb7442ca2ab735dcdc1d1890d386e16414b51fd"
    root.verify_directly_issued_by(root)
    grid.verify_directly_issued_by(root)


def test_they_are_those_of_the_reference_client() -> None:
    data = pytest.importorskip("itkdb.data")
    theirs = x509.load_pem_x509_certificates((Path(data.path) / "CERN_chain.pem").read_bytes())
    ours = x509.load_pem_x509_certificates(AUTHORITIES.read_bytes())
    assert {c.fingerprint(hashes.SHA256()) for c in ours} == {c.fingerprint(hashes.SHA256()) for c in theirs}


Key = ec.EllipticCurvePrivateKey


def certificate(subject: str, key: Key, issuer: str, by: Key, *, is_authority: bool) -> x509.Certificate:
    now = datetime.now(timezone.utc)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if not is_authority:
        own = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(own, critical=False)
    return builder.sign(by, hashes.SHA256())


class Chain:
    """A root, an authority below it, and a server on this computer that it signs for."""

    def __init__(self, folder: Path) -> None:
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
        root = certificate("Root", keys[0], "Root", keys[0], is_authority=True)
        grid = certificate("Grid", keys[1], "Root", keys[0], is_authority=True)
        server = certificate("server", keys[2], "Grid", keys[1], is_authority=False)
        self.authorities = folder / "authorities.pem"
        self.authorities.write_bytes(root.public_bytes(Encoding.PEM) + grid.public_bytes(Encoding.PEM))
        # The server sends its own certificate only, as many do: the rest must be in the file.
        self.server = folder / "server.pem"
        self.server.write_bytes(
            server.public_bytes(Encoding.PEM)
            + keys[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(tmp_path_factory.mktemp("chain"))


@pytest.fixture
def port(chain: Chain) -> Iterator[int]:
    """Return the port of a server that proves itself by the chain and greets everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain.server)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:  # closed
                    return
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        secure.recv(65536)
                        secure.sendall(
                            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                        )
                except OSError:  # a client that does not trust us
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def settings(port: int, **changes: Any) -> Settings:
    values = {"eos_hosts": (f"127.0.0.1:{port}",), "eos_redirect_hosts": (f"127.0.0.1:{port}",)}
    return Settings(
        **{"api_url": "http://127.0.0.1:1/", "auth_url": "http://127.0.0.1:1/", **values, **changes}
    )


def greeting(chosen: Settings, port: int, authorities: Path, verify: Any = True) -> bytes:
    adapter = WakeableAdapter(lambda url: (authorities,) if is_of_the_object_store(chosen, url) else ())
    with requests.Session() as session, named_failures(), exchange(5):
        session.mount("https://", adapter)
        session.trust_env = False
        return session.get(f"https://127.0.0.1:{port}/", timeout=5, verify=verify).content


def test_an_authority_of_the_file_vouches_for_the_store(port: int, chain: Chain) -> None:
    assert greeting(settings(port), port, chain.authorities) == b"hello"
    assert greeting(settings(port, eos_redirect_hosts=()), port, chain.authorities) == b"hello"
    assert greeting(settings(port, eos_hosts=("a.example",)), port, chain.authorities) == b"hello"


def test_it_vouches_for_nobody_else(port: int, chain: Chain) -> None:
    url = f"https://127.0.0.1:{port}/"
    for other in (
        settings(port, eos_hosts=("a.example",), eos_redirect_hosts=("b.example",)),
        settings(port, api_url=url),  # though the store's patterns match it
        settings(port, auth_url=url),
    ):
        with pytest.raises(TlsFailed):
            greeting(other, port, chain.authorities)


def test_the_shipped_authorities_do_not_vouch_for_it(port: int) -> None:
    with pytest.raises(TlsFailed):
        greeting(settings(port), port, AUTHORITIES)


def test_what_the_user_trusts_counts_beside_them(port: int, chain: Chain) -> None:
    assert greeting(settings(port), port, AUTHORITIES, verify=str(chain.authorities)) == b"hello"
    with pytest.raises(TlsFailed):  # and only where it was asked for
        greeting(settings(port), port, AUTHORITIES)


def test_authorities_of_the_settings_vouch_for_every_server(port: int, chain: Chain, tmp_path: Path) -> None:
    url = f"https://127.0.0.1:{port}/"
    chosen = Settings(api_url=url, auth_url=url, ca_bundle=chain.authorities)
    session = Session(chosen)
    cache = CacheOptions(tmp_path).open("somebody", Origin.of(url))
    for use in (None, CacheUse(cache)):
        with pytest.raises(AnswerError):  # it came through, and greets
            session.json(Request("GET", url, json={}, cache=use))
    session.close()
    cache.close()
    session = Session(Settings(api_url=url, auth_url=url))
    with pytest.raises(TlsFailed):
        session.json(Request("GET", url))
    assert session.connection.of(Place.DATABASE).trouble is Trouble.TRUST
    session.close()


@pytest.mark.parametrize("content", [None, b"nothing"])
def test_file_of_authorities_that_is_of_no_use_is_named(
    port: int, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    session = Session(Settings(ca_bundle=file))
    with pytest.raises(CertificatesUnusable, match=r"ca\.pem") as caught:
        session.json(Request("GET", f"https://127.0.0.1:{port}/"))
    session.close()
    assert "Settings, Network" in caught.value.cure


@pytest.mark.parametrize(
    ("url", "is_store"),
    [
        ("https://eosatlas.cern.ch/eos/1", True),
        ("https://st-048.cern.ch:8443/eos/1", True),
        ("https://itkpd.unicornuniversity.net/getUser", False),
        ("https://uuidentity.plus4u.net/uu-oidc-maing02/", False),
        ("https://cern.ch.evil.example/", False),
        ("https://eosatlas.cern.ch@evil.example/", False),
        ("nonsense", False),
    ],
)
def test_which_hosts_are_the_stores(url: str, is_store: bool) -> None:
    assert is_of_the_object_store(Settings(), url) is is_store
