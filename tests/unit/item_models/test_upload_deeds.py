"""What can be done with uploads: offered only where the queue would do it."""

from __future__ import annotations

import time

import pytest

from itkgui.item_models.upload_deeds import Deed, concerned, to_hand_over
from itkgui.item_models.upload_words import undone_text
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.uploads.upload import MOVES, Cause, Step, Trouble, UploadKind, UploadState
from tests.unit.uploads.rows import row, trouble

_S = UploadState
_NEXT = {Deed.CANCEL: {_S.CANCELLED, _S.CANCELLING}, Deed.PAUSE: {_S.PAUSED}, Deed.RESUME: {_S.WAITING}}


@pytest.mark.parametrize("state", UploadState, ids=lambda state: state.value)
@pytest.mark.parametrize("deed", _NEXT, ids=lambda deed: deed.value)
def test_what_moves_a_row_is_offered_only_where_it_may_move(deed: Deed, state: UploadState) -> None:
    upload = row(state=state, trouble=trouble(Cause.RIGHTS))
    if concerned(deed, [upload]):
        assert MOVES[state] & _NEXT[deed]


def test_undo_is_for_what_nobody_has_touched() -> None:
    fresh = row(next_try=time.time() + 60)
    assert concerned(Deed.UNDO, [fresh]) == [fresh]
    for changes in (
        {"next_try": time.time() - 1},  # the time for it is over
        {"tries": 1},
        {"step": Step.ASKED},
        {"state": _S.SENDING},
        {"state": _S.DONE},
    ):
        assert concerned(Deed.UNDO, [fresh.with_changes(**changes)]) == []


@pytest.mark.parametrize(
    ("taken", "wanted", "said"),
    [
        (["a.txt"], 1, "a.txt taken back: nothing was sent"),
        (["a", "b", "c"], 3, "3 files taken back: nothing was sent"),
        (["a", "b", "c"], 5, "3 of 5 were taken back; 2 had begun"),
        (["a"], 2, "1 of 2 was taken back; 1 had begun"),
        ([], 1, "Too late to undo: it has begun"),
        ([], 2, "Too late to undo: all have begun"),
    ],
)
def test_undo_tells_what_was_taken_back(taken: list[str], wanted: int, said: str) -> None:
    assert undone_text(taken, wanted) == said


def test_retry_is_for_what_stopped_or_waits_long() -> None:
    stopped = [row(state=_S.FAILED), row(state=_S.HELD), row(trouble=trouble(Cause.PASSING))]
    others = [row(), row(state=_S.SENDING), row(state=_S.DONE)]
    assert concerned(Deed.RETRY, stopped + others) == stopped
    assert concerned(Deed.RETRY, [row(state=_S.CANCELLED)])


def test_what_another_computer_has_is_not_sent_from_here_too() -> None:
    gone = Trouble(Cause.PERMANENT, "Handed over", "It is in uploads.zip.", "Import it.")
    assert concerned(Deed.RETRY, [row(state=_S.CANCELLED, trouble=gone)]) == []


def test_order_and_target_are_for_a_single_row() -> None:
    two = [row("a"), row("b")]
    for deed in (Deed.UP, Deed.DOWN, Deed.SHOW):
        assert concerned(deed, two[:1]) == two[:1]
        assert concerned(deed, two) == []


def test_what_has_no_target_yet_is_shown_by_its_component() -> None:
    nowhere = Owner(OwnerKind.TEST_RUN, "", "IV")
    assert concerned(Deed.SHOW, [row(target=nowhere)]) == []
    assert concerned(Deed.SHOW, [row(target=nowhere, component="c0de")])


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.value)
def test_other_storage_is_for_what_a_storage_refuses(cause: Cause) -> None:
    held = row(state=_S.HELD, trouble=trouble(cause))
    assert bool(concerned(Deed.SWAP, [held])) == (cause in (Cause.SIZE, Cause.STORAGE))
    assert bool(concerned(Deed.ANYWAY, [held])) == (cause is Cause.DUPLICATE)
    assert not concerned(Deed.SWAP, [held.with_changes(step=Step.RESERVED)])
    assert not concerned(Deed.SWAP, [held.with_changes(kind=UploadKind.TEST_RUN)])


def test_all_that_waits_can_be_handed_over_and_what_has_begun_stays() -> None:
    waiting, begun = row("a"), row("b", step=Step.ASKED)
    sending, done = row("c", state=_S.SENDING), row("d", state=_S.DONE)
    assert to_hand_over([waiting, begun, sending, done], []) == ([waiting], [begun, sending])


def test_only_the_chosen_are_handed_over() -> None:
    one, other = row("a"), row("b")
    assert to_hand_over([one, other], [other.id]) == ([other], [])
    done = row("c", state=_S.DONE)
    assert to_hand_over([one, other, done], [done.id]) == ([one, other], []), "what is over was not meant"


def test_results_and_their_files_are_handed_over_together_or_not_at_all() -> None:
    run = row("run", kind=UploadKind.TEST_RUN)
    first, second = row("a", parent="run"), row("b", parent="run")
    assert to_hand_over([run, first, second], [first.id]) == ([run, first, second], [])
    copying = second.with_changes(state=_S.COPYING)
    assert to_hand_over([run, first, copying], [first.id]) == ([], [run, first, copying])
