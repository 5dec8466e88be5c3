"""Uploads in rows and in words: how they stand, what is under way, which steps are done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex

from itkgui.item_models.record_table import Column
from itkgui.item_models.upload_table import (
    COLUMNS,
    HISTORY_COLUMNS,
    STATE,
    UploadLine,
    UploadTable,
    by_urgency,
    trouble_text,
)
from itkgui.item_models.upload_words import (
    Mark,
    facts_of,
    look_of,
    needs_person,
    next_try_text,
    span_text,
    speed_text,
    steps_of,
    target_text,
    wait_text,
)
from itkgui.paths import resource
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.pace import Progress
from itkgui.uploads.upload import Cause, Step, Trouble, UploadKind, UploadState
from tests.unit.uploads.rows import MODULE, RUN, row, trouble

_S = UploadState


def cells(line: UploadLine) -> dict[str, str]:
    return {column.title: text for column in COLUMNS if (text := column.text(line))}


def test_row_of_what_waits_has_its_file_and_target() -> None:
    told = {
        "File": "photo.jpg",
        "For": "20UPGM23800001",
        "State": "waiting",
        "Size": "7 B",
        "Kept in": "ITkPD",
    }
    assert cells(UploadLine(row())) == told


def test_what_needs_somebody_is_on_top_then_what_is_sent_and_what_is_over_below() -> None:
    states = (_S.DONE, _S.WAITING, _S.SENDING, _S.PAUSED, _S.FAILED, _S.CHECKING, _S.CANCELLED)
    rows = [row(state.value, state=state) for state in states]
    table = UploadTable()
    table.replace(table.lines_of(rows))
    states_shown = [line.upload.state for line in table.shown]
    assert states_shown == [_S.FAILED, _S.SENDING, _S.CHECKING, _S.WAITING, _S.PAUSED, _S.DONE, _S.CANCELLED]
    assert table.follows(rows)
    rows[1] = rows[1].with_changes(state=_S.SENDING)
    assert not table.follows(rows), "it goes up"


def test_what_is_over_stays_beside_what_was_dropped_with_it_the_latest_first() -> None:
    drops = [row(f"{drop} {n}", state=_S.DONE, added=drop) for n in range(2) for drop in (1.0, 2.0)]
    waiting = row("later", added=3.0)
    shown = [upload.name for upload in by_urgency([*drops, waiting])]
    assert shown == ["later", "2.0 0", "2.0 1", "1.0 0", "1.0 1"]


def test_row_of_what_is_sent_has_share_speed_and_time_left() -> None:
    line = UploadLine(row(state=_S.SENDING))
    assert "%" not in cells(line)
    line.progress = Progress(32_000, 64_000, 1000.0)
    told = cells(line)
    assert (told["%"], told["Speed"], told["Time left"]) == ("50%", "1.0 kB/s", "32 s")
    line.progress = Progress(96_000, 64_000, 1000.0)  # headers count too
    assert cells(line)["%"] == "99%", "as the total says, as long as it is not done"
    assert "Time left" not in cells(line)
    assert cells(UploadLine(row(state=_S.CHECKING)))["%"] == "99%"
    assert cells(UploadLine(row(state=_S.DONE)))["%"] == "100%"


def test_row_that_failed_says_why_and_how_often() -> None:
    line = UploadLine(row(state=_S.FAILED, tries=3, trouble=trouble(Cause.PERMANENT)))
    told = cells(line)
    assert (told["State"], told["Failed"], told["What went wrong"]) == ("failed", "3", "Title")
    (column,) = (column for column in COLUMNS if column.title == "What went wrong")
    assert column.hint is not None
    assert column.hint(line) == "Sentence. Cure."


def test_row_that_waits_for_its_moment_says_when() -> None:
    fresh = row()
    assert wait_text(fresh, 8.0) == "leaves in 8 s"
    assert wait_text(fresh.with_changes(tries=2), 8.0) == "again in 8 s"
    assert wait_text(fresh, 0.0) == "trying the server"
    assert next_try_text(fresh, 8.0) == next_try_text(fresh.with_changes(tries=2), 8.0) == "in 8 s"
    assert next_try_text(fresh, 0.0) == "now"
    assert next_try_text(fresh, None) == next_try_text(fresh.with_changes(state=_S.HELD), 8.0) == ""
    assert wait_text(fresh, None) == wait_text(fresh.with_changes(state=_S.HELD), 8.0) == ""


def test_state_that_keeps_waiting_for_a_server_is_another_than_waiting() -> None:
    again = row(trouble=trouble(Cause.PASSING))
    assert look_of(again).word == "waits to try again"
    left = row(state=_S.CANCELLED, left_behind="entry abc")
    assert (look_of(left).word, look_of(left).tone) == ("cancelled, not removed", "caution")


def test_state_column_is_where_it_is_said_to_be() -> None:
    assert COLUMNS[STATE].title == "State"


@pytest.mark.parametrize("state", UploadState, ids=lambda state: state.value)
def test_every_state_has_a_word_of_its_own_and_an_icon_that_is_shipped(state: UploadState) -> None:
    look = look_of(row(state=state))
    assert resource(f"icons/{look.icon}.svg").is_file()
    assert [other for other in UploadState if look_of(row(state=other)).word == look.word] == [state]


@pytest.mark.parametrize("mark", Mark, ids=lambda mark: mark.value)
def test_every_mark_of_a_step_has_an_icon_that_is_shipped(mark: Mark) -> None:
    assert resource(f"icons/{mark.look.icon}.svg").is_file()


def test_only_what_stands_still_needs_a_person() -> None:
    assert needs_person(row(state=_S.HELD, trouble=trouble(Cause.RIGHTS)))
    assert needs_person(row(state=_S.FAILED, trouble=trouble(Cause.PERMANENT)))
    assert needs_person(row(trouble=trouble(Cause.SESSION)))
    assert not needs_person(row(trouble=trouble(Cause.PASSING)))
    assert not needs_person(row(state=_S.PAUSED))


def test_targets_are_called_by_their_kind_where_the_name_does_not_say_it() -> None:
    assert target_text(MODULE) == "20UPGM23800001"
    assert target_text(RUN) == "test run VISUAL_INSPECTION"
    assert target_text(Owner(OwnerKind.SHIPMENT, "1", "")) == "shipment not there yet"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0 s"),
        (0.2, "1 s"),
        (59, "59 s"),
        (59.5, "1 min"),
        (150, "2 min"),
        (3599, "60 min"),
        (3900, "1 h 5 min"),
        (1e6, "days"),
    ],
)
def test_spans_are_told_in_words(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


def test_speeds_are_told_in_words() -> None:
    assert speed_text(12_345_678.9) == "12.3 MB/s"


def test_facts_name_what_is_left_at_the_server() -> None:
    upload = row(title="Wire bonds", tries=1, left_behind="entry abc", storage=Storage.EOS)
    said = facts_of(upload)
    for part in (
        "“Wire bonds”",
        "for 20UPGM23800001",
        "kept in EOS",
        "1 failed try",
        "left at the server: entry abc",
    ):
        assert part in said


def test_what_the_queue_removes_by_itself_is_said_to_go_and_when() -> None:
    left = "unfinished entry abc"
    sent = row(state=_S.SENDING, left_behind=left)
    assert trouble_text(sent) == f"{left}: removed by itself some minutes after this is done"
    then = datetime.now().astimezone() + timedelta(minutes=3)
    soon = sent.with_changes(state=_S.DONE, unclear_until=1.0, next_try=then.timestamp())
    assert trouble_text(soon) == f"{left}: looked at and removed by itself at {then:%H:%M}"
    assert trouble_text(soon.with_changes(next_try=1.0)).endswith("in a moment")
    two = soon.with_changes(left_behind=f"entry def, {left}")
    assert trouble_text(two).startswith("left at the server: entry def, unfinished entry abc: looked at")
    assert trouble_text(soon.with_changes(unclear_until=0.0)) == f"left at the server: {left}"


def test_what_went_wrong_is_told_before_what_is_left_of_it() -> None:
    left = "entry abc"
    failed = row(state=_S.FAILED, trouble=trouble(Cause.PERMANENT), left_behind=left)
    assert trouble_text(failed) == f"Title; left at the server: {left}"
    (column,) = (column for column in COLUMNS if column.title == "What went wrong")
    assert column.hint is not None
    assert column.hint(UploadLine(failed)) == f"Sentence. Cure.\nleft at the server: {left}"
    assert trouble_text(failed.with_changes(state=_S.CANCELLED)) == f"left at the server: {left}"


def test_facts_have_what_a_narrow_table_leaves_out_of_what_is_being_sent() -> None:
    sending = row(state=_S.SENDING)
    assert facts_of(sending, None, Progress(32_000, 64_000, 1000.0)).endswith("50%, 1.0 kB/s, 32 s left")
    assert "%" not in facts_of(sending)


# Steps -----------------------------------------------------------------------------------------------------


def test_steps_of_a_file_for_itkpd() -> None:
    new = row(state=_S.COPYING)
    assert [step.mark for step in steps_of(new)] == [Mark.NOW, Mark.OPEN, Mark.OPEN]
    sending = row(state=_S.SENDING, sha256="ab")
    assert [step.mark for step in steps_of(sending)] == [Mark.DONE, Mark.NOW, Mark.OPEN]
    asked = row(sha256="ab", step=Step.ASKED)
    assert [step.mark for step in steps_of(asked)] == [Mark.DONE, Mark.UNSURE, Mark.OPEN]
    done = row(state=_S.DONE, sha256="ab", step=Step.SENT)
    assert [step.mark for step in steps_of(done)] == [Mark.DONE] * 3


def test_what_was_cancelled_is_awaited_no_more() -> None:
    gone = row(state=_S.CANCELLED, sha256="ab")
    assert [step.mark for step in steps_of(gone)] == [Mark.DONE, Mark.NEVER, Mark.NEVER]


def test_what_another_computer_has_is_neither_cancelled_nor_wrong() -> None:
    told = Trouble(Cause.PERMANENT, "Handed over", "It is in a.zip.", "Import it.")
    away = UploadLine(row(state=_S.CANCELLED, trouble=told))
    assert cells(away)["State"] == "handed over"
    assert "What went wrong" not in cells(away)


def test_steps_of_a_file_for_eos_tell_the_entry_from_the_bytes() -> None:
    reserved = row(storage=Storage.EOS, sha256="ab", step=Step.RESERVED)
    assert [step.words for step in steps_of(reserved)][1:3] == ["entry made in ITkPD", "bytes on EOS"]
    assert [step.mark for step in steps_of(reserved)] == [Mark.DONE, Mark.DONE, Mark.UNSURE, Mark.OPEN]
    checking = reserved.with_changes(step=Step.SENT, state=_S.CHECKING)
    assert [step.mark for step in steps_of(checking)] == [Mark.DONE, Mark.DONE, Mark.DONE, Mark.NOW]
    taken = reserved.with_changes(step=Step.WITHDRAWING, state=_S.CANCELLING)
    assert [step.mark for step in steps_of(taken)] == [Mark.DONE, Mark.UNDONE, Mark.UNDONE, Mark.OPEN]


@pytest.mark.parametrize("step", Step, ids=lambda step: step.value)
@pytest.mark.parametrize("kind", UploadKind, ids=lambda kind: kind.value)
def test_every_step_of_every_kind_can_be_told(step: Step, kind: UploadKind) -> None:
    for storage in Storage:
        steps = steps_of(row(step=step, kind=kind, storage=storage))
        assert steps[0].words == "copied on this computer"
        assert steps[-1].words == "read back and compared"


# The table -------------------------------------------------------------------------------------------------


def test_table_follows_the_queue_and_repaints_what_changed() -> None:
    table = UploadTable()
    uploads = [row(f"{number}.txt") for number in range(3)]
    assert not table.follows(uploads)
    table.replace(table.lines_of(uploads))
    assert table.follows(uploads)
    repainted: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last, _: repainted.append((first.row(), last.row())))
    table.take([uploads[1].with_changes(state=_S.SENDING)])
    assert repainted == [(1, 1)]
    assert table.index(1, STATE).data() == "sending"
    table.take([row("elsewhere.txt")])
    table.show_progress(lambda _: None, lambda _: None)
    assert repainted == [(1, 1)]
    table.show_progress(lambda _: Progress(1, 2, 0.0), lambda _: None)
    assert repainted == [(1, 1), (0, 2)]
    assert table.records[1].share == 0.5
    assert table.records[0].share is None
    assert not table.follows([uploads[1], uploads[0], uploads[2]]), "the order is another"


def test_many_changes_are_one_repaint() -> None:
    table = UploadTable()
    uploads = [row(f"{number}.txt") for number in range(100)]
    table.replace(table.lines_of(uploads))
    repainted: list[QModelIndex] = []
    table.dataChanged.connect(lambda first, *_: repainted.append(first))
    table.take([upload.with_changes(state=_S.DONE) for upload in uploads])
    assert len(repainted) == 1
    assert {line.upload.state for line in table.records} == {_S.DONE}


def test_lines_stay_the_same_when_the_queue_grows() -> None:
    table = UploadTable()
    uploads = [row("a.txt"), row("b.txt")]
    before = table.lines_of(uploads)
    after = table.lines_of([row("new.txt"), *reversed(uploads)])
    assert after[1:] == [before[1], before[0]]


def test_time_that_passes_is_news_for_what_waits() -> None:
    table = UploadTable()
    table.replace(table.lines_of([row()]))
    repainted: list[QModelIndex] = []
    table.dataChanged.connect(lambda first, *_: repainted.append(first))
    table.show_progress(lambda _: None, lambda _: 100.0)
    assert len(repainted) == 1


def test_history_has_the_moments_in_utc_for_exports() -> None:
    ended: Column[object] = HISTORY_COLUMNS[0]  # type: ignore[assignment]
    moment = ended.exported(row(ended=1_700_000_000.0))
    assert moment.isoformat() == "2023-11-14T22:13:20+00:00"
    assert ended.exported(row()) is None
