"""Does one transfer in a process of its own, for ``transfers``: the task is JSON in the first argument.

Prints ``{"seconds": …, "growth": …}``: the time from a client that is signed in to the end, and by how many
MiB the process grew beyond what it was just before.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_READY = "listProjects"


def main() -> None:
    task = json.loads(sys.argv[1])
    logging.disable(logging.WARNING)  # itkdb's remarks about what it ignores
    with _JOBS[task["job"]](task) as work:
        before = restart_peak()
        begun = time.perf_counter()
        work()
        seconds = time.perf_counter() - begun
        growth = memory("VmHWM") - before
    sys.stdout.write(json.dumps({"seconds": seconds, "growth": growth}))


@contextmanager
def _ours(task: dict[str, Any]) -> Iterator[Any]:
    from itkgui.client.credentials import BearerToken
    from itkgui.client.database import ProductionDatabase
    from itkgui.embedded_sandbox import sandbox_settings
    from itkgui.settings import Settings

    settings = sandbox_settings(Settings(), task["info"])
    database = ProductionDatabase.sign_in(settings, BearerToken(task["info"]["bearer"]))
    yield database
    database.sign_out()


@contextmanager
def _our_upload(task: dict[str, Any], *, on_eos: bool) -> Iterator[Callable[[], object]]:
    from itkgui.client.database import NewAttachment
    from itkgui.client.files import inspect
    from itkgui.records.attachment import Owner, OwnerKind, Storage

    with _ours(task) as database:
        owner = Owner(OwnerKind.COMPONENT, task["component"], "a component")
        storage = Storage.EOS if on_eos else Storage.FILE
        new = NewAttachment(inspect(Path(task["file"])), "benchmark", "", storage)
        made: list[Any] = []
        yield lambda: made.append(database.attach(owner, new))
        database.delete_attachment(made[0])


@contextmanager
def _our_download(task: dict[str, Any]) -> Iterator[Callable[[], object]]:
    with _ours(task) as database, tempfile.TemporaryDirectory(dir=Path(task["file"]).parent) as folder:
        found = _attachment(database, task)
        yield lambda: database.download(found, Path(folder))


@contextmanager
def _our_delete(task: dict[str, Any]) -> Iterator[Callable[[], object]]:
    with _ours(task) as database:
        found = _attachment(database, task)
        yield lambda: database.delete_attachment(found)


def _attachment(database: Any, task: dict[str, Any]) -> Any:
    from itkgui.records.attachment import Owner, OwnerKind

    listed = database.attachments(Owner(OwnerKind.COMPONENT, task["component"], "a component"))
    return next(attachment for attachment in listed if attachment.code == task["code"])


@contextmanager
def _their_upload(task: dict[str, Any], *, on_eos: bool) -> Iterator[Callable[[], object]]:
    os.environ["ITKDB_API_URL"] = task["info"]["api_url"]
    import itkdb

    user = itkdb.core.UserBearer(task["info"]["bearer"])
    client = itkdb.Client(user=user, prefix_url=task["info"]["api_url"], cache=False, use_eos=on_eos)
    client.get(_READY)
    path = Path(task["file"])
    made: list[Any] = []
    keys = {
        "component": task["component"],
        "title": "benchmark",
        "description": "",
        "type": "file",
        "url": path.name,
    }

    def work() -> None:
        with path.open("rb") as file:
            files = {"data": (path.name, file, "application/octet-stream")}
            made.append(client.post("createComponentAttachment", data=keys, files=files))

    yield work
    client.close()
    with itkdb.Client(user=user, prefix_url=task["info"]["api_url"], cache=False, use_eos=True) as deleting:
        keys = {"component": task["component"], "code": made[0]["code"]}
        deleting.post("deleteComponentAttachment", json=keys)


def restart_peak() -> float:
    """Let the kernel count the greatest size anew, and return the present one in MiB."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return memory("VmRSS")


def memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


_JOBS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "itkgui_eos_up": lambda task: _our_upload(task, on_eos=True),
    "itkgui_form_up": lambda task: _our_upload(task, on_eos=False),
    "itkgui_eos_down": _our_download,
    "delete": _our_delete,
    "itkdb_eos_up": lambda task: _their_upload(task, on_eos=True),
    "itkdb_form_up": lambda task: _their_upload(task, on_eos=False),
}

if __name__ == "__main__":
    main()
