"""Reads and verifies the identity provider's signed tokens (JWT, RS256; API reference §2.1)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from itkgui.client.exceptions import ClockWrong, TokenRefused
from itkgui.records.json_fields import Json

log = logging.getLogger(__name__)

# The library takes a third of the client's time to load, and is needed only where somebody signs in: each
# function asks for it itself.


def header(token: str) -> Mapping[str, Any]:
    """Return a token's header, which names the key that signed it. Raises TokenRefused if it is malformed."""
    import jwt

    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(f"the token is malformed: {error}") from error


def unverified_claims(token: str) -> Mapping[str, Any]:
    """Return what a token says, whoever signed it. Raises TokenRefused if it is malformed."""
    import jwt

    try:
        return jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(f"the token is malformed: {error}") from error


def verified_claims(
    token: str, key: Any, audience: str, leeway: float, *, is_new: bool = False
) -> Mapping[str, Any]:
    """Return what a token says if this key signed it for this audience; ``leeway`` in seconds.

    Raises TokenRefused, and ClockWrong if it is not valid yet, or if one that is new has ended already.
    """
    import jwt

    try:
        return jwt.decode(
            token, key, algorithms=["RS256"], audience=audience, leeway=leeway, options={"require": ["exp"]}
        )
    except jwt.ImmatureSignatureError as error:
        raise ClockWrong(str(error)) from error
    except jwt.ExpiredSignatureError as error:
        if is_new:
            raise ClockWrong("a token that was just granted has expired by this clock") from error
        raise TokenRefused(str(error)) from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(str(error)) from error


def public_key(item: Json) -> Any:
    """Read one key of the provider's list; None for one of another kind, or one that is damaged."""
    import jwt
    from jwt.algorithms import RSAAlgorithm

    if item.get("kty") != "RSA":
        return None
    try:
        return RSAAlgorithm.from_jwk(dict(item))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        log.info("the identity provider lists a key that cannot be read: %s", error)
        return None
