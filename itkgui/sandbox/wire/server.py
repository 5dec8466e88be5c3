"""A listening port on loopback: accepts connections, gives each a thread, and ends them all when it stops."""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
import time
from typing import Any

from itkgui.sandbox.wire.connection import Connection, Site

_LOG = logging.getLogger(__name__)
_FAREWELL_SECONDS = 5.0
_BREATH_SECONDS = 0.05


class HttpServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """One port that serves one site. Raises OSError if the port cannot be had."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    # Room for bursts: what does not fit is tried again by the client after a whole second.
    request_queue_size = 1024

    def __init__(self, site: Site, port: int = 0) -> None:
        self._site = site
        self._connections: dict[Connection, threading.Thread] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__(("127.0.0.1", port), socketserver.BaseRequestHandler)

    @property
    def origin(self) -> str:
        scheme = "http" if self._site.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, Any]:
        try:
            return super().get_request()
        except OSError:
            # Out of file handles, perhaps: the one that waits would be tried again at once, and for ever.
            time.sleep(_BREATH_SECONDS)
            raise

    def finish_request(self, request: Any, client_address: Any) -> None:
        connection = Connection(self._site, request, str(client_address[0]))
        with self._lock:
            self._connections[connection] = threading.current_thread()
        try:
            connection.run()
        finally:
            with self._lock:
                del self._connections[connection]

    def shutdown_request(self, request: Any) -> None:
        # A connection ends itself; the base class would add a farewell of its own.
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's
        _LOG.exception("a connection failed")

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_BREATH_SECONDS,), name=f"port-{self.server_address[1]}"
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and end all connections, also those in the middle of something."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()
        with self._lock:
            open_connections = dict(self._connections)
        for connection in open_connections:
            connection.stop()
        deadline = time.monotonic() + _FAREWELL_SECONDS
        for thread in open_connections.values():
            thread.join(max(0.0, deadline - time.monotonic()))
