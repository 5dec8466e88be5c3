"""Sends requests and hands out answers: time-outs, repetition where it is safe, errors of one tree."""

from __future__ import annotations

import contextlib
import json
import logging
import random
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar
from urllib.parse import urlsplit

import requests
from requests.hooks import default_hooks

from itkgui.client import transfer
from itkgui.client.answers import Answer
from itkgui.client.bodies import FileBody, MultipartBody
from itkgui.client.clock import ServerClock
from itkgui.client.connection_state import ConnectionState
from itkgui.client.connections import WakeableAdapter, exchange, named_failures
from itkgui.client.exceptions import (
    AnswerError,
    ConnectionFailed,
    ConnectionLost,
    ItkError,
    TransferIncomplete,
    UnreadableAnswer,
)
from itkgui.client.origins import Origin, is_of_the_object_store
from itkgui.client.proxies import chosen_proxies
from itkgui.client.thread_session import DEFAULT_HEADERS, Bearer, ThreadSession
from itkgui.paths import resource
from itkgui.records.json_fields import Json
from itkgui.settings import Settings

if TYPE_CHECKING:
    from itkgui.client.response_cache import CacheUse

log = logging.getLogger(__name__)
T = TypeVar("T")
S = TypeVar("S", bound=ThreadSession)

_REPEATS = 2
_FIRST_PAUSE = 0.3  # seconds; the second is four times as long
_LONGEST_PAUSE = 60.0  # what a server may ask for; a person will not wait longer
_LONGEST_PATIENCE = 86_400.0  # seconds; stands for no limit, which sockets and clocks could not count with
# 429: asked too often; 502, 503, 504: the server behind the door is away for a moment.
_BUSY = (429, 502, 503, 504)
_IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE")


@dataclass(frozen=True, repr=False)
class Request:
    """One request; ``accept`` names statuses that are no error here beside 2xx.

    ``cache`` is what may answer it and keep the answer, None for none.
    """

    method: str
    url: str
    json: Json | None = None
    body: FileBody | MultipartBody | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: str = ""
    accept: tuple[int, ...] = ()
    cache: CacheUse | None = None

    def __repr__(self) -> str:
        """Tell what is asked, without what may be secret in the query, the body and the headers."""
        return f"Request({self.method} {self.url.partition('?')[0]})"


@dataclass(frozen=True, repr=False)
class _Outgoing:
    """A request as it goes over the wire, and what holds for its sending."""

    prepared: requests.PreparedRequest
    options: Mapping[str, Any]  # of requests.Session.send: timeout, verify, cert, proxies
    accept: tuple[int, ...] = ()
    cache: CacheUse | None = None
    stand_in: requests.Response | None = None  # what the cache gives when no answer can be had

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does no more than sending it once.

        On these servers a POST creates or changes something (API reference §1.2); PUT and DELETE are
        those of the object store.
        """
        return self.prepared.method in _IDEMPOTENT

    @property
    def patience(self) -> float:
        """For how many seconds the server may be silent, and how long a body that is loaded may take."""
        return patience_of(self.options["timeout"])


class Session:
    """Sends requests of any thread, each thread over connections of its own.

    Reads, and what can be done twice without harm, are repeated: at once if the connection broke (an idle
    one that the server has closed, for instance) or the body did, after a pause if the server is busy. Every
    method raises Cancelled, ConnectionFailed or AnswerError.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()
        self._lock = threading.Lock()
        self._opened: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._environments: dict[Origin, Mapping[str, Any]] = {}
        self.api_clock, self.auth_clock = ServerClock(), ServerClock()
        self._clocks = ((settings.api_url, self.api_clock), (settings.auth_url, self.auth_clock))
        self.connection = ConnectionState(settings)

    def server_time(self) -> float:
        """Return the moment by the API's clock, in seconds since 1970, as its latest answer told it.

        Until there was one it is this computer's. What the server told is exact to a second.
        """
        return self.api_clock.now()

    def json(self, request: Request) -> Json:
        """Send a request and return the JSON object of the answer."""

        def attempt(outgoing: _Outgoing) -> Json:
            with self._once(outgoing) as answer:
                data = answer.json()
                if outgoing.cache is not None:
                    outgoing.cache.keep(answer.response, data)
                return data

        return self._answered(self._prepared(request), attempt)

    def kept(self, request: Request, later: tuple[str, ...] = (), *, at_any_age: bool = False) -> Json | None:
        """Return the JSON object that the request's cache holds and may give, or None; nothing is sent.

        The items of lists under the keys ``later`` are left undecoded, as by ``Answer.json``.
        """
        if (use := request.cache) is None:
            return None
        outgoing = self._prepared(request)
        give = use.meanwhile if at_any_age else use.kept
        response = give(self._of_this_thread(use.cache.session), outgoing.prepared)
        if response is None:
            return None
        _note_age(response)
        return Answer(response, outgoing.patience).json(later=later)

    def answer(self, request: Request) -> Answer:
        """Send a request and return its answer with the body read, for whoever decodes it later."""

        def attempt(outgoing: _Outgoing) -> Answer:
            with self._once(outgoing) as answer:
                answer.body()
                return answer

        return self._repeated(self._prepared(request), attempt)

    @contextlib.contextmanager
    def stream(self, request: Request) -> Iterator[Answer]:
        """Send a request and give its answer while the body is still on the wire; closed with the block."""
        with contextlib.ExitStack() as open_answer:
            yield self._answered(
                self._prepared(request), lambda outgoing: open_answer.enter_context(self._once(outgoing))
            )

    def respond(
        self,
        prepared: requests.PreparedRequest,
        *,
        stream: bool = False,
        cache: CacheUse | None = None,
        **options: Any,
    ) -> requests.Response:
        """Send a request that requests has prepared and return its response, whatever its status.

        For code that speaks in the terms of requests; ``options`` are those of an adapter (``timeout``,
        ``verify``, ``cert``, ``proxies``). With ``stream`` the body of a success is still to be read, without
        the protection that the other methods give. Raises Cancelled, ConnectionFailed, TransferIncomplete,
        and UnreadableAnswer for a body out of all proportion.
        """
        prepared = prepared.copy()
        prepared.hooks = default_hooks()  # whoever prepared it calls them
        options["timeout"] = options.get("timeout") or self._timeouts
        outgoing = _Outgoing(prepared, options, cache=cache)

        def attempt(outgoing: _Outgoing) -> requests.Response:
            with exchange(outgoing.patience, is_repeatable=outgoing.is_repeatable):
                answer = self._answer(outgoing)
                if not stream:
                    with contextlib.closing(answer.response):
                        answer.load()
                        if cache is not None:
                            cache.keep(answer.response)
                return answer.response

        try:
            return self._answered(outgoing, attempt)
        except AnswerError as error:
            if error.response is None or isinstance(error, UnreadableAnswer):
                raise
            return error.response

    def close(self) -> None:
        """Close the connections of all threads. A request in flight is not disturbed."""
        with self._lock:
            opened = list(self._opened)
        for session in opened:
            session.close()

    def _answered(self, outgoing: _Outgoing, attempt: Callable[[_Outgoing], T]) -> T:
        """Attempt it, repeatedly if that may help; in the end what the cache holds may stand in.

        A server that was found away just now is not even asked, where the cache may stand in for it.
        """
        use, stand_in = outgoing.cache, None
        only_kept = use is not None and transfer.current().only_kept
        if use is not None and (only_kept or self.connection.may_rest()):
            stand_in = use.meanwhile(self._of_this_thread(use.cache.session), outgoing.prepared)
        if stand_in is None and only_kept:
            raise ConnectionFailed("it is not kept")
        if stand_in is None:
            try:
                return self._repeated(outgoing, attempt)
            except (ConnectionFailed, AnswerError) as error:
                if use is None:
                    raise
                session = self._of_this_thread(use.cache.session)
                stand_in = use.instead(session, outgoing.prepared, error)
                if stand_in is None:
                    raise
        return attempt(replace(outgoing, stand_in=stand_in))

    def _repeated(self, outgoing: _Outgoing, attempt: Callable[[_Outgoing], T], done: int = 0) -> T:
        try:
            return self._attempted(outgoing, attempt)
        except (ConnectionFailed, AnswerError, TransferIncomplete) as error:
            if not outgoing.is_repeatable or done == _REPEATS or not _may_pass(error):
                raise
            pause = 0.0
            if _is_busy(error):
                pause = _FIRST_PAUSE * 4**done * random.uniform(1, 1.5)  # noqa: S311
                pause = max(pause, error.retry_after)
                if pause > _LONGEST_PAUSE:
                    raise
            log.info("asking again in %.1f s: %s", pause, error.detail)
        transfer.current().pause(pause)
        return self._repeated(outgoing, attempt, done + 1)

    def _attempted(self, outgoing: _Outgoing, attempt: Callable[[_Outgoing], T]) -> T:
        """Attempt it once, and note what that tells of the connection."""
        url = outgoing.prepared.url or ""
        try:
            result = attempt(outgoing)
        except ItkError as error:
            self.connection.note(url, error)
            raise
        self.connection.note(url)
        return result

    @contextlib.contextmanager
    def _once(self, outgoing: _Outgoing) -> Iterator[Answer]:
        with exchange(outgoing.patience, is_repeatable=outgoing.is_repeatable):
            answer = self._answer(outgoing)
            with contextlib.closing(answer.response):
                yield answer

    def _answer(self, outgoing: _Outgoing) -> Answer:
        """Send a request; return the answer, still open, or raise the error that it stands for."""
        transfer.current().check()
        answer = Answer(self._send(outgoing), outgoing.patience)
        _note_age(answer.response)
        self._note_time(answer.response)
        if not (200 <= answer.status < 300 or answer.status in outgoing.accept):
            with contextlib.closing(answer.response):
                raise answer.error()
        return answer

    def _note_time(self, response: requests.Response) -> None:
        if getattr(response, "from_cache", False):
            return
        for server, clock in self._clocks:
            if (response.url or "").startswith(server):
                clock.note(response.headers.get("Date", ""))

    def _prepared(self, request: Request) -> _Outgoing:
        headers = {**DEFAULT_HEADERS, **request.headers}
        body: Any = request.body or None  # nothing to send: Content-Length 0
        if request.json is not None:  # what is no JSON is no failure of the network: ValueError, TypeError
            headers["Content-Type"] = "application/json"
            body = json.dumps(request.json, allow_nan=False).encode()
        with named_failures():
            prepared = requests.Request(
                request.method, request.url, headers=headers, data=body, auth=Bearer(request.bearer)
            ).prepare()
            environment = self.environment_of(prepared.url or "")
        options = {**environment, "timeout": self._timeouts}
        return _Outgoing(prepared, options, request.accept, request.cache)

    def environment_of(self, url: str) -> Mapping[str, Any]:
        """Return the proxies and certificates that hold for a server; looked up once, as it takes long."""
        origin = Origin.of(url)
        found = self._environments.get(origin)
        if found is None:
            proxies = chosen_proxies(self._settings, url)
            found = dict(ThreadSession().merge_environment_settings(url, proxies, True, None, None))
            if origin.is_loopback:
                found["proxies"] = {}  # a server on this machine is reached without, whatever is set
            self._environments[origin] = found
        return found

    def _send(self, outgoing: _Outgoing) -> requests.Response:
        if outgoing.stand_in is not None:
            return outgoing.stand_in
        use, prepared = outgoing.cache, outgoing.prepared
        options = {**outgoing.options, "stream": True}
        with named_failures(urlsplit(prepared.url or "").netloc):
            if use is not None:
                caching = self._of_this_thread(use.cache.session)
                return use.send(caching, prepared, {**options, "allow_redirects": False})
            # Not by session.send, which would look for cookies, redirects and hooks that there never are.
            session = self._of_this_thread(ThreadSession)
            return session.get_adapter(prepared.url or "").send(prepared, **options)

    @property
    def _timeouts(self) -> tuple[float, float]:
        return (self._settings.connect_timeout, self._settings.read_timeout)

    def _of_this_thread(self, make: Callable[[], S]) -> S:
        """Return the session of this kind that this thread uses."""
        sessions: dict[Callable[[], S], S] = self._local.__dict__.setdefault("sessions", {})
        session = sessions.get(make)
        if session is None:
            session = sessions[make] = make()
            session.send_by(WakeableAdapter(self.authorities_for))
            with self._lock:
                self._opened.add(session)
        return session

    def authorities_for(self, url: str) -> tuple[Path, ...]:
        """Return the files of authorities that may vouch for a server beside the usual ones."""
        chosen = self._settings.ca_bundle
        is_of_store = is_of_the_object_store(self._settings, url)
        cern = (resource("certificates/cern.pem"),) if is_of_store else ()
        return cern if chosen is None else (chosen, *cern)


def patience_of(timeout: Any) -> float:
    """Return for how many seconds a time-out, in any of the forms that requests takes, lets one wait."""
    limit = timeout[-1] if isinstance(timeout, tuple) else timeout
    return float(limit) if isinstance(limit, int | float) else _LONGEST_PATIENCE


def _note_age(response: requests.Response) -> None:
    """Tell whoever waits for the work that an answer is not of this moment."""
    if getattr(response, "from_cache", False):
        transfer.current().note_age(getattr(response, "created_at", None))


def _may_pass(error: ItkError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    is_cut = any(isinstance(one, TransferIncomplete) for one in (error, error.__cause__))
    return is_cut or _is_busy(error) or isinstance(error, ConnectionLost)


def _is_busy(error: ItkError) -> TypeGuard[AnswerError]:
    return isinstance(error, AnswerError) and error.status in _BUSY
