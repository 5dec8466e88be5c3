"""How fast a transfer is, from looks at it by a timer."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.uploads.upload import Upload, UploadState

_HALF_LIFE = (
    3.0  # seconds after which a look counts half: steady enough to read, quick enough to show a stall
)

NEARLY = 0.99  # the most that is said of what has not been read back: all only of what is done

_STILL = 5.0  # seconds without a byte, after which nothing is said of speed: what was is no hint any more


@dataclass(frozen=True)
class Progress:
    """Bytes done and in all, and bytes per second; ``seconds_left`` is None as long as nobody can tell."""

    done: int
    total: int
    rate: float

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) / self.rate if self.rate > 0 and self.done < self.total else None


def share_of(upload: Upload, progress: Progress | None) -> float | None:
    """Return how much of an upload is at the server: up to ``NEARLY``, 1 if done, None if nothing is."""
    if upload.state is UploadState.DONE:
        return 1.0
    if upload.state is UploadState.CHECKING:
        return NEARLY
    return min(NEARLY, progress.share) if progress is not None else None


class Pace:
    """Averages the speed of one transfer; times in seconds by any clock that only goes forward."""

    def __init__(self) -> None:
        self._seen: tuple[float, int] | None = None
        self._moved = 0.0
        self.rate = 0.0

    def note(self, done: int, now: float) -> float:
        """Return bytes per second after a look, 0 if nothing has moved for a while."""
        if self._seen is None or done < self._seen[1]:  # sent once more, from its beginning
            self._seen, self._moved, self.rate = (now, done), now, 0.0
            return self.rate
        elapsed = now - self._seen[0]
        if done > self._seen[1]:
            self._moved = now
        elif now - self._moved >= _STILL:
            self._seen, self.rate = (now, done), 0.0
            return self.rate
        if elapsed > 0:
            latest = (done - self._seen[1]) / elapsed
            weight = 1.0 if self.rate == 0.0 else 1.0 - 0.5 ** (elapsed / _HALF_LIFE)
            self.rate += weight * (latest - self.rate)
            self._seen = now, done
        return self.rate
