"""What the queue does next, decided from rows alone."""

from __future__ import annotations

import pytest

from itkgui.background.worker import Lane
from itkgui.client.exceptions import AccessCodesWrong, ServerSilent, SessionExpired
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.dispatcher import MOST_CALLS
from itkgui.uploads.schedule import (
    CircuitBreaker,
    Hold,
    Outlook,
    Server,
    may_be_over,
    next_to_send,
    server_of,
    to_check,
    to_copy,
    to_look_again,
    to_take_back,
    wakes_at,
)
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState
from tests.unit.uploads.rows import MODULE, RUN, row, trouble

NOW = 100.0
LARGE = 50_000_000  # bytes, which take a while


def names(rows: object) -> list[str]:
    return [upload.name for upload in rows]  # type: ignore[attr-defined]


def copied(batches: list[list[Upload]]) -> list[str]:
    return ["".join(names(batch)) for batch in batches]


def outlook(**changes: object) -> Outlook:
    breakers = {name: CircuitBreaker() for name in (Server.DATABASE, Server.EOS)}
    return Outlook(**{"breakers": breakers, **changes})  # type: ignore[arg-type]


def opened(now: float = NOW, pause: float = 5.0) -> CircuitBreaker:
    breaker = CircuitBreaker()
    for _ in range(3):
        breaker.note_failure(now, pause)
    return breaker


def test_files_for_one_target_go_one_after_another_and_those_for_others_at_the_same_time() -> None:
    rows = [row("a"), row("b"), row("c", RUN), row("d", RUN)]
    assert names(next_to_send(rows, outlook(), NOW, 4)) == ["a", "c"]
    rows[0] = rows[0].with_changes(state=UploadState.SENDING)
    assert names(next_to_send(rows, outlook(), NOW, 4)) == ["c"]
    assert names(next_to_send(rows, outlook(), NOW, 0)) == []


def test_there_is_a_thread_for_each_call_of_the_queue() -> None:
    assert Lane.UPLOADS.value == MOST_CALLS


def test_a_file_that_is_compared_does_not_hold_up_the_next_for_its_target() -> None:
    rows = [row("a", state=UploadState.CHECKING, code="1"), row("b")]
    assert names(next_to_send(rows, outlook(), NOW, 4)) == ["b"]


def test_a_small_file_that_is_being_copied_keeps_its_place() -> None:
    copying = row("b", state=UploadState.COPYING)
    rows = [row("a", RUN), copying, row("c"), row("d", RUN)]
    assert names(next_to_send(rows, outlook(busy={"b"}), NOW, 4)) == ["a"]
    assert names(next_to_send(rows, outlook(), NOW, 4)) == ["a", "c"]


def test_a_thread_that_has_a_row_has_its_target() -> None:
    rows = [row("a"), row("b"), row("c", RUN)]
    assert names(next_to_send(rows, outlook(busy={"a"}), NOW, 4)) == ["c"]


@pytest.mark.parametrize(
    "state", [state for state in UploadState if state is not UploadState.WAITING], ids=lambda s: s.name
)
def test_only_what_waits_is_sent(state: UploadState) -> None:
    assert not next_to_send([row("a", state=state)], outlook(), NOW, 4)


def test_what_is_not_due_waits_and_does_not_hold_up_what_comes_after_it() -> None:
    rows = [row("a"), row("b")]
    assert names(next_to_send(rows, outlook(due={"a": NOW + 1}), NOW, 4)) == ["b"]
    assert wakes_at(rows, outlook(due={"a": NOW + 1}), NOW) == NOW + 1
    assert wakes_at(rows, outlook(due={"a": NOW - 1}), NOW) is None


def test_files_of_results_wait_until_there_is_a_run() -> None:
    nobody = Owner(OwnerKind.TEST_RUN, "", "the run to come")
    assert not next_to_send([row("a", nobody)], outlook(), NOW, 4)


def test_nothing_is_sent_while_the_queue_is_paused_or_nobody_is_signed_in() -> None:
    assert not next_to_send([row("a")], outlook(is_paused=True), NOW, 4)
    assert not next_to_send([row("a")], outlook(needs_session=True), NOW, 4)


def test_a_server_that_failed_three_times_is_left_alone_but_for_one_try_a_while() -> None:
    rows = [row("a"), row("b", RUN)]
    now_and_then = outlook(breakers={Server.DATABASE: opened(), Server.EOS: CircuitBreaker()})
    assert not next_to_send(rows, now_and_then, NOW + 4.9, 4)
    assert wakes_at(rows, now_and_then, NOW) == NOW + 5
    (probe,) = next_to_send(rows, now_and_then, NOW + 5, 4)
    (probed,) = now_and_then.begin_probe(probe)
    assert not next_to_send(rows, now_and_then, NOW + 5, 4)
    probed.is_probing = False
    assert now_and_then.breakers[Server.DATABASE].note_success()
    assert names(next_to_send(rows, now_and_then, NOW + 5, 4)) == ["a", "b"]


def test_two_failures_are_not_enough_to_leave_a_server_alone() -> None:
    breaker = CircuitBreaker()
    breaker.note_failure(NOW, 5.0)
    breaker.note_failure(NOW, 5.0)
    assert breaker.lets_pass(NOW)
    assert not breaker.note_success()


def test_trouble_with_eos_does_not_hold_up_what_goes_to_the_database() -> None:
    rows = [row("a", storage=Storage.EOS), row("b", RUN)]
    away = outlook(breakers={Server.DATABASE: CircuitBreaker(), Server.EOS: opened()})
    assert names(next_to_send(rows, away, NOW, 4)) == ["b"]


def test_while_eos_is_tried_what_goes_to_the_database_is_sent_all_the_same() -> None:
    others = [Owner(OwnerKind.COMPONENT, str(number), "") for number in range(3)]
    rows = [
        row("a", storage=Storage.EOS),
        row("b", RUN),
        row("c", others[0], storage=Storage.EOS),
        row("d", others[1]),
    ]
    away = outlook(breakers={Server.DATABASE: CircuitBreaker(), Server.EOS: opened(NOW - 10)})
    assert names(next_to_send(rows, away, NOW, 4)) == ["a", "b", "d"]


def test_a_server_is_blamed_by_the_cause_of_what_went_wrong() -> None:
    assert server_of(Cause.PASSING) == Server.DATABASE
    assert server_of(Cause.EOS_AWAY) == Server.EOS
    assert not any(map(server_of, (Cause.DOUBTFUL, Cause.SESSION, Cause.RIGHTS, Cause.PERMANENT)))


def test_a_large_file_that_is_copied_does_not_hold_up_others_for_its_target() -> None:
    rows = [row("a", state=UploadState.COPYING, size=LARGE), row("b")]
    assert names(next_to_send(rows, outlook(busy={"a"}), NOW, 4)) == ["b"]


def test_who_looks_for_entries_that_nobody_has_claimed_has_the_target_alone() -> None:
    checking = UploadState.CHECKING
    plain, unclear = row("a", state=checking, code="1"), row("b", state=checking, code="2", unclear_until=1.0)
    nameless, cancelled = row("c", state=checking), row("d", state=UploadState.CANCELLING)
    for alone in (unclear, nameless, cancelled):
        assert not next_to_send([alone, row("e")], outlook(busy={alone.id}), NOW, 4)
    assert names(next_to_send([plain, row("e")], outlook(busy={"a"}), NOW, 4)) == ["e"]
    sending = row("e", state=UploadState.SENDING, size=LARGE)
    rows = [plain, unclear, nameless, cancelled, sending]
    assert [names(batch) for batch in to_check(rows, outlook(busy={"e"}), NOW)] == [["a"]]
    assert not to_take_back(rows, outlook(busy={"e"}), NOW)


def test_a_run_that_is_looked_at_gets_no_file_meanwhile_and_waits_for_one_that_is_under_way() -> None:
    results = row("a", state=UploadState.DONE, kind=UploadKind.TEST_RUN, unclear_until=1.0)
    rows = [results, row("b", RUN, parent="a")]
    assert names(next_to_send(rows, outlook(), NOW, 4)) == ["b"]
    assert not next_to_send(rows, outlook(busy={"a"}), NOW, 4)
    assert names(to_look_again(rows, outlook(), NOW)) == ["a"]
    assert not to_look_again(rows, outlook(busy={"b"}), NOW)


def test_what_was_sent_is_compared_together_for_each_target_and_kind() -> None:
    checking = UploadState.CHECKING
    rows = [
        row("a", state=checking, code="1"),
        row("b", RUN, state=checking, code="2"),
        row("c", state=checking, code="3"),
        row("d", state=checking, code="4", kind=UploadKind.TEST_RUN),
        row("e", size=LARGE),
    ]
    assert [names(batch) for batch in to_check(rows, outlook(), NOW)] == [["a", "c"], ["b"], ["d"]]
    assert [names(batch) for batch in to_check(rows, outlook(busy={"a"}), NOW)] == [["b"], ["d"]]


def test_small_files_wait_for_a_few_more_to_their_target_before_they_are_compared() -> None:
    rows = [row(name, state=UploadState.CHECKING, code=name) for name in "abcd"]
    for coming in (
        row("e", state=state) for state in (UploadState.COPYING, UploadState.WAITING, UploadState.SENDING)
    ):
        assert not to_check([*rows, coming], outlook(), NOW)
        assert (
            len(to_check([*rows, row("f", state=UploadState.CHECKING, code="f"), coming], outlook(), NOW))
            == 1
        )
    assert to_check([*rows, row("e")], outlook(is_paused=True), NOW) == [rows]
    assert to_check([*rows, row("e")], outlook(due={"e": NOW + 1}), NOW) == [rows]
    assert to_check([*rows, row("e", RUN)], outlook(), NOW) == [rows]


def test_files_are_copied_in_their_order() -> None:
    rows = [row("a", state=UploadState.COPYING), row("b", state=UploadState.COPYING), row("c")]
    assert copied(to_copy(rows, outlook(), 0, 1)) == ["ab"]
    assert copied(to_copy(rows, outlook(busy={"a"}), 0, 2)) == ["b"]
    assert not to_copy(rows, outlook(), 0, -1)


def test_small_files_are_copied_in_batches_that_are_no_larger_than_one_that_is_large() -> None:
    rows = [row(name, state=UploadState.COPYING) for name in "abcde"]
    assert copied(to_copy(rows, outlook(), NOW, 2)) == ["ace", "bd"]
    assert copied(to_copy(rows[:1], outlook(), NOW, 2)) == ["a"]
    many = [row(str(number), state=UploadState.COPYING) for number in range(100)]
    assert [len(batch) for batch in to_copy(many, outlook(), NOW, 3)] == [16, 16, 16]
    bulky = [one.with_changes(size=400_000) for one in many]
    assert [len(batch) for batch in to_copy(bulky, outlook(), NOW, 1)] == [3]


def test_a_large_file_is_copied_alone() -> None:
    copying = UploadState.COPYING
    rows = [row("a", state=copying), row("b", state=copying, size=LARGE), row("c", state=copying)]
    assert copied(to_copy(rows, outlook(), NOW, 4)) == ["a"]
    assert not to_copy(rows, outlook(busy={"a"}), NOW, 3)
    assert copied(to_copy(rows[1:], outlook(), NOW, 4)) == ["b"]
    assert not to_copy(rows[1:], outlook(busy={"b"}), NOW, 3)
    assert copied(to_copy([rows[0], rows[2]], outlook(busy={"a"}), NOW, 3)) == ["c"]


def test_what_was_cancelled_is_taken_back_even_while_the_queue_is_paused() -> None:
    rows = [row("a", state=UploadState.CANCELLING), row("b")]
    assert names(to_take_back(rows, outlook(is_paused=True), NOW)) == ["a"]
    assert not to_take_back(rows, outlook(due={"a": NOW + 1}), NOW)


def test_without_a_session_only_what_has_never_left_is_taken_back() -> None:
    cancelled = UploadState.CANCELLING
    rows = [row("a", state=cancelled), row("b", RUN, state=cancelled, step=Step.SENT)]
    assert names(to_take_back(rows, outlook(needs_session=True), NOW)) == ["a"]


def test_a_lost_session_holds_all_missing_rights_a_target_and_a_full_storage_what_goes_there() -> None:
    on_eos = row("a", storage=Storage.EOS)
    session = Hold.after(on_eos.with_changes(trouble=trouble(Cause.SESSION)))
    rights = Hold.after(on_eos.with_changes(trouble=trouble(Cause.RIGHTS)))
    full = Hold.after(on_eos.with_changes(trouble=trouble(Cause.STORAGE)))
    assert session is not None
    assert rights is not None
    assert full is not None
    others = [row("b", RUN, storage=Storage.EOS), row("c", MODULE), row("d", RUN)]
    assert names(filter(session.concerns, others)) == ["b", "c", "d"]
    assert names(filter(rights.concerns, others)) == ["c"]
    assert names(filter(full.concerns, others)) == ["b"]


@pytest.mark.parametrize("cause", [Cause.PASSING, Cause.SIZE, Cause.PERMANENT], ids=lambda c: c.name)
def test_other_trouble_is_that_of_one_upload(cause: Cause) -> None:
    assert Hold.after(row(trouble=trouble(cause))) is None


def test_a_session_that_has_ended_may_be_good_again_but_wrong_codes_stay_wrong() -> None:
    ended, wrong = (Trouble.of(error, Cause.SESSION) for error in (SessionExpired(), AccessCodesWrong()))
    assert may_be_over(ended, ServerSilent())
    assert may_be_over(wrong, None)
    assert not may_be_over(wrong, AccessCodesWrong())
    assert not may_be_over(None, None)
