"""What keeps uploads from arriving until somebody does something about it: said once for all it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from itkgui.item_models.trouble_words import Words
from itkgui.item_models.upload_deeds import may_repeat, may_swap
from itkgui.item_models.upload_words import anyway_text, finished_text, is_kept_away, other_storage
from itkgui.language import N_, _, ngettext
from itkgui.uploads import remains
from itkgui.uploads.queue_lock import Holder
from itkgui.uploads.schedule import server_of, servers_of
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadKind, UploadState


class Remedy(Enum):
    """What a person can do about it; the value is the word on the button."""

    SIGN_IN = N_("Sign in again")
    RETRY = N_("Try again")
    ANYWAY = N_("Send anyway")
    SWAP = N_("Send to the other storage instead")
    RESUME = N_("Resume all")
    OPEN = N_("Open it again")
    SHOW = N_("Choose them")
    FORGET = N_("Understood")


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
        return dict(self.words).get(remedy) or _(remedy.value)


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
    answering: frozenset[str] = frozenset()  # servers that are known to answer at present


def notices_of(uploads: Sequence[Upload], queue: Condition) -> tuple[Notice, ...]:
    """Return what to tell, the most urgent first."""
    return (*_of_queue(uploads, queue), *_of_servers(uploads, queue), *_of_groups(uploads))


def stumble_of(uploads: Sequence[Upload], queue: Condition) -> Notice | None:
    """Return what a server has failed at just now, which may be over in a moment."""
    return next(iter(_of_servers(uploads, queue, tries=1)), None)


def _of_queue(uploads: Sequence[Upload], queue: Condition) -> Iterable[Notice]:
    if queue.trouble is not None:
        found = queue.trouble
        title = _("No uploads until this is mended: {title}").format(title=found.title)
        yield Notice("bad", title, found.sentence, found.cure, (Remedy.OPEN,), stops=True)
    if queue.put_aside is not None:
        yield Notice(
            "bad",
            _("The list of uploads was damaged"),
            _("It was put aside in {path}, and a new one was begun: what waited in it is not sent.").format(
                path=queue.put_aside
            ),
            _("Look at the components whether all files are there, and drop again those that are not."),
            (Remedy.FORGET,),
        )
    if queue.disk_trouble is not None:
        found = queue.disk_trouble
        cure = _("{cure} They go on then.").format(cure=found.cure)
        yield Notice(
            "bad", _("Uploads rest: {title}").format(title=found.title), found.sentence, cure, stops=True
        )
    if queue.session is not None:
        waiting = sum(row.is_on_its_way or row.trouble == queue.session for row in uploads)
        wait = _waiting_text(waiting)
        yield Notice(
            "bad",
            f"{queue.session.title}: {wait}",
            _("Nothing is sent until you have signed in again."),
            _("Everything goes on by itself then."),
            (Remedy.SIGN_IN, Remedy.RETRY),
            stops=True,
            brief=wait,
        )
    if not queue.is_master and queue.trouble is None:
        yield Notice(
            "quiet",
            _elsewhere_text(queue.holder),
            _("This one only shows it, and adds to it."),
            _("It takes over when that one is closed."),
        )
    if queue.is_paused:
        sent = [row for row in uploads if row.state is UploadState.SENDING]
        sentence = (
            _("{finished}; nothing else is sent.").format(finished=finished_text(sent))
            if sent
            else _("Nothing is sent.")
        )
        yield Notice("caution", _("All uploads are paused"), sentence, "", (Remedy.RESUME,))


def _waiting_text(count: int) -> str:
    return ngettext("{count:,} upload waits", "{count:,} uploads wait", count).format(count=count)


def _elsewhere_text(holder: Holder | None) -> str:
    if holder is None:
        return _("Another window sends the queue")
    return _("Another window (process {number} since {time}) sends the queue").format(
        number=holder.pid, time=f"{datetime.fromtimestamp(holder.since).astimezone():%H:%M}"
    )


def _of_servers(uploads: Sequence[Upload], queue: Condition, tries: int = 2) -> Iterable[Notice]:
    """Tell of each server that keeps uploads waiting: one after the other finds out, but all wait.

    None does that which answers, and to which something is being sent.
    """
    under_way = {
        server
        for row in uploads
        if row.state in (UploadState.SENDING, UploadState.CHECKING)
        for server in servers_of(row)
    }
    failed: dict[str, list[Upload]] = {}
    for row in uploads:
        if row.trouble is not None and is_kept_away(row, tries):
            failed.setdefault(server_of(row.trouble.cause), []).append(row)
    for server, rows in failed.items():
        if server in under_way & queue.answering:
            continue
        trouble = rows[0].trouble
        going = (row for row in uploads if row.is_on_its_way or row.state is UploadState.WAITING)
        waiting = sum(server in servers_of(row) for row in going)
        wait = _waiting_text(waiting)
        if trouble is not None:
            yield Notice(
                "caution",
                f"{trouble.title}: {wait}",
                trouble.sentence,
                _("What waits is tried again by itself until it has arrived."),
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
            ngettext(
                "More than was sent at {place}: {count:,} upload",
                "More than was sent at {place}: {count:,} uploads",
                len(rows),
            ).format(place=first.target.label, count=len(rows)),
            _(
                "{name} has arrived and was read back, but the server also has {what}: "
                "it may come from a try that was lost, or from somebody else."
            ).format(name=first.name, what=remains.words(first.left_behind)),
            _("Look at it on the page of its attachments, and delete it if nobody needs it."),
            (Remedy.SHOW,),
            ids,
        )
    if first.state.has_ended or trouble is None:
        return Notice(
            "caution",
            ngettext(
                "Not removed from {place}: {count:,} upload",
                "Not removed from {place}: {count:,} uploads",
                len(rows),
            ).format(place=first.target.label, count=len(rows)),
            _("Cancelled, but the server still has {what}.").format(what=remains.words(first.left_behind)),
            _("Delete it on the page of its attachments."),
            (Remedy.SHOW,),
            ids,
        )
    targets = {row.target for row in rows}
    if trouble.cause in (Cause.STORAGE, Cause.SIZE):
        place = first.storage.label
    elif len(targets) == 1:
        place = first.target.label
    else:
        place = ngettext("{count:,} target", "{count:,} targets", len(targets)).format(count=len(targets))
    files = _group_text({row.kind for row in rows}, len(rows), place)
    can_swap, twice = any(map(may_swap, rows)), [row for row in rows if may_repeat(row)]
    failed = first.state is UploadState.FAILED
    remedies = [
        Remedy.ANYWAY if twice else Remedy.RETRY,
        *((Remedy.SWAP,) if can_swap else ()),
        Remedy.SHOW,
    ]
    words = {
        Remedy.ANYWAY: anyway_text(twice),
        Remedy.SWAP: _("Send to {place} instead").format(place=other_storage(first.storage).label),
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


def _group_text(kinds: Collection[UploadKind], count: int, place: str) -> str:
    """Return how many uploads go to a place, and of what kind if all are of one."""
    if len(kinds) > 1:
        text = ngettext("{count:,} upload for {place}", "{count:,} uploads for {place}", count)
    elif UploadKind.TEST_RUN in kinds:
        text = ngettext("{count:,} test run for {place}", "{count:,} test runs for {place}", count)
    else:
        text = ngettext("{count:,} file for {place}", "{count:,} files for {place}", count)
    return text.format(count=count, place=place)
