"""Users, institutions, attachments, stages and component types, as recorded and as damaged."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.records.component_type import ComponentType
from itkgui.records.people import Institution, Project, Reference, User

OWNER = Owner(OwnerKind.COMPONENT, "c0de", "20UPGM22110394")


def attachment(**data: Any) -> Attachment:
    return Attachment.from_json({"code": "0123456789abcdef", **data}, OWNER)


@pytest.mark.parametrize(
    ("kind", "storage"),
    [
        ("file", Storage.FILE),
        ("eos", Storage.EOS),
        ("link", Storage.LINK),
        (None, Storage.FILE),
        ("s3", Storage.FILE),
    ],
)
def test_attachment_tells_where_its_bytes_are(kind: str | None, storage: Storage) -> None:
    assert attachment(type=kind).storage is storage


@pytest.mark.parametrize(
    ("filename", "title", "name"),
    [
        ("x.txt", "A title", "x.txt"),
        ("5%22 wafer%0d%0A.txt", "A title", '5" wafer\r\n.txt'),
        ("100%25 of it %2241.txt", "A title", '100%25 of it "41.txt'),
        ("0123456789abcdef", "%22 typed.txt", "%22 typed.txt"),
        ("0123456789abcdef", "x.jpg", "x.jpg"),
        ("0123456789abcdef", None, "0123456789abcdef"),
        (None, "A title", "A title"),
        (None, None, "0123456789abcdef"),
        ("", "", "0123456789abcdef"),
    ],
)
def test_attachment_goes_by_the_best_name_it_has(filename: str | None, title: str | None, name: str) -> None:
    assert attachment(filename=filename, title=title).display_name == name


def test_target_is_the_same_however_it_is_labelled() -> None:
    assert Owner(OwnerKind.COMPONENT, "c0de", "another label") == OWNER
    assert len({OWNER, Owner(OwnerKind.COMPONENT, "c0de", ""), Owner(OwnerKind.TEST_RUN, "c0de", "")}) == 2


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Alex", "Example", "Alex Example"),
        ("Alex", "", "Alex"),
        (None, "Example", "Example"),
        (None, None, "12-3456-1"),
    ],
)
def test_person_goes_by_the_names_there_are(first: str | None, last: str | None, name: str) -> None:
    assert User.from_json({"userIdentity": "12-3456-1", "firstName": first, "lastName": last}).name == name


def user(*institutions: Any) -> User:
    return User.from_json({"userIdentity": "12-3456-1", "institutions": list(institutions)})


def test_home_is_the_default_institution_else_the_first() -> None:
    first = {"code": "ANL", "name": "Argonne", "default": False, "componentManager": True}
    second = {"code": "UCSC", "name": "SCIPP", "default": True, "executive": None, "authority": False}
    assert user(first, second).home.code == "UCSC"
    assert user(first, {**second, "default": None}).home.code == "ANL"
    assert user(None, "ANL", first).home.code == "ANL"
    assert not user().home
    assert not User.from_json({"institutions": None}).home


def test_rights_are_only_those_that_are_given() -> None:
    found = user({"code": "ANL", "executive": True, "authority": False, "clusterManager": "true"})
    assert found.memberships[0].rights == ("executive",)


def test_project_lists_its_subprojects() -> None:
    found = Project.from_json({"code": "P", "name": "Pixels", "subprojects": [{"code": "PG"}, None]})
    assert found.reference.label == "Pixels"
    assert found.subprojects == (Reference("PG"),)
    assert Project.from_json({"code": "CM", "subprojects": None}).subprojects == ()


def test_stages_stand_in_the_order_of_production_and_ties_as_they_came() -> None:
    stages = [
        {"code": "UNHAPPY", "order": None},
        {"code": "THIRD", "order": 30},
        {"code": "FIRST", "order": 0},
        {"code": "ALSO_THIRD", "order": 30},
        {"code": "SECOND", "order": 7.5},
        {"code": "ODD", "order": "1"},
    ]
    found = ComponentType.from_json({"code": "MODULE", "state": "active", "stages": stages, "types": None})
    codes = [stage.code for stage in found.stages]
    assert codes == ["FIRST", "SECOND", "THIRD", "ALSO_THIRD", "UNHAPPY", "ODD"]
    assert found.types == ()


def test_rows_share_the_references_they_have_in_common() -> None:
    first, second = (Reference.from_json({"code": "P", "name": "Pixels", "id": "5a09"}) for _ in range(2))
    assert first is second
    assert Reference.from_json({"code": "P", "name": "Pixels", "id": "other"}).id == "other"
    long = {"code": "x" * 1000}
    assert Reference.from_json(long) == Reference.from_json(long)
    assert Reference.from_json(long) is not Reference.from_json(long)


def test_address_is_told_line_by_line() -> None:
    address = {"building": "27", "street": "Route 1", "city": "Meyrin", "zipCode": "1217", "country": "CH"}
    found = Institution.from_json({"code": "CERN", "address": {**address, "state": None}})
    assert found.address == ("27", "Route 1", "1217 Meyrin", "CH")
    assert Institution.from_json({"code": "CERN", "address": "Meyrin"}).address == ()
    assert Institution.from_json({"address": {"city": "Bern"}}).address == ("Bern",)
