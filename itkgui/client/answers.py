"""What came back from a server: its bytes, its JSON, or the error it stands for."""

from __future__ import annotations

import http.client
import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

import requests

from itkgui.client.connections import BLOCK, named_failures
from itkgui.client.deadlines import within
from itkgui.client.exceptions import (
    AnswerError,
    BadRequest,
    ComponentNotFound,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotFound,
    NotTheApi,
    ServerTrouble,
    SessionExpired,
    TestRunNotFound,
    TooLarge,
    TooManyRequests,
    TransferIncomplete,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.client.json_body import decode, decode_lists_later
from itkgui.client.proxies import ProxyWantsPassword
from itkgui.client.unpacking import Unpacker
from itkgui.log import redact
from itkgui.records.json_fields import Json, child, text

log = logging.getLogger(__name__)

_BY_STATUS: dict[int, type[AnswerError]] = {
    400: BadRequest,
    401: SessionExpired,
    403: Forbidden,
    404: NotFound,
    407: ProxyWantsPassword,
    409: Conflict,
    413: TooLarge,
    429: TooManyRequests,
}
# These codes say more than the status they come with (API reference §3.3, §9.4 and §9.6).
_BY_CODE: dict[str, type[AnswerError]] = {
    "componentDoesNotExist": ComponentNotFound,
    "testRunDaoGetFailed": TestRunNotFound,
    "testRunDoesNotExist": TestRunNotFound,
    "userIsNotAuthorized": Forbidden,
}
_BODY_LIMIT = 200_000_000  # bytes, unpacked; more than that is a trick or a mistake
_ERROR_BODY_LIMIT = 200_000
_DETAIL_LIMIT = 2_000
_ID_LIMIT = 100
_REDACTED_LIMIT = 50_000  # more than is shown, so that no credential is cut in two, which would hide it


class Answer:
    """An open answer: status and headers are there, the body is still on the wire.

    Lives inside ``Session.stream``. Its body can be read once in ``blocks``, or be kept by ``load``;
    ``patience`` is how many seconds the latter, or a single block, may take. ``response`` is what requests
    made of it.
    """

    def __init__(self, response: requests.Response, patience: float) -> None:
        self.response = response
        self.patience = patience
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers

    @property
    def size(self) -> int | None:
        """The number of bytes in the body as announced, None if it was not."""
        announced = self.headers.get("Content-Length", "")
        encoded = self.headers.get("Content-Encoding", "identity") != "identity"
        is_number = announced.isascii() and announced.isdigit() and len(announced) < 20
        return int(announced) if is_number and not encoded else None

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """The name in Content-Disposition, as the server gave it: not safe to use as it is."""
        return _file_name(self.headers.get("Content-Disposition", ""))

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it arrives, or as it was loaded.

        Raises TransferIncomplete, ConnectionFailed, Cancelled.
        """
        if (content := self._loaded) is not None:
            yield content
            return
        with named_failures(urlsplit(self.response.url or "").netloc):
            unpacker = Unpacker(self.headers.get("Content-Encoding", ""), BLOCK)
            while packed := self._next_bytes():
                yield from unpacker.plain(packed)
            unpacker.end()

    def _next_bytes(self) -> bytes:
        with within(self.patience):
            return self.response.raw.read1(BLOCK, decode_content=False) or b""

    def load(self) -> bytes:
        """Read the body, and keep it in ``response`` for whoever asks again.

        Raises TransferIncomplete, ConnectionFailed (ServerSilent if it does not end in time), Cancelled, and
        UnreadableAnswer if it is out of all proportion.
        """
        if (content := self._loaded) is not None:
            return content
        body = bytearray()
        with within(self.patience):
            for block in self.blocks():
                body += block
                if len(body) > _BODY_LIMIT:
                    raise self._error(UnreadableAnswer, f"more than {_BODY_LIMIT} bytes from {self._place}")
        return self._keep(bytes(body))

    @property
    def _loaded(self) -> bytes | None:
        content = getattr(self.response, "_content", False)
        return content if isinstance(content, bytes) else None

    def _keep(self, body: bytes) -> bytes:
        # What requests itself does when it reads a body; it has no public way to hand one over.
        self.response._content = body  # noqa: SLF001
        self.response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001
        return body

    def body(self) -> bytes:
        """Return the body as ``load`` does; one that is incomplete is an UnreadableAnswer."""
        try:
            return self.load()
        except TransferIncomplete as error:
            raise self._error(UnreadableAnswer, error.detail) from error

    def json(self, *, later: tuple[str, ...] = ()) -> Json:
        """Return the JSON object in the body; an empty body gives an empty object (API reference §1.4).

        The items of lists under the keys ``later`` are left undecoded (see ``decode_lists_later``). Warnings
        in it are logged. Raises NotTheApi for a web page, UnreadableAnswer for anything else that is
        no object.
        """
        body = self.body()
        if self.media_type == "text/html" or body[:200].lstrip()[:1] == b"<":
            raise self._error(NotTheApi, f"{self.media_type or 'untyped'} answer to {self._place}")
        if not body.strip():
            return {}
        try:
            data = decode_lists_later(body, later) if later else decode(body)
            warnings = list(_reports(data, "warning"))
        except (ValueError, RecursionError) as error:
            raise self._error(UnreadableAnswer, f"no JSON from {self._place}: {error}") from error
        if not isinstance(data, Mapping):
            raise self._error(UnreadableAnswer, f"{type(data).__name__} instead of an object: {self._place}")
        for code, words in warnings:
            log.warning("%s", _private(f"{code}: {words}"))
        return data

    def error(self, by_status: Mapping[int, type[AnswerError]] = _BY_STATUS) -> AnswerError:
        """Return the error that a status other than success stands for, with the server's codes and words."""
        try:
            body = self.load()
        except (TransferIncomplete, ConnectionFailed, UnreadableAnswer):
            self.response.close()
            body = self._keep(b"")  # the status says enough
        try:
            data = json.loads(body[:_ERROR_BODY_LIMIT])
            reports, report_id = list(_reports(data, "error")), _report_id(data)
        except (ValueError, RecursionError):
            reports, report_id = [], ""
        codes = [code for code, _ in reports]
        words = "; ".join(f"{code}: {words}" for code, words in reports)
        kind = by_status.get(self.status) or (ServerTrouble if self.status >= 500 else UnexpectedStatus)
        if 300 <= self.status < 400:
            kind = NotTheApi  # the API never sends one elsewhere (API reference §1.4), log-in portals do
        for code in codes:
            kind = _BY_CODE.get(code.rpartition("/")[2], kind)
        return self._error(kind, words or f"{self._status_text} from {self._place}", codes, report_id)

    def _error(
        self, kind: type[AnswerError], detail: str, codes: list[str] | None = None, report_id: str = ""
    ) -> AnswerError:
        # The newer of the two backends sends no header, but numbers its reports (API reference §1.4, §3.2).
        request_id = _private(self.headers.get("X-Request-Id", "") or report_id)[:_ID_LIMIT]
        named = f" (request {request_id})" if request_id else ""
        return kind(
            f"{_private(detail)}{named}",
            status=self.status,
            codes=codes or (),
            request_id=request_id,
            retry_after=_retry_after(self.headers.get("Retry-After", "")),
            response=self.response,
        )

    @property
    def _place(self) -> str:
        """The address that answered, without its query, which may hold a capability."""
        return (self.response.url or "").partition("?")[0]

    @property
    def _status_text(self) -> str:
        return f"{self.status} {http.client.responses.get(self.status, '')}".rstrip()


def _private(text: str) -> str:
    """Return the beginning of a server's words without the credentials in them."""
    return redact(text[:_REDACTED_LIMIT])[:_DETAIL_LIMIT]


def _retry_after(header: str) -> float:
    """Return for how many seconds a server asks to be left alone: a number or a date (RFC 9110 §10.2.3)."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header)
    moment = moment_in(header)
    return 0.0 if moment is None else max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def moment_in(header: str) -> datetime | None:
    """Return the moment (UTC) that a header such as Date tells, None if it is none."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def _reports(data: object, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the errors or warnings of an answer: code without the application's name, and explanation.

    The application's name has changed over the years, one code ends in a blank (API reference §9.1, §2.3).
    """
    for key, entry in child(data, "uuAppErrorMap").items() if isinstance(data, Mapping) else ():
        if isinstance(entry, Mapping) and (entry.get("type") == "warning") == (kind == "warning"):
            application, _, code = str(key).strip().partition("/")
            yield code or application, _explanation(entry)


def _report_id(data: object) -> str:
    """Return the number of the first error that an answer reports; empty if it has none."""
    entries = child(data, "uuAppErrorMap").values() if isinstance(data, Mapping) else ()
    errors = [one for one in entries if isinstance(one, Mapping) and one.get("type") != "warning"]
    return next((found for one in errors if (found := text(one, "id"))), "")


def _explanation(entry: Json) -> str:
    """Tell in words what an entry of the error map says, with the fields it names (API reference §3.2)."""
    parameters = child(entry, "paramMap")
    words = [text(entry, "message")]
    unsupported = parameters.get("unsupportedKeyList")
    if isinstance(unsupported, list):
        words.append("unsupported: " + ", ".join(map(str, unsupported)))
    for kind in ("missingKeyMap", "invalidValueKeyMap"):
        for field, rules in child(parameters, kind).items():
            if isinstance(rules, Mapping):
                words.append(f"{field}: " + " ".join(map(str, rules.values())))
    words += [
        text(cause, "message") for cause in child(entry, "cause").values() if isinstance(cause, Mapping)
    ]
    return " ".join(word for word in words if word)


_PLAIN_NAME = re.compile(r"""filename\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^;]+))""", re.IGNORECASE)
_ENCODED_NAME = re.compile(r"filename\*\s*=\s*(?P<charset>[\w-]+)'[^']*'(?P<name>[^;]+)", re.IGNORECASE)


def _file_name(disposition: str) -> str:
    """Read the name from a Content-Disposition; it may be quoted or not (API reference §5.5), or encoded."""
    if match := _ENCODED_NAME.search(disposition):
        try:
            return unquote(match["name"].strip(), match["charset"], errors="replace")
        except (LookupError, UnicodeError):  # an encoding that Python does not know, or that is none of texts
            return unquote(match["name"].strip())
    match = _PLAIN_NAME.search(disposition)
    if match is None:
        return ""
    name = (match["quoted"] if match["bare"] is None else match["bare"]).strip()
    try:  # headers are read as latin-1, servers mostly write UTF-8
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name
