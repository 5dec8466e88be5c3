"""What a client expects of whoever uses it."""

from __future__ import annotations

from typing import Protocol


class UserLike(Protocol):
    """Somebody with a token: what Session needs of a user, and all it needs."""

    def authenticate(self) -> bool:
        """Get a token if there is none that is good; return True, or raise."""

    @property
    def bearer(self) -> str:
        """The token that goes with each request to the database."""


__all__ = ("UserLike",)
