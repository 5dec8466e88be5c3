"""A look at the way to one server, step by step as a connection is made: proxy, name, certificate, answer."""

from __future__ import annotations

import http.client
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from urllib.parse import unquote, urlsplit

from cryptography import x509
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy

from itkgui.client.answers import Answer
from itkgui.client.authorities import trusting
from itkgui.client.connections import named_failures
from itkgui.client.origins import Origin
from itkgui.client.session import Request, Session
from itkgui.settings import Settings

_CONNECT, _READ = 8.0, 12.0  # seconds; nobody waits longer for a look
_EVERY_STATUS = tuple(range(200, 600))


@dataclass(frozen=True)
class Certificate:
    """What a server shows of itself."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    protocol: str = ""  # of TLS, empty if it was not trusted


class Probe:
    """Looks at one server as the program would come to it; nothing secret is sent.

    Its methods block for some seconds at the most, and raise ConnectionFailed, AnswerError and Cancelled.
    """

    def __init__(self, settings: Settings, url: str) -> None:
        self.url = url
        self.origin = Origin.of(url)
        self._timeout = min(settings.connect_timeout, _CONNECT)
        patience = min(settings.read_timeout, _READ)
        self._session = Session(replace(settings, connect_timeout=self._timeout, read_timeout=patience))

    @property
    def host(self) -> str:
        return self.origin.host

    @property
    def uses_tls(self) -> bool:
        return self.origin.scheme == "https"

    @property
    def proxy(self) -> str:
        """The address of the proxy that leads to the server; empty for none. It may hold a password."""
        return select_proxy(self.url, dict(self._session.environment_of(self.url)["proxies"])) or ""

    def close(self) -> None:
        self._session.close()

    def addresses(self) -> list[str]:
        """Look the server's name up. Raises ServerUnreachable if nobody knows it."""
        return self._addresses(self.origin.host, self.origin.port)

    def proxy_addresses(self) -> list[str]:
        """Look the proxy's name up, and connect to it. Raises ServerUnreachable, ServerSilent."""
        parts = urlsplit(self.proxy)
        found = self._addresses(parts.hostname or "", parts.port or 80)
        with named_failures(parts.netloc.rpartition("@")[2]):
            socket.create_connection((parts.hostname or "", parts.port or 80), self._timeout).close()
        return found

    def certificate(self) -> Certificate:
        """Shake hands with the server. Raises TlsFailed if it cannot prove who it is."""
        verify = self._session.environment_of(self.url)["verify"]
        files = self._session.authorities_for(self.url)
        with named_failures(self.origin.host):
            context = trusting(files, verify)
            context.load_verify_locations(verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH)
            return self._shown(context)

    def untrusted_certificate(self) -> Certificate:
        """Return what the server shows of itself, whether that proves anything or not."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with named_failures(self.origin.host):
            return replace(self._shown(context), protocol="")

    def answer(self) -> Answer:
        """Ask for the address; any answer will do, whatever its status."""
        return self._session.answer(Request("GET", self.url, accept=_EVERY_STATUS))

    def _addresses(self, host: str, port: int) -> list[str]:
        with named_failures(host):
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def _shown(self, context: ssl.SSLContext) -> Certificate:
        connection = http.client.HTTPSConnection(
            self.origin.host, self.origin.port, timeout=self._timeout, context=context
        )
        if self.proxy:
            parts = urlsplit(self.proxy)
            connection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port or 80, timeout=self._timeout, context=context
            )
            password = _password_of(parts.username, parts.password)
            connection.set_tunnel(self.origin.host, self.origin.port, password)
        try:
            connection.connect()
            line = connection.sock
            found = x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"")
            return Certificate(
                _name(found.subject),
                _name(found.issuer),
                found.not_valid_before_utc,
                found.not_valid_after_utc,
                line.version() or "",
            )
        finally:
            connection.close()


def _password_of(name: str | None, password: str | None) -> dict[str, str]:
    if name is None:
        return {}
    pair = f"{unquote(name)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {b64encode(pair).decode()}"}


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    company = name.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return ", ".join(str(part.value) for part in (*common[:1], *company[:1])) or name.rfc4514_string()


def now() -> datetime:
    """Return this moment by this computer's clock."""
    return datetime.now(timezone.utc)
