"""Folders of the user's own, all in one place if told so; shipped files are found, and nothing else."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import itkgui
from itkgui.paths import UserPaths, resource, runtime_folder, scratch_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def folders(paths: UserPaths) -> list[Path]:
    return [paths.config, paths.cache, paths.state, paths.downloads, paths.sandbox]


def test_everything_lies_below_the_folder_that_is_given(tmp_path: Path) -> None:
    paths = UserPaths.below(tmp_path / "all")
    for path in [*folders(paths), paths.log_file]:
        assert path.is_relative_to(tmp_path / "all")
    assert not (tmp_path / "all").exists()  # nothing is made before it is needed


def test_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    paths = UserPaths.below(tmp_path / "all")
    paths.create()
    paths.create()  # they may be there already
    assert [mode(folder) for folder in folders(paths)] == [0o700] * 5
    assert not paths.log_file.exists()


def test_short_names_of_folders_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_environment: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert UserPaths.below(Path("here")).state.is_relative_to(tmp_path / "here")
    assert UserPaths.below(Path("~/there")).state.is_relative_to(own_environment / "there")


def test_standard_folders_are_those_of_the_user(own_environment: Path) -> None:
    paths = UserPaths.standard()
    for folder in folders(paths):
        assert folder.is_relative_to(own_environment)
        assert "itkgui" in folder.parts
    assert len({paths.config, paths.cache, paths.state}) == 3
    paths.create()
    assert [mode(folder) for folder in folders(paths)] == [0o700] * 5


def test_what_a_killed_program_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    paths = UserPaths.below(tmp_path)
    paths.create()
    kept = paths.downloads / "kept-0"
    (kept / "1234-5").mkdir(parents=True)
    script = (
        "import sys; from pathlib import Path; from itkgui.paths import scratch_folder;"
        "(scratch_folder(Path(sys.argv[1]), 'session') / 'member.txt').write_text('secret');"
        "scratch_folder(Path(sys.argv[2]), '.part');"
        "scratch_folder(Path(sys.argv[3]), 'uploads')"
    )
    places = [str(folder) for folder in (paths.downloads, kept, paths.sandbox)]
    ended = subprocess.Popen([sys.executable, "-c", script, *places])
    assert ended.wait(30) == 0
    ours = [
        paths.new_session_folder(),
        scratch_folder(kept, ".part"),
        scratch_folder(paths.sandbox, "uploads"),
    ]
    (left,) = (path for path in paths.downloads.glob("session-*") if path not in ours)
    elsewhere = left.with_name(re.sub("-[0-9a-f]{8}-", "-00000000-", left.name))  # one home for two
    elsewhere.mkdir()
    paths.sweep()
    assert set(paths.downloads.iterdir()) == {kept, ours[0], elsewhere}
    assert set(kept.iterdir()) == {ours[1], kept / "1234-5"}
    assert list(paths.sandbox.iterdir()) == ours[2:]
    assert [mode(folder) for folder in ours] == [0o700] * 3


def test_each_person_has_a_queue_at_each_server(tmp_path: Path) -> None:
    paths = UserPaths.below(tmp_path)
    pairs = [
        ("https://a/", "1"),
        ("https://a/", "2"),
        ("https://b/", "1"),
        ("https://a/1", ""),
        ("", "\ud800/.."),
    ]
    found = [paths.uploads(*pair) for pair in pairs]
    assert len(set(found)) == len(pairs)
    assert {folder.parent for folder in found} == {paths.state / "uploads"}
    assert found == [paths.uploads(*pair) for pair in pairs]


def test_file_in_the_way_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "all").write_text("a file")
    with pytest.raises(OSError, match="all"):
        UserPaths.below(tmp_path / "all").create()


# Shipped files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["icons/search.svg", "icons", "icons/../icons/search.svg"])
def test_shipped_file_is_found(name: str) -> None:
    assert resource(name).exists()


@pytest.mark.parametrize("name", ["icons/no-such.svg", "no-such-folder/search.svg"])
def test_missing_file_is_named(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=name):
        resource(name)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../pyproject.toml",
        "../itkgui/paths.py",
        "icons/../../pyproject.toml",
        "paths.py/../../paths.py",
        str(Path(itkgui.__file__)),
        "/etc/hostname",
    ],
    ids=["parent", "project", "code", "out and in", "through a file", "absolute", "of the system"],
)
def test_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not below resources"):
        resource(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives each user a temporary folder")
@pytest.mark.parametrize("given", ["", "relative/run"])
def test_runtime_folder_is_the_user_s_own_where_the_system_gives_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path / "itkgui"
    monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    assert runtime_folder() == Path(tempfile.gettempdir()) / f"itkgui-{os.getuid()}"
