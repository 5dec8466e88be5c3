"""The tokens of the object store: what they permit, where, and until when (API reference §6.5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
import urllib.parse
import uuid
import zlib

_PREFIX = "zteos64:"
_LONGEST = 16 * 1024


class EosTokens:
    """Makes and checks tokens and, for the second hop, capabilities, signed with a key of this process."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._key = secrets.token_bytes(32)
        # What was signed and is good no more: shares of tokens, messages of capabilities; never many.
        self._revoked: set[bytes] = set()

    def issue(self, permission: str, path: str, *, tree: bool = False) -> str:
        """Return a token for `path`, or for everything below it; `permission` is made of r, w, x."""
        expires = int(time.time() + self._lifetime)
        share = (
            _text(1, permission)
            + _number(2, expires)
            + _text(3, "itkpd")
            + _text(4, "zp")
            + _number(5, 0)
            + _text(6, path)
            + _number(7, int(tree))
            # Two tokens for the same are two, so that one can be revoked without the other.
            + _text(9, str(uuid.uuid4()))
        )
        message = _bytes(1, share) + _bytes(2, self._sign(share))
        packed = f"{len(message):08x}".encode() + zlib.compress(message)
        return _PREFIX + base64.urlsafe_b64encode(packed).decode().replace("=", "%3d")

    def allows(self, token: str, permission: str, path: str) -> bool:
        """Whether `token` is one of ours, still valid, and permits this on `path`."""
        signed = self._genuine(token)
        if signed is None or signed in self._revoked:
            return False
        share = _fields(signed)
        granted, expires, scope, tree = (share.get(number) for number in (1, 2, 6, 7))
        if not (isinstance(granted, bytes) and isinstance(expires, int) and isinstance(scope, bytes)):
            return False
        place = scope.decode()
        inside = path.startswith(place.rstrip("/") + "/") if tree else path == place
        return inside and permission in granted.decode() and time.time() < expires

    def revoke(self, token: str) -> None:
        """Make a token useless for good; what is no token stays none."""
        signed = self._genuine(token)
        if signed is not None:
            self._revoked.add(signed)

    def _genuine(self, token: str) -> bytes | None:
        """Return what we have signed in a token, or None if it is not one of ours."""
        token = urllib.parse.unquote(token)
        if not token.startswith(_PREFIX) or len(token) > _LONGEST:
            return None
        try:
            packed = base64.urlsafe_b64decode(token.removeprefix(_PREFIX))
            size = int(packed[:8], 16)
            message = zlib.decompressobj().decompress(packed[8:], _LONGEST)
            outer = _fields(message)
        except (ValueError, IndexError, binascii.Error, zlib.error):
            return None
        share, signature = outer.get(1), outer.get(2)
        if len(message) != size or not isinstance(share, bytes) or not isinstance(signature, bytes):
            return None
        return share if hmac.compare_digest(signature, self._sign(share)) else None

    def capability(self, method: str, path: str) -> str:
        """Return the query that authorises one request at the storage node, without any credential."""
        number = secrets.token_hex(16)
        message = f"{method} {int(time.time() + self._lifetime)} {number} {path}".encode()
        inner = {
            "cap.sym": base64.b64encode(self._sign(message)).decode(),
            "cap.msg": base64.b64encode(message).decode(),
            "mgm.logid": number,
        }
        return urllib.parse.urlencode(
            {"encURI": "".join(f"&{name}={value}" for name, value in inner.items())}
        )

    def allows_capability(self, encoded: str, method: str, path: str) -> bool:
        """Check the value of `encURI` as the storage node got it."""
        message = self._genuine_capability(encoded)
        if message is None or message in self._revoked:
            return False
        asked, expires, _, place = message.decode().split(" ", 3)
        return asked == method and place == path and time.time() < int(expires)

    def revoke_capability(self, encoded: str) -> None:
        message = self._genuine_capability(encoded)
        if message is not None:
            self._revoked.add(message)

    def _genuine_capability(self, encoded: str) -> bytes | None:
        inner = urllib.parse.parse_qs(encoded.replace("+", "%2B"))
        try:
            message = base64.b64decode(inner["cap.msg"][0])
            signature = base64.b64decode(inner["cap.sym"][0])
        except (KeyError, ValueError):
            return None
        return message if hmac.compare_digest(signature, self._sign(message)) else None

    def _sign(self, message: bytes) -> bytes:
        return hmac.new(self._key, message, hashlib.sha256).digest()


# The little of the protobuf wire format that a token needs.


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(max(value, 0))


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode())


def _fields(message: bytes) -> dict[int, int | bytes]:
    found: dict[int, int | bytes] = {}
    position = 0

    def varint() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    while position < len(message):
        tag = varint()
        if tag & 7 == 0:
            found[tag >> 3] = varint()
        elif tag & 7 == 2:
            length = varint()
            found[tag >> 3] = message[position : position + length]
            position += length
        else:
            raise ValueError("not a field of a token")
    return found
