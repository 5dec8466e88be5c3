"""The command line ``itkdb`` as a process of its own, with the addresses of the real servers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import itkdb
import pytest

from tests.interop.conftest import Run
from tests.interop.files import Owner, example
from tests.interop.real_names import RealNames
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP, QUAD


@pytest.fixture(scope="session")
def package() -> Any:
    """The real itkdb: ours has no command line."""
    return itkdb


@pytest.fixture
def itkdb_says(run: Run) -> Callable[..., str]:
    """Run ``itkdb``, which must end well, and return its standard output."""

    def say(*arguments: str, **environment: str) -> str:
        ended = run("itkdb", *arguments, **environment)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return say


def test_authenticate(itkdb_says: Callable[..., str], tmp_path: Path) -> None:
    said = itkdb_says("authenticate")
    assert said.startswith("You have signed in as ")
    assert "Your token expires in 1" in said
    assert (tmp_path / ".auth").is_file()


def test_authenticate_with_options_only(run: Run, sandbox: SandboxProcess, tmp_path: Path) -> None:
    info = sandbox.info
    options = {"access-code1": info["access_code1"], "access-code2": info["access_code2"]}
    options |= {"auth-url": info["auth_url"], "site-url": info["api_url"], "save-auth": "elsewhere"}
    given = [f"--{name}={value}" for name, value in options.items()]
    ended = run("itkdb", *given, "authenticate", ITKDB_ACCESS_CODE1="wrong", ITKDB_ACCESS_CODE2="wrong")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "elsewhere").is_file()


def test_wrong_codes_end_with_an_error(run: Run) -> None:
    ended = run("itkdb", "authenticate", ITKDB_ACCESS_CODE1="wrong", ITKDB_ACCESS_CODE2="wrong")
    assert ended.returncode != 0
    assert "Identity not Authenticated" in ended.stderr


def test_stats(itkdb_says: Callable[..., str]) -> None:
    statistics = json.loads(itkdb_says("stats"))
    assert set(statistics) == {"componentType", "testType", "institution"}
    assert [entry["code"] for entry in statistics["componentType"]] == ["S", "P", "CM", "CE"]
    assert all(entry["count"] > 0 for entry in statistics["testType"][:2])


def test_list_institutes(itkdb_says: Callable[..., str], client: Any) -> None:
    assert json.loads(itkdb_says("list-institutes")) == list(client.get("listInstitutions"))


def test_list_projects(itkdb_says: Callable[..., str]) -> None:
    assert [entry["code"] for entry in json.loads(itkdb_says("list-projects"))] == ["S", "P", "CM", "CE"]


@pytest.mark.parametrize("project", ["S", "P"])
def test_list_component_types(itkdb_says: Callable[..., str], client: Any, project: str) -> None:
    listed = list(client.get("listComponentTypes", json={"project": project}))
    assert json.loads(itkdb_says("list-component-types", "--project", project)) == listed


def test_list_test_types(itkdb_says: Callable[..., str], client: Any) -> None:
    said = itkdb_says("list-test-types", "--project", "P", "--component-type", "MODULE")
    listed = list(client.get("listTestTypes", json={"project": "P", "componentType": "MODULE"}))
    assert json.loads(said) == listed


def test_list_components_looks_for_another_key(run: Run) -> None:
    """It asks in the older form, whose recorded answer has `pageItemList`, and reads `itemList` (§9, 20)."""
    ended = run("itkdb", "list-components", "--project", "S", "--component-type", "MODULE")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "KeyError: 'itemList'"


def test_list_all_attachments(itkdb_says: Callable[..., str]) -> None:
    listed = json.loads(itkdb_says("list-all-attachments"))
    assert {"id", "awid", "code", "contentType", "sys"} <= set(listed[0])


def test_get_component_info(itkdb_says: Callable[..., str], client: Any) -> None:
    said = json.loads(itkdb_says("get-component-info", "--component", QUAD))
    assert said.pop("uuAppErrorMap") == {}
    assert said == client.get("getComponent", json={"component": QUAD})


def test_summary(itkdb_says: Callable[..., str]) -> None:
    lines = itkdb_says("summary", "--project", "P").splitlines()
    assert any(line.endswith("(UCSC)") for line in lines)
    assert any(line.endswith("(MODULE) active") for line in lines)
    assert "Test types for MODULE" in lines
    assert any("(IV_MEASURE) active" in line for line in lines)


def test_add_attachment(itkdb_says: Callable[..., str], client: Any, tmp_path: Path) -> None:
    (tmp_path / "told.txt").write_text("by the command line", encoding="utf-8")
    words = ("--component", LONG_STRIP, "--title", "Told", "-d", "in one line", "-f", "told.txt")
    record = json.loads(itkdb_says("add-attachment", *words, "--filename", "other.txt"))
    file = Owner("component", LONG_STRIP).download(client, record["code"])
    assert (file.content, file.suggested_filename) == (b"by the command line", "other.txt")


def test_add_comment(itkdb_says: Callable[..., str], client: Any) -> None:
    itkdb_says("add-comment", "--component", LONG_STRIP, "-m", "said by the command line")
    comments = client.get("getComponent", json={"component": LONG_STRIP})["comments"]
    assert comments[-1]["comment"] == "said by the command line"


@pytest.mark.logs("Changing the mimetype")
def test_eos_upload_and_delete(
    itkdb_says: Callable[..., str],
    trusting_package: Callable[[str], str],
    names: RealNames,
    client: Any,
    session: Any,
    tmp_path: Path,
) -> None:
    """Its address of EOS is fixed: the command line reaches the sandbox under the real name, by TLS."""
    request = {"type": "component", "id": LONG_STRIP, "title": "t", "description": "", "filesize": 125}
    granted = client.post("requestUploadEosFile", json=request)
    (tmp_path / "a.jpg").write_bytes(example("1x1.jpg"))
    trusted = trusting_package(str(names.ca_file))
    words = ("-t", granted["token"], "-p", urlsplit(granted["url"]).path)
    itkdb_says("eos", "upload", *words, "-f", "a.jpg", PYTHONPATH=trusted)
    owner = Owner("component", LONG_STRIP)
    address = _real_name(owner.attachment(client, granted["code"], tokens=True)["url"])
    assert client.get(address, verify=str(names.ca_file)).content == example("1x1.jpg")
    body = {"component": LONG_STRIP, "code": granted["code"]}
    token = session.post("deleteComponentAttachment", json=body).json()["token"]
    itkdb_says("eos", "delete", "-t", token, *words[2:], PYTHONPATH=trusted)
    with pytest.raises(itkdb.exceptions.NotFound):
        client.get(address, verify=str(names.ca_file))


def _real_name(url: str) -> str:
    return f"https://eosatlas.cern.ch{urlsplit(url).path}?{urlsplit(url).query}"


def test_help_and_version(itkdb_says: Callable[..., str]) -> None:
    assert "Commands:" in itkdb_says("--help")
    assert itkdb.__version__ in itkdb_says("--version")
