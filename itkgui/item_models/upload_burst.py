"""How far the uploads are that are on their way together: counted, in bytes, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from itkgui.item_models.upload_words import needs_person, span_text, speed_text
from itkgui.language import _
from itkgui.uploads.pace import NEARLY, Pace
from itkgui.uploads.upload import Upload, UploadState

_UNDER_WAY = (UploadState.COPYING, UploadState.WAITING, UploadState.SENDING, UploadState.CHECKING)
_BEGUN = (UploadState.SENDING, UploadState.CHECKING)
_FILE = 1_000_000  # bytes that take about as long as the requests which each file needs besides its bytes


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
        text = _("{sent:,} of {count:,} done, {share:.0%}") if self.count else ""
        return text.format(sent=self.sent, count=self.count, share=self.share)

    @property
    def text(self) -> str:
        """Return ``3 of 12 done, 43 %, 12 MB/s, 2 min left``."""
        words = [self.short_text]
        words += [speed_text(self.rate)] if self.rate >= 1 else []
        if self.seconds_left is not None:
            words.append(_("{time} left").format(time=span_text(self.seconds_left)))
        return ", ".join(words) if self.count else ""


@dataclass(frozen=True)
class Tally:
    """How many uploads have not ended, have failed, and stand still until somebody does something."""

    unfinished: int = 0
    failed: int = 0
    stopped: int = 0

    @classmethod
    def of(cls, uploads: Iterable[Upload]) -> Tally:
        open_, failed, stopped = 0, 0, 0
        for upload in uploads:
            if not upload.state.has_ended:
                open_ += upload.state.is_open
                failed += upload.state is UploadState.FAILED
                stopped += needs_person(upload)
        return cls(open_, failed, stopped)


class Burst:
    """The uploads since the last time that none was under way; what stands still drops out."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}  # of all, by id
        self._under_way: dict[str, Upload] = {}
        self._begin()

    def _begin(self) -> None:
        self._bytes, self._work = Pace(), Pace()

    def note(self, upload: Upload) -> None:
        """Take an upload as it is now."""
        if upload.state in _UNDER_WAY:
            if not self._under_way:
                self._sizes.clear()
                self._begin()
            self._under_way[upload.id] = upload
            self._sizes[upload.id] = upload.size
            return
        self._under_way.pop(upload.id, None)
        if upload.state is not UploadState.DONE:
            self._sizes.pop(upload.id, None)

    @property
    def is_moving(self) -> bool:
        return bool(self._under_way)

    def totals(self, share_done: Callable[[Upload], float], now: float, *, is_paused: bool = False) -> Totals:
        """Return how far they are; ``share_done`` tells it for one, ``now`` is in seconds, going forward.

        The time left counts files as well as bytes: many small ones take long for their number.
        """
        if not self._under_way:
            return Totals()
        begun = {row.id: share_done(row) for row in self._under_way.values() if row.state in _BEGUN}
        if is_paused and not begun:
            self._begin()
        whole, count = sum(self._sizes.values()), len(self._sizes)
        sent = count - len(self._under_way)
        done = whole - sum(self._sizes[one] * (1.0 - begun.get(one, 0.0)) for one in self._under_way)
        work_left = whole - done + _FILE * (len(self._under_way) - sum(begun.values()))
        rate = self._bytes.note(round(done), now)
        pace = self._work.note(round(whole + _FILE * count - work_left), now)
        return Totals(
            sent=sent,
            count=count,
            share=min(NEARLY, done / whole) if whole else 0.0,
            rate=rate,
            seconds_left=work_left / pace if pace >= 1 and work_left > 0 else None,
        )
