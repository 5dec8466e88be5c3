"""The libraries of the system that Qt needs: what lacks is named before Qt ends the program.

Needs nothing but Python: it must work where nothing else does.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from itkgui.language import _

# By the library: the packages of Debian and Ubuntu, and of Fedora and its like (Alma, Rocky, RHEL).
PACKAGES: Mapping[str, tuple[str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libICE.so.6": ("libice6", "libICE"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl"),
    "libSM.so.6": ("libsm6", "libSM"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libXau.so.6": ("libxau6", "libXau"),
    "libbrotlidec.so.1": ("libbrotli1", "libbrotli"),
    "libbz2.so.1.0": ("libbz2-1.0", "bzip2-libs"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libexpat.so.1": ("libexpat1", "expat"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libgcc_s.so.1": ("libgcc-s1", "libgcc"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5-libs"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libpng16.so.16": ("libpng16-16", "libpng"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}
_ALWAYS = ("libQt6Widgets.so.6", "libQt6Network.so.6", "libQt6Svg.so.6")  # what the window loads at its start
_NAMED = re.compile(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file")
_NOT_FOUND = re.compile(r"^\s*(\S+) => not found", re.MULTILINE)
_PATIENCE = 20.0  # seconds for ldd


@dataclass(frozen=True)
class Lack:
    """What keeps Qt from being loaded: ``libraries`` that are not there, or ``why`` in the system's words."""

    libraries: tuple[str, ...]
    why: str = ""

    @property
    def sentence(self) -> str:
        if not self.libraries:
            return _("Qt, which draws the window, cannot be loaded: {why}").format(why=self.why)
        return _("The window cannot be opened: this computer lacks {libraries}.").format(
            libraries=", ".join(self.libraries)
        )

    @property
    def cure(self) -> str:
        if not self.libraries:
            return _("Set the program up again, or ask whoever looks after this computer.")
        return _("Install it as administrator: {command}").format(command=install_command(self.libraries))


def lack(environ: Mapping[str, str] = os.environ) -> Lack | None:
    """Return what keeps Qt from being loaded and from opening a window here; None if nothing does.

    What is loaded to find out is what Qt loads anyway. Elsewhere than on Linux its wheels bring everything.
    """
    if not sys.platform.startswith("linux"):
        return None
    qt = _folder_of_qt()
    if qt is None:
        return None  # a package that is missing is not a library of the system
    troubles = [_not_loaded(qt / "lib" / name) for name in _ALWAYS]
    plugins = [qt / "plugins" / "platforms" / f"libq{name}.so" for name in platforms(environ)]
    of_plugins = [_not_loaded(plugin) for plugin in plugins if plugin.is_file()]
    if None not in of_plugins:  # Qt takes the first that can be loaded
        troubles += of_plugins[-1:]
    found = [trouble for trouble in troubles if trouble is not None]
    if not found:
        return None
    return Lack(tuple(sorted({name for one in found for name in one.libraries})), found[0].why)


def platforms(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return which of Qt's platforms are tried here, in their order."""
    asked = environ.get("QT_QPA_PLATFORM", "")
    if asked:
        return [one.partition(":")[0] for one in asked.split(";")]
    if environ.get("WAYLAND_DISPLAY") and environ.get("XDG_SESSION_TYPE") != "x11":
        return ["wayland", "xcb"] if environ.get("DISPLAY") else ["wayland"]
    return ["xcb"]


def install_command(libraries: Iterable[str], release: Path = Path("/etc/os-release")) -> str:
    """Return what an administrator types to install these; the names of both families if it is neither."""
    debian, fedora = (
        " ".join(sorted({PACKAGES.get(one, (one, one))[family] for one in libraries})) for family in (0, 1)
    )
    kind = _kind_of_system(release)
    if "debian" in kind or "ubuntu" in kind:
        return " ".join(("apt-get", "install", debian))
    if {"fedora", "rhel", "centos"} & kind:
        return " ".join(("dnf", "install", fedora))
    return _("{debian} (Debian, Ubuntu) or {fedora} (Fedora, Alma)").format(debian=debian, fedora=fedora)


def _kind_of_system(release: Path) -> set[str]:
    try:
        lines = release.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    return {word for key in ("ID", "ID_LIKE") for word in found.get(key, "").strip("\"'").lower().split()}


def _folder_of_qt() -> Path | None:
    found = importlib.util.find_spec("PySide6")
    folder = Path(found.origin).with_name("Qt") if found is not None and found.origin else None
    return folder if folder is not None and folder.is_dir() else None


def _not_loaded(file: Path) -> Lack | None:
    try:
        ctypes.CDLL(str(file))
    except OSError as error:
        first = _NAMED.findall(str(error))
        return Lack(tuple(sorted({*first, *_all_missing(file)})), str(error))
    return None


def _all_missing(file: Path) -> list[str]:
    """Return the names of all libraries that a file lacks, itself or through others; [] if nobody knows."""
    try:
        # Of the system, and its bare name: it is not in the same place everywhere.
        told = subprocess.run(  # noqa: S603 - a file of our own package, no shell
            ["ldd", str(file)],  # noqa: S607
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []  # the first that lacks is known
    return _NOT_FOUND.findall(told.stdout)
