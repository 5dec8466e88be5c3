"""What is said of uploads: how they stand, how fast they are, what comes next and which steps are done."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from itkgui.item_models.columns import Look
from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.records.sizes import size_text
from itkgui.uploads import remains
from itkgui.uploads.hand_over import is_handed_over
from itkgui.uploads.pace import Progress, share_of
from itkgui.uploads.schedule import server_of
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState

_S = UploadState
_MINUTE, _HOUR, _LONGEST = 60, 3600, 100 * 3600
_WAITS_FOR_A_MOMENT = (_S.WAITING, _S.CANCELLING)
_TARGETS = {
    OwnerKind.TEST_RUN: N_("test run {name}"),
    OwnerKind.SHIPMENT: N_("shipment {name}"),
    OwnerKind.BATCH: N_("batch {name}"),
}
_LOOKS = {
    _S.COPYING: Look(N_("copying"), "copy"),
    _S.WAITING: Look(N_("waiting"), "clock"),
    _S.PAUSED: Look(N_("paused"), "pause", "quiet"),
    _S.SENDING: Look(N_("sending"), "upload"),
    _S.CHECKING: Look(N_("reading back"), "search"),
    _S.HELD: Look(N_("needs you"), "warning", "caution"),
    _S.DONE: Look(N_("done, read back"), "passed", "good"),
    _S.FAILED: Look(N_("failed"), "failed", "bad"),
    _S.CANCELLING: Look(N_("cancelling"), "deleted"),
    _S.CANCELLED: Look(N_("cancelled"), "deleted", "quiet"),
}


def look_of(upload: Upload) -> Look:
    """Return how an upload stands, in a word, by an icon and a colour."""
    if is_handed_over(upload):
        return Look(N_("handed over"), "go-to", "quiet")
    is_left = upload.left_behind and not upload.awaits_last_look  # else the queue sees to it
    if upload.state is _S.CANCELLED and is_left:
        return Look(N_("cancelled, not removed"), "warning", "caution")
    if upload.state is _S.DONE and is_left:
        return Look(N_("done, but more is there"), "warning", "caution")
    if upload.trouble is not None and upload.state in (_S.WAITING, _S.SENDING):
        if upload.state is _S.SENDING:
            return Look(N_("trying again"), "upload")
        return Look(N_("waits to try again"), "clock", "caution")
    return _LOOKS[upload.state]


def target_text(target: Owner) -> str:
    """Return what gets a file: ``20UPGM22110394``, or ``test run IV curve 7``."""
    name = target.label or _("not there yet")
    return _(_TARGETS[target.kind]).format(name=name) if target.kind in _TARGETS else name


def what_text(upload: Upload) -> str:
    """Return what is sent: a file by its name, or ``test run IV curve, run 7``."""
    if upload.kind is UploadKind.TEST_RUN:
        return _("test run {name}").format(name=upload.title)
    return upload.name


def counted(runs: int, files: int) -> str:
    """Return ``1 test run and 2 files``."""
    tests = ngettext("{count:,} test run", "{count:,} test runs", runs).format(count=runs)
    others = ngettext("{count:,} file", "{count:,} files", files).format(count=files)
    if runs and files:
        return _("{tests} and {files}").format(tests=tests, files=others)
    return (tests if runs else others) if runs or files else _("nothing")


def span_text(seconds: float) -> str:
    """Return a time to wait, such as ``40 s``, ``12 min`` or ``1 h 5 min``."""
    whole = max(0, math.ceil(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{round(whole / _MINUTE)} min"
    if whole >= _LONGEST:
        return _("days")
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


def speed_text(rate: float) -> str:
    return f"{size_text(round(rate))}/s"


def wait_text(upload: Upload, wait: float | None) -> str:
    """Return when an upload goes on, such as ``again in 40 s``; ``wait`` is that of the queue."""
    if wait is None or upload.state not in _WAITS_FOR_A_MOMENT:
        return ""
    if wait <= 0:
        return _("trying the server")
    return (_("again in {time}") if upload.tries else _("leaves in {time}")).format(time=span_text(wait))


def next_try_text(upload: Upload, wait: float | None) -> str:
    """Return the same where a title says that it is the next try, such as ``in 40 s``."""
    if wait is None or upload.state not in _WAITS_FOR_A_MOMENT:
        return ""
    return _("in {time}").format(time=span_text(wait)) if wait > 0 else _("now")


def finished_text(sent: Sequence[Upload]) -> str:
    """Return that uploads are not paused which are being sent."""
    if len(sent) == 1:
        return _("{name} is finished first").format(name=what_text(sent[0]))
    text = ngettext("{count:,} upload is finished first", "{count:,} uploads are finished first", len(sent))
    return text.format(count=len(sent))


def unpaused_text(chosen: Sequence[Upload]) -> str:
    """Return why none of some uploads can be paused."""
    sent = [upload for upload in chosen if upload.state is _S.SENDING]
    if not sent:
        return _("What is chosen does not wait")
    return _("{finished}, as it is being sent; Cancel stops it").format(finished=finished_text(sent))


def other_storage(storage: Storage) -> Storage:
    return Storage.FILE if storage is Storage.EOS else Storage.EOS


def anyway_text(uploads: Sequence[Upload]) -> str:
    """Return the words for sending what its target has already."""
    runs = {upload.kind is UploadKind.TEST_RUN for upload in uploads}
    return _("Send as a second run") if runs == {True} else _("Send anyway")


def undone_text(taken: Sequence[str], wanted: int) -> str:
    """Return what came of taking back so many uploads, of which these names could be."""
    if not taken:
        return _("Too late to undo: it has begun") if wanted == 1 else _("Too late to undo: all have begun")
    if len(taken) == wanted:
        if wanted == 1:
            return _("{name} taken back: nothing was sent").format(name=taken[0])
        text = ngettext(
            "{count:,} file taken back: nothing was sent",
            "{count:,} files taken back: nothing was sent",
            wanted,
        )
        return text.format(count=wanted)
    text = ngettext(
        "{count:,} of {wanted:,} was taken back; {begun:,} had begun",
        "{count:,} of {wanted:,} were taken back; {begun:,} had begun",
        len(taken),
    )
    return text.format(count=len(taken), wanted=wanted, begun=wanted - len(taken))


class Mark(Enum):
    """How a step of an upload stands; the value is the word for it."""

    DONE = N_("done")
    NOW = N_("under way")
    OPEN = N_("not yet")
    UNSURE = N_("not known")
    UNDONE = N_("taken back")
    NEVER = N_("not done")

    @property
    def look(self) -> Look:
        return {
            Mark.DONE: Look(self.value, "passed", "good"),
            Mark.NOW: Look(self.value, "upload", "accent"),
            Mark.OPEN: Look(self.value, "clock", "quiet"),
            Mark.UNSURE: Look(self.value, "warning", "caution"),
            Mark.UNDONE: Look(self.value, "deleted", "quiet"),
            Mark.NEVER: Look(self.value, "close", "quiet"),
        }[self]


@dataclass(frozen=True)
class StepLine:
    """A step on the way of an upload, in words, and how it stands."""

    words: str
    mark: Mark


def steps_of(upload: Upload) -> tuple[StepLine, ...]:
    """Return the steps of an upload in their order, each with how it stands."""
    is_run = upload.kind is UploadKind.TEST_RUN
    copied = Mark.DONE if upload.sha256 else Mark.NOW if upload.state is _S.COPYING else Mark.OPEN
    asked = Mark.NOW if upload.state is _S.SENDING else Mark.OPEN
    entered, sent = {
        Step.NEW: (asked, Mark.OPEN if upload.storage is Storage.EOS and not is_run else asked),
        Step.ASKED: (Mark.UNSURE, Mark.UNSURE if upload.storage is not Storage.EOS or is_run else Mark.OPEN),
        Step.RESERVED: (Mark.DONE, Mark.NOW if upload.state is _S.SENDING else Mark.UNSURE),
        Step.SENT: (Mark.DONE, Mark.DONE),
        Step.WITHDRAWING: (Mark.UNDONE, Mark.UNDONE),
        Step.ELSEWHERE: (Mark.UNSURE, Mark.UNSURE),
    }[upload.step]
    read = {_S.DONE: Mark.DONE, _S.CHECKING: Mark.NOW}.get(upload.state, Mark.OPEN)
    steps = [StepLine(_("copied on this computer"), copied)]
    if is_run:
        steps.append(StepLine(_("results stored"), sent))
    elif upload.storage is Storage.EOS:
        steps += [StepLine(_("entry made in ITkPD"), entered), StepLine(_("bytes on EOS"), sent)]
    else:
        steps.append(StepLine(_("stored in ITkPD"), sent))
    steps.append(StepLine(_("read back and compared"), read))
    if upload.parameters:
        named = Mark.DONE if upload.state is _S.DONE else Mark.OPEN
        names = ", ".join(upload.parameters)
        steps.append(StepLine(_("named by the run as {names}").format(names=names), named))
    if upload.state is _S.CANCELLED:
        steps = [replace(step, mark=Mark.NEVER) if step.mark is Mark.OPEN else step for step in steps]
    return tuple(steps)


def facts_of(upload: Upload, wait: float | None = None, progress: Progress | None = None) -> str:
    """Return what there is to know of an upload besides its trouble, in one line; see ``wait_text``.

    ``progress`` tells how far it is that is being sent.
    """
    is_run = upload.kind is UploadKind.TEST_RUN
    words = [
        f"“{upload.title}”" if upload.title not in ("", upload.name) and not is_run else "",
        _("for {target}").format(target=target_text(upload.target)),
        _("results of a test, from {name}").format(name=upload.name)
        if is_run
        else _("kept in {place}").format(place=upload.storage.label),
        size_text(upload.size),
        _tries_text(upload.tries) if upload.tries else "",
        wait_text(upload, wait),
        _progress_text(upload, progress) if progress is not None else "",
        left_text(upload, upload.at_server),
    ]
    return "  ·  ".join(filter(None, words))


def _progress_text(upload: Upload, progress: Progress) -> str:
    share, left = share_of(upload, progress), progress.seconds_left
    words = [
        f"{share:.0%}" if share is not None else "",
        speed_text(progress.rate) if progress.rate >= 1 else "",
    ]
    words += [_("{time} left").format(time=span_text(left))] if left is not None else []
    return ", ".join(filter(None, words))


def left_text(upload: Upload, left: str) -> str:
    """Return what is left at the server, and of what the queue removes by itself when it looks at that."""
    own = remains.unfinished(upload.code)  # which the next try may finish
    passing = [remains.unfinished(code) for code in remains.unfinished_entries(left)]
    sees_to_it = upload.awaits_last_look or not upload.stands_still
    passing = [part for part in passing if part != own and sees_to_it]
    staying, gone = remains.without(left, *passing), remains.words(", ".join(passing))
    words = [_("left at the server: {what}").format(what=remains.words(staying))] if staying else []
    if passing and not upload.awaits_last_look:
        words.append(_("{what}: removed by itself some minutes after this is done").format(what=gone))
    elif passing and upload.next_try > time.time():
        text = _("{what}: looked at and removed by itself at {moment}")
        moment = datetime.fromtimestamp(upload.next_try).astimezone()
        words.append(text.format(what=gone, moment=f"{moment:%H:%M}"))
    elif passing:
        words.append(_("{what}: looked at and removed by itself in a moment").format(what=gone))
    return ", ".join(words)


def _tries_text(count: int) -> str:
    text = ngettext("{count} failed try so far", "{count} failed tries so far", count)
    return text.format(count=count)


def description_of(upload: Upload) -> str:
    """Return what was said of a file besides its name and its title."""
    return upload.description if upload.description not in (upload.title, upload.name) else ""


def trouble_of(upload: Upload) -> Trouble | None:
    """Return what went wrong with an upload, with what cures an upload, and not somebody's look at a page."""
    trouble = upload.trouble
    if trouble is None or upload.state is not _S.WAITING:
        return trouble
    if trouble.cause is Cause.SESSION:
        return replace(trouble, cure=_("It goes on by itself after the next sign-in."))
    return replace(trouble, cure=_("It is tried again by itself.")) if server_of(trouble.cause) else trouble


def is_kept_away(upload: Upload, tries: int = 2) -> bool:
    """Tell whether a server has failed an upload so many times or more, which is tried again by itself.

    While it is tried that stays so: nothing is known to be better until it has arrived.
    """
    is_going_on = upload.state in (_S.WAITING, _S.SENDING, _S.CHECKING)
    trouble = upload.trouble
    return is_going_on and upload.tries >= tries and trouble is not None and bool(server_of(trouble.cause))


def needs_person(upload: Upload) -> bool:
    """Tell whether an upload stands still until somebody does something about it."""
    if upload.state in (_S.HELD, _S.FAILED):
        return True
    return upload.state is _S.WAITING and upload.trouble is not None and upload.trouble.cause is Cause.SESSION


def stays_paused(upload: Upload, *, are_all_paused: bool) -> bool:
    """Tell whether an upload does not go on, now or after the next sign-in, until somebody resumes it."""
    if upload.state is _S.PAUSED:
        return True
    may_go_on = upload.state.is_open and upload.state is not _S.CANCELLING and not needs_person(upload)
    return are_all_paused and may_go_on
