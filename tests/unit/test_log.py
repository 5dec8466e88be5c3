"""No secret reaches the log, whichever way it is written; the log file is private, and not required."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from itkgui import log
from itkgui.log import RedactingFormatter, redact

CODE = "cAnary-c0de"
OPAQUE = "cAnary-t0ken.with~odd+chars/%3D="
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.cAnary_sIgnature-x"
EOS = "zteos64:MDAwMDAyNmN4ncAnary-_Q%3d%3d"
ACCESS_TOKEN = "at.cAnaryAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
REDIRECT = (
    "http://st-048.example:8443/eos/f?encURI=%26cap.sym%3DcAnary1%26cap.msg%3DcAnary2%26mgm.logid%3Dx&b=1"
)

SECRETS: dict[str, str] = {
    "a JWT": f"got {JWT} for it",
    "a JWT within a word": f"bearer%20x-eyJ{JWT}",
    "a JWT after other words with dots": f"a.b.{JWT}",
    "a JWT without signature": f"got {JWT.rpartition('.')[0]}. for it".replace(".eyJ", ".eyJcAnary"),
    "bearer header": f"Authorization: Bearer {JWT}",
    "bearer header, opaque": f"Authorization: Bearer {OPAQUE}",
    "bearer header, lower case": f"authorization: bearer {OPAQUE}",
    "bearer header, two blanks": f"Authorization: Bearer  {OPAQUE}",
    "bearer in a sentence": f"refused the bearer {OPAQUE}, sorry",
    "bearer of EOS": f"Authorization: Bearer {EOS}",
    "basic header": "Authorization: Basic Y0FuYXJ5OmNBbmFyeQ==".replace("Y0FuYXJ5", "cAnary"),
    "basic header of a proxy": "Proxy-Authorization: Basic cAnaryOmNBbmFyeQ==",
    "headers as a dict": repr({"Authorization": f"Bearer {OPAQUE}", "Accept": "*/*"}),
    "headers as a dict of bytes": repr({b"Authorization": f"Bearer {OPAQUE}".encode()}),
    "EOS token": f"token {EOS} was given",
    "EOS token, its colon escaped": f"got {EOS.replace(':', '%3A')} there",
    "EOS token in a URL": f"https://eos.example/eos/atlas/f?authz={EOS}&x=1",
    "other authz in a URL": "https://eos.example/eos/atlas/f?x=1&authz=cAnary",
    "redirect": f"307 to {REDIRECT}",
    "capability unpacked": "cap.sym=cAnary1&cap.msg=cAnary2",
    "access token": f"access {ACCESS_TOKEN}!",
    "codes as JSON": json.dumps({"accessCode1": CODE, "accessCode2": f"{CODE} two"}),
    "codes as JSON with blanks": json.dumps({"accessCode1": CODE}, indent=2).replace('":', '" :'),
    "codes as JSON with quotes in them": json.dumps(
        {"accessCode1": f'a"{CODE}', "accessCode2": f"b'{CODE}\\"}
    ),
    "codes as JSON in JSON": json.dumps({"body": json.dumps({"accessCode1": f"{CODE} one"})}),
    "codes as JSON in JSON in JSON": json.dumps([json.dumps([json.dumps({"accessCode1": f"{CODE} one"})])]),
    "codes as a dict": repr({"accessCode1": f"{CODE} one", "accessCode2": CODE}),
    "codes as a dict, both quotes": repr({"accessCode1": f"it's \"{CODE}", "accessCode2": f"it's {CODE}"}),
    "codes as bytes": repr(json.dumps({"accessCode1": f"{CODE} one"}).encode()),
    "codes as a dict of bytes": repr({b"accessCode1": f"{CODE} one".encode()}),
    "codes in a URL": f"GET /grantToken?accessCode1={CODE}&accessCode2={CODE}",
    "codes in a form": urlencode({"accessCode1": f"{CODE} &=", "accessCode2": CODE}),
    "codes in headers": f"Access-Code-1: {CODE}\nX-Access-Code2: {CODE}",
    "codes in a shell": f"ITKDB_ACCESS_CODE1={CODE} ITKDB_ACCESS_CODE2='{CODE} two' itkgui",
    "codes as arguments": f"Settings(access_code1='{CODE}', access_code2=\"{CODE}\")",
    "answer of the identity provider": json.dumps(
        {"id_token": JWT, "access_token": OPAQUE, "expires_in": 1800}
    ),
    "answer of a deletion": json.dumps({"attachment": {"code": "0123"}, "token": OPAQUE}),
    "bearer of the sandbox": json.dumps({"bearer": OPAQUE}),
    "password of a proxy": "no route to http://user:cAnary@proxy.example:3128/",
}


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Put the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    urllib3_level = logging.getLogger("urllib3").level
    for handler in handlers:
        root.removeHandler(handler)
    yield
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(urllib3_level)


def formatted(message: object, *args: Any, exc_info: Any = None, stack: str | None = None) -> str:
    record = logging.LogRecord("itkgui", logging.INFO, __file__, 1, message, args, exc_info, sinfo=stack)
    return RedactingFormatter(log.FORMAT).format(record)


def fail(text: str) -> None:
    raise OSError(text) from ValueError(text)


def traceback_with(text: str) -> Any:
    """Return an error that names a text, as does its cause, in the form that logging wants."""
    try:
        fail(text)
    except OSError:
        return sys.exc_info()


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_secret_is_removed_from_a_message_from_its_arguments_and_from_a_traceback(text: str) -> None:
    assert "cAnary" in text  # or this test proves nothing
    assert "cAnary" not in redact(text)
    assert "cAnary" not in formatted(text)
    assert "cAnary" not in formatted("it said %s, %d times", text, 3)
    assert "cAnary" not in formatted("it said %(it)s", {"it": text})
    assert "cAnary" not in formatted("stack", stack=f"Stack:\n  {text}")
    found = formatted("it broke", exc_info=traceback_with(text))
    assert "cAnary" not in found
    assert "Traceback" in found
    assert log.REMOVED in found


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_what_stands_around_a_secret_is_kept(text: str) -> None:
    found = redact(f"before 1234 [{text}] and\nafter 5678")
    assert found.startswith("before 1234 ")
    assert found.endswith("\nafter 5678")


@pytest.mark.parametrize(
    "text",
    [
        "GET getComponent 200 in 0.35 s",
        "https://itkpd.example/getComponent?component=20UPGM22110394&noEosToken=true",
        '{"code": "7f633f626f5466b2a72c1be7cd4cb8bc", "title": "Access codes", "state": "ready"}',
        "the token is malformed; sign in with your access codes",
        "signed in, session ends 2026-11-22 14:05:00+00:00",
        "https://eos.example:8443/eos/atlas/test/itkpd/0/1/d/01d9c360",
        "12-3456-1 at Example University, mail to name@example.org",
        "look at.this",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


def test_url_keeps_its_other_parts() -> None:
    assert (
        redact(f"https://eos.example/f?authz={EOS}&x=1") == f"https://eos.example/f?authz={log.REMOVED}&x=1"
    )
    assert redact("GET /x?accessCode1=a&page=2") == f"GET /x?accessCode1={log.REMOVED}&page=2"


def test_huge_text_is_redacted_in_no_time() -> None:
    text = json.dumps({"data": "x" * 1_000_000, "token": "cAnary"}) + "\\" * 10_000 + '"' * 10_000
    assert "cAnary" not in redact(text)


@pytest.mark.parametrize(
    "start", ["", "token=", 'token=\\"', 'token="', "token: bearer ", "eyJ", "://a:", "x"], ids=repr
)
@pytest.mark.parametrize(
    "unit", ["eyJ", "eyJa.", "a.eyJ", "\\", '\\"', "token=", " ", "://", "b:", "-"], ids=repr
)
def test_hostile_text_is_redacted_in_no_time(start: str, unit: str) -> None:
    text = start + unit * (100_000 // len(unit))
    began = time.thread_time()
    redact(text)
    assert time.thread_time() - began < 0.5


# The log file -------------------------------------------------------------------------------------------


def log_file_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("restored_logging")
def test_log_goes_to_a_private_file_and_to_the_terminal_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "itkgui.log"
    log.set_up("info", path)
    logging.getLogger("itkgui.x").info("µ signed in with %s", {"accessCode1": "cAnary"})
    logging.getLogger("itkgui.x").debug("not wanted")
    written = path.read_text(encoding="utf-8")
    assert log_file_mode(path) == 0o600
    assert "itkgui.x: µ signed in with" in written
    assert capsys.readouterr().err == written
    assert "cAnary" not in written
    assert "not wanted" not in written


@pytest.mark.usefixtures("restored_logging")
def test_files_that_follow_when_one_is_full_are_private_too(tmp_path: Path) -> None:
    path = tmp_path / "itkgui.log"
    before = os.umask(0o022)
    try:
        log.set_up("info", path)
        for _ in range(5):
            logging.getLogger("itkgui.x").info("%s", "y" * 500_000)
    finally:
        os.umask(before)
    files = sorted(tmp_path.iterdir())
    assert len(files) > 1
    assert [log_file_mode(file) for file in files] == [0o600] * len(files)


def test_programs_that_share_a_log_go_on_in_the_file_that_one_of_them_has_begun(tmp_path: Path) -> None:
    path = tmp_path / "itkgui.log"
    both = [log.PrivateLogFile(path, maxBytes=2_000, backupCount=9, encoding="utf-8") for _ in range(2)]
    for number in range(100):
        both[number // 7 % 2].emit(
            logging.LogRecord("x", logging.INFO, "", 0, f"line {number:080}", None, None)
        )
        assert f"line {number:080}\n" in path.read_text()
    for handler in both:
        handler.close()
    files = sorted(tmp_path.iterdir(), key=lambda file: file.name, reverse=True)
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert 100 * 85 / 2_000 < len(files) < 10
    assert sorted(lines) == [f"line {number:080}" for number in range(100)]
    assert [log_file_mode(file) for file in files] == [0o600] * len(files)


@pytest.mark.usefixtures("restored_logging")
def test_log_is_continued_when_the_program_starts_again(tmp_path: Path) -> None:
    for word in ("first", "second"):
        log.set_up("info", tmp_path / "itkgui.log")
        logging.getLogger("itkgui.x").info(word)
    assert len(logging.getLogger().handlers) == 2  # the earlier ones are gone
    assert [line.split()[-1] for line in (tmp_path / "itkgui.log").read_text().splitlines()] == [
        "first",
        "second",
    ]


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("kind", ["folder in its place", "folder missing"])
def test_log_file_that_cannot_be_written_is_reported_and_not_fatal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    path = tmp_path / "no" / "itkgui.log"
    if kind == "folder in its place":
        path.mkdir(parents=True)
    log.set_up("info", path)
    logging.getLogger("itkgui.x").info("goes on")
    said = capsys.readouterr().err
    assert "WARNING" in said
    assert "no log file" in said
    assert "itkgui.log" in said
    assert "goes on" in said


@pytest.mark.skipif(sys.platform != "linux", reason="others have no device that is always full")
def test_full_disk_is_told_once_and_is_no_reason_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    handler = log.PrivateLogFile("/dev/full", maxBytes=2_000, backupCount=1, encoding="utf-8")
    for number in range(3):
        handler.handle(logging.LogRecord("x", logging.INFO, "", 0, f"line {number}", None, None))
    assert "No space left" in handler.trouble
    logging.getLogger().addHandler(handler)
    assert "No space left" in log.trouble()
    logging.getLogger().removeHandler(handler)
    assert log.trouble() == ""
    said = capsys.readouterr().err
    assert said.count("the log cannot be written") == 1
    assert "Traceback" not in said
    with pytest.raises(OSError, match="No space left"):  # of what is still to be written
        handler.close()


@pytest.mark.parametrize("thread", ["", "threading.Thread(target=fail).start()"], ids=["main", "thread"])
def test_fault_that_nobody_catches_is_told_without_secrets(thread: str) -> None:
    script = (
        "import threading; from itkgui import log; log.hide_secrets_in_faults()\n"
        "def fail(): raise RuntimeError('Bearer cAnary') from ValueError('token=cAnary')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script + (thread or "fail()")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == (0 if thread else 1)
    assert "RuntimeError: Bearer [removed]" in ended.stderr
    assert "cAnary" not in ended.stderr


@pytest.mark.usefixtures("restored_logging")
def test_program_without_a_terminal_logs_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)  # as it is for a windowed program on Windows
    log.set_up("info", tmp_path / "itkgui.log")
    logging.getLogger("itkgui.x").info("goes on")
    assert "goes on" in (tmp_path / "itkgui.log").read_text()


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("level", ["loud", "", "5"])
def test_unknown_level_is_refused(level: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="level"):
        log.set_up(level, tmp_path / "itkgui.log")


@pytest.mark.usefixtures("restored_logging")
def test_paths_of_requests_are_not_logged_at_any_level(tmp_path: Path) -> None:
    log.set_up("debug", tmp_path / "itkgui.log")
    logging.getLogger("urllib3.connectionpool").debug("GET /eos/secret-path")
    assert "secret-path" not in (tmp_path / "itkgui.log").read_text()
