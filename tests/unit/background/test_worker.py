"""The lanes on real threads: outcomes, cancelling, independence, and an end without a thread left."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import pytest

from itkgui.background.worker import Call, Lane, Worker
from itkgui.client import transfer
from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled
from itkgui.client.transfer import Transfer
from itkgui.settings import Settings

T = TypeVar("T")
PATIENCE = 30.0  # seconds after which a test gives up


@contextlib.asynccontextmanager
async def working() -> AsyncIterator[Worker]:
    """Lend a worker, and stop it at the end."""
    worker = Worker()
    try:
        yield worker
    finally:
        worker.stop()


class Gate:
    """Work that waits until it is let through or cancelled; tells who has come, and how who has left."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.outcomes: list[str] = []
        self._arrived = threading.Semaphore(0)

    def work(self) -> str:
        self._arrived.release()
        deadline = time.monotonic() + PATIENCE
        try:
            while not self.opened.is_set():
                transfer.current().pause(0.005)
                if time.monotonic() > deadline:  # a thread that stays would keep the whole run from ending
                    raise TimeoutError("nobody opened the gate")
        except Cancelled:
            self.outcomes.append("cancelled")
            raise
        self.outcomes.append("passed")
        return "passed"

    async def until_arrived(self, count: int) -> None:
        for _ in range(count):
            assert await asyncio.to_thread(self._arrived.acquire, timeout=PATIENCE)


class SilentServer:
    """Takes connections, reads the first byte, and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self.connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def until_asked(self) -> None:
        connection, _ = self._listener.accept()
        self.connections.append(connection)
        connection.settimeout(PATIENCE)
        assert connection.recv(1)

    def close(self) -> None:
        for connection in (self._listener, *self.connections):
            connection.close()


@pytest.fixture
def silent_server() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


# Outcomes -----------------------------------------------------------------------------------------------


def test_call_ends_in_the_result_of_its_function_on_another_thread() -> None:
    async def main() -> None:
        async with working() as worker:
            result, thread = await worker.call(lambda a, b: (a + b, threading.get_ident()), 1, 2)
            assert result == 3
            assert thread != threading.get_ident()

    asyncio.run(main())


@pytest.mark.parametrize("error", [ValueError("wrong"), Cancelled("by itself"), OSError(2, "gone")], ids=repr)
def test_call_ends_in_the_very_exception_of_its_function(error: Exception) -> None:
    def fail() -> None:
        raise error

    async def main() -> None:
        async with working() as worker:
            with pytest.raises(type(error)) as caught:
                await worker.call(fail)
            assert caught.value is error

    asyncio.run(main())


def test_outcome_waits_for_whoever_asks_late_or_twice() -> None:
    async def main() -> None:
        async with working() as worker:
            call = worker.call(str, 7)
            while worker.call(str, 8)._future.running():
                await asyncio.sleep(0)
            assert [await call, await call] == ["7", "7"]

    asyncio.run(main())


def test_function_reports_to_the_transfer_of_its_call() -> None:
    def work() -> Transfer:
        transfer.current().expect(10)
        transfer.current().advance(4)
        return transfer.current()

    async def main() -> None:
        async with working() as worker:
            first, second = worker.call(work), worker.call(work, lane=Lane.TRANSFERS)
            assert await first is first.transfer
            assert await second is second.transfer
            assert first.transfer is not second.transfer
            assert (first.transfer.done, first.transfer.total) == (4, 10)

    asyncio.run(main())


# Cancelling ---------------------------------------------------------------------------------------------


@pytest.mark.alone
def test_cancelling_wakes_a_call_that_waits_for_a_silent_server(silent_server: SilentServer) -> None:
    settings = Settings(api_url=silent_server.url, auth_url=f"{silent_server.url}oidc/")

    async def main() -> float:
        async with working() as worker:
            call = worker.call(ProductionDatabase.sign_in, settings, AccessCodes("one", "two"))
            await asyncio.to_thread(silent_server.until_asked)
            begun = time.monotonic()
            call.cancel()
            with pytest.raises(Cancelled):
                await call
            return time.monotonic() - begun

    assert asyncio.run(main()) < 0.5


@pytest.mark.alone
def test_cancelling_the_task_that_awaits_ends_the_work_too(silent_server: SilentServer) -> None:
    settings = Settings(api_url=silent_server.url, auth_url=f"{silent_server.url}oidc/")
    ended = threading.Event()

    def sign_in() -> None:
        try:
            ProductionDatabase.sign_in(settings, AccessCodes("one", "two"))
        except Cancelled:
            ended.set()
            raise

    async def main() -> float:
        async with working() as worker:
            task = asyncio.ensure_future(_outcome(worker.call(sign_in)))
            await asyncio.to_thread(silent_server.until_asked)
            begun = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(ended.wait, PATIENCE)
            return time.monotonic() - begun

    assert asyncio.run(main()) < 0.5


async def _outcome(call: Call[T]) -> T:
    return await call


def test_call_cancelled_before_its_turn_never_begins() -> None:
    gate, begun = Gate(), threading.Event()

    async def main() -> None:
        async with working() as worker:
            waiting = [worker.call(gate.work) for _ in range(Lane.REQUESTS.value)]
            await gate.until_arrived(len(waiting))
            late = worker.call(begun.set)
            late.cancel()
            gate.opened.set()
            with pytest.raises(Cancelled):
                await late
            assert [await call for call in waiting] == ["passed"] * len(waiting)

    asyncio.run(main())
    assert not begun.is_set()


def test_task_given_up_before_its_turn_ends_at_once_and_is_forgotten() -> None:
    gate, begun = Gate(), threading.Event()

    async def main() -> None:
        async with working() as worker:
            waiting = [worker.call(gate.work) for _ in range(Lane.REQUESTS.value)]
            await gate.until_arrived(len(waiting))
            late = worker.call(begun.set)
            trace = weakref.ref(late.transfer)
            task = asyncio.ensure_future(_outcome(late))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            gate.opened.set()
            assert [await call for call in waiting] == ["passed"] * len(waiting)
            assert not begun.is_set()
            del late, task
            for call in [worker.call(str) for _ in range(3 * Lane.REQUESTS.value)]:
                await call
            gc.collect()
            assert trace() is None

    asyncio.run(main())


def test_cancelling_what_has_ended_changes_nothing() -> None:
    async def main() -> None:
        async with working() as worker:
            call = worker.call(str, 7)
            assert await call == "7"
            call.cancel()
            assert await call == "7"

    asyncio.run(main())


def test_cancel_all_ends_all_lanes_and_new_calls_are_still_taken() -> None:
    gate = Gate()

    async def main() -> None:
        async with working() as worker:
            count = {lane: lane.value + 2 for lane in Lane}  # some of them wait for a thread
            calls = [worker.call(gate.work, lane=lane) for lane in Lane for _ in range(count[lane])]
            await gate.until_arrived(sum(lane.value for lane in Lane))
            worker.cancel_all()
            outcomes = await asyncio.gather(*map(_outcome, calls), return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [Cancelled] * len(calls)
            assert await worker.call(str, 7) == "7"
            assert await worker.call(str, 8, lane=Lane.TRANSFERS) == "8"

    asyncio.run(main())
    assert gate.outcomes == ["cancelled"] * sum(lane.value for lane in Lane)


# Lanes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lane", Lane, ids=lambda lane: lane.name.lower())
def test_full_lane_does_not_hold_up_the_others(lane: Lane) -> None:
    gate = Gate()
    others = [found for found in Lane if found is not lane]

    async def main() -> None:
        async with working() as worker:
            calls = [worker.call(gate.work, lane=lane) for _ in range(3 * lane.value)]
            await gate.until_arrived(lane.value)
            for number in range(20):
                for other in others:
                    assert await asyncio.wait_for(
                        _outcome(worker.call(str, number, lane=other)), PATIENCE
                    ) == str(number)
            assert not gate.outcomes
            gate.opened.set()
            assert [await call for call in calls] == ["passed"] * len(calls)

    asyncio.run(main())


@pytest.mark.parametrize("lane", Lane, ids=lambda lane: lane.name.lower())
def test_lane_runs_as_many_at_a_time_as_it_says_and_no_more(lane: Lane) -> None:
    lock, now, most = threading.Lock(), 0, 0
    together = threading.Barrier(lane.value)  # passes only when so many are there at once

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(PATIENCE)
        with lock:
            now -= 1

    async def main() -> None:
        async with working() as worker:
            await asyncio.gather(*(_outcome(worker.call(work, lane=lane)) for _ in range(4 * lane.value)))

    asyncio.run(main())
    assert most == lane.value


def test_event_loop_goes_on_while_work_is_done() -> None:
    gate = Gate()

    async def main() -> None:
        async with working() as worker:
            call = worker.call(gate.work)
            await gate.until_arrived(1)
            asyncio.get_running_loop().call_soon(gate.opened.set)  # only a loop that is free gets there
            assert await call == "passed"

    asyncio.run(main())


# The end ------------------------------------------------------------------------------------------------


def _stop_while_busy(prepare: Callable[[Gate, Worker], list[Call[str]]]) -> list[Any]:
    gate = Gate()

    async def main() -> list[Any]:
        worker = Worker()
        calls = prepare(gate, worker)
        await gate.until_arrived(min(len(calls), sum(lane.value for lane in Lane)))
        worker.stop()
        lanes = tuple(f"{lane.name.lower()}_" for lane in Lane)
        assert not {name for name in threads() if name.startswith(lanes)}
        with pytest.raises(Cancelled):
            await worker.call(gate.work)
        with pytest.raises(Cancelled):
            await worker.call(gate.work, lane=Lane.TRANSFERS)
        return await asyncio.gather(*map(_outcome, calls), return_exceptions=True)

    return asyncio.run(main())


def test_stop_ends_what_is_under_way_and_leaves_no_thread() -> None:
    outcomes = _stop_while_busy(lambda gate, worker: [worker.call(gate.work, lane=lane) for lane in Lane])
    assert [type(outcome) for outcome in outcomes] == [Cancelled] * len(Lane)


def test_stop_ends_what_waits_for_a_thread_too() -> None:
    outcomes = _stop_while_busy(
        lambda gate, worker: [
            worker.call(gate.work, lane=lane) for lane in Lane for _ in range(3 * lane.value)
        ]
    )
    assert [type(outcome) for outcome in outcomes] == [Cancelled] * len(outcomes)


def test_worker_that_was_never_used_stops_and_refuses() -> None:
    async def main() -> None:
        worker = Worker()
        worker.stop()
        with pytest.raises(Cancelled):
            await worker.call(str)

    asyncio.run(main())
