"""Any command of the production database: JSON in and out, files up and down."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urljoin

from itkgui.client import transfer
from itkgui.client.answers import Answer
from itkgui.client.auth import Authenticator, Credentials, Identity
from itkgui.client.bodies import FileBody, MultipartBody
from itkgui.client.connections import named_failures
from itkgui.client.eos import ObjectStore
from itkgui.client.exceptions import NotTheApi, SessionExpired
from itkgui.client.origins import Origin
from itkgui.client.paging import PagedResponse
from itkgui.client.session import Request, Session
from itkgui.records.json_fields import Json
from itkgui.settings import Settings

T = TypeVar("T")
R = TypeVar("R")

# How many requests one client has under way for one question (API reference §9.27).
_IN_FLIGHT = 4


class Client:
    """Speaks with the production database for one user; keeps nothing of a call, so threads may share it.

    A command is a name such as ``getComponent``. The bearer goes to the host of ``settings.api_url`` only.
    Every method obeys the thread's Transfer and raises Cancelled, ConnectionFailed, SignInFailed or
    AnswerError; SessionExpired if the server refuses a fresh token as well.
    """

    def __init__(self, settings: Settings, credentials: Credentials) -> None:
        self.settings = settings
        self._session = Session(settings)
        self._authenticator = Authenticator(self._session, settings, credentials)
        self._helpers = ThreadPoolExecutor(_IN_FLIGHT, thread_name_prefix="itkpd")
        self.object_store = ObjectStore(self._session, settings)

    @property
    def identity(self) -> Identity:
        """Who is signed in; empty before ``sign_in``."""
        return self._authenticator.identity

    def sign_in(self) -> Identity:
        """Get a token now, so that wrong credentials show here and not in the first call."""
        self._authenticator.bearer()
        return self._authenticator.identity

    def close(self) -> None:
        """Forget token and credentials, and close the connections; later calls raise SessionExpired."""
        self._authenticator.forget()
        self._helpers.shutdown(wait=False, cancel_futures=True)
        self._session.close()

    def get(self, command: str, body: Mapping[str, Any] | None = None) -> Json:
        """Return the answer to a read; it is a GET with a JSON body (API reference §1.2)."""
        return self._json(Request("GET", self._url(command), json=body))

    def post(self, command: str, body: Mapping[str, Any]) -> Json:
        """Return the answer to a write; never repeated by itself."""
        return self._json(Request("POST", self._url(command), json=body))

    def pages(self, command: str, body: Mapping[str, Any] | None = None, size: int = 0) -> PagedResponse:
        """Return a list, fetched page by page as it is read; ``size`` 0 means the settings' page size."""
        return PagedResponse(
            lambda page_info: self.get(command, {**(body or {}), "pageInfo": page_info}),
            size or self.settings.page_size,
        )

    def upload(
        self, command: str, fields: Mapping[str, str], file: FileBody, file_name: str, media_type: str
    ) -> Json:
        """Send form fields and a file, read from disk while it is sent, and return the answer."""
        form = MultipartBody(fields, file, file_name, media_type)
        return self._json(
            Request("POST", self._url(command), body=form, headers={"Content-Type": form.content_type})
        )

    @contextlib.contextmanager
    def stream(self, command: str, body: Mapping[str, Any]) -> Iterator[Answer]:
        """Give the answer to a command that returns a file, whose bytes are still to be read."""
        request = Request("GET", self._url(command), json=body, headers={"Accept-Encoding": "identity"})
        with contextlib.ExitStack() as open_answer:
            answer = self._authorised(
                request, lambda authorised: open_answer.enter_context(self._session.stream(authorised))
            )
            # A JSON or HTML file is served as such (API reference §5.5), but always under a name.
            if answer.media_type == "text/html" and "Content-Disposition" not in answer.headers:
                raise NotTheApi(f"a web page came as the answer to {command}", status=answer.status)
            yield answer

    def each(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Call a function for each item, a few at a time, in threads that obey the caller's Transfer.

        Returns the results in the order of the items; the first error ends it.
        """
        items = list(items)
        if len(items) < 2:
            return [function(item) for item in items]
        watched = transfer.current()

        def call(item: T) -> R:
            with transfer.running(watched):
                watched.check()
                return function(item)

        try:
            futures = [self._helpers.submit(call, item) for item in items]
        except RuntimeError as error:  # the pool is shut down
            raise SessionExpired("signed out", status=401) from error
        try:
            results = []
            for future in futures:
                while not wait((future,), timeout=0.05).done:
                    watched.check()  # the helpers may be busy with another question
                results.append(future.result())
            return results
        finally:
            for future in futures:
                future.cancel()

    def _json(self, request: Request) -> Json:
        return self._authorised(request, self._session.json)

    def _authorised(self, request: Request, send: Callable[[Request], R]) -> R:
        """Send a request with the token, and once more with a new one if the server refuses it."""
        with named_failures():
            is_for_the_api = Origin.of(request.url) == Origin.of(self.settings.api_url)
        if not is_for_the_api:
            return send(request)
        token = self._authenticator.bearer()
        try:
            return send(replace(request, bearer=token))
        except SessionExpired:
            other = self._authenticator.replace(token)
            if other is None:
                raise
        return send(replace(request, bearer=other))

    def _url(self, command: str) -> str:
        with named_failures():  # what is set may be no address at all
            return urljoin(self.settings.api_url, command)
