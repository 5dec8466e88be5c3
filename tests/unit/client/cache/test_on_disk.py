"""The file that the answers are kept in, and what may spoil it."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.client.cache.conftest import DAY, FRESH, PART, Asker, bytes_in, counting, expired

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


def test_nothing_secret_is_on_disk(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    user = asker(
        wire.server_of(
            wire.json(
                {**PART, "text": "public"},
                set_cookie="uu.app=canary-cookie",
                authorization="canary-echo",
                x_token="canary-header",
                **FRESH,
            )
        ),
        "canary-owner",
        lifetime=DAY,
        offline=DAY,
    )
    headers = {
        "Authorization": "Bearer canary-1",
        "authorization": "Bearer canary-2",
        "AUTHORIZATION": "Bearer canary-3",
        "Cookie": "a=canary-4",
        "X-Api-Key": "canary-5",
    }
    for name, value in headers.items():
        body = {"component": name, "api_key": "canary-6", "token": "canary-7"}
        user.response("getComponent?access_token=canary-8", body, {name: value})
    found = bytes_in(folder)
    assert b"public" in found
    assert b"canary" not in found
    assert b"uu.app" not in found
    user.cache.close()
    assert b"canary" not in bytes_in(folder)


def test_only_the_user_can_read_it(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    old = os.umask(0)
    try:
        user = asker(wire.server(counting(wire)))
        user.get()
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name[32:]: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {".sqlite": 0o600, ".sqlite-wal": 0o600, ".sqlite-shm": 0o600}
    user.close()
    user.cache.store.path.chmod(0o644)
    asker(user.server).get()
    assert stat.S_IMODE(user.cache.store.path.stat().st_mode) == 0o600


def test_answers_outlive_the_program(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    first = user.get()
    user.close()
    later = asker(user.server)
    assert later.get() == first
    assert later.asked == 1


def test_sign_out_leaves_no_file(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    user = asker(wire.server(counting(wire)))
    user.get()
    assert list(folder.iterdir())
    user.cache.delete()
    assert list(folder.iterdir()) == []
    assert user.get()["number"] == 2  # as without a cache, and nothing comes back
    user.cache.clear()
    user.cache.close()
    user.cache.delete()
    assert list(folder.iterdir()) == []


def test_sign_out_empties_what_another_program_uses(
    wire: Wire, asker: Callable[..., Asker], folder: Path
) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "canary"}, **FRESH)))
    other = asker(user.server)
    user.get()
    other.get()
    assert b"canary" in bytes_in(folder)
    user.cache.delete()
    assert b"canary" not in bytes_in(folder)
    assert user.asked == 1
    other.get()
    other.get()
    assert user.asked == 2
    other.cache.delete()
    assert list(folder.iterdir()) == []


def test_it_stays_below_its_size(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    limit = 2_000_000
    user = asker(
        wire.server(
            lambda got: wire.json({"text": random.randbytes(20_000).hex(), "asked": got.json}, **FRESH)
        ),
        size_limit=limit,
    )
    sizes = []
    for number in range(150):
        user.get(body={"number": number})
        user.get(body={"number": 0})  # in use all the time
        sizes.append(
            sum(path.stat().st_size for path in folder.glob("*.sqlite*") if path.suffix != ".sqlite-shm")
        )
    assert max(sizes) < limit
    assert max(sizes) > limit / 2
    asked = user.asked
    assert asked == 150
    user.get(body={"number": 0})
    user.get(body={"number": 149})
    assert user.asked == asked
    user.get(body={"number": 1})
    assert user.asked == asked + 1


def test_a_smaller_size_is_reached_as_well(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda got: wire.json({"text": random.randbytes(50_000).hex()}, **FRESH)))
    for number in range(50):
        user.get(body={"number": number})
    user.close()
    assert user.cache.store.path.stat().st_size > 4_000_000
    later = asker(user.server, size_limit=1_000_000)
    later.cache.prune()
    later.close()
    assert later.cache.store.path.stat().st_size < 1_000_000


def test_what_nobody_wants_any_more_goes(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server_of(wire.json({"text": "canary"}, **FRESH)))
    expired(user)
    user.cache.prune()
    user.cache.close()
    with contextlib.closing(sqlite3.connect(user.cache.store.path)) as database:
        assert database.execute("SELECT count(*) FROM answers").fetchall() == [(0,)]


SCHEMA = (
    "CREATE TABLE answers (key TEXT PRIMARY KEY, used REAL, until REAL, is_changing_list INTEGER, "
    "names TEXT, entry BLOB)"
)


def run_sql(*statements: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return spoil


def cut(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def overwrite(data: bytes, at: int = 0) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)

    return spoil


PICKLE = b"cos\nsystem\n(S'touch canary'\ntR."
SPOILT: dict[str, Callable[[Path], None]] = {
    "empty": cut(0),
    "cut in the head": cut(50),
    "cut to a page": cut(4096),
    "cut in the middle": cut(10_000),
    "no database": overwrite(b"not a database, but a text that somebody wrote here" * 1000),
    "noise in the middle": overwrite(random.Random(1).randbytes(20_000), at=4096),
    "no table": run_sql("DROP TABLE answers"),
    "another table": run_sql("DROP TABLE answers", "CREATE TABLE answers (key TEXT)"),
    "one more table": run_sql("CREATE TABLE more (key TEXT)"),
    "a trigger": run_sql("CREATE TRIGGER t AFTER UPDATE ON answers BEGIN DELETE FROM answers; END"),
    "a view": run_sql("DROP TABLE answers", "CREATE VIEW answers AS SELECT 1 AS key, 2 AS entry"),
    "no entries": run_sql("UPDATE answers SET entry = NULL"),
    "empty entries": run_sql("UPDATE answers SET entry = x''"),
    "entries of another kind": run_sql("UPDATE answers SET entry = 5"),
    "entries that are no text": run_sql("UPDATE answers SET entry = CAST(x'ff0aff' AS TEXT)"),
    "no names": run_sql("UPDATE answers SET names = NULL"),
    "odd times": run_sql("UPDATE answers SET until = 'x', used = x'ff', is_changing_list = 'x'"),
    "pickled entries": run_sql(f"UPDATE answers SET entry = x'{PICKLE.hex()}'"),
    "entries with a deep head": run_sql(f"UPDATE answers SET entry = x'{(b'[' * 100_000).hex()}'"),
    "another body": run_sql(
        "UPDATE answers SET entry = CAST(replace(CAST(entry AS TEXT), 'text', 'tent') AS BLOB)"
    ),
    **{
        f"a head of {head}": run_sql(f"UPDATE answers SET entry = x'{(head + chr(10)).encode().hex()}'")
        for head in (
            "{}",
            "[]",
            "null",
            '{"created": "x", "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 1e30, "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": NaN, "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 0, "expires": null, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 0, "expires": 0, "headers": [1], "reason": "", "checksum": 0}',
        )
    },
}


@pytest.mark.logs("damaged", "cannot be used")
@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_file_does_no_harm(
    wire: Wire,
    asker: Callable[..., Asker],
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    log_watch: Any,
) -> None:
    monkeypatch.chdir(tmp_path)
    user = asker(wire.server(lambda got: wire.json({**PART, "text": "x" * 20_000}, **FRESH)), lifetime=DAY)
    answer = user.get("getComponent", PART)
    user.close()
    SPOILT[case](user.cache.store.path)
    later = asker(user.server, lifetime=DAY, offline=DAY)
    assert later.get("getComponent", PART) == answer
    later.cache.forget([PART["code"]])
    asked = later.asked
    assert later.get("getComponent", PART) == answer
    assert later.asked == asked + 1
    assert later.get("getComponent", PART) == answer
    assert later.asked == asked + 1, "the cache does not work any more"
    assert not (tmp_path / "canary").exists()
    assert len(log_watch.texts) <= 2


@pytest.mark.logs("cannot be used")
@pytest.mark.parametrize("place", ["a file in the way", "a folder in the way"])
def test_without_a_file_all_is_as_without_a_cache(
    wire: Wire, asker: Callable[..., Asker], folder: Path, place: str, log_watch: Any
) -> None:
    user = asker(wire.server(counting(wire)), offline=DAY)
    if place == "a file in the way":
        folder.write_text("in the way")
    else:
        user.cache.store.path.mkdir(parents=True)
    assert [user.get()["number"] for _ in range(3)] == [1, 2, 3]
    user.cache.forget(["x"])
    user.cache.prune()
    user.cache.clear()
    user.cache.close()
    user.cache.delete()
    assert len(log_watch.texts) == 1


@contextlib.contextmanager
def locked(path: Path, how: str) -> Iterator[None]:
    """Hold the file from another process, as a writer or all for oneself."""
    code = (
        "import sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "if sys.argv[2] == 'alone': database.execute('PRAGMA locking_mode = EXCLUSIVE')\n"
        "database.execute('BEGIN EXCLUSIVE')\n"
        "database.execute('UPDATE answers SET used = 0')\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield
        process.communicate()


@pytest.mark.logs("cannot be used")
@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("how", ["writer", "alone"])
@pytest.mark.alone
def test_a_foreign_lock_holds_up_nobody(
    wire: Wire, asker: Callable[..., Asker], how: str, is_open: bool, log_watch: Any
) -> None:
    user = asker(wire.server(counting(wire)), lifetime=DAY)
    user.get()
    if not is_open or how == "alone":
        user.close()
        user = asker(user.server, lifetime=DAY)
    with locked(user.cache.store.path, how):
        begin = time.monotonic()
        hit = user.get()
        user.get("other")
        user.cache.forget(["x"])
        assert time.monotonic() - begin < 1
        # What could not be forgotten is not given any more.
        user.cache.forget([PART["code"]])
        asked = user.asked
        user.get()
        assert user.asked == asked + 1
        assert (hit["number"] == 1) == (how == "writer")
        begin = time.monotonic()
        for number in range(20):
            user.get(body={"number": number})
        assert time.monotonic() - begin < 2
    assert len(log_watch.texts) == 1
    while user.response("list", "again").from_cache is False:  # type: ignore[attr-defined]
        time.sleep(0.05)


@pytest.mark.logs("cannot be used")
def test_a_full_disk_keeps_nothing(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "x" * 100_000}, **FRESH)))
    user.get()
    limit = user.cache.store._connection
    assert limit is not None
    limit.execute("PRAGMA max_page_count = 30")  # the same error as from a full disk
    for number in range(3):
        assert len(user.get(body={"number": number})["text"]) == 100_000
    assert user.response().from_cache  # type: ignore[attr-defined]


@pytest.mark.logs("cannot be used")
def test_a_file_that_cannot_be_written_gives_what_it_has(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    first = user.get()
    assert user.cache.store._connection is not None
    user.cache.store._connection.execute(
        "PRAGMA query_only = ON"
    )  # the same error as from a file without the right
    user.get(refresh=True)
    assert user.get() == first
    user.cache.forget(["x"])
    assert user.get()["number"] == 3
