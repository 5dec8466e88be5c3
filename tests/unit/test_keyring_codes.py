"""Access codes in a keyring: kept, found and forgotten, and what is told where that cannot be."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from itkgui import keyring_codes
from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import Cancelled
from itkgui.client.transfer import Transfer, running
from itkgui.keyring_codes import (
    KeptCodes,
    KeyringInPlainText,
    KeyringLocked,
    KeyringSilent,
    KeyringTrouble,
    NoKeyring,
    find,
    forget,
    keep,
)

CODES = AccessCodes("öne-canary", "two\n\"canary'")
HERE, THERE = "https://identity.example/oidc/", "https://elsewhere.example/"


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ITKGUI_TEST_KEYRING", str(tmp_path / "keyring"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Working")
    return monkeypatch


@pytest.mark.usefixtures("use")
def test_codes_are_kept_found_and_forgotten() -> None:
    assert keep(HERE, CODES) == "Test keyring"
    assert find(HERE) == KeptCodes(CODES, "Test keyring")
    assert find(THERE) is None
    forget(HERE)
    assert find(HERE) is None


@pytest.mark.parametrize(
    ("backend", "error"),
    [
        ("keyring.backends.fail.Keyring", NoKeyring),
        ("keyring.backends.null.Keyring", NoKeyring),
        ("keyring.backends.chainer.ChainerBackend", NoKeyring),
        ("tests.keyrings.PlaintextKeyring", KeyringInPlainText),
        ("tests.keyrings.Locked", KeyringLocked),
        ("tests.keyrings.Full", KeyringTrouble),
    ],
)
def test_codes_are_not_kept_where_that_is_not_safe(
    use: pytest.MonkeyPatch, tmp_path: Path, backend: str, error: type[KeyringTrouble]
) -> None:
    use.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(error) as caught:
        keep(HERE, CODES)
    assert type(caught.value) is error
    assert "canary" not in str(caught.value)
    assert not (tmp_path / "keyring").exists()


@pytest.mark.parametrize(
    ("backend", "detail"),
    [("tests.keyrings.Foreign", "of another program"), ("tests.keyrings.Broken", "the bus has gone")],
)
def test_what_goes_wrong_inside_is_told(use: pytest.MonkeyPatch, backend: str, detail: str) -> None:
    use.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(KeyringTrouble, match=detail):
        find(HERE)


def test_a_keyring_that_hangs_is_given_up(use: pytest.MonkeyPatch) -> None:
    use.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Hanging")
    with pytest.raises(KeyringSilent):
        keyring_codes._ask({"do": "find", "name": HERE}, patience=0.3)


def test_nobody_waits_for_a_keyring_that_hangs_when_the_program_ends(use: pytest.MonkeyPatch) -> None:
    use.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Hanging")
    with running(Transfer()) as work:
        timer = threading.Timer(0.3, work.cancel)
        timer.start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            find(HERE)
        assert time.monotonic() - started < 20
        timer.join()
