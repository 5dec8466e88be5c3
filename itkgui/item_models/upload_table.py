"""Uploads in rows, repainted as they move on, and those that have ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timezone

from itkgui.item_models.columns import look_column, moment_column
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.upload_words import (
    left_text,
    look_of,
    needs_person,
    next_try_text,
    span_text,
    speed_text,
    target_text,
    trouble_of,
    what_text,
)
from itkgui.language import N_
from itkgui.records.sizes import size_text
from itkgui.uploads.hand_over import is_handed_over
from itkgui.uploads.pace import Progress, share_of
from itkgui.uploads.upload import Upload, UploadState

_S = UploadState
_FEW = 8  # rows repainted one by one


class UploadLine:
    """A row of the table: an upload as it is now, how far it is while it is sent, and how long it waits."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.progress: Progress | None = None
        self.wait: float | None = None

    @property
    def share(self) -> float | None:
        """How much of it is at the server, as ``share_of`` tells it."""
        return share_of(self.upload, self.progress)

    @property
    def seconds_left(self) -> float | None:
        return self.progress.seconds_left if self.progress is not None else None


def trouble_text(upload: Upload) -> str:
    """Return what went wrong at the last try, in a few words, then what is left of it at the server.

    Of what has ended only the latter counts, if there is any.
    """
    left = left_text(upload, upload.left_behind)
    if upload.trouble is None or is_handed_over(upload) or (left and upload.state.has_ended):
        return left
    return "; ".join(filter(None, (upload.trouble.title, left)))


def trouble_hint(upload: Upload) -> str:
    trouble = trouble_of(upload)
    told = f"{trouble.sentence} {trouble.cure}" if trouble is not None else ""
    return "\n".join(filter(None, (told, left_text(upload, upload.left_behind))))


def by_urgency(uploads: Iterable[Upload]) -> list[Upload]:
    """Return uploads as one wants them: what needs somebody, is sent, waits, is over; else in their order.

    What is over stays beside what was added together with it, the latest first: places in the queue begin
    anew when it is empty.
    """
    return sorted(uploads, key=_urgency)


def _urgency(upload: Upload) -> tuple[int, float]:
    if needs_person(upload):
        return 0, 0.0
    if upload.state in (_S.SENDING, _S.CHECKING, _S.CANCELLING):
        return 1, 0.0
    return (3, -upload.added) if upload.state.has_ended else (2, 0.0)


def moment_of(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds else None


COLUMNS: tuple[Column[UploadLine], ...] = (
    Column(N_("File"), lambda u: what_text(u.upload), hint=lambda u: u.upload.title, elide_middle=True),
    Column(
        N_("For"),
        lambda u: target_text(u.upload.target),
        hint=lambda u: target_text(u.upload.target),
        elide_middle=True,
    ),
    look_column(N_("State"), lambda u: look_of(u.upload)),
    Column(
        N_("%"),
        lambda u: f"{u.share:.0%}" if u.share is not None else "",
        export=lambda u: None if u.share is None else round(100 * u.share),
        unit="%",
        key="share",
        align_right=True,
    ),
    Column(
        N_("Speed"),
        lambda u: speed_text(u.progress.rate) if u.progress is not None and u.progress.rate >= 1 else "",
        export=lambda u: u.progress.rate if u.progress is not None else None,
        unit="B/s",
        align_right=True,
    ),
    Column(
        N_("Time left"),
        lambda u: span_text(u.seconds_left) if u.seconds_left is not None else "",
        export=lambda u: u.seconds_left,
        unit="s",
        align_right=True,
    ),
    Column(
        N_("Failed"),
        lambda u: str(u.upload.tries or ""),
        export=lambda u: u.upload.tries,
        key="Tries",
        align_right=True,
    ),
    Column(N_("Next try"), lambda u: next_try_text(u.upload, u.wait), export=lambda u: u.wait, unit="s"),
    Column(N_("What went wrong"), lambda u: trouble_text(u.upload), hint=lambda u: trouble_hint(u.upload)),
    Column(
        N_("Size"),
        lambda u: size_text(u.upload.size),
        export=lambda u: u.upload.size,
        unit="B",
        align_right=True,
    ),
    Column(N_("Kept in"), lambda u: u.upload.storage.label),
)
(
    FILE,
    FOR,
    STATE,
    PERCENT,
    SPEED,
    TIME_LEFT,
    FAILED,
    NEXT_TRY,
    WENT_WRONG,
    SIZE,
    KEPT_IN,
) = range(len(COLUMNS))

HISTORY_COLUMNS: tuple[Column[Upload], ...] = (
    moment_column(N_("Ended"), lambda u: moment_of(u.ended)),
    Column(N_("File"), what_text, hint=lambda u: u.title, elide_middle=True),
    Column(
        N_("For"), lambda u: target_text(u.target), hint=lambda u: target_text(u.target), elide_middle=True
    ),
    look_column(N_("State"), look_of),
    Column(N_("Title"), lambda u: u.title),
    Column(
        N_("Failed"),
        lambda u: str(u.tries or ""),
        export=lambda u: u.tries,
        key="Tries",
        align_right=True,
    ),
    Column(N_("Size"), lambda u: size_text(u.size), export=lambda u: u.size, unit="B", align_right=True),
    Column(N_("Kept in"), lambda u: u.storage.label),
    moment_column(N_("Added"), lambda u: moment_of(u.added)),
    Column(N_("SHA-256"), lambda u: u.sha256, monospace=True),
    Column(N_("What went wrong"), trouble_text, hint=trouble_hint),
)


class UploadTable(RecordTable[UploadLine]):
    """The uploads of a queue, the most urgent first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self._lines: dict[str, UploadLine] = {}

    def follows(self, uploads: Sequence[Upload]) -> bool:
        """Tell whether the table has these uploads in the order that they have now."""
        return [line.upload.id for line in self.records] == [upload.id for upload in by_urgency(uploads)]

    def lines_of(self, uploads: Sequence[Upload]) -> list[UploadLine]:
        """Return the rows that show these uploads, the same as before where they were shown before."""
        before, self._lines = self._lines, {}
        for upload in by_urgency(uploads):
            line = self._lines[upload.id] = before.get(upload.id) or UploadLine(upload)
            line.upload = upload
        return list(self._lines.values())

    def take(self, uploads: Collection[Upload]) -> None:
        """Show uploads of the table as they are now."""
        changed = []
        for upload in uploads:
            line = self._lines.get(upload.id)
            if line is not None:
                line.upload = upload
                changed.append(line)
        if len(changed) > _FEW:
            self._repaint()
        else:
            for line in changed:
                self.record_changed(line)

    def show_progress(
        self, progress: Callable[[str], Progress | None], wait: Callable[[Upload], float | None]
    ) -> None:
        """Ask how far each upload is that is being sent, and when others are, and show it."""
        has_news = False
        for line in self._lines.values():
            now = progress(line.upload.id) if line.upload.state is _S.SENDING else None
            then = wait(line.upload)
            has_news |= (now, then) != (line.progress, line.wait)
            line.progress, line.wait = now, then
        if has_news:
            self._repaint()

    def progress_of(self, upload_id: str) -> Progress | None:
        """Return how far an upload is by the latest ``show_progress``."""
        line = self._lines.get(upload_id)
        return line.progress if line is not None else None

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))
