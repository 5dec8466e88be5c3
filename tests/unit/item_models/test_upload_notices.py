"""What needs the person, told once for all that it concerns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from itkgui.client.exceptions import FileNotWritten
from itkgui.item_models.upload_notices import Condition, Notice, Remedy, notices_of, stumble_of
from itkgui.records.attachment import Storage
from itkgui.uploads.queue_file import QueueTooNew
from itkgui.uploads.queue_lock import Holder
from itkgui.uploads.schedule import Server
from itkgui.uploads.upload import Cause, Upload, UploadKind, UploadState
from tests.unit.uploads.rows import RUN, row, trouble

_S = UploadState


def held(name: str, cause: Cause, **changes: Any) -> Upload:
    return row(name, state=_S.HELD, trouble=trouble(cause), **changes)


def only(uploads: list[Upload], **condition: object) -> Notice:
    (found,) = notices_of(uploads, Condition(**condition))  # type: ignore[arg-type]
    return found


def test_nothing_is_said_when_all_goes_well() -> None:
    assert notices_of([row(), row("b", state=_S.DONE), row("c", state=_S.SENDING)], Condition()) == ()


def test_what_passes_by_itself_is_no_notice() -> None:
    assert notices_of([row(trouble=trouble(Cause.PASSING))], Condition()) == ()


def test_a_server_that_keeps_all_waiting_is_told_of_once() -> None:
    away = trouble(Cause.PASSING)
    rows = [row("a", trouble=away, tries=2), row("b", state=_S.SENDING, trouble=away, tries=3), row("c")]
    found = only([*rows, row("d", state=_S.PAUSED), row("e", state=_S.DONE)])
    assert found.title == "Title: 3 uploads wait"
    assert (found.ids, found.remedies) == (("a", "b"), (Remedy.RETRY, Remedy.SHOW))


def test_a_server_keeps_nothing_waiting_that_answers_while_something_is_sent_to_it() -> None:
    away = trouble(Cause.PASSING)
    waiting, sent = row("a", trouble=away, tries=2), row("b", state=_S.SENDING)
    answering = Condition(answering=frozenset({Server.DATABASE}))
    assert notices_of([waiting, sent], answering) == ()
    assert stumble_of([waiting, sent], answering) is None
    assert only([waiting, sent]).stops, "whether it is back is being found out"
    assert only([waiting], answering=answering.answering).stops, "it answers others, but nothing goes there"
    of_eos = Condition(answering=frozenset({Server.EOS}))
    assert notices_of([waiting, sent], of_eos) != ()


def test_missing_rights_name_the_target_and_count_the_files() -> None:
    found = only([held("a", Cause.RIGHTS), held("b", Cause.RIGHTS)])
    assert found.title == "Title: 2 files for 20UPGM23800001"
    assert (found.sentence, found.cure) == ("Sentence.", "Cure.")
    assert found.remedies == (Remedy.RETRY, Remedy.SHOW)
    assert found.ids == ("a", "b")
    several = only([held("a", Cause.RIGHTS), held("b", Cause.RIGHTS, target=RUN)])
    assert several.title == "Title: 2 files for 2 targets"


def test_full_storage_offers_the_other_one() -> None:
    found = only([held("a", Cause.STORAGE, storage=Storage.EOS)])
    assert found.title == "Title: 1 file for EOS"
    assert Remedy.SWAP in found.remedies
    assert found.word_for(Remedy.SWAP) == "Send to ITkPD instead"


def test_what_is_there_already_waits_for_a_word() -> None:
    found = only([held("a", Cause.DUPLICATE)])
    assert found.remedies == (Remedy.ANYWAY, Remedy.SHOW)
    assert found.word_for(Remedy.ANYWAY) == "Send anyway"
    run = held("a", Cause.DUPLICATE, kind=UploadKind.TEST_RUN)
    assert only([run]).word_for(Remedy.ANYWAY) == "Send as a second run"


def test_storages_are_told_apart() -> None:
    rows = [held("a", Cause.STORAGE, storage=Storage.EOS), held("b", Cause.STORAGE)]
    assert [notice.word_for(Remedy.SWAP) for notice in notices_of(rows, Condition())] == [
        "Send to ITkPD instead",
        "Send to EOS instead",
    ]


def test_failures_are_worse_than_what_is_held() -> None:
    failed = row("f", state=_S.FAILED, trouble=trouble(Cause.PERMANENT))
    assert only([failed]).tone == "bad"
    assert only([held("a", Cause.RIGHTS)]).tone == "caution"


def test_what_could_not_be_removed_is_told() -> None:
    found = only([row(state=_S.CANCELLED, left_behind="entry abc")])
    assert "entry abc" in found.sentence
    assert found.remedies == (Remedy.SHOW,)
    found = only([row(state=_S.DONE, left_behind="entry abc")])
    assert "entry abc" in found.sentence
    assert "Cancelled" not in found.sentence


def test_what_goes_with_the_last_look_is_no_news() -> None:
    left = "unfinished entry abc"
    rows = [row(state=state, left_behind=left, unclear_until=1.0) for state in (_S.DONE, _S.CANCELLED)]
    assert list(notices_of(rows, Condition())) == []


def test_failure_that_left_something_behind_is_a_failure_first() -> None:
    failed = row(state=_S.FAILED, trouble=trouble(Cause.PERMANENT), left_behind="entry abc")
    assert Remedy.RETRY in only([failed]).remedies


def test_ended_session_tells_how_many_wait() -> None:
    session = trouble(Cause.SESSION)
    found = only([row("a", trouble=session), row("b"), row("c", state=_S.PAUSED)], session=session)
    assert found.title == f"{session.title}: 2 uploads wait"
    assert found.stops
    assert found.remedies == (Remedy.SIGN_IN, Remedy.RETRY)


def test_queue_that_cannot_be_opened_says_why() -> None:
    found = only([], trouble=QueueTooNew("version 9"))
    assert QueueTooNew.title in found.title
    assert (found.sentence, found.cure) == (QueueTooNew.sentence, QueueTooNew.cure)
    assert found.remedies == (Remedy.OPEN,)


def test_queue_of_another_window_names_the_process() -> None:
    assert only([], is_master=False, holder=Holder(4711, 0.0)).title.startswith(
        "Another window (process 4711 since "
    )
    assert only([], is_master=False).title == "Another window sends the queue"


def test_what_is_being_sent_is_finished_though_all_is_paused() -> None:
    rows = [row("huge.bin", state=_S.SENDING), row("b"), row("c", state=_S.CHECKING)]
    assert only(rows, is_paused=True).sentence == "huge.bin is finished first; nothing else is sent."
    rows[1] = rows[1].with_changes(state=_S.SENDING)
    assert only(rows, is_paused=True).sentence == "2 uploads are finished first; nothing else is sent."
    assert only(rows[2:], is_paused=True).sentence == "Nothing is sent."


def test_damage_disk_and_pause_are_told_with_what_helps() -> None:
    told = notices_of(
        [],
        Condition(put_aside=Path("damaged-1"), disk_trouble=FileNotWritten("full"), is_paused=True),
    )
    assert [notice.remedies for notice in told] == [(Remedy.FORGET,), (), (Remedy.RESUME,)]
    assert "damaged-1" in told[0].sentence
    assert FileNotWritten.title in told[1].title
