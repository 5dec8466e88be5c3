"""Whatever JSON a server answers, a call ends in records or in an error of the tree."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.client.exceptions import ItkError
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.records.component import Component
from itkgui.records.family import children_of
from tests.unit.client.conftest import Provider
from tests.unit.client.signed_in import ScriptedDatabase

COMPONENT = Component.from_json(
    {
        "code": "c0de",
        "project": {"code": "P"},
        "componentType": {"code": "MODULE"},
        "currentStage": {"code": "WARM", "testTypes": [{"testType": "t"}]},
        "children": [{"component": {"code": "chip"}, "componentType": {"code": "CHIP"}}],
        "tests": [{"id": "t", "code": "IV", "testRuns": [{"id": "r"}]}],
    }
)
RUN = Owner(OwnerKind.TEST_RUN, "r", "a run")

CALLS: dict[str, Callable[[ProductionDatabase], object]] = {
    "component": lambda d: d.component("20UPGM23800001"),
    "open": lambda d: d.open_component("a name"),
    "reload": lambda d: d.reload(COMPONENT),
    "list": lambda d: d.components(["0" * 32, "a name"]),
    "count": lambda d: d.count(ComponentQuery(project="P")),
    "search": lambda d: d.search(ComponentQuery(project="P"), 0),
    "search all": lambda d: list(d.search_all(ComponentQuery(project="P"))),
    "family": lambda d: d.load_family(children_of(COMPONENT)),
    "whole family": lambda d: d.family_of(COMPONENT),
    "changes": lambda d: d.changes_since(COMPONENT),
    "runs": lambda d: d.test_runs(COMPONENT),
    "family's runs": lambda d: d.family_runs(COMPONENT),
    "run": lambda d: d.test_run("r"),
    "summaries": lambda d: d.run_summaries(COMPONENT),
    "timeline": lambda d: d.timeline(COMPONENT),
    "attachments": lambda d: d.attachments_of_all(COMPONENT, ()),
    "due": lambda d: d.due_at_stage(COMPONENT),
    "projects": lambda d: d.projects(),
    "institutions": lambda d: d.institutions(),
    "component types": lambda d: d.component_types("P"),
    "component type": lambda d: d.component_type("P", "MODULE"),
    "test types": lambda d: d.test_types("P", "MODULE"),
    "person": lambda d: d.person("1"),
    "shipments": lambda d: d.shipments_of(COMPONENT),
    "shipments at": lambda d: d.shipments_at("UCSC"),
    "shipment": lambda d: d.shipment("s"),
    "comments": lambda d: d.comments(RUN),
    "new comment": lambda d: d.add_comment(RUN, "text"),
}
_ITEMS: list[Any] = [
    None,
    3,
    "x",
    [],
    {},
    {"id": None},
    {"code": ["x"], "id": 7, "children": "x", "tests": {}},
]
ODD: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "a number": 3,
    "null": None,
    "lists that are null": {"itemList": None, "pageItemList": None},
    "lists that are none": {"itemList": "none", "pageItemList": {"a": 1}, "pageInfo": []},
    "lists of anything": {"itemList": _ITEMS, "pageInfo": {"total": "many", "pageSize": -1}},
    "a total that is a lie": {"itemList": _ITEMS, "pageInfo": {"total": 10**9, "pageSize": 1}},
    "an error map that is text": {"uuAppErrorMap": "#<Session>", "itemList": _ITEMS, "comments": 3},
}


@pytest.mark.parametrize("answer", ODD)
def test_odd_answers_end_in_records_or_in_an_error_of_the_tree(provider: Provider, answer: str) -> None:
    server = ScriptedDatabase(provider, defaultdict(lambda: lambda _: ODD[answer]))
    for call in CALLS.values():
        with contextlib.suppress(ItkError):
            call(server.database)
    server.database.sign_out()
