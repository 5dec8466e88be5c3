"""Components as the database was recorded to write them, in all the years' dialects (API reference §5.3)."""

from __future__ import annotations

import gc
from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.records.attachment import OwnerKind, Storage
from itkgui.records.component import Component, ComponentSummary, Property, Slot
from itkgui.records.people import Reference

CODE = "7f633f626f5466b2a72c1be7cd4cb8bc"
PLACE = {
    "id": "5a6c3d23352cec0005eb5d5e",
    "code": "UCSC",
    "name": "SCIPP, UC Santa Cruz",
    "latitude": 36.991748,
    "longitude": "-122.058351",
}
PERSON = {
    "id": "5beaa5e7e3bfc00009b9ab7a",
    "userIdentity": "12-3456-1",
    "firstName": "Alex",
    "middleName": None,
    "lastName": "Example",
}

RECORDED_2023: dict[str, Any] = {
    "id": "5dde2ada79bc5c000a61d580",
    "code": CODE,
    "serialNumber": "20UPGRA0000023",
    "alternativeIdentifier": None,
    "project": {"code": "P", "name": "Pixels"},
    "subproject": {"code": "PG", "name": "Pixel general"},
    "institution": PLACE,
    "currentLocation": {**PLACE, "code": "ANL", "name": "Argonne National Laboratory"},
    "shipmentDestination": None,
    "user": PERSON,
    "componentType": {
        "id": "5a09ab9788792100056f2145",
        "code": "FE_CHIP",
        "name": "Front-end Chip",
        "snAutomatically": False,
        "category": "item",
        "state": "active",
    },
    "type": {"code": "RD53A", "name": "RD53A"},
    "currentStage": {
        "code": "TESTONWAFER",
        "name": "Testing on wafer",
        "order": 0,
        "initial": True,
        "final": False,
        "testTypes": [{"testType": "5acf73b909d7a800067a4cc5", "order": 0}],
    },
    "properties": [
        {"code": "CHIPID", "name": None, "value": 420, "dataType": None, "required": None, "default": None},
        {
            "code": "WAFERSN",
            "name": "Wafer serial number",
            "dataType": "string",
            "required": False,
            "value": None,
        },
    ],
    "children": None,
    "parents": None,
    "flags": None,
    "stages": [
        {"code": "TESTONWAFER", "dateTime": "2019-11-27T08:50:50+01:00", "name": "Testing on wafer"},
        {
            "code": "QC",
            "dateTime": "2023-06-02T17:15:12.779Z",
            "name": None,
            "rework": True,
            "comment": "again",
            "userIdentity": "12-3456-1",
        },
    ],
    "locations": None,
    "assembled": False,
    "state": "ready",
    "dummy": False,
    "completed": True,
    "trashed": None,
    "inTransit": None,
    "currentGrade": None,
    "grades": [],
    "sys": {"cts": "2019-11-27T07:50:50.179Z", "mts": "2023-06-02T17:15:12.779Z", "rev": 910},
    "comments": None,
    "tests": [
        {
            "id": "5dddec4e79bc5c000a61d263",
            "code": "TEST",
            "name": "test",
            "testRuns": [
                {"id": "5dde2b5d79bc5c000a61d5b4", "state": "ready", "date": "26.11.2019 00:00"},
                {"id": "5dde2b5d79bc5c000a61d5b5", "state": "deleted", "date": "27.11.2019 00:00"},
                {"state": "ready"},
            ],
        },
        {"id": "5dddec4e79bc5c000a61d264", "code": "NEVER_DONE", "testRuns": None},
    ],
    "attachments": [
        {
            "code": "01d9c360c27b9bdf994936d0c8026202",
            "dateTime": "2023-03-08T20:02:41.515Z",
            "title": "wirebonds.jpg",
            "description": "…",
            "contentType": None,
            "type": "eos",
            "url": "https://eos.example/eos/atlas/test/itkpd/0/1/d/01d9c360c27b9bdf994936d0c8026202",
            "filename": "01d9c360c27b9bdf994936d0c8026202",
            "user": PERSON,
        }
    ],
    "cts": "2019-11-27T07:50:50.179Z",
    "uuAppErrorMap": {},
}


def recorded(**changes: Any) -> Component:
    return Component.from_json({**RECORDED_2023, **changes})


def test_recorded_component_keeps_what_people_look_for() -> None:
    found = recorded()
    assert (found.id, found.code, found.label) == (RECORDED_2023["id"], CODE, "20UPGRA0000023")
    assert found.alternative_identifier == ""
    assert found.component_type == Reference("FE_CHIP", "Front-end Chip")
    assert found.type.label == "RD53A"
    assert (found.institution.code, found.location.code) == ("UCSC", "ANL")
    assert found.stage.code == "TESTONWAFER"
    assert found.registered_by.name == "Alex Example"
    assert found.created == datetime(2019, 11, 27, 7, 50, 50, 179000, tzinfo=timezone.utc)
    assert found.revision == 910
    assert found.raw["sys"]["rev"] == 910


def test_stage_history_keeps_its_order_and_is_told_in_utc() -> None:
    first, second = recorded().steps
    assert first.moment == datetime(2019, 11, 27, 7, 50, 50, tzinfo=timezone.utc)
    assert first.moment.tzinfo is timezone.utc
    assert (first.stage.label, first.is_rework, first.comment) == ("Testing on wafer", False, "")
    assert (second.stage.label, second.is_rework, second.comment) == ("QC", True, "again")


def test_runs_are_counted_whatever_their_state_but_not_without_an_id() -> None:
    found = recorded().runs
    assert [run.id for run in found] == ["5dde2b5d79bc5c000a61d5b4", "5dde2b5d79bc5c000a61d5b5"]
    assert [run.is_deleted for run in found] == [False, True]
    assert {run.test_type.code for run in found} == {"TEST"}


def test_attachment_on_eos_goes_by_its_title_as_its_name_is_lost() -> None:
    (found,) = recorded().attachments
    assert found.storage is Storage.EOS
    assert found.display_name == "wirebonds.jpg"
    assert found.content_type == ""


COLLECTIONS = ["properties", "children", "parents", "stages", "comments", "attachments", "tests"]


def lists_of(found: Component) -> list[object]:
    assembly = [*found.children, *found.parents]
    return [
        *found.properties,
        *assembly,
        *found.steps,
        *found.comments,
        *found.attachments,
        *found.runs,
    ]


@pytest.mark.parametrize("empty", [None, [], "none", {}], ids=["null", "empty list", "text", "object"])
def test_every_collection_may_be_without_content(empty: Any) -> None:
    found = recorded(**dict.fromkeys(COLLECTIONS, empty))
    assert lists_of(found) == []


def test_every_collection_may_be_missing() -> None:
    found = Component.from_json({k: v for k, v in RECORDED_2023.items() if k not in COLLECTIONS})
    assert lists_of(found) == []
    assert found.serial_number == "20UPGRA0000023"


@pytest.mark.parametrize("key", sorted(RECORDED_2023))
def test_any_one_key_may_be_null_or_missing_without_harm_to_the_others(key: str) -> None:
    for data in ({**RECORDED_2023, key: None}, {k: v for k, v in RECORDED_2023.items() if k != key}):
        found = Component.from_json(data)
        assert found.code == ("" if key == "code" else CODE)
        assert len(found.attachments) == (0 if key == "attachments" else 1)
        assert len(found.steps) == (0 if key == "stages" else 2)


def test_entries_that_are_no_objects_are_left_out() -> None:
    found = recorded(properties=[None, 3, "x", ["y"], {"code": "GOOD", "value": 1}])
    assert [item.code for item in found.properties] == ["GOOD"]


def test_component_of_a_bulk_answer_has_no_id_but_all_else() -> None:
    bulk = {key: value for key, value in RECORDED_2023.items() if key not in ("id", "sys", "scripts")}
    found = Component.from_json(bulk)
    assert (found.id, found.revision, found.label) == ("", 0, "20UPGRA0000023")


def test_item_of_a_list_knows_its_user_only_by_identity() -> None:
    item = {key: value for key, value in RECORDED_2023.items() if key not in ("user", "tests", "attachments")}
    found = ComponentSummary.from_json({**item, "userIdentity": "12-3456-1", "currentGrade": 0})
    assert found.label == "20UPGRA0000023"
    assert found.grade == "0"  # zero is a grade, null is none


@pytest.mark.parametrize(
    ("serial", "alternative", "label"),
    [
        pytest.param("20USETC0000004", "R0H0-FR4-01", "20USETC0000004", id="serial number"),
        pytest.param(None, "R0H0-FR4-01", "R0H0-FR4-01", id="only an alternative identifier"),
        pytest.param(None, None, CODE, id="neither: the code"),
        pytest.param("", "", CODE, id="both empty: the code"),
    ],
)
def test_component_is_called_by_the_best_identifier_it_has(
    serial: str | None, alternative: str | None, label: str
) -> None:
    found = recorded(serialNumber=serial, alternativeIdentifier=alternative)
    assert found.label == label
    assert found.owner.key == CODE
    assert found.owner.label == label


def test_attachments_have_the_same_owner_as_an_upload_to_their_component() -> None:
    found = recorded(serialNumber=None, alternativeIdentifier="R0H0-FR4-01")
    assert found.attachments[0].owner == found.owner
    assert found.attachments[0].owner.label == found.owner.label
    assert found.owner.kind is OwnerKind.COMPONENT


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("completed", True, ("completed",)),
        ("trashed", True, ("trashed",)),
        ("reworked", True, ("reworked",)),
        ("assembled", True, ("assembled",)),
        ("inTransit", True, ("in transit",)),
        ("dummy", True, ("dummy",)),
        ("state", "requestedToDelete", ("to be deleted",)),
        ("state", "deleted", ("deleted",)),
        ("state", "ready", ()),
        ("trashed", "false", ()),
        ("trashed", 1, ()),
    ],
)
def test_marks_name_what_sets_a_component_apart(key: str, value: Any, words: tuple[str, ...]) -> None:
    assert recorded(**{"completed": False, key: value}).flags == words


REVISIONS = [(7, 7), (None, 0), ("7", 0), (7.5, 0)]


@pytest.mark.parametrize(("sent", "revision"), REVISIONS, ids=["number", "null", "text", "fraction"])
def test_revision_is_a_whole_number_or_nothing(sent: Any, revision: int) -> None:
    assert recorded(sys={"rev": sent}).revision == revision
    assert recorded(sys=None).revision == 0


# Properties ----------------------------------------------------------------------------------------------


FE_VERSIONS = [
    {"code": "0", "value": "RD53A"},
    {"code": "1", "value": "ITkpix_v1"},
    {"code": "2", "value": "ITkpix_v1.1"},
    {"code": "9", "value": "No FE chip"},
]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        pytest.param("2", "ITkpix_v1.1", id="code as text"),
        pytest.param(2, "ITkpix_v1.1", id="code as number"),
        pytest.param("ITkpix_v1.1", "ITkpix_v1.1", id="text of the table"),
        pytest.param("0", "RD53A", id="code zero"),
        pytest.param(0, "RD53A", id="number zero"),
        pytest.param("77", "77", id="code that the table does not have"),
        pytest.param(None, None, id="no value"),
        pytest.param("", "", id="empty text"),
    ],
)
def test_value_of_a_code_table_is_shown_by_its_text(stored: Any, shown: Any) -> None:
    assert (
        Property.from_json({"code": "FECHIP_VERSION", "value": stored, "codeTable": FE_VERSIONS}).value
        == shown
    )


@pytest.mark.parametrize("table", [None, [], {}, [None], [{}], [{"code": None, "value": "x"}]], ids=repr)
def test_broken_code_table_leaves_the_value_alone(table: Any) -> None:
    assert Property.from_json({"code": "A", "value": "2", "codeTable": table}).value == "2"


def test_code_table_entry_without_a_text_leaves_the_code() -> None:
    assert Property.from_json({"code": "A", "value": "2", "codeTable": [{"code": "2"}]}).value == "2"


@pytest.mark.parametrize(
    ("name", "label"), [("Chip id", "Chip id"), (None, "CHIPID"), ("", "CHIPID"), ("CHIPID", "CHIPID")]
)
def test_property_whose_definition_is_gone_goes_by_its_code(name: str | None, label: str) -> None:
    assert Property.from_json({"code": "CHIPID", "name": name, "value": 420}).label == label


@pytest.mark.parametrize("value", [420, "41234asf", True, False, 1.5, [1, 2], {"a": 1}], ids=repr)
def test_property_keeps_the_type_of_its_value(value: Any) -> None:
    found = Property.from_json({"code": "A", "value": value}).value
    assert found == value
    assert type(found) is type(value)


# Assembly ------------------------------------------------------------------------------------------------


def slot(component: Any) -> Slot:
    return Slot.from_json(
        {
            "id": "5dde2ada79bc5c000a61d589",
            "order": None,
            "state": "ready",
            "componentType": {"id": "5a09ab9788792100056f2145", "code": "FE_CHIP", "name": "Front-end Chip"},
            "type": None,
            "component": component,
        }
    )


@pytest.mark.parametrize("nothing", [None, {}, "", []], ids=["null", "empty object", "empty text", "list"])
def test_empty_slot_is_empty_and_knows_what_belongs_there(nothing: Any) -> None:
    found = slot(nothing)
    assert found.component is None
    assert found.component_type.label == "Front-end Chip"
    assert not found.type


def test_filled_slot_holds_its_component() -> None:
    found = slot({"id": "5dde2ada79bc5c000a61d581", "code": "c0de", "serialNumber": "20UPGFC0086422"})
    assert found.component is not None
    assert found.component.label == "20UPGFC0086422"


def test_slot_filled_with_a_bare_id_is_not_empty() -> None:
    found = slot("5dde2ada79bc5c000a61d581")
    assert found.component is not None
    assert found.component.id == found.component.label == "5dde2ada79bc5c000a61d581"


def test_reference_may_be_a_bare_code_or_null() -> None:
    found = recorded(institution="5a6c3d23352cec0005eb5d5e", type=None, project=7)
    assert found.institution == Reference("5a6c3d23352cec0005eb5d5e")
    assert found.institution.label == "5a6c3d23352cec0005eb5d5e"
    assert not found.type
    assert not found.project


def test_comments_are_told_with_who_and_when() -> None:
    comment = {"code": "5f", "dateTime": "2023-06-02T17:15:12.779Z", "comment": "scratched", "user": PERSON}
    first, second = recorded(comments=[comment, {"comment": None, "user": None}]).comments
    assert (first.text, first.user.name) == ("scratched", "Alex Example")
    assert first.moment == datetime(2023, 6, 2, 17, 15, 12, 779000, tzinfo=timezone.utc)
    assert (second.text, second.user.name, second.moment) == ("", "", None)


def test_last_move_is_known_though_no_moves_are_listed() -> None:
    where = {"currentLocationTs": "2023-06-02T17:15:12.779Z", "currentLocationUserIdentity": "12-3456-1"}
    (found,) = recorded(locations=None, **where).moves
    assert (found.institution.code, found.user.identity) == ("ANL", "12-3456-1")
    assert recorded(locations=None, currentLocationTs=None).moves == ()
    (listed,) = recorded(locations=[{"institution": "5a6c"}], **where).moves
    assert (listed.institution.id, listed.moment) == ("5a6c", None)


def test_garbage_collection_passes_over_the_rows_of_a_list() -> None:
    assert not gc.is_tracked(ComponentSummary.from_json(RECORDED_2023))


def test_a_component_that_was_loaded_again_is_the_same_whatever_tokens_its_links_have() -> None:
    before = Component.from_json(RECORDED_2023)
    after = Component.from_json({**RECORDED_2023, "attachments_url": "another token"})
    assert before == after
    assert hash(before) == hash(after)
    assert before != Component.from_json({**RECORDED_2023, "serialNumber": "20UPGRA0000024"})
    assert before != ComponentSummary.from_json(RECORDED_2023)
