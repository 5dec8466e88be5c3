"""Tokens that have expired before their time."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import jwt

from tests.unit.sandbox.caller import Caller
from tests.unit.sandbox.faults.eos_file import request_upload, stored


def test_an_expired_bearer_is_replaced_by_a_new_one_only(api: Caller) -> None:
    api.fail("GET /listProjects", "expire_token")
    for command in ("listProjects", "listProjects", "getUser"):
        assert "uu-oidc/invalidToken" in api.error("GET", command, 401)
    codes = {"accessCode1": api.info["access_code1"], "accessCode2": api.info["access_code2"]}
    api.fail("POST *grantToken", "expire_token")
    expired, good = (
        api.raw("POST", api.info["auth_url"] + "grantToken", json=codes).json()["id_token"] for _ in range(2)
    )
    claims = jwt.decode(expired, options={"verify_signature": False})
    assert claims["exp"] < time.time()
    assert claims["exp"] - claims["iat"] == 1800
    api.bearer = expired
    assert "uu-oidc/invalidToken" in api.error("GET", "listProjects", 401)
    api.bearer = good
    assert api.get("listProjects")
    api.info["bearer"] = good


def test_expired_tokens_and_capabilities_of_eos(api: Caller) -> None:
    url, headers = request_upload(api)
    api.fail("PUT /eos/*", "expire_token")
    for _ in range(2):
        assert api.raw("PUT", url, data=b"abc", headers=headers).status_code == 403
    path = urlsplit(url).path
    query = {"path": path, "permissions": "rw"}
    token = api.raw("POST", api.info["eos_token_url"], params=query).json()["token"]
    first = api.raw("PUT", url, data=b"abc", headers={"Authorization": f"Bearer {token}"})
    assert first.status_code == 307
    api.fail("PUT /eos/*", "expire_token", server="node")
    for _ in range(2):
        assert api.raw("PUT", first.headers["Location"], data=b"abc").status_code == 403
    assert stored(api, path) is None
