"""How far the uploads are that are on their way together: counted, in bytes, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from itkgui.item_models.upload_words import span_text, speed_text
from itkgui.uploads.pace import Pace
from itkgui.uploads.upload import Upload, UploadState

_UNDER_WAY = (UploadState.COPYING, UploadState.WAITING, UploadState.SENDING, UploadState.CHECKING)


@dataclass(frozen=True)
class Totals:
    """How many of how many have arrived, the share of bytes sent, bytes per second, seconds left if known."""

    sent: int = 0
    count: int = 0
    share: float = 0.0
    rate: float = 0.0
    seconds_left: float | None = None

    @property
    def is_moving(self) -> bool:
        """Whether any is still on its way."""
        return self.count > 0

    @property
    def short_text(self) -> str:
        return f"{self.sent:,} of {self.count:,} sent, {self.share:.0%}" if self.count else ""

    @property
    def text(self) -> str:
        """Return ``3 of 12 sent, 43 %, 12 MB/s, 2 min left``."""
        words = [self.short_text]
        words += [speed_text(self.rate)] if self.rate >= 1 else []
        words += [f"{span_text(self.seconds_left)} left"] if self.seconds_left is not None else []
        return ", ".join(words) if self.count else ""


class Burst:
    """The uploads since the last time that none was under way; what stands still drops out."""

    def __init__(self) -> None:
        self._rows: dict[str, Upload] = {}
        self._under_way: set[str] = set()
        self._pace = Pace()

    def note(self, upload: Upload) -> None:
        """Take an upload as it is now."""
        if upload.state in _UNDER_WAY:
            if not self._under_way:
                self._rows.clear()
                self._pace = Pace()
            self._under_way.add(upload.id)
            self._rows[upload.id] = upload
            return
        self._under_way.discard(upload.id)
        if upload.state is UploadState.DONE and upload.id in self._rows:
            self._rows[upload.id] = upload
        else:
            self._rows.pop(upload.id, None)

    @property
    def is_moving(self) -> bool:
        return bool(self._under_way)

    def totals(self, share_done: Callable[[Upload], float], now: float) -> Totals:
        """Return how far they are; ``share_done`` tells it for one, ``now`` is in seconds, going forward."""
        if not self._under_way:
            return Totals()
        whole = sum(row.size for row in self._rows.values())
        done = sum(row.size * share_done(row) for row in self._rows.values())
        rate = self._pace.note(round(done), now)
        return Totals(
            sent=len(self._rows) - len(self._under_way),
            count=len(self._rows),
            share=done / whole if whole else 0.0,
            rate=rate,
            seconds_left=(whole - done) / rate if rate >= 1 and done < whole else None,
        )
