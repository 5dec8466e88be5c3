"""The tokens of the object store: what they permit, where, and until when (API reference §6.5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
import urllib.parse
import zlib

_PREFIX = "zteos64:"
_LONGEST = 16 * 1024


class EosTokens:
    """Makes and checks tokens and, for the second hop, capabilities, signed with a key of this process."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._key = secrets.token_bytes(32)

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
        )
        message = _bytes(1, share) + _bytes(2, self._sign(share))
        packed = f"{len(message):08x}".encode() + zlib.compress(message)
        return _PREFIX + base64.urlsafe_b64encode(packed).decode().replace("=", "%3d")

    def allows(self, token: str, permission: str, path: str) -> bool:
        """Whether `token` is one of ours, still valid, and permits this on `path`."""
        share = self._open(token)
        if share is None:
            return False
        granted, expires, scope, tree = (share.get(number) for number in (1, 2, 6, 7))
        if not (isinstance(granted, bytes) and isinstance(expires, int) and isinstance(scope, bytes)):
            return False
        place = scope.decode()
        inside = path.startswith(place.rstrip("/") + "/") if tree else path == place
        return inside and permission in granted.decode() and time.time() < expires

    def _open(self, token: str) -> dict[int, int | bytes] | None:
        token = urllib.parse.unquote(token)
        if not token.startswith(_PREFIX) or len(token) > _LONGEST:
            return None
        try:
            packed = base64.urlsafe_b64decode(token.removeprefix(_PREFIX))
            size = int(packed[:8], 16)
            message = zlib.decompressobj().decompress(packed[8:], _LONGEST)
            outer = _fields(message)
            share = outer.get(1)
            signature = outer.get(2)
            if len(message) != size or not isinstance(share, bytes) or not isinstance(signature, bytes):
                return None
            return _fields(share) if hmac.compare_digest(signature, self._sign(share)) else None
        except (ValueError, IndexError, binascii.Error, zlib.error):
            return None

    def capability(self, method: str, path: str) -> str:
        """Return the query that authorises one request at the storage node, without any credential."""
        message = f"{method} {int(time.time() + self._lifetime)} {path}".encode()
        inner = {
            "cap.sym": base64.b64encode(self._sign(message)).decode(),
            "cap.msg": base64.b64encode(message).decode(),
            "mgm.logid": secrets.token_hex(16),
        }
        return urllib.parse.urlencode(
            {"encURI": "".join(f"&{name}={value}" for name, value in inner.items())}
        )

    def allows_capability(self, encoded: str, method: str, path: str) -> bool:
        """Check the value of `encURI` as the storage node got it."""
        inner = urllib.parse.parse_qs(encoded.replace("+", "%2B"))
        try:
            message = base64.b64decode(inner["cap.msg"][0])
            signature = base64.b64decode(inner["cap.sym"][0])
            asked, expires, place = message.decode().split(" ", 2)
        except (KeyError, ValueError):
            return False
        signed = hmac.compare_digest(signature, self._sign(message))
        return signed and asked == method and place == path and time.time() < int(expires)

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
