"""Requests side by side: their order, their errors, and who may stop them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled, NotFound, ServerTrouble, SessionExpired
from itkgui.client.helper_threads import IN_FLIGHT, HelperThreads
from itkgui.client.session import Request, Session

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, ScriptedServer, Wire

PATIENCE = 30.0  # seconds after which a test gives up


@pytest.fixture
def helpers() -> Iterator[HelperThreads]:
    found = HelperThreads()
    yield found
    found.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def question(server: ScriptedServer, session: Session, path: object = "") -> Callable[[], object]:
    return lambda: session.json(Request("GET", f"{server.url}{path}"))


@pytest.fixture
def silent(wire: Wire) -> ScriptedServer:
    return wire.server_of(wire.silence)


@pytest.fixture
def session(silent: ScriptedServer) -> Iterator[Session]:
    found = Session(silent.settings(read_timeout=60.0))
    yield found
    found.close()


def test_results_come_in_the_order_of_the_items(helpers: HelperThreads) -> None:
    gates = [threading.Event() for _ in range(IN_FLIGHT)]

    def work(n: int) -> int:
        if n + 1 < IN_FLIGHT:
            assert gates[n + 1].wait(PATIENCE)  # each ends after the next one
        gates[n].set()
        return n

    assert helpers.each(work, range(IN_FLIGHT)) == list(range(IN_FLIGHT))
    assert helpers.each(lambda n: n * 2, range(100)) == [n * 2 for n in range(100)]
    assert helpers.each(lambda n: n * 2, []) == []
    assert helpers.each(lambda n: n * 2, [4]) == [8]


def test_as_many_run_at_once_as_are_allowed(helpers: HelperThreads) -> None:
    barrier = threading.Barrier(IN_FLIGHT)
    threads: set[str] = set()

    def work(_: int) -> None:
        threads.add(threading.current_thread().name)
        barrier.wait(PATIENCE)  # breaks unless all of them are here at once

    helpers.each(work, range(IN_FLIGHT * 3))
    assert len(threads) == IN_FLIGHT


def test_the_first_error_in_order_is_raised(helpers: HelperThreads) -> None:
    later_has_failed = threading.Event()
    begun: list[int] = []

    def work(n: int) -> int:
        begun.append(n)
        if n == 1:
            assert later_has_failed.wait(PATIENCE)
            raise NotFound("the first in order")
        if n == 2:
            later_has_failed.set()
            raise ServerTrouble("the first in time")
        if n > 2:
            threading.Event().wait(0.02)  # or they could all be done before the error is seen
        return n

    with pytest.raises(NotFound):
        helpers.each(work, range(1000))
    assert len(begun) < 1000


def test_an_error_stops_the_requests_that_are_under_way(
    helpers: HelperThreads, wire: Wire, silent: ScriptedServer, session: Session
) -> None:
    def answer(request: Received) -> Reply:
        until(lambda: len(silent.received) == 3)
        return wire.reply(404)

    failing = wire.server(answer)
    questions = [question(failing, session), *(question(silent, session) for _ in range(3))]
    started = time.monotonic()
    with pytest.raises(NotFound):
        helpers.each(lambda ask: ask(), questions)
    # Each helper is free again long before the silent server would have been given up.
    assert helpers.each(lambda n: n, range(IN_FLIGHT)) == list(range(IN_FLIGHT))
    assert time.monotonic() - started < PATIENCE


def test_work_that_is_dropped_while_it_runs_ends(
    helpers: HelperThreads, silent: ScriptedServer, session: Session
) -> None:
    outcome: list[Exception] = []

    def work() -> None:
        try:
            question(silent, session)()
        except Cancelled as error:
            outcome.append(error)
            raise

    task = helpers.submit(work)
    until(lambda: silent.received)
    task.drop()
    until(lambda: outcome)
    with pytest.raises(Cancelled):
        task.result()


def test_work_that_is_dropped_before_it_begins_never_does(helpers: HelperThreads) -> None:
    gate = threading.Event()
    running = [helpers.submit(lambda: gate.wait(PATIENCE)) for _ in range(IN_FLIGHT)]
    begun: list[int] = []
    waiting = helpers.submit(lambda: begun.append(1))
    waiting.drop()
    gate.set()
    assert all(task.result() for task in running)
    assert helpers.submit(lambda: 5).result() == 5
    assert begun == []


def test_cancelling_ends_what_runs_and_what_waits(
    helpers: HelperThreads, silent: ScriptedServer, session: Session
) -> None:
    asker = transfer.Transfer()

    def cancel() -> None:
        until(lambda: len(silent.received) == IN_FLIGHT)
        asker.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    started = time.monotonic()
    with transfer.running(asker), pytest.raises(Cancelled):
        helpers.each(lambda _: question(silent, session)(), range(20))
    assert time.monotonic() - started < PATIENCE
    canceller.join()
    assert helpers.each(lambda n: n, range(IN_FLIGHT)) == list(range(IN_FLIGHT))
    assert len(silent.received) == IN_FLIGHT


def test_whoever_waits_for_a_result_may_be_cancelled_whoever_asked_for_it(helpers: HelperThreads) -> None:
    gate = threading.Event()
    with transfer.running(transfer.Transfer()):
        task = helpers.submit(lambda: gate.wait(PATIENCE))
    waiter = transfer.Transfer()
    timer = threading.Timer(0.05, waiter.cancel)
    timer.start()
    with transfer.running(waiter), pytest.raises(Cancelled):
        task.result()
    timer.join()
    gate.set()
    assert task.result() is True


def test_one_question_that_is_cancelled_leaves_the_others_alone(
    helpers: HelperThreads, wire: Wire, silent: ScriptedServer, session: Session
) -> None:
    gate = threading.Event()

    def answer(_: Received) -> Reply:
        gate.wait(PATIENCE)
        return wire.json({"a": 1})

    server = wire.server(answer)
    first, second = transfer.Transfer(), transfer.Transfer()
    with transfer.running(first):
        doomed = helpers.submit(question(silent, session))
    with transfer.running(second):
        other = helpers.submit(question(server, session))
    until(lambda: silent.received and server.received)
    first.cancel()
    with pytest.raises(Cancelled):
        doomed.result()
    gate.set()
    assert other.result() == {"a": 1}


def test_helpers_that_ask_for_help_do_it_themselves(helpers: HelperThreads) -> None:
    def outer(n: int) -> list[int]:
        thread = threading.current_thread()

        def inner(m: int) -> int:
            assert threading.current_thread() is thread
            return n * 10 + m

        return helpers.each(inner, range(3))

    outcome: list[object] = []
    thread = threading.Thread(target=lambda: outcome.append(helpers.each(outer, range(20))))
    thread.start()
    thread.join(PATIENCE)
    assert outcome == [[[n * 10 + m for m in range(3)] for n in range(20)]]


def test_what_a_helper_hands_over_is_done_when_it_is_wanted(helpers: HelperThreads) -> None:
    done: list[int] = []

    def work() -> list[int]:
        first, second = (helpers.submit(partial(done.append, n)) for n in (1, 2))
        assert done == []
        first.result()
        second.drop()
        return list(done)

    assert helpers.submit(work).result() == [1]


def test_after_close_nothing_is_taken_and_what_waits_is_dropped() -> None:
    helpers = HelperThreads()
    gate = threading.Event()
    running = [helpers.submit(lambda: gate.wait(PATIENCE)) for _ in range(IN_FLIGHT)]
    waiting = helpers.submit(lambda: 1)
    helpers.close()
    helpers.close()
    with pytest.raises(SessionExpired):
        waiting.result()
    with pytest.raises(SessionExpired):
        helpers.submit(lambda: 1)
    with pytest.raises(SessionExpired):
        helpers.each(lambda n: n, range(5))
    gate.set()
    assert [task.result() for task in running] == [True] * IN_FLIGHT
