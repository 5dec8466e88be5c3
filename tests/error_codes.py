"""All classes of errors of the program, and the list of them that ``itkgui doctor --errors`` shows.

``python -m tests.error_codes`` writes the list anew.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import itkgui
from itkgui.client.exceptions import ItkError
from itkgui.paths import resource

LIST = resource("help/errors.txt")
_OF_SCRIPTS = "itkgui.itkdb"  # which has the names of another package


def classes() -> set[type[ItkError]]:
    """Return the classes of errors in all modules of the program."""
    for module in pkgutil.walk_packages(itkgui.__path__, "itkgui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {kind for kind in _below(ItkError) if kind.__module__.startswith("itkgui.")}


def _below(kind: type[ItkError]) -> Iterator[type[ItkError]]:
    yield kind
    for one in kind.__subclasses__():
        if not one.__module__.startswith(_OF_SCRIPTS):
            yield from _below(one)


def listed() -> str:
    """Return all codes with what they mean and what helps, in English, as one text."""
    found = sorted(classes(), key=lambda kind: (kind.code, kind.__module__))
    parts = [
        f"{kind.code:8} {kind.title}\n         {kind.sentence}\n         → {kind.cure}" for kind in found
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    LIST.write_text(listed(), "utf-8")
