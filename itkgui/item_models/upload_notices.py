"""What keeps uploads from arriving until somebody does something about it: said once for all it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from itkgui.item_models.trouble_words import Words
from itkgui.item_models.upload_deeds import may_repeat, may_swap
from itkgui.item_models.upload_words import anyway_text, finished_text, is_kept_away, other_storage
from itkgui.uploads.queue_lock import Holder
from itkgui.uploads.schedule import server_of, servers_of
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadKind, UploadState


class Remedy(Enum):
    """What a person can do about it; the value is the word on the button."""

    SIGN_IN = "Sign in again"
    RETRY = "Try again"
    ANYWAY = "Send anyway"
    SWAP = "Send to the other storage instead"
    RESUME = "Resume all"
    OPEN = "Open it again"
    SHOW = "Choose them"
    FORGET = "Understood"


@dataclass(frozen=True)
class Notice:
    """Something to be done about some uploads, or about all: ``ids`` is empty then.

    One that ``stops`` keeps all uploads back, or all to a server, though nobody has wanted that.
    """

    tone: str
    title: str
    sentence: str
    cure: str
    remedies: tuple[Remedy, ...] = ()
    ids: tuple[str, ...] = ()
    words: tuple[tuple[Remedy, str], ...] = ()  # on the buttons of some remedies, instead of the usual ones
    stops: bool = False
    brief: str = ""  # the title where there is little room

    def word_for(self, remedy: Remedy) -> str:
        return dict(self.words).get(remedy, remedy.value)


@dataclass(frozen=True)
class Condition:
    """How the queue as a whole stands."""

    trouble: Words | None = None  # it could not be opened
    disk_trouble: Words | None = None
    put_aside: Path | None = None
    is_master: bool = True
    holder: Holder | None = None
    is_paused: bool = False
    session: Trouble | None = None


def notices_of(uploads: Sequence[Upload], queue: Condition) -> tuple[Notice, ...]:
    """Return what to tell, the most urgent first."""
    return (*_of_queue(uploads, queue), *_of_servers(uploads), *_of_groups(uploads))


def stumble_of(uploads: Sequence[Upload]) -> Notice | None:
    """Return what a server has failed at just now, which may be over in a moment."""
    return next(iter(_of_servers(uploads, tries=1)), None)


def _of_queue(uploads: Sequence[Upload], queue: Condition) -> Iterable[Notice]:
    if queue.trouble is not None:
        found = queue.trouble
        title = f"No uploads until this is mended: {found.title}"
        yield Notice("bad", title, found.sentence, found.cure, (Remedy.OPEN,), stops=True)
    if queue.put_aside is not None:
        yield Notice(
            "bad",
            "The list of uploads was damaged",
            f"It was put aside in {queue.put_aside}, and a new one was begun: what waited in it is not sent.",
            "Look at the components whether all files are there, and drop again those that are not.",
            (Remedy.FORGET,),
        )
    if queue.disk_trouble is not None:
        found = queue.disk_trouble
        cure = f"{found.cure} They go on then."
        yield Notice("bad", f"Uploads rest: {found.title}", found.sentence, cure, stops=True)
    if queue.session is not None:
        waiting = sum(row.is_on_its_way or row.trouble == queue.session for row in uploads)
        wait = _count(waiting, "upload waits", "uploads wait")
        yield Notice(
            "bad",
            f"{queue.session.title}: {wait}",
            "Nothing is sent until you have signed in again.",
            "Everything goes on by itself then.",
            (Remedy.SIGN_IN, Remedy.RETRY),
            stops=True,
            brief=wait,
        )
    if not queue.is_master and queue.trouble is None:
        yield Notice(
            "quiet",
            f"Another window{_holder_text(queue.holder)} sends the queue",
            "This one only shows it, and adds to it.",
            "It takes over when that one is closed.",
        )
    if queue.is_paused:
        sent = [row for row in uploads if row.state is UploadState.SENDING]
        sentence = f"{finished_text(sent)}; nothing else is sent." if sent else "Nothing is sent."
        yield Notice("caution", "All uploads are paused", sentence, "", (Remedy.RESUME,))


def _holder_text(holder: Holder | None) -> str:
    if holder is None:
        return ""
    return f" (process {holder.pid} since {datetime.fromtimestamp(holder.since).astimezone():%H:%M})"


def _of_servers(uploads: Sequence[Upload], tries: int = 2) -> Iterable[Notice]:
    """Tell of each server that keeps uploads waiting: one after the other finds out, but all wait."""
    failed: dict[str, list[Upload]] = {}
    for row in uploads:
        if row.trouble is not None and is_kept_away(row, tries):
            failed.setdefault(server_of(row.trouble.cause), []).append(row)
    for server, rows in failed.items():
        trouble = rows[0].trouble
        going = (row for row in uploads if row.is_on_its_way or row.state is UploadState.WAITING)
        waiting = sum(server in servers_of(row) for row in going)
        wait = _count(waiting, "upload waits", "uploads wait")
        if trouble is not None:
            yield Notice(
                "caution",
                f"{trouble.title}: {wait}",
                trouble.sentence,
                "What waits is tried again by itself until it has arrived.",
                (Remedy.RETRY, Remedy.SHOW),
                tuple(row.id for row in rows),
                stops=True,
                brief=wait,
            )


def _of_groups(uploads: Sequence[Upload]) -> Iterable[Notice]:
    groups: dict[tuple[object, ...], list[Upload]] = {}
    for row in uploads:
        key = _group_of(row)
        if key:
            groups.setdefault(key, []).append(row)
    return [_of_group(rows) for rows in groups.values()]


def _group_of(row: Upload) -> tuple[object, ...]:
    """Return what uploads have in common that one person's deed can help."""
    trouble = row.trouble
    if row.left_behind and row.state.has_ended and not row.awaits_last_look:
        return ("left", row.target, row.state)
    if trouble is None or row.state not in (UploadState.HELD, UploadState.FAILED):
        return ()
    where = {Cause.STORAGE: row.storage, Cause.SIZE: row.storage}
    return (row.state, trouble.cause, trouble.title, where.get(trouble.cause))


def _of_group(rows: Sequence[Upload]) -> Notice:
    first, trouble, ids = rows[0], rows[0].trouble, tuple(row.id for row in rows)
    if first.state is UploadState.DONE:
        return Notice(
            "caution",
            f"More than was sent at {first.target.label}: {_count(len(rows), 'upload', 'uploads')}",
            f"{first.name} has arrived and was read back, but the server also has {first.left_behind}: "
            "it may come from a try that was lost, or from somebody else.",
            "Look at it on the page of its attachments, and delete it if nobody needs it.",
            (Remedy.SHOW,),
            ids,
        )
    if first.state.has_ended or trouble is None:
        return Notice(
            "caution",
            f"Not removed from {first.target.label}: {_count(len(rows), 'upload', 'uploads')}",
            f"Cancelled, but the server still has {first.left_behind}.",
            "Delete it on the page of its attachments.",
            (Remedy.SHOW,),
            ids,
        )
    kinds = {row.kind for row in rows}
    what = "upload" if len(kinds) > 1 else "test run" if UploadKind.TEST_RUN in kinds else "file"
    files = _count(len(rows), what, f"{what}s")
    targets = {row.target for row in rows}
    if trouble.cause in (Cause.STORAGE, Cause.SIZE):
        files += f" for {first.storage.label}"
    else:
        files += f" for {first.target.label}" if len(targets) == 1 else f" for {len(targets):,} targets"
    can_swap, twice = any(map(may_swap, rows)), [row for row in rows if may_repeat(row)]
    failed = first.state is UploadState.FAILED
    remedies = [
        Remedy.ANYWAY if twice else Remedy.RETRY,
        *((Remedy.SWAP,) if can_swap else ()),
        Remedy.SHOW,
    ]
    words = {
        Remedy.ANYWAY: anyway_text(twice),
        Remedy.SWAP: f"Send to {other_storage(first.storage).label} instead",
    }
    return Notice(
        "bad" if failed else "caution",
        f"{trouble.title}: {files}",
        trouble.sentence,
        trouble.cure,
        tuple(remedies),
        ids,
        words=tuple((remedy, word) for remedy, word in words.items() if remedy in remedies),
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
