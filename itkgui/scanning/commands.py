"""Codes that tell the program to do something: printed once, scanned instead of typed with gloves on."""

from __future__ import annotations

import re
from collections.abc import Iterable

PREFIX = "ITKGUI-"

_OTHER = re.compile(r"[^A-Z0-9]+")


def code_of(name: str) -> str:
    """Return what the code of a command says, such as ``ITKGUI-ADD-FILES`` of ``add-files``.

    Capital letters, digits and dashes: every keyboard has them somewhere, so that a garbled one is put right.
    """
    return PREFIX + _OTHER.sub("-", name.upper()).strip("-")


def by_code(names: Iterable[str]) -> dict[str, str]:
    """Return the names of commands by their codes."""
    return {code_of(name): name for name in names}


def is_code(text: str) -> bool:
    """Tell whether a text is meant as the code of a command, which need not exist."""
    return text.upper().startswith(PREFIX)
