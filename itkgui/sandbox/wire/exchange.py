"""Answers one request: fetches the answer, lets faults act, decides what becomes of the connection."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from itkgui.sandbox.wire.answers import web_page
from itkgui.sandbox.wire.faults import Fault
from itkgui.sandbox.wire.manners import Manner
from itkgui.sandbox.wire.messages import BadRequestError, DroppedError, Gate, Request, Response
from itkgui.sandbox.wire.outlet import Content, Outlet, head_of
from itkgui.sandbox.wire.request_log import LogEntry

_LOG = logging.getLogger(__name__)
_NOISE = b"\x00\x17\xfe noise \x80\xff" * 30


class Application(Protocol):
    """What a server serves; called from many threads at once."""

    def answer(self, request: Request) -> Response:
        """Answer one request; whatever of its body is left is read before the answer is sent."""


@dataclass
class Terms:
    """What one answer has to heed about its connection and its client."""

    outlet: Outlet
    # How many answers this connection has carried before, and whether the client wants it to stay.
    answered: int
    wants_to_stay: bool
    # Whether the client understands chunks and compression.
    compress: bool


class Exchange:
    """One request and its answer; `fault` is what goes wrong with it, `entry` its line in the log."""

    def __init__(self, manner: Manner, request: Request, terms: Terms, entry: LogEntry) -> None:
        self._manner = manner
        self._request = request
        self._terms = terms
        self._entry = entry
        self._fault: Fault | None = None

    def run(self, application: Application, fault: Fault | None) -> bool:
        """Answer; return whether the connection may stay. Raises OSError, DroppedError among them."""
        self._fault = fault
        body = self._request.body
        self._entry.body = body
        if fault is not None:
            self._entry.fault = fault.do
            self._prepare(fault)
        try:
            response = self._answer(application)
            try:
                self._finish_request()
            except BaseException:
                response.close()
                raise
        except BadRequestError as error:
            response = self._manner.error(error.status, str(error))
            self._terms.wants_to_stay = False
        return self.send(response)

    def _finish_request(self) -> None:
        if self._request.body.awaits_invitation:
            # The client may or may not send the body after this: only a closed connection is unambiguous.
            self._terms.wants_to_stay = False
        else:
            # Whoever is still sending would otherwise see a broken connection instead of the answer.
            self._request.body.drain()
        if self._fault is not None and self._fault.do == "commit_then_drop":
            raise DroppedError("A fault drops the answer.")

    def _prepare(self, fault: Fault) -> None:
        body = self._request.body
        if fault.do == "expire_token":
            self._request.expire_token = True
        elif fault.do == "truncate" and fault.on_request:
            body.kept = fault.rule.after_bytes
        elif fault.is_gate and fault.on_request:
            body.gate = fault
            if body.ended:
                fault.end()

    def _answer(self, application: Application) -> Response:
        fault, manner = self._fault, self._manner
        if fault is None:
            return self._ask(application)
        if fault.do == "status":
            response = manner.error(fault.rule.status, "The service cannot answer now.")
            response.headers += fault.rule.headers.items()
            return response
        if fault.do == "html":
            return web_page(manner.page)
        if fault.do == "garbage" and self._request.method not in ("GET", "HEAD"):
            return self._noise()
        try:
            response = self._ask(application)
        except BadRequestError:
            if fault.do != "garbage":
                raise
            return self._noise()
        if fault.do == "garbage" and response.status not in (200, 206):
            return self._noise()
        return response

    def _noise(self) -> Response:
        return Response(headers=[("Content-Type", self._manner.content_type)], body=_NOISE)

    def _ask(self, application: Application) -> Response:
        request = self._request
        try:
            return application.answer(request)
        except (BadRequestError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 - a server outlives a mistake in one of its answers
            _LOG.error("%s %s failed", request.method, self._entry.path, exc_info=error)
            return self._manner.error(500, "Unexpected exception.")

    def send(self, response: Response) -> bool:
        """Send an answer; return whether the connection may stay."""
        self._manner.dress(self._request.method, response)
        garble = self._fault is not None and self._fault.do == "garbage"
        try:
            content = Content(response, compress=self._terms.compress, garble=garble)
        except FileNotFoundError:
            # It was deleted after the answer was made.
            return self.send(self._manner.error(404, "The file is not there any more."))
        with content:
            return self._send(response, content)

    def _send(self, response: Response, content: Content) -> bool:
        fault = self._fault
        gate: Gate | None = None
        only_head = self._request.method == "HEAD"
        size = 0 if only_head else content.size
        stays = self._terms.wants_to_stay and response.status < 400 and self._requests_left > 0
        promised = size
        if fault is not None and fault.is_gate and self._acts_on_answer(fault):
            gate = fault
            gate.allow(0, 1)
        elif fault is not None and fault.do == "truncate" and not fault.on_request and size:
            size = min(fault.rule.after_bytes, size - 1)
            # In chunks nothing is promised that could be missed.
            content.is_chunked = False
        head = head_of(
            response,
            content,
            self._manner.server,
            date=self._manner.date,
            connection=self._connection_headers(stays=stays),
        )
        self._entry.status = response.status
        # What a head says of chunks is not to be followed by any if it comes alone.
        content.is_chunked = content.is_chunked and not only_head
        whole = self._terms.outlet.send_body(head, content, size, gate, self._count)
        return stays and whole and size == promised

    def _acts_on_answer(self, fault: Fault) -> bool:
        """Whether the answer is what a fault is about: also if it was to act on a body that never came."""
        return not fault.on_request or self._request.body.awaits_invitation

    def _count(self, size: int) -> None:
        self._entry.bytes_out += size

    @property
    def _requests_left(self) -> int:
        return self._manner.requests_per_connection - self._terms.answered

    def _connection_headers(self, *, stays: bool) -> list[tuple[str, str]]:
        if not stays:
            return [("Connection", "close")]
        headers = [("Connection", "Keep-Alive")]
        if self._manner.announces_keep_alive:
            idle = f"timeout={self._manner.idle_seconds:.0f}, max={self._requests_left}"
            headers.append(("Keep-Alive", idle))
        return headers
