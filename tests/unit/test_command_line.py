"""The command line as people and scripts use it: exit codes, sentences, and what is left behind."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import itkgui
from itkgui.__main__ import main

DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run what is started without any display, in an empty folder."""
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "here").mkdir()


def run(
    folder: Path,
    *arguments: str,
    python_options: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> _Run:
    return _Run(
        subprocess.run(
            [sys.executable, "-W", "error", *python_options, "-m", "itkgui", *arguments],
            cwd=folder / "here",
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
            encoding="utf-8",
        )
    )


class _Run:
    """One run of the program that has ended."""

    def __init__(self, ended: subprocess.CompletedProcess[str]) -> None:
        self.code = ended.returncode
        self.out = ended.stdout
        self.err = ended.stderr

    @property
    def last_line(self) -> str:
        return self.err.strip().rpartition("\n")[2]


def files_below(*folders: Path) -> list[str]:
    return sorted(str(path) for folder in folders for path in folder.rglob("*") if not path.is_dir())


def test_installed_command_is_this_program() -> None:
    (entry,) = entry_points(group="gui_scripts", name="itkgui")
    assert entry.load() is main


def test_version_is_told_without_loading_qt(tmp_path: Path) -> None:
    ended = run(tmp_path, "--version", python_options=("-X", "importtime"))
    assert (ended.code, ended.out) == (0, f"itkgui {itkgui.__version__}\n")
    assert "argparse" in ended.err
    assert "PySide6" not in ended.err


def test_help_names_every_option(tmp_path: Path) -> None:
    ended = run(tmp_path, "--help")
    assert (ended.code, ended.err) == (0, "")
    options = {"--sandbox", "--tour", "--check-start", "--api-url", "--auth-url", "--data-dir", "--log-level"}
    assert options | {"--new-window", "--show-config", "--version", "--help"} == set(
        re.findall(r"--[a-z-]+[a-z]", ended.out)
    )
    assert "SERIAL" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["upload", "--help"], ["queue", "--help"], ["doctor", "--help"], ["--show-config"]],
    ids=" ".join,
)
def test_what_is_told_is_in_the_language_that_is_set(tmp_path: Path, arguments: list[str]) -> None:
    pseudo = {"ITKGUI_LANGUAGE": "pseudo", "PYTHONIOENCODING": "utf-8"}
    ended = run(tmp_path, *arguments, environment=pseudo)
    assert (ended.code, ended.err) == (0, "")
    assert "⟦" in ended.out
    assert "⟦⟦" not in ended.out
    assert not re.search("it is|sends|settings \\(", ended.out), "not in English"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--sand-box"], "unrecognized arguments: --sand-box", id="unknown option"),
        pytest.param(["20UPGM23800001", "B"], "unrecognized arguments: B", id="two serial numbers"),
        pytest.param(["20UPGM2380001"], "has 14 characters; this one has 13", id="serial number too short"),
        pytest.param(["itkgui:"], "not 'itkgui:'", id="link to nothing"),
        pytest.param(["https://host/20UPGM23800001"], "a serial number (20U…)", id="another link"),
        pytest.param(["itkgui:%1b]0;x%07"], "not 'itkgui:%1b]0;x%07'", id="link that moves a terminal"),
        pytest.param(["\x1b[2J"], r"not '\x1b[2J'", id="text that moves a terminal"),
        pytest.param(["--tour"], "expected one argument", id="option without its value"),
        pytest.param(
            ["--log-level", "loud"],
            "--log-level: must be one of debug, info, warning, error, not 'loud'",
            id="unknown level",
        ),
        pytest.param(
            ["--check-start", "--api-url", "somewhere"], "--api-url: must be an address", id="no address"
        ),
        pytest.param(
            ["--check-start", "--api-url", "http://["], "--api-url: must be an address", id="half an address"
        ),
        pytest.param(
            ["--check-start", "--auth-url", "ftp://host/"],
            "--auth-url: must be an address",
            id="no web address",
        ),
    ],
)
def test_wrong_usage_is_explained_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert sentence in refusal(capsys, *arguments)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the last line of the answer to a wrong command line, which needs no process of its own."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    line: str = err.strip().rpartition("\n")[2]
    assert line.startswith("itkgui: error: ")
    return line


def test_wrong_usage_ends_the_process_with_a_sentence(tmp_path: Path) -> None:
    ended = run(tmp_path, "--check-start", "--api-url", "somewhere")
    assert (ended.code, ended.out) == (2, "")
    assert "--api-url: must be an address" in ended.last_line
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ITKDB_LEEWAY", "soon", "ITKDB_LEEWAY must be a number"),
        ("ITKDB_API_URL", "itkpd", "ITKDB_API_URL must be an address"),
        ("ITKGUI_LOG_LEVEL", "loud", "ITKGUI_LOG_LEVEL must be one of debug, info, warning, error"),
    ],
)
def test_wrong_environment_is_explained_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["--show-config"]) == 1
    assert sentence in capsys.readouterr().out


def test_nothing_is_sent_to_another_server_than_was_meant(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITKDB_API_URL", "htps://me:cAnary@test.example/")
    with pytest.raises(SystemExit) as ended:
        main(["queue", "list"])
    assert ended.value.code == 2
    assert "ITKDB_API_URL must be an address" in (told := capsys.readouterr().err)
    assert "cAnary" not in told


def test_data_folder_that_cannot_be_made_is_explained_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = run(tmp_path, "--check-start", "--data-dir", str(tmp_path / "file"))
    assert ended.code == 2
    assert f"itkgui: the folder {tmp_path / 'file'} that --data-dir names cannot be used: " in ended.err
    assert "Errno" not in ended.err
    assert "usage" not in ended.err


@pytest.mark.parametrize(
    "arguments", [[], ["--sandbox"], ["20UPGM23800001"]], ids=["alone", "sandbox", "serial"]
)
def test_without_a_display_it_says_what_to_do(
    tmp_path: Path, own_environment: Path, arguments: list[str]
) -> None:
    ended = run(tmp_path, *arguments)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("itkgui: there is no display to open a window on.\n")
    assert "Traceback" not in ended.err
    assert files_below(own_environment, tmp_path) == []


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DISPLAY": ":4711"}, "the display :4711 cannot be opened."),
        ({"DISPLAY": "127.0.0.1:4711"}, "the display 127.0.0.1:4711 cannot be opened."),
        ({"QT_QPA_PLATFORM": "xcb"}, "there is no display to open a window on."),
        ({"WAYLAND_DISPLAY": "wayland-4711"}, "the display wayland-4711 cannot be opened."),
    ],
    ids=["gone", "gone-elsewhere", "none", "wayland"],
)
def test_a_display_that_cannot_be_opened_is_no_crash(
    tmp_path: Path, own_environment: Path, environment: dict[str, str], sentence: str
) -> None:
    ended = run(tmp_path, environment=environment)
    assert (ended.code, ended.out) == (3, ""), ended.err
    assert f"itkgui: {sentence}\nStart it on a desktop; over ssh, " in ended.err
    assert "libxcb-cursor0" not in ended.err
    assert files_below(own_environment, tmp_path) == []


def test_start_is_checked_without_a_display_and_all_that_is_written_lies_in_one_folder(
    tmp_path: Path, own_environment: Path
) -> None:
    data = tmp_path / "data"
    codes = {"ITKDB_ACCESS_CODE1": "cAnary-one", "ITKDB_ACCESS_CODE2": "cAnary-two"}
    ended = run(tmp_path, "--check-start", "--data-dir", str(data), "--log-level", "debug", environment=codes)
    assert (ended.code, ended.out) == (0, ""), ended.err
    assert "Traceback" not in ended.err
    assert files_below(own_environment.parent, tmp_path / "here") == []
    log_file = data / "state" / "itkgui.log"
    files = [str(data / "config" / "QtProject.conf"), str(log_file)]
    assert sorted(files_below(data)) == files
    assert {stat.S_IMODE(Path(file).stat().st_mode) for file in files} == {0o600}
    log = log_file.read_text(encoding="utf-8")
    assert f"itkgui {itkgui.__version__}" in log
    assert not re.search(r"WARNING|ERROR|CRITICAL", log), log
    assert "cAnary" not in log + ended.err


def test_check_without_a_folder_leaves_nothing_behind(tmp_path: Path, own_environment: Path) -> None:
    ended = run(tmp_path, "--check-start")
    assert ended.code == 0, ended.err
    assert files_below(own_environment.parent, tmp_path / "here") == []


def test_platform_that_is_asked_for_is_not_replaced(tmp_path: Path) -> None:
    ended = run(tmp_path, "--check-start", environment={"QT_QPA_PLATFORM": "no-such-platform"})
    assert ended.code != 0
    assert "no-such-platform" in ended.err
