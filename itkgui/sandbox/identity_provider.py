"""The identity provider: trades two access codes for tokens that are signed, expire, and can be verified."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from itkgui.sandbox.errors import error_entry
from itkgui.sandbox.wire.answers import pretty_json
from itkgui.sandbox.wire.messages import Request, Response
from itkgui.sandbox.wire.strict_json import read_object

# The workspaces of the real servers, which stand in addresses and cookies (API reference §1.1).
AWID = "dcb3f6d1f130482581ba1e7bbe34413c"
PATH = "/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/"
AUDIENCE = "https://itkpd.unicornuniversity.net"
_CLIENT = "uu-oidc:unregistered-client:unregistered-6f696463"
_JSON = "application/json;charset=UTF-8"
_RETIRED_KEYS = 3
_LONG_AGO = 60


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in: two access codes, whom they stand for, and a word on what they may do."""

    access_code1: str
    access_code2: str
    identity: str
    name: str
    may: str


@dataclass(frozen=True)
class Caller:
    """Who sent a request, taken from a valid token."""

    identity: str


class InvalidTokenError(Exception):
    """The bearer is absent, malformed, expired or signed by somebody else."""


class IdentityProvider:
    """Issues and verifies tokens (API reference §2). Its origin is set once its port is known.

    By `clock_offset` seconds its clock is ahead of this computer's.
    """

    def __init__(
        self, accounts: tuple[Account, ...], token_lifetime: float, clock_offset: float = 0.0
    ) -> None:
        self._accounts = accounts
        self._lifetime = token_lifetime
        self._clock_offset = clock_offset
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        numbers = self._key.public_key().public_numbers()
        self._key_id = hashlib.sha256(numbers.n.to_bytes(256, "big")).hexdigest()[:32]
        self._keys = [
            _jwk(_retired_key_id(number), _retired_modulus(number)) for number in range(_RETIRED_KEYS)
        ]
        self._keys.append(_jwk(self._key_id, numbers.n))
        # Identifiers of tokens; there are never many, and they live as long as the process.
        self._revoked: set[str] = set()
        self.issuer = ""

    def issue(self, account: Account, audience: str = AUDIENCE, *, expired: bool = False) -> str:
        """Return an id_token: the bearer of the production database; or one whose time is over already."""
        now = int(self._now())
        if expired:
            now -= int(self._lifetime) + _LONG_AGO
        subject = hashlib.md5(account.identity.encode(), usedforsecurity=False).hexdigest()[:24]
        claims: dict[str, Any] = {
            "sub": subject,
            "uuidentity": account.identity,
            "uuidentity_type": "uuPerson",
            "name": account.name,
            "client_uri": audience,
            "client_uuidentity": "0-0",
            "client_acr": "none",
            "auth_id": secrets.token_hex(16),
            "acr": "standard",
            "iss": self.issuer,
            "aud": [_CLIENT, audience],
            "nbf": now,
            "auth_time": now,
            "iat": now,
            "exp": now + int(self._lifetime),
            "jti": uuid.uuid4().hex,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def verify(self, bearer: str) -> Caller:
        """Return whose token it is. Raises InvalidTokenError."""
        claims = self._claims(bearer)
        if claims["jti"] in self._revoked:
            raise InvalidTokenError("The token was revoked.")
        return Caller(str(claims["uuidentity"]))

    def revoke(self, bearer: str) -> None:
        """Make a token invalid for good; one that is not valid anyway stays so."""
        with contextlib.suppress(InvalidTokenError):
            self._revoked.add(self._claims(bearer)["jti"])

    def _claims(self, bearer: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                bearer,
                self._key.public_key(),
                algorithms=["RS256"],
                issuer=self.issuer,
                # Times are looked at by this provider's own clock.
                options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError(str(error)) from error
        if claims["exp"] <= self._now():
            raise InvalidTokenError("Signature has expired")
        return claims

    def _now(self) -> float:
        return time.time() + self._clock_offset

    def answer(self, request: Request) -> Response:
        command = request.path.removeprefix(PATH)
        if command == "listKeys" and request.method == "GET":
            return Response(
                headers=[("Content-Type", _JSON)],
                body=json.dumps({"uuAppErrorMap": {}, "keys": self._keys}).encode(),
            )
        if command == "grantToken" and request.method == "POST":
            return self._grant(request)
        return Response(404, headers=[("Content-Type", "text/plain")], body=b"Not Found\n")

    def _grant(self, request: Request) -> Response:
        asked = read_object(request.body.whole(64 * 1024))
        codes = tuple(str(asked.get(name) or "") for name in ("accessCode1", "accessCode2"))
        if codes == ("", ""):
            return _secret_missing()
        for account in self._accounts:
            if codes == (account.access_code1, account.access_code2):
                return self._granted(account, str(asked.get("scope") or ""), expired=request.expire_token)
        return _not_authenticated()

    def _granted(self, account: Account, scope: str, *, expired: bool) -> Response:
        addresses = [word for word in scope.split() if word.startswith("https://")]
        tokens = {
            "uuAppErrorMap": {},
            "access_token": f"at.{secrets.token_urlsafe(32)}",
            "id_token": self.issue(account, addresses[-1] if addresses else AUDIENCE, expired=expired),
            "token_type": "Bearer",
            "expires_in": int(self._lifetime),
        }
        return Response(headers=[("Content-Type", _JSON)], body=json.dumps(tokens).encode())


def _not_authenticated() -> Response:
    # The trailing blank in the first key is the real server's (API reference §2.3).
    cause = error_entry("Invalid user authentication.")
    content = {
        "uuAppErrorMap": {
            "uu-oidc-main/grantToken/identityNotAuthenticated ": {
                **error_entry("Identity not Authenticated"),
                "cause": {"uu-oidc-main/authAccessCodes/authenticateCredentials/notAuthenticated": cause},
            }
        },
        "error_description": "Identity not Authenticated",
        "error": "invalid_request",
    }
    return pretty_json(content, 401)


def _secret_missing() -> Response:
    message = "Secret must be not null."
    inner = error_entry(message)
    del inner["timestamp"]
    content = {
        "uuAppErrorMap": {
            "uu-oidc-main/grantToken/unexpectedError": {
                **error_entry("Grant token failed."),
                "cause": {"uu.app.error/UNEXPECTED_INTERNAL_EXCEPTION": inner},
            }
        },
        "error_description": message,
        "error": "server_error",
    }
    return pretty_json(content, 500)


def _jwk(key_id: str, modulus: int) -> dict[str, str]:
    number = base64.urlsafe_b64encode(modulus.to_bytes(256, "big")).rstrip(b"=").decode()
    return {"kid": key_id, "kty": "RSA", "use": "sig", "alg": "RS256", "e": "AQAB", "n": number}


def _retired_key_id(number: int) -> str:
    return hashlib.sha256(b"retired %d" % number).hexdigest()[:32]


def _retired_modulus(number: int) -> int:
    # The real key set holds dozens of keys (API reference §2.2): a client must choose by kid.
    digest = hashlib.shake_256(b"retired modulus %d" % number).digest(256)
    return int.from_bytes(digest, "big") | 1 << 2047 | 1
