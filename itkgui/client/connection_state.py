"""How the connection to each server stands, told by what requests meet: which part of the way fails."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple
from urllib.parse import urlsplit

from itkgui.client.exceptions import (
    AnswerError,
    Cancelled,
    ConnectionFailed,
    ItkError,
    NotTheApi,
    ServerSilent,
    ServerUnreachable,
    SessionExpired,
    SignInFailed,
    TlsFailed,
    UnreadableAnswer,
)
from itkgui.client.origins import Origin
from itkgui.settings import Settings

_FIRST_PAUSE, _GROWTH, _LONGEST_PAUSE = 3.0, 2.0, 60.0  # seconds between two looks at a server that is away
_FORGOTTEN = 600.0  # seconds after which a server that nobody needs again is no longer held to be away
_SLEPT = 20.0  # seconds by which the clock of the wall runs ahead of the other while a computer sleeps
_AWAY = (502, 503, 504)
_PORTAL = (407, 511)  # a proxy, or a network, wants to know who one is
_NO_NETWORK = (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)
# Addresses that nobody has: the system tells whether it would know a way there, and sends nothing.
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class Place(Enum):
    """One of the servers that the work needs."""

    DATABASE = "database"
    SIGN_IN = "sign-in server"
    STORE = "object store"


class Trouble(Enum):
    """What keeps a server's answers from coming; the first ones are nearest to this computer."""

    NONE = "none"
    NETWORK = "network"  # this computer has none
    NAME = "name"  # the network does not know the server's name (DNS)
    TRUST = "trust"  # whoever answers cannot prove to be the server (TLS)
    PORTAL = "portal"  # a web page came instead: a network that asks for a log-in first
    UNREACHED = "unreached"  # refused, or no way to it
    SILENT = "silent"  # reached, but no answer came, or not all of it
    SIGN_IN = "sign-in"  # it answers, but not to this session
    SERVER = "server"  # it answers that it is out of order


class Condition(NamedTuple):
    """How a server stands since a moment (seconds since 1970); ``detail`` is what was met, if anything."""

    trouble: Trouble = Trouble.NONE
    since: float = 0.0
    detail: str = ""

    @property
    def is_away(self) -> bool:
        """Whether none of its answers comes, so that only what is kept can be read."""
        return self.trouble not in (Trouble.NONE, Trouble.SIGN_IN)


class ConnectionState:
    """What is known of the servers of one client, any thread may tell it and ask it.

    It never asks a server itself. After a failure it says for how long a server may be left alone
    (``may_rest``), a little longer each time, and when somebody should look again (``next_look``).
    ``listener`` is called, on whichever thread, when a condition has changed. ``monotonic`` may stand still
    while the computer sleeps, ``wall`` does not; both in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        has_network: Callable[[], bool] | None = None,
    ) -> None:
        self._places: dict[Origin, Place] = {}
        with contextlib.suppress(ValueError):  # no address at all, as every request will tell
            self._places[Origin.of(settings.auth_url)] = Place.SIGN_IN
            self._places[Origin.of(settings.api_url)] = Place.DATABASE
        self._monotonic, self._wall = monotonic, wall
        self._has_network = has_network or knows_a_way
        self._lock = threading.Lock()
        self._conditions = {place: Condition() for place in Place}
        self._told: dict[Place, float] = {}  # when each was last heard of, by the monotonic clock
        self._failures = 0
        self._away_from = 0.0  # by the monotonic clock
        self._next_look = 0.0
        self._ahead = wall() - monotonic()
        self.store_url = ""  # where the object store was found away, without the name of a file
        self.answered = 0.0  # when the database last answered, in seconds since 1970
        self.listener: Callable[[], None] = lambda: None

    def note(self, url: str, error: ItkError | None = None) -> None:
        """Take note of what a request met: None for an answer. A refusal is an answer, too."""
        if isinstance(error, Cancelled):
            return
        place, is_here = self._place_of(url)
        trouble = trouble_in(error, (lambda: True) if is_here else self._has_network)
        with self._lock:
            old = self._conditions[place]
            now = self._monotonic()
            if place is not Place.STORE or url != self.store_url:  # which is only looked for
                self._told[place] = now
            if place is Place.DATABASE:
                self._note_database(trouble, now)
            elif place is Place.STORE and Condition(trouble).is_away:
                with contextlib.suppress(ValueError):  # nobody can be asked there
                    self.store_url = _folder_of(url)
            is_change = trouble is not old.trouble
            if is_change:
                detail = "" if trouble is Trouble.NONE or error is None else error.detail
                self._conditions[place] = Condition(trouble, self._wall(), detail)
        if is_change:
            self.listener()

    def _note_database(self, trouble: Trouble, now: float) -> None:
        if not Condition(trouble).is_away:
            self._failures, self._next_look = 0, 0.0
            self.answered = self._wall()
        elif now >= self._next_look:  # several that fail together count once
            self._away_from = self._away_from if self._failures else now
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * _GROWTH**self._failures)
            self._failures += 1
            self._next_look = now + pause

    def _place_of(self, url: str) -> tuple[Place, bool]:
        """Return which server an address is of, and whether it runs on this computer, without a network."""
        try:
            origin = Origin.of(url)
        except ValueError:
            return Place.STORE, False
        return self._places.get(origin, Place.STORE), origin.is_loopback

    # What is known -----------------------------------------------------------------------------------------

    def of(self, place: Place) -> Condition:
        """Return how a server stands; one that was away and that nobody needed for long counts as well."""
        with self._lock:
            condition = self._conditions[place]
            is_old = self._monotonic() - self._told.get(place, 0.0) > _FORGOTTEN
            return Condition() if is_old and place is Place.STORE else condition

    def was_asked(self, place: Place) -> bool:
        """Tell whether anything was heard of a server; while the database is away, whether since then."""
        with self._lock:
            told, is_away = self._told.get(place), self._conditions[Place.DATABASE].is_away
            return told is not None and (told >= self._away_from or not is_away)

    @property
    def is_away(self) -> bool:
        """Whether the database's answers do not come at present."""
        return self._conditions[Place.DATABASE].is_away

    @property
    def worst(self) -> tuple[Place, Condition]:
        """What to tell first: of the database, then of the sign-in, then of the object store.

        A server that only does not take the session answers: whoever tells of the session tells that.
        """
        for place in Place:
            if (condition := self.of(place)).is_away:
                return place, condition
        return Place.DATABASE, Condition()

    def may_rest(self) -> bool:
        """Tell whether the database was found away so shortly ago that asking it again helps nobody."""
        return self.is_away and self._monotonic() < self._next_look

    @property
    def next_look(self) -> float | None:
        """In how many seconds somebody should look whether a server is back; None while all is well."""
        if self.is_away:
            return max(0.0, self._next_look - self._monotonic())
        is_other_away = self._conditions[Place.SIGN_IN].is_away or self.of(Place.STORE).is_away
        return _LONGEST_PAUSE if is_other_away else None

    # Sleep -------------------------------------------------------------------------------------------------

    def has_slept(self) -> bool:
        """Tell whether the computer slept, or its clock was set, since this was last asked.

        What was known of the network is then of no worth, and whoever rests shall look again at once.
        """
        with self._lock:
            ahead = self._wall() - self._monotonic()
            slept, self._ahead = abs(ahead - self._ahead) > _SLEPT, ahead
            if slept:
                self._failures, self._next_look = 0, 0.0
        return slept

    def look_now(self) -> None:
        """Let nobody rest: the next request asks the server, whatever is known."""
        with self._lock:
            self._failures, self._next_look = 0, 0.0


def trouble_in(error: ItkError | None, has_network: Callable[[], bool]) -> Trouble:
    """Tell what an error says of the way to the server; a refusal of a request says that it is there."""
    if error is None:
        return Trouble.NONE
    if isinstance(error, SessionExpired | SignInFailed):
        return Trouble.SIGN_IN
    if isinstance(error, TlsFailed):
        return Trouble.TRUST
    if isinstance(error, NotTheApi) or (isinstance(error, AnswerError) and _is_of_a_portal(error.status)):
        return Trouble.PORTAL
    if isinstance(error, ServerUnreachable):
        return _nearest(error, has_network)
    if isinstance(error, ConnectionFailed):
        is_reached = isinstance(error, ServerSilent) or has_network()
        return Trouble.SILENT if is_reached else Trouble.NETWORK
    if isinstance(error, AnswerError) and (error.status in _AWAY or _is_no_http(error)):
        return Trouble.SERVER
    return Trouble.NONE


def _folder_of(url: str) -> str:
    """Return the first folder of an address, which tells of no file. Raises ValueError for an odd one."""
    Origin.of(url)
    parts = urlsplit(url)
    folder, separator, _rest = parts.path.lstrip("/").partition("/")
    return f"{parts.scheme}://{parts.netloc}/{folder}/" if separator else f"{parts.scheme}://{parts.netloc}/"


def _is_of_a_portal(status: int) -> bool:
    """Tell whether a status is of somebody on the way: the database leads nobody elsewhere (§1.2)."""
    return 300 <= status < 400 or status in _PORTAL


def _is_no_http(error: AnswerError) -> bool:
    return isinstance(error, UnreadableAnswer) and error.status == 0


def _nearest(error: ItkError, has_network: Callable[[], bool]) -> Trouble:
    """Tell a computer without a network from one that cannot find a name, or a server."""
    causes = list(_causes(error))
    if any(isinstance(cause, OSError) and cause.errno in _NO_NETWORK for cause in causes):
        return Trouble.NETWORK
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Trouble.NAME if has_network() else Trouble.NETWORK
    return Trouble.UNREACHED


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def knows_a_way() -> bool:
    """Tell whether this computer knows any way out of itself; asks nobody but its own system."""
    return any(_is_led(*one) for one in _ANYWHERE)


def _is_led(family: int, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((address, 9))
    except OSError:  # no such network here
        return False
    return True
