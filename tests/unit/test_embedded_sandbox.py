"""The sandbox that the program starts for itself: reachable, and gone without a trace however it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from itkgui.client.credentials import AccessCodes
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.files import inspect
from itkgui.embedded_sandbox import EmbeddedSandbox, SandboxNotStarted, sandbox_settings
from itkgui.records.attachment import Storage
from itkgui.settings import Settings
from tests.sandbox_process import LARGE_PHOTOS

PATIENCE = 20.0  # seconds after which a test gives up


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedSandbox]:
    found = EmbeddedSandbox(tmp_path, patience=PATIENCE)
    yield found
    found.stop()


def is_served(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=PATIENCE).close()
    except ConnectionError:  # refused, or reset by a server that is just going
        return False
    return True


def process_of(embedded: EmbeddedSandbox) -> subprocess.Popen[str]:
    assert embedded._process is not None
    return embedded._process


def test_what_it_says_of_itself_is_enough_to_sign_in(embedded: EmbeddedSandbox) -> None:
    settings = sandbox_settings(Settings(page_size=7), embedded.start())
    assert settings.page_size == 7
    assert not settings.is_production
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    database = ProductionDatabase.sign_in(settings, codes)
    assert database.user.name
    database.sign_out()


def test_its_settings_trust_its_own_object_store_and_no_other() -> None:
    described = {
        "api_url": "http://127.0.0.1:1001/",
        "auth_url": "http://127.0.0.1:1001/oidc/",
        "eos_url": "http://127.0.0.1:1002/eos/atlas/test/itkpd/",
        "access_code1": "one",
        "access_code2": "two",
    }
    settings = sandbox_settings(Settings(), described)
    assert (settings.api_url, settings.auth_url) == (described["api_url"], described["auth_url"])
    assert (settings.access_code1, settings.access_code2) == ("one", "two")
    assert settings.eos_hosts == ("127.0.0.1:1002",)
    assert settings.eos_redirect_hosts == ("127.0.0.1",)


def test_it_ends_when_it_is_stopped_and_takes_its_uploads_with_it(
    embedded: EmbeddedSandbox, tmp_path: Path
) -> None:
    url = embedded.start()["api_url"]
    process = process_of(embedded)
    assert is_served(url)
    assert len(list(tmp_path.iterdir())) == 1
    embedded.stop()
    assert process.returncode == 0
    assert not is_served(url)
    assert list(tmp_path.iterdir()) == []
    embedded.stop()  # once more does no harm


def test_an_end_that_nobody_wanted_is_told_once_and_no_other(tmp_path: Path) -> None:
    ended = threading.Event()
    killed, stopped = (EmbeddedSandbox(tmp_path, PATIENCE, on_end=ended.set) for _ in range(2))
    stopped.start()
    stopped.stop()
    assert not ended.is_set()
    killed.start()
    process_of(killed).kill()
    assert ended.wait(PATIENCE)
    killed.stop()
    assert list(tmp_path.iterdir()) == []


def test_once_stopped_it_is_not_started_again(embedded: EmbeddedSandbox, tmp_path: Path) -> None:
    embedded.stop()
    with pytest.raises(SandboxNotStarted, match="was stopped"):
        embedded.start()
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_stopped_just_before_its_process_begins_does_not_stay(
    embedded: EmbeddedSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopper = threading.Thread(target=embedded.stop)
    make_folder = tempfile.mkdtemp

    def make_folder_while_another_thread_stops(**options: Any) -> str:
        stopper.start()
        stopper.join(0.1)
        return str(make_folder(**options))

    monkeypatch.setattr(tempfile, "mkdtemp", make_folder_while_another_thread_stops)
    with pytest.raises(SandboxNotStarted, match="was stopped"):
        embedded.start()
    stopper.join(PATIENCE)
    assert embedded._process is None
    assert list(tmp_path.iterdir()) == []


def test_it_writes_nothing_outside_its_folder(
    embedded: EmbeddedSandbox, tmp_path: Path, own_environment: Path
) -> None:
    temporary = own_environment.parent / "temporary"
    settings = sandbox_settings(Settings(), embedded.start())
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    database = ProductionDatabase.sign_in(settings, codes)
    owner = database.component("20UPGM23800001").component.owner
    (own_environment / "note.txt").write_text("content")
    for storage in (Storage.FILE, Storage.EOS):
        new = NewAttachment(inspect(own_environment / "note.txt"), "Note", "", storage)
        database.attach(owner, new)
    for attachment in database.attachments(owner):
        if attachment.storage is not Storage.LINK and attachment.display_name not in LARGE_PHOTOS:
            database.download(attachment, own_environment / "down")
    database.sign_out()
    assert len(list(tmp_path.rglob("samples/*"))) > 2
    assert list(temporary.iterdir()) == []
    embedded.stop()
    assert list(temporary.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_never_started_is_stopped_without_ado(embedded: EmbeddedSandbox, tmp_path: Path) -> None:
    embedded.stop()
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_killed_is_cleared_away(embedded: EmbeddedSandbox, tmp_path: Path) -> None:
    embedded.start()
    process_of(embedded).kill()
    process_of(embedded).wait(PATIENCE)
    embedded.stop()
    assert list(tmp_path.iterdir()) == []


def test_one_that_hangs_is_ended_by_force(tmp_path: Path) -> None:
    embedded = EmbeddedSandbox(tmp_path, patience=0.1)
    url = embedded.start()["api_url"]
    process = process_of(embedded)
    process.send_signal(signal.SIGSTOP)
    embedded.stop()
    assert process.returncode == -signal.SIGKILL
    assert not is_served(url)
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_start_says_so_and_leaves_nothing(
    embedded: EmbeddedSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path / "nowhere"))  # no interpreter starts with it
    with pytest.raises(SandboxNotStarted, match="instead of its address"):
        embedded.start()
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_missing_is_an_error_of_the_system(tmp_path: Path) -> None:
    embedded = EmbeddedSandbox(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        embedded.start()
    embedded.stop()


_PROGRAM = """
import json, pathlib, sys
from itkgui.embedded_sandbox import EmbeddedSandbox
sandbox = EmbeddedSandbox(pathlib.Path(sys.argv[1]))
print(json.dumps(sandbox.start()), flush=True)
sys.stdin.read()
"""


def test_it_ends_with_the_program_even_if_that_is_killed(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert program.stdout is not None
    url = json.loads(program.stdout.readline())["api_url"]
    assert is_served(url)
    program.kill()
    program.communicate(timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while is_served(url):
        assert time.monotonic() < deadline
