"""The requests session of a thread that reads and fills a cache: requests-cache without its traps."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import requests
from requests.structures import CaseInsensitiveDict
from requests_cache.backends.base import BaseCache
from requests_cache.models.response import CachedResponse, OriginalResponse
from requests_cache.policy.actions import CacheActions
from requests_cache.session import CacheMixin

from itkgui.client.cache_rules import LONGEST, Question, is_keepable
from itkgui.client.thread_session import ThreadSession

if TYPE_CHECKING:
    from itkgui.client.answer_store import AnswerStore
    from itkgui.client.response_cache import ResponseCache

# All that is kept of an answer's head: nothing that could be a credential or a cookie.
_HEADERS = ("Content-Type", "Cache-Control", "Date", "X-Request-Id")


_LEADS = b"->"  # no beginning of JSON


@dataclass(frozen=True)
class Plan:
    """How an answer that is still on the wire is to be kept once it is here; ``state`` is the store's."""

    question: Question
    state: int
    expires: datetime


class LiveResponse(OriginalResponse):
    """An answer that came from the server just now; ``plan`` is None if it must not be kept."""

    plan: Plan | None = None


class CachingSession(CacheMixin, ThreadSession):
    """Answers from the store what is fresh there, and asks the server for the rest.

    requests-cache decides about freshness. It neither reads bodies, which may come slowly or be large, nor
    writes: an answer is kept by ``ResponseCache.keep``, when the transport has read it.
    """

    def __init__(self, cache: ResponseCache) -> None:
        self._owner = cache
        self._shelf = _Shelf(cache.store, stands_in=cache.offline is not None)
        super().__init__(
            backend=self._shelf,
            expire_after=0,
            allowable_codes=(200,),
            allowable_methods=("GET",),
            ignored_parameters=(),  # the key tells apart all bodies; of a request nothing is kept
            autoclose=False,
        )

    def send(  # type: ignore[override]  # the arguments of requests-cache are put otherwise
        self,
        request: requests.PreparedRequest,
        *,
        expires_after: timedelta | None = None,
        refresh: bool = False,
        **options: Any,
    ) -> requests.Response:
        """Send a prepared request; ``options`` are those of requests.

        With ``expires_after`` an answer is good for so long, whatever the server says, and older ones are not
        taken; ``refresh`` asks the server in any case. The response tells ``from_cache``, ``created_at``
        and ``is_expired``.
        """
        question = Question.of(request, self._owner.origin)
        if question is None:
            return _live(super(CacheMixin, self).send(request, **options), CacheActions(skip_write=True))
        lifetime = self._owner.lifetime if expires_after is None else expires_after
        self._shelf.ask(question, lifetime, refresh)
        return _given_for(request, super().send(request, **options))

    def fresh(self, request: requests.PreparedRequest, lifetime: timedelta | None) -> CachedResponse | None:
        """Return the answer that the store holds, if it is still good; the server is not asked."""
        question = Question.of(request, self._owner.origin)
        if question is None:
            return None
        self._shelf.ask(question, self._owner.lifetime if lifetime is None else lifetime, refresh=False)
        kept = self._shelf.get_response(question.key)
        return None if kept is None or kept.is_expired else kept

    def stale(self, request: requests.PreparedRequest) -> requests.Response | None:
        """Return the answer that the store holds, fresh or not; None if it is too old even for that."""
        question = Question.of(request, self._owner.origin)
        if question is None or self._owner.offline is None:
            return None
        self._shelf.ask(question, None, refresh=False)
        kept = self._shelf.get_response(question.key)
        if kept is None or datetime.now(timezone.utc) - kept.created_at > self._owner.offline:
            return None
        self._owner.report_away(kept.created_at)
        return _given_for(request, kept)

    def _send_and_cache(
        self,
        request: requests.PreparedRequest,
        actions: CacheActions,
        cached_response: CachedResponse | None = None,  # noqa: ARG002  # nothing is ever revalidated
        **options: Any,
    ) -> LiveResponse:
        response = super(CacheMixin, self).send(request, **options)
        may_write, actions.skip_write = not actions.skip_write, True
        live = _live(response, actions)
        if may_write and is_keepable(live):
            live.plan = self._shelf.plan(live.headers)
        return live


class _Shelf(BaseCache):
    """The store as one session sees it, while it has one question to answer."""

    def __init__(self, store: AnswerStore, *, stands_in: bool) -> None:
        super().__init__("")
        self._store, self._stands_in = store, stands_in
        self._question: Question | None = None
        self._lifetime: timedelta | None = None
        self._refresh = False
        self._state: int | None = None

    def ask(self, question: Question, lifetime: timedelta | None, refresh: bool) -> None:
        self._question, self._refresh, self._state = question, refresh, None
        self._lifetime = None if lifetime is None else min(lifetime, LONGEST)

    def create_key(self, *_: Any, **__: Any) -> str:
        return self._question.key if self._question else ""

    def get_response(self, key: str, default: Any = None) -> CachedResponse | None:  # noqa: ARG002
        entry, self._state = self._store.read(key)
        if entry is None or self._refresh or self._lifetime == timedelta():
            return None
        if entry.startswith(_LEADS):
            entry, _ = self._store.read(entry[len(_LEADS) :].decode())
            if entry is None or entry.startswith(_LEADS):
                return None
        try:
            response = unpack(entry)
        except (ValueError, TypeError, LookupError, RecursionError, OverflowError, OSError) as error:
            self._store.drop_damaged(key, error)
            return None
        if response.created_at > datetime.now(timezone.utc):  # the clock was set back: its age is unknown
            return None
        if self._lifetime is not None:
            response.expires = response.created_at + self._lifetime
        return response

    def save_response(self, *_: Any, **__: Any) -> None:
        """Do nothing: see CachingSession."""

    def plan(self, headers: Any) -> Plan | None:
        """Return until when an answer with these headers is fresh, None if it must not be kept."""
        parts = (part.partition("=") for part in headers.get("Cache-Control", "").split(","))
        said = {name.strip().lower(): value.strip(' "') for name, _, value in parts}
        if self._question is None or self._state is None or "no-store" in said:
            return None
        now = datetime.now(timezone.utc)
        if self._lifetime is not None:
            expires = now + self._lifetime
        elif "no-cache" in said:
            return None
        elif "max-age" in said:
            expires = now + _seconds(said["max-age"]) - _seconds(headers.get("Age", ""))
        else:
            expires = _moment(headers.get("Expires", "")) or now
        is_for_later = self._stands_in and self._lifetime == timedelta()  # only while the server is away
        return Plan(self._question, self._state, expires) if expires > now or is_for_later else None


def _live(response: requests.Response, actions: CacheActions) -> LiveResponse:
    """Turn a response into one that tells what those from the cache tell, as requests-cache does."""
    found: Any = LiveResponse.wrap_response(response, actions)
    return found  # type: ignore[no-any-return]


def _given_for(request: requests.PreparedRequest, response: Any) -> requests.Response:
    """Complete a kept answer, of whose request nothing is kept."""
    if response.from_cache:
        response.request, response.url = request, request.url
    return response  # type: ignore[no-any-return]


def _seconds(digits: str) -> timedelta:
    """Read a number of seconds; what is none is 0."""
    is_number = digits.isascii() and digits.isdigit()
    return min(timedelta(seconds=int(digits[:12])), LONGEST) if is_number else timedelta()


def _moment(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):  # "0" and other words for "at once"
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def lead_to(key: str) -> bytes:
    """Return an entry that stands for another one, which is kept once though it answers several questions."""
    return _LEADS + key.encode()


def pack(response: LiveResponse, body: bytes, expires: datetime) -> bytes:
    """Return an answer as bytes: a line of JSON, then the body as it is."""
    head = {
        "created": response.created_at.timestamp(),
        "expires": expires.timestamp(),
        "headers": {name: response.headers[name] for name in _HEADERS if name in response.headers},
        "reason": response.reason,
        "checksum": zlib.crc32(body),
    }
    return json.dumps(head).encode() + b"\n" + body


def unpack(entry: bytes) -> CachedResponse:
    """Return the answer that was packed, each time a new one; its time of creation tells its age.

    Raises ValueError, TypeError, LookupError, RecursionError, OverflowError or OSError if it is damaged.
    """
    line, _, body = entry.partition(b"\n")
    head = json.loads(line)
    headers = {str(name): str(value) for name, value in dict(head["headers"]).items()}
    if zlib.crc32(body) != head["checksum"]:
        raise ValueError("the body is not the one that was kept")
    return CachedResponse(
        content=body,
        status_code=200,
        reason=str(head["reason"]),
        headers=CaseInsensitiveDict(headers),
        encoding="utf-8",
        created_at=datetime.fromtimestamp(head["created"], timezone.utc),
        expires=datetime.fromtimestamp(head["expires"], timezone.utc),
    )
