"""Keeps the database's answers for one identity: how long, what a write takes away, what helps off line."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from itkgui.client.answer_store import AnswerStore, Stored
from itkgui.client.cache_rules import LONGEST, Question, is_sound
from itkgui.client.exceptions import AnswerError, ConnectionFailed, ItkError, NotTheApi, TlsFailed
from itkgui.client.json_body import decode
from itkgui.client.origins import Origin

if TYPE_CHECKING:
    from itkgui.client.caching_session import CachingSession

log = logging.getLogger(__name__)

_ENTRY_LIMIT = 4_000_000  # bytes; a page of a thousand components has about that (API reference §1.5)
_AWAY = (502, 503, 504)
_GONE = (404, 410)


class ResponseCache:
    """The answers kept for one identity on one API host, shared by all its threads, and by other programs.

    No method raises; what goes wrong with the file leaves all as without a cache (see AnswerStore). ``owner``
    is who is signed in, and only turns into a part of the file's name. ``lifetime`` is for how long an
    answer is good whatever the server says, ``offline`` up to which age one may stand in while the
    server cannot be reached; None of these is to go by the server, and to do without. ``size_limit`` is
    in bytes. ``watched`` is as in CacheOptions.
    """

    def __init__(
        self,
        folder: Path,
        owner: str,
        origin: Origin,
        *,
        lifetime: timedelta | None,
        offline: timedelta | None,
        size_limit: int,
        watched: bool = False,
    ) -> None:
        name = hashlib.sha256(json.dumps([str(origin), owner]).encode()).hexdigest()
        self.store = AnswerStore(folder / f"{name[:32]}.sqlite", size_limit)
        self.origin = origin
        self.lifetime = lifetime
        self.offline = offline
        self.watched = watched
        self._is_known_away = False

    def session(self) -> CachingSession:
        """Return a new requests session for one thread, which reads and fills this cache."""
        from itkgui.client.caching_session import CachingSession  # takes long to import

        return CachingSession(self)

    def keep(self, response: requests.Response, data: object = None) -> None:
        """Store an answer that a session of this cache gave, now that its body is here.

        ``data`` is what the body says, if that is known already. What must not be kept is not.
        """
        from itkgui.client.caching_session import LiveResponse, lead_to, pack

        if not isinstance(response, LiveResponse):
            return
        self._is_known_away = False
        plan, body = response.plan, response.content
        if plan is None or len(body) > min(_ENTRY_LIMIT, self.store.entry_limit):
            return
        try:
            answer = decode(body) if data is None else data
        except (ValueError, RecursionError):
            return
        if not is_sound(answer, body):
            return
        until = max(plan.expires, response.created_at + min(self.offline or timedelta(), LONGEST))
        stored = Stored(
            plan.question.key,
            until.timestamp(),
            plan.question.is_changing_list,
            tuple(plan.question.objects(answer, body)),
            pack(response, body, plan.expires),
        )
        self.store.write(stored, plan.state)
        for other in plan.question.by_other_names(answer, self.origin) if self.watched else ():
            self.store.write(replace(stored, key=other, entry=lead_to(stored.key)), plan.state)

    def forget(self, identifiers: Iterable[str]) -> None:
        """Drop all that a write to these components, test runs or shipments may have changed.

        These are all answers that mention one of them, by whichever of its names, and all lists but those
        of definitions and of another component. Names are serial number, code, id and alternative identifier.
        """
        self.store.forget(identifiers)

    def drop(self, request: requests.PreparedRequest) -> None:
        """Drop the answer to one request."""
        question = Question.of(request, self.origin)
        if question is not None:
            self.store.drop(question.key)

    def clear(self) -> None:
        """Drop all answers."""
        self.store.clear()

    def prune(self) -> None:
        """Make room, as is also done now and then while answers are stored."""
        self.store.prune()

    def close(self) -> None:
        """Close the file; sessions that are still there go on without it."""
        self.store.close()

    def delete(self) -> None:
        """Drop all answers and remove the file; only another program of the same identity keeps it, empty."""
        self.store.delete()

    def report_away(self, created: datetime) -> None:
        """Tell in the log, once until an answer comes again, that the cache stands in for the server.

        It is no news to somebody who sees it on the screen.
        """
        if not self._is_known_away:
            self._is_known_away = True
            since = f"{created.astimezone():%Y-%m-%d %H:%M}"
            level = logging.INFO if self.watched else logging.WARNING
            log.log(
                level, "%s cannot be reached: what is kept stands in, here of %s", self.origin.host, since
            )


@dataclass(frozen=True)
class CacheUse:
    """How one request uses a cache: see CachingSession.send for ``expires_after`` and ``refresh``."""

    cache: ResponseCache
    expires_after: timedelta | None = None
    refresh: bool = False

    def keep(self, response: requests.Response, data: object = None) -> None:
        self.cache.keep(response, data)

    def send(
        self, session: CachingSession, prepared: requests.PreparedRequest, options: Mapping[str, Any]
    ) -> requests.Response:
        return session.send(prepared, expires_after=self.expires_after, refresh=self.refresh, **options)

    def kept(self, session: CachingSession, prepared: requests.PreparedRequest) -> requests.Response | None:
        """Return the answer that is kept and still good, or None; the server is not asked."""
        return None if self.refresh else session.fresh(prepared, self.expires_after)

    def instead(
        self, session: CachingSession, prepared: requests.PreparedRequest, error: ItkError
    ) -> requests.Response | None:
        """Return what stands in for an answer that could not be had, for whatever reason, or None.

        Only a server that is away is replaced: what it refuses, it refuses. What it says is gone, is.
        """
        if isinstance(error, AnswerError):
            is_away = error.status in _AWAY
            if error.status in _GONE or error.has_code("componentDoesNotExist"):
                self.cache.drop(prepared)
            is_away |= self.cache.watched and isinstance(error, NotTheApi)
        else:
            is_trusted = self.cache.watched or not isinstance(error, TlsFailed)
            is_away = isinstance(error, ConnectionFailed) and is_trusted
        return session.stale(prepared) if is_away and not self.refresh else None

    def meanwhile(
        self, session: CachingSession, prepared: requests.PreparedRequest
    ) -> requests.Response | None:
        """Return what stands in while a server that was found away is left alone, or None to ask it."""
        return session.stale(prepared) if self.cache.watched and not self.refresh else None
