"""A serial port, which here is one end of a pair of terminals: read, pulled out, plugged in again."""

from __future__ import annotations

import errno
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from itkgui.scanning.burst import LONGEST_KEPT
from itkgui.scanning.reading import Arrival, Meaning, Reader
from itkgui.scanning.serial_port import Pieces, PortState, SerialScanner, ports

if sys.platform != "win32":
    import termios

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pairs of terminals")
SERIAL = "20UPGM23800001"
PATIENCE = 20.0  # s


class Bench:
    """A port by a name that stays, as a scanner has; what comes of it is put into queues."""

    def __init__(self, folder: Path) -> None:
        self.name = folder / "scanner"
        self.scans: queue.Queue[Arrival] = queue.Queue()
        self.states: queue.Queue[PortState] = queue.Queue()
        self._ends: list[int] = []

    def plug_in(self) -> None:
        ours, theirs = os.openpty()
        self._ends = [ours, theirs]
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(theirs))

    def pull_out(self) -> None:
        self.name.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = []

    def send(self, data: bytes) -> None:
        os.write(self._ends[0], data)

    def listen(self, kind: type[SerialScanner] = SerialScanner) -> SerialScanner:
        scanner = kind(str(self.name), 9600, self.scans.put, lambda state, _: self.states.put(state))
        scanner.start()
        return scanner

    def until(self, state: PortState) -> None:
        while self.states.get(timeout=PATIENCE) is not state:
            pass

    def scan(self) -> str:
        return self.scans.get(timeout=PATIENCE).text


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    found = Bench(tmp_path)
    yield found
    found.pull_out()


@pytest.fixture
def listen(bench: Bench) -> Iterator[Callable[[], SerialScanner]]:
    started: list[SerialScanner] = []

    def start() -> SerialScanner:
        started.append(bench.listen())
        return started[-1]

    yield start
    for one in started:
        one.stop()
        one.join()
    assert not any(thread.name == "serial-port" for thread in threading.enumerate())


Listen = Callable[[], SerialScanner]


def test_scans_are_read_with_and_without_endings(bench: Bench, listen: Listen) -> None:
    bench.plug_in()
    listen()
    bench.until(PortState.OPEN)
    bench.send(f"{SERIAL}\r\n20USBML0000001\tR0H0".encode())
    assert [bench.scan() for _ in range(3)] == [f"{SERIAL}\r", "20USBML0000001\t", "R0H0"]


def test_a_scan_in_pieces_is_one(bench: Bench, listen: Listen) -> None:
    bench.plug_in()
    listen()
    bench.until(PortState.OPEN)
    for char in SERIAL + "\r":
        bench.send(char.encode())
    assert bench.scan() == f"{SERIAL}\r"


def test_a_port_is_waited_for_pulled_out_and_taken_up_again(bench: Bench, listen: Listen) -> None:
    listen()
    bench.until(PortState.MISSING)
    bench.plug_in()
    bench.until(PortState.OPEN)
    bench.send(f"{SERIAL[:6]}".encode())
    bench.pull_out()
    bench.until(PortState.MISSING)
    bench.plug_in()
    bench.until(PortState.OPEN)
    bench.send(f"{SERIAL}\r".encode())
    assert SERIAL + "\r" in (bench.scan(), bench.scan() if not bench.scans.empty() else "")


def test_a_port_that_another_program_uses_is_told(bench: Bench, listen: Listen) -> None:
    bench.plug_in()
    listen()
    bench.until(PortState.OPEN)
    listen()
    bench.until(PortState.BUSY)


class Shaky(SerialScanner):
    """A scanner whose driver is not ready yet, as in the moment in which it is plugged in."""

    is_ready = False

    def _opened(self) -> serial.Serial:
        if self.is_ready:
            return super()._opened()
        self.is_ready = True
        raise termios.error(errno.EIO, "Input/output error")  # pyserial lets it through


def test_a_port_that_is_not_ready_is_tried_again(bench: Bench) -> None:
    bench.plug_in()
    scanner = bench.listen(Shaky)
    bench.until(PortState.MISSING)
    bench.until(PortState.OPEN)
    scanner.stop()
    scanner.join()


def test_what_is_no_port_is_told(bench: Bench, listen: Listen) -> None:
    bench.name.write_text("a file")
    listen()
    bench.until(PortState.FAILED)


def test_the_end_waits_for_nobody(bench: Bench) -> None:
    bench.plug_in()
    scanner = bench.listen()
    bench.until(PortState.OPEN)
    scanner.stop()
    bench.send(f"{SERIAL}\r".encode())
    scanner.join()
    assert not any(thread.name == "serial-port" for thread in threading.enumerate())
    assert bench.scans.empty()


def test_ten_thousand_bytes_are_one_scan_of_which_little_is_kept() -> None:
    pieces = Pieces()
    assert pieces.take(b"7" * 10_000, 0) == []
    (arrival,) = pieces.take(b"\r", 5)
    assert (len(arrival.text), arrival.length) == (LONGEST_KEPT + 1, 10_001)
    assert Reader().read(arrival).meaning is Meaning.GARBLED


def test_times_and_odd_bytes() -> None:
    pieces = Pieces()
    pieces.take(b"\xe9", 100)
    (arrival,) = pieces.take(b"A\r", 140)
    assert (arrival.text, arrival.longest_gap, arrival.lasted) == ("éA\r", 40, 40)
    assert pieces.take(b"\r\n\x03", 150) == pieces.rest() == []


def test_ports_are_listed() -> None:
    assert all(one.device for one in ports())
