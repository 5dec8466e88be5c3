"""Signing in: access codes or a bearer become a verified token, renewed in time, kept in memory only."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urljoin

import jwt
from jwt.algorithms import RSAAlgorithm

from itkgui.client import transfer
from itkgui.client.connections import named_failures
from itkgui.client.exceptions import (
    AccessCodesMissing,
    AccessCodesWrong,
    AnswerError,
    ClockWrong,
    ConnectionFailed,
    SessionExpired,
    TokenRefused,
)
from itkgui.client.session import Request, Session
from itkgui.records.json_fields import Json, objects, text
from itkgui.settings import Settings

log = logging.getLogger(__name__)

_RENEW_AHEAD = 60.0


@dataclass(frozen=True)
class AccessCodes:
    """The pair of codes with which a person signs in."""

    code1: str = field(repr=False)
    code2: str = field(repr=False)


@dataclass(frozen=True)
class BearerToken:
    """A token that somebody got elsewhere; it cannot be renewed here."""

    token: str = field(repr=False)


Credentials = AccessCodes | BearerToken


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as the token says; an opaque token says nothing."""

    uuidentity: str = ""
    name: str = ""
    expires: datetime | None = None


@dataclass(frozen=True)
class _Grant:
    """A token in use; ``renew_at`` is by the clock of this computer, infinite if it cannot be renewed."""

    token: str = field(repr=False)
    identity: Identity
    renew_at: float


class Authenticator:
    """Holds the one token of a client and renews it, once however many threads ask; safe to share.

    Its methods raise AccessCodesMissing, AccessCodesWrong, TokenRefused, ClockWrong, and SessionExpired after
    ``forget``; beside them Cancelled, ConnectionFailed and AnswerError from the talk with the provider.
    """

    def __init__(self, session: Session, settings: Settings, credentials: Credentials) -> None:
        self._session = session
        self._settings = settings
        self._credentials: Credentials | None = credentials
        self._lock = threading.Lock()
        self._grant: _Grant | None = None
        self._keys: dict[str, Any] = {}

    @property
    def identity(self) -> Identity:
        """Who is signed in; empty before the first token and after ``forget``."""
        grant = self._grant
        return grant.identity if grant is not None else Identity()

    def bearer(self) -> str:
        """Return a token that is good for at least the next request, renewed if need be."""
        grant = self._grant
        if grant is None or time.time() >= grant.renew_at:
            grant = self._renewed(grant)
        return grant.token

    def replace(self, refused: str) -> str | None:
        """Return another token than the one the server has just refused; None if there can be no other."""
        grant = self._grant
        if not isinstance(self._credentials, AccessCodes):
            return None
        if grant is None or grant.token == refused:
            grant = self._renewed(grant)
        return grant.token

    def forget(self) -> None:
        """Drop the token and the credentials: nobody can use them through this object any more."""
        self._credentials = None
        self._grant = None

    def _renewed(self, old: _Grant | None) -> _Grant:
        while not self._lock.acquire(timeout=0.05):
            transfer.current().check()  # another thread renews: no reason to wait if nobody waits for us
        try:
            if self._grant is not None and self._grant is not old:
                return self._grant
            credentials = self._credentials
            if credentials is None:
                raise SessionExpired("signed out", status=401)
            if isinstance(credentials, BearerToken):
                grant = self._examined(credentials.token)
            else:
                grant = self._granted(credentials)
            if self._credentials is None:  # signed out meanwhile
                raise SessionExpired("signed out", status=401)
            self._grant = grant
            return grant
        finally:
            self._lock.release()

    def _granted(self, codes: AccessCodes) -> _Grant:
        """Ask for a token (API reference §2.1) and verify it."""
        if not (codes.code1.strip() and codes.code2.strip()):
            raise AccessCodesMissing
        request = {
            "grant_type": "password",
            "accessCode1": codes.code1,
            "accessCode2": codes.code2,
            "scope": self._settings.access_scope,
        }
        try:
            answer = self._session.json(Request("POST", self._url("grantToken"), json=request))
        except SessionExpired as error:
            raise AccessCodesWrong(error.detail) from error
        token = text(answer, "id_token")  # not access_token (API reference §2.1)
        claims = self._verified(token, self._key_for(_header(token)))
        identity = _identity(claims)
        expires = identity.expires.timestamp() if identity.expires else time.time()
        # A token that lives for seconds only is renewed at half of its life.
        ahead = min(_RENEW_AHEAD, max(0.0, expires - time.time()) / 2)
        return _Grant(token, identity, expires - ahead)

    def _examined(self, token: str) -> _Grant:
        """Look at a token from elsewhere: what can be known to be wrong with it is found here."""
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise TokenRefused("this is not the text of a token")
        if token.count(".") != 2:
            return _Grant(token, Identity(), float("inf"))  # such as the key of a reporting replica
        header, claims = _header(token), _unverified_claims(token)
        if (
            expires := _identity(claims).expires
        ) and expires.timestamp() < time.time() - self._settings.leeway:
            raise TokenRefused(f"the token expired at {expires:%Y-%m-%d %H:%M:%S} UTC")
        try:
            key = self._key_for(header)
        except (ConnectionFailed, AnswerError, TokenRefused) as error:
            log.info("the token is used unverified: %s", error.detail)
        else:
            claims = self._verified(token, key)
        return _Grant(token, _identity(claims), float("inf"))

    def _key_for(self, header: Mapping[str, Any]) -> Any:
        """Return the identity provider's public key with the id that the token names (API reference §2.2)."""
        key_id = text(header, "kid")
        if key_id not in self._keys:
            answer = self._session.json(Request("GET", self._url("listKeys")))
            self._keys = {text(item, "kid"): key for item in objects(answer, "keys") if (key := _key(item))}
        if key_id not in self._keys:
            raise TokenRefused("the identity provider has no such key")
        return self._keys[key_id]

    def _verified(self, token: str, key: Any) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._settings.access_audience,
                leeway=self._settings.leeway,
                options={"require": ["exp"]},
            )
        except jwt.ImmatureSignatureError as error:
            raise ClockWrong(str(error)) from error
        except jwt.ExpiredSignatureError as error:
            if isinstance(self._credentials, AccessCodes):
                raise ClockWrong("a token that was just granted has expired by this clock") from error
            raise TokenRefused(str(error)) from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefused(str(error)) from error

    def _url(self, command: str) -> str:
        with named_failures():  # what is set may be no address at all
            return urljoin(self._settings.auth_url, command)


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(f"the token is malformed: {error}") from error


def _unverified_claims(token: str) -> Mapping[str, Any]:
    try:
        return jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(f"the token is malformed: {error}") from error


def _key(item: Json) -> Any:
    """Read one public key; None for one of another kind, or one that is damaged."""
    if item.get("kty") != "RSA":
        return None
    try:
        return RSAAlgorithm.from_jwk(dict(item))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        log.info("the identity provider lists a key that cannot be read: %s", error)
        return None


def _identity(claims: Mapping[str, Any]) -> Identity:
    expires = claims.get("exp")
    moment = None
    if isinstance(expires, int | float):
        try:
            moment = datetime.fromtimestamp(expires, timezone.utc)
        except (ValueError, OverflowError, OSError) as error:
            raise TokenRefused("the token ends at an impossible time") from error
    return Identity(text(claims, "uuidentity"), text(claims, "name"), moment)
