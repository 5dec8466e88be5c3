"""The cache under many threads, two programs, and in the client."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client import transfer
from itkgui.client.cache_options import CacheOptions
from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import (
    ComponentNotFound,
    ConnectionFailed,
)
from itkgui.client.thread_session import ThreadSession
from tests.conftest import settings_for
from tests.unit.client.cache.conftest import DAY, FRESH, NOW, PART, Asker, bytes_in
from tests.unit.client.conftest import CODES
from tests.unit.client.signed_in import requests_of

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Provider, Received, Reply, Wire


def together(count: int, work: Callable[[int], None]) -> None:
    """Run work in threads, all at once, and raise the first error of any."""
    faults: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test shall tell
            faults.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_many_threads_mix_all_it_can_do(wire: Wire, asker: Callable[..., Asker]) -> None:
    def answer(got: Received) -> Reply:
        return wire.json({"asked": got.json, "text": "x" * random.choice((10, 50_000))}, **FRESH)

    user = asker(wire.server(answer), size_limit=5_000_000, offline=DAY)

    def work(thread: int) -> None:
        dice = random.Random(thread)
        for _ in range(60):
            body = {"component": str(dice.randrange(20))}
            asked = user.get("getComponent", body, refresh=dice.random() < 0.2)["asked"]
            assert asked == body
            if dice.random() < 0.1:
                user.cache.forget([body["component"]])
            if dice.random() < 0.02:
                dice.choice((user.cache.prune, user.cache.clear))()

    together(16, work)
    assert user.asked < 16 * 60
    assert user.response("getComponent", {"component": "1"}).status_code == 200


OTHER_PROGRAM = """
import random, sys
from pathlib import Path
from itkgui.client.origins import Origin
from itkgui.client.response_cache import CacheUse, ResponseCache
from itkgui.client.session import Request, Session
from itkgui.settings import Settings
folder, url, seed = sys.argv[1:]
dice = random.Random(seed)
cache = ResponseCache(Path(folder), "one", Origin.of(url), lifetime=None, offline=None, size_limit=50_000_000)
session = Session(Settings(api_url=url))
for _ in range(200):
    body = {"component": str(dice.randrange(30))}
    use = CacheUse(cache, refresh=dice.random() < 0.3)
    request = Request("GET", url + "getComponent", json=body, cache=use)
    assert session.json(request)["asked"] == body
    if dice.random() < 0.1:
        cache.forget([body["component"]])
session.close()
cache.close()
"""


def test_two_programs_share_one_store(wire: Wire, folder: Path) -> None:
    server = wire.server(lambda got: wire.json({"asked": got.json, "text": "x" * 5_000}, **FRESH))
    command = [sys.executable, "-W", "error", "-c", OTHER_PROGRAM, str(folder), server.url]
    programs = [subprocess.Popen([*command, seed], stderr=subprocess.PIPE, text=True) for seed in "ab"]
    said = [program.communicate(timeout=60)[1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    assert said == ["", ""]
    assert len(server.received) < 400
    assert len(list(folder.iterdir())) == 1


@pytest.fixture
def client(provider: Provider, folder: Path) -> Iterator[Callable[..., Client]]:
    """Start clients of one provider with a cache; the API answers with a number and with who asks."""
    started: list[Client] = []
    numbers = iter(range(1, 1000))

    def answer(got: Received) -> Reply:
        return provider.wire.json({"number": next(numbers), **PART}, set_cookie="canary=1", **FRESH)

    provider.api = answer

    def start(**options: Any) -> Client:
        cache = CacheOptions(folder, **options)
        started.append(Client(provider.server.settings(read_timeout=1.0), CODES, cache=cache))
        return started[-1]

    yield start
    for found in started:
        found.close()


def test_each_identity_has_a_store_of_its_own(
    client: Callable[..., Client], provider: Provider, folder: Path
) -> None:
    first = client()
    assert [first.get("getComponent")["number"] for _ in range(2)] == [1, 1]
    provider.claims = {"uuidentity": "99-9999-9"}
    second = client()
    assert second.get("getComponent")["number"] == 2
    assert first.get("getComponent")["number"] == 1
    found = bytes_in(folder)
    assert b'"number"' in found
    assert b"canary" not in found
    assert b"eyJ" not in found  # how a token begins


def test_a_write_of_the_client_drops_what_it_changes(client: Callable[..., Client]) -> None:
    user = client(lifetime=DAY)
    assert [user.get("getComponent")["number"] for _ in range(2)] == [1, 1]
    user.post("setComponentStage", {"component": PART["serialNumber"], "stage": "NEXT"})
    assert user.get("getComponent")["number"] == 3
    assert user.get("getComponent", refresh=True)["number"] == 4
    assert user.get("getComponent", expires_after=NOW)["number"] == 5


def test_a_write_drops_what_an_earlier_client_kept(client: Callable[..., Client]) -> None:
    earlier = client(lifetime=DAY)
    assert earlier.get("getComponent")["number"] == 1
    earlier.close()
    user = client(lifetime=DAY)
    user.post("setComponentStage", {"component": PART["serialNumber"], "stage": "NEXT"})
    assert user.get("getComponent")["number"] == 3


@pytest.mark.parametrize("has_read", [True, False])
def test_sign_out_of_the_client_leaves_no_file(
    client: Callable[..., Client], folder: Path, has_read: bool
) -> None:
    user = client()
    user.get("getComponent")
    assert list(folder.iterdir())
    if not has_read:
        user.close()
        user = client()
        user.sign_in()
    user.sign_out()
    assert list(folder.iterdir()) == []


@pytest.mark.logs("cannot be reached")
def test_the_client_reads_off_line_with_a_session_that_ended(
    client: Callable[..., Client], provider: Provider
) -> None:
    provider.lifetime = 0.5
    user = client(offline=DAY)
    first = user.get("getComponent", expires_after=timedelta(microseconds=1))
    while user.identity.expires is not None and user.identity.expires > datetime.now(timezone.utc):
        time.sleep(0.02)
    provider.server.close()
    assert user.get("getComponent") == first
    with pytest.raises(ConnectionFailed):
        user.get("getOther")


def test_an_unknown_component_is_known_as_soon_as_it_is_there(
    client: Callable[..., Client], provider: Provider, wire: Wire
) -> None:
    there = provider.api
    provider.api = lambda _: wire.failure(400, "ucl-itkpd-main/getComponent/componentDoesNotExist")
    user = client(lifetime=DAY)
    with pytest.raises(ComponentNotFound):
        user.get("getComponent")
    provider.api = there
    assert user.get("getComponent")["serialNumber"] == PART["serialNumber"]


def test_a_change_shows_at_once_in_the_sandbox(sandbox: SandboxProcess, folder: Path) -> None:
    serial, words = "20UPGM23800001", f"kept and forgotten {random.random()}"
    with Client(settings_for(sandbox), cache=CacheOptions(folder, lifetime=DAY)) as user:
        before = user.get("getComponent", {"component": serial})
        assert user.get("getComponent", {"component": serial}) == before
        # Whoever knows it by another name, and in another session, sees it too.
        with Client(settings_for(sandbox), cache=CacheOptions(folder, lifetime=DAY)) as other:
            other.post("createComponentComment", {"component": before["code"], "comments": [words]})
        after = user.get("getComponent", {"component": serial})
    assert words in [comment["comment"] for comment in after["comments"]]
    assert sandbox.info["bearer"].encode() not in bytes_in(folder)


def test_nothing_is_loaded_for_a_client_without_a_cache() -> None:
    modules = "itkgui.client.client, itkgui.client.response_cache"
    code = f"import sys, {modules}; print('requests_cache' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


@pytest.mark.alone
def test_a_hit_takes_less_than_a_request(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "x" * 100_000}, **FRESH)), lifetime=DAY)
    session = user.cache.session()
    request = session.prepare_request(requests.Request("GET", user.server.url + "getThing", json={"a": 1}))
    user.get(body={"a": 1})
    times = []
    for _ in range(200):
        begin = time.perf_counter()
        assert session.send(request).from_cache  # type: ignore[attr-defined]
        times.append(time.perf_counter() - begin)
    assert sorted(times)[100] < 0.005  # seconds; about a tenth of that on an idle computer
    assert isinstance(session, ThreadSession)


def test_the_age_of_what_is_used_is_told(client: Callable[..., Client]) -> None:
    user = client(lifetime=DAY)
    with transfer.running(transfer.Transfer()) as work:
        user.get("getComponent")
    assert work.as_of is None  # of this moment
    before = datetime.now(timezone.utc)
    with transfer.running(transfer.Transfer()) as work:
        user.each(lambda _: user.get("getComponent"), range(3))  # by other threads too
    assert work.as_of is not None
    assert before - timedelta(minutes=1) < work.as_of < before


def test_what_is_kept_can_be_had_without_asking(client: Callable[..., Client], provider: Provider) -> None:
    user = client(lifetime=DAY)
    assert user.kept("getComponent") is None
    found = user.get("getComponent")
    requests_so_far = len(provider.server.received)
    assert user.kept("getComponent") == found
    assert user.kept("getComponent", {"component": "another"}) is None
    assert len(provider.server.received) == requests_so_far
    user.post("setComponentStage", {"component": PART["serialNumber"], "stage": "NEXT"})
    assert user.kept("getComponent") is None


def test_what_is_kept_gives_the_same_records(sandbox: SandboxProcess, folder: Path) -> None:
    """A component that is opened again from what is kept is the same, and nothing is asked for it."""
    codes = AccessCodes(sandbox.info["access_code1"], sandbox.info["access_code2"])
    options = CacheOptions(folder, lifetime=DAY)
    with ProductionDatabase.sign_in(settings_for(sandbox), codes, cache=options) as database:
        first = database.open_component("20UPGM23800001")
        asked = len(requests_of(sandbox))
        again = database.open_component("20UPGM23800001")
        assert len(requests_of(sandbox)) == asked
        assert (again.component, again.runs) == (first.component, first.runs)
        assert [run.raw for run in again.runs] == [run.raw for run in first.runs]
        assert len(again.runs) > 20
        fresh = database.test_runs(first.component, refresh=True)
        assert len(requests_of(sandbox)) > asked
        assert fresh == first.runs
