"""What happened, what is due, shipments, definitions and comments, against the sandbox's real process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.client.exceptions import BadRequest, ComponentNotFound, NotReadBack
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.records.due_tests import DueStatus
from itkgui.records.limits import Judgement
from itkgui.records.shipment import Shipment
from itkgui.records.timeline import EventKind
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import STRIP_MODULE, ScriptedDatabase, requests_of

Start = Callable[..., ScriptedDatabase]


# The timeline -----------------------------------------------------------------------------------------------


@pytest.fixture
def delivered(database: ProductionDatabase) -> Shipment:
    """A shipment that arrived, whole."""
    return database.shipment(database.shipments_at("UCSC", "delivered")[0].id)


def test_timeline_merges_all_there_is(database: ProductionDatabase, module: Component) -> None:
    runs = database.test_runs(module)
    events = database.timeline(module, runs)
    moments = [event.moment for event in events if event.moment]
    assert moments == sorted(moments)
    counts = {kind: sum(event.kind is kind for event in events) for kind in EventKind}
    assert counts[EventKind.REGISTERED] == 1
    assert counts[EventKind.STAGE] == len(module.steps)
    assert counts[EventKind.TEST_RUN] == len(runs)
    attachments = len(module.attachments) + sum(len(run.attachments) for run in runs)
    assert counts[EventKind.ATTACHMENT] == attachments
    assert counts[EventKind.ASSEMBLY] == 3
    stages = [event for event in events if event.kind is EventKind.STAGE]
    assert any(" " in event.actor.name for event in stages)  # a name, found elsewhere by the identity


def test_timeline_of_a_part_that_travelled(database: ProductionDatabase, delivered: Shipment) -> None:
    part = database.reload(delivered.items[0].component)
    (listed,) = (s for s in database.shipments_of(part) if s.id == delivered.id)
    assert (listed.label, listed.status, listed.history) == (delivered.label, "delivered", ())
    events = database.timeline(part)
    shipped = [event for event in events if event.kind is EventKind.SHIPMENT]
    assert [event.text.rpartition(": ")[2] for event in shipped][-1] == "delivered"
    assert shipped[0].subject == delivered or shipped[0].subject is not None
    arrived = [event.text for event in events if event.kind is EventKind.LOCATION]
    assert f"Arrived at {delivered.recipient.label}" in arrived  # named, though the part has only an id


def test_attachments_of_all_owners_are_one_list(database: ProductionDatabase) -> None:
    listed = database.shipments_at("UCSC")[0]
    entry = {"type": "shipment", "id": listed.id, "title": "box.jpg", "description": "", "filesize": 3}
    database._client.post("requestUploadEosFile", entry)
    shipment = database.shipment(listed.id)
    assert [a.display_name for a in shipment.attachments][-1] == "box.jpg"
    part = database.reload(shipment.items[0].component)
    found = database.attachments_of_all(part, database.test_runs(part))
    owners = {attachment.owner for attachment in found}
    assert shipment.owner in owners
    assert {a.code for a in shipment.attachments} <= {a.code for a in found}
    assert {a.code for a in part.attachments} <= {a.code for a in found}


def test_addresses_on_eos_work_without_signing_in(database: ProductionDatabase, module: Component) -> None:
    runs = database.test_runs(module)
    wanted = [*module.attachments, *(a for run in runs for a in run.attachments)]
    urls = database.fresh_urls(wanted)
    assert set(urls) == {a.code for a in wanted if a.storage is Storage.EOS}
    assert {a.owner.kind for a in wanted if a.code in urls} == {OwnerKind.COMPONENT, OwnerKind.TEST_RUN}
    code, url = next(iter(urls.items()))
    answer = requests.get(url, timeout=20)
    assert answer.status_code == 200, code
    assert all("authz" not in a.url for a in wanted)
    assert database.fresh_urls([]) == {}


# What is due ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_runs", [True, False])
def test_tests_due_at_the_stage_of_a_module(
    database: ProductionDatabase, module: Component, with_runs: bool
) -> None:
    runs = database.test_runs(module)
    found = database.due_at_stage(module, runs if with_runs else ())
    assert found.stage == module.stage
    assert [due.test_type.id for due in found.tests] == [t.test_type_id for t in module.stage.tests]
    assert all(due.test_type.code for due in found.tests)  # joined by object id
    for due in found.tests:
        made = [r for r in runs if r.test_type.code == due.test_type.code and not r.is_deleted]
        here = [r for r in made if r.stage.code == module.stage.code]
        if here:
            assert due.status is (DueStatus.PASSED if here[0].passed else DueStatus.FAILED)
        else:
            assert due.status is (DueStatus.WRONG_STAGE if made else DueStatus.MISSING)
    assert {due.status for due in found.tests} >= {DueStatus.PASSED, DueStatus.MISSING}


def test_parts_at_another_stage_than_their_module_are_named(scripted: Start) -> None:
    stage = {"code": "WARM", "testTypes": [{"testType": "t1"}]}
    slots = [
        {"order": n, "component": {"code": code}, "componentType": {"code": kind}}
        for n, (code, kind) in enumerate((("chip 1", "CHIP"), ("chip 2", "CHIP"), ("plug", "PLUG")))
    ]
    parts = [
        {"code": code, "componentType": {"code": kind}, "currentStage": {"code": at}}
        for code, kind, at in (
            ("chip 1", "CHIP", "WAFER"),
            ("chip 2", "CHIP", "WARM"),
            ("plug", "PLUG", "QC"),
        )
    ]

    def component_type(body: dict[str, Any]) -> Any:
        if body["code"] != "CHIP":  # of another project, as common electronics are
            return provider_failure
        return {"code": "CHIP", "stages": [{"code": "WAFER"}, {"code": "WARM"}]}

    server = scripted(
        listTestTypes=lambda _: {"pageItemList": [{"id": "t1", "code": "IV", "name": "IV"}]},
        getComponentBulk=lambda _: {"itemList": parts},
        listShipmentsByComponent=lambda _: {"itemList": []},
        getComponentTypeByCode=component_type,
    )
    provider_failure = server.failure(
        400, "ucl-itkpd-main/getComponentTypeByCode/componentTypeDaoGetByCodeFailed"
    )
    module = Component.from_json(
        {
            "code": "m",
            "project": {"code": "P"},
            "componentType": {"code": "MODULE"},
            "currentStage": stage,
            "children": slots,
        }
    )
    found = server.database.due_at_stage(module)
    assert [finding.text for finding in found.findings] == ["CHIP chip 1 is at another stage: WAFER."]
    assert [body["component"] for body in server.bodies("getComponentBulk")] == [["chip 1", "chip 2", "plug"]]
    assert [(due.test_type.code, due.status) for due in found.tests] == [("IV", DueStatus.MISSING)]


def test_a_component_without_a_stage_or_type_is_due_for_nothing_and_says_so(scripted: Start) -> None:
    server = scripted(listShipmentsByComponent=lambda _: {"itemList": []})
    found = server.database.due_at_stage(Component.from_json({"code": "m"}))
    assert (found.tests, found.stage.label) == ((), "")
    assert [finding.text for finding in found.findings] == ["It has no stage."]


def test_of_very_many_parts_the_first_ones_are_compared(scripted: Start) -> None:
    server = scripted(
        listShipmentsByComponent=lambda _: {"itemList": []},
        getComponentTypeByCode=lambda _: {"code": "CHIP"},
        getComponentBulk=lambda body: {"itemList": [{"code": code} for code in body["component"]]},
    )
    slots = [
        {"order": n, "component": {"code": f"chip {n}"}, "componentType": {"code": "CHIP"}}
        for n in range(10_000)
    ]
    data = {"code": "m", "project": {"code": "P"}, "currentStage": {"code": "WARM"}, "children": slots}
    found = server.database.due_at_stage(Component.from_json(data))
    assert found.findings == ()
    assert sum(len(body["component"]) for body in server.bodies("getComponentBulk")) == 250


# Definitions ------------------------------------------------------------------------------------------------


def test_definitions_that_fill_the_filters(database: ProductionDatabase, module: Component) -> None:
    kinds = {kind.reference.code: kind for kind in database.component_types("P")}
    kind = kinds["MODULE"]
    assert kind == database.component_type("P", "MODULE")
    orders = [stage.order or 0 for stage in kind.stages]
    assert orders == sorted(orders)
    assert kind.stages[0].is_initial
    assert any(stage.is_side for stage in kind.stages)
    assert any(definition.choices for definition in kind.properties)
    assert module.serial_number[5:7] in {sub.type_code for sub in kind.types}
    place = next(i for i in database.institutions() if i.code == "UCSC")
    assert (place.city, place.latitude) == ("Santa Cruz", 36.991748)
    with pytest.raises(BadRequest):
        database.component_type("P", "NO_SUCH_TYPE")


def test_limits_of_the_test_types_judge_the_runs(database: ProductionDatabase, module: Component) -> None:
    types = {t.reference.id: t for t in database.test_types("P", "MODULE")}
    judged = {
        types[run.test_type.id].limits_of(result, run.stage.code).judge(result.value)
        for run in database.test_runs(module)
        for result in run.results
    }
    assert judged >= {Judgement.WITHIN, Judgement.NOT_JUDGED}


def test_rights_of_whoever_is_signed_in(database: ProductionDatabase) -> None:
    user = database.user
    assert user.rights_at(user.home.code)
    assert user.rights_at("NO_SUCH_PLACE") is None
    assert database.person(user.identity) == user
    with pytest.raises(BadRequest):
        database.person("0-0-0")


# Shipments --------------------------------------------------------------------------------------------------


def test_shipments_of_an_institution_by_status(database: ProductionDatabase) -> None:
    everything = database.shipments_at("UCSC")
    assert all("UCSC" in (s.sender.code, s.recipient.code) for s in everything)
    assert not any(s.is_deleted for s in everything)
    by_status = {status: database.shipments_at("UCSC", status) for status in {s.status for s in everything}}
    assert len(by_status) > 1
    for status, found in by_status.items():
        assert {s.status for s in found} == {status}
    assert sum(map(len, by_status.values())) == len(everything)


def test_deleted_shipments_are_listed_for_who_asks(database: ProductionDatabase) -> None:
    keys = {"project": "S", "subproject": "SB", "componentType": "HYBRID_ASSEMBLY", "type": "X_HYBRID"}
    made = database._client.post("registerComponent", {**keys, "institution": "UCSC"})
    parcel = {"sender": "UCSC", "recipient": "CERN", "type": "continental", "name": "given up"}
    items = [made["component"]["code"]]
    shipment = database._client.post("createShipment", {**parcel, "shipmentItems": items})["id"]
    database._client.post("deleteShipment", {"shipment": shipment})
    ready = database.shipments_at("UCSC")
    everything = database.shipments_at("UCSC", with_deleted=True)
    assert [s.id for s in everything if s.is_deleted and s.id == shipment] == [shipment]
    assert {s.id for s in ready} == {s.id for s in everything if not s.is_deleted}
    part = database.component(items[0]).component
    assert [s.is_deleted for s in database.shipments_of(part, refresh=True)] == [True]


def test_a_shipment_without_an_id_has_the_one_it_was_asked_for_by(scripted: Start) -> None:
    answer = {"id": None, "attachments": [{"code": "c0de"}]}
    server = scripted(getShipment=lambda _: answer, listShipmentItems=lambda _: {"itemList": []})
    found = server.database.shipment("5a6c")
    assert (found.id, found.owner.key, found.attachments[0].owner.key) == ("5a6c", "5a6c", "5a6c")


def test_a_whole_shipment(database: ProductionDatabase, delivered: Shipment) -> None:
    assert [step.status for step in delivered.history][-1] == "delivered"
    assert delivered.items
    assert all(item.is_delivered for item in delivered.items)
    assert database.component(delivered.items[0].component.key).component.code
    assert delivered.checklist[0].code == "Q01"
    assert delivered.checklist[0].answer is not None
    with pytest.raises(BadRequest):
        database.shipment("0" * 24)


# Comments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [OwnerKind.COMPONENT, OwnerKind.TEST_RUN])
def test_a_comment_is_written_and_read_back(database: ProductionDatabase, kind: OwnerKind) -> None:
    part = database.component(STRIP_MODULE).component
    owner = part.owner if kind is OwnerKind.COMPONENT else part.runs[0].owner
    before = database.comments(owner)
    text = "Scratch <b>near</b> µ-pad 12 \u202e"
    after = database.add_comment(owner, text)
    (new,) = (comment for comment in after if comment not in before)
    assert (new.text, new.user.identity) == (text, database.user.identity)
    assert new.moment is not None
    assert database.comments(owner) == after
    assert len(database.add_comment(owner, text)) == len(after) + 1  # the same words again are a new comment


def test_comments_that_cannot_be_written(database: ProductionDatabase, delivered: Shipment) -> None:
    with pytest.raises(ValueError, match="blank"):
        database.add_comment(Owner(OwnerKind.COMPONENT, "0" * 32, "nothing"), "  \n")
    with pytest.raises(ValueError, match="shipment"):
        database.add_comment(delivered.owner, "late")
    with pytest.raises(ComponentNotFound):
        database.add_comment(Owner(OwnerKind.COMPONENT, "0" * 32, "nothing"), "text")
    assert database.comments(delivered.owner) == delivered.comments


def test_a_comment_that_does_not_show_is_not_taken_for_written(scripted: Start) -> None:
    old = {"code": "k", "comment": "text"}
    server = scripted(getComponent=lambda _: {"comments": [old]}, createComponentComment=lambda _: {})
    with pytest.raises(NotReadBack):
        server.database.add_comment(Owner(OwnerKind.COMPONENT, "c", "c"), "text")
    assert server.bodies("createComponentComment") == [{"component": "c", "comments": ["text"]}]


def test_a_comment_whose_blanks_the_server_sets_otherwise_is_written(scripted: Start) -> None:
    shown: list[dict[str, str]] = []

    def create(body: dict[str, Any]) -> dict[str, str]:
        shown.append({"code": "k", "comment": " ".join(body["comments"][0].split())})
        return {}

    server = scripted(getComponent=lambda _: {"comments": shown}, createComponentComment=create)
    found = server.database.add_comment(Owner(OwnerKind.COMPONENT, "c", "c"), "two \n words\n")
    assert [comment.text for comment in found] == ["two words"]


def test_every_query_says_what_it_asks_for() -> None:
    full = ComponentQuery("P", "PG", "MODULE", "QUAD", "WARM", "UCSC", "ANL", "ready", "VERSION", 3)
    assert full.filter_map == {
        "project": "P",
        "state": "ready",
        "subproject": ["PG"],
        "componentType": ["MODULE"],
        "type": ["QUAD"],
        "currentStage": ["WARM"],
        "institute": ["UCSC"],
        "currentLocation": ["ANL"],
        "propertyFilter": [{"code": "VERSION", "operator": "=", "value": 3}],
    }
    assert ComponentQuery(state="").filter_map == {}


# What is due for many ---------------------------------------------------------------------------------------


def test_what_is_due_for_many_is_told_from_few_requests(
    database: ProductionDatabase, sandbox: SandboxProcess
) -> None:
    listed = [
        row.key for project in "SP" for row in database.search(ComponentQuery(project=project), 0).items
    ]
    components = database.components(listed).found
    before = len(requests_of(sandbox))
    due = database.due_of_each(components)
    asked = requests_of(sandbox)[before:]
    kinds = {(part.project.code, part.component_type.code) for part in components}
    assert len(asked) <= 2 * len(kinds)
    assert due.keys() == {part.key for part in components if part.stage}
    busy = [part for part in components if due.get(part.key) and part.runs][:12]
    assert len(busy) == 12
    for part in busy:
        there = database.due_at_stage(database.component(part.key).component).tests
        assert [(test.test_type, test.status) for test in due[part.key]] == [
            (test.test_type, test.status) for test in there
        ]


def test_parts_without_a_stage_or_of_an_unknown_type_are_left_out(database: ProductionDatabase) -> None:
    odd = [
        Component.from_json({"code": code, "project": {"code": "P"}, "componentType": {"code": kind}})
        for code, kind in (("a" * 32, "NONE"), ("b" * 32, "MODULE"))
    ]
    assert database.due_of_each(odd) == {}
    assert database.due_of_each([]) == {}
