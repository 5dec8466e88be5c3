"""The real itkdb and this project's own client ask the same, and get the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from itkgui.client.client import Client
from itkgui.client.credentials import AccessCodes
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.exceptions import AnswerError
from itkgui.client.files import inspect
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner as OwnOwner
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.settings import Settings
from tests.interop.files import Owner, example
from tests.sandbox_process import LARGE_PHOTOS, SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP, QUAD

# What is read, by names that the fixture `known` replaces; a list is read whole, in pages.
_OBJECTS: list[tuple[str, dict[str, Any]]] = [
    ("getUser", {"userIdentity": "<user>"}),
    ("getComponent", {"component": QUAD}),
    ("getComponent", {"component": LONG_STRIP}),
    ("getComponent", {"component": "<quad code>"}),
    ("getComponent", {"component": "<quad id>"}),
    ("getComponent", {"component": QUAD, "noTests": True}),
    ("getComponent", {"component": QUAD, "noEosToken": True}),
    ("getComponent", {"component": QUAD, "outputType": "full"}),
    ("getComponent", {"component": "<alternative>", "alternativeIdentifier": True}),
    ("getTestRun", {"testRun": "<run>"}),
    ("getTestRun", {"testRun": "<run>", "noEosToken": True, "outputType": "object"}),
    ("getItkpdOverallStatistics", {}),
    ("getComponentTypeByCode", {"project": "S", "code": "SENSOR"}),
    ("getTestTypeByCode", {"project": "P", "componentType": "MODULE", "code": "IV_MEASURE"}),
]
_SAMPLES: list[tuple[str, dict[str, Any]]] = [
    ("generateTestTypeDtoSample", {"project": "P", "componentType": "MODULE", "code": "IV_MEASURE"}),
    ("generateTestTypeDtoSample", {"project": "S", "componentType": "MODULE", "code": "GLUE_WEIGHT"}),
    ("generateComponentTypeDtoSample", {"project": "P", "code": "PCB"}),
    ("generateComponentTypeDtoSample", {"project": "S", "code": "SENSOR", "requiredOnly": True}),
]
_LISTS: list[tuple[str, dict[str, Any]]] = [
    ("listInstitutions", {}),
    ("listProjects", {}),
    ("listComponentTypes", {"project": "S"}),
    ("listComponentTypes", {"project": "P"}),
    ("listComponentTypes", {"project": "CM"}),
    ("listTestTypes", {"project": "S", "componentType": "MODULE"}),
    ("listTestTypes", {"project": "P", "componentType": "PCB"}),
    ("listComponents", {"project": "P", "componentType": "MODULE"}),
    ("listComponents", {"project": "S", "currentStage": "GLUED"}),
    ("listComponents", {"filterMap": {"project": "P", "state": "ready"}}),
    ("listComponents", {"filterMap": {"project": "S", "componentType": ["SENSOR", "PWB"]}}),
    ("listComponents", {"filterMap": {"institute": ["UCSC"], "currentLocation": ["CERN"]}}),
    (
        "listComponents",
        {
            "filterMap": {"institute": ["UCSC"], "currentLocation": ["UCSC"]},
            "useOrInLocationSearch": True,
            "pageInfo": {"pageSize": 2000},
        },
    ),
    ("listComponents", {"filterMap": {"serialNumber": [QUAD]}, "outputType": "full"}),
    ("listComponents", {"filterMap": {"project": "P", "componentType": []}}),
    ("listTestRunsByComponent", {"filterMap": {"serialNumber": QUAD}}),
    ("listTestRunsByComponent", {"filterMap": {"code": "<quad code>", "state": ["ready"]}}),
    ("listTestRunsByComponent", {"filterMap": {"serialNumber": QUAD, "testType": ["IV_MEASURE"]}}),
    ("listTestRunsByComponent", {"component": LONG_STRIP}),
    ("listTestRunsByTestType", {"project": "P", "componentType": "MODULE", "testType": "IV_MEASURE"}),
    (
        "listComponentsByProperty",
        {
            "project": "P",
            "componentType": "PCB",
            "propertyFilter": [{"code": "PCB_DESIGN_VERSION", "operator": "=", "value": "4"}],
        },
    ),
    ("listShipmentsByInstitution", {"filterMap": {"code": "UCSC"}}),
    ("listShipmentsByInstitution", {"filterMap": {"recipient": ["CERN"], "status": "delivered"}}),
    ("listShipmentsByComponent", {"component": QUAD}),
    ("listBatches", {"filterMap": {"project": "S"}}),
    ("listMyComponents", {"project": "S"}),
    ("uu-app-binarystore/listBinaries", {}),
]

_BULKS: list[tuple[str, dict[str, Any]]] = [
    ("getComponentBulk", {"component": [QUAD, LONG_STRIP, "20UPGM29999999"]}),
    ("getComponentBulk", {"component": ["<quad id>"], "identifierType": "id", "outputType": "full"}),
    ("getTestRunBulk", {"testRun": ["<run>", "<other run>"], "noEosToken": True}),
]
_REFUSALS: list[tuple[str, dict[str, Any]]] = [
    ("getComponent", {"component": "20UPGM29999999"}),
    ("getComponent", {}),
    ("getTestRun", {"testRun": "0" * 24}),
    ("listComponents", {"project": "Fake"}),
    ("listTestTypes", {"project": "S", "componentType": "NONE"}),
    ("listTestRunsByComponent", {"filterMap": {}}),
    ("getUser", {"userIdentity": "0-0-1"}),
    ("getComponentAttachment", {"component": QUAD, "code": "0" * 32}),
]


def _name(question: tuple[str, dict[str, Any]]) -> str:
    return f"{question[0]} {question[1]}"


@pytest.fixture
def settings(sandbox: SandboxProcess) -> Settings:
    return sandbox_settings(Settings(), sandbox.info)


@pytest.fixture
def codes(sandbox: SandboxProcess) -> AccessCodes:
    return AccessCodes(sandbox.info["access_code1"], sandbox.info["access_code2"])


@pytest.fixture
def own(settings: Settings, codes: AccessCodes) -> Iterator[Client]:
    """This project's client, for any command."""
    opened = Client(settings, codes)
    yield opened
    opened.close()


@pytest.fixture
def known(client: Any, user: Any) -> Callable[[Any], Any]:
    """Return a function that puts what the catalogue has in the place of the names in a question."""
    quad = client.get("getComponent", json={"component": QUAD})
    runs = [run["id"] for test in quad["tests"] for run in test["testRuns"]]
    listed = client.get("listComponents", json={"filterMap": {"project": "S", "componentType": ["MODULE"]}})
    values = {
        "<user>": user.identity,
        "<quad code>": quad["code"],
        "<quad id>": quad["id"],
        "<run>": runs[0],
        "<other run>": runs[-1],
        "<alternative>": next(e["alternativeIdentifier"] for e in listed if e["alternativeIdentifier"]),
    }

    def replaced(question: Any) -> Any:
        if isinstance(question, dict):
            return {key: replaced(value) for key, value in question.items()}
        if isinstance(question, list):
            return [replaced(value) for value in question]
        return values.get(question, question) if isinstance(question, str) else question

    return replaced


@pytest.mark.parametrize("question", _OBJECTS, ids=_name)
def test_objects(client: Any, own: Client, known: Callable[[Any], Any], question: Any) -> None:
    command, body = known(list(question))
    mine = dict(own.get(command, body))
    assert mine.pop("uuAppErrorMap") == {}
    assert mine == client.get(command, json=body) != {}


@pytest.mark.parametrize("question", _SAMPLES, ids=_name)
def test_samples(client: Any, own: Client, question: Any) -> None:
    command, body = question
    mine, theirs = dict(own.get(command, body)["dtoSample"]), client.get(command, json=body)
    for sample in (mine, theirs):
        sample.pop("date", None)  # the moment of asking
    assert mine == theirs != {}


@pytest.mark.parametrize("question", _LISTS, ids=_name)
def test_lists(package: Any, client: Any, own: Client, known: Callable[[Any], Any], question: Any) -> None:
    command, body = known(list(question))
    size = body.pop("pageInfo", {}).get("pageSize", 7)
    theirs = client.get(command, json=body | {"pageInfo": {"pageSize": size}}, limit=60)
    assert isinstance(theirs, (list, package.responses.PagedResponse))
    count = 0
    pages = own.pages(command, body, size)
    for mine, other in zip(pages, theirs, strict=False):
        assert mine == other
        count += 1
    total = theirs.total if isinstance(theirs, package.responses.PagedResponse) else len(theirs)
    assert count == min(total, 60)
    assert pages.total in (None, total)


@pytest.mark.parametrize("question", _BULKS, ids=_name)
def test_bulks(client: Any, own: Client, known: Callable[[Any], Any], question: Any) -> None:
    command, body = known(list(question))
    assert own.get(command, body)["itemList"] == client.get(command, json=body) != []


@pytest.mark.parametrize("question", _REFUSALS, ids=_name)
def test_refusals(package: Any, client: Any, own: Client, question: Any) -> None:
    command, body = question
    with pytest.raises(package.exceptions.BadRequest) as theirs:
        client.get(command, json=body)
    with pytest.raises(AnswerError) as mine:
        own.get(command, body)
    errors = theirs.value.response.json()["uuAppErrorMap"]
    assert mine.value.status == theirs.value.response.status_code == 400
    assert set(mine.value.codes) == {code.partition("/")[2] for code in errors}


@pytest.mark.logs("No model available for Content-Type|No mimetype available")
@pytest.mark.parametrize("serial", [QUAD, LONG_STRIP])
def test_downloads(client: Any, settings: Settings, codes: AccessCodes, tmp_path: Path, serial: str) -> None:
    """Every attachment of a component has the same bytes by both ways, in the database and on EOS."""
    database = ProductionDatabase.sign_in(settings, codes)
    component = client.get("getComponent", json={"component": serial, "noEosToken": False})
    owner = Owner("component", component["code"])
    listed = database.attachments(OwnOwner(OwnerKind.COMPONENT, component["code"], serial))
    assert [entry.code for entry in listed] == [entry["code"] for entry in component["attachments"]] != []
    kinds = set()
    for mine, theirs in zip(listed, component["attachments"], strict=True):
        kinds.add(theirs["type"])
        if theirs["type"] == "link":
            assert mine.url == theirs["url"]
            continue
        if theirs["title"] in LARGE_PHOTOS:
            continue
        if theirs["dateTime"] > "2026":
            # Attached by another test, which may not have sent the bytes.
            continue
        file = client.get(theirs["url"]) if theirs["type"] == "eos" else owner.download(client, mine.code)
        fetched = database.download(mine, tmp_path)
        assert fetched.size == file.size
        assert fetched.path.read_bytes() == file.content
        # The server does not quote names, and itkdb takes such a name to end at its first blank.
        if theirs["type"] == "file" and re.fullmatch(r"[\w.-]+", theirs["filename"], re.ASCII):
            assert fetched.name == file.suggested_filename
    database.sign_out()
    assert {"file", "eos"} <= kinds


@pytest.mark.logs("Ignoring user-specified data")
def test_each_reads_what_the_other_sent(
    eos_client: Any, settings: Settings, codes: AccessCodes, tmp_path: Path
) -> None:
    database = ProductionDatabase.sign_in(settings, codes)
    component = eos_client.get("getComponent", json={"component": LONG_STRIP})
    theirs = Owner("component", component["code"])
    mine = OwnOwner(OwnerKind.COMPONENT, component["code"], LONG_STRIP)
    path = tmp_path / "note.txt"
    path.write_text("one for the other", encoding="utf-8")
    sent = database.attach(mine, NewAttachment(inspect(path), "note.txt", "", Storage.FILE))
    assert theirs.download(eos_client, sent.code).content == path.read_bytes()
    code = theirs.attach(eos_client, "1x1.jpg", example("1x1.jpg"))["code"]
    entry = next(entry for entry in database.attachments(mine) if entry.code == code)
    assert database.download(entry, tmp_path).path.read_bytes() == example("1x1.jpg")
    database.delete_attachment(entry)
    theirs.delete(eos_client, sent.code)
    assert not {code, sent.code} & {entry.code for entry in database.attachments(mine)}
    database.sign_out()
