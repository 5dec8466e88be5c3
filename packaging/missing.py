"""Tells what this machine lacks to run itkgui (with the argument `test`: to test it), before any set-up.

Prints three lines: the missing Debian packages, what they would provide, the interpreter's path and version.
"""

import ctypes
import importlib.util
import os
import shutil
import sys
from pathlib import Path

# What the Qt wheels load at run time, without what these packages bring along themselves.
LIBRARIES = {
    "libstdc++.so.6": "libstdc++6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# On a desktop without X11, and for the tests that have one.
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
}  # xvfb only recommends xauth, yet xvfb-run stops without it


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main() -> None:
    if sys.version_info < (3, 10):  # noqa: UP036 - any Python may be asked
        sys.exit(1)
    # Inside a virtual environment the interpreter under it counts: the environment may have to be replaced.
    python = Path(getattr(sys, "_base_executable", None) or sys.executable)
    packages = {}
    if importlib.util.find_spec("ensurepip") is None:
        packages["ensurepip"] = f"{python.name}-venv"
    if sys.platform == "linux":  # elsewhere the wheels bring everything
        wanted = dict(LIBRARIES)
        if "WAYLAND_DISPLAY" in os.environ or "test" in sys.argv:
            wanted |= WAYLAND_LIBRARIES
        packages |= {library: package for library, package in wanted.items() if not loads(library)}
    if "test" in sys.argv:
        packages |= {name: package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)}
    version = "{}.{}".format(*sys.version_info)
    sys.stdout.write(f"{' '.join(packages.values())}\n{' '.join(packages)}\n{python}\t{version}\n")


main()
