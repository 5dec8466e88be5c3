"""A tray that is fetched ahead: all that its pages ask, its files, and an honest tally."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from itkgui.client import transfer
from itkgui.client.cache_options import CacheOptions
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, ConnectionFailed
from itkgui.client.fetch_ahead import Fetched, NoLongerKept, Progress, fetch_ahead, look_again
from itkgui.client.file_cache import FileCache
from itkgui.item_models.fetch_words import progress_text, tally_text, tone_of
from itkgui.records.component import Component
from tests.conftest import settings_for
from tests.end2end.network import API, Network
from tests.sandbox_process import SandboxProcess

PIXEL, STRIP, OTHER = "20UPGPQ4200004", "20USBHX0000002", "20USBML0000002"  # with few files
FULL = "20UPGM23800001"  # with many, some of them in the object store
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess().start("--components", "100") as process:
        yield process


@pytest.fixture
def network(sandbox: SandboxProcess) -> Iterator[Network]:
    found = Network(sandbox)
    yield found
    found.mend()


@pytest.fixture
def database(sandbox: SandboxProcess, tmp_path: Path, network: Network) -> Iterator[ProductionDatabase]:
    kept = CacheOptions(tmp_path / "answers", lifetime=timedelta(), offline=timedelta(1), watched=True)
    with ProductionDatabase.sign_in(settings_for(sandbox), cache=kept) as found:
        yield found


@pytest.fixture
def cache(database: ProductionDatabase, tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "files", database.settings.api_url, "me")


def parts(database: ProductionDatabase, *serials: str) -> tuple[Component, ...]:
    return database.components(serials).found


def test_what_was_fetched_ahead_needs_no_network(
    database: ProductionDatabase, cache: FileCache, network: Network
) -> None:
    progress = Progress(2)
    told: list[Fetched] = []
    fetch_ahead(database, cache, parts(database, PIXEL, STRIP), 5 * MEGABYTE, progress, told.append)
    assert told == progress.done
    assert [one.name for one in told] == [PIXEL, STRIP]
    assert all(one.is_whole for one in told)
    network.cut()
    for serial, fetched in zip((PIXEL, STRIP), told, strict=True):
        component = database.component(serial).component
        runs = database.test_runs(component)
        assert len(runs) > 0
        assert database.due_at_stage(component, runs).stage
        assert database.timeline(component, runs)
        attachments = database.attachments_of_all(component, runs)
        here = [one for one in attachments if cache.find(one) is not None]
        assert len(here) == fetched.files > 0
    found = database.components([PIXEL, OTHER, "no such part"])
    assert [one.label for one in found.found] == [PIXEL]
    assert found.unreached == (OTHER, "no such part"), "nobody says that they are unknown"
    with pytest.raises(ConnectionFailed):
        database.components([OTHER])


def test_a_write_takes_only_what_it_touches_from_being_read_off_line(
    database: ProductionDatabase, cache: FileCache, network: Network
) -> None:
    """The lists of the others' runs and shipments stay; what is gone is told without asking anybody."""
    two = fetch_ahead(database, cache, parts(database, PIXEL, STRIP), 0, Progress(2)).done
    written = []
    database.client.on_forgotten = lambda: written.append(True)
    database.add_comment(database.component(OTHER).component, "on a third one")
    assert written
    network.asked()
    assert [look_again(database, cache, one) for one in two] == two
    database.add_comment(database.component(STRIP).component, "on this one")
    network.asked()
    pixel, strip = (look_again(database, cache, one) for one in two)
    assert network.asked() == 0
    assert pixel == two[0]
    assert isinstance(strip.problem, NoLongerKept)
    network.cut()
    component = database.component(PIXEL).component
    runs = database.test_runs(component)
    assert database.due_at_stage(component, runs).stage
    assert database.timeline(component, runs)
    assert database.attachments_of_all(component, runs)


@pytest.mark.logs("asking for the rest|Connection lost")
def test_where_only_the_object_store_is_out_of_reach_all_else_is_fetched(
    database: ProductionDatabase, cache: FileCache, network: Network
) -> None:
    network.put({"match": "* /eos/*", "do": "reset", "times": None})
    progress = fetch_ahead(database, cache, parts(database, FULL), 20_000, Progress(1))
    assert progress.stopped_by is None
    (fetched,) = progress.done
    assert fetched.is_page_here
    assert fetched.files > 0
    assert fetched.failed


def test_large_files_are_left_out_by_name(database: ProductionDatabase, cache: FileCache) -> None:
    progress = fetch_ahead(database, cache, parts(database, PIXEL), 10_000, Progress(1))
    (fetched,) = progress.done
    assert fetched.is_whole
    assert fetched.too_large
    assert not progress.is_full
    assert "left out: too large." in tally_text(progress)
    assert tone_of(progress) == "good"


def test_no_more_is_fetched_than_is_kept(database: ProductionDatabase, cache: FileCache) -> None:
    cache.use(0.3)
    progress = fetch_ahead(database, cache, parts(database, PIXEL), 5 * MEGABYTE, Progress(1))
    assert progress.is_full
    assert progress.size <= cache.limit
    assert progress.done[0].files > 0
    assert "no more room" in tally_text(progress)
    assert tone_of(progress) == "caution"


def test_what_is_wrong_with_one_is_told_and_the_others_go_on(
    database: ProductionDatabase, cache: FileCache, network: Network
) -> None:
    two = parts(database, PIXEL, STRIP)
    network.put({"match": "GET /getTestRunBulk*", "do": "status", "status": 403, "times": 1})
    progress = fetch_ahead(database, cache, two, 0, Progress(2))
    assert [one.is_page_here for one in progress.done] == [False, True]
    assert tally_text(progress).startswith("1 of 2 can be read off line, with ")
    assert f"Not had: {PIXEL}." in tally_text(progress)


def test_a_network_that_goes_ends_it_and_what_is_here_stays(
    database: ProductionDatabase, cache: FileCache, network: Network
) -> None:
    two = parts(database, PIXEL, STRIP)
    progress = fetch_ahead(
        database, cache, two, 0, Progress(2), lambda _: network.put({**API, "do": "reset"})
    )
    assert [one.name for one in progress.done] == [PIXEL]
    assert progress.stopped_by is not None
    assert "It ended early: Connection lost." in tally_text(progress)


def test_it_can_be_stopped_between_two(database: ProductionDatabase, cache: FileCache) -> None:
    two, progress = parts(database, PIXEL, STRIP), Progress(2)
    work = transfer.Transfer()
    with transfer.running(work), pytest.raises(Cancelled):
        fetch_ahead(database, cache, two, 0, progress, lambda _: work.cancel())
    assert [one.name for one in progress.done] == [PIXEL]
    assert progress_text(progress).startswith(f"Fetching 2 of 2: {STRIP}")
    assert "It was stopped." in tally_text(progress, was_stopped=True)
