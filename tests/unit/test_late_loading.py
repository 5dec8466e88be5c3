"""The sign-in page comes up without what only a signed-in user needs; all of that is there to be loaded."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from itkgui import late_loading

_HEAVY = {"requests", "urllib3", "numpy", "pyqtgraph", "psutil", "msgspec", "keyring", "serial", "zxingcpp"}
_LATE = (
    "itkgui.client.database",
    "itkgui.client.session",
    "itkgui.uploads",
    "itkgui.views.window.workspace_view",
)


def test_sign_in_page_loads_no_more_than_it_needs() -> None:
    loaded = _told("import sys, itkgui.program; print(*sys.modules)")
    assert not _HEAVY & set(loaded)
    assert not [name for name in loaded if name.startswith(_LATE)]


def test_no_source_is_read_for_what_is_loaded() -> None:
    read = _told("import itkgui.program, linecache; print(*linecache.cache)")
    assert not [name for name in read if "itkgui" in name or "asyncio" in name]


@pytest.mark.parametrize("name", [*late_loading.WITHOUT_QT, *late_loading.WITH_QT])
def test_what_is_loaded_late_is_there(name: str) -> None:
    assert importlib.util.find_spec(name)


def _told(program: str) -> list[str]:
    """Return the words that a program prints."""
    return subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()
