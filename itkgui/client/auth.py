"""Signing in: access codes or a bearer become a verified token, renewed in time."""

from __future__ import annotations

import contextlib
import hmac
import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from itkgui.client import tokens, transfer
from itkgui.client.clock import NOTEWORTHY, told_by_how_much
from itkgui.client.connections import named_failures
from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.exceptions import (
    AccessCodesMissing,
    AccessCodesWrong,
    AnswerError,
    ClockWrong,
    ConnectionFailed,
    FileNotWritten,
    ItkError,
    SessionExpired,
    SignInFailed,
    SomebodyElse,
    TokenRefused,
    TooLongToBe,
)
from itkgui.client.grants import Grant, Identity, account_of, identity_in, pair_of, secret_of
from itkgui.client.session import Request, Session
from itkgui.client.token_file import SavedTokens, TokenFile
from itkgui.language import _
from itkgui.records.json_fields import objects, text
from itkgui.settings import Settings

__all__ = ["AccessCodes", "Authenticator", "BearerToken", "Credentials", "Grant", "Identity"]

log = logging.getLogger(__name__)

# A token with less life than this, in seconds, is renewed before the next request; a transfer, which may
# take minutes, wants more of it.
RENEW_AHEAD = 60.0
TRANSFER_AHEAD = 600.0
_PAUSE = 30.0  # seconds between two tries to renew a token that is still good: each may take long
LONGEST_CODE, _LONGEST_TOKEN = 256, 8_000  # characters; servers take no header much longer than the latter


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
        self._refused = ""  # the token that the server takes no more, and for which there was no other

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
        return "" if grant is None or credentials is None else account_of(grant, credentials)

    @property
    def can_renew(self) -> bool:
        """Whether what is held brings another token: access codes do, a token does not."""
        return isinstance(self._credentials, AccessCodes)

    @property
    def seconds_left(self) -> float:
        """How long the token is good, below 0 if it has ended; infinite if unknown."""
        grant = self._grant
        return -math.inf if grant is None else grant.expires - self._now()

    @property
    def failure(self) -> ItkError | None:
        """Why the latest renewal failed; None if it did not."""
        return self._failure

    @property
    def is_refused(self) -> bool:
        """Whether the server does not take the token in use, and there is no other."""
        grant = self._grant
        return grant is not None and grant.token == self._refused

    def holds(self, credentials: Credentials) -> bool:
        """Tell whether these are the credentials of this session; takes as long whatever they are."""
        mine = self._credentials
        if mine is None or type(mine) is not type(credentials):
            return False
        return hmac.compare_digest(secret_of(mine), secret_of(credentials))

    def bearer(self, *, for_transfer: bool = False) -> str:
        """Return a token that is good for at least the next request, renewed if need be.

        For a transfer it is renewed earlier, as the request may take minutes.
        """
        grant = self._grant
        ahead = max(self._renew_ahead, TRANSFER_AHEAD if for_transfer else 0.0)
        if (
            grant is None
            or not grant.is_verified
            or (grant.is_due(ahead, self._now()) and not self._may_rest(grant))
        ):
            grant = self._renewed(grant)
        return grant.token

    def renew(self, ahead: float) -> None:
        """Get a new token if the one in use ends within ``ahead`` seconds, as ``Grant.is_due`` tells."""
        if self.is_due(ahead):
            self._renewed(self._grant, is_refused=self.is_refused)

    def is_due(self, ahead: float) -> bool:
        """Tell whether ``renew`` would get a new token; not for one that was new and refused all the same."""
        grant = self._grant
        if self.is_refused:
            return self.can_renew and self._failure is not None
        return grant is not None and grant.is_due(ahead, self._now())

    def _may_rest(self, grant: Grant) -> bool:
        """Whether a renewal failed a moment ago, and the token is good without."""
        return self._now() < grant.expires and time.monotonic() < self._failed_at + _PAUSE

    def _now(self) -> float:
        return self._session.auth_clock.now()

    def replace(self, refused: str) -> str | None:
        """Return another token than the one the server has just refused; None if there can be no other."""
        self.note_refused(refused)
        grant = self._grant
        if not self.can_renew:
            return None
        if grant is None or grant.token == refused:
            return self._renewed(grant, is_refused=True).token
        return self.bearer()

    def note_refused(self, token: str) -> None:
        """Remember that the server does not take a token that it should take."""
        self._refused = token

    def change(self, credentials: Credentials) -> None:
        """Go on with other credentials of the same account, and a token that they brought and the API takes.

        Raises SomebodyElse if they are another's; then, and if anything else fails, all stays as it is.
        """
        with self._turn():
            grant = self._granted_to(credentials)
            if account_of(grant, credentials) != self.account:
                raise SomebodyElse(grant.identity.name)
            self._try_out(grant.token)
            with self._change:
                self._take(credentials, grant)
                self._refused = ""

    def _try_out(self, token: str) -> None:
        """Ask the API for next to nothing; raise TokenRefused if it does not take the token."""
        try:
            with named_failures():
                url = urljoin(self._settings.api_url, "listProjects")
            self._session.json(Request("GET", url, bearer=token))
        except SessionExpired as error:
            if self._grant is not None and self._grant.token == token:
                self.note_refused(token)
            raise TokenRefused(error.detail) from error

    def forget(self) -> None:
        """Drop the token and the credentials: nobody can use them through this object any more."""
        with self._change:
            self._credentials = None
            self._grant = None

    def forget_saved(self) -> None:
        """Delete the saved session, if there is one. Raises FileNotWritten."""
        if self._token_file is not None:
            self._token_file.remove()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one thread at a time renew."""
        while not self._lock.acquire(timeout=0.05):
            transfer.current().check()  # another thread renews: no reason to wait if nobody waits for us
        try:
            yield
        finally:
            self._lock.release()

    def _renewed(self, old: Grant | None, *, is_refused: bool = False) -> Grant:
        asked_at = time.monotonic()
        with self._turn():
            if self._grant is not None and self._grant is not old:
                return self._grant
            credentials = self._credentials
            if credentials is None:
                raise SessionExpired("signed out", status=401)
            # Whoever waited for it need not find out as slowly; and codes that are wrong stay wrong.
            if self._failure is not None and (
                self._failed_at > asked_at or isinstance(self._failure, AccessCodesWrong)
            ):
                raise copy(self._failure)
            try:
                confirmed = None
                if old is not None and not old.is_verified and not is_refused:
                    confirmed = self._confirmed(old)
                grant = confirmed or self._granted_to(credentials)
            except (ConnectionFailed, AnswerError, SignInFailed) as error:
                self._failure, self._failed_at = copy(error), time.monotonic()
                raise
            with self._change:
                self._take(credentials, grant, is_new=grant is not confirmed)
            return grant

    def _take(self, credentials: Credentials, grant: Grant, *, is_new: bool = True) -> None:
        if self._credentials is None:  # signed out meanwhile
            raise SessionExpired("signed out", status=401)
        self._credentials, self._grant, self._failure = credentials, grant, None
        if isinstance(credentials, AccessCodes) and is_new:
            self._save(credentials, grant)

    def _granted_to(self, credentials: Credentials) -> Grant:
        if isinstance(credentials, BearerToken):
            return self._examined(credentials.token)
        return self._granted(credentials)

    def _granted(self, codes: AccessCodes) -> Grant:
        """Ask for a token (API reference §2.1) and verify it."""
        if not (codes.code1.strip() and codes.code2.strip()):
            raise AccessCodesMissing
        if max(len(codes.code1), len(codes.code2)) > LONGEST_CODE:
            raise TooLongToBe
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
        claims = self._verified(token, self._key_for(tokens.header(token)), has_time=True)
        access_token = text(answer, "access_token")
        return Grant(token, claims, access_token, can_be_renewed=True, begins=self._now())

    def _save(self, codes: AccessCodes, grant: Grant) -> None:
        if self._token_file is None:
            return
        try:
            self._token_file.save(pair_of(codes), SavedTokens(grant.token, grant.access_token))
        except FileNotWritten as error:
            log.warning("the session cannot be saved: %s", error.detail)

    def _saved(self) -> Grant | None:
        """Return what the token file holds and has not ended; it is still to be verified."""
        if self._token_file is None or not isinstance(self._credentials, AccessCodes):
            return None
        saved = self._token_file.load(pair_of(self._credentials))
        if saved is None:
            return None
        try:
            claims = tokens.unverified_claims(saved.id_token)
        except TokenRefused as error:
            log.warning("the saved session is not used: %s", error.detail)
            return None
        grant = Grant(saved.id_token, claims, saved.access_token, is_verified=False, can_be_renewed=True)
        if grant.expires - self._renew_ahead <= self._now():
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
        if len(token) > _LONGEST_TOKEN:
            raise TooLongToBe
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise TokenRefused("this is not the text of a token")
        if token.count(".") != 2:
            return Grant(token)  # such as the key of a reporting replica
        header, claims = tokens.header(token), tokens.unverified_claims(token)
        expires = identity_in(claims).expires  # refuses an impossible time before anybody is asked
        key = None
        try:
            key = self._key_for(header)
        except (ConnectionFailed, AnswerError, TokenRefused) as error:
            log.info("the token is used unverified: %s", error.detail)
        if expires is not None and expires.timestamp() < self._now() - self._settings.leeway:
            raise TokenRefused(f"the token expired at {expires:%Y-%m-%d %H:%M:%S} UTC")
        if key is not None:
            claims = self._verified(token, key, has_time=expires is not None)
        return Grant(token, claims, begins=self._now())

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

    def _verified(self, token: str, key: Any, *, has_time: bool = False) -> Mapping[str, Any]:
        """Verify a token; where one that ``has_time`` left has ended, this computer's clock is wrong.

        It is not if the provider's clock is known and agrees.
        """
        audience, leeway = self._settings.access_audience, self._settings.leeway
        try:
            claims = tokens.verified_claims(token, key, audience, leeway, is_new=has_time)
        except ClockWrong as error:
            offset = self._session.auth_clock.offset
            if offset is not None and abs(offset) < max(leeway, NOTEWORTHY):
                raise _out_of_time(error) from error
            raise told_by_how_much(error, offset) from error
        identity_in(claims)  # refuses one that ends at an impossible time
        return claims

    def _url(self, command: str) -> str:
        with named_failures():  # what is set may be no address at all
            return urljoin(self._settings.auth_url, command)


def _out_of_time(why: ClockWrong) -> TokenRefused:
    """Tell of a token whose times are wrong, though the clocks of both sides agree."""
    error = TokenRefused(why.detail)
    error.sentence = _(
        "The token has ended already, or does not hold yet, by the sign-in server's own clock."
    )
    error.cure = _("Try again in a minute. If it happens again, tell whoever runs the sign-in server.")
    return error
