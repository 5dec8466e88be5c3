"""Processes that decode files: each call has a limit of time and of memory, and can be cancelled."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psutil

from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled
from itkgui.decoding.decoder_process import Answer, serve
from itkgui.decoding.undecodable import TooSlow, Undecodable

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 4.0  # seconds of decoding; with its fetching and painting, a word comes within 5
MEMORY = 480 * 2**20  # bytes that all processes together may have grown since they started
_START = 30.0  # seconds a process may take to start, on a machine that is busy with something else
_GRACE = 0.25  # seconds that a call nobody waits for may still take, before its process is ended
_WAIT = 0.3  # seconds that a call waits for a process that is busy, before it starts another one
_FAIR = 8  # of the memory, the part that others may have without being why a call gets too little
_BEAT = 0.02  # seconds between two looks at memory, time, and whether the call is still wanted
_PRELOAD = ("numpy", "PIL.Image", "itkgui.client.files")

_SLOW = "opening it takes too long on this computer"
_LARGE = "it needs more memory than a file may take here"
_CROWDED = "it needs memory that other files take at this moment"
_BROKEN = "its content ends the viewer of such files"
_FAULT = "the viewer of such files fails on its content"


class DecoderFault(Undecodable):
    """A decoder failed in a way that nobody foresaw; the log has the details."""

    cure = "Save the file and open it in another program. The log tells more; please report it."


class Decoders:
    """A few processes, started when they are first needed; a call runs in one of them.

    All methods may be used from any thread. A function that is called must be importable by its name; what it
    takes and returns is copied. It obeys the Transfer of the thread that calls.
    """

    def __init__(self, processes: int = 2, memory: int = MEMORY) -> None:
        self._memory = memory
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(processes):
            self._free.put(None)
        self._lock = threading.Lock()
        self._running: set[_Process] = set()
        self._is_closed = False

    def warm_up(self) -> None:
        """Start a process ahead of its first use, unless there is one; it gets ready while others work."""
        if self._running:
            return
        with contextlib.suppress(queue.Empty):
            process = self._free.get_nowait()
            try:
                with contextlib.suppress(Cancelled, Undecodable):  # whoever needs one is told
                    process = process or self._started()
            finally:
                self._free.put(process)

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        patience: float = PATIENCE,
        **options: Any,
    ) -> T:
        """Return what a function returns in another process.

        Raises what it raises of ItkError; Undecodable if it takes more than ``patience`` seconds or the
        memory allowed, or ends its process; DecoderFault if it fails on its own; Cancelled if it is no longer
        wanted.
        """
        process = self._take()
        try:
            process.send(function, arguments, options)
            answer = process.wait(time.monotonic() + patience, self._check_memory)
        finally:
            self._give_back(process)
        transfer.current().check()
        if answer.error is not None:
            raise answer.error
        if answer.fault == "MemoryError":
            raise Undecodable(answer.fault, why=_LARGE)
        if answer.fault:
            log.error("%s failed:\n%s", function.__qualname__, answer.fault)
            raise DecoderFault(answer.fault.strip().rpartition("\n")[2], why=_FAULT)
        value: T = answer.value
        return value

    def forget(self) -> None:
        """End all processes, with what they hold of files; calls under way fail, later ones start others."""
        with self._lock:
            running, self._running = self._running, set()
        for process in running:
            process.end()

    def close(self) -> None:
        """End all processes; calls under way are cancelled, and no new ones are taken."""
        with self._lock:
            self._is_closed = True
        self.forget()

    def _take(self) -> _Process:
        wanted, begun = transfer.current(), time.monotonic()
        while True:
            wanted.check()
            if self._is_closed:
                raise Cancelled("the program is closing")
            with contextlib.suppress(queue.Empty):
                process = self._free.get(timeout=_BEAT)
                if process is not None and not process.is_alive:
                    self._discard(process)
                    process = None
                if process is None and self._running and time.monotonic() - begun < _WAIT:
                    # Most calls take hundredths of a second, starting a process a hundred times that.
                    self._free.put(None)
                    time.sleep(_BEAT / 4)
                    continue
                try:
                    return process or self._started()
                except BaseException:
                    self._free.put(None)
                    raise

    def _started(self) -> _Process:
        with self._lock:
            if self._is_closed:
                raise Cancelled("the program is closing")
            try:
                process = _Process()
            except OSError as error:
                raise Undecodable(
                    str(error), why="this computer starts no more processes", cure="Close other programs."
                ) from error
            self._running.add(process)
        return process

    def _give_back(self, process: _Process) -> None:
        """Let others have a process; one that cannot be used again is ended, and another gets ready."""
        following: _Process | None = process
        try:
            if not process.is_fit:
                following = None
                self._discard(process)
                with contextlib.suppress(Cancelled, Undecodable):  # whoever needs one is told
                    following = self._started()
        finally:
            self._free.put(following)

    def _discard(self, process: _Process) -> None:
        with self._lock:
            self._running.discard(process)
        process.end()

    def _check_memory(self, process: _Process) -> None:
        """Raise Undecodable if the call in a process takes too much memory; what others keep goes before."""
        growth, others = process.growth, self._growth_of_others(process)
        if growth + sum(others) > self._memory and self._end_resting():
            others = self._growth_of_others(process)
        if growth + sum(others) <= self._memory or growth < max(others, default=0):
            return
        detail = f"stopped at {growth} bytes, with {process.growth_before} of earlier files, others {others}"
        if process.growth_before + sum(others) > self._memory // _FAIR:
            raise Undecodable(detail, why=_CROWDED, cure="Try again: it has more room then.")
        raise Undecodable(detail, why=_LARGE)

    def _growth_of_others(self, process: _Process) -> list[int]:
        with self._lock:
            others = self._running - {process}
        return [other.growth for other in others]

    def _end_resting(self) -> bool:
        """End one process that nobody uses; tell whether there was one."""
        with contextlib.suppress(queue.Empty):
            resting = self._free.get_nowait()
            self._free.put(None)
            if resting is not None:
                self._discard(resting)
                return True
        return False


class _Process:
    """One process and the line to it; used by one thread at a time, but ended by any."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other_end = context.Pipe()
        self._process = context.Process(target=serve, args=(other_end, _PRELOAD), name="decoder", daemon=True)
        self._process.start()
        other_end.close()
        self._memory = psutil.Process(self._process.pid)
        self._is_ready = False
        self._used_at_first = 0
        self.growth_before = 0
        """Its growth when the present call began."""
        self.is_fit = True
        """Whether it can be used again: it is starting, or has answered all that it was asked."""

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def growth(self) -> int:
        """How many bytes it has taken since it was ready for its first call; 0 until then."""
        return max(0, self._used() - self._used_at_first) if self._is_ready else 0

    def send(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.is_fit = False
        if not self._is_ready:
            try:
                self._await(time.monotonic() + _START, None)
            except Cancelled:
                self.is_fit = self._process.is_alive()  # it goes on starting, for whoever comes next
                raise
            self._used_at_first = self._used()
            self._is_ready = True
        self.growth_before = self.growth
        try:
            self._line.send((function, arguments, options))
        except OSError as error:
            raise Undecodable("the process has ended", why=_BROKEN) from error

    def wait(self, deadline: float, check: Callable[[_Process], None]) -> Answer:
        """Return the answer to what was sent; ``check`` is asked again and again whether it may go on."""
        answer = self._await(deadline, check)
        self.is_fit = True
        return answer

    def end(self) -> None:
        """Kill the process; whoever waits for it is told that it has ended."""
        self._process.kill()
        self._process.join()

    def _await(self, deadline: float, check: Callable[[_Process], None] | None) -> Answer:
        wanted = transfer.current()
        begun, given_up = time.monotonic(), 0.0
        try:
            while not self._line.poll(_BEAT):
                now = time.monotonic()
                if wanted.is_cancelled:
                    # A process that ends by itself is worth more than the moment until then.
                    given_up = given_up or now
                    if now - given_up > _GRACE:
                        wanted.check()
                if now > deadline:
                    raise TooSlow(f"stopped after {now - begun:.1f} s", why=_SLOW)
                if check is not None:
                    check(self)
            answer: Answer = self._line.recv()
        except (EOFError, OSError) as error:
            wanted.check()
            raise Undecodable(f"the process ended: {error!r}", why=_BROKEN) from error
        return answer

    def _used(self) -> int:
        try:
            used: int = self._memory.memory_info().rss
        except psutil.Error:  # it has ended, as the line tells too
            return 0
        return used
