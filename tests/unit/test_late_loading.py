"""The sign-in page comes up without what only a signed-in user needs; all of that is there to be loaded."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from itkgui import late_loading

_HEAVY = {"requests", "urllib3", "numpy", "pyqtgraph", "psutil", "msgspec", "keyring", "serial", "zxingcpp"}
_LATE = ("itkgui.client.database", "itkgui.client.session", "itkgui.uploads", "itkgui.views.workspace_view")


def test_sign_in_page_loads_no_more_than_it_needs() -> None:
    told = "import sys, itkgui.program; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()
    assert not _HEAVY & set(loaded)
    assert not [name for name in loaded if name.startswith(_LATE)]


@pytest.mark.parametrize("name", [*late_loading.WITHOUT_QT, *late_loading.WITH_QT])
def test_what_is_loaded_late_is_there(name: str) -> None:
    assert importlib.util.find_spec(name)
