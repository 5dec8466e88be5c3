"""What a script imports: the names are there, soon, and nothing comes in that only a window needs."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

import itkgui.client

# Of the window, or heavy and needed only where somebody signs in, asks for a cache or looks at a picture.
FOREIGN = ("PySide6", "asyncio", "qasync", "requests_cache", "numpy", "jwt", "cryptography", "PIL", "pytest")


def modules_after(code: str) -> set[str]:
    """Run code in a new interpreter, and return the top-level modules that it has loaded."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", f"{code}\n{report}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import itkgui.client",
        "from itkgui.client import *",
        "from itkgui.client import Client; Client()",
        "import itkgui.client; itkgui.client.ProductionDatabase",
        "from itkgui.client import exceptions, transfer",
    ],
)
def test_nothing_foreign_comes_in(code: str) -> None:
    loaded = modules_after(code)
    assert "itkgui" in loaded
    assert not loaded.intersection(FOREIGN)


def test_the_names_are_the_same_things_wherever_they_come_from() -> None:
    for name in itkgui.client.__all__:
        found = getattr(itkgui.client, name)
        assert getattr(importlib.import_module(found.__module__), name) is found
        assert name in dir(itkgui.client)
    assert isinstance(itkgui.client, ModuleType)
    with pytest.raises(AttributeError, match="Clinet"):
        itkgui.client.Clinet  # type: ignore[attr-defined]  # noqa: B018


def test_what_looks_into_files_comes_with_the_files_only() -> None:
    assert "puremagic" not in modules_after("from itkgui.client import Client; Client()")


def test_importing_it_loads_no_network_code_before_it_is_used() -> None:
    assert "requests" not in modules_after("import itkgui.client")
    assert "requests" in modules_after("from itkgui.client import Client")
