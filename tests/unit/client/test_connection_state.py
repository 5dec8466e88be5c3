"""What is told of the connection, by what requests have met."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.connection_state import ConnectionState, Place, Trouble, trouble_in
from itkgui.client.exceptions import (
    BadRequest,
    Cancelled,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    ItkError,
    NotTheApi,
    ServerSilent,
    ServerTrouble,
    ServerUnreachable,
    SessionExpired,
    TlsFailed,
    TooManyRequests,
    UnexpectedStatus,
)
from itkgui.client.session import Request, Session
from itkgui.settings import Settings

if TYPE_CHECKING:
    from tests.unit.client.conftest import Reply, ScriptedServer, Wire

API, AUTH, STORE = "https://api.invalid/", "https://auth.invalid/grant", "https://eos.invalid/file"
UNKNOWN_NAME = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class Clocks:
    """Two clocks that a test sets: one stands still while the computer sleeps."""

    def __init__(self) -> None:
        self.mono, self.wall = 100.0, 1_000_000.0

    def pass_by(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += seconds

    def sleep(self, seconds: float) -> None:
        self.wall += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def state(clocks: Clocks) -> ConnectionState:
    settings = Settings(api_url="https://api.invalid/", auth_url="https://auth.invalid/")
    return ConnectionState(
        settings, monotonic=lambda: clocks.mono, wall=lambda: clocks.wall, has_network=lambda: True
    )


def worst(state: ConnectionState) -> Place:
    return state.worst[0]


def looks_in(state: ConnectionState) -> float | None:
    return state.next_look


def caused(error: ItkError, cause: BaseException) -> ItkError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "has_network", "trouble"),
    [
        (None, True, Trouble.NONE),
        (caused(ServerUnreachable("x"), UNKNOWN_NAME), True, Trouble.NAME),
        (caused(ServerUnreachable("x"), UNKNOWN_NAME), False, Trouble.NETWORK),
        (caused(ServerUnreachable("x"), OSError(errno.ENETUNREACH, "x")), True, Trouble.NETWORK),
        (
            caused(ServerUnreachable("x"), ConnectionRefusedError(errno.ECONNREFUSED, "x")),
            True,
            Trouble.UNREACHED,
        ),
        (ServerUnreachable("a time-out"), True, Trouble.UNREACHED),
        (ServerSilent("x"), False, Trouble.SILENT),
        (ConnectionLost("x"), True, Trouble.SILENT),
        (ConnectionLost("the cable was pulled"), False, Trouble.NETWORK),
        (TlsFailed("x"), True, Trouble.TRUST),
        (NotTheApi("x", status=200), True, Trouble.PORTAL),
        (UnexpectedStatus("x", status=302), True, Trouble.PORTAL),
        (ServerTrouble("x", status=511), True, Trouble.PORTAL),
        (SessionExpired("x", status=401), True, Trouble.SIGN_IN),
        (ServerTrouble("x", status=503), True, Trouble.SERVER),
        (ServerTrouble("of this one question", status=500), True, Trouble.NONE),
        (TooManyRequests("x", status=429), True, Trouble.NONE),
        (Forbidden("x", status=403), True, Trouble.NONE),
        (BadRequest("x", status=400), True, Trouble.NONE),
    ],
)
def test_each_failure_is_told_from_the_others(error: Any, has_network: bool, trouble: Trouble) -> None:
    assert trouble_in(error, lambda: has_network) is trouble


def test_the_servers_are_told_apart(state: ConnectionState) -> None:
    state.note(STORE, ServerSilent("x"))
    assert worst(state) is Place.STORE
    assert not state.is_away, "the database can be read"
    state.note(AUTH, TlsFailed("x"))
    assert worst(state) is Place.SIGN_IN
    state.note(API, caused(ServerUnreachable("no such name"), UNKNOWN_NAME))
    place, condition = state.worst
    assert (place, condition.trouble, condition.detail) == (Place.DATABASE, Trouble.NAME, "no such name")
    state.note(API)
    assert worst(state) is Place.SIGN_IN
    state.note(AUTH)
    state.note(STORE)
    assert state.worst[1].trouble is Trouble.NONE


def test_a_server_that_was_not_asked_is_told_from_one_that_answered(
    state: ConnectionState, clocks: Clocks
) -> None:
    state.note(API)
    assert not state.was_asked(Place.SIGN_IN)
    state.note(AUTH)
    assert state.was_asked(Place.SIGN_IN)
    clocks.pass_by(1)
    state.note(API, ServerSilent("x"))
    assert state.was_asked(Place.DATABASE)
    assert not state.was_asked(Place.SIGN_IN), "what it said before says nothing of now"
    clocks.pass_by(10)
    state.note(AUTH)
    state.note(API, ServerSilent("x"))
    assert state.was_asked(Place.SIGN_IN), "it is the first failure that counts"


def test_what_nobody_needed_for_long_is_no_longer_held_to_be_away(
    state: ConnectionState, clocks: Clocks
) -> None:
    state.note(STORE, ServerSilent("x"))
    state.note(API, ServerSilent("x"))
    clocks.pass_by(601)
    assert state.of(Place.STORE).trouble is Trouble.NONE
    assert state.of(Place.DATABASE).trouble is Trouble.SILENT, "somebody looks at it all the time"


def test_it_tells_of_changes_only(state: ConnectionState) -> None:
    told: list[Trouble] = []
    state.listener = lambda: told.append(state.of(Place.DATABASE).trouble)
    lost: list[ItkError | None] = [None, ConnectionLost("x"), ConnectionLost("y"), Cancelled(), None, None]
    for error in (*lost, SessionExpired("x", status=401)):
        state.note(API, error)
    assert told == [Trouble.SILENT, Trouble.NONE, Trouble.SIGN_IN]
    assert state.worst[1].trouble is Trouble.NONE, "it is told of the session"
    assert not state.is_away, "a session that has ended is no matter of the network"


def test_an_absent_server_is_asked_ever_more_rarely_and_never_while_all_is_well(
    state: ConnectionState, clocks: Clocks
) -> None:
    assert looks_in(state) is None
    pauses: list[float | None] = []
    for _ in range(8):
        state.note(API, ConnectionFailed("x"))
        state.note(API, ConnectionFailed("at the same time"))
        assert state.may_rest()
        pauses.append(looks_in(state))
        clocks.pass_by(pauses[-1] or 0)
        assert not state.may_rest()
    assert pauses == [3, 6, 12, 24, 48, 60, 60, 60]
    state.note(API)
    assert (looks_in(state), state.may_rest()) == (None, False)
    state.note(API, ConnectionFailed("a network that flaps"))
    assert looks_in(state) == 3


def test_a_sign_in_server_that_is_away_is_looked_for_too(state: ConnectionState) -> None:
    state.note(AUTH, ServerSilent("x"))
    assert looks_in(state) is not None
    assert not state.may_rest(), "the database is there"
    state.note(AUTH, SessionExpired("x", status=401))
    assert looks_in(state) is None, "wrong codes do not become right by asking"


def test_an_object_store_that_is_away_is_looked_for_too_without_the_name_of_a_file(
    state: ConnectionState,
) -> None:
    state.note("https://eos.invalid/eos/atlas/photo.jpg?token=secret", ServerSilent("x"))
    looks = [state.next_look]
    assert state.store_url == "https://eos.invalid/eos/"
    state.note("https://eos.invalid/eos/")
    looks.append(state.next_look)
    assert looks == [60.0, None]
    state.note(STORE, ServerSilent("x"))
    assert state.store_url == "https://eos.invalid/"


def test_a_computer_that_slept_looks_again_at_once(state: ConnectionState, clocks: Clocks) -> None:
    assert not state.has_slept()
    for _ in range(6):
        state.note(API, ConnectionFailed("x"))
        clocks.pass_by(60)
    state.note(API, ConnectionFailed("x"))
    assert state.may_rest()
    clocks.sleep(3600)  # its lid was closed
    assert state.has_slept()
    assert not state.may_rest()
    assert not state.has_slept(), "told once"
    state.note(API, ConnectionFailed("x"))
    assert looks_in(state) == 3
    clocks.sleep(-7200)  # its clock was set
    assert state.has_slept()


def test_an_odd_address_is_nobodys(state: ConnectionState) -> None:
    state.note("no address", ConnectionFailed("x"))
    assert state.worst[0] is Place.STORE
    odd = ConnectionState(Settings(api_url="https://api.invalid/", auth_url="https://auth.invalid/"))
    assert odd.worst[1].trouble is Trouble.NONE


# Fed by real requests --------------------------------------------------------------------------------------

MEETINGS: dict[str, tuple[Callable[[Wire], Reply], Trouble]] = {
    "resets": (lambda wire: wire.reset, Trouble.SILENT),
    "is silent": (lambda wire: wire.silence, Trouble.SILENT),
    "is busy": (lambda wire: wire.reply(503, retry_after="100"), Trouble.SERVER),
    "a portal": (
        lambda wire: wire.reply(200, b"<html>log in</html>", content_type="text/html"),
        Trouble.PORTAL,
    ),
    "a portal that leads away": (
        lambda wire: wire.reply(302, location="https://portal.invalid/"),
        Trouble.PORTAL,
    ),
    "a refusal": (lambda wire: wire.failure(400, "x/y/z"), Trouble.NONE),
    "an ended session": (lambda wire: wire.failure(401, "x/y/z"), Trouble.SIGN_IN),
    "an answer": (lambda wire: wire.json({}), Trouble.NONE),
}


@pytest.mark.parametrize("case", MEETINGS)
def test_requests_tell_how_the_connection_is(wire: Wire, case: str) -> None:
    reply, trouble = MEETINGS[case]
    server: ScriptedServer = wire.server(lambda _: reply(wire))
    session = Session(server.settings(read_timeout=0.3))
    met: ItkError | None = None
    try:
        session.json(Request("GET", server.url + "getThing"))
    except ItkError as error:
        met = error
    session.close()
    assert session.connection.of(Place.DATABASE).trouble is trouble, met


def test_a_name_that_nobody_knows_is_told_from_a_server_that_refuses(wire: Wire) -> None:
    server = wire.server(lambda _: wire.json({}))
    for url, troubles in (
        (
            "https://nobody.invalid/",
            (Trouble.NAME, Trouble.NETWORK),
        ),  # as this computer has a network or none
        (server.url, (Trouble.UNREACHED,)),
    ):
        session = Session(server.settings(api_url=url))
        server.close() if url == server.url else None
        with pytest.raises(ServerUnreachable):
            session.json(Request("GET", url + "getThing"))
        assert session.connection.of(Place.DATABASE).trouble in troubles


def test_a_look_in_vain_keeps_no_object_store_from_being_forgotten(
    state: ConnectionState, clocks: Clocks
) -> None:
    state.note(STORE, ServerSilent())
    for _minute in range(9):
        clocks.pass_by(60)
        state.note(state.store_url, ServerSilent())
    assert state.of(Place.STORE).is_away
    assert state.next_look is not None
    state.note(STORE, ServerSilent())  # somebody needs it
    clocks.pass_by(540)
    assert state.of(Place.STORE).is_away
    clocks.pass_by(61)
    assert not state.of(Place.STORE).is_away
    assert state.next_look is None
