"""Users: what a sign-in brings, what of it is saved, and what nobody gets to see."""

from __future__ import annotations

import json
import logging
import os
import pickle
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itkgui import itkdb
from tests.unit.client.conftest import Provider

MakeUser = Callable[..., itkdb.core.User]


@pytest.fixture
def make_user(provider: Provider) -> MakeUser:
    def make(
        code1: str | None = "CANARY-1", code2: str | None = "CANARY-2", **options: Any
    ) -> itkdb.core.User:
        return itkdb.core.User(code1, code2, **({"prefix_url": f"{provider.server.url}oidc/"} | options))

    return make


def test_a_user_tells_of_its_token(make_user: MakeUser) -> None:
    user = make_user()
    assert (user.access_token, user.bearer, user.id_token, user.name, user.identity) == (None, "", {}, "", "")
    assert (user.expires_at, user.expires_in, user.is_authenticated(), user.is_expired()) == (
        0,
        0,
        False,
        True,
    )
    assert user.authenticate() is True
    assert (user.name, user.identity, user.access_token) == ("Alex Example", "12-3456-1", "at.x")
    assert user.bearer.count(".") == 2
    assert user.id_token["uuidentity"] == "12-3456-1"
    assert 1700 < user.expires_in <= 1800
    assert user.expires_at == pytest.approx(time.time() + 1800, abs=30)
    assert (user.is_authenticated(), user.is_expired()) == (True, False)


def test_a_token_is_renewed_below_the_threshold(provider: Provider, make_user: MakeUser) -> None:
    user = make_user(auth_expiry_threshold=15)
    provider.claims = {"exp": time.time() + 20, "iat": int(time.time())}
    user.authenticate()
    user.authenticate()
    assert provider.grants == 1
    assert not user.is_expired()
    user = make_user(auth_expiry_threshold=15)
    provider.claims = {"exp": time.time() - 1}  # by a clock that is a little ahead
    user.authenticate()
    user.authenticate()
    assert user.is_expired()
    assert provider.grants == 3


def test_the_settings_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITKDB_ACCESS_CODE1", "one")
    monkeypatch.setenv("ITKDB_ACCESS_CODE2", "two")
    monkeypatch.setenv("ITKDB_AUDREYTWO_API_KEY", " key ")
    user = itkdb.core.User()
    assert (user.access_code1, user.access_code2) == ("one", "two")
    assert itkdb.core.User("", "").access_code1 == ""
    assert itkdb.core.UserBearer().bearer == "key"


@pytest.mark.logs("nbf")
def test_the_leeway_is_the_users(provider: Provider, make_user: MakeUser) -> None:
    """Weak point 25: a clock that is behind."""
    provider.claims = {"nbf": int(time.time()) + 30}
    with pytest.raises(itkdb.exceptions.SignInFailed, match="clock") as caught:
        make_user().authenticate()
    assert caught.value.response is None
    assert make_user(jwt_options={"leeway": 50}).authenticate()


def test_verification_cannot_be_switched_off(
    provider: Provider, make_user: MakeUser, caplog: pytest.LogCaptureFixture
) -> None:
    user = make_user(jwt_options={"verify_aud": False})
    assert "verify_aud" in caplog.text
    provider.claims = {"aud": "somebody else"}
    with pytest.raises(itkdb.exceptions.SignInFailed):
        user.authenticate()


def test_a_session_is_saved_without_the_codes(
    provider: Provider, make_user: MakeUser, tmp_path: Path
) -> None:
    """Weak point 1: plain JSON that only its owner can read, and that nobody executes."""
    path = tmp_path / "kept"
    first = make_user(save_auth=path)
    first.authenticate()
    content = path.read_text()
    assert "CANARY" not in content
    assert first.bearer in json.loads(content).values()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for codes in (("CANARY-1", "CANARY-2"), ("", "")):
        second = make_user(*codes, save_auth=str(path))
        assert second.is_authenticated()
        assert second.authenticate()
        assert (second.bearer, second.name, second.access_token) == (first.bearer, "Alex Example", "at.x")
    assert provider.grants == 1


class _Bomb:
    """A pickle that makes a folder when it is loaded."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("exploded",)


def test_a_saved_pickle_is_not_loaded(
    make_user: MakeUser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Weak point 1."""
    path = tmp_path / "kept"
    path.write_bytes(pickle.dumps(_Bomb()))
    path.chmod(0o600)
    user = make_user(save_auth=path)
    assert not user.is_authenticated()
    assert not Path("exploded").exists()
    assert "not used" in caplog.text
    assert user.authenticate()
    assert json.loads(path.read_text())


@pytest.mark.logs("saved session")
def test_a_saved_session_is_for_its_account_and_provider(
    provider: Provider, make_user: MakeUser, tmp_path: Path
) -> None:
    """Weak point 32."""
    path = tmp_path / "kept"
    make_user(save_auth=path).authenticate()
    assert not make_user("other", "codes", save_auth=path).is_authenticated()
    assert not make_user(save_auth=path, prefix_url="https://other.example/oidc/").is_authenticated()
    assert make_user(save_auth=path).is_authenticated()


def test_nobody_prints_a_secret(make_user: MakeUser, caplog: pytest.LogCaptureFixture) -> None:
    """Weak point 27."""
    caplog.set_level(logging.DEBUG)
    user = make_user()
    user.authenticate()
    bearer = itkdb.core.UserBearer("token.CANARY-3.x")
    with itkdb.Client(user=user, cache=False) as client:
        printed = f"{user!r} {user} {bearer!r} {bearer} {client!r} {vars(bearer).keys()} {caplog.text}"
    assert "CANARY" not in printed
    assert user.bearer not in printed
    assert "Alex Example" in repr(user)


def test_anybody_with_a_token_will_do(provider: Provider) -> None:
    class Own:
        """The least that a user can be."""

        bearer = "mine"

        def authenticate(self) -> bool:
            return True

    user: itkdb.typing.UserLike = Own()
    provider.api = lambda request: provider.wire.json({"sent": request.headers["authorization"]})
    with itkdb.Client(user=user, prefix_url=provider.server.url, cache=False) as client:
        assert client.get("thing") == {"sent": "Bearer mine"}
