"""The small shapes that many answers share (API reference: shared sub-shapes)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.catalogue.definitions import (
    PROJECTS,
    SUBPROJECTS,
    ComponentType,
    Institution,
    Person,
    StageDefinition,
)
from itkgui.sandbox.catalogue.parts import Part

Json = dict[str, Any]


def geo(place: Institution, *, as_text: bool = False) -> Json:
    """Return an institution with its coordinates: numbers, in some answers strings (API reference §9, 10)."""
    latitude: float | str = str(place.latitude) if as_text else place.latitude
    longitude: float | str = str(place.longitude) if as_text else place.longitude
    return {
        "id": place.id,
        "code": place.code,
        "name": place.name,
        "latitude": latitude,
        "longitude": longitude,
    }


def address(place: Institution) -> Json:
    return {
        "building": "",
        "street": "",
        "city": place.city,
        "zipCode": "",
        "state": "",
        "country": place.country,
    }


def ref_id(place: Institution) -> Json:
    return {"id": place.id, "code": place.code, "name": place.name}


def user_ref(person: Person) -> Json:
    return {
        "id": person.id,
        "userIdentity": person.identity,
        "firstName": person.first_name,
        "middleName": None,
        "lastName": person.last_name,
    }


def project_ref(code: str) -> Json:
    return {"code": code, "name": PROJECTS[code]}


def subproject_ref(code: str) -> Json | None:
    """Return the subproject; common mechanics and electronics have none (API reference §8.1)."""
    return None if code in PROJECTS else {"code": code, "name": SUBPROJECTS[code]}


def type_ref(part: Part) -> Json:
    return {"code": part.variant.code, "name": part.variant.name}


def kind_ref(kind: ComponentType) -> Json:
    return {"id": kind.id, "code": kind.code, "name": kind.name}


def stage_ref(stage: StageDefinition) -> Json:
    return {
        "code": stage.code,
        "name": stage.name,
        "order": stage.order,
        "initial": stage.initial,
        "final": stage.final,
    }


def stage_tests(stage: StageDefinition) -> list[Json]:
    return [
        {
            "testType": test.id,
            "nextStage": False,
            "notification": False,
            "receptionTest": False,
            "reminderInterval": None,
            "receptionTestOnly": False,
            "order": order,
        }
        for order, test in enumerate(stage.tests)
    ]


def full_stages(kind: ComponentType) -> list[Json]:
    """Return the stages as the component type lists them; `testTypes` is null where there is none (§5.2)."""
    return [
        {
            "code": stage.code,
            "name": stage.name,
            "order": stage.order,
            "alternative": stage.alternative or None,
            "initial": stage.initial,
            "final": stage.final,
            "testTypes": stage_tests(stage) or None,
        }
        for stage in kind.stages
    ]
