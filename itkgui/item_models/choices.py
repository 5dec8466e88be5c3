"""Which of many choices a few typed letters mean."""

from __future__ import annotations

import re
from collections.abc import Iterable


def best_first(choices: Iterable[str], typed: str) -> list[str]:
    """Return the choices that hold what was typed: the whole, then a beginning, a word's beginning, a part.

    Capitals do not matter; among equals the order stays.
    """
    wanted = typed.strip().casefold()
    word = re.compile(rf"\b{re.escape(wanted)}") if wanted else re.compile("")

    def rank(choice: str) -> int:
        folded = choice.casefold()
        if folded == wanted:
            return 0
        if folded.startswith(wanted):
            return 1
        return 2 if word.search(folded) else 3

    return sorted((choice for choice in choices if wanted in choice.casefold()), key=rank)
