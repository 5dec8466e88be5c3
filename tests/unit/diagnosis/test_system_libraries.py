"""A library of the system that is missing is named, with its package, before Qt would end the program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from itkgui.diagnosis import system_libraries
from itkgui.diagnosis.system_libraries import PACKAGES, Lack, install_command, platforms
from itkgui.exit_codes import ExitCode

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt's wheels bring everything")

QT = Path(PySide6.__file__).parent / "Qt"
MISSING = "libxcb-cursXr.so.0"
BOTH = "libxcb-cursor0 libxkbcommon-x11-0 (Debian, Ubuntu) or libxkbcommon-x11 xcb-util-cursor (Fedora, Alma)"


@pytest.fixture
def crippled(tmp_path: Path) -> Path:
    """Give a folder with a PySide6 whose plugin for X11 wants a library that no computer has."""
    qt = tmp_path / "packages" / "PySide6" / "Qt"
    (qt / "plugins" / "platforms").mkdir(parents=True)
    for entry in QT.parent.iterdir():
        if entry != QT:
            (qt.parent / entry.name).symlink_to(entry)
    (qt / "lib").symlink_to(QT / "lib")
    plugin = (QT / "plugins" / "platforms" / "libqxcb.so").read_bytes()
    assert b"libxcb-cursor.so.0\0" in plugin
    plugin = plugin.replace(b"libxcb-cursor.so.0\0", MISSING.encode() + b"\0")
    (qt / "plugins" / "platforms" / "libqxcb.so").write_bytes(plugin)
    return tmp_path / "packages"


def run(*arguments: str, packages: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    plain = {
        name: value
        for name, value in os.environ.items()
        if name not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
    }
    environment = {**plain, "PYTHONPATH": f"{packages}:{Path.cwd()}", "DISPLAY": ":4711", **environ}
    return subprocess.run(
        [sys.executable, "-m", "itkgui", *arguments],
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
        encoding="utf-8",
    )


def test_missing_library_is_named_instead_of_an_abort(crippled: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    ended = run("--new-window", "--data-dir", str(data), packages=crippled)
    assert ended.returncode == ExitCode.LIBRARY_MISSING, ended.stderr
    first, second, *others = ended.stderr.splitlines()
    assert first == f"itkgui: The window cannot be opened: this computer lacks {MISSING}."
    assert second.startswith("Install it as administrator: ")
    assert MISSING in second
    assert "itkgui doctor" in others[-1]
    assert not data.exists()


def test_doctor_names_it_too(crippled: Path) -> None:
    ended = run(
        "doctor", packages=crippled, ITKDB_API_URL="http://127.0.0.1:1/", ITKDB_AUTH_URL="http://127.0.0.1:1/"
    )
    assert ended.returncode == ExitCode.FAILED
    in_one_line = " ".join(ended.stdout.split())  # a terminal may be narrow
    assert f"broken Display The window cannot be opened: this computer lacks {MISSING}." in in_one_line


def test_nothing_lacks_here() -> None:
    assert system_libraries.lack({"QT_QPA_PLATFORM": "offscreen"}) is None


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("ID=debian\n", "apt-get install libxcb-cursor0 libxkbcommon-x11-0"),
        ("ID=linuxmint\nID_LIKE='ubuntu debian'\n", "apt-get install libxcb-cursor0 libxkbcommon-x11-0"),
        ('ID="almalinux"\nID_LIKE="rhel centos fedora"\n', "dnf install libxkbcommon-x11 xcb-util-cursor"),
        ("ID=arch\n", BOTH),
        (None, BOTH),
    ],
)
def test_packages_have_the_names_of_this_system(tmp_path: Path, release: str | None, command: str) -> None:
    file = tmp_path / "os-release"
    if release is not None:
        file.write_text(release)
    lacking = ("libxkbcommon-x11.so.0", "libxcb-cursor.so.0")
    assert install_command(lacking, file) == command
    assert "libxcb-cursor.so.0" in Lack(lacking).sentence


@pytest.mark.parametrize(
    ("environ", "tried"),
    [
        ({"DISPLAY": ":0"}, ["xcb"]),
        (
            {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"},
            ["wayland", "xcb"],
        ),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "x11"}, ["xcb"]),
        ({"QT_QPA_PLATFORM": "offscreen:configfile=x"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, ["wayland", "xcb"]),
    ],
)
def test_platforms_are_tried_as_qt_does(environ: dict[str, str], tried: list[str]) -> None:
    assert platforms(environ) == tried


def test_set_up_and_program_name_the_same_packages() -> None:
    text = (Path(__file__).parents[3] / "packaging" / "missing.py").read_text("utf-8")
    pairs = re.findall(r'^    "(lib[^"]+)": "([^"]+)",$', text, re.MULTILINE)
    assert len(pairs) > 10
    assert {library: PACKAGES[library][0] for library, _ in pairs} == dict(pairs)


def test_every_library_that_the_plugin_for_x11_wants_has_a_package() -> None:
    told = subprocess.run(
        ["ldd", str(QT / "plugins" / "platforms" / "libqxcb.so")], capture_output=True, text=True, check=True
    ).stdout
    wanted = set(re.findall(r"^\s*(libx\S+|libX\S+|libGL\S*|libEGL\S*) =>", told, re.MULTILINE))
    always = {"libXdmcp.so.6"}  # comes with libxcb1
    assert "libxcb-cursor.so.0" in wanted
    assert wanted - {name for name in wanted if name.startswith(("libGLX", "libGLdispatch"))} - always <= set(
        PACKAGES
    )
