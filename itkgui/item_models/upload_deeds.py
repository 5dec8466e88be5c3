"""What can be done with the uploads that somebody has chosen, and with which of them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from enum import Enum

from itkgui.language import N_
from itkgui.uploads.hand_over import is_handed_over, may_be_handed_over
from itkgui.uploads.upload import Cause, Step, Upload, UploadKind, UploadState

_S = UploadState


class Deed(Enum):
    """Something that can be done; the value is the word on its button."""

    UNDO = N_("Undo")
    CANCEL = N_("Cancel")
    PAUSE = N_("Pause")
    RESUME = N_("Resume")
    RETRY = N_("Retry")
    ANYWAY = N_("Send anyway")
    SWAP = N_("Send to the other storage instead")
    SHOW = N_("Show")
    UP = N_("Move up")
    DOWN = N_("Move down")


def concerned(deed: Deed, chosen: Iterable[Upload]) -> list[Upload]:
    """Return those of the chosen uploads with which it can be done."""
    rows = list(chosen)
    if deed in (Deed.UP, Deed.DOWN, Deed.SHOW) and len(rows) != 1:
        return []
    return [row for row in rows if _may(deed, row)]


def _may(deed: Deed, row: Upload) -> bool:
    match deed:
        case Deed.UNDO:
            return row.is_untouched and (row.state is _S.COPYING or row.next_try > time.time())
        case Deed.CANCEL:
            return not row.state.has_ended and row.state is not _S.CANCELLING
        case Deed.PAUSE:
            return row.state in (_S.WAITING, _S.HELD)
        case Deed.RESUME:
            return row.state is _S.PAUSED
        case Deed.RETRY:
            if row.state is _S.CANCELLED:
                return not is_handed_over(row)
            return row.state in (_S.FAILED, _S.HELD) or (row.state is _S.WAITING and row.trouble is not None)
        case Deed.ANYWAY:
            return may_repeat(row)
        case Deed.UP | Deed.DOWN:
            return row.state in (_S.WAITING, _S.PAUSED, _S.HELD)
        case Deed.SHOW:
            return bool(row.target.key or row.component)
        case Deed.SWAP:
            return may_swap(row)


def may_repeat(row: Upload) -> bool:
    """Tell whether an upload waits for a word whether its target shall have the same twice."""
    return row.state is _S.HELD and row.trouble is not None and row.trouble.cause is Cause.DUPLICATE


def may_swap(row: Upload) -> bool:
    """Tell whether an upload that its storage does not take can go to the other one."""
    causes = (Cause.SIZE, Cause.STORAGE)
    is_refused = row.state is _S.HELD and row.trouble is not None and row.trouble.cause in causes
    return is_refused and row.step is Step.NEW and row.kind is UploadKind.FILE


def to_hand_over(rows: Iterable[Upload], chosen: Collection[str]) -> tuple[list[Upload], list[Upload]]:
    """Return which of the chosen uploads can go to another computer, and which stay.

    None chosen means all, as does none that has not ended.

    Results of a test and the files that belong to them go together or not at all.
    """
    unfinished = [row for row in rows if not row.state.has_ended]
    families = {_family(row) for row in unfinished if row.id in chosen} or set(map(_family, unfinished))
    stuck = {_family(row) for row in unfinished if not may_be_handed_over(row)}
    going = [row for row in unfinished if _family(row) in families - stuck]
    staying = [row for row in unfinished if _family(row) in families & stuck]
    return going, staying


def _family(row: Upload) -> str:
    return row.parent or row.id
