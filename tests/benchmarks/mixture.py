"""What the clients of a load do, how often, and with what."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.visitor import UnexpectedAnswer, Visitor

_HOME = "UCSC"
_KINDS = (("P", "MODULE"), ("P", "PCB"), ("P", "FE_CHIP"), ("S", "MODULE"), ("S", "SENSOR"), ("S", "ABC"))
_LOOKED_AT = 80
_TITLE = "load.bin"


@dataclass(frozen=True)
class Stock:
    """What is in the catalogue to ask for; only read once it is gathered."""

    codes: tuple[str, ...]
    places: tuple[str, ...]
    runs: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    eos_owners: tuple[str, ...]

    @classmethod
    def gathered(cls, visitor: Visitor, seed: int) -> Stock:
        rng = random.Random(seed)
        places = [entry["code"] for entry in visitor.get("listInstitutions")["pageItemList"]]
        codes: list[str] = []
        modules: list[str] = []
        for project, kind in _KINDS:
            listed = visitor.get("listComponents", filterMap={"project": project, "componentType": [kind]})
            found = [entry["code"] for entry in listed["itemList"]]
            codes += found
            if kind == "MODULE":
                modules += found
        runs: list[str] = []
        files: list[tuple[str, str]] = []
        eos_owners: list[str] = []
        for code in rng.sample(modules, min(_LOOKED_AT, len(modules))):
            part = visitor.get("getComponent", component=code)
            runs += [run["id"] for test in part["tests"] or [] for run in test["testRuns"]]
            attached = part["attachments"] or []
            files += [(code, entry["code"]) for entry in attached if entry["type"] == "file"]
            if any(entry["type"] == "eos" for entry in attached):
                eos_owners.append(code)
        visitor.close()
        return cls(tuple(codes), tuple(places), tuple(runs), tuple(files), tuple(eos_owners))

    def filter(self, rng: random.Random) -> dict[str, Any]:
        """Return a filter for listComponents, of many different ones."""
        project, kind = rng.choice(_KINDS)
        wanted: dict[str, Any] = {"project": project, "componentType": [kind], "state": "ready"}
        if rng.random() < 0.7:
            wanted["currentLocation"] = rng.sample(self.places, rng.randint(1, 4))
        return wanted


class Client:
    """One of many at work: its own choices, its own parts, and what it sent: size and SHA-256 by code."""

    def __init__(self, visitor: Visitor, stock: Stock, seed: int, number: int) -> None:
        self.visitor = visitor
        self.stock = stock
        self.rng = random.Random(f"{seed}/{number}")
        self.sent: dict[str, tuple[int, str]] = {}
        self._own: dict[str, str] = {}
        self._sample: dict[str, Any] = {}
        self._forward = True

    # Reads

    def component(self) -> None:
        found = self.visitor.get("getComponent", component=self.rng.choice(self.stock.codes))
        _check(bool(found["id"]), "a component without id")

    def page(self) -> None:
        info = {"pageIndex": self.rng.randrange(3), "pageSize": 100}
        wanted = self.stock.filter(self.rng)
        found = self.visitor.get("listComponents", filterMap=wanted, pageInfo=info)
        rest = found["pageInfo"]["total"] - 100 * info["pageIndex"]
        _check(len(found["itemList"]) == max(0, min(100, rest)), "a page of another size")

    def runs(self) -> None:
        asked = self.rng.sample(self.stock.runs, min(20, len(self.stock.runs)))
        found = self.visitor.get("getTestRunBulk", testRun=asked)["itemList"]
        _check({run["id"] for run in found} == set(asked), "other test runs than those asked for")

    def history(self) -> None:
        self.visitor.get("listTestRunsByComponent", filterMap={"code": self.rng.choice(self.stock.codes)})

    def file(self) -> None:
        self.visitor.download(*self.rng.choice(self.stock.files))

    def eos_file(self) -> None:
        owner = self.rng.choice(self.stock.eos_owners)
        part = self.visitor.get("getComponent", component=owner, noEosToken=False, noTests=True)
        # What another client sends at this moment is listed before it is there.
        stored = [entry for entry in part["attachments"] if entry["title"] != _TITLE]
        addresses = [entry["url"] for entry in stored if entry["type"] == "eos"]
        self.visitor.download_from_eos(self.rng.choice(addresses))

    # Writes

    def attach(self) -> None:
        content = self._content(50_000)
        self._keep(self.visitor.attach(self._target(), _TITLE, content), content)

    def attach_on_eos(self) -> None:
        content = self._content(400_000)
        ask_first = self.rng.random() < 0.5
        code = self.visitor.attach_on_eos(self._target(), _TITLE, content, ask_first=ask_first)
        self._keep(code, content)

    def comment(self) -> None:
        self.visitor.post("createComponentComment", component=self._target(), comments=["one of many"])

    def upload_run(self) -> None:
        module = self._module("tested")
        if not self._sample:
            kind = {"project": "S", "componentType": "MODULE", "code": "GLUE_WEIGHT"}
            self._sample = self.visitor.get("generateTestTypeDtoSample", **kind)["dtoSample"]
            self.visitor.post("setComponentStage", component=module, stage="GLUED")
        own = {"component": module, "institution": _HOME, "runNumber": str(self.rng.randrange(1000))}
        run = self.visitor.post("uploadTestRunResults", **(self._sample | own))["testRun"]
        _check(bool(run["id"]), "a test run without id")

    def stage(self) -> None:
        stage = "GLUED" if self._forward else "HV_TAB_ATTACHED"
        module, rework = self._module("staged"), not self._forward
        self.visitor.post("setComponentStage", component=module, stage=stage, rework=rework)
        self._forward = not self._forward

    def register(self) -> None:
        answer = self.visitor.post(
            "registerComponent",
            project="S",
            subproject="SB",
            institution=_HOME,
            componentType="MODULE",
            type="BARREL_LS_MODULE",
            properties={},
        )
        self._own["newest"] = str(answer["component"]["code"])

    def _module(self, purpose: str) -> str:
        """Return a module of this client's own, registered when it is first needed."""
        if purpose not in self._own:
            self.register()
            self._own[purpose] = self._own["newest"]
        return self._own[purpose]

    def _target(self) -> str:
        return self.rng.choice(self.stock.codes)

    def _content(self, largest: int) -> bytes:
        return self.rng.randbytes(self.rng.randint(1, largest))

    def _keep(self, code: str, content: bytes) -> None:
        self.sent[code] = (len(content), hashlib.sha256(content).hexdigest())


def _check(right: bool, otherwise: str) -> None:
    if not right:
        raise UnexpectedAnswer(otherwise)


@dataclass(frozen=True)
class Kind:
    """One thing that a client may do; of all weights, the share of its own is how often it does it."""

    name: str
    weight: int
    do: Callable[[Client], None]


MIXTURE = (
    Kind("component", 30, Client.component),
    Kind("page", 8, Client.page),
    Kind("runs", 8, Client.runs),
    Kind("history", 6, Client.history),
    Kind("file", 10, Client.file),
    Kind("eos-file", 8, Client.eos_file),
    Kind("attach", 8, Client.attach),
    Kind("attach-on-eos", 8, Client.attach_on_eos),
    Kind("comment", 5, Client.comment),
    Kind("upload-run", 4, Client.upload_run),
    Kind("stage", 3, Client.stage),
    Kind("register", 2, Client.register),
)
