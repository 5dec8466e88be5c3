"""Whether the display that is named lets a window be opened: where it does not, Qt ends the program.

Needs nothing but Python and what Qt needs itself.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from itkgui.diagnosis.system_libraries import platforms


def can_be_opened() -> bool:
    """Connect as Qt will; tell whether one of its platforms finds a display that accepts this user.

    ``system_libraries.lack`` has to find nothing before. As long as a display is silent, this waits, as Qt
    would. Elsewhere than on Linux there always is one.
    """
    if not sys.platform.startswith("linux"):
        return True
    return any(_WAYS.get(platform, _is_no_matter)() for platform in platforms())


def name() -> str:
    """Return what the display is called by the variables that name it; empty if none does."""
    return os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or ""


def _accepts_x11() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False  # another platform can be loaded
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)  # never a null pointer
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _accepts_wayland() -> bool:
    if os.environ.get("WAYLAND_SOCKET"):
        return True  # it is open already, and only one can have it
    try:
        wayland = ctypes.CDLL("libwayland-client.so.0")
    except OSError:
        return False
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_connect.argtypes = [ctypes.c_char_p]
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    display = wayland.wl_display_connect(None)
    if display is not None:
        wayland.wl_display_disconnect(display)
    return display is not None


def _is_no_matter() -> bool:
    return True


_WAYS: Mapping[str, Callable[[], bool]] = {
    "xcb": _accepts_x11,
    "wayland": _accepts_wayland,
    "wayland-egl": _accepts_wayland,
}
