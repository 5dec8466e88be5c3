"""What a client may be told about the answers that it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itkgui.client.origins import Origin
from itkgui.settings.configuration import load

if TYPE_CHECKING:
    from itkgui.client.response_cache import ResponseCache


@dataclass(frozen=True)
class CacheOptions:
    """Where answers are kept between calls and sessions, and how long they may serve.

    Without ``lifetime`` an answer serves as long as the server allows (``Cache-Control``); ``offline`` is how
    old an answer may be that stands in when the server cannot be reached; ``size_limit`` is in bytes.
    ``watched`` is for whoever sees at once how old an answer is and why: then one stands in as well where
    somebody else answers for the server (a log-in page, a certificate of another), a component is known by
    all its names, and a server that was found away is left alone for a moment.
    """

    folder: Path | str = field(default_factory=lambda: load().paths.answers)
    lifetime: timedelta | None = None
    offline: timedelta | None = None
    size_limit: int = 200_000_000
    watched: bool = False

    def open(self, owner: str, origin: Origin) -> ResponseCache:
        """Open the store of one identity on one server; ``owner`` only turns into a part of its name."""
        from itkgui.client.response_cache import ResponseCache  # loads SQLite

        return ResponseCache(
            Path(self.folder),
            owner,
            origin,
            lifetime=self.lifetime,
            offline=self.offline,
            size_limit=self.size_limit,
            watched=self.watched,
        )


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in the body of a write, which names what it changes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
