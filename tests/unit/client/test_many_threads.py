"""One client under many threads: mixed calls against a sandbox that fails at random, with renewals."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.attachments import AttachmentService, NewAttachment
from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import AnswerError, ConnectionLost, ItkError, ServerTrouble
from itkgui.client.files import inspect
from itkgui.client.sending import AttachmentSender
from itkgui.records.attachment import Owner, Storage
from itkgui.records.component import Component
from tests.conftest import settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox_process import SandboxProcess

THREADS = 16
CALLS = 24
RENEWAL = 1.5  # seconds: half of a token's life


def control(process: SandboxProcess, path: str, method: str = "GET", data: Any = None) -> Any:
    request = urllib.request.Request(
        process.info["api_url"] + f"_sandbox/{path}",
        method=method,
        data=None if data is None else json.dumps(data).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def spread(times: int, first: int, apart: int, **rule: Any) -> list[dict[str, Any]]:
    """Let a fault happen some times, but not at once."""
    return [{**rule, "skip": first + n * apart} for n in range(times)]


# Never as many that the same question could meet more of them than the client forgives.
FAULTS = [
    *spread(6, 5, 30, match="GET /getComponent", do="reset"),
    *spread(1, 5, 0, match="GET /listComponents", do="reset", after_bytes=200),
    *spread(1, 20, 0, match="GET /listComponents", do="truncate", after_bytes=500),
    *spread(2, 4, 9, match="GET /getComponentAttachment", do="status"),
    *spread(30, 20, 15, match="GET /*", do="slow", ms=50),
    *spread(1, 100, 0, match="GET /getComponent", do="expire_token"),
    *spread(2, 10, 7, match="POST /*Comment", do="commit_then_drop"),
    *spread(2, 14, 7, match="POST /*Comment", do="status", status=500),
]


class Worker:
    """What one thread does; it checks that each answer is the one to its own question."""

    def __init__(self, number: int, client: Client, serials: list[str], folder: Path) -> None:
        self.random = random.Random(number)
        self.number = number
        self.client = client
        self.serials = serials
        self.folder = folder / str(number)
        self.folder.mkdir()
        self.attachments = AttachmentService(client)
        self.done: Counter[str] = Counter()
        self.expected: list[ItkError] = []
        self.failures: list[BaseException] = []

    def run(self) -> None:
        jobs: list[Callable[[], None]] = [
            self.read, self.read, self.read, self.list, self.bulk, self.write, self.file, self.refusal,
        ]  # fmt: skip
        for n in range(CALLS):
            job = jobs[(self.number + n) % len(jobs)]
            try:
                job()
            except (ItkError, AssertionError, KeyError) as error:
                self.failures.append(error)
            self.done[job.__name__] += 1

    def read(self) -> None:
        serial = self.random.choice(self.serials)
        assert self.client.get("getComponent", {"component": serial})["serialNumber"] == serial

    def list(self) -> None:
        kind = self.random.choice(["MODULE", "PCB"])
        pages = self.client.pages(
            "listComponents", {"filterMap": {"project": "P", "componentType": [kind]}}, 40, ahead=3
        )
        found = list(pages)
        assert len(found) == pages.total
        assert len({item["id"] for item in found}) == len(found)
        assert {item["componentType"]["code"] for item in found} == {kind}

    def bulk(self) -> None:
        wanted = self.random.sample(self.serials, 5)
        found = self.client.each(lambda one: self.client.get("getComponent", {"component": one}), wanted)
        assert [item["serialNumber"] for item in found] == wanted

    def write(self) -> None:
        """Writes are not repeated: one that fails says so, and is there once or not at all."""
        text = f"{self.number}/{sum(self.done.values())}"
        serial = self.serials[self.number]
        try:
            self.client.post("createComponentComment", {"component": serial, "comments": [text]})
        except (ConnectionLost, ServerTrouble) as error:
            self.expected.append(error)
            return
        comments = self.client.get("getComponent", {"component": serial})["comments"]
        assert [entry["comment"] for entry in comments].count(text) == 1

    def file(self) -> None:
        content = self.random.randbytes(self.random.randrange(1, 200_000))
        path = self.folder / f"{sum(self.done.values())}.bin"
        path.write_bytes(content)
        storage = self.random.choice([Storage.FILE, Storage.EOS])
        owner = self.owner()
        new = NewAttachment(inspect(path), path.name, "", storage)
        attachment = AttachmentSender(self.client, self.attachments).attach(owner, new)
        fetched = self.attachments.download(attachment, self.folder / "down")
        assert fetched.path.read_bytes() == content
        self.attachments.delete(attachment)

    def owner(self) -> Owner:
        data = self.client.get("getComponent", {"component": self.serials[self.number]})
        return Component.from_json(data).owner

    def refusal(self) -> None:
        name = f"no such part {self.number}"
        with pytest.raises(AnswerError) as caught:
            self.client.get("getComponent", {"component": name})
        assert caught.value.status == 400
        sent = caught.value.response
        assert sent is not None
        assert json.loads(sent.request.body or b"")["component"] == name


def test_sixteen_threads_share_one_client(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "300", "--token-lifetime", "3")
    info = sandbox.info
    client = Client(settings_for(sandbox), AccessCodes(info["access_code1"], info["access_code2"]))
    serials = [
        str(item["serialNumber"])
        for item in client.pages("listComponents", {"filterMap": {"project": "P", "state": "ready"}}, 100)
        if item["serialNumber"]
    ][:60]
    workers = [Worker(n, client, serials, tmp_path) for n in range(THREADS)]
    control(sandbox, "faults", "POST", FAULTS)
    threads = [threading.Thread(target=worker.run) for worker in workers]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert not [failure for worker in workers for failure in worker.failures]
    assert sum((worker.done for worker in workers), Counter()).total() == THREADS * CALLS
    rules = control(sandbox, "faults")
    assert [rule["left"] for rule in rules] == [0] * len(rules), "faults that did not happen"
    assert len([error for worker in workers for error in worker.expected]) == 4
    grants = [entry for entry in control(sandbox, "log") if entry["path"].endswith("/grantToken")]
    assert 2 < len(grants) <= 2 + (time.monotonic() - started) / RENEWAL + 1
