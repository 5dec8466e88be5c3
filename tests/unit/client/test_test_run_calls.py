"""Test runs as they come: in bundles, over the family, one by one, and as summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import ComponentNotFound, TestRunNotFound
from itkgui.records.component import Component
from itkgui.records.run_history import Standing, group_runs
from itkgui.records.test_run import TestRun
from tests.unit.client.signed_in import MODULE, STRIP_MODULE, ScriptedDatabase, requests_of, sign_in

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess

Start = Callable[..., ScriptedDatabase]


def runs_in(code: str, *ids: str) -> dict[str, Any]:
    runs = [{"id": run_id, "state": "ready", "date": f"01.01.2{n:03} 00:00"} for n, run_id in enumerate(ids)]
    return {"code": code, "tests": [{"id": "t", "code": "IV", "testRuns": runs}]}


def bulk_runs(body: dict[str, Any]) -> dict[str, Any]:
    return {"itemList": [{"id": run_id} for run_id in body["testRun"]]}


@pytest.mark.parametrize("serial", [MODULE, STRIP_MODULE])
def test_a_component_is_opened_in_two_rounds(
    start_sandbox: Callable[..., SandboxProcess], serial: str
) -> None:
    sandbox = start_sandbox("--components", "20")
    database = sign_in(sandbox)
    before = len(requests_of(sandbox))
    bundles: list[tuple[TestRun, ...]] = []
    opened = database.open_component(serial, bundles.append)
    asked = requests_of(sandbox)[before:]
    assert asked[0] == "getComponent"
    assert set(asked[1:]) == {"getTestRunBulk"}
    assert len(asked) <= 5  # the second round fits in what a client has under way at once
    assert (opened.component.serial_number, opened.matched_by) == (serial, "serial number")
    assert sorted(run.id for bundle in bundles for run in bundle) == sorted(run.id for run in opened.runs)
    kinds = {attachment.owner.kind.value for attachment in opened.attachments}
    assert kinds == {"component", "testRun"}
    moments = [attachment.moment for attachment in opened.attachments if attachment.moment]
    assert moments == sorted(moments, reverse=True)
    database.sign_out()


def test_opening_what_does_not_exist(database: ProductionDatabase) -> None:
    with pytest.raises(ComponentNotFound):
        database.open_component("20UPGM29999999")


def test_a_thousand_runs_come_in_few_requests_the_newest_first(scripted: Start) -> None:
    ids = [f"{number:024x}" for number in range(1000)]
    server = scripted(getTestRunBulk=bulk_runs)
    component = Component.from_json(runs_in("c", *ids))
    bundles: list[tuple[TestRun, ...]] = []
    runs = server.database.test_runs(component, bundles.append)
    assert len(runs) == 1000
    assert len(server.bodies("getTestRunBulk")) == len(bundles) == 20
    asked_first = [body["testRun"] for body in server.bodies("getTestRunBulk")[:4]]
    assert [ids[-1], *ids[-2:-51:-1]] in asked_first


def test_runs_that_the_server_knows_no_more_are_left_out(scripted: Start) -> None:
    server = scripted(getTestRunBulk=lambda body: {"itemList": [None, {"id": body["testRun"][0]}, 3]})
    component = Component.from_json(runs_in("c", "1" * 24, "2" * 24))
    assert [run.id for run in server.database.test_runs(component)] == ["2" * 24]


def test_an_error_of_whoever_takes_the_bundles_is_not_lost(
    database: ProductionDatabase, module: Component
) -> None:
    class TableGone(Exception):
        """What a view might raise."""

    def take(_: object) -> None:
        raise TableGone

    with pytest.raises(TableGone):
        database.test_runs(module, take)


def test_runs_of_the_whole_family_tell_whose_they_are(
    database: ProductionDatabase, module: Component
) -> None:
    runs = database.family_runs(module)
    kin = {entry.component.code: entry.component for entry in database.family_of(module)}
    assert {run.id for run in runs} == {run.id for part in kin.values() for run in part.runs}
    for run in runs:
        assert run.id in {known.id for known in kin[run.component.code].runs}
    assert {run.component.component_type.code for run in runs} > {"MODULE", "FE_CHIP"}
    dates = [run.date for run in runs if run.date]
    assert dates == sorted(dates, reverse=True)


def test_runs_that_do_not_tell_whose_they_are_are_known_by_their_component(scripted: Start) -> None:
    server = scripted(
        getComponentBulk=lambda _: {"itemList": [runs_in("part", "b")]}, getTestRunBulk=bulk_runs
    )
    whole = {**runs_in("whole", "a"), "children": [{"order": 0, "component": {"code": "part"}}]}
    found = server.database.family_runs(Component.from_json(whole))
    assert {run.id: run.component.code for run in found} == {"a": "whole", "b": "part"}


def test_a_link_leads_to_another_run(database: ProductionDatabase, module: Component) -> None:
    summary = next(run for run in database.test_runs(module) if run.test_type.code == "E_SUMMARY")
    link = next(result for result in summary.results if result.linked_run_ids)
    found = database.test_run(link.linked_run_ids[0])
    assert found.id == link.linked_run_ids[0]
    assert found.component.component_type.code == "FE_CHIP"
    with pytest.raises(TestRunNotFound):
        database.test_run("0" * 24)


def test_summaries_agree_with_the_whole_runs(database: ProductionDatabase, module: Component) -> None:
    whole = {run.id: run for run in database.test_runs(module)}
    for known in module.runs:  # from getComponent, for no request at all
        run = whole[known.id]
        assert (known.verdict, known.has_problems, known.run_number) == (
            run.verdict, run.has_problems, run.run_number,
        )  # fmt: skip
        assert known.test_type.code == run.test_type.code
        assert not known.stage
    listed = database.run_summaries(module)
    assert {run.id for run in listed} == set(whole)
    assert all(run.stage == whole[run.id].stage and run.stage for run in listed)
    assert all(run.user.identity == whole[run.id].user.identity for run in listed)


def test_newest_runs_decide(database: ProductionDatabase, module: Component) -> None:
    groups = group_runs(database.test_runs(module))
    assert sum(len(group.runs) for group in groups) == len(module.runs)
    standings = {standing for group in groups for standing in group.standings}
    assert standings >= {Standing.DECIDING, Standing.SUPERSEDED}
    assert all(group.deciding is None or not group.deciding.is_deleted for group in groups)
