"""The errors that scripts catch, each of them one of the core's tree as well.

They are::

    ItkError                        of the core: title, sentence, cure
    └── ITkDBException
        ├── InvalidInvocation       what was asked cannot be done
        ├── ResponseException       an answer came, but not the one asked for; it is in ``response``
        │   ├── BadRequest          400
        │   ├── Forbidden           401, 403
        │   ├── NotFound            404
        │   ├── Conflict            409
        │   ├── TooLarge            413
        │   ├── SpecialError        415
        │   ├── UnavailableForLegalReasons  451
        │   ├── ServerError         500, 502, 503, 504
        │   ├── UnhandledResponse   any other from 400 up
        │   ├── Redirect            302, and where a redirect may not be followed
        │   ├── BadJSON             an answer that cannot be read
        │   ├── NotTheApi           a web page where data were due
        │   └── SignInFailed        no valid token; ``response`` is None if nothing was asked
        ├── DuplicateObjectsInDB
        │   └── DuplicateTestRuns
        ├── ConnectionFailed        also requests' ConnectionError
        │   ├── ServerSilent        also requests' ReadTimeout
        │   └── TlsFailed           also requests' SSLError
        ├── TransferFailed          also requests' ChunkedEncodingError: bytes did not arrive as sent
        └── FileProblem             also an OSError: a file on this computer

Which error of the core becomes which of these stands in ``_KINDS``, which status in ``STATUSES``.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests

from itkgui.client import exceptions as core
from itkgui.log import redact

_DETAILS_LIMIT = 20_000  # characters of an answer that are worth reading


class ITkDBException(core.ItkError):
    """Base of what this package raises; as a text it is its message."""

    def __str__(self) -> str:
        return self.detail or self.title


class InvalidInvocation(ITkDBException):
    """What was asked cannot be done."""


class ResponseException(ITkDBException):
    """An answer came, but not the one asked for.

    ``response`` is that answer, None only where nobody was asked. The message tells status, command and what
    the server says, credentials removed; nothing of what was sent. ``additional_message`` stands for the
    server's words.
    """

    def __init__(self, response: requests.Response | None, additional_message: str | None = None) -> None:
        self.response: Any = response
        told = additional_message if additional_message is not None else words_of(response)
        super().__init__("\n\n".join(part for part in (_headline(response), redact(told)) if part))


class BadJSON(ResponseException):
    """An answer that is no JSON, or is damaged."""


class BadRequest(ResponseException):
    """The database refuses the request; ``response.json()["uuAppErrorMap"]`` tells why (API reference §3)."""


class Conflict(ResponseException):
    """Somebody else changed the same thing."""


class Forbidden(ResponseException):
    """The token is not accepted, or gives no right to this."""


class NotFound(ResponseException):
    """There is nothing at this address."""


class Redirect(ResponseException):
    """The answer leads elsewhere, where it may not be followed; ``path`` is where."""

    def __init__(self, response: requests.Response | None, additional_message: str | None = None) -> None:
        location = response.headers.get("Location", "") if response is not None else ""
        self.path = urlsplit(location).path.removesuffix(".json")
        super().__init__(response, additional_message or f"It leads to {location.partition('?')[0]}.")


class ServerError(ResponseException):
    """The fault is the server's."""


class SpecialError(ResponseException):
    """The server does not take this kind of content.

    ``message``, ``reason`` and ``special_errors`` are its words, empty where it has none.
    """

    def __init__(self, response: requests.Response | None, additional_message: str | None = None) -> None:
        told = _json_of(response)
        self.message: str = told.get("message", "")
        self.reason: str = told.get("reason", "")
        self.special_errors: list[Any] = told.get("special_errors", [])
        super().__init__(response, additional_message)


class TooLarge(ResponseException):
    """The body is over the server's limit."""


class UnavailableForLegalReasons(ResponseException):
    """The server may not show this."""


class UnhandledResponse(ResponseException):
    """A status that no other error stands for."""


class NotTheApi(ResponseException):
    """A web page came where data were due: no such command, a log-in portal, a wrong address."""


class SignInFailed(ResponseException):
    """No valid token could be had."""


class DuplicateObjectsInDB(ITkDBException):
    """The database holds the same already, and no duplicate was wanted."""


class DuplicateTestRuns(DuplicateObjectsInDB):
    """The component has an equal test run; the message names its id."""


class ConnectionFailed(ITkDBException, requests.exceptions.ConnectionError):
    """No answer came."""


class ServerSilent(ConnectionFailed, requests.exceptions.ReadTimeout):
    """The server was reached, but did not answer in time."""


class TlsFailed(ConnectionFailed, requests.exceptions.SSLError):
    """The server could not prove who it is."""


class TransferFailed(ITkDBException, requests.exceptions.ChunkedEncodingError):
    """Bytes did not arrive as they were sent."""


class FileProblem(ITkDBException, OSError):
    """A file on this computer cannot be used."""


STATUSES: dict[int, type[ResponseException]] = {
    302: Redirect,
    400: BadRequest,
    401: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    415: SpecialError,
    451: UnavailableForLegalReasons,
    500: ServerError,
    502: ServerError,
    503: ServerError,
    504: ServerError,
}
# From the particular to the general.
_KINDS: tuple[tuple[type[core.ItkError], type[ITkDBException]], ...] = (
    (core.NotTheApi, NotTheApi),
    (core.UnreadableAnswer, BadJSON),
    (core.SignInFailed, SignInFailed),
    (core.SessionExpired, Forbidden),
    (core.BadRequest, BadRequest),
    (core.Forbidden, Forbidden),
    (core.NotFound, NotFound),
    (core.Conflict, Conflict),
    (core.TooLarge, TooLarge),
    (core.ServerTrouble, ServerError),
    (core.AnswerError, UnhandledResponse),
    (core.ServerSilent, ServerSilent),
    (core.TlsFailed, TlsFailed),
    (core.ConnectionFailed, ConnectionFailed),
    (core.RedirectRefused, Redirect),
    (core.TransferFailed, TransferFailed),
    (core.FileProblem, FileProblem),
    (core.ItkError, ITkDBException),
)


def for_status(status: int) -> type[ResponseException] | None:
    """Return the error that a status stands for; None if it is none."""
    return STATUSES.get(status) or (UnhandledResponse if status >= 400 else None)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the core's errors in the block into those of this module; Cancelled stays what it is."""
    try:
        yield
    except (core.Cancelled, ITkDBException):
        raise
    except core.ItkError as error:
        raise _translation(error) from error


def _translation(error: core.ItkError) -> ITkDBException:
    kind = next(own for known, own in _KINDS if isinstance(error, known))
    told = ": ".join(part for part in (error.title, error.detail) if part)
    if issubclass(kind, ResponseException):
        response = getattr(error, "response", None) or getattr(error.__cause__, "response", None)
        by_status = None
        if kind is UnhandledResponse and response is not None:
            by_status = for_status(response.status_code)
        made: ITkDBException = (by_status or kind)(response, told)
    else:
        made = kind(told)
    made.title, made.sentence, made.cure = error.title, error.sentence, error.cure
    return made


def _headline(response: requests.Response | None) -> str:
    """Tell which answer came to which request, whose query may hold a capability."""
    if response is None:
        return ""
    reason = http.client.responses.get(response.status_code, "")
    method = getattr(response.request, "method", None) or ""
    words = (str(response.status_code), reason, "from", method, (response.url or "").partition("?")[0])
    return " ".join(word for word in words if word)


def words_of(response: requests.Response | None) -> str:
    """Return what an answer says: its JSON, or the beginning of a text; a web page says nothing."""
    if response is None:
        return ""
    if told := _json_of(response):
        return json.dumps(told, indent=2, ensure_ascii=False)[:_DETAILS_LIMIT]
    if "html" in response.headers.get("Content-Type", ""):
        return "a web page"
    return _text_of(response).strip()[:_DETAILS_LIMIT]


def _json_of(response: requests.Response | None) -> dict[str, Any]:
    if response is None:
        return {}
    try:
        found = json.loads(_text_of(response))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text_of(response: requests.Response) -> str:
    try:
        return response.text
    except (requests.exceptions.RequestException, RuntimeError):  # broken off, or read away by somebody
        return ""
