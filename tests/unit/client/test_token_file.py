"""A session that is kept in a file: who may read it, what is in it, and what is never believed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pickle
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.auth import Authenticator
from itkgui.client.credentials import AccessCodes, BearerToken, Credentials
from itkgui.client.exceptions import FileNotWritten, SessionExpired, TokenRefused
from itkgui.client.session import Session
from itkgui.client.token_file import SavedTokens, TokenFile

if TYPE_CHECKING:
    from tests.unit.client.conftest import Provider, Received, Reply, Wire

CODES = AccessCodes("first-canary", "second-canary")
AUTH_URL = "https://provider.example/oidc/"
ACCOUNT = "first-canary\nsecond-canary"
TOKENS = SavedTokens("id-token", "access-token")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.json"


def changed(path: Path, **values: Any) -> None:
    """Write other values into a saved session; None takes one away."""
    data = {**json.loads(path.read_bytes()), **values}
    path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}))


# The file --------------------------------------------------------------------------------------------------


def test_what_is_saved_is_there_again(path: Path) -> None:
    TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) == TOKENS
    assert TokenFile(path, AUTH_URL).load("") == TOKENS
    TokenFile(path, AUTH_URL).remove()
    TokenFile(path, AUTH_URL).remove()
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) is None
    assert list(path.parent.iterdir()) == []


def test_only_its_owner_can_read_it(path: Path) -> None:
    path.write_text("older")
    path.chmod(0o666)
    mask = os.umask(0)
    try:
        TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_access_code_is_in_it_nor_anything_it_could_be_read_from(path: Path) -> None:
    TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    raw = path.read_bytes()
    for secret in (b"first-canary", b"second-canary", ACCOUNT.encode()):
        for encoded in (secret, secret[::-1], base64.b64encode(secret), secret.hex().encode()):
            assert encoded.rstrip(b"=")[:-1] not in raw
        for name in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(name, secret).digest()
            assert digest.hex().encode() not in raw
            assert base64.b64encode(digest) not in raw
    first = json.loads(raw)
    TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    second = json.loads(path.read_bytes())
    assert first["account"] != second["account"]  # the same codes cannot be recognised in two files


@pytest.mark.logs("the saved session in session.json is not used")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"format": "itkgui session 2"}',
        b'{"format": ["itkgui session 1"]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b" " * 1_000_000 + b"{}",
        b"9" * 9_000,
        pickle.dumps({"id_token": "x"}),
    ],
)
def test_what_is_no_saved_session_is_not_used(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) is None


class Trap:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.trace),))


@pytest.mark.logs("the saved session in session.json is not used")
def test_nothing_in_the_file_is_ever_run(path: Path) -> None:
    path.write_bytes(pickle.dumps(Trap(path.parent / "trace")))
    path.chmod(0o600)
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) is None
    assert not (path.parent / "trace").exists()


@pytest.mark.logs("the saved session in session.json is not used")
@pytest.mark.parametrize(
    "values",
    [
        {"auth_url": "https://elsewhere.example/"},
        {"auth_url": None},
        {"account": None},
        {"account": "0" * 128},
        {"account": "\u00fc\ud800"},
        {"salt": None},
        {"salt": "\ud800"},
        {"salt": 5},
        {"id_token": None},
        {"id_token": ""},
        {"id_token": ["x"]},
        {"format": None},
    ],
)
def test_a_session_that_was_tampered_with_is_not_used(path: Path, values: dict[str, Any]) -> None:
    file = TokenFile(path, AUTH_URL)
    file.save(ACCOUNT, TOKENS)
    changed(path, **values)
    assert file.load(ACCOUNT) is None


@pytest.mark.logs("the saved session in session.json is not used: it is no JSON")
def test_a_session_that_is_cut_is_not_used(path: Path) -> None:
    file = TokenFile(path, AUTH_URL)
    file.save(ACCOUNT, TOKENS)
    whole = path.read_bytes()
    for length in range(1, len(whole), 37):
        path.write_bytes(whole[:length])
        assert file.load(ACCOUNT) is None


@pytest.mark.logs("not used: it is for another account", "not used: it is for another identity provider")
def test_it_serves_one_account_at_one_provider(path: Path) -> None:
    TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    assert TokenFile(path, AUTH_URL).load("first-canary\nother") is None
    assert TokenFile(path, AUTH_URL).load("first-canary\n\udcff") is None
    assert TokenFile(path, "https://elsewhere.example/").load(ACCOUNT) is None
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) == TOKENS


@pytest.mark.logs("not used: others have access to it")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666, 0o610])
def test_a_file_that_others_have_access_to_is_not_used(path: Path, mode: int) -> None:
    file = TokenFile(path, AUTH_URL)
    file.save(ACCOUNT, TOKENS)
    path.chmod(mode)
    assert file.load(ACCOUNT) is None


@pytest.mark.logs("not used: others have access to it")
@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_not_used(path: Path) -> None:
    file = TokenFile(path, AUTH_URL)
    file.save(ACCOUNT, TOKENS)
    os.chown(path, 12345, -1)
    assert file.load(ACCOUNT) is None


@pytest.mark.logs("the saved session in session.json is not used")
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_used(path: Path, make: Any) -> None:
    make(path)
    assert TokenFile(path, AUTH_URL).load(ACCOUNT) is None


def test_a_file_that_cannot_be_written_or_removed_is_told(path: Path) -> None:
    for hopeless in (path / "folder" / "is not there", Path("/proc/session.json")):
        with pytest.raises(FileNotWritten):
            TokenFile(hopeless, AUTH_URL).save(ACCOUNT, TOKENS)
    path.mkdir()
    (path / "inside").touch()
    with pytest.raises(FileNotWritten):
        TokenFile(path, AUTH_URL).save(ACCOUNT, TOKENS)
    with pytest.raises(FileNotWritten):
        TokenFile(path, AUTH_URL).remove()
    assert [entry.name for entry in path.parent.iterdir()] == ["session.json"]


def test_tokens_do_not_show(path: Path) -> None:
    assert "token" not in repr(TOKENS).replace("SavedTokens", "").replace("_token", "")


# Its use ---------------------------------------------------------------------------------------------------


def authenticator(provider: Provider, path: Path, credentials: Credentials = CODES) -> Authenticator:
    settings = provider.server.settings()
    session = Session(settings)
    provider.sessions.append(session)
    return Authenticator(session, settings, credentials, token_file=TokenFile(path, settings.auth_url))


def asked(provider: Provider) -> list[str]:
    return [request.target.rpartition("/")[2] for request in provider.server.received]


def test_a_saved_session_is_verified_and_then_used(provider: Provider, path: Path) -> None:
    first = authenticator(provider, path).bearer()
    second = authenticator(provider, path)
    assert asked(provider) == ["grantToken", "listKeys"]
    grant = second.grant
    assert grant is not None
    assert not grant.is_verified
    assert second.bearer() == first
    assert second.grant is not None
    assert second.grant.is_verified
    assert second.grant.access_token == "at.x"
    assert second.identity.name == "Alex Example"
    assert asked(provider) == ["grantToken", "listKeys", "listKeys"]
    assert second.bearer() == first
    assert provider.grants == 1


def test_codes_are_not_needed_while_a_session_lasts(provider: Provider, path: Path) -> None:
    first = authenticator(provider, path).bearer()
    assert authenticator(provider, path, AccessCodes("", "")).bearer() == first


@pytest.mark.logs("the saved session is not used")
@pytest.mark.parametrize("forged", ["key", "audience", "claims", "malformed", "half a character"])
def test_a_saved_token_that_the_keys_do_not_confirm_gives_way_to_a_new_one(
    provider: Provider, path: Path, forged: str
) -> None:
    good = authenticator(provider, path).bearer()
    head, _, signature = good.split(".")
    if forged == "key":
        real = provider.key
        provider.new_key()
        token, provider.key = provider.token(name="Mallory"), real
    elif forged == "audience":
        token = provider.token(aud="https://elsewhere.example")
    elif forged == "claims":
        other = provider.token(name="Mallory").split(".")[1]
        token = f"{head}.{other}.{signature}"
    else:
        token = "not.a.token" if forged == "malformed" else "\ud800"
    changed(path, id_token=token)
    later = authenticator(provider, path)
    bearer = later.bearer()
    assert bearer not in (good, token)
    assert later.identity.name == "Alex Example"
    assert provider.grants == 2
    assert json.loads(path.read_bytes())["id_token"] == bearer


@pytest.mark.logs("the saved session has ended", "the saved session is not used")
@pytest.mark.parametrize("left", [-1000, -1, 30])
def test_a_saved_session_that_has_ended_gives_way_to_a_new_one(
    provider: Provider, path: Path, left: float
) -> None:
    provider.claims = {"exp": time.time() + max(left, 0.5)}
    authenticator(provider, path).bearer()
    changed(path, id_token=provider.token(exp=time.time() + left))
    provider.claims = {}
    later = authenticator(provider, path)
    assert later.bearer()
    assert provider.grants == 2


@pytest.mark.logs("the saved session in session.json is not used: it is for another account")
def test_a_saved_session_of_another_account_is_not_taken_up(provider: Provider, path: Path) -> None:
    authenticator(provider, path).bearer()
    assert authenticator(provider, path, AccessCodes("first-canary", "other")).bearer()
    assert provider.grants == 2


def test_a_saved_session_that_the_api_refuses_is_replaced(provider: Provider, path: Path) -> None:
    first = authenticator(provider, path).bearer()
    later = authenticator(provider, path)
    assert later.bearer() == first
    second = later.replace(first)
    assert second not in (None, first)
    assert json.loads(path.read_bytes())["id_token"] == second


def test_a_bearer_is_never_saved(provider: Provider, path: Path) -> None:
    authenticator(provider, path, BearerToken(provider.token())).bearer()
    assert not path.exists()


@pytest.mark.logs("the session cannot be saved")
def test_a_session_that_cannot_be_saved_serves_all_the_same(provider: Provider, path: Path) -> None:
    assert authenticator(provider, path / "folder" / "is not there").bearer()


def test_a_token_that_is_refused_is_not_saved(provider: Provider, path: Path) -> None:
    provider.claims = {"aud": "https://elsewhere.example"}
    with pytest.raises(TokenRefused):
        authenticator(provider, path).bearer()
    assert not path.exists()


def test_whoever_signs_out_while_a_token_comes_leaves_no_session_behind(
    provider: Provider, path: Path, wire: Wire
) -> None:
    subject = authenticator(provider, path)
    answer = provider.answer

    def sign_out_first(request: Received) -> Reply:
        subject.forget()
        subject.forget_saved()
        return answer(request)

    provider.server = wire.server(sign_out_first)
    subject = authenticator(provider, path)
    with pytest.raises(SessionExpired):
        subject.bearer()
    assert not path.exists()
    assert subject.grant is None
