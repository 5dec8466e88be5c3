"""Sends requests and hands out answers: time-outs, repetition of reads, no redirects, errors of one tree."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar

import requests
import requests.auth

from itkgui import __version__
from itkgui.client import transfer
from itkgui.client.answers import Answer
from itkgui.client.bodies import FileBody, MultipartBody
from itkgui.client.connections import WakeableAdapter, exchange, named_failures
from itkgui.client.exceptions import ConnectionLost, ServerTrouble
from itkgui.client.origins import Origin
from itkgui.records.json_fields import Json
from itkgui.settings import Settings

log = logging.getLogger(__name__)
T = TypeVar("T")

_REPEATS = 2
_FIRST_PAUSE = 0.3  # seconds; the second is four times as long
_BUSY = (502, 503, 504)


@dataclass(frozen=True, repr=False)
class Request:
    """One request; ``accept`` names statuses that are no error here beside 2xx."""

    method: str
    url: str
    json: Json | None = None
    body: FileBody | MultipartBody | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: str = ""
    accept: tuple[int, ...] = ()

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    def __repr__(self) -> str:
        """Tell what is asked, without what may be secret in the query, the body and the headers."""
        return f"Request({self.method} {self.url.partition('?')[0]})"


class Session:
    """Sends requests of any thread, each thread over connections of its own.

    Only reads are repeated: at once if the connection broke, after a pause if the server is busy. Every
    method raises Cancelled, ConnectionFailed or AnswerError.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()
        self._lock = threading.Lock()
        self._opened: weakref.WeakSet[_ThreadSession] = weakref.WeakSet()

    def json(self, request: Request) -> Json:
        """Send a request and return the JSON object of the answer."""

        def attempt() -> Json:
            with self._once(request) as answer:
                return answer.json()

        return self._repeated(request, attempt)

    @contextlib.contextmanager
    def stream(self, request: Request) -> Iterator[Answer]:
        """Send a request and give its answer while the body is still on the wire; closed with the block."""
        with contextlib.ExitStack() as open_answer:
            yield self._repeated(request, lambda: open_answer.enter_context(self._once(request)))

    def close(self) -> None:
        """Close the connections of all threads. A request in flight is not disturbed."""
        with self._lock:
            opened = list(self._opened)
        for session in opened:
            session.close()

    def _repeated(self, request: Request, attempt: Callable[[], T], repeats: int = _REPEATS) -> T:
        try:
            return attempt()
        except (ConnectionLost, ServerTrouble) as error:
            if isinstance(error, ServerTrouble) and error.status not in _BUSY:
                raise
            if not request.is_read or not repeats:
                raise
            log.info("asking again: %s", error.detail)
            if isinstance(error, ServerTrouble):
                jitter = random.uniform(1, 1.5)  # noqa: S311
                transfer.current().pause(_FIRST_PAUSE * 4 ** (_REPEATS - repeats) * jitter)
        return self._repeated(request, attempt, repeats - 1)

    @contextlib.contextmanager
    def _once(self, request: Request) -> Iterator[Answer]:
        transfer.current().check()
        with exchange(self._settings.read_timeout), contextlib.closing(self._send(request)) as response:
            answer = Answer(response, patience=self._settings.read_timeout)
            if not (200 <= answer.status < 300 or answer.status in request.accept):
                raise answer.error()
            yield answer

    def _send(self, request: Request) -> requests.Response:
        session = self._of_this_thread()
        with named_failures():
            prepared = session.prepare_request(
                requests.Request(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    json=request.json,
                    data=request.body or None,  # nothing to send: Content-Length 0
                    auth=_Bearer(request.bearer),
                )
            )
            url = prepared.url or ""
            # Proxies and certificates of the user's environment count, never for a server on this machine.
            session.trust_env = not Origin.of(url).is_loopback
            environment = session.merge_environment_settings(url, {}, True, None, None)
            return session.send(
                prepared,
                timeout=(self._settings.connect_timeout, self._settings.read_timeout),
                allow_redirects=False,
                **environment,
            )

    def _of_this_thread(self) -> _ThreadSession:
        session: _ThreadSession | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = _ThreadSession()
            with self._lock:
                self._opened.add(session)
        return session


class _ThreadSession(requests.Session):
    """The requests session of one thread: no cookies, no redirects, wakeable connections."""

    def __init__(self) -> None:
        super().__init__()
        adapter = WakeableAdapter()
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.headers["User-Agent"] = f"itkgui/{__version__}"
        # The servers' cookies hold no session (API reference §1.3).
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never look where a redirect leads: who may follow one does so by hand (see eos)."""


class _Bearer(requests.auth.AuthBase):
    """Sets the bearer that was given, or none; being there, it keeps a user's .netrc out of the requests."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
