"""HTTP connections that another thread can wake, and the one place where network failures get their names."""

from __future__ import annotations

import contextlib
import errno
import http.client
import io
import math
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import requests.adapters
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.wait import wait_for_write

from itkgui.client import transfer
from itkgui.client.authorities import CertificatesUnusable, trusting
from itkgui.client.deadlines import Incoming, promised_rest, within
from itkgui.client.exceptions import (
    Cancelled,
    ConnectionLost,
    ItkError,
    ServerSilent,
    ServerUnreachable,
    TlsFailed,
    TransferIncomplete,
    UnreadableAnswer,
)
from itkgui.client.local_server import unreached
from itkgui.client.proxies import ProxyWantsPassword, is_of_a_proxy
from itkgui.log import redact

# The API closes a connection that rests for 5 s (API reference §1.4), so it is left before, in seconds.
_REST_LIMIT = 4.0

BLOCK = 1024 * 1024  # bytes moved at a time; a quarter of it takes a third more processor time

# A server that knows nothing of "Expect: 100-continue" says nothing; after so long it gets the body anyway.
_CONTINUE_PATIENCE = 1.0

_threads = threading.local()


@dataclass
class _Exchange:
    """One request and its answer: the connections it uses, and how long it may wait for the server."""

    watched: contextlib.ExitStack
    silence_limit: float
    is_repeatable: bool

    def watch(self, connection: socket.socket) -> None:
        # A second handle on the same connection: it stays valid when TLS takes the first one over, and when
        # the first one is closed in this thread while another one cancels.
        handle = socket.fromfd(connection.fileno(), connection.family, connection.type, connection.proto)
        self.watched.enter_context(handle)
        self.watched.enter_context(transfer.current().watch(handle))


@contextlib.contextmanager
def exchange(silence_limit: float, *, is_repeatable: bool = False) -> Iterator[None]:
    """While the block runs, cancelling this thread's Transfer shuts down each connection the block uses.

    ``silence_limit`` is for how many seconds the server may take no byte of what is sent, and how many it may
    then take until its answer has begun. What is not repeatable goes over a new connection, or over one that
    the server has promised to keep open.
    """
    outer = getattr(_threads, "exchange", None)
    with contextlib.ExitStack() as watched:
        _threads.exchange = _Exchange(watched, silence_limit, is_repeatable)
        try:
            yield
        finally:
            _threads.exchange = outer


class _Response(http.client.HTTPResponse):
    """An answer whose server cannot take for ever, and that may begin before its request's body is sent."""

    _early: tuple[str, int, str] | None = None

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(Incoming(self.fp.detach(), sock))

    def comes_early(self) -> bool:
        """Whether the server answers without wanting the body; if it wants it, that line is taken away."""
        version, status, reason = super()._read_status()  # type: ignore[misc]  # not in the stubs
        if status != http.HTTPStatus.CONTINUE:
            self._early = version, status, reason
            return True
        http.client.parse_headers(self.fp)
        return False

    @property
    def is_early(self) -> bool:
        return self._early is not None

    def _read_status(self) -> tuple[str, int, str]:
        early, self._early = self._early, None
        return early or super()._read_status()  # type: ignore[misc]  # not in the stubs


class _Wakeable(HTTPConnection):
    """A connection watched by the Transfer of the thread that uses it, from the first packet to the last.

    Only used inside ``exchange``.
    """

    _good_until = 0.0  # by the monotonic clock
    _promised_until = 0.0
    _expects = False
    _begun: _Response | None = None
    _gathered: bytearray | None = None

    @property
    def is_connected(self) -> bool:
        limit = self._good_until if _threads.exchange.is_repeatable else self._promised_until
        return super().is_connected and time.monotonic() < limit

    def connect(self) -> None:
        with within(self.timeout or math.inf):  # a proxy answers too before all is connected
            super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        else:
            _threads.exchange.watch(self.sock)
        # The library leaves the time-out for connecting in force while the body is sent.
        self.sock.settimeout(_threads.exchange.silence_limit)
        self._expects = False
        # The library sends head and body apart; as one packet they wake the server once.
        self._gathered = bytearray()
        try:
            super().request(*args, **kwargs)
            self._send_gathered()
        finally:
            self._gathered = None

    def send(self, data: Any) -> None:
        if self._gathered is None or not isinstance(data, bytes):
            self._send_gathered()
            super().send(data)
            return
        self._gathered += data
        if len(self._gathered) > BLOCK:
            self._send_gathered()

    def _send_gathered(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered:
            super().send(bytes(gathered))

    def putheader(self, header: Any, *values: Any) -> None:
        self._expects = self._expects or header == "Expect"
        super().putheader(header, *values)

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        """Send the head; after "Expect: 100-continue", go on only if the server wants the body.

        Raises BrokenPipeError if it does not: the library takes that for a server that has answered already,
        and reads the answer.
        """
        super().endheaders(*args, **kwargs)
        if not self._expects:
            return
        self._send_gathered()
        # Kept, as it may hold the first bytes of the answer that follows.
        self._begun = _Response(self.sock, method=self._method)  # type: ignore[attr-defined]  # of http.client
        self.sock.settimeout(_CONTINUE_PATIENCE)
        try:
            with within(_threads.exchange.silence_limit):
                comes_early = self._begun.comes_early()
            if comes_early:
                raise BrokenPipeError(errno.EPIPE, "the server answered before the body was sent")
        except TimeoutError:
            self._begun.close()
            self._begun = None
        finally:
            self.sock.settimeout(_threads.exchange.silence_limit)

    def response_class(  # type: ignore[override]  # called like the class that it stands for
        self, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        begun, self._begun = self._begun, None
        return begun or _Response(*args, **kwargs)

    def close(self) -> None:
        # An answer that was begun and never read would keep the socket open.
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.close()
        super().close()

    def getresponse(self) -> urllib3.response.HTTPResponse:  # type: ignore[override]  # as the library does
        early = self._begun is not None and self._begun.is_early
        self._good_until = self._promised_until = 0.0
        with within(_threads.exchange.silence_limit):
            response = super().getresponse()
        # It is open whether a body follows an early answer, and whether a real answer follows a provisional
        # one (1xx): such a connection is not used again.
        if not early and response.status >= http.HTTPStatus.OK:
            now = time.monotonic()
            self._good_until = now + _REST_LIMIT
            self._promised_until = now + min(
                _REST_LIMIT, promised_rest(response.headers.get("Keep-Alive", ""))
            )
        return response

    def _new_conn(self) -> socket.socket:
        # The library's own version hands out the socket only when it is connected, up to the whole time-out
        # later; a dead network is just when people cancel.
        try:
            addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        failure: OSError | None = None
        for family, kind, protocol, _, address in addresses:
            connection = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    connection.setsockopt(*option)
                self._connect(connection, address)
            except OSError as error:
                connection.close()
                transfer.current().check()
                failure = error
            else:
                return connection
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} did not take the connection in time") from failure
        raise NewConnectionError(self, f"no connection to {self.host}: {failure}") from failure

    def _connect(self, connection: socket.socket, address: Any) -> None:
        # Watched only when it has begun to connect: shutting it down earlier would have no effect.
        connection.setblocking(False)
        begun = connection.connect_ex(address)
        if begun not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            raise OSError(begun, os.strerror(begun))
        _threads.exchange.watch(connection)
        connection.settimeout(self.timeout)
        if not wait_for_write(connection, self.timeout):
            raise TimeoutError
        if refused := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(refused, os.strerror(refused))


class _WakeableTls(_Wakeable, HTTPSConnection):
    """The same over TLS; the handshake can be woken as well."""


class _Pool(HTTPConnectionPool):
    """Keeps wakeable connections to one host."""

    ConnectionCls = _Wakeable


class _TlsPool(HTTPSConnectionPool):
    """Keeps wakeable TLS connections to one host."""

    ConnectionCls = _WakeableTls


class WakeableAdapter(requests.adapters.HTTPAdapter):
    """Lets a requests.Session use wakeable connections, through a proxy as well; never repeats by itself.

    ``authorities`` tells for a url in which files of certificates (PEM) those stand that may vouch for its
    server too, beside those that this computer, requests and the user's environment trust.
    """

    def __init__(self, authorities: Callable[[str], tuple[Path, ...]] = lambda _: ()) -> None:
        self._authorities = authorities
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https" and (authorities := self._authorities(request.url or "")):
            tls["ssl_context"] = trusting(authorities, verify)
        return host, tls

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, blocksize=BLOCK)
        _use_wakeable_pools(self.poolmanager)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Make the response of what urllib3 brought; no cookies are looked for, as nobody wants them."""
        response = requests.Response()
        response.status_code = resp.status
        response.headers = CaseInsensitiveDict(resp.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = resp
        response.reason = resp.reason
        response.url = req.url or ""
        response.request = req
        return response

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        _use_wakeable_pools(manager)
        return manager


def _use_wakeable_pools(manager: urllib3.PoolManager) -> None:
    # A SOCKS manager brings connections of its own; those keep their time-outs but cannot be woken.
    if manager.pool_classes_by_scheme.get("http") is HTTPConnectionPool:
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


@contextlib.contextmanager
def named_failures(server: str = "") -> Iterator[None]:
    """Turn what requests, urllib3, http.client, ssl and socket raise in the block into errors of our tree.

    Their details begin with the ``server``. A body that ends early or cannot be unpacked is a
    TransferIncomplete.
    """
    try:
        yield
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        # What wraps the cause tells the whole address, with the capability that may be in its query.
        raise _named(error, server) from list(_causes(error))[-1]


_LOST = (
    ConnectionResetError,
    BrokenPipeError,
    ConnectionAbortedError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
)
_UNTRUSTED = (requests.exceptions.SSLError, urllib3.exceptions.SSLError, ssl.SSLError)
_SILENT = (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)
_DAMAGED = (http.client.IncompleteRead, urllib3.exceptions.DecodeError)
_NOT_HTTP = (http.client.HTTPException, urllib3.exceptions.InvalidHeader)
_NOT_REACHED = (NameResolutionError, NewConnectionError, ConnectTimeoutError, urllib3.exceptions.ProxyError)


def _named(error: Exception, server: str) -> ItkError:
    if transfer.current().is_cancelled:
        return Cancelled()
    causes = list(_causes(error))
    detail = redact(f"{server + ': ' if server else ''}{type(causes[-1]).__name__}: {causes[-1]}")
    if any(map(is_of_a_proxy, causes)):
        return ProxyWantsPassword(detail, status=407)
    # From the particular to the general: a reset is also an OSError, a failed connection may be a time-out.
    rules: tuple[tuple[tuple[type[Exception], ...], type[ItkError]], ...] = (
        (_NOT_REACHED, ServerUnreachable),
        (_DAMAGED, TransferIncomplete),
        (_LOST, ConnectionLost),
        (_UNTRUSTED, TlsFailed),
        (_SILENT, ServerSilent),
        (_NOT_HTTP, UnreadableAnswer),
    )
    for kinds, named in rules:
        if any(isinstance(cause, kinds) for cause in causes):
            if named is not ServerUnreachable:
                return named(detail)
            is_unnamed = any(isinstance(cause, NameResolutionError | socket.gaierror) for cause in causes)
            return unreached(server, detail, is_unnamed=is_unnamed)
    if type(error) is OSError:  # how requests says that the file of certificates is not there
        return CertificatesUnusable(detail)
    return unreached(server, detail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, by whichever of the ways in use here it wraps it."""
    yield error
    inner = [getattr(error, "reason", None), *error.args, error.__cause__]
    found = next((cause for cause in inner if isinstance(cause, BaseException)), None)
    if found is not None:
        yield from _causes(found)
