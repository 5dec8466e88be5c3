"""What somebody signs in with, and what it brings: a token, and who it says that one is."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from itkgui.client.credentials import AccessCodes, Credentials
from itkgui.client.exceptions import TokenRefused
from itkgui.records.json_fields import text


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
    §9.31). Times are seconds since 1970 by the identity provider's clock; ``expires`` is infinite if unknown.
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
        return identity_in(self.claims)

    def is_due(self, ahead: float, now: float) -> bool:
        """Tell whether it ends within ``ahead`` seconds; a short-lived one is due at half its life."""
        life = max(0.0, self.expires - self.begins)
        return self.can_be_renewed and now >= self.expires - min(ahead, life / 2)


def pair_of(codes: AccessCodes) -> str:
    """Return what tells one account's saved session from another's; empty where no codes are given."""
    return f"{codes.code1}\n{codes.code2}" if codes.code1 or codes.code2 else ""


def identity_in(claims: Mapping[str, Any]) -> Identity:
    expires = claims.get("exp")
    moment = None
    if isinstance(expires, int | float):
        try:
            moment = datetime.fromtimestamp(expires, timezone.utc)
        except (ValueError, OverflowError, OSError) as error:
            raise TokenRefused("the token ends at an impossible time") from error
    return Identity(text(claims, "uuidentity"), text(claims, "name"), moment)


def secret_of(credentials: Credentials) -> bytes:
    text = pair_of(credentials) if isinstance(credentials, AccessCodes) else credentials.token
    return text.encode(errors="surrogatepass")


def account_of(grant: Grant, credentials: Credentials) -> str:
    """Return the identity that a token names; if it names nobody, a mark of what brought it."""
    if grant.identity.uuidentity:
        return grant.identity.uuidentity
    secret = secret_of(credentials) if isinstance(credentials, AccessCodes) else grant.token.encode()
    return hashlib.scrypt(secret, salt=b"itkgui account", n=2**14, r=8, p=1, dklen=16).hex()
