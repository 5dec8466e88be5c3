"""Signing in by a script: codes, tokens, their end, and what is kept of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.interop.real_names import RealNames
from tests.sandbox_process import SandboxProcess


def test_access_codes_become_a_verified_identity(user: Any) -> None:
    """The token's signature is verified with the identity provider's keys."""
    assert not user.is_authenticated()
    assert (user.bearer, user.identity, user.name, user.expires_in, user.id_token) == ("", "", "", 0, {})
    assert user.authenticate() is True
    assert user.is_authenticated()
    assert not user.is_expired()
    assert user.identity.count("-") == 2
    assert len(user.name.split()) == 2
    assert 1700 < user.expires_in <= 1800
    assert user.expires_at == pytest.approx(time.time() + 1800, abs=60)
    assert user.id_token["uuidentity"] == user.identity
    assert "https://itkpd.unicornuniversity.net" in user.id_token["aud"]
    assert user.bearer.count(".") == 2
    assert user.access_token
    assert user.access_token != user.bearer


def test_signing_in_again_keeps_the_token(user: Any) -> None:
    user.authenticate()
    bearer = user.bearer
    assert user.authenticate() is True
    assert user.bearer == bearer


def test_an_ending_token_is_renewed(
    package: Any, is_own: bool, sandbox: SandboxProcess, said: Callable[[], list[str]]
) -> None:
    """With a threshold beyond the token's life itkdb signs in for every use, ours at half of that life."""
    info = sandbox.info
    hasty = package.core.User(
        info["access_code1"], info["access_code2"], prefix_url=info["auth_url"], auth_expiry_threshold=3600
    )
    hasty.authenticate()
    first = hasty.bearer
    assert hasty.is_expired()
    hasty.authenticate()
    if is_own:
        assert hasty.bearer == first
        assert said() == []
    else:
        assert hasty.bearer != first
        assert said() == ["User session is expired. Creating a new one."]


def test_the_server_refuses_a_token_past_its_end(
    package: Any,
    start_sandbox: Callable[..., SandboxProcess],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    info = start_sandbox("--components", "50", "--token-lifetime", "0").info
    bearer = package.core.UserBearer(info["bearer"])
    with (
        package.Client(user=bearer, prefix_url=info["api_url"], cache=False) as client,
        pytest.raises(package.exceptions.Forbidden) as caught,
    ):
        client.get("listProjects")
    assert caught.value.response.status_code == 401


def test_wrong_codes_are_explained(package: Any, sandbox: SandboxProcess) -> None:
    stranger = package.core.User("wrong", "codes", prefix_url=sandbox.info["auth_url"])
    with pytest.raises(package.exceptions.ResponseException, match="Identity not Authenticated") as caught:
        stranger.authenticate()
    assert caught.value.response.status_code == 401
    assert caught.value.response.json()["error_description"] == "Identity not Authenticated"
    assert not stranger.is_authenticated()


def test_missing_codes_are_explained(package: Any, is_own: bool, sandbox: SandboxProcess) -> None:
    """itkdb sends them and reports the server's fault; ours asks nobody."""
    nobody = package.core.User("", "", prefix_url=sandbox.info["auth_url"])
    words = "Access codes missing" if is_own else "Secret must be not null"
    with pytest.raises(package.exceptions.ResponseException, match=words) as caught:
        nobody.authenticate()
    assert (caught.value.response is None) is is_own
    assert not nobody.is_authenticated()


def test_a_saved_sign_in_is_used_again(package: Any, sandbox: SandboxProcess, tmp_path: Path) -> None:
    info = sandbox.info
    kept = tmp_path / "kept"
    arguments = (info["access_code1"], info["access_code2"])
    first = package.core.User(*arguments, prefix_url=info["auth_url"], save_auth=kept)
    first.authenticate()
    second = package.core.User(prefix_url=info["auth_url"], save_auth=kept)
    assert second.is_authenticated()
    assert second.bearer == first.bearer


def test_a_bearer_alone_is_enough(package: Any, sandbox: SandboxProcess) -> None:
    bearer = package.core.UserBearer(sandbox.info["bearer"])
    assert bearer.authenticate() is True
    with package.Client(user=bearer, prefix_url=sandbox.info["api_url"], cache=False) as client:
        assert [project["code"] for project in client.get("listProjects")] == ["S", "P", "CM", "CE"]


def test_a_made_up_bearer_is_refused(package: Any, sandbox: SandboxProcess) -> None:
    bearer = package.core.UserBearer("made.up.bearer")
    with (
        package.Client(user=bearer, prefix_url=sandbox.info["api_url"], cache=False) as client,
        pytest.raises(package.exceptions.Forbidden),
    ):
        client.get("getComponent", json={"component": "20UPGM23800001"})


def test_whoever_signs_in_finds_out_who_they_are(client: Any, user: Any) -> None:
    client.get("listProjects")  # signs in by itself
    found = client.get("getUser", json={"userIdentity": user.identity})
    assert f"{found['firstName']} {found['lastName']}" == user.name
    assert [place["code"] for place in found["institutions"] if place["default"]] == ["UCSC"]
    assert {"executive", "authority", "componentManager", "clusterManager"} <= set(found["institutions"][0])


def test_where_the_keys_come_from(
    is_own: bool, user: Any, names: RealNames, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of itkdb always come from the real provider's address, ours from the provider that is set.

    Without the proxy's authority itkdb therefore cannot sign in, which proves that it verifies anything.
    """
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    if is_own:
        assert user.authenticate()
        return
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        user.authenticate()
