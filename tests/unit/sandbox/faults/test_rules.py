"""Rules for faults: how they are given, listed and cleared, which of them acts, and who may do that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import Caller


def test_rules_are_listed_with_their_turns_and_cleared(api: Caller) -> None:
    rule = {"match": "GET /listProjects", "do": "status", "status": 429, "times": 2}
    listed = api.control("POST", "faults", [rule])
    assert listed == api.control("GET", "faults")
    assert {key: listed[0][key] for key in rule} == rule
    assert listed[0]["left"] == 2
    assert api.send("GET", "listProjects").status_code == 429
    api.fail("GET /getUser", "html", times=None)
    assert [entry["left"] for entry in api.control("GET", "faults")] == [1, None]
    assert api.send("GET", "listProjects").status_code == 429
    assert api.send("GET", "listProjects").status_code == 200
    assert api.control("DELETE", "faults") == []
    assert api.control("GET", "faults") == []


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"do": "reset"}, '"match"'),
        ({"match": "GET /x"}, '"do"'),
        ({"match": "get /x", "do": "reset"}, '"match"'),
        ({"match": "/x", "do": "reset"}, '"match"'),
        ({"match": "GET /x", "do": "explode"}, '"do"'),
        ({"match": "GET /x", "do": ["reset"]}, '"do"'),
        ({"match": "GET /x", "do": "reset", "after": 3}, '"after"'),
        ({"match": "GET /x", "do": "reset", "after_bytes": -1}, '"after_bytes"'),
        ({"match": "GET /x", "do": "reset", "after_bytes": 1.5}, '"after_bytes"'),
        ({"match": "GET /x", "do": "status", "status": 99}, '"status"'),
        ({"match": "GET /x", "do": "status", "status": 200}, '"status"'),
        ({"match": "GET /x", "do": "status", "status": 204}, '"status"'),
        ({"match": "GET /x", "do": "status", "status": 304}, '"status"'),
        ({"match": "GET /x", "do": "status", "status": 399}, '"status"'),
        ({"match": "GET /x", "do": "status", "headers": {"A": "b\r\nc"}}, '"headers"'),
        ({"match": "GET /x", "do": "reset", "times": 0}, '"times"'),
        ({"match": "GET /x", "do": "reset", "times": True}, '"times"'),
        ({"match": "GET /x", "do": "reset", "server": "moon"}, '"server"'),
        ({"match": "GET /x", "do": "slow", "ms": "500"}, '"ms"'),
        ("reset", "Rule 2"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_key_and_none_is_added(api: Caller, rule: Any, named: str) -> None:
    good = {"match": "GET /x", "do": "reset"}
    response = api.raw("POST", api.info["api_url"] + "_sandbox/faults", json=[good, rule])
    assert response.status_code == 400
    assert named in response.json()["error"]
    assert api.control("GET", "faults") == []


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[" * 100_000, b"3"])
def test_what_is_no_list_of_rules_is_refused(api: Caller, body: bytes) -> None:
    response = api.raw("POST", api.info["api_url"] + "_sandbox/faults", data=body)
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_first_rule_with_turns_acts_and_some_requests_pass_first(api: Caller) -> None:
    api.fail("GET /list*", "status", status=500, skip=1)
    api.fail("* *Projects", "status", status=502, times=2)
    said = [api.send("GET", "listProjects").status_code for _ in range(4)]
    assert said == [502, 500, 502, 200]
    api.fail("POST *", "status", status=500)
    assert api.send("GET", "listProjects").status_code == 200


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        ({"Host": "itkpd.example.org"}, "GET"),
        ({"Host": "localhost.example.org:80"}, "GET"),
        ({"Host": "10.0.0.1"}, "GET"),
        ({"Host": "localhost:80@evil.example"}, "GET"),
        ({"Host": "localhost:x"}, "GET"),
        ({"Origin": "http://127.0.0.1"}, "POST"),
        ({"Sec-Fetch-Site": "cross-site"}, "GET"),
    ],
)
def test_control_paths_are_unknown_to_strangers(api: Caller, headers: dict[str, str], method: str) -> None:
    for path in ("faults", "log", "state"):
        response = api.raw(method, f"{api.info['api_url']}_sandbox/{path}", headers=headers)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/html")
        assert "Access-Control-Allow-Origin" not in response.headers


def test_control_paths_have_their_methods_and_their_port(api: Caller) -> None:
    for host in ("localhost:1", "127.0.0.1", "[::1]:80"):
        response = api.raw("GET", api.info["api_url"] + "_sandbox/faults", headers={"Host": host})
        assert response.json() == []
    response = api.raw("PUT", api.info["api_url"] + "_sandbox/faults", json=[])
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, DELETE")
    door = api.info["eos_url"].partition("/eos/")[0]
    assert api.raw("GET", door + "/_sandbox/faults").status_code == 404
    assert api.control("GET", "faults") == []
