"""One client's connection: its handshake, one request after the other, and the way it ends."""

from __future__ import annotations

import contextlib
import email.message
import logging
import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from itkgui.sandbox.wire.control import Control
from itkgui.sandbox.wire.exchange import Application, Exchange, Terms
from itkgui.sandbox.wire.faults import Faults
from itkgui.sandbox.wire.heads import Head, read_head
from itkgui.sandbox.wire.intake import Intake
from itkgui.sandbox.wire.manners import Manner
from itkgui.sandbox.wire.messages import BLOCK, BadRequestError, Body, DroppedError, Request
from itkgui.sandbox.wire.outlet import Outlet
from itkgui.sandbox.wire.request_log import LogEntry, RequestLog

_LOG = logging.getLogger(__name__)
_HANDSHAKE_SECONDS = 10.0
# What a client may take in all for a head, and how fast a body has to come at least once this time is over.
_HEAD_SECONDS = 10.0
_BODY_SECONDS = 10.0
_BODY_BYTES_PER_SECOND = 1024
# What is still read after an answer that could not wait for the end of the request.
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 64 * 1024 * 1024
_LAST_CHUNK = b"0\r\n\r\n"
# On, for no time: closing is a reset then. Two shorts on Windows, two ints elsewhere.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


@dataclass(frozen=True)
class Site:
    """What one port serves, and under which rules."""

    name: str
    application: Application
    # By the beginning of the path: the first one that fits, and the last one for everything else.
    manners: Sequence[tuple[str, Manner]]
    faults: Faults
    log: RequestLog
    largest_upload: int
    latency: float = 0.0
    control: Control | None = None
    tls: ssl.SSLContext | None = None

    def manner(self, path: str) -> Manner:
        return next((manner for start, manner in self.manners if path.startswith(start)), self.manners[-1][1])


class Connection:
    """One connection, run by a thread of its own until it ends; `stop` ends it from another thread."""

    def __init__(self, site: Site, connection: socket.socket, peer: str) -> None:
        self._site = site
        self._peer = peer
        self._socket = connection
        self._stopping = threading.Event()
        self._manner = site.manner("")
        self._answered = 0
        self._swallow = b""

    def stop(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._shut(socket.SHUT_RDWR)

    def run(self) -> None:
        """Serve until one side has had enough, and close."""
        try:
            self._begin()
            while self._next():
                pass
            self._say_goodbye()
        except DroppedError as error:
            _LOG.debug("%s: %s", self._site.name, error)
            if error.reset:
                # Where the client was quicker, there is nothing left to reset.
                with contextlib.suppress(OSError):
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        except OSError as error:
            # Clients that leave in the middle are daily life, not an error of this server.
            _LOG.debug("%s: a connection ended early: %s", self._site.name, error)
        finally:
            self._socket.close()

    def _begin(self) -> None:
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._site.tls is not None:
            self._socket.settimeout(_HANDSHAKE_SECONDS)
            secured = self._site.tls.wrap_socket(
                self._socket, server_side=True, do_handshake_on_connect=False
            )
            self._socket = secured
            secured.do_handshake()
        self._intake = Intake(self._socket)
        self._outlet = Outlet(self._socket)

    def _next(self) -> bool:
        """Read and answer one request; return whether another one may follow."""
        if not self._wait():
            return False
        head = None
        try:
            self._intake.allow(_HEAD_SECONDS)
            head = read_head(self._intake)
            if head is None:
                return False
            request = self._request(head)
        except TimeoutError:
            return self._refuse(None, 408, "The request came too slowly.")
        except BadRequestError as error:
            return self._refuse(head, error.status, str(error))
        stays = self._exchange(request, head)
        self._answered += 1
        if not stays:
            # What is still unread would make a reset of the end, which can overtake the answer.
            self._linger()
        return stays

    def _wait(self) -> bool:
        """Wait for the next request; return whether there is one to read."""
        self._intake.allow(self._manner.idle_seconds)
        with contextlib.suppress(TimeoutError):
            while self._intake.wait():
                if not self._intake.swallow(self._swallow):
                    return True
                self._swallow = b""
        return False

    def _request(self, head: Head) -> Request:
        self._manner = self._site.manner(head.path)
        length = head.body_length()
        self._swallow = b""
        if length is None and head.method in ("GET", "HEAD") and self._manner.reads_without_body:
            # Some clients send the chunk that ends such a body, others do not.
            length, self._swallow = 0, _LAST_CHUNK
        invite = self._invite if head.expects_continue else None
        self._intake.allow(_BODY_SECONDS, _BODY_BYTES_PER_SECOND)
        body = Body(self._intake, length, self._site.largest_upload, invite)
        return Request(head.method, head.path, head.query, head.headers, body, self._peer)

    def _exchange(self, request: Request, head: Head) -> bool:
        site = self._site
        accepted = head.headers.get("Accept-Encoding", "").lower()
        terms = Terms(
            self._outlet, self._answered, head.wants_to_stay, head.minor > 0 and _takes_gzip(accepted)
        )
        if site.control is not None and site.control.answers(request):
            unseen = LogEntry(site.name, request.method, request.path)
            return Exchange(self._manner, request, terms, unseen).run(site.control, None)
        entry = site.log.begin(site.name, request.method, request.path)
        try:
            fault = site.faults.pick(site.name, request, self._socket)
            if site.latency:
                self._stopping.wait(site.latency)
            return Exchange(self._manner, request, terms, entry).run(site.application, fault)
        finally:
            entry.finish()
            _LOG.info("%s", entry)

    def _refuse(self, head: Head | None, status: int, message: str) -> bool:
        """Answer what is no request, and have done with this connection."""
        method, path = (head.method, head.path) if head else ("", "")
        entry = self._site.log.begin(self._site.name, method, path)
        request = Request(method, path, {}, email.message.Message(), Body(self._intake, 0, 0))
        terms = Terms(self._outlet, self._answered, wants_to_stay=False, compress=False)
        try:
            Exchange(self._manner, request, terms, entry).send(self._manner.error(status, message))
        finally:
            entry.finish()
        self._linger()
        return False

    def _invite(self) -> None:
        self._outlet.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _linger(self) -> None:
        """Read a little of what a client still sends: many look at the answer only when they are done."""
        self._say_goodbye()
        self._shut(socket.SHUT_WR)
        deadline = time.monotonic() + _LINGER_SECONDS
        left = _LINGER_BYTES
        with contextlib.suppress(TimeoutError):
            while left > 0 and (seconds := deadline - time.monotonic()) > 0:
                self._socket.settimeout(seconds)
                # Past any TLS, which has ended already.
                block = socket.socket.recv(self._socket, BLOCK)
                if not block:
                    return
                left -= len(block)

    def _say_goodbye(self) -> None:
        """Tell a client behind TLS that the end is meant to be one; its own goodbye is not waited for."""
        if isinstance(self._socket, ssl.SSLSocket):
            self._socket.settimeout(0)
            with contextlib.suppress(OSError, ValueError):
                self._socket.unwrap()

    def _shut(self, how: int) -> None:
        # Past any TLS, whose state may belong to another thread.
        socket.socket.shutdown(self._socket, how)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding allows it: "gzip;q=0" does not."""
    for entry in accepted.split(","):
        name, _, weight = entry.partition(";")
        if name.strip() == "gzip":
            return re.fullmatch(r"\s*q=0(\.0*)?\s*", weight) is None
    return False
