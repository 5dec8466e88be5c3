"""The two backends behind the web server of the API, told apart by their headers (API reference §1.4)."""

from __future__ import annotations

import secrets
import string

from itkgui.sandbox.wire.messages import Response

_COMMON = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
_OLD = (
    ("Vary", "User-Agent,Origin,Accept-Encoding"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
    ("X-Xss-Protection", "1; mode=block"),
    _COMMON,
)
_NEW = (
    ("vary", "Accept-Encoding,User-Agent,Origin"),
    _COMMON,
    ("Set-Cookie", "uu.app.bpl=0;path="),
)
_LETTERS = string.ascii_letters + string.digits


def dress_as_new(response: Response, awid: str) -> None:
    """Add the headers of the newer backend, whose own names are in lower case."""
    cookie = f"uu.app.cbu=https://uuapp.plus4u.net/ucl-itkpd-maing01/{awid};path="
    response.headers += [*_NEW, ("Set-Cookie", cookie)]
    response.lower_case = True


def dress_as_old(response: Response) -> None:
    """Write all header names as the older backend does, and add its headers.

    It compresses small answers too, and tells their length then (2023-06: requestUploadEosFile).
    """
    response.headers = [(_capitalised(name), _value(name, value)) for name, value in response.headers]
    response.headers += [*_OLD, ("X-Request-Id", _request_id())]
    response.lower_case = False
    if response.compress_from is not None:
        response.compress_from = 1


def _capitalised(name: str) -> str:
    return "-".join(word[:1].upper() + word[1:] for word in name.split("-"))


def _value(name: str, value: str) -> str:
    if name.lower() == "content-type" and value.startswith("application/json"):
        return value.replace("charset=utf-8", "charset=UTF-8")
    return value


def _request_id() -> str:
    """Return an identifier of the recorded form: 27 characters, two numbers of 16 digits, and a counter."""
    first = "".join(secrets.choice(_LETTERS) for _ in range(27))
    return f"{first}-{secrets.token_hex(8)}-{secrets.token_hex(8)}-0001"
