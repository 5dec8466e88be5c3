"""Real servers with scripted answers, for the faults that a well-behaved server does not have."""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

from itkgui.client.auth import Authenticator
from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.database import ProductionDatabase
from itkgui.client.session import Request, Session
from itkgui.records.component import Component
from itkgui.settings import Settings
from tests.unit.client.signed_in import MODULE, Answer, ScriptedDatabase, sign_in

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Silence:
    """Stands for an answer that never comes."""


class Reset:
    """Stands for a connection that breaks instead of an answer."""


CODES = AccessCodes("one", "two")
OPAQUE = BearerToken("opaque-canary")
AUDIENCE = "https://itkpd.unicornuniversity.net"
Reply = bytes | Iterable[bytes] | Silence | Reset
Script = Callable[[Received], Reply]


class ScriptedServer:
    """An HTTP server on loopback whose answers, byte for byte, a function of the test decides."""

    def __init__(self, script: Script) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            """Serves one connection."""

            def handle(self) -> None:
                outer.connections += 1
                outer._open.add(self.request)
                with contextlib.suppress(ConnectionError, ValueError):
                    while (received := _read(self.rfile, self.wfile)) is not None:
                        outer.received.append(received)
                        if not self._send(script(received)):
                            break
                outer._open.discard(self.request)

            def _send(self, reply: Reply) -> bool:
                if isinstance(reply, Silence):
                    outer._closing.wait()
                    return False
                if isinstance(reply, Reset):
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return False
                for part in (reply,) if isinstance(reply, bytes) else reply:
                    self.wfile.write(part)
                    if outer._closing.is_set():
                        return False
                first = reply if isinstance(reply, bytes) else b""
                return b"connection: close" not in first.lower() and isinstance(reply, bytes)

        class Server(socketserver.ThreadingTCPServer):
            """Takes the connections."""

            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, **changes: Any) -> Settings:
        """Return settings that lead to this server and to nowhere else."""
        values: dict[str, Any] = {
            "api_url": self.url,
            "auth_url": f"{self.url}oidc/",
            "eos_hosts": (f"127.0.0.1:{self.port}",),
            "eos_redirect_hosts": (f"127.0.0.1:{self.port}",),
            "connect_timeout": 2.0,
            "read_timeout": 5.0,
        }
        return Settings(**{**values, **changes})


def ask(server: ScriptedServer, method: str = "GET", **settings: Any) -> Any:
    """Ask a server one thing by a session of its own, and return the JSON of the answer."""
    session = Session(server.settings(**settings))
    try:
        return session.json(Request(method, server.url + "getThing", json={"a": 1}))
    finally:
        session.close()


class Wire:
    """Writes answers byte for byte, and starts the servers that give them."""

    silence = Silence()
    reset = Reset()

    def __init__(self) -> None:
        self._servers = contextlib.ExitStack()

    def server(self, script: Script) -> ScriptedServer:
        server = ScriptedServer(script)
        self._servers.callback(server.close)
        return server

    def server_of(self, *replies: Reply) -> ScriptedServer:
        """Start a server that gives these answers in turn, and the last one for ever."""
        waiting = list(replies)
        return self.server(lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0])

    def close(self) -> None:
        self._servers.close()

    @staticmethod
    def reply(
        status: int = 200,
        body: bytes = b"",
        content_type: str = "application/json",
        length: int | None = None,
        **headers: str,
    ) -> bytes:
        """Compose an answer; header names are given with underscores, ``length`` if it shall be wrong."""
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
        lines += [f"Content-Type: {content_type}"] if content_type else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join((*lines, "", "")).encode("latin-1") + body

    @classmethod
    def json(cls, data: Any, status: int = 200, **headers: str) -> bytes:
        return cls.reply(status, json.dumps(data).encode(), length=None, **headers)

    @classmethod
    def failure(cls, status: int, code: str, message: str = "No.", **entry: Any) -> bytes:
        """Compose an answer with one entry in its error map."""
        entry = {"type": "error", "message": message, **entry}
        return cls.json({"uuAppErrorMap": {code: entry}}, status, X_Request_Id="request-1")


@pytest.fixture
def wire() -> Iterator[Wire]:
    found = Wire()
    yield found
    found.close()


@functools.cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """Return one of the keys that all providers of a process have in turn: to make one takes 50 ms."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """An identity provider: real keys, real tokens, whose claims the test may change; beside it, an API."""

    def __init__(self, wire: Wire) -> None:
        self._keys = 0
        self.new_key()
        self.claims: dict[str, Any] = {}
        self.lifetime = 1800.0
        self.grants = 0
        self.latency = 0.0
        self.replies: dict[str, Reply] = {}
        self.wire = wire
        self.api: Script = lambda _: wire.json({})
        self.server = wire.server(self.answer)
        self.sessions: list[Session] = []

    def new_key(self) -> None:
        self.key = _key(self._keys)
        self._keys += 1

    def token(self, **claims: Any) -> str:
        now = time.time()
        values = {
            "uuidentity": "12-3456-1",
            "name": "Alex Example",
            "aud": ["uu-oidc:unregistered-client", AUDIENCE],
            "nbf": int(now),
            "iat": int(now),
            "exp": now + self.lifetime,
            "jti": str(self.grants),
            **claims,
        }
        values = {name: value for name, value in values.items() if value is not None}
        return jwt.encode(values, self.key, algorithm="RS256", headers={"kid": "key-1"})

    def answer(self, request: Received) -> Reply:
        if not request.target.startswith("/oidc/"):
            return self.api(request)
        command = request.target.rpartition("/")[2]
        if command in self.replies:
            threading.Event().wait(self.latency)
            return self.replies[command]
        if command == "listKeys":
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            odd: list[Any] = [
                None,
                {"kty": "EC"},
                {"kty": "RSA", "kid": "odd", "n": 5},
                {"kty": "RSA", "n": "?"},
            ]
            return self.wire.json({"keys": [*odd, {**public, "kid": "key-1", "use": "sig"}]})
        threading.Event().wait(self.latency)  # a slow provider
        self.grants += 1
        return self.wire.json(
            {"id_token": self.token(**self.claims), "access_token": "at.x", "expires_in": 1800}
        )

    def authenticator(self, credentials: Credentials = CODES) -> Authenticator:
        settings = self.server.settings()
        session = Session(settings)
        self.sessions.append(session)
        return Authenticator(session, settings, credentials)


@pytest.fixture
def provider(wire: Wire) -> Iterator[Provider]:
    found = Provider(wire)
    yield found
    for session in found.sessions:
        session.close()


@pytest.fixture
def database(sandbox: SandboxProcess) -> Iterator[ProductionDatabase]:
    """Somebody signed in to the shared sandbox."""
    found = sign_in(sandbox)
    yield found
    found.sign_out()


@pytest.fixture
def module(database: ProductionDatabase) -> Component:
    return database.component(MODULE).component


@pytest.fixture
def scripted(provider: Provider) -> Iterator[Callable[..., ScriptedDatabase]]:
    """Sign in to servers whose answers the test gives, by command."""
    started: list[ScriptedDatabase] = []

    def start(**answers: Answer) -> ScriptedDatabase:
        started.append(ScriptedDatabase(provider, answers))
        return started[-1]

    yield start
    for found in started:
        found.database.sign_out()


class Clients:
    """Makes clients, and closes them after the test."""

    def __init__(self) -> None:
        self.made: list[Client] = []

    def __call__(self, server: ScriptedServer, credentials: Credentials = OPAQUE, **settings: Any) -> Client:
        client = Client(server.settings(**settings), credentials)
        self.made.append(client)
        return client


@pytest.fixture
def client_of() -> Iterator[Clients]:
    clients = Clients()
    yield clients
    for client in clients.made:
        client.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for this computer that it signed itself, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        signed.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def _read(stream: Any, answers: Any) -> Received | None:
    line = stream.readline()
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while (line := stream.readline().strip()) != b"":
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("expect") == "100-continue":
        answers.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    length = int(headers.get("content-length", 0))
    body = stream.read(length)
    if len(body) < length:
        return None  # whoever asked has gone
    return Received(method, target, headers, body)
