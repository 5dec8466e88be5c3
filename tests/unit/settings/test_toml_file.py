"""A file of settings: what in it is told of instead of taken, and what writing leaves as it was."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from itkgui.settings import Settings
from itkgui.settings.toml_file import SCHEMA, NotToml, TomlFile

DECLARED = Settings.declarations()
WRITER = """
import sys
from pathlib import Path
from itkgui.settings.toml_file import TomlFile
file, key = TomlFile(Path(sys.argv[1])), sys.argv[2]
for number in range(1, 26):
    file.write({key: number})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def read(path: Path, content: str | bytes) -> tuple[dict[str, Any], list[str]]:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    values, problems = TomlFile(path).read(DECLARED)
    assert all(problem.where == str(path) and problem.effect and problem.cure for problem in problems)
    return values, [f"{problem.what} {problem.effect} {problem.cure}" for problem in problems]


def test_no_file_says_nothing(path: Path) -> None:
    assert TomlFile(path).read(DECLARED) == ({}, [])


def test_what_stands_there_is_taken(path: Path) -> None:
    content = '\ufeff# mine\nschema = 1\ntheme = "dark"\nundo_seconds = 30\neos_hosts = ["a", "b"]\n'
    assert read(path, content) == ({"theme": "dark", "undo_seconds": 30.0, "eos_hosts": ("a", "b")}, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('theme = "dark"\nundo_seconds =\n', "(at line 2, column 15)"),
        (b'theme = "dark"\n# \xff\n', "no text in UTF-8 (at line 2, column 3)"),
        ('theme = "dark"\nleeway = 3\ntheme = "light"\n', "theme stands there twice (at line 3, column"),
        ('theme = 1\r\n "theme"  = 2', "theme stands there twice (at line 2)."),  # and no line end
        ('a = 1\na = """\nx = 1\ny = 2"""\n', "a key stands there twice (at line 4, column"),
        ("a = {b = 1, b = 2}\n", "b stands there twice (at line 1, column"),
        ("a.b = 1\na = 2", "a key stands there twice (at line 2)."),
        ("[a]\n[a]\n", "a key stands there twice (at line 2, column"),
        ("theme", "It is not TOML"),
        ("a = " + "[" * 5000, "It is not TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place_and_stays(
    path: Path, content: str | bytes, told: str
) -> None:
    values, (problem,) = read(path, content)
    assert values == {}
    assert "It is not TOML: " in problem
    assert told in problem
    before = path.read_bytes()
    with pytest.raises(NotToml):
        TomlFile(path).write({"theme": "light"})
    assert path.read_bytes() == before


def test_file_that_cannot_be_read_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    values, (problem,) = TomlFile(path).read(DECLARED)
    assert (values, problem.what) == ({}, "It cannot be read: Is a directory.")
    values, problems = read(path.with_name("large.toml"), "#" * 1_000_000)
    assert "It cannot be read: it has 1,000,000 bytes or more" in problems[0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("undo_second = 5", "No setting is called 'undo_second'. It was left out. Is undo_seconds meant?"),
        ("[servers]\na = 1", "No setting is called 'servers'. It was left out. Take it out"),
        ('undo_seconds = "5"', "undo_seconds must be a number from 0 to 600 without quotes, not '5'."),
        ('theme = "pink"', "theme must be one of 'system', 'light', 'dark', 'contrast', not 'pink'."),
        ('api_url = "http://host/"', "api_url must begin with https://"),
        ('access_code1 = "canary"', "access_code1 must not stand in a file. It was not taken. Take it out"),
        ('data_dir = "/data"', "data_dir decides where this file is. It was not taken. Use --data-dir"),
        ("schema = 99", "It was written by a newer version of the program."),
        ('schema = "one"', "schema must be a whole number from 1, not 'one'."),
    ],
)
def test_key_that_cannot_be_taken_is_told_and_the_others_count(path: Path, line: str, told: str) -> None:
    values, (problem,) = read(path, f"text_size = 150\n{line}\n")
    assert values == {"text_size": 150}
    assert told in problem
    assert "canary" not in problem


def test_line_of_what_cannot_be_taken_is_told_where_it_is_sure(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(
        '# mine\nundo_seconds = 10000\naccess_scope = """\nthem = 1\n"""\nthem = 2\n[other]\nother = 1\n'
    )
    _, problems = TomlFile(path).read(DECLARED)
    told = {problem.what: problem.place for problem in problems}
    assert told["undo_seconds must be a number from 0 to 600, not 10000."] == f"{path}, line 2"
    assert told["No setting is called 'them'."] == str(path), "two lines look like it"
    other = next(problem for problem in problems if "'other'" in problem.what)
    assert "meant" not in other.cure, "it is not much like any"
    assert other.place == str(path), "what is called so in it is another"


def test_site_file_may_say_where_things_are_kept(path: Path) -> None:
    read(path, 'data_dir = "/data"')
    assert TomlFile(path).read(DECLARED, is_own=False) == ({"data_dir": Path("/data")}, [])


def test_writing_leaves_all_else_as_it_was(path: Path) -> None:
    content = '# mine\ntheme = "dark" # at night\n\nunknown_key = [1,\n  2]\n[later]\nx = 1\n'
    read(path, content)
    TomlFile(path).write({"theme": "light", "text_size": 125})
    lines = path.read_text("utf-8").splitlines()
    assert lines[:5] == ["# mine", 'theme = "light" # at night', "", "unknown_key = [1,", "  2]"]
    assert lines[-2:] == ["[later]", "x = 1"]
    assert {"text_size = 125", f"schema = {SCHEMA}"} < set(lines[5:-2])
    TomlFile(path).write({"theme": None, "no_such_key": None})
    values, _ = TomlFile(path).read(DECLARED)
    assert values == {"text_size": 125}


def test_new_file_is_private(path: Path) -> None:
    TomlFile(path).write({"theme": "dark"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text("utf-8").startswith("# Settings of itkgui.")
    assert sorted(file.name for file in path.parent.iterdir()) == ["settings.toml", "settings.toml.lock"]


def test_link_to_a_file_kept_elsewhere_stays_one(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    (tmp_path / "mine.toml").write_text('theme = "dark"\n')
    path.symlink_to(tmp_path / "mine.toml")
    TomlFile(path).write({"text_size": 125})
    assert path.is_symlink()
    assert "text_size = 125" in (tmp_path / "mine.toml").read_text("utf-8")


def test_folder_that_cannot_be_written_to_is_an_error_of_the_system(path: Path) -> None:
    path.parent.write_text("in the way")
    with pytest.raises(OSError, match="config"):
        TomlFile(path).write({"theme": "dark"})


def test_two_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    keys = ("page_size", "cache_megabytes")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), key]) for key in keys]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert TomlFile(path).read(DECLARED) == (dict.fromkeys(keys, 25), [])


def renamed(table: Any) -> None:
    table["text_size"] = table.pop("zoom") * 100


def test_older_schema_is_migrated_when_read_and_for_good_when_written(path: Path) -> None:
    read(path, "# mine\nschema = 1\nzoom = 2\n")
    file = TomlFile(path, schema=2, migrations={1: renamed})
    assert file.read(DECLARED) == ({"text_size": 200}, [])
    assert "zoom = 2" in path.read_text("utf-8")
    file.write({"theme": "dark"})
    assert path.read_text("utf-8") == '# mine\nschema = 2\ntext_size = 200\ntheme = "dark"\n'


def test_schema_of_a_newer_version_stays(path: Path) -> None:
    read(path, "schema = 99\n")
    TomlFile(path).write({"theme": "dark"})
    assert path.read_text("utf-8") == 'schema = 99\ntheme = "dark"\n'
