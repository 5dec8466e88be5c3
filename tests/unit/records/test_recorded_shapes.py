"""Every shape the API reference has on record (§5), as JSON, and what the records make of it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.records.comment import comments_of
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.component_type import ComponentType
from itkgui.records.limits import Limits
from itkgui.records.people import Institution, Project, User
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment, ShipmentItem
from itkgui.records.stage import Stage
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType

USER = """{"id": "5beaa5e7e3bfc00009b9ab7a", "firstName": "Alex", "middleName": null, "lastName": "Example",
 "email": "alex@example.org", "userIdentity": "12-3456-1", "preferences": {"defaultProject": "P"},
 "institutions": [{"id": "5a6c3d23352cec0005eb5d5e", "code": "UCSC", "name": "SCIPP, UC Santa Cruz",
   "default": false, "executive": true, "authority": false, "componentManager": false,
  "clusterManager": false,
   "notification": {"shipping": true, "tests": false, "components": false}},
  {"id": "5d318624df98f200097386d5", "code": "ANL", "name": "Argonne National Laboratory", "default": true,
   "executive": false, "authority": true, "componentManager": true, "clusterManager": false}]}"""

INSTITUTION = """{"id": "5a6c3d23352cec0005eb5d5e", "code": "UCSC", "name": "SCIPP, UC Santa Cruz",
 "supervisor": "", "longitude": -122.058351, "latitude": 36.991748,
 "address": {"building": "", "street": "", "city": "Santa Cruz", "zipCode": "", "state": "CA",
  "country": "US"},
 "contacts": {"phone": "", "email": "", "web": ""},
 "componentType": [{"code": "S", "name": "Strips", "itemList": [{"id": "1", "code": "M",
  "name": "Module"}]}]}"""

PROJECT = (
    """{"id": "5a09aa", "code": "P", "name": "Pixels", "subprojects": [{"code": "PG", "name": "General"}]}"""
)

COMPONENT_TYPE = """{"id": "5a09ab9788792100056f2145", "code": "MODULE", "name": "Module", "state": "active",
 "category": "assembly", "project": {"code": "P", "name": "Pixels"},
 "subprojects": [{"code": "PG", "name": "Pixel general"}],
 "types": [{"code": "QUAD", "name": "Quad module",
   "version": {"prototype": true, "pre-production": true, "production": false},
   "subprojects": [{"code": "PG", "name": "Pixel general"}], "snComponentIdentifier": "M2", "existing": false,
   "cddNumber": null}],
 "stages": [{"code": "UNHAPPY", "name": "Unhappy", "order": 99, "alternative": true, "initial": false,
   "final": false, "testTypes": null},
  {"code": "MODULE/ASSEMBLY", "name": "Assembly", "order": 1, "alternative": null, "initial": true,
   "final": false, "testTypes": [{"testType": "5acf73b909d7a800067a4cc5", "nextStage": false, "order": 3,
    "receptionTest": null, "receptionTestOnly": null, "notification": null, "reminderInterval": null},
    {"testType": "5acf73b909d7a800067a4cc6", "nextStage": true, "order": 1, "receptionTest": true,
    "receptionTestOnly": true, "notification": false, "reminderInterval": null}]}],
 "testTypes": ["5acf73b909d7a800067a4cc5"],
 "properties": [{"code": "FECHIP_VERSION", "name": "FE chip version", "description": "",
  "dataType": "codeTable",
   "required": true, "default": null, "order": 2, "unique": null, "snPosition": [1, 1],
   "codeTable": [{"code": "0", "value": "RD53A"}, {"code": "3", "value": "ITkpix_v2"}]},
  {"code": "ORIENTATION", "name": "Orientation", "description": null, "dataType": "boolean",
  "required": false,
   "default": false, "order": 1, "unique": false, "snPosition": "NONE", "codeTable": null,
   "registrationHidden": false, "countdown": null, "permanent": false, "permanentValue": null}]}"""

TEST_TYPE = """{"id": "5acf73b909d7a800067a4cc5", "code": "ATLAS18_CV_TEST_V1", "name": "CV",
  "state": "active",
 "description": "", "stages": ["SENS_TEST_STAGE"],
 "properties": [{"code": "RUNNUMBER", "name": "Run", "description": "", "dataType": "string",
   "valueType": "single", "required": true, "order": 0}],
 "parameters": [{"code": "VI_IMAGE", "dataType": "image", "valueType": "array", "order": 2},
  {"code": "ACTIVETHICKNESS", "name": "Active thickness [µm]", "description": null, "dataType": "float",
   "valueType": "single", "order": 1, "required": true, "additional": false, "isArray": null,
   "arrayDimensions": null, "objectDefinition": null, "allAssociatedChildrenIsRequired": null,
   "associateChildren": null, "children": null,
   "thresholds": {"*": {"min": 270, "max": null, "nominal": 300, "type": "generic", "property": null,
     "propertyValues": null},
    "SENS_TEST_STAGE": {"min": 280, "max": 320, "nominal": null, "type": "generic", "property": null,
     "propertyValues": null}}}]}"""

COMPONENT_ITEM = """{"id": "5fc76a2de268e5000a6f8cf7", "code": "6322a0ee6322a0ee6322a0ee6322a0ee",
 "serialNumber": "20USETC0000004", "alternativeIdentifier": "R0H0-FR4-01", "state": "ready", "stateTs": null,
 "stateUserIdentity": null, "dummy": false, "userIdentity": "12-3456-1", "assembled": false,
  "reusable": false,
 "currentGrade": null, "grades": [], "reworked": false, "completed": false, "trashed": false,
 "institution": {"id": "5a6c", "code": "UCSC", "name": "SCIPP", "latitude": "36.99", "longitude": "-122.05"},
 "currentLocation": {"id": "5a6c", "code": "UCSC", "name": "SCIPP", "latitude": "36.99",
  "longitude": "-122.05"},
 "shipmentDestination": null, "project": {"code": "S", "name": "Strips"},
 "subproject": {"code": "SE", "name": "Strip endcaps"},
 "componentType": {"id": "5be4562fe3bfc00009b9a82a", "code": "FLEX-TEST-COUPON", "name": "Flex Test Coupon",
  "category": "item", "properties": []}, "type": null,
 "currentStage": {"code": "AFTER_MANUFACTURING", "name": "After Manufacturing", "order": 0, "initial": true,
  "final": false}, "stages": [],
 "properties": [{"code": "UNIQUE-ID", "name": "Unique ID", "dataType": "string", "required": true,
  "default": true, "value": "R0H0-FR4-01"}], "cts": "2020-12-02T10:19:25.653Z"}"""

RAW_COMPONENT = """{"id": "5dde2ada79bc5c000a61d580", "project": "5a09aa",
  "institution": "5a6c3d23352cec0005eb5d5e",
 "componentType": "5a09ab9788792100056f2145", "subproject": "PG", "type": "RD53A",
 "comments": [{"code": "5f", "dateTime": "2020-12-02T10:19:25.653Z", "userIdentity": "12-3456-1",
  "comment": "scratched"}],
 "attachments": [{"dateTime": "2020-12-02T10:19:25.653Z", "title": "T", "description": "D",
  "userIdentity": "12-3456-1", "type": "file", "code": "aa", "contentType": "text", "filename": "x.txt"}],
 "state": "ready", "stages": [{"code": "TESTONWAFER", "dateTime": "2019-11-27T08:50:50+01:00"}],
 "currentStage": "TESTONWAFER", "completed": false, "trashed": false, "grades": [], "currentGrade": null,
 "reworked": false, "dummy": false, "qaState": null, "qaPassed": null, "assembled": false, "awid": "dcb3",
 "code": "7f633f626f5466b2a72c1be7cd4cb8bc", "userIdentity": "12-3456-1",
 "currentLocation": "5a6c3d23352cec0005eb5d5e", "serialNumber": "20UPGRA0000023",
 "sys": {"cts": "2019-11-27T07:50:50.179Z", "mts": "2023-06-02T17:15:12.779Z", "rev": 910},
 "alternativeIdentifier": null}"""

BULK_COMPONENT = """{"code": "7f633f626f5466b2a72c1be7cd4cb8bc", "serialNumber": "20UPGM22110394",
 "componentType": {"id": "5a09", "code": "MODULE", "name": "Module"},
 "currentStage": {"code": "MODULE/ASSEMBLY", "name": "Assembly", "order": 1, "initial": true, "final": false},
 "children": [{"id": "b", "state": "ready", "stateTs": "2023-01-02T00:00:00.000Z",
  "stateUserIdentity": "12-3456-1", "componentType": {"id": "1", "code": "PCB", "name": "PCB"}, "type": null,
  "component": null, "properties": null}],
 "tests": [{"id": "t", "code": "IV", "name": "IV", "testRuns": [{"id": "r", "state": "ready",
  "runNumber": "1", "passed": true, "problems": false, "date": "26.11.2019 00:00",
  "institution": {"id": "5a6c", "code": "UCSC", "name": "SCIPP"}, "cts": "2019-11-27T07:53:01.116Z"}]}]}"""

ASSEMBLED_COMPONENT = """{"id": "5dde", "code": "7f633f626f5466b2a72c1be7cd4cb8bc", "serialNumber": null,
 "alternativeIdentifier": null, "currentLocationTs": "2023-06-02T17:15:12.779Z", "shipmentDestination": {},
 "children": [
  {"id": "s1", "order": 1, "state": "ready", "timestamp": null, "identity": null,
   "componentType": {"id": "1", "code": "PCB", "name": "PCB", "category": "item"}, "type": null,
   "component": null, "properties": [], "history": [{"component": "5dde", "dateTime": null}]},
  {"id": "s0", "order": 0, "state": "ready", "timestamp": "2023-06-02T17:15:12.779Z", "identity": "12-3456-1",
   "componentType": {"id": "2", "code": "FE_CHIP", "name": "Front-end chip", "category": "item"},
   "type": {"code": "RD53A", "name": "RD53A"},
   "component": {"id": "5dde2", "code": "c0de", "serialNumber": "20UPGFC0086422",
    "alternativeIdentifier": null},
   "properties": [{"code": "POSITION", "value": 3, "name": "Position", "default": false,
    "dataType": "integer", "required": false}], "history": null}],
 "parents": [{"id": "p", "state": "ready", "component": {"id": "5ddf", "code": "fade", "serialNumber": "20U"},
  "componentType": {"id": "3", "code": "STAVE", "name": "Stave"}, "type": {"code": "LS", "name": "LS"}}],
 "flags": [{"code": "QA", "name": "Quality assurance"}],
 "locations": [{"institution": "5a6c3d23352cec0005eb5d5e", "dateTime": "2023-06-02T17:15:12.779Z",
  "stage": "X"}],
 "trashed": true, "trashedTs": "2023-06-02T17:15:12.779Z", "trashedUserIdentity": "12-3456-1",
 "trashedReason": "broken", "completed": false, "completedTs": null, "completedUserIdentity": null,
 "completedReason": null, "state": "requestedToDelete", "stateTs": "2023-06-03T00:00:00.000Z",
 "stateUserIdentity": "12-3456-1", "currentGrade": "B",
 "grades": [{"grade": "B", "dateTime": "2023-06-02T17:15:12.779Z", "userIdentity": "12-3456-1"}],
 "batches": [{"number": "7", "batchType": {"code": "MODULE_BATCH"},
  "stateTs": "2023-06-02T17:15:12.779Z"}]}"""

RUN_ITEM = """{"id": "64ef67f09d1c7e0042bfcb0b", "state": "ready", "stateTs": "2023-08-30T16:01:52.238Z",
 "stateUserIdentity": "12-3456-1", "cts": "2023-08-30T16:01:52.238Z",
 "stage": {"code": "MODULE/ASSEMBLY", "name": "Bare module to module PCB assembly", "order": 1,
  "initial": true,
  "final": false}, "userIdentity": "12-3456-1", "runNumber": "1", "passed": true, "problems": false,
 "date": "2023-08-30T15:59:00.000Z",
 "institution": {"id": "5d318624df98f200097386d5", "code": "ANL", "name": "Argonne National Laboratory"},
 "testType": {"id": "627a356dba163f000ab63233", "code": "QUAD_MODULE_METROLOGY",
  "name": "Quad Module Metrology"}}"""

SHIPMENT = """{"id": "6322a0ee6322a0ee6322a0ee", "name": "Ten modules", "shipmentNumber": null,
 "trackingNumber": "N/A", "shippingService": "hand", "state": "ready", "stateTs": "2022-03-01T00:00:00.000Z",
 "stateUserIdentity": "12-3456-1", "status": "delivered", "scripts": null,
 "user": {"id": "5b", "userIdentity": "12-3456-1", "firstName": "Alex", "middleName": "",
  "lastName": "Example"},
 "type": "domestic",
 "sender": {"id": "5a6c", "code": "UCSC", "name": "SCIPP", "longitude": "-122.058351",
  "latitude": "36.991748",
  "address": {"building": "", "street": "", "city": "Santa Cruz", "zipCode": "", "state": "CA",
  "country": "US"}},
 "recipient": {"id": "5d31", "code": "ANL", "name": "Argonne", "longitude": "-87.98", "latitude": "41.7",
  "address": {"city": "Lemont"}},
 "history": [{"code": "prepared", "dateTime": "2022-03-01T00:00:00.000Z",
  "user": {"userIdentity": "12-3456-1"}},
  {"code": "delivered", "dateTime": "2022-03-04T00:00:00.000Z", "user": {"userIdentity": "12-3456-2"}}],
 "shipmentItems": null,
 "checklist": {"type": "DEFAULT", "questionList": [{"code": "Q01", "text": "Packaged well?", "value": true},
  {"code": "Q13", "text": "Humidity [%]", "value": "43"}, {"code": "Q15", "text": "Comments",
  "value": null}]},
 "comments": [{"code": "5f", "dateTime": "2022-03-04T00:00:00.000Z", "comment": "wet box",
  "user": {"userIdentity": "12-3456-2", "firstName": "Sam", "lastName": "Sample"}}],
 "attachments": [{"code": "78085a6df4517bc1e3a72f6dd46d987e", "dateTime": "2022-03-04T00:00:00.000Z",
  "title": "box.jpg", "description": "", "contentType": null, "type": "eos", "url": "https://eos.example/7",
  "filename": "78085a6df4517bc1e3a72f6dd46d987e", "user": {"userIdentity": "12-3456-2"}}],
 "receivedTs": "2022-03-04T00:00:00.000Z", "sys": {"cts": "2022-03-01T00:00:00.000Z", "mts": null,
  "rev": 2}}"""

SHIPMENT_ITEM = """{"code": "c0de", "delivered": true, "component": {"id": "5d", "code": "c0de",
 "serialNumber": "20UPGM22110394", "alternativeIdentifier": null,
 "componentType": {"code": "MODULE", "name": "Module"}}}"""

FILE_2023 = """{"code": "f8f9f8f9f8f9f8f9f8f9f8f9f8f9f8f9", "dateTime": "2023-03-09T08:18:38.349Z",
  "title": "A title",
 "description": "two\\nlines", "contentType": "image/jpeg", "type": "file", "filename": "1x1.jpg",
 "user": {"id": "5b", "userIdentity": "12-3456-1", "firstName": "Alex", "middleName": null, "lastName": ""},
 "binaryStoreg02": true}"""


def read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_user() -> None:
    found = User.from_json(read(USER))
    assert (found.name, found.email, found.default_project) == ("Alex Example", "alex@example.org", "P")
    assert (found.home.code, found.home.id) == ("ANL", "5d318624df98f200097386d5")
    assert found.rights_at("UCSC") == ("executive",)
    assert found.rights_at("ANL") == ("authority", "componentManager")
    assert found.rights_at("CERN") is None


def test_institution() -> None:
    found = Institution.from_json(read(INSTITUTION))
    assert (found.id, found.code, found.city, found.country) == (
        "5a6c3d23352cec0005eb5d5e", "UCSC", "Santa Cruz", "US",
    )  # fmt: skip
    assert (found.latitude, found.longitude) == (36.991748, -122.058351)


def test_project() -> None:
    assert [sub.label for sub in Project.from_json(read(PROJECT)).subprojects] == ["General"]


def test_component_type() -> None:
    found = ComponentType.from_json(read(COMPONENT_TYPE))
    assert (found.reference.code, found.category, found.project.code) == ("MODULE", "assembly", "P")
    assert [(t.code, t.type_code, t.subprojects[0].code) for t in found.types] == [("QUAD", "M2", "PG")]
    first, last = found.stages
    assert (first.code, first.is_initial, first.is_side) == ("MODULE/ASSEMBLY", True, False)
    assert (last.code, last.is_side, last.tests) == ("UNHAPPY", True, ())
    assert [test.test_type_id[-1] for test in first.tests] == ["6", "5"]  # by their order
    assert (first.tests[0].is_reception, first.tests[0].is_reception_only) == (True, True)
    assert (first.tests[1].is_reception, first.tests[1].leads_to_next_stage) == (False, False)
    assert [p.code for p in found.properties] == ["ORIENTATION", "FECHIP_VERSION"]
    assert [(c.code, c.name) for c in found.properties[1].choices] == [("0", "RD53A"), ("3", "ITkpix_v2")]


def test_test_type() -> None:
    found = TestType.from_json(read(TEST_TYPE))
    assert (found.reference.id, found.stages) == ("5acf73b909d7a800067a4cc5", ("SENS_TEST_STAGE",))
    thickness, image = found.parameters
    assert thickness.limits_at("SENS_TEST_STAGE") == Limits(280, 320)
    assert thickness.limits_at("BLESSING") == thickness.limits_at("") == Limits(270, None, 300)
    assert (image.name, image.is_required, image.dimensions) == ("", False, 1)
    assert not image.limits_at("BLESSING")
    assert (thickness.dimensions, thickness.is_required) == (0, True)


def test_item_of_a_component_list() -> None:
    found = ComponentSummary.from_json(read(COMPONENT_ITEM))
    assert (found.label, found.alternative_identifier) == ("20USETC0000004", "R0H0-FR4-01")
    assert (found.stage, found.stage.order) == (Stage("AFTER_MANUFACTURING", "After Manufacturing"), 0)
    assert (found.grade, found.flags, found.type.label) == ("", (), "")
    assert Component.from_json(read(COMPONENT_ITEM)).registered_by.identity == "12-3456-1"


def test_raw_component_of_an_old_write_answer() -> None:
    found = Component.from_json(read(RAW_COMPONENT))
    assert (found.stage.code, found.type.code, found.component_type.code[:4]) == (
        "TESTONWAFER", "RD53A", "5a09",
    )  # fmt: skip
    assert [(c.text, c.user.identity) for c in found.comments] == [("scratched", "12-3456-1")]
    assert [(a.display_name, a.storage) for a in found.attachments] == [("x.txt", Storage.FILE)]
    assert found.unreadable == ()


def test_component_of_a_bulk_answer() -> None:
    found = Component.from_json(read(BULK_COMPONENT))
    assert (found.id, found.key[:4], found.stage.code) == ("", "7f63", "MODULE/ASSEMBLY")
    assert (found.children[0].component, found.children[0].user.identity) == (None, "12-3456-1")
    (run,) = found.runs
    assert (run.id, run.test_type.code, run.test_type.id) == ("r", "IV", "t")
    assert run.date == datetime(2019, 11, 26, tzinfo=timezone.utc)
    assert run.created == datetime(2019, 11, 27, 7, 53, 1, 116000, tzinfo=timezone.utc)


def test_assembled_component() -> None:
    found = Component.from_json(read(ASSEMBLED_COMPONENT))
    chip, empty = found.children  # by their order
    assert chip.component is not None
    assert (chip.component.label, chip.user.identity) == ("20UPGFC0086422", "12-3456-1")
    assert [(p.label, p.value) for p in chip.properties] == [("Position", 3)]
    assert (empty.component, empty.component_type.label, empty.moment) == (None, "PCB", None)
    assert [slot.component.label for slot in found.parents if slot.component] == ["20U"]
    assert [label.label for label in found.labels] == ["Quality assurance"]
    assert [move.institution.id for move in found.moves] == ["5a6c3d23352cec0005eb5d5e"]
    trashed, deleted = found.marks
    assert (trashed.name, trashed.is_set, trashed.reason) == ("trashed", True, "broken")
    assert (deleted.name, deleted.user.identity) == ("requestedToDelete", "12-3456-1")
    assert [(g.grade, g.user.identity) for g in found.grades] == [("B", "12-3456-1")]
    assert [(b.number, b.type.code) for b in found.batches] == [("7", "MODULE_BATCH")]
    assert (found.destination.label, found.unreadable) == ("", ())


def test_item_of_a_test_run_list() -> None:
    found = TestRunSummary.from_json(read(RUN_ITEM))
    assert (found.test_type.label, found.stage.code) == ("Quad Module Metrology", "MODULE/ASSEMBLY")
    assert (found.user.identity, found.verdict.value, found.run_number) == ("12-3456-1", "passed", "1")
    assert found.date == datetime(2023, 8, 30, 15, 59, tzinfo=timezone.utc)
    assert found.stage == TestRun.from_json(read(RUN_ITEM)).stage  # a whole run may stand in a list too


def test_shipment() -> None:
    found = Shipment.from_json(read(SHIPMENT))
    assert (found.label, found.status, found.type, found.service) == (
        "Ten modules", "delivered", "domestic", "hand",
    )  # fmt: skip
    assert (found.sender.latitude, found.sender.city, found.recipient.label) == (
        36.991748, "Santa Cruz", "Argonne",
    )  # fmt: skip
    assert [step.status for step in found.history] == ["prepared", "delivered"]
    assert [question.answer for question in found.checklist] == [True, "43", None]
    assert [comment.user.name for comment in found.comments] == ["Sam Sample"]
    assert (found.attachments[0].owner, found.attachments[0].display_name) == (found.owner, "box.jpg")
    assert (found.owner.kind, found.items, found.is_deleted) == (OwnerKind.SHIPMENT, (), False)
    assert found.created == datetime(2022, 3, 1, tzinfo=timezone.utc)
    assert found.unreadable == ()


def test_item_of_a_shipment() -> None:
    found = ShipmentItem.from_json(read(SHIPMENT_ITEM))
    assert (found.component.label, found.is_delivered) == ("20UPGM22110394", True)
    assert found.component.component_type.code == "MODULE"
    bare = ShipmentItem.from_json({"code": "c0de", "delivered": None})
    assert (bare.component.label, bare.is_delivered) == ("c0de", None)


def test_file_attachment() -> None:
    owner = Owner(OwnerKind.COMPONENT, "c0de", "20U")
    found = Attachment.from_json(read(FILE_2023), owner)
    assert (found.display_name, found.storage, found.url) == ("1x1.jpg", Storage.FILE, "")
    assert found.description == "two\nlines"


@pytest.mark.parametrize("comments", [None, [], "none"])
def test_no_comments(comments: Any) -> None:
    assert comments_of({"comments": comments}) == ()
