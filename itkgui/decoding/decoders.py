"""Processes that decode files: each call has a limit of time and of memory, and can be cancelled."""

from __future__ import annotations

import contextlib
import logging
import math
import multiprocessing
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psutil

from itkgui import language
from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled
from itkgui.decoding.decoder_process import Answer, answer_in, serve
from itkgui.decoding.undecodable import TooSlow, Undecodable
from itkgui.language import N_, _

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 4.0  # seconds of decoding; with its fetching and painting, a word comes within 5
MEMORY = 440 * 2**20  # bytes that all processes together may have grown since they started
_START = 30.0  # seconds a process may take to start, on a machine that is busy with something else
_GRACE = 0.25  # seconds that a call nobody waits for may still take, before its process is ended
_WAIT = 0.3  # seconds that a call waits for a process that is busy, before it starts another one
_LONG = 0.3  # seconds, after which a call may be given up for another file: one more process gets ready
_FAIR = 8  # of the memory, the part that others may have without being why a call gets too little
_BEAT = 0.02  # seconds between two looks at memory, time, and whether the call is still wanted
_PRELOAD = ("numpy", "PIL.Image", "itkgui.client.files")
_PRELOAD_LATER = ("itkgui.decoding.image", "itkgui.decoding.text", "itkgui.decoding.archive")

SLOW = N_("opening it takes too long on this computer")
LARGE = N_("it needs more memory than a file may take here")
_CROWDED = N_("it needs memory that other files take at this moment")
BROKEN = N_("its content crashes what opens such files")
FAULT = N_("what opens such files fails on its content")
_NOT_STARTED = N_("this computer starts no more processes")
_STARTS_LATE = N_("what opens it takes too long to start on this computer")
_CURE = N_("Close other programs, then try again.")


class DecoderFault(Undecodable):
    """A decoder failed in a way that nobody foresaw; the log has the details."""

    cure = N_("Save the file and open it in another program. The log tells more; please report it.")


class Decoders:
    """A few processes, started when they are first needed; a call runs in one of them.

    So many ``processes`` work at once; one more gets ready beside those that take long, for whoever comes
    next. All methods may be used from any thread. A function that is called must be importable by its name;
    what it takes and returns is copied. It obeys the Transfer of the thread that calls.
    """

    def __init__(self, processes: int = 2, memory: int = MEMORY) -> None:
        self._memory = memory
        self._most = processes
        self._turns = threading.Semaphore(processes)
        self._lock = threading.Lock()
        self._running: set[_Process] = set()
        self._resting: list[_Process] = []  # those of them without a call, the last used one last
        self._is_closed = False

    def warm_up(self) -> None:
        """Start a process ahead of its use, unless one rests; it gets ready while others work."""
        with contextlib.suppress(Cancelled, Undecodable):  # whoever needs one is told
            self._start()

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        patience: float = PATIENCE,
        is_awaited: bool = True,
        **options: Any,
    ) -> T:
        """Return what a function returns in another process.

        If nobody at the screen waits for it (``is_awaited``), a process gets ready at once for who does.
        Raises what it raises of ItkError; Undecodable if it takes more than ``patience`` seconds or the
        memory allowed, or ends its process; DecoderFault if it fails on its own; Cancelled if it is no longer
        wanted.
        """
        process = self._take()
        try:
            process.send(function, arguments, options)
            if not is_awaited:
                self.warm_up()
            answer = process.wait(time.monotonic() + patience, self._watch)
        finally:
            self._give_back(process)
        transfer.current().check()
        if answer.error is not None:
            raise answer.error
        if answer.fault == "MemoryError":
            raise Undecodable(answer.fault, why=_(LARGE))
        if answer.fault:
            log.error("%s failed:\n%s", function.__qualname__, answer.fault)
            raise DecoderFault(answer.in_short, why=_(FAULT))
        value: T = answer.value
        return value

    def forget(self) -> None:
        """End all processes, with what they hold of files; calls under way fail, later ones start others."""
        with self._lock:
            running, self._running, self._resting = self._running, set(), []
        for process in running:
            process.end()

    def close(self) -> None:
        """End all processes; calls under way are cancelled, and no new ones are taken."""
        with self._lock:
            self._is_closed = True
        self.forget()

    def _take(self) -> _Process:
        wanted = transfer.current()
        while not self._turns.acquire(timeout=_BEAT):
            self._check_wanted(wanted)
        try:
            return self._ready_one(wanted)
        except BaseException:
            self._turns.release()
            raise

    def _ready_one(self, wanted: transfer.Transfer) -> _Process:
        """Wait for a process that can take a call, and start one where none will be free soon."""
        begun = time.monotonic()
        while True:
            self._check_wanted(wanted)
            process = self._pick()
            if process is not None:
                return process
            waited = time.monotonic() - begun
            # Most calls take hundredths of a second, starting a process a hundred times that.
            if waited > _WAIT or not self._running:
                self._start()
            if waited > _START:
                raise Undecodable(f"not ready after {waited:.0f} s", why=_(_STARTS_LATE), cure=_(_CURE))
            time.sleep(_BEAT / 4)

    def _check_wanted(self, wanted: transfer.Transfer) -> None:
        wanted.check()
        if self._is_closed:
            raise Cancelled("the program is closing")

    def _pick(self) -> _Process | None:
        """Return a process that is ready, the last used one first; None if there is none.

        Raises Undecodable if there is none, and one has ended before it was ever ready.
        """
        with self._lock:
            ended = [process for process in self._resting if not process.is_alive]
            self._running.difference_update(ended)
            self._resting = [process for process in self._resting if process not in ended]
            ready = next((process for process in reversed(self._resting) if process.is_ready), None)
            if ready is not None:
                self._resting.remove(ready)
            elif not all(process.is_ready for process in ended):
                raise Undecodable("a process ended while it started", why=_(_NOT_STARTED), cure=_(_CURE))
            return ready

    def _start(self) -> None:
        """Start a process that rests until it is ready, unless one does. Raises Undecodable, Cancelled."""
        with self._lock:
            if self._is_closed:
                raise Cancelled("the program is closing")
            if self._resting:
                return
            try:
                process = _Process()
            except (OSError, RuntimeError, psutil.Error) as error:
                raise Undecodable(str(error), why=_(_NOT_STARTED), cure=_(_CURE)) from error
            self._running.add(process)
            self._resting.append(process)

    def _give_back(self, process: _Process) -> None:
        """Let others have a process; one that cannot be used again is ended."""
        try:
            with self._lock:
                is_fit = process.is_fit and process in self._running
                if is_fit:
                    self._resting.append(process)
                too_many = [self._resting.pop(0)] if len(self._resting) > self._most else []
            for other in too_many if is_fit else (*too_many, process):
                self._discard(other)
            if not self._running:
                self.warm_up()
        finally:
            self._turns.release()

    def _discard(self, process: _Process) -> None:
        with self._lock:
            self._running.discard(process)
        process.end()

    def _watch(self, process: _Process) -> None:
        """Look at a call that goes on: raises Undecodable if it takes too much memory."""
        self._check_memory(process)
        if process.is_long:
            self.warm_up()

    def _check_memory(self, process: _Process) -> None:
        """Raise Undecodable if the call in a process takes too much memory; what others keep goes before."""
        growth, others = process.growth, self._growth_of_others(process)
        if growth + sum(others) > self._memory and self._end_resting():
            others = self._growth_of_others(process)
        if growth + sum(others) <= self._memory or growth < max(others, default=0):
            return
        detail = f"stopped at {growth} bytes, with {process.growth_before} of earlier files, others {others}"
        if process.growth_before + sum(others) > self._memory // _FAIR:
            raise Undecodable(detail, why=_(_CROWDED), cure=_("Try again: it has more room then."))
        raise Undecodable(detail, why=_(LARGE))

    def _growth_of_others(self, process: _Process) -> list[int]:
        with self._lock:
            others = self._running - {process}
        return [other.growth for other in others]

    def _end_resting(self) -> bool:
        """End one process that nobody uses; tell whether there was one."""
        with self._lock:
            resting = next((process for process in self._resting if process.has_been_ready), None)
            if resting is not None:
                self._resting.remove(resting)
        if resting is not None:
            self._discard(resting)
        return resting is not None


class _Process:
    """One process and the line to it; used by one thread at a time, but ended by any."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other_end = context.Pipe()
        given = (other_end, language.spoken(), _PRELOAD, _PRELOAD_LATER)
        self._process = context.Process(target=serve, args=given, name="decoder", daemon=True)
        self._process.start()
        other_end.close()
        self._memory = psutil.Process(self._process.pid)
        self._used_at_first = 0
        self._long_from = 0.0
        self.has_been_ready = False
        self.growth_before = 0
        """Its growth when the present call began."""
        self.is_fit = True
        """Whether it can be used again: it has answered all that it was asked."""

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    @property
    def is_ready(self) -> bool:
        """Whether it has started and can take a call; asked as long as it has none."""
        if not self.has_been_ready:
            try:
                if not self._line.poll():
                    return False
                self._line.recv()
            except (EOFError, OSError):  # it has ended, as will be seen
                return False
            self.has_been_ready = True
        return True

    @property
    def is_long(self) -> bool:
        """Whether the present call has just become one that takes long; true once for each."""
        is_long = time.monotonic() > self._long_from
        if is_long:
            self._long_from = math.inf
        return is_long

    @property
    def growth(self) -> int:
        """How many bytes it has taken since its first call; 0 until then."""
        return max(0, self._used() - self._used_at_first) if self._used_at_first else 0

    def send(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.is_fit = False
        self._long_from = time.monotonic() + _LONG
        try:
            self._used_at_first = self._used_at_first or self._used()
            self.growth_before = self.growth
        except OSError as error:  # as where no more files can be opened
            raise Undecodable(str(error), why=_(_NOT_STARTED), cure=_(_CURE)) from error
        try:
            self._line.send((function, arguments, options))
        except OSError as error:
            raise Undecodable("the process has ended", why=_(BROKEN)) from error

    def wait(self, deadline: float, check: Callable[[_Process], None]) -> Answer:
        """Return the answer to what was sent; ``check`` is asked again and again whether it may go on."""
        answer = self._await(deadline, check)
        self.is_fit = True
        return answer

    def end(self) -> None:
        """Kill the process; whoever waits for it is told that it has ended."""
        self._process.kill()
        self._process.join()

    def _await(self, deadline: float, check: Callable[[_Process], None]) -> Answer:
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
                    raise TooSlow(f"stopped after {now - begun:.1f} s", why=_(SLOW))
                check(self)
            answer = answer_in(self._line.recv_bytes())
        except (EOFError, OSError) as error:
            wanted.check()
            raise Undecodable(f"the process ended: {error!r}", why=_(BROKEN)) from error
        return answer

    def _used(self) -> int:
        try:
            used: int = self._memory.memory_info().rss
        except psutil.Error:  # it has ended, as the line tells too
            return 0
        return used
