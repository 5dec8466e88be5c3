"""HTTP plumbing of the sandbox: connections, headers of the real backends, compression, latency."""

from __future__ import annotations

import gzip
import http.server
import json
import logging
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from itkgui.sandbox.wire.messages import BLOCK, BadRequestError, Body, Request, Response, split_target

_LOG = logging.getLogger(__name__)
_COMPRESS_FROM = 2048


class Application(Protocol):
    """What a server serves; called from many threads at once."""

    def answer(self, request: Request) -> Response:
        """Answer one request; whatever of its body is left is drained before the answer is sent."""


# Answers `Expect: 100-continue` before the body is sent, or returns None to let it come.
EarlyAnswer = Callable[[Request], "Response | None"]


@dataclass(frozen=True)
class Manner:
    """How one of the real servers behaves on the wire (API reference §1.4, §6.3)."""

    server: str
    idle_seconds: float = 5.0
    requests_per_connection: int = 100
    body_seconds: float = 120.0
    common_headers: tuple[tuple[str, str], ...] = ()
    announce_keep_alive: bool = True


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: HttpServer

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.manner.idle_seconds)
        self._left_on_connection = self.server.manner.requests_per_connection

    def version_string(self) -> str:
        return self.server.manner.server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        _LOG.debug("%s %s", self.client_address[0], format % args)

    def handle_expect_100(self) -> bool:
        request = self._request()
        early = self.server.early(request) if request and self.server.early else None
        if request is None or early is None:
            if request is None:
                return False
            super().handle_expect_100()
            self.wfile.flush()
            return True
        # The client may or may not send the body after this: only a closed connection is unambiguous.
        self.close_connection = True
        self._send(request, early)
        return False

    def _request(self) -> Request | None:
        try:
            path, query = split_target(self.path)
            body = Body(self.rfile, dict(self.headers.items()))
            return Request(self.command, path, query, self.headers, body)
        except BadRequestError as error:
            self.close_connection = True
            self._send(None, _plain_error(error))
            return None

    def _serve(self) -> None:
        request = self._request()
        if request is None:
            return
        # Idle connections end soon, bodies may come slowly.
        self.connection.settimeout(self.server.manner.body_seconds)
        if self.server.latency:
            time.sleep(self.server.latency)
        try:
            response = self.server.application.answer(request)
        except BadRequestError as error:
            response = _plain_error(error)
        except ConnectionError:
            raise
        except TimeoutError as error:
            raise ConnectionAbortedError("The client stopped sending.") from error
        except Exception as error:  # noqa: BLE001 - a server outlives a mistake in one of its answers
            _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
            response = _internal_error()
        try:
            # Whoever is still sending would otherwise see a broken connection instead of the answer.
            request.body.drain()
        except BadRequestError as error:
            response = _plain_error(error)
        self._send(request, response)
        self.connection.settimeout(self.server.manner.idle_seconds)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class asks for one do_… method per HTTP method; the applications know which ones they take.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _send(self, request: Request | None, response: Response) -> None:
        self._left_on_connection -= 1
        if response.status >= 400 or self._left_on_connection <= 0:
            self.close_connection = True
        self.send_response(response.status, response.reason)
        manner = self.server.manner
        for name, value in (*manner.common_headers, *response.headers):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        else:
            self.send_header("Connection", "Keep-Alive")
            if manner.announce_keep_alive:
                left = f"timeout={manner.idle_seconds:.0f}, max={self._left_on_connection}"
                self.send_header("Keep-Alive", left)
        wants_body = request is None or request.method != "HEAD"
        if isinstance(response.body, Path):
            self._send_file(response.body, wants_body)
        else:
            accepted = request.headers.get("Accept-Encoding", "") if request else ""
            wanted = response.compress and "gzip" in accepted.lower() and self.request_version == "HTTP/1.1"
            compress = wanted and len(response.body) >= _COMPRESS_FROM
            self._send_bytes(response, response.body, compress=compress, wants_body=wants_body)
        self.wfile.flush()

    def _send_bytes(self, response: Response, body: bytes, *, compress: bool, wants_body: bool) -> None:
        if compress:
            # Large answers come chunked and compressed, small ones neither (API reference §1.4).
            body = gzip.compress(body, compresslevel=1)
            self.send_header("content-encoding", "gzip")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            if wants_body:
                for start in range(0, len(body), BLOCK):
                    block = body[start : start + BLOCK]
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))
                self.wfile.write(b"0\r\n\r\n")
            return
        if response.status != http.HTTPStatus.NO_CONTENT:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if wants_body:
            self.wfile.write(body)

    def _send_file(self, path: Path, wants_body: bool) -> None:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            self.send_header("content-length", str(size))
            self.end_headers()
            left = size if wants_body else 0
            while left and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                self.wfile.write(block)
            if left:
                self.close_connection = True


class HttpServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """One listening port on loopback, serving one application with a thread per connection."""

    daemon_threads = True
    block_on_close = False
    # Room for bursts: what does not fit is tried again by the client after a whole second.
    request_queue_size = 1024

    def __init__(
        self,
        application: Application,
        manner: Manner,
        *,
        port: int = 0,
        latency: float = 0.0,
        early: EarlyAnswer | None = None,
    ) -> None:
        self.application = application
        self.manner = manner
        self.early = early
        self.latency = latency
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def server_bind(self) -> None:
        # HTTPServer asks the name service for the host's full name here, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's
        # Clients that leave in the middle are daily life, not an error of this server.
        _LOG.debug("connection from %s ended early", client_address, exc_info=True)

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name=f"port-{self.server_port}"
        )
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()


def _plain_error(error: BadRequestError) -> Response:
    return Response.json(
        {"uuAppErrorMap": {"uu-app-server/invalidRequest": _error_entry(str(error))}}, error.status
    )


def _internal_error() -> Response:
    entry = _error_entry("Unexpected exception.")
    return Response.json({"uuAppErrorMap": {"uu-app-server/internalServerError": entry}}, 500)


def _error_entry(message: str) -> dict[str, str]:
    return {"type": "error", "message": message}


def pretty_json(content: object, status: int, content_type: str) -> Response:
    """Answer as the identity provider writes its errors: on many lines, with blanks around colons."""
    body = json.dumps(content, indent=2, separators=(",", " : ")).encode()
    return Response(status, headers=[("Content-Type", content_type)], body=body)
