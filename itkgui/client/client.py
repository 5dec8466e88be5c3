"""Any command of the production database: JSON in and out, files up and down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin

from itkgui.client.answers import Answer
from itkgui.client.auth import Authenticator, Identity
from itkgui.client.bodies import FileBody, MultipartBody
from itkgui.client.cache_options import CacheOptions, texts_in
from itkgui.client.connection_state import ConnectionState, Place
from itkgui.client.connections import named_failures
from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.duplicates import duplicate_test_runs
from itkgui.client.eos import ObjectStore
from itkgui.client.exceptions import (
    AnswerError,
    ConnectionFailed,
    DuplicateTestRuns,
    NotTheApi,
    SessionExpired,
    SignInFailed,
)
from itkgui.client.helper_threads import IN_FLIGHT, HelperThreads
from itkgui.client.origins import Origin
from itkgui.client.paging import LIST_KEYS, PagedResponse
from itkgui.client.session import Request, Session
from itkgui.client.token_file import TokenFile
from itkgui.log import redact
from itkgui.records.json_fields import Json, whole
from itkgui.settings import Settings
from itkgui.settings.configuration import load

if TYPE_CHECKING:
    from itkgui.client.response_cache import CacheUse, ResponseCache

T = TypeVar("T")
R = TypeVar("R")

_REFUSALS = tuple({*range(200, 500)} - {407})  # whoever refuses is there, unless it is a proxy on the way


class Client:
    """Speaks with the production database for one user; keeps nothing of a call, so threads may share it.

    A command is a name such as ``getComponent``. The bearer goes to the host of ``settings.api_url`` only.
    Settings and access codes are those of the program (README, Settings) where they are not given. With a
    ``token_file`` a session is kept there until it ends, without the codes, and taken up again. Every method
    obeys the thread's Transfer and raises Cancelled, ConnectionFailed, SignInFailed or AnswerError;
    SessionExpired if the server refuses a fresh token as well.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        credentials: Credentials | None = None,
        *,
        cache: CacheOptions | None = None,
        token_file: Path | str | None = None,
    ) -> None:
        if not isinstance(credentials, AccessCodes | BearerToken | None):
            raise TypeError("credentials are AccessCodes or a BearerToken")
        self.settings = settings or _settings_found()
        if credentials is None:
            credentials = AccessCodes(self.settings.access_code1, self.settings.access_code2)
        self._session = Session(self.settings)
        saved = TokenFile(Path(token_file), self.settings.auth_url) if token_file else None
        self._authenticator = Authenticator(self._session, self.settings, credentials, token_file=saved)
        self._helpers = HelperThreads()
        self._cache_options = cache
        self._cache: ResponseCache | None = None
        self._cache_lock = threading.Lock()
        self.object_store = ObjectStore(self._session, self.settings)
        # Called, on whichever thread, when a write has taken away some of what was kept of answers.
        self.on_forgotten: Callable[[], None] = lambda: None

    @property
    def identity(self) -> Identity:
        """Who is signed in; empty before ``sign_in``."""
        return self._authenticator.identity

    @property
    def connection(self) -> ConnectionState:
        """How the connection to each server stands, by what requests have met."""
        return self._session.connection

    @property
    def authenticator(self) -> Authenticator:
        """Who signs in, for whoever keeps an eye on the session."""
        return self._authenticator

    @property
    def clock_offset(self) -> float | None:
        """By how many seconds this computer's clock is ahead of the server's; None if it has not told."""
        return self._session.api_clock.offset

    @property
    def server_time(self) -> float:
        """The moment by the server's clock, in seconds since 1970, by which it dates what it makes."""
        return self._session.server_time()

    @property
    def account(self) -> str:
        """By what an account is told from others, though its token may name nobody; empty before sign_in."""
        return self._authenticator.account

    def sign_in(self) -> Identity:
        """Get a token now, so that wrong credentials show here and not in the first call."""
        self._authenticator.bearer()
        return self._authenticator.identity

    def sign_out(self) -> None:
        """Close, and leave nothing behind: the saved session and what was kept of answers are deleted.

        Raises FileNotWritten if that cannot be done.
        """
        cache = self._own_cache()
        self.close()
        if cache is not None:
            cache.delete()
        self._authenticator.forget_saved()

    def close(self) -> None:
        """Forget token and credentials, and close the connections; later calls raise SessionExpired.

        A saved session and what was kept of answers stay for the next client of the same user.
        """
        self._authenticator.forget()
        self._helpers.close()
        self._session.close()
        with self._cache_lock:
            if self._cache is not None:
                self._cache.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def look(self) -> None:
        """Ask the database, and each other server if it was away, for next to nothing.

        ``connection`` then tells what came of it. Raises Cancelled only.
        """
        questions: list[Callable[[], object]] = [lambda: self.get("listProjects", refresh=True)]
        if self.connection.of(Place.SIGN_IN).is_away:
            keys = Request("GET", urljoin(self.settings.auth_url, "listKeys"))
            questions.append(lambda: self._session.json(keys))
        if self.connection.of(Place.STORE).is_away and self.connection.store_url:
            folder = Request("GET", self.connection.store_url, accept=_REFUSALS)
            questions.append(lambda: self._session.answer(folder))
        for ask in questions:
            with contextlib.suppress(ConnectionFailed, AnswerError, SignInFailed):
                ask()

    def get(
        self,
        command: str,
        body: Mapping[str, Any] | None = None,
        *,
        expires_after: timedelta | None = None,
        refresh: bool = False,
    ) -> Json:
        """Return the answer to a read; it is a GET with a JSON body (API reference §1.2).

        With a cache, an answer that is kept may serve: for ``expires_after`` if that is given, else as the
        client's CacheOptions say; ``refresh`` asks the server all the same.
        """
        request = Request("GET", self._url(command), json=body)
        if self._cache_options is None:
            return self._json(request)
        return self._json(request, lambda: self._cache_use(expires_after, refresh=refresh))

    def kept(
        self,
        command: str,
        body: Mapping[str, Any] | None = None,
        *,
        later: tuple[str, ...] = (),
        at_any_age: bool = False,
    ) -> Json | None:
        """Return what ``get`` would from the cache alone; None if the server would have to be asked.

        The items of lists under the keys ``later`` are left undecoded, as by ``Answer.json``. ``at_any_age``
        gives what stands in for a server that is away, too.
        """
        if self._cache_options is None:
            return None
        use = self._cache_use(None, refresh=False)
        request = Request("GET", self._url(command), json=body, cache=use)
        return self._session.kept(request, later, at_any_age=at_any_age)

    def post(self, command: str, body: Mapping[str, Any], *, allow_duplicate: bool = True) -> Json:
        """Return the answer to a write; never repeated by itself.

        Without ``allow_duplicate``, which only uploadTestRunResults knows, results that are there already
        raise DuplicateTestRuns instead. Raises ValueError for another command.
        """
        if not allow_duplicate:
            if command != "uploadTestRunResults":
                raise ValueError(f"duplicates of {command} cannot be looked for")
            if found := duplicate_test_runs(lambda *read: self.get(*read, refresh=True), body):
                raise DuplicateTestRuns(found)
        return self._written(Request("POST", self._url(command), json=body), body)

    def pages(
        self,
        command: str,
        body: Mapping[str, Any] | None = None,
        size: int = 0,
        *,
        ahead: int = IN_FLIGHT,
        refresh: bool = False,
    ) -> PagedResponse:
        """Return a list, fetched page by page as it is read, up to ``ahead`` pages before they are needed.

        ``size`` 0 means the one in the body's ``pageInfo``, if there is one, else the settings' page size.
        """
        asked = (body or {}).get("pageInfo")
        size = size or (whole(asked, "pageSize") if isinstance(asked, dict) else 0) or self.settings.page_size

        def fetch(page_info: Mapping[str, int]) -> Callable[[], Json]:
            question = {**(body or {}), "pageInfo": page_info}
            if self._cache_options is not None:
                found = self.get(command, question, refresh=refresh)
                return lambda: found
            request = Request("GET", self._url(command), json=question)
            return partial(self._authorised(request, self._session.answer).json, later=LIST_KEYS)

        return PagedResponse(fetch, size, ahead=ahead, helpers=self._helpers)

    def upload(
        self, command: str, fields: Mapping[str, str], file: FileBody, file_name: str, media_type: str
    ) -> Json:
        """Send form fields and a file, read from disk while it is sent, and return the answer."""
        form = MultipartBody(fields, file, file_name, media_type)
        request = Request("POST", self._url(command), body=form, headers={"Content-Type": form.content_type})
        return self._written(request, fields, for_transfer=True)

    @contextlib.contextmanager
    def stream(
        self, command: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Iterator[Answer]:
        """Give the answer to a command that returns a file, whose bytes are still to be read."""
        asked = {"Accept-Encoding": "identity", **(headers or {})}
        request = Request("GET", self._url(command), json=body, headers=asked)
        with contextlib.ExitStack() as open_answer:
            answer = self._authorised(
                request,
                lambda authorised: open_answer.enter_context(self._session.stream(authorised)),
                for_transfer=True,
            )
            # A JSON or HTML file is served as such (API reference §5.5), but always under a name.
            if answer.media_type == "text/html" and "Content-Disposition" not in answer.headers:
                raise NotTheApi(f"a web page came as the answer to {command}", status=answer.status)
            yield answer

    def each(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Call a function for each item, a few at a time, in threads that obey the caller's Transfer.

        Returns the results in the order of the items; the first error ends it.
        """
        return self._helpers.each(function, items)

    def _written(self, request: Request, fields: Mapping[str, Any], *, for_transfer: bool = False) -> Json:
        """Send a write; what is kept of answers that it may have changed is dropped, whatever came back."""
        try:
            return self._json(request, for_transfer=for_transfer)
        finally:
            if (cache := self._own_cache()) is not None:
                cache.forget(texts_in(fields))
                self.on_forgotten()

    def _json(
        self,
        request: Request,
        cache_use: Callable[[], CacheUse | None] = lambda: None,
        *,
        for_transfer: bool = False,
    ) -> Json:
        # The store depends on who is signed in, which is known once there is a token.
        return self._authorised(
            request,
            lambda authorised: self._session.json(replace(authorised, cache=cache_use())),
            for_transfer=for_transfer,
        )

    def _authorised(self, request: Request, send: Callable[[Request], R], *, for_transfer: bool = False) -> R:
        """Send a request with the token, and once more with a new one if the server refuses it."""
        with named_failures():
            is_for_the_api = Origin.of(request.url) == Origin.of(self.settings.api_url)
        if not is_for_the_api:
            return send(request)
        try:
            token = self._authenticator.bearer(for_transfer=for_transfer)
        except (ConnectionFailed, AnswerError):
            if (grant := self._authenticator.grant) is None:
                raise
            token = grant.token  # which may still do; and off line no answer needs one that does
        try:
            return send(replace(request, bearer=token))
        except SessionExpired:
            other = self._authenticator.replace(token)
            if other is None:
                raise
        try:
            return send(replace(request, bearer=other))
        except SessionExpired:
            self._authenticator.note_refused(other)
            raise

    def _cache_use(self, lifetime: timedelta | None, *, refresh: bool) -> CacheUse | None:
        """Return how one request is to use the cache of whoever is signed in."""
        from itkgui.client.response_cache import CacheUse

        cache = self._own_cache()
        return None if cache is None else CacheUse(cache, lifetime, refresh=refresh)

    def _own_cache(self) -> ResponseCache | None:
        """Return the cache of whoever is signed in; None for a client without one, or with nobody."""
        options = self._cache_options
        with self._cache_lock:
            grant = self._authenticator.grant  # in here: after ``close`` there is none, and no file is opened
            if self._cache is None and options is not None and grant is not None:
                owner = grant.identity.uuidentity or grant.token  # one that names nobody stands for itself
                self._cache = options.open(owner, Origin.of(self.settings.api_url))
            return self._cache

    def _url(self, command: str) -> str:
        with named_failures():  # what is set may be no address at all
            return urljoin(self.settings.api_url, command)


def _settings_found() -> Settings:
    """Return what holds for scripts, too; what in a file is not taken stands in the log."""
    configuration = load()
    configuration.log_problems()
    if (problem := configuration.wrong_address) is not None:
        raise ValueError(redact(problem.what))
    return configuration.settings
