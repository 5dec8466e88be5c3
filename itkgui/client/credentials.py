"""What somebody signs in with: two access codes, or a token from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field


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
