"""Signing out leaves nothing behind that tells of the person, and everything written is its user's alone."""

from __future__ import annotations

import base64
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui import log
from tests.conftest import settings_for
from tests.end2end.away import codes_of, enter, set_faults
from tests.end2end.job import PIXEL, drop_and_send
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def wide_open() -> Iterator[None]:
    """Let files be readable for others unless the program sees to it."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def written_below(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*")]


@pytest.mark.usefixtures("wide_open")
@pytest.mark.logs("looked up|told after all")
def test_no_token_code_or_name_is_in_any_file(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    tmp_path: Path,
    own_environment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_faults(sandbox)
    runtime = tmp_path / "runtime"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    files = tmp_path / "own"
    files.mkdir()
    data = tmp_path / "data"
    log.set_up("debug", None, to_terminal=False)
    person = start_program(settings_for(sandbox, log_level="debug"))
    log.set_up("debug", person.program.options.paths.log_file, to_terminal=False)
    person.sign_in()
    context = person.program.context
    assert context is not None
    grant = context.database.client.authenticator.grant
    assert grant is not None
    tokens = {grant.token, grant.access_token}
    person.scan(PIXEL)
    drop_and_send(person, files)
    person.look_at("readout.log")
    logging.getLogger("itkgui").warning("looked up %s", PIXEL)
    person.workspace.go_to(person.workspace.person_place)
    person.workspace.strip.lock_action.trigger()
    enter(person, person.window.locker.page.card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")
    places = (runtime, data, own_environment, own_environment.parent / "temporary")
    assert len(written_below(*places)) > 10
    assert not open_to_others([data, *written_below(*places)])
    person.workspace.sign_out_action.trigger()
    person.until(
        lambda: person.window.workspace is None and not person.login.trouble.isVisible(), "signed out"
    )
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert PIXEL not in log_on_the_sign_in_page(person)
    person.end()
    log.set_up("info", None, to_terminal=False)
    left = written_below(*places)
    assert not open_to_others(left)
    secrets = secrets_of(tokens, codes_of())
    told = {"Alex Example", "alex.example@example.org"}
    for path in left:
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert not [word for word in secrets if word in content], path
            assert not [word for word in told if word.encode() in content], path
            assert b"Bearer " not in content.replace(b"Bearer [removed]", b""), path
    assert not [path for path in left if "readout" in path.name or path.suffix in (".png", ".jpg")]
    assert not list((data / "cache" / "downloads").iterdir())


def log_on_the_sign_in_page(person: Person) -> str:
    """Read all that the log shows to nobody in particular."""
    logging.getLogger("itkgui").warning("told after all have left")
    person.click(person.login.diagnosis_button)
    view = person.window.care.page.view
    view.show_log()
    person.until(lambda: view.log.table.records, "the log")
    assert not view.log.folder_button.isVisible()
    text = "\n".join(entry.text for entry in view.log.table.records)
    assert "told after all" in text
    person.click(view.back_button)
    return text


def open_to_others(paths: list[Path]) -> list[str]:
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in paths if not path.is_symlink()}
    return [f"{path.name} {mode:o}" for path, mode in modes.items() if mode & 0o077]


def secrets_of(tokens: set[str], codes: tuple[str, str]) -> list[bytes]:
    """Return secrets as they may stand in a file: plain, in the parts of a token, in base 64."""
    words = {*tokens, *codes}
    for token in tokens:
        words |= {part for part in token.split(".") if len(part) > 20}
    return [word.encode() for word in words] + [base64.b64encode(word.encode()) for word in words]
