"""One upload: what goes where, how far it is, and which moves are allowed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from itkgui.client.exceptions import ItkError, code_of_words
from itkgui.client.files import safe_name
from itkgui.language import N_, _
from itkgui.log import redact
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads import remains

HANDED_OVER = N_("Handed over")  # the title of the trouble of what another computer has; stored like this


class UploadKind(Enum):
    """What is sent."""

    FILE = "file"
    TEST_RUN = N_("test run")


class UploadState(Enum):
    """How far an upload is; the value is the word for people, to be translated where it is shown.

    The moves, in a picture::

        COPYING ──► WAITING ──► SENDING ──► CHECKING ──► DONE
                      │ ▲          │            │
                      ▼ │          │            ├──► WAITING   something passing went wrong: tried again
                    PAUSED         │            ├──► HELD      somebody has to do something first
                                   └────────────┴──► FAILED    it cannot be sent as it is

        HELD, FAILED, CANCELLED ──► WAITING    somebody wants it tried again
        FAILED, CANCELLED ──► COPYING    the same, where there is no copy
        any that has not ended ──► CANCELLING ──► CANCELLED    once nothing of it is left at the server

    ``MOVES`` has each allowed move. What a program that was killed has left in SENDING or CHECKING begins
    again in WAITING, at the step that was recorded last.
    """

    COPYING = N_("copying")  # into the spool; until then the file on the stick is the only one
    WAITING = N_("waiting")
    PAUSED = N_("paused")
    SENDING = N_("sending")
    CHECKING = N_("checking")
    HELD = N_("needs you")
    DONE = N_("done")
    FAILED = N_("failed")
    CANCELLING = N_("cancelling")
    CANCELLED = N_("cancelled")

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens by itself or is expected of anybody."""
        return self in (UploadState.DONE, UploadState.CANCELLED)

    @property
    def is_open(self) -> bool:
        """Whether it is on its way, or will go on by itself."""
        return self not in (UploadState.DONE, UploadState.CANCELLED, UploadState.FAILED)


_S = UploadState
MOVES: dict[UploadState, frozenset[UploadState]] = {
    _S.COPYING: frozenset({_S.WAITING, _S.FAILED, _S.CANCELLING, _S.CANCELLED}),
    _S.WAITING: frozenset({_S.SENDING, _S.PAUSED, _S.HELD, _S.FAILED, _S.CANCELLING, _S.CANCELLED}),
    _S.PAUSED: frozenset({_S.WAITING, _S.CANCELLING, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.CHECKING, _S.WAITING, _S.HELD, _S.FAILED, _S.CANCELLING}),
    _S.CHECKING: frozenset({_S.DONE, _S.WAITING, _S.HELD, _S.FAILED, _S.CANCELLING}),
    _S.HELD: frozenset({_S.WAITING, _S.PAUSED, _S.FAILED, _S.CANCELLING, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.COPYING, _S.WAITING, _S.CANCELLING, _S.CANCELLED}),
    _S.CANCELLING: frozenset({_S.CANCELLED}),
    _S.CANCELLED: frozenset({_S.COPYING, _S.WAITING}),
    _S.DONE: frozenset(),
}


class Step(Enum):
    """What may be at the server by now; recorded before each request that changes it and after its answer."""

    NEW = "new"  # nothing of this upload
    ASKED = "asked"  # an entry was asked for: whether it was made is not known; ``before`` tells which is new
    RESERVED = "reserved"  # the entry ``code`` is there; whether its bytes are on EOS is not known
    SENT = "sent"  # all was sent, and answered; an empty ``code`` means that the answer did not tell it
    WITHDRAWING = "withdrawing"  # the entry ``code`` is unwanted, and may be there still
    ELSEWHERE = "elsewhere"  # nothing from here; another computer may have sent it from ``since`` on

    @property
    def is_under_way(self) -> bool:
        """Whether a request was sent of which it is not known yet what came of it."""
        return self in (Step.ASKED, Step.RESERVED)


class Cause(Enum):
    """What kind of trouble stops an upload, which decides what becomes of it and of others."""

    PASSING = "passing"  # tried again later
    EOS_AWAY = "eos away"  # tried again later; what does not go to EOS is not concerned
    DOUBTFUL = "doubtful"  # tried again some times
    SESSION = "session"  # all wait for a sign-in
    RIGHTS = "rights"  # all for this target
    DUPLICATE = "duplicate"  # this one, as the target has the same
    STORAGE = "storage"  # all that go to this storage, which is full or takes nothing
    SIZE = "size"  # this one
    PERMANENT = "permanent"  # this one


@dataclass(frozen=True)
class Trouble:
    """What went wrong at the last try, in words to be kept, none of them secret: errors cannot be stored.

    ``kind`` is what the error was, None for what was read from the disk.
    """

    cause: Cause
    title: str
    sentence: str
    cure: str
    detail: str = ""
    kind: type[ItkError] | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """That of the error, of what was read from the disk by its words; empty for words of its own."""
        if self.kind is not None:
            return self.kind.code
        return code_of_words(self.title, self.sentence, self.cure)

    @classmethod
    def of(cls, error: ItkError, cause: Cause) -> Trouble:
        return cls(cause, error.title, error.sentence, error.cure, redact(error.detail), type(error))


@dataclass(frozen=True)
class Upload:
    """A row of the queue. ``target`` was fixed when the files were reviewed, and never changes.

    The file is in the spool: ``size`` bytes with the checksums ``sha256`` and ``adler32`` (hexadecimal);
    until then ``source`` is the only place. Files that belong to results of a test have those as ``parent``,
    no key in their target until there is a run, and its ``parameters`` whose value they are. Times are
    seconds since 1970 (UTC).
    """

    kind: UploadKind
    target: Owner
    name: str
    title: str
    description: str
    storage: Storage
    size: int
    media_type: str
    source: str = ""
    sha256: str = ""
    adler32: str = ""
    component: str = ""  # the code of the component on whose page it was dropped, to lead back there
    parent: str = ""
    parameters: tuple[str, ...] = ()
    may_repeat: bool = False  # whether it is wanted though the target has the same already
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: UploadState = UploadState.COPYING
    step: Step = Step.NEW
    before: tuple[str, ...] = ()  # codes that the target had before the first request
    since: float = 0.0  # by the server's clock: what was there before is not of this upload; 0 if not known
    code: str = ""  # of the entry at the server, or the id of the run
    # By the server's clock: until when a request whose answer was lost may take effect. 0 if there is none,
    # and at a step that is under way as long as that is not known: during it, or if the program ended in it.
    unclear_until: float = 0.0
    tries: int = 0
    next_try: float = 0.0
    trouble: Trouble | None = None
    left_behind: str = ""  # what is at the server besides, and was not or could not be removed
    added: float = 0.0
    ended: float = 0.0
    place: float = 0.0  # in the order in which they are sent

    def with_changes(self, **changes: Any) -> Upload:
        return replace(self, **changes)

    @property
    def was_unclear(self) -> bool:
        """Whether an answer was lost, so that a twin may turn up, which was not yet looked for in the end."""
        return self.unclear_until > 0.0

    @property
    def awaits_last_look(self) -> bool:
        """Whether it stands still, but its target is to be looked at when nothing can come late."""
        # Asked of every row again and again.
        return self.unclear_until > 0.0 and self.stands_still

    @property
    def stands_still(self) -> bool:
        """Whether nothing more is sent of it by itself."""
        return self.state.has_ended or self.state in (UploadState.FAILED, UploadState.HELD)

    @property
    def at_server(self) -> str:
        """What is at the server of it that is not what was meant, as ``left_behind`` tells it.

        While nothing is sent of it, that is an entry too that has got no bytes yet.
        """
        waits = self.state in (UploadState.WAITING, UploadState.PAUSED) or self.stands_still
        entry = remains.unfinished(self.code) if waits and self.step is Step.RESERVED else ""
        return remains.with_parts(self.left_behind, entry)

    @property
    def is_on_its_way(self) -> bool:
        """Whether it will have arrived in a moment, unless something keeps the whole queue."""
        if self.state is UploadState.WAITING:
            return self.trouble is None
        return self.state in (UploadState.COPYING, UploadState.SENDING, UploadState.CHECKING)

    @property
    def run(self) -> Owner:
        """The test run that results have become; its key is empty until they are done."""
        label = _("{run} of {component}").format(run=self.title, component=self.target.label)
        return Owner(OwnerKind.TEST_RUN, self.code if self.state is UploadState.DONE else "", label)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was tried yet: it can be taken back without a trace."""
        is_waiting = self.state in (UploadState.COPYING, UploadState.WAITING)
        return is_waiting and self.step is Step.NEW and not self.tries and not self.was_unclear

    @property
    def spool_name(self) -> str:
        """The path of the bytes below the spool: a folder of its own, so that the file can keep its name.

        The server is told ``name``, which may be none that every computer takes for a file.
        """
        return str(Path(self.id) / safe_name(self.name))

    def may_become(self, state: UploadState) -> bool:
        return state in MOVES[self.state]
