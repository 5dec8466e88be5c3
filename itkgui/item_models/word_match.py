"""How well a line answers some typed words: for lists that are found in by typing."""

from __future__ import annotations

import re

_WORDS = re.compile(r"\w+|[^\w\s]+")
_BEGINS, _HOLDS, _SHORTENS = 0, 1, 4  # the worse, the more


def distance(name: str, typed: str) -> int:
    """Return how far what is typed is from a name: 0 if it is the name, 1 if that begins so, else 2."""
    name, typed = name.casefold().rstrip("…"), " ".join(typed.casefold().split())
    return 0 if name == typed else 1 if name.startswith(typed) else 2


def rank(line: str, typed: str) -> int | None:
    """Return how badly a line answers what is typed, from 0, or None where it does not.

    Every typed word must begin a word of the line, or stand in it, or be made of the beginnings of several.
    """
    line = line.casefold()
    words = _WORDS.findall(line)
    total = 0
    for wanted in typed.casefold().split():
        if any(word.startswith(wanted) for word in words):
            total += _BEGINS
        elif wanted in line:
            total += _HOLDS
        elif re.search(_beginnings(wanted), line):
            total += _SHORTENS
        else:
            return None
    return total


def _beginnings(wanted: str) -> str:
    """Return a pattern whose letters each go on with a word, or begin a later one."""
    first, *rest = map(re.escape, wanted)
    return rf"\b{first}" + "".join(rf"(?:|.*?\b){letter}" for letter in rest)
