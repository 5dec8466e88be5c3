"""The sequences by which a text colours a terminal and moves its cursor."""

from __future__ import annotations

import re

CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_COMMAND = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")  # such as a window's title


def without_escapes(text: str) -> str:
    """Return a text as it is read on a terminal."""
    return _COMMAND.sub("", CONTROL.sub("", text)) if "\x1b" in text else text
