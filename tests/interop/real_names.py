"""Lets an unmodified client meet the sandbox under the names of the real servers.

itkdb asks for the identity provider's keys at one fixed address, and treats an address as EOS only if it
lies below cern.ch. So that nothing in it need be changed, the tests set what any user behind a proxy sets:
HTTPS_PROXY, HTTP_PROXY and REQUESTS_CA_BUNDLE. The proxy here ends TLS with certificates of a private
authority and passes the bytes on to the sandbox.
"""

from __future__ import annotations

import contextlib
import datetime
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

API = "itkpd.unicornuniversity.net"
IDENTITIES = "uuidentity.plus4u.net"
EOS_DOOR = "eosatlas.cern.ch"
EOS_NODE = "st-048-bb61166f.cern.ch"
_IDENTITIES_PATH = "/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/"
_NODE_ORIGIN = f"http://{EOS_NODE}:8443"
_BLOCK = 64 * 1024
_PATIENCE = 30.0


@dataclass(frozen=True)
class _Route:
    """Where a name leads, and what is written otherwise in the heads of requests there."""

    port: int
    there: tuple[bytes, bytes] = (b"\r\n\r\n", b"\r\n\r\n")


class RealNames:
    """A running proxy for one sandbox; `environment` is what a client of it has to have set."""

    def __init__(self, info: Mapping[str, Any], folder: Path) -> None:
        self.ca_file = folder / "authority.pem"
        certificate, key = _certify(self.ca_file, folder, (API, IDENTITIES, EOS_DOOR))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        api = urlsplit(info["api_url"]).port or 0
        door = urlsplit(info["eos_url"]).port or 0
        own_path = urlsplit(info["auth_url"]).path
        self._fixed = {
            API: _Route(api),
            IDENTITIES: _Route(api, there=(_IDENTITIES_PATH.encode(), own_path.encode())),
        }
        self._door = door
        self._node_origin = ""
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.names = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="proxy", daemon=True).start()
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.environment = {
            "HTTPS_PROXY": url,
            "https_proxy": url,
            "HTTP_PROXY": url,
            "http_proxy": url,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(self.ca_file),
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def route(self, host: str) -> _Route | None:
        """Return where a name leads; None for a stranger."""
        if host == EOS_DOOR:
            return _Route(self._door)
        if host == EOS_NODE and self._node_origin:
            port = urlsplit(self._node_origin).port or 0
            return _Route(port, there=(f"{_NODE_ORIGIN}/".encode(), b"/"))
        return self._fixed.get(host)

    def answered(self, host: str, block: bytes) -> bytes:
        """Give the storage node its real name where the door sends somebody there."""
        if host != EOS_DOOR or b"\r\nLocation: http://127.0.0.1:" not in block:
            return block
        start = block.index(b"\r\nLocation: ") + len(b"\r\nLocation: ")
        self._node_origin = block[start : block.index(b"/eos/", start)].decode()
        return block.replace(self._node_origin.encode(), _NODE_ORIGIN.encode())


class _Server(socketserver.ThreadingTCPServer):
    """Accepts connections to the proxy."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    names: RealNames


class _Connection(socketserver.BaseRequestHandler):
    """One connection: a tunnel whose TLS ends here, or requests with whole addresses."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        self.request.settimeout(_PATIENCE)
        with contextlib.suppress(OSError):  # either side may leave at any time
            head = b""
            while b"\r\n\r\n" not in head:
                block = self.request.recv(_BLOCK)
                if not block:
                    return
                head += block
            method, target = head.split(b" ", 2)[:2]
            if method == b"CONNECT":
                self._tunnel(target.decode().partition(":")[0])
            else:
                self._pass_on(self.request, urlsplit(target.decode()).hostname or "", head)

    def _tunnel(self, host: str) -> None:
        if self.server.names.route(host) is None:
            self.request.sendall(b"HTTP/1.1 502 Unknown Name\r\nContent-Length: 0\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with self.server.names.tls.wrap_socket(self.request, server_side=True) as secured:
            self._pass_on(secured, host, b"")

    def _pass_on(self, client: socket.socket, host: str, head: bytes) -> None:
        names = self.server.names
        route = names.route(host)
        if route is None:
            client.sendall(b"HTTP/1.1 502 Unknown Name\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", route.port), _PATIENCE) as server:
            server.sendall(head.replace(*route.there))
            while True:
                decrypted = isinstance(client, ssl.SSLSocket) and client.pending()
                ready = [client] if decrypted else select.select([client, server], [], [])[0]
                for side in ready:
                    block = side.recv(_BLOCK)
                    if not block:
                        return
                    if side is client:
                        server.sendall(block.replace(*route.there))
                    else:
                        client.sendall(names.answered(host, block))


def _certify(ca_file: Path, folder: Path, names: tuple[str, ...]) -> tuple[Path, Path]:
    """Write the authority's certificate to `ca_file`; return files with one for `names` and its key."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the interop tests")])
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.timezone.utc)

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
        return (
            x509.CertificateBuilder(ca_name, subject, public, x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(authority, critical=False)
        )

    ca = (
        begun(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    certificate = (
        begun(own_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    certificate_file, key_file = folder / "server.pem", folder / "server.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
