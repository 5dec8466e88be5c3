"""Signing in: access codes or a bearer become a verified token, renewed in time."""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urljoin

from itkgui.client import tokens, transfer
from itkgui.client.connections import named_failures
from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.exceptions import (
    AccessCodesMissing,
    AccessCodesWrong,
    AnswerError,
    ConnectionFailed,
    FileNotWritten,
    ItkError,
    SessionExpired,
    SignInFailed,
    TokenRefused,
)
from itkgui.client.session import Request, Session
from itkgui.client.token_file import SavedTokens, TokenFile
from itkgui.records.json_fields import objects, text
from itkgui.settings import Settings

log = logging.getLogger(__name__)

# A token with less life than this, in seconds, is renewed before the next request; a transfer, which may
# take minutes, wants more of it.
RENEW_AHEAD = 60.0
TRANSFER_AHEAD = 600.0
_PAUSE = 30.0  # seconds between two tries to renew a token that is still good: each may take long


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as the token says; an opaque token says nothing."""

    uuidentity: str = ""
    name: str = ""
    expires: datetime | None = None


@dataclass(frozen=True)
class Grant:
    """A token in use; ``claims`` are what it says, empty for one that says nothing.

    ``access_token`` is the other one that the identity provider gives, of no use at the API (API reference
    §9.31). Times are seconds since 1970 by the clock of this computer; ``expires`` is infinite if unknown.
    """

    token: str = field(repr=False)
    claims: Mapping[str, Any] = field(default_factory=dict)
    access_token: str = field(default="", repr=False)
    is_verified: bool = True
    can_be_renewed: bool = False
    begins: float = field(default_factory=time.time)

    @property
    def expires(self) -> float:
        found = self.claims.get("exp")
        return float(found) if isinstance(found, int | float) else float("inf")

    @property
    def identity(self) -> Identity:
        return _identity(self.claims)

    def is_due(self, ahead: float) -> bool:
        """Tell whether it ends within ``ahead`` seconds; a short-lived one is due at half its life."""
        life = max(0.0, self.expires - self.begins)
        return self.can_be_renewed and time.time() >= self.expires - min(ahead, life / 2)


class Authenticator:
    """Holds the one token of a client and renews it, once however many threads ask; safe to share.

    Its methods raise AccessCodesMissing, AccessCodesWrong, TokenRefused, ClockWrong, and SessionExpired after
    ``forget``; beside them Cancelled, ConnectionFailed and AnswerError from the talk with the provider. With
    a token file, a session that was saved is taken up again, and a new one is saved.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        credentials: Credentials,
        *,
        token_file: TokenFile | None = None,
        renew_ahead: float = RENEW_AHEAD,
    ) -> None:
        self._session = session
        self._settings = settings
        self._credentials: Credentials | None = credentials
        self._token_file = token_file
        self._renew_ahead = renew_ahead
        self._lock = threading.Lock()  # of whoever renews
        self._change = threading.Lock()  # of the grant and the credentials
        self._grant: Grant | None = self._saved()
        self._keys: dict[str, Any] = {}
        self._failure: ItkError | None = None  # of the last renewal, and when it failed
        self._failed_at = -math.inf  # by the monotonic clock

    @property
    def grant(self) -> Grant | None:
        """The token in use; None before the first one and after ``forget``."""
        return self._grant

    @property
    def identity(self) -> Identity:
        """Who is signed in; empty before the first token and after ``forget``."""
        grant = self._grant
        return grant.identity if grant is not None else Identity()

    @property
    def account(self) -> str:
        """By what one account is told from another: the identity, or marks of what signs in for nobody.

        The marks give nothing away. Empty before the first token and after ``forget``. Slow for the latter.
        """
        grant, credentials = self._grant, self._credentials
        if grant is None or credentials is None or grant.identity.uuidentity:
            return self.identity.uuidentity
        secret = _account(credentials) if isinstance(credentials, AccessCodes) else grant.token
        return hashlib.scrypt(secret.encode(), salt=b"itkgui account", n=2**14, r=8, p=1, dklen=16).hex()

    def bearer(self, *, for_transfer: bool = False) -> str:
        """Return a token that is good for at least the next request, renewed if need be.

        For a transfer it is renewed earlier, as the request may take minutes.
        """
        grant = self._grant
        ahead = max(self._renew_ahead, TRANSFER_AHEAD if for_transfer else 0.0)
        if grant is None or not grant.is_verified or (grant.is_due(ahead) and not self._may_rest(grant)):
            grant = self._renewed(grant)
        return grant.token

    def _may_rest(self, grant: Grant) -> bool:
        """Whether a renewal failed a moment ago, and the token is good without."""
        return time.time() < grant.expires and time.monotonic() < self._failed_at + _PAUSE

    def replace(self, refused: str) -> str | None:
        """Return another token than the one the server has just refused; None if there can be no other."""
        grant = self._grant
        if not isinstance(self._credentials, AccessCodes):
            return None
        if grant is None or grant.token == refused:
            return self._renewed(grant, is_refused=True).token
        return self.bearer()

    def forget(self) -> None:
        """Drop the token and the credentials: nobody can use them through this object any more."""
        with self._change:
            self._credentials = None
            self._grant = None

    def forget_saved(self) -> None:
        """Delete the saved session, if there is one. Raises FileNotWritten."""
        if self._token_file is not None:
            self._token_file.remove()

    def _renewed(self, old: Grant | None, *, is_refused: bool = False) -> Grant:
        asked_at = time.monotonic()
        while not self._lock.acquire(timeout=0.05):
            transfer.current().check()  # another thread renews: no reason to wait if nobody waits for us
        try:
            if self._grant is not None and self._grant is not old:
                return self._grant
            credentials = self._credentials
            if credentials is None:
                raise SessionExpired("signed out", status=401)
            if self._failure is not None and self._failed_at > asked_at:
                raise copy(self._failure)  # whoever waited for it need not find out as slowly
            try:
                confirmed = None
                if old is not None and not old.is_verified and not is_refused:
                    confirmed = self._confirmed(old)
                if confirmed is not None:
                    grant = confirmed
                elif isinstance(credentials, BearerToken):
                    grant = self._examined(credentials.token)
                else:
                    grant = self._granted(credentials)
            except (ConnectionFailed, AnswerError, SignInFailed) as error:
                self._failure, self._failed_at = copy(error), time.monotonic()
                raise
            with self._change:
                if self._credentials is None:  # signed out meanwhile
                    raise SessionExpired("signed out", status=401)
                self._grant = grant
                if isinstance(credentials, AccessCodes) and grant is not confirmed:
                    self._save(credentials, grant)
            return grant
        finally:
            self._lock.release()

    def _granted(self, codes: AccessCodes) -> Grant:
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
            raise AccessCodesWrong(error.detail, error.response) from error
        token = text(answer, "id_token")  # not access_token (API reference §2.1)
        claims = self._verified(token, self._key_for(tokens.header(token)), is_new=True)
        return Grant(token, claims, text(answer, "access_token"), can_be_renewed=True)

    def _save(self, codes: AccessCodes, grant: Grant) -> None:
        if self._token_file is None:
            return
        try:
            self._token_file.save(_account(codes), SavedTokens(grant.token, grant.access_token))
        except FileNotWritten as error:
            log.warning("the session cannot be saved: %s", error.detail)

    def _saved(self) -> Grant | None:
        """Return what the token file holds and has not ended; it is still to be verified."""
        if self._token_file is None or not isinstance(self._credentials, AccessCodes):
            return None
        saved = self._token_file.load(_account(self._credentials))
        if saved is None:
            return None
        try:
            claims = tokens.unverified_claims(saved.id_token)
        except TokenRefused as error:
            log.warning("the saved session is not used: %s", error.detail)
            return None
        grant = Grant(saved.id_token, claims, saved.access_token, is_verified=False, can_be_renewed=True)
        if grant.expires - self._renew_ahead <= time.time():
            log.warning("the saved session has ended: a new one is begun")
            return None
        return grant

    def _confirmed(self, grant: Grant) -> Grant | None:
        """Return a saved token once the provider's keys have confirmed it; None if it is no good any more."""
        try:
            claims = self._verified(grant.token, self._key_for(tokens.header(grant.token)))
        except TokenRefused as error:
            log.warning("the saved session is not used: %s", error.detail)
            return None
        return replace(grant, claims=claims, is_verified=True)

    def _examined(self, token: str) -> Grant:
        """Look at a token from elsewhere: what can be known to be wrong with it is found here."""
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise TokenRefused("this is not the text of a token")
        if token.count(".") != 2:
            return Grant(token)  # such as the key of a reporting replica
        header, claims = tokens.header(token), tokens.unverified_claims(token)
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
        return Grant(token, claims)

    def _key_for(self, header: Mapping[str, Any]) -> Any:
        """Return the identity provider's public key with the id that the token names (API reference §2.2)."""
        key_id = text(header, "kid")
        if key_id not in self._keys:
            answer = self._session.json(Request("GET", self._url("listKeys")))
            found = ((text(item, "kid"), tokens.public_key(item)) for item in objects(answer, "keys"))
            self._keys = {name: key for name, key in found if key is not None}
        if key_id not in self._keys:
            raise TokenRefused("the identity provider has no such key")
        return self._keys[key_id]

    def _verified(self, token: str, key: Any, *, is_new: bool = False) -> Mapping[str, Any]:
        claims = tokens.verified_claims(
            token, key, self._settings.access_audience, self._settings.leeway, is_new=is_new
        )
        _identity(claims)  # refuses one that ends at an impossible time
        return claims

    def _url(self, command: str) -> str:
        with named_failures():  # what is set may be no address at all
            return urljoin(self._settings.auth_url, command)


def _account(codes: AccessCodes) -> str:
    """Return what tells one account's saved session from another's; empty where no codes are given."""
    return f"{codes.code1}\n{codes.code2}" if codes.code1 or codes.code2 else ""


def _identity(claims: Mapping[str, Any]) -> Identity:
    expires = claims.get("exp")
    moment = None
    if isinstance(expires, int | float):
        try:
            moment = datetime.fromtimestamp(expires, timezone.utc)
        except (ValueError, OverflowError, OSError) as error:
            raise TokenRefused("the token ends at an impossible time") from error
    return Identity(text(claims, "uuidentity"), text(claims, "name"), moment)
