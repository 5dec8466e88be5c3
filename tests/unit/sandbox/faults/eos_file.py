"""A file on EOS that goes up and comes down step by step, so that a fault may hit each."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from tests.unit.sandbox.caller import Caller

CONTENT = bytes(range(256)) * 4096
RESET = (ConnectionResetError, requests.ConnectionError)


def request_upload(api: Caller) -> tuple[str, dict[str, str]]:
    """Return the address at the door and the credential for it."""
    answer = api.request_upload()
    return str(answer["url"]), {"Authorization": f"Bearer {answer['token']}"}


def address_at_node(api: Caller, method: str = "PUT") -> tuple[str, str]:
    """Return the path of a new upload and the address to which the door sends it."""
    url, headers = request_upload(api)
    first = api.raw(method, url, headers=headers)
    assert first.status_code == 307
    return urlsplit(url).path, str(first.headers["Location"])


def stored(api: Caller, path: str) -> bytes | None:
    """Return what lies on EOS at a path, or None."""
    token = api.raw("POST", api.info["eos_token_url"], params={"path": path}).json()["token"]
    door = api.raw("GET", api.info["eos_url"].partition("/eos/")[0] + path + "?authz=" + token)
    if door.status_code == 404:
        return None
    return bytes(api.raw("GET", door.headers["Location"]).content)
