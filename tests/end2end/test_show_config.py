"""``itkgui --show-config`` as an administrator uses it: five sources, faults in files, and no secret told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CANARIES = ("canary-code", "canary-proxy", "canary-file")


def show_config(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-X", "importtime", "-m", "itkgui", "--show-config", *options],
        cwd=folder,
        env={**os.environ, "ITKGUI_SITE_CONFIG": str(folder / "site.toml"), **environment},
        capture_output=True,
        timeout=60,
        check=False,
        encoding="utf-8",
    )


def line(told: str, key: str) -> str:
    return next(line for line in told.splitlines() if line.lstrip("#").startswith(f"{key} "))


@pytest.fixture
def own(own_environment: Path, tmp_path: Path) -> Path:
    """The user's file, and a site's file beside it."""
    (tmp_path / "site.toml").write_text("undo_seconds = 20\nleeway = 3\ntext_size = 110\n")
    file = own_environment / ".config" / "itkgui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine\nleeway = 4\ntext_size = 125\nlog_level = 'error'\n")
    return file


def test_each_value_is_told_with_where_it_stands(own: Path, tmp_path: Path) -> None:
    ended = show_config(
        tmp_path,
        "--log-level=debug",
        ITKGUI_TEXT_SIZE="150",
        ITKDB_ACCESS_CODE1=CANARIES[0],
        HTTPS_PROXY=f"http://me:{CANARIES[1]}@proxy.example:3128",
    )
    assert ended.returncode == 0
    for key, value, origin in (
        ("log_level", '"debug"', "set by --log-level"),
        ("text_size", "150", "set by ITKGUI_TEXT_SIZE in the environment"),
        ("leeway", "4", "your choice"),
        ("undo_seconds", "20", f"from the site file {tmp_path / 'site.toml'}"),
        ("page_size", "100", "default"),
    ):
        told = line(ended.stdout, key)
        assert f"{key} = {value} " in told
        assert told.endswith(f"# {origin}")
        assert told.startswith("#") is (origin == "default")
    assert "http://[removed]@proxy.example:3128" in line(ended.stdout, "https_proxy")
    assert not any(canary in ended.stdout + ended.stderr for canary in CANARIES)
    assert f"# your file: {own}\n" in ended.stdout
    assert "PySide6" not in ended.stderr  # neither a display nor its libraries are needed
    assert "# mine\n" in own.read_text("utf-8")


def test_faults_are_told_and_give_the_exit_code(own: Path, tmp_path: Path) -> None:
    own.write_text(f"leeway = 4\naccess_code1 = '{CANARIES[2]}'\nundo_second = 1\n")
    (tmp_path / "site.toml").write_text("undo_seconds = 20\nleeway =\n")
    ended = show_config(tmp_path)
    assert ended.returncode == 1
    assert f"# {tmp_path / 'site.toml'}: It is not TOML: Invalid value (at line 2, column 9)" in ended.stdout
    assert (
        f"# {own}, line 3: No setting is called 'undo_second'. It was left out. Is undo_seconds meant?"
        in ended.stdout
    )
    assert f"# {own}, line 2: access_code1 must not stand in a file." in ended.stdout
    assert line(ended.stdout, "leeway").endswith("# your choice")
    assert line(ended.stdout, "undo_seconds").endswith("# default")
    assert CANARIES[2] not in ended.stdout + ended.stderr


def test_wrong_variable_is_told_and_one_that_desktops_set_is_taken(tmp_path: Path) -> None:
    ended = show_config(
        tmp_path,
        ITKGUI_SITE_CONFIG=os.devnull,
        ITKGUI_PAGE_SIZE="many",
        https_proxy="",
        HTTPS_PROXY="",
        ALL_PROXY="socks://host.example:1080/",
    )
    assert ended.returncode == 1
    assert line(ended.stdout, "page_size").endswith("# default")
    assert "ITKGUI_PAGE_SIZE must be a whole number from 1 to 1000, not 'many'." in ended.stdout
    assert 'https_proxy = "socks5h://host.example:1080/"' in ended.stdout
