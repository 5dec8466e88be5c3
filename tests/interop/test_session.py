"""Session and Client as a script uses them: addresses, decoded answers, warnings, the cache."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cachecontrol.caches.file_cache
import pytest
import requests

from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD


@pytest.mark.parametrize("address", ["listProjects", "/listProjects", "{api}listProjects"])
def test_addresses_are_relative_or_whole(
    package: Any, session: Any, sandbox: SandboxProcess, address: str
) -> None:
    response = session.get(address.format(api=sandbox.info["api_url"]))
    assert isinstance(response, requests.Response)
    assert response.json()["pageInfo"]["total"] == 4
    assert response.request.headers["Authorization"].startswith("Bearer ey")
    own = importlib.import_module(package.__name__.partition(".")[0])
    assert response.request.headers["User-Agent"] == f"{own.__name__}/{own.__version__}"


def test_a_session_takes_a_whole_request(session: Any) -> None:
    request = requests.Request("GET", "getComponent", json={"component": QUAD})
    assert session(request).json()["serialNumber"] == QUAD
    assert session("GET", "listProjects").status_code == 200


def test_the_bearer_stays_with_the_api(package: Any, session: Any, sandbox: SandboxProcess) -> None:
    """EOS answers without a token of its own: the database's bearer was not sent there."""
    with pytest.raises(package.exceptions.Forbidden) as caught:
        session.get(f"{sandbox.info['eos_url']}0/1/2/012")
    assert "Authorization" not in caught.value.response.request.headers


def test_an_answer_is_decoded_and_stripped_of_its_error_map(client: Any) -> None:
    found = client.get("getComponent", json={"component": QUAD})
    assert type(found) is dict
    assert found["serialNumber"] == QUAD
    assert "uuAppErrorMap" not in found


def test_unknown_keys_are_warned_of(client: Any, said: Callable[[], list[str]]) -> None:
    found = client.get("getComponent", json={"component": QUAD, "ignoreme": "fake"})
    assert found["serialNumber"] == QUAD
    assert len(said()) == 1
    assert "getComponent/unsupportedKeys: " in said()[0]
    assert "$.ignoreme" in said()[0]


def test_query_parameters_are_as_good_as_a_body(client: Any) -> None:
    by_query = client.get("listComponentTypes", params={"project": "S"})
    by_body = client.get("listComponentTypes", json={"project": "S"})
    assert list(by_query) == list(by_body) != []


def test_a_read_may_be_a_post(client: Any) -> None:
    assert client.post("getComponent", json={"component": QUAD})["serialNumber"] == QUAD


def test_an_unknown_command_comes_as_a_page(package: Any, is_own: bool, client: Any) -> None:
    """The web application answers with status 200, which itkdb takes for a file; here it is an error."""
    if is_own:
        with pytest.raises(package.exceptions.NotTheApi) as caught:
            client.get("aCommandThatIsNone")
        assert "ITk Production Database" in caught.value.response.text
        return
    page = client.get("aCommandThatIsNone")
    assert isinstance(page, package.models.TextFile)
    assert page.mimetype.startswith("text/html")
    assert b"ITk Production Database" in page.content


def test_answers_are_remembered_for_a_minute(
    package: Any,
    is_own: bool,
    make_client: Callable[..., Any],
    control: Control,
    tmp_path: Path,
    own_environment: Path,
) -> None:
    """The server allows it (max-age=60). itkdb keeps it where it was started, ours in the user's cache."""
    with_cache = make_client(cache=True)
    first = with_cache.get("getComponent", json={"component": QUAD})
    assert (tmp_path / ".webcache").is_dir() is not is_own
    assert any((own_environment / ".cache").rglob("*.sqlite")) is is_own
    control.fail("GET /getComponent", "status", status=503, times=3)
    assert with_cache.get("getComponent", json={"component": QUAD}) == first
    assert with_cache._response.from_cache
    with pytest.raises(package.exceptions.ServerError):
        make_client().get("getComponent", json={"component": QUAD})


@pytest.mark.logs("cache: a store of another kind is not used")
def test_an_own_lifetime_holds_for_every_read(
    make_client: Callable[..., Any], control: Control, tmp_path: Path
) -> None:
    """`expires_after` is kept for lists as well, one entry for every body; ours has one kind of store."""
    store = cachecontrol.caches.file_cache.FileCache(str(tmp_path / "kept"))
    keeping = make_client(cache=store, expires_after={"minutes": 5})
    pages = {project: list(keeping.get("listComponentTypes", json={"project": project})) for project in "SP"}
    assert pages["S"] != pages["P"]
    control.fail("* /listComponentTypes", "status", status=503, times=6)
    for project in "SP":
        assert list(keeping.get("listComponentTypes", json={"project": project})) == pages[project]


def test_a_rejected_request_tells_which_key(package: Any, client: Any, user: Any) -> None:
    with pytest.raises(package.exceptions.BadRequest) as caught:
        client.get("getComponent", json={"pageInfo": {"pageSize": 1}})
    error_map = caught.value.response.json()["uuAppErrorMap"]
    found = next(entry for code, entry in error_map.items() if code.endswith("/getComponent/invalidDtoIn"))
    assert list(found["paramMap"]["missingKeyMap"]) == ["$.component"]
    assert found["paramMap"]["unsupportedKeyList"] == ["$.pageInfo"]
    assert user.identity in str(caught.value)


def test_a_wrong_value_is_named(package: Any, client: Any) -> None:
    with pytest.raises(package.exceptions.BadRequest, match=r"oneOf\.e001"):
        client.get("listComponents", json={"project": "Fake", "pageInfo": {"pageSize": 1}})


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("getComponent", {"component": "20UPGM29999999"}, "getComponent/componentDoesNotExist"),
        ("getTestRun", {"testRun": "0" * 24}, "getTestRun/testRunDaoGetFailed"),
        (
            "listTestTypes",
            {"project": "S", "componentType": "NONE"},
            "listTestTypes/componentTypeDaoGetByCodeFailed",
        ),
    ],
)
def test_what_does_not_exist_is_a_bad_request(
    package: Any, client: Any, command: str, body: Any, code: str
) -> None:
    with pytest.raises(package.exceptions.BadRequest) as caught:
        client.get(command, json=body)
    (found,) = caught.value.response.json()["uuAppErrorMap"]
    assert found.partition("/")[2] == code


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BadRequest"),
        (401, "Forbidden"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (409, "Conflict"),
        (413, "TooLarge"),
        (418, "UnhandledResponse"),
        (451, "UnavailableForLegalReasons"),
        (500, "ServerError"),
        (502, "ServerError"),
        (503, "ServerError"),
        (504, "ServerError"),
    ],
)
def test_every_status_has_its_exception(
    package: Any, is_own: bool, client: Any, control: Control, status: int, error: str
) -> None:
    """A read is asked again where that may help, with a new token or after a pause: it has to fail again."""
    asked = {401: 2, 502: 3, 503: 3, 504: 3}.get(status, 1) if is_own else 1
    control.fail("GET /listProjects", "status", status=status, times=asked)
    with pytest.raises(getattr(package.exceptions, error)) as caught:
        client.get("listProjects")
    assert type(caught.value) is getattr(package.exceptions, error)
    assert caught.value.response.status_code == status
    assert isinstance(caught.value, package.exceptions.ITkDBException)
    assert len(list(client.get("listProjects"))) == 4, "the fault was for once"


def test_garbage_is_bad_json(package: Any, client: Any, control: Control) -> None:
    control.fail("GET /listProjects", "garbage")
    with pytest.raises(package.exceptions.BadJSON):
        client.get("listProjects")


def test_a_broken_connection_is_an_error_of_requests(client: Any, is_own: bool, control: Control) -> None:
    """A read is repeated twice at once, before it is an error; a write never."""
    client.user.authenticate()
    control.fail("GET /listProjects", "reset", times=3 if is_own else 1)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.get("listProjects")
    control.fail("POST /createComponentComment", "reset")
    with pytest.raises(requests.exceptions.ConnectionError):
        client.post("createComponentComment", json={"component": QUAD, "comments": ["never"]})
