"""One window for each user and data folder: a second start hands its wish to the window that runs.

Every window listens on a socket of its own, named after the data folder and the moment of its start. A start
asks them in turn, the newest first, and holds a lock until it either was served or listens itself; so of two
starts at the same moment one waits for the other. What passes is one line of JSON each way.
"""

from __future__ import annotations

import enum
import hashlib
import json
import logging
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from PySide6.QtCore import QLockFile, QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from itkgui.language import N_, _

logger = logging.getLogger(__name__)

SANDBOX = "sandbox"

_LINE_LIMIT = 2048  # bytes of one message
_ANSWER_SECONDS = 2.0  # for everything that one window has to say, and for a start to say what it wishes
_START_SECONDS = 20.0  # that another start may take until it listens
_WRITE_SECONDS = 1.0  # and until it has written whose the lock is
_PRINTABLE = re.compile(r"[\x21-\x7e]{0,256}")


class Answer(enum.Enum):
    """What a window says to a wish."""

    OPENED = "opened"
    WAITS = "waits"  # for somebody to sign in
    ELSEWHERE = "elsewhere"  # connected to another kind of server than was asked for


class Wish(NamedTuple):
    """What a start was asked for: come forward, and open this component.

    ``server`` is empty if any will do, :data:`SANDBOX`, or the address of an API; ``token`` is what the
    desktop gave to let a window come forward.
    """

    identifier: str = ""
    server: str = ""
    token: str = ""

    def to_line(self) -> bytes:
        return _line(self._asdict())

    @classmethod
    def from_line(cls, line: bytes) -> Wish:
        """Return the wish in a line that anything may have sent; raises ValueError if there is none in it."""
        from itkgui.records.component_link import identifier_from  # no start needs it, unless it is asked to

        said = _fields(line)
        identifier, server, token = (_text(said, name) for name in ("identifier", "server", "token"))
        return cls(identifier and identifier_from(identifier), server, token)


def activation_token() -> str:
    """Return what the desktop gave this process to let a window come forward, or nothing."""
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    return token if _PRINTABLE.fullmatch(token) else ""


class MeetingPlace:
    """Where the windows of one user and one data folder are found; entering it keeps other starts waiting.

    ``trouble`` is a sentence for the user once something stood in the way; the program can start even so. A
    folder that is not private is not used.
    """

    def __init__(self, folder: Path, data_folder: Path) -> None:
        self._folder = folder
        named = os.path.normcase(data_folder.resolve())
        self._stem = hashlib.sha256(os.fsencode(named)).hexdigest()[:10]
        self._lock = QLockFile(str(folder / f"{self._stem}.lock"))
        self.is_private = False
        self.trouble = ""

    def __enter__(self) -> MeetingPlace:
        try:
            _make_private(self._folder)
        except OSError as error:
            self.trouble = _("Other windows cannot be found: {error}.").format(error=error)
            return self
        self.is_private = True
        deadline = time.monotonic() + _START_SECONDS
        unwritten, since = None, 0.0
        while not self._lock.tryLock(0):
            if self._lock.error() != QLockFile.LockError.LockFailedError or time.monotonic() > deadline:
                self.trouble = _(
                    "Another start of itkgui has not come to its end; this is a window of its own."
                )
                break
            found = self._unwritten_lock()
            if found != unwritten:
                unwritten, since = found, time.monotonic()
            elif found is not None and time.monotonic() - since > _WRITE_SECONDS:
                # Whose it was has ended before saying so. Qt would believe that after half a minute; it takes
                # none from a process that lives.
                self._lock.removeStaleLockFile()
            time.sleep(0.02)
        return self

    def _unwritten_lock(self) -> tuple[int, int] | None:
        """Return the file and the moment of a lock that says of nobody whose it is; None if there is none."""
        try:
            facts = os.stat(self._lock.fileName())  # noqa: PTH116
        except OSError:
            return None
        return (facts.st_ino, facts.st_mtime_ns) if facts.st_size == 0 else None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let the next start go on."""
        self._lock.unlock()

    def hand_over(self, wish: Wish) -> Answer | None:
        """Return what the first window says that takes the wish; None if there is none, or none answers."""
        for address in self._addresses():
            answer = self._ask(address, wish)
            if answer in (Answer.OPENED, Answer.WAITS):
                return answer
        return None

    def new_address(self) -> str:
        """Return a name for a socket that no window has had."""
        return self._address(f"{self._stem}-{time.time_ns() // 1_000_000:x}")

    def _addresses(self) -> list[str]:
        if not self.is_private:
            return []
        folder = "//./pipe/" if sys.platform == "win32" else self._folder
        try:
            names = os.listdir(folder)  # noqa: PTH208 - the folder of pipes is none to pathlib
        except OSError:
            return []
        shape = re.compile(rf"{self._stem}-[0-9a-f]+")
        return [self._address(name) for name in sorted(filter(shape.fullmatch, names), reverse=True)]

    def _address(self, name: str) -> str:
        return name if sys.platform == "win32" else str(self._folder / name)

    def _ask(self, address: str, wish: Wish) -> Answer | None:
        deadline = time.monotonic() + _ANSWER_SECONDS
        socket = QLocalSocket()
        socket.connectToServer(address)
        if not socket.waitForConnected(_until(deadline)):
            nobody = (
                QLocalSocket.LocalSocketError.ConnectionRefusedError,
                QLocalSocket.LocalSocketError.ServerNotFoundError,
            )
            if socket.error() in nobody:
                QLocalServer.removeServer(address)  # its window was killed
            else:
                self.trouble = _(_MUTE)
            return None
        socket.write(wish.to_line())
        while not socket.canReadLine() and socket.bytesAvailable() < _LINE_LIMIT:
            if not socket.waitForReadyRead(_until(deadline)):
                break
        line = bytes(socket.readLine(_LINE_LIMIT).data())
        socket.abort()
        try:
            return Answer(_fields(line).get("answer"))
        except ValueError:  # silence, the end of that window, or somebody else
            self.trouble = _(_MUTE)
            return None


_MUTE = N_("A window of itkgui is running but does not answer; this is a new one.")


class Door(QObject):
    """Hears the wishes of later starts, on a socket that only this user may use. GUI thread only."""

    def __init__(self, place: MeetingPlace, answer: Callable[[Wish], Answer]) -> None:
        super().__init__()
        self._place = place
        self._answer = answer
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)

    def open(self) -> None:
        """Listen, and let the starts go on that have waited for it."""
        if self._place.is_private:
            if self._server.listen(self._place.new_address()):
                logger.info("later starts find this window at %s", self._server.serverName())
            else:
                logger.warning("later starts will not find this window: %s", self._server.errorString())
        self._place.release()

    def close(self) -> None:
        """Hear no more, and let nobody wait in vain; also removes the socket."""
        self._server.close()
        for socket in self._server.findChildren(QLocalSocket):
            socket.abort()

    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_LINE_LIMIT)
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._on_heard(socket))
            patience = QTimer(socket)
            patience.setSingleShot(True)
            patience.timeout.connect(lambda socket=socket: socket.abort())
            patience.start(int(_ANSWER_SECONDS * 1000))
            self._on_heard(socket)

    def _on_heard(self, socket: QLocalSocket) -> None:
        if socket.state() != QLocalSocket.LocalSocketState.ConnectedState:
            return
        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LINE_LIMIT:
                logger.warning("a message of more than %d bytes was refused", _LINE_LIMIT)
                socket.abort()
            return
        try:
            wish = Wish.from_line(bytes(socket.readLine(_LINE_LIMIT).data()))
        except ValueError as error:
            logger.warning("a message was refused: %s", error)
            socket.abort()
            return
        socket.waitForReadyRead(0)  # which notices that the other side is gone
        if socket.state() != QLocalSocket.LocalSocketState.ConnectedState:
            logger.info("a later start did not wait long enough for this window")
            return
        socket.write(_line({"answer": self._answer(wish).value}))
        socket.disconnectFromServer()


def _make_private(folder: Path) -> None:
    """Make a folder that is this user's alone. Raises OSError where it is, or may be, somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if sys.platform != "win32" and (
        not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077
    ):
        raise PermissionError(f"{folder} is not a folder of this user alone")


def _until(deadline: float) -> int:
    return max(0, round((deadline - time.monotonic()) * 1000))


def _text(said: dict[str, object], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise ValueError(f"{name} is no short text without blanks")
    return value


def _line(said: dict[str, str]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _fields(line: bytes) -> dict[str, object]:
    """Return the JSON object in one line. Raises ValueError."""
    if not line.endswith(b"\n"):
        raise ValueError("not one line")
    try:
        said = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(said, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - what was sent is wrong, not our call
    return said
