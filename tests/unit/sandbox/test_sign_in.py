from __future__ import annotations

from typing import Any

import jwt
import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import Caller

SCOPE = "openid https://itkpd.unicornuniversity.net"


def grant(api: Caller, code1: str, code2: str) -> Any:
    body = {"grant_type": "password", "accessCode1": code1, "accessCode2": code2, "scope": SCOPE}
    return api.raw("POST", api.info["auth_url"] + "grantToken", json=body)


def key_of(api: Caller, token: str) -> Any:
    listed = api.raw("GET", api.info["auth_url"] + "listKeys").json()
    assert listed["uuAppErrorMap"] == {}
    assert len(listed["keys"]) > 1
    key_id = jwt.get_unverified_header(token)["kid"]
    return jwt.PyJWK(next(key for key in listed["keys"] if key["kid"] == key_id)).key


def test_codes_give_a_signed_token_of_half_an_hour(api: Caller) -> None:
    answer = grant(api, api.info["access_code1"], api.info["access_code2"]).json()
    assert answer["uuAppErrorMap"] == {}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 1800
    assert answer["access_token"].startswith("at.")
    assert len(answer["access_token"]) == 46
    token = answer["id_token"]
    claims = jwt.decode(
        token,
        key_of(api, token),
        algorithms=["RS256"],
        audience="https://itkpd.unicornuniversity.net",
        leeway=2,
    )
    assert claims["exp"] == claims["iat"] + 1800
    assert claims["iss"] == api.info["auth_url"].rstrip("/")
    assert claims["uuidentity"] == "12-3456-1"
    assert claims["aud"][0] == "uu-oidc:unregistered-client:unregistered-6f696463"


def test_the_token_signs_in_and_names_a_user(api: Caller) -> None:
    api.bearer = grant(api, api.info["access_code1"], api.info["access_code2"]).json()["id_token"]
    user = api.get("getUser", userIdentity="12-3456-1")
    assert (user["firstName"], user["lastName"]) == ("Alex", "Example")
    places = {place["code"]: place for place in user["institutions"]}
    assert [code for code, place in places.items() if place["default"]] == ["UCSC"]
    assert not places["CERN"]["authority"]
    assert places["MPP"]["clusterManager"]
    assert {"executive", "authority", "componentManager", "clusterManager"} <= user["institutions"][0].keys()


def test_wrong_codes(api: Caller) -> None:
    response = grant(api, "wrong", "codes")
    assert (response.status_code, response.reason) == (401, "Unauthorized")
    assert '"error" : "invalid_request"' in response.text
    content = response.json()
    (key,) = content["uuAppErrorMap"]
    assert key == "uu-oidc-main/grantToken/identityNotAuthenticated "
    error = content["uuAppErrorMap"][key]
    assert error["message"] == content["error_description"] == "Identity not Authenticated"
    (cause,) = error["cause"].items()
    assert cause[0] == "uu-oidc-main/authAccessCodes/authenticateCredentials/notAuthenticated"
    assert cause[1]["message"] == "Invalid user authentication."


def test_empty_codes_are_an_internal_error(api: Caller) -> None:
    response = grant(api, "", "")
    assert response.status_code == 500
    assert response.headers["Connection"] == "close"
    content = response.json()
    assert content["error"] == "server_error"
    error = content["uuAppErrorMap"]["uu-oidc-main/grantToken/unexpectedError"]
    assert (
        error["cause"]["uu.app.error/UNEXPECTED_INTERNAL_EXCEPTION"]["message"] == "Secret must be not null."
    )


def foreign_token(good: str) -> str:
    claims = jwt.decode(good, options={"verify_signature": False})
    return jwt.encode(claims, "x" * 32, algorithm="HS256")


@pytest.mark.parametrize("kind", ["absent", "garbage", "foreign", "cut"])
def test_a_bad_bearer_is_refused(api: Caller, kind: str) -> None:
    good = api.bearer
    api.bearer = {"absent": "", "garbage": "no-token", "foreign": foreign_token(good), "cut": good[:-9]}[kind]
    assert "uu-oidc/invalidToken" in api.error("GET", "listProjects", 401)


def test_a_token_expires(sandbox: SandboxProcess) -> None:
    with (
        SandboxProcess().start("--components", "10", "--token-lifetime", "0") as other,
        Caller(other.info) as api,
    ):
        assert "uu-oidc/invalidToken" in api.error("GET", "listProjects", 401)
        answer = grant(api, api.info["access_code1"], api.info["access_code2"]).json()
        assert answer["expires_in"] == 0
        # A token of another sandbox is signed with another key.
        api.bearer = str(sandbox.info["bearer"])
        assert "uu-oidc/invalidToken" in api.error("GET", "listProjects", 401)
    assert other.returncode == 0
