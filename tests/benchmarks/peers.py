"""What one script does with one of the two packages, in a process of its own, so that its time is its own.

    python -m tests.benchmarks.peers PACKAGE TASK INFO [NUMBER]

PACKAGE is ``itkgui`` (the core), ``facade`` (the core under the other package's names) or ``itkdb``; INFO
is the announcement of a sandbox as JSON. Prints one JSON object: ``seconds`` and ``cpu`` (of this process, in
seconds) of the task alone, and ``found``, which tells whether the work was done.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FILTER = {"state": "ready"}
SERIAL = "20UPGM23800001"
PAGE = 100


class Stopwatch:
    """Seconds and CPU seconds of this process from its making on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self, found: object) -> dict[str, Any]:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"seconds": wall, "cpu": cpu, "found": found}


# The reference package, and the core under its names -----------------------------------------------------


@contextmanager
def peer(package: str, info: dict[str, Any]) -> Iterator[Any]:
    """Give a client of the reference package, or of the façade, signed in by the same bearer; no cache."""
    os.environ["ITKDB_API_URL"], os.environ["ITKDB_AUTH_URL"] = info["api_url"], info["auth_url"]
    if package == "itkdb":
        import itkdb
    else:
        from itkgui import itkdb
    user = itkdb.core.UserBearer(info["bearer"])
    with itkdb.Client(user=user, prefix_url=info["api_url"], cache=False) as client:
        client.get("listProjects")  # the connection is made, as it is for the others
        yield client


def peer_lists(package: str, info: dict[str, Any], number: int) -> dict[str, Any]:
    with peer(package, info) as client:
        watch = Stopwatch()
        body = {"filterMap": FILTER, "pageInfo": {"pageIndex": 0, "pageSize": PAGE}}
        items = list(client.get("listComponents", json=body, limit=number))
        return watch.read(len({item["id"] for item in items}))


def peer_opens(package: str, info: dict[str, Any], _: int) -> dict[str, Any]:
    """Open a component as the tools of API reference §5.9 do: one getTestRun for each run."""
    with peer(package, info) as client:
        watch = Stopwatch()
        component = client.get("getComponent", json={"component": SERIAL})
        runs = [
            client.get("getTestRun", json={"testRun": run["id"], "noEosToken": False})
            for test in component["tests"]
            for run in test["testRuns"]
        ]
        tokens = client.get("getComponent", json={"component": SERIAL, "noEosToken": False})
        return watch.read([len(runs), len(tokens["attachments"])])


def peer_opens_in_bulk(package: str, info: dict[str, Any], _: int) -> dict[str, Any]:
    """Open a component with as few questions as the package lets a script ask, one after another."""
    with peer(package, info) as client:
        watch = Stopwatch()
        component = client.get("getComponent", json={"component": SERIAL, "noEosToken": False})
        ids = [run["id"] for test in component["tests"] for run in test["testRuns"]]
        runs = list(client.get("getTestRunBulk", json={"testRun": ids, "noEosToken": False}))
        return watch.read([len(runs), len(component["attachments"])])


# The core ------------------------------------------------------------------------------------------------


def own_settings(info: dict[str, Any]) -> Any:
    from itkgui.settings import Settings

    return Settings(api_url=info["api_url"], auth_url=info["auth_url"])


def own_lists(_: str, info: dict[str, Any], number: int) -> dict[str, Any]:
    from itkgui.client import BearerToken, Client

    with Client(own_settings(info), BearerToken(info["bearer"])) as client:
        client.get("listProjects")
        watch = Stopwatch()
        found = set()
        for item in client.pages("listComponents", {"filterMap": FILTER}, PAGE):
            found.add(item["id"])
            if len(found) == number:
                break
        return watch.read(len(found))


def own_opens(_: str, info: dict[str, Any], __: int) -> dict[str, Any]:
    from itkgui.client import BearerToken, ProductionDatabase

    database = ProductionDatabase.sign_in(own_settings(info), BearerToken(info["bearer"]))
    watch = Stopwatch()
    opened = database.open_component(SERIAL, with_eos_tokens=True)
    read = watch.read([len(opened.runs), len(opened.component.attachments)])
    database.sign_out()
    return read


def own_opens_again(_: str, info: dict[str, Any], number: int) -> dict[str, Any]:
    """Open a component that is in the cache, ``number`` times; the times are those of the median one."""
    from itkgui.client import BearerToken, CacheOptions, ProductionDatabase

    with tempfile.TemporaryDirectory() as folder:
        options = CacheOptions(Path(folder) / "answers")
        database = ProductionDatabase.sign_in(own_settings(info), BearerToken(info["bearer"]), cache=options)
        database.open_component(SERIAL)
        reads = []
        for _number in range(number):
            watch = Stopwatch()
            opened = database.open_component(SERIAL)
            reads.append(watch.read([len(opened.runs), len(opened.component.attachments)]))
        database.sign_out()
    return sorted(reads, key=lambda read: float(read["seconds"]))[len(reads) // 2]


TASKS: dict[tuple[str, str], Callable[[str, dict[str, Any], int], dict[str, Any]]] = {
    ("itkdb", "list"): peer_lists,
    ("facade", "list"): peer_lists,
    ("itkgui", "list"): own_lists,
    ("itkdb", "open"): peer_opens,
    ("itkdb", "open in bulk"): peer_opens_in_bulk,
    ("itkgui", "open"): own_opens,
    ("itkgui", "open again"): own_opens_again,
}


def main() -> int:
    package, task, info, *rest = sys.argv[1:]
    result = TASKS[package, task](package, json.loads(info), int(rest[0]) if rest else 0)
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
