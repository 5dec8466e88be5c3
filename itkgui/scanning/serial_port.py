"""A scanner at a serial port: read on a thread of its own, waited for when it is not there."""

from __future__ import annotations

import enum
import errno
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itkgui.background.lookout import Lookout
from itkgui.language import N_
from itkgui.scanning.burst import LONGEST_KEPT
from itkgui.scanning.reading import Arrival, Source

if TYPE_CHECKING:
    import serial

if sys.platform == "win32":
    _ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)  # pyserial's own are OSErrors
else:
    import termios

    _ERRORS = (OSError, ValueError, termios.error)  # the last is none, and pyserial lets it through

logger = logging.getLogger(__name__)

_SILENCE = 0.1  # seconds, after which a scan without an ending is over
_RETRY = 1.0  # seconds between two looks for a scanner that is not there
_ENDS = b"\r\n\t\x03"


class PortState(enum.Enum):
    """How it is with a port."""

    CLOSED = N_("No serial port is listened to.")
    OPENING = N_("The port is being opened…")
    OPEN = N_("Listening. Scan something.")
    MISSING = N_("There is no such port now. It is used as soon as it is there.")
    BUSY = N_("Another program uses this port.")
    FORBIDDEN = N_("You may not use this port; on Linux your user must be in the group “dialout”.")
    FAILED = N_("This port cannot be used.")


@dataclass(frozen=True)
class Port:
    """A port of this computer; ``identity`` is that of the device behind it, whatever the port is called."""

    device: str
    title: str
    identity: str = ""


def ports() -> Sequence[Port]:
    """Return the serial ports that there are now. May take some time."""
    from serial.tools import list_ports  # only for who has such a scanner

    return [
        Port(
            one.device,
            one.description if one.description not in ("n/a", None) else "",
            f"{one.vid:04x}:{one.pid:04x}:{one.serial_number or ''}" if one.vid is not None else "",
        )
        for one in sorted(list_ports.comports())
    ]


class SerialScanner(Lookout):
    """Reads from one port until it is stopped; both functions are called on its thread."""

    def __init__(
        self,
        device: str,
        baud: int,
        on_scan: Callable[[Arrival], object],
        on_state: Callable[[PortState, str], object],
    ) -> None:
        super().__init__("serial-port")
        self._device, self._baud = device, baud
        self._on_scan, self._on_state = on_scan, on_state
        self._identity = ""
        self._state = PortState.CLOSED
        self._pieces = Pieces()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._tell(PortState.OPENING)
            try:
                with self._opened() as port:
                    self._tell(PortState.OPEN, port.port or "")
                    self._listen(port)
            except _ERRORS as error:
                self._tell(_state_of(error), str(error))
                self._stopped.wait(_RETRY)

    def _tell(self, state: PortState, detail: str = "") -> None:
        """Tell what has changed; of looking again and again nothing."""
        is_retry = state is PortState.OPENING and self._state is not PortState.CLOSED
        if state is not self._state and not is_retry and not self._stopped.is_set():
            self._state = state
            logger.info("serial port %s: %s %s", self._device, state.name, detail)
            self._on_state(state, detail)

    def _opened(self) -> serial.Serial:
        """Raises one of the errors above."""
        import serial

        device = self._present_device()
        # On Windows no port is shared; elsewhere two programs would each get a part of every scan.
        is_ours = None if sys.platform == "win32" else True
        return serial.Serial(device, self._baud, timeout=_SILENCE, exclusive=is_ours)

    def _present_device(self) -> str:
        """Return the port, or the one that the same scanner was given when it was plugged in again."""
        if sys.platform == "linux" and os.path.exists(self._device) and self._identity:  # noqa: PTH110
            return self._device
        found = ports()
        named = next((one for one in found if one.device == self._device), None)
        if named is not None:
            self._identity = named.identity
        elif self._identity:
            again = next((one for one in found if one.identity == self._identity), None)
            return again.device if again is not None else self._device
        return self._device

    def _listen(self, port: serial.Serial) -> None:
        """Raises OSError when the scanner is gone."""
        self._pieces = Pieces()
        while not self._stopped.is_set():
            data = port.read(1)  # waits for it
            if data:
                data += port.read(port.in_waiting)
            now = time.monotonic() * 1000
            for arrival in self._pieces.take(data, now) if data else self._pieces.rest():
                if not self._stopped.is_set():
                    self._on_scan(arrival)


class Pieces:
    """Puts together what comes in pieces, and takes apart what comes at once; times in ms."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._bytes = bytearray()
        self._length = 0
        self._first = self._last = self._longest = 0.0

    def take(self, data: bytes, now: float) -> list[Arrival]:
        """Return the scans that end in these bytes."""
        found: list[Arrival] = []
        if self._length:
            self._longest = max(self._longest, now - self._last)
        self._last = now
        for byte in data:
            if byte in _ENDS:
                found += self._ended(bytes([byte]))
                self._last = now
                continue
            if not self._length:
                self._first = now
            self._length += 1
            if len(self._bytes) < LONGEST_KEPT:
                self._bytes.append(byte)
        return found

    def rest(self) -> list[Arrival]:
        """Return what has come and no ending has followed."""
        return self._ended(b"")

    def _ended(self, ending: bytes) -> list[Arrival]:
        if not self._length:
            return []
        try:
            text = (bytes(self._bytes) + ending).decode()
        except UnicodeDecodeError:
            text = (bytes(self._bytes) + ending).decode("latin-1")
        length = self._length + len(ending) if self._length > len(self._bytes) else 0
        arrival = Arrival(text, Source.PORT, length, self._last - self._first, self._longest)
        self._forget()
        return [arrival]


def _state_of(error: Exception) -> PortState:
    code = getattr(error, "errno", error.args[0] if error.args else None)
    if code == errno.ENOENT or isinstance(error, FileNotFoundError) or "FileNotFoundError" in str(error):
        return PortState.MISSING
    if code in (errno.EBUSY, errno.EWOULDBLOCK) or "exclusively lock" in str(error):
        return PortState.BUSY
    if code in (errno.EACCES, errno.EPERM) or "PermissionError" in str(error):
        return PortState.BUSY if sys.platform == "win32" else PortState.FORBIDDEN
    if code in (errno.EIO, errno.ENXIO, errno.ENODEV) or "disconnected" in str(error):
        return PortState.MISSING
    return PortState.FAILED
