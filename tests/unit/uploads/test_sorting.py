"""Which trouble passes, which needs somebody, and how long is waited."""

from __future__ import annotations

import pytest

from itkgui.client.exceptions import (
    AccessCodesWrong,
    BadRequest,
    Cancelled,
    ChecksumMismatch,
    Conflict,
    ConnectionLost,
    DuplicateTestRuns,
    FileUnreadable,
    Forbidden,
    ItkError,
    NotFound,
    NotReadBack,
    NotTheApi,
    RedirectRefused,
    ServerSilent,
    ServerTrouble,
    ServerUnreachable,
    SessionExpired,
    TlsFailed,
    TooLarge,
    TooManyRequests,
    UnexpectedStatus,
    UnreadableAnswer,
)
from itkgui.uploads.entries import at_eos
from itkgui.uploads.sorting import (
    AlreadyThere,
    EosAway,
    SpoolDamaged,
    StorageFull,
    StorageRefused,
    Timing,
    cause_of,
    is_answered,
)
from itkgui.uploads.upload import Cause

PASSING = [
    ConnectionLost(),
    ServerSilent(),
    ServerUnreachable(),
    TlsFailed(),
    ServerTrouble(status=503),
    TooManyRequests(status=429),
    NotTheApi(),
    UnreadableAnswer(),
    UnexpectedStatus(status=408),
    UnexpectedStatus(status=425),
]
DOUBTFUL = [ChecksumMismatch(), NotReadBack(), Conflict(status=409)]
NAMED: dict[Cause, list[ItkError]] = {
    Cause.SESSION: [SessionExpired(status=401), AccessCodesWrong()],
    Cause.RIGHTS: [Forbidden(status=403)],
    Cause.SIZE: [TooLarge(status=413)],
    Cause.STORAGE: [ServerTrouble(status=507)],
    Cause.PERMANENT: [
        BadRequest(status=400),
        NotFound(status=404),
        FileUnreadable(),
        SpoolDamaged(),
        RedirectRefused(),
    ],
    Cause.DUPLICATE: [AlreadyThere(), DuplicateTestRuns(["1"])],
}


def kind(error: object) -> str:
    return type(error).__name__


@pytest.mark.parametrize("error", PASSING, ids=kind)
def test_trouble_on_the_way_passes_for_ever(error: ItkError) -> None:
    assert cause_of(error, 1) is cause_of(error, 1000) is Cause.PASSING


@pytest.mark.parametrize("error", DOUBTFUL, ids=kind)
def test_what_should_pass_is_given_up_after_some_tries(error: ItkError) -> None:
    assert cause_of(error, 4) is Cause.DOUBTFUL
    assert cause_of(error, 5) is Cause.PERMANENT


def test_a_storage_that_refuses_again_and_again_holds_all_that_goes_there() -> None:
    assert cause_of(StorageRefused(), 4) is Cause.DOUBTFUL
    assert cause_of(StorageRefused(), 5) is Cause.STORAGE


def test_full_eos_is_told_as_such() -> None:
    with pytest.raises(StorageFull, match="quota") as caught, at_eos():
        raise ServerTrouble("quota", status=507)
    assert cause_of(caught.value, 1) is Cause.STORAGE


def test_trouble_with_eos_is_told_from_trouble_with_the_database_and_keeps_its_wish() -> None:
    away = EosAway.because_of(TooManyRequests("slow down", retry_after=7.0))
    assert (away.retry_after, "slow down" in away.detail) == (7.0, True)
    assert cause_of(away, 1) is cause_of(away, 1000) is Cause.EOS_AWAY


@pytest.mark.parametrize(
    ("cause", "error"), [(cause, error) for cause, errors in NAMED.items() for error in errors], ids=kind
)
def test_other_trouble_has_its_cause_at_once(cause: Cause, error: ItkError) -> None:
    assert cause_of(error, 1) is cause


@pytest.mark.parametrize(
    "error",
    [
        ConnectionLost(),
        ServerUnreachable(),
        TlsFailed(),
        ServerSilent(),
        ServerTrouble(status=500),
        NotTheApi(),
        UnreadableAnswer(),
        UnexpectedStatus(status=408),
        Cancelled(),
    ],
    ids=kind,
)
def test_after_some_errors_nobody_knows_what_was_done(error: ItkError) -> None:
    assert not is_answered(error)


@pytest.mark.parametrize(
    "error",
    [
        SessionExpired(),
        Forbidden(),
        TooLarge(),
        TooManyRequests(),
        BadRequest(),
    ],
    ids=kind,
)
def test_other_errors_say_that_nothing_was_done(error: ItkError) -> None:
    assert is_answered(error)


def test_pauses_grow_from_five_seconds_to_ten_minutes_and_are_scattered() -> None:
    timing = Timing()
    firsts = {timing.pause_after(1) for _ in range(100)}
    assert len(firsts) > 50
    assert all(3.75 <= pause <= 5 for pause in firsts)
    assert all(7.5 <= timing.pause_after(2) <= 10 for _ in range(100))
    for tries in (10, 1000, 10**9):
        assert 450 <= timing.pause_after(tries) <= 600


def test_a_server_that_asks_for_a_pause_gets_it_up_to_an_hour() -> None:
    timing = Timing()
    assert timing.pause_after(1, 90) == 90
    assert timing.pause_after(1, 86_400) == 3600
    assert timing.pause_after(1, 1) >= 3.75
