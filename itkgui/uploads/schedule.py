"""What the queue does next: plain decisions about rows, made anew after every change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from itkgui.client.exceptions import ItkError, SessionExpired
from itkgui.records.attachment import Owner, Storage
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState

_FAILURES = 3  # in a row, after which a server is left alone
_TOGETHER = 5  # small files that are compared by one listing, if they come one after the other
_SMALL = 1_000_000  # bytes
_COPIED_TOGETHER = 16  # small files
_SOON = 32  # places in the queue


class Server:
    """Keys of the two servers that an upload meets."""

    DATABASE = "database"
    EOS = "eos"


def server_of(cause: Cause) -> str:
    """Return the server that has failed with trouble that passes, empty if it was none."""
    return {Cause.PASSING: Server.DATABASE, Cause.EOS_AWAY: Server.EOS}.get(cause, "")


def may_be_over(session_trouble: Trouble | None, failure: ItkError | None) -> bool:
    """Tell whether a session may be taken again by itself: codes that are wrong stay wrong.

    ``failure`` is that of the latest renewal, None if it did not fail.
    """
    if session_trouble is None:
        return False
    return failure is None or session_trouble.kind is SessionExpired


def servers_of(upload: Upload) -> tuple[str, ...]:
    """Return the servers that an upload has to do with."""
    return (Server.DATABASE, Server.EOS) if upload.storage is Storage.EOS else (Server.DATABASE,)


@dataclass
class CircuitBreaker:
    """Leaves a server alone that has failed several times in a row, but for one try a while.

    Times are those of the event loop, in seconds, so that a change of the clock does no harm.
    """

    failures: int = 0
    closed_until: float = 0.0
    is_probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the server is being left alone."""
        return self.failures >= _FAILURES

    def lets_pass(self, now: float) -> bool:
        return not self.is_open or (now >= self.closed_until and not self.is_probing)

    def note_failure(self, now: float, pause: float) -> None:
        self.failures += 1
        self.is_probing = False
        self.closed_until = now + pause

    def end_pause(self) -> None:
        """Let one try pass at once, unless one is on its way."""
        self.closed_until = 0.0

    def note_success(self) -> bool:
        """Let all through again; return whether some were kept waiting."""
        was_open = self.is_open
        self.failures, self.is_probing = 0, False
        return was_open


@dataclass(frozen=True)
class Hold:
    """What keeps uploads from being sent until somebody has done something about it."""

    trouble: Trouble
    target: Owner | None = None  # for missing rights: only what goes there
    storage: Storage | None = None  # for a storage that is full: only what goes there

    def concerns(self, upload: Upload) -> bool:
        if self.target is not None:
            return upload.target == self.target
        return self.storage is None or upload.storage is self.storage

    @classmethod
    def after(cls, upload: Upload) -> Hold | None:
        """Return what an upload that failed means for the others, if anything."""
        trouble = upload.trouble
        match trouble.cause if trouble is not None else None:
            case Cause.SESSION:
                return cls(trouble) if trouble else None
            case Cause.RIGHTS:
                return cls(trouble, target=upload.target) if trouble else None
            case Cause.STORAGE:
                return cls(trouble, storage=upload.storage) if trouble else None
        return None


@dataclass
class Outlook:
    """What is known besides the rows themselves; times are the event loop's."""

    due: Mapping[str, float] = field(default_factory=dict)  # by id, when an upload may be tried
    busy: Collection[str] = ()  # ids that a thread has
    is_paused: bool = False
    needs_session: bool = False
    breakers: Mapping[str, CircuitBreaker] = field(
        default_factory=lambda: {name: CircuitBreaker() for name in (Server.DATABASE, Server.EOS)}
    )

    def lets_pass(self, upload: Upload, now: float) -> bool:
        return not self.needs_session and all(breaker.lets_pass(now) for breaker in self._on_way_of(upload))

    def wait_of(self, upload: Upload, now: float) -> float | None:
        """Return in how many seconds an upload is due that waits for its moment; None if it waits for none.

        0 while another upload finds out whether a server is back that is being left alone.
        """
        if upload.state not in (UploadState.WAITING, UploadState.CANCELLING):
            return None
        then, is_probed = self.due.get(upload.id, 0.0), False
        if upload.state is UploadState.WAITING:
            if self.is_paused or self.needs_session:
                return None
            rests = [breaker for breaker in self._on_way_of(upload) if breaker.is_open]
            then = max([then, *(breaker.closed_until for breaker in rests)])
            is_probed = any(breaker.is_probing for breaker in rests)
        return then - now if then > now else 0.0 if is_probed else None

    def begin_probe(self, upload: Upload) -> list[CircuitBreaker]:
        """Let this upload alone find out whether servers that were left alone are back.

        Returns their breakers, whose ``is_probing`` the caller sets back when the upload has come to an end.
        """
        probed = [breaker for breaker in self._on_way_of(upload) if breaker.is_open]
        for breaker in probed:
            breaker.is_probing = True
        return probed

    def left_alone(self, upload: Upload) -> set[str]:
        """Return the servers on the way of an upload that are being left alone."""
        return {name for name in servers_of(upload) if self.breakers[name].is_open}

    def _on_way_of(self, upload: Upload) -> list[CircuitBreaker]:
        return [self.breakers[name] for name in servers_of(upload)]


def to_copy(uploads: Iterable[Upload], outlook: Outlook, now: float, most: int) -> list[list[Upload]]:
    """Return up to ``most`` batches of uploads whose files are not in the spool yet, and may be copied now.

    A large one is copied alone, as a stick reads one file at a time fastest; with small ones it is this
    computer's disk that is waited for, and for several at once. A batch has few bytes: until all of it are
    copied, the originals are needed.
    """
    rows = [row for row in uploads if row.state is UploadState.COPYING]
    begun = [row for row in rows if row.id in outlook.busy]
    if most <= 0 or any(row.size > _SMALL for row in begun):
        return []
    found: list[Upload] = []
    room = most * _SMALL
    for row in rows:
        if row.id in outlook.busy or outlook.due.get(row.id, 0.0) > now:
            continue
        is_alone = row.size > _SMALL
        if len(found) >= most * _COPIED_TOGETHER or room <= 0 or (is_alone and (begun or found)):
            break
        found.append(row)
        room -= row.size
        if is_alone:
            break
    return [found[number::most] for number in range(min(most, len(found)))]


def next_to_send(uploads: Iterable[Upload], outlook: Outlook, now: float, most: int) -> list[Upload]:
    """Return up to ``most`` uploads to be sent now, in their order, one for a target.

    One that waits for its next try does not hold up what comes after it; a small one that
    is just being copied does. No file is sent to a run that is being looked at: it may be a twin that goes.
    """
    if outlook.is_paused or most <= 0:
        return []
    rows = list(uploads)
    taken = {
        row.target
        for row in rows
        if row.state is UploadState.SENDING
        or (row.id in outlook.busy and row.state is not UploadState.COPYING and not _looks_on(row))
    }
    found: list[Upload] = []
    probed: set[str] = set()
    for row in rows:
        if len(found) >= most:
            break
        if row.state is UploadState.COPYING and row.id in outlook.busy and row.size <= _SMALL:
            taken.add(row.target)
        is_ready = (
            row.state is UploadState.WAITING
            and row.target.key
            and row.target not in taken
            and row.id not in outlook.busy
            and row.parent not in outlook.busy
            and outlook.due.get(row.id, 0.0) <= now
            and outlook.lets_pass(row, now)
            and probed.isdisjoint(outlook.left_alone(row))
        )
        if is_ready:
            found.append(row)
            taken.add(row.target)
            probed |= outlook.left_alone(row)  # a single one tries whether a server is back
    return found


def _looks_on(row: Upload) -> bool:
    """Tell whether a row that is compared needs no more than its own entry.

    One that may have arrived twice, or is taken back, looks for entries that nobody has claimed: what is
    being sent to that target must not be among them.
    """
    return row.state is UploadState.CHECKING and bool(row.code) and not row.was_unclear


def to_check(uploads: Iterable[Upload], outlook: Outlook, now: float) -> list[list[Upload]]:
    """Return what was sent and waits to be compared: together what is of a kind and went to one target.

    What goes to a target that is being checked already waits for that, and then for one listing for all. So
    do a few small files that go to one target in a moment.
    """
    rows = list(uploads)
    sent = [row for row in rows if row.state is UploadState.CHECKING and row.id not in outlook.busy]
    if not sent:
        return []
    coming = _coming(rows, outlook, now)
    busy = [row for row in rows if row.id in outlook.busy and row.state is not UploadState.COPYING]
    being_checked = {(row.target, row.kind) for row in busy if row.state is UploadState.CHECKING}
    at_work = {row.target for row in busy}
    found: dict[tuple[Owner, UploadKind], list[Upload]] = {}
    for row in sent:
        key = row.target, row.kind
        is_possible = key not in being_checked and (_looks_on(row) or row.target not in at_work)
        if is_possible and outlook.lets_pass(row, now):
            found.setdefault(key, []).append(row)
    return [
        batch
        for (target, kind), batch in found.items()
        if target not in coming or kind is not UploadKind.FILE or len(batch) >= _TOGETHER
    ]


def _coming(uploads: Sequence[Upload], outlook: Outlook, now: float) -> set[Owner]:
    """Return the targets that get one more file in a moment; none if that may take longer."""
    sent = [row for row in uploads if row.state is UploadState.SENDING]
    ready = (
        row
        for row in uploads
        if (row.state is UploadState.WAITING or row.state is UploadState.COPYING)
        and outlook.due.get(row.id, 0.0) <= now
        and outlook.lets_pass(row, now)
    )
    soon = [*sent, *([] if outlook.is_paused else islice(ready, _SOON))]
    return {row.target for row in soon} if all(row.size <= _SMALL for row in soon) else set()


def to_take_back(uploads: Iterable[Upload], outlook: Outlook, now: float) -> list[Upload]:
    """Return cancelled uploads of which something may still be at the server, one for a target."""
    rows = list(uploads)
    cancelled = [row for row in rows if row.state is UploadState.CANCELLING]
    if not cancelled:
        return []
    taken = {row.target for row in rows if row.id in outlook.busy and row.state is not UploadState.COPYING}
    found: list[Upload] = []
    for row in cancelled:
        if (
            row.target not in taken
            and row.id not in outlook.busy
            and outlook.due.get(row.id, 0.0) <= now
            and not (outlook.needs_session and (row.step is not Step.NEW or row.was_unclear))
        ):
            found.append(row)
            taken.add(row.target)
    return found


def to_look_again(uploads: Iterable[Upload], outlook: Outlook, now: float) -> list[Upload]:
    """Return uploads that have ended, of which all must have come by now that could, one for a target.

    Nothing else may be on its way to the target, as with ``to_take_back``, nor to the run of results.
    """
    rows = [row for row in uploads if row.awaits_last_look or row.id in outlook.busy]
    if not any(row.awaits_last_look for row in rows):
        return []
    runs = {row.parent for row in rows if row.id in outlook.busy}
    taken = {row.target for row in rows if row.id in outlook.busy and row.state is not UploadState.COPYING}
    found: list[Upload] = []
    for row in rows:
        is_due = row.awaits_last_look and outlook.due.get(row.id, 0.0) <= now
        if is_due and row.target not in taken and row.id not in runs and outlook.lets_pass(row, now):
            found.append(row)
            taken.add(row.target)
    return found


def wakes_at(uploads: Iterable[Upload], outlook: Outlook, now: float) -> float | None:
    """Return when something may be due that is not now, None if nothing is waited for but events."""
    waiting = (UploadState.COPYING, UploadState.WAITING, UploadState.CANCELLING)
    moments = [
        outlook.due.get(row.id, 0.0) for row in uploads if row.state in waiting or row.awaits_last_look
    ]
    moments += [breaker.closed_until for breaker in outlook.breakers.values() if breaker.is_open]
    later = [moment for moment in moments if moment > now]
    return min(later) if later else None
