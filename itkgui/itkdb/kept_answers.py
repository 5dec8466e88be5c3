"""Answers that a session keeps between calls, apart for each identity."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import requests

from itkgui.client.bodies import MultipartBody
from itkgui.client.cache_options import CacheOptions, texts_in
from itkgui.client.origins import Origin
from itkgui.itkdb.typing import UserLike

if TYPE_CHECKING:
    from itkgui.client.response_cache import CacheUse, ResponseCache


class KeptAnswers:
    """The caches of one session, in the user's cache folder; safe to share between threads.

    An answer is good for ``lifetime``, or as long as the server allows if that is None.
    """

    def __init__(self, lifetime: timedelta | None) -> None:
        self._options = CacheOptions(lifetime=lifetime)
        self._lock = threading.Lock()
        self._caches: dict[tuple[str, Origin], ResponseCache] = {}

    def use_for(self, request: requests.PreparedRequest, user: UserLike, origin: Origin) -> CacheUse | None:
        """Return how a request to this server is to use the answers of whoever asks; None if it is nobody."""
        from itkgui.client.response_cache import CacheUse  # loads SQLite

        owner = _asker(request, user)
        return CacheUse(self._cache_of(owner, origin)) if owner else None

    def forget(self, request: requests.PreparedRequest, user: UserLike, origin: Origin) -> None:
        """Drop what a write may have changed, for the user and for whoever else wrote."""
        named = _named_in(request.body)
        for owner in {_owner(user), _asker(request, user)} - {""}:
            cache = self._cache_of(owner, origin)
            if named is None:
                cache.clear()
            else:
                cache.forget(named)

    def close(self) -> None:
        """Close the files; the next session finds them again."""
        with self._lock:
            caches, self._caches = self._caches, {}
        for cache in caches.values():
            cache.close()

    def _cache_of(self, owner: str, origin: Origin) -> ResponseCache:
        with self._lock:
            cache = self._caches.get((owner, origin))
            if cache is None:
                cache = self._caches[owner, origin] = self._options.open(owner, origin)
        return cache


def _owner(user: UserLike) -> str:
    """Return what tells one user from another; a token that names nobody stands for itself."""
    return getattr(user, "identity", "") or user.bearer


def _asker(request: requests.PreparedRequest, user: UserLike) -> str:
    """Return who a request is of: a script may give one a credential of its own; empty if it is nobody."""
    credential = request.headers.get("Authorization", "")
    return _owner(user) if credential == f"Bearer {user.bearer}" else credential


def _named_in(body: Any) -> list[str] | None:
    """Return every text in the body of a write, which names what it changes; None if it cannot be told."""
    if body is None:
        return []
    if isinstance(body, MultipartBody):
        return list(body.fields.values())
    if not isinstance(body, str | bytes):
        return None
    try:
        text = body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError:
        return None
    try:
        return list(texts_in(json.loads(text)))
    except (ValueError, RecursionError):
        return [value for _, value in parse_qsl(text)] or None
