"""What a decoder's process holds between two calls, and lets go of when nobody comes for it for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

_due: dict[Callable[[], None], float] = {}


def keep(let_go: Callable[[], None], seconds: float) -> None:
    """Have a function called when so many seconds have passed since this was said of it last."""
    _due[let_go] = time.monotonic() + seconds


def let_go_of_old() -> float | None:
    """Let go of what is due; return the seconds until there is more to do, None if nothing is held."""
    now = time.monotonic()
    for let_go in [let_go for let_go, due in _due.items() if due <= now]:
        del _due[let_go]
        let_go()
    return min(_due.values(), default=now) - now if _due else None
