"""What is fixed in the sandbox's database: institutions, people, component types and test types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from itkgui.paths import resource
from itkgui.sandbox.catalogue.identifiers import Identifiers, IdKind
from itkgui.sandbox.dates import DAY, moment

PROJECTS = {"S": "Strips", "P": "Pixels", "CM": "Common mechanics", "CE": "Common electronics"}
SUBPROJECTS = {
    "SB": "Strip barrel",
    "SE": "Strip endcaps",
    "SG": "Strip general",
    "PI": "Inner pixels",
    "PB": "Outer pixel barrel",
    "PE": "Pixel endcaps",
    "PG": "Pixel general",
    # The common projects have no subprojects; their parts carry the letters of the serial number (§8.1).
    "CM": "Common mechanics",
    "CE": "Common electronics",
}
_FOUNDED = moment(2018, 2, 5)
_MODULE_STAGES_OF = ("P", "MODULE")


@dataclass(frozen=True, eq=False)
class Institution:
    """A place where parts are made, tested and kept."""

    id: str
    code: str
    name: str
    latitude: float
    longitude: float
    city: str
    country: str
    projects: str


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody who registers parts and uploads tests; an invented name."""

    id: str
    identity: str
    first_name: str
    last_name: str
    institution: int


@dataclass(frozen=True, eq=False)
class TestType:
    """A kind of measurement, with its properties and parameters as the database declares them.

    It is made from `since` on and, if another version replaced it, before `until` (0: still made).
    """

    id: str
    key: str
    code: str
    name: str
    properties: tuple[dict[str, Any], ...]
    parameters: tuple[dict[str, Any], ...]
    since: int = 0
    until: int = 0

    __test__ = False  # keeps pytest from taking the class for a test

    @property
    def state(self) -> str:
        return "closed" if self.until else "active"

    def made_at(self, time: int) -> bool:
        return self.since <= time and (not self.until or time < self.until)


@dataclass(frozen=True, eq=False)
class StageDefinition:
    """One step in the life of a component type, and the test types that belong to it."""

    code: str
    name: str
    order: int
    initial: bool
    final: bool
    alternative: bool
    tests: tuple[TestType, ...]


@dataclass(frozen=True, eq=False)
class Variant:
    """A type within a component type, such as a quad module among modules."""

    code: str
    name: str
    serial_code: str
    subprojects: tuple[str, ...]
    children: tuple[tuple[str, int], ...]
    raw: dict[str, Any]


@dataclass(frozen=True, eq=False)
class ComponentType:
    """A component type with its variants, stages, properties and slots."""

    id: str
    project: str
    code: str
    name: str
    category: str
    automatic_serial: bool
    variants: tuple[Variant, ...]
    stages: tuple[StageDefinition, ...]
    own_stages: int
    properties: tuple[dict[str, Any], ...]
    tests: tuple[TestType, ...]

    @property
    def key(self) -> str:
        return f"{self.project}/{self.code}"

    def stage(self, code: str) -> StageDefinition:
        """Return the stage of that code. Raises KeyError."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def test(self, code: str) -> TestType | None:
        return next((test for test in self.tests if test.code == code), None)

    @property
    def follows_module(self) -> bool:
        """Whether the part walks through the module's stages once it is part of one."""
        return self.own_stages < len(self.stages)


class Definitions:
    """Everything fixed, loaded from the resources; the same for every catalogue but for the ids."""

    def __init__(self, ids: Identifiers) -> None:
        self._ids = ids
        self.institutions = self._load_institutions()
        self.people = self._make_people()
        self.project_ids = {
            code: ids.object_id(IdKind.PROJECT, number, _FOUNDED) for number, code in enumerate(PROJECTS)
        }
        self._test_types = self._load_test_types()
        self.component_types: dict[str, ComponentType] = {}
        self._load_component_types()
        self.people_at = {
            place: tuple(number for number, person in enumerate(self.people) if person.institution == place)
            for place in range(len(self.institutions))
        }

    def institution_number(self, code: str) -> int:
        return next(number for number, place in enumerate(self.institutions) if place.code == code)

    def person(self, identity: str) -> Person | None:
        return next((person for person in self.people if person.identity == identity), None)

    def _load_institutions(self) -> tuple[Institution, ...]:
        rows = _load("institutions.json")
        return tuple(
            Institution(self._ids.object_id(IdKind.INSTITUTION, number, _FOUNDED + number * DAY), *row)
            for number, row in enumerate(rows)
        )

    def _make_people(self) -> tuple[Person, ...]:
        first = (
            "Alex",
            "Robin",
            "Sam",
            "Kim",
            "Charlie",
            "Jordan",
            "Taylor",
            "Morgan",
            "Casey",
            "Jamie",
            "Noa",
            "Mika",
        )
        last = (
            "Example",
            "Sample",
            "Tester",
            "Specimen",
            "Pattern",
            "Model",
            "Template",
            "Nominal",
            "Probe",
            "Proxy",
        )
        home = self.institution_number("UCSC")
        count = len(self.institutions)
        return tuple(
            Person(
                self._ids.object_id(IdKind.PERSON, number, _FOUNDED + number * DAY),
                f"12-{3456 + 37 * number}-1",
                first[number % len(first)],
                last[number % len(last)],
                (home + number) % count,
            )
            for number in range(2 * count)
        )

    def _load_test_types(self) -> dict[str, dict[str, TestType]]:
        loaded: dict[str, dict[str, TestType]] = {}
        number = 0
        for owner, rows in _load("test_types.json").items():
            tests = loaded[owner] = {}
            for row in rows:
                number += 1
                model = _like(loaded, row.get("like"))
                properties = [_property(fields, order) for order, fields in enumerate(row["properties"])]
                parameters = [_parameter(fields, order) for order, fields in enumerate(row["parameters"])]
                if model is not None:
                    properties = [*model.properties, *properties]
                    parameters = [*model.parameters, *parameters]
                tests[row["code"]] = TestType(
                    self._ids.object_id(IdKind.TEST_TYPE, number, _FOUNDED + number * DAY),
                    f"{owner}/{row['code']}",
                    row["code"],
                    row["name"],
                    tuple(properties),
                    tuple(parameters),
                    *(moment(row[key], 1, 1) if key in row else 0 for key in ("since", "until")),
                )
        return loaded

    def _load_component_types(self) -> None:
        for number, row in enumerate(_load("component_types.json"), 1):
            key = f"{row['project']}/{row['code']}"
            tests = self._test_types.get(key, {})
            own = list(row["stages"])
            rows = own
            if "module_stages" in row:
                module = self.component_types["/".join(_MODULE_STAGES_OF)]
                rows = own + [
                    {
                        "code": stage.code,
                        "name": stage.name,
                        "tests": row["module_stages"].get(stage.code, []),
                    }
                    | ({"alternative": True} if stage.alternative else {})
                    for stage in module.stages
                ]
            children = tuple((child["componentType"], child["count"]) for child in row["children"])
            self.component_types[key] = ComponentType(
                self._ids.object_id(IdKind.COMPONENT_TYPE, number, _FOUNDED + number * DAY),
                row["project"],
                row["code"],
                row["name"],
                row["category"],
                row["snAutomatically"],
                tuple(_variant(fields, children) for fields in row["types"]),
                _stages(rows, tests),
                len(own),
                tuple(_component_property(fields, order) for order, fields in enumerate(row["properties"])),
                tuple(tests.values()),
            )


def _load(name: str) -> Any:
    return json.loads(resource(f"sandbox/{name}").read_text("utf-8"))


def _like(loaded: dict[str, dict[str, TestType]], key: str | None) -> TestType | None:
    if key is None:
        return None
    owner, _, code = key.rpartition("/")
    return loaded[owner][code]


def _variant(fields: dict[str, Any], children: tuple[tuple[str, int], ...]) -> Variant:
    own = fields.get("children")
    if own is not None:
        children = tuple((child["componentType"], child["count"]) for child in own)
    raw = {
        "code": fields["code"],
        "name": fields["name"],
        "version": fields["version"],
        "subprojects": [
            {"code": code, "name": SUBPROJECTS[code]}
            for code in fields["subprojects"]
            if code not in PROJECTS
        ],
        "snComponentIdentifier": fields["snComponentIdentifier"],
        "existing": False,
        "cddNumber": None,
    }
    return Variant(
        fields["code"],
        fields["name"],
        fields["snComponentIdentifier"],
        tuple(fields["subprojects"]),
        children,
        raw,
    )


def _stages(rows: list[dict[str, Any]], tests: dict[str, TestType]) -> tuple[StageDefinition, ...]:
    main = [order for order, row in enumerate(rows) if not row.get("alternative")]
    return tuple(
        StageDefinition(
            row["code"],
            row["name"],
            order,
            order == 0,
            order == main[-1],
            bool(row.get("alternative")),
            tuple(tests[code] for code in row["tests"]),
        )
        for order, row in enumerate(rows)
    )


def _component_property(fields: dict[str, Any], order: int) -> dict[str, Any]:
    return {
        "code": fields["code"],
        "name": fields["name"],
        "description": "",
        "dataType": fields["dataType"],
        "required": fields["required"],
        "default": order == 0,
        "order": order,
        "unique": fields.get("unique", False),
        "snPosition": fields.get("snPosition", "NONE"),
        "codeTable": fields.get("codeTable"),
    }


def _property(fields: list[Any], order: int) -> dict[str, Any]:
    code, name, data_type, *more = fields
    return {
        "code": code,
        "name": name,
        "description": "",
        "dataType": data_type,
        "valueType": more[1] if len(more) > 1 else "single",
        "required": bool(more) and more[0],
        "order": order,
    }


def _parameter(fields: list[Any], order: int) -> dict[str, Any]:
    code, name, data_type, value_type, required, *limits = fields
    thresholds = None
    if limits:
        blank = {
            "min": None,
            "max": None,
            "nominal": None,
            "type": "generic",
            "property": None,
            "propertyValues": None,
        }
        thresholds = {"*": blank | limits[0]}
    return {
        "code": code,
        "name": name,
        "description": None,
        "dataType": data_type,
        "valueType": value_type,
        "order": order,
        "required": required,
        "additional": False,
        "isArray": value_type == "array",
        "arrayDimensions": 1 if value_type == "array" else None,
        "objectDefinition": None,
        "allAssociatedChildrenIsRequired": True if value_type == "child" else None,
        "associateChildren": value_type == "child" or None,
        "children": None,
        "thresholds": thresholds,
    }
