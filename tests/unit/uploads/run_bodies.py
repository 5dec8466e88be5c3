"""Bodies of uploadTestRunResults made from test types: right ones, and each with one thing wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from itkgui.client.database import ProductionDatabase
from itkgui.records.component import Component
from itkgui.records.component_type import PropertyDefinition
from itkgui.records.test_type import Parameter, TestType

Body = dict[str, Any]
_GOOD = {
    "string": "seen",
    "integer": 3,
    "float": 1.5,
    "boolean": True,
    "object": {"a": [1, 2]},
    "image": None,
    "binary": None,
}
# What no value of a data type is.
_BAD: dict[str, list[Any]] = {
    "string": [7, True, ["a"], {}],
    "integer": ["3", 3.5, True, [1]],
    "float": ["1.5", False, [1.0], {}],
    "boolean": ["true", 1, []],
    "object": ["{}", 3, [1]],
    "image": [5, {}],
    "binary": [5, {}],
    "testRun": [5, True, []],
}


@dataclass(frozen=True)
class Bench:
    """A test type with a component on which such a test can be made now."""

    test_type: TestType
    component: Component
    run_id: str  # of any run, to link to

    def body(self) -> Body:
        test_type = self.test_type
        body: Body = {
            "component": self.component.serial_number or self.component.code,
            "testType": test_type.reference.code,
            "institution": self.component.location.code,
            "runNumber": "1",
            "date": "2026-01-05T10:00:00.000Z",
            "passed": False,
            "problems": False,
            "properties": {one.code: self._good(one) for one in test_type.properties},
            "results": {one.code: self._good(one) for one in test_type.parameters},
            "comments": ["made by a test"],
            "defects": [{"name": "SCRATCH", "description": "short", "properties": {"row": 1}}],
        }
        if test_type.stages:
            body["stage"] = test_type.stages[0]
        return body

    def _good(self, definition: Parameter | PropertyDefinition) -> Any:
        value = self.run_id if definition.data_type == "testRun" else _GOOD[definition.data_type]
        if definition.value_type == "array":
            for _ in range(getattr(definition, "dimensions", 1)):
                value = [value, None, value]
        elif definition.value_type == "child":
            parts = [slot.component for slot in self.component.children if slot.component is not None]
            value = {part.serial_number or part.code: value for part in parts}
        return value

    def mutations(self) -> Iterator[tuple[str, Body, str]]:
        """Yield bodies with one thing wrong each: in words, the body, and the path of the field."""
        body = self.body()
        for key in ("component", "testType", "institution", "runNumber"):
            yield f"no {key}", _without(body, key), key
            yield f"{key} is a list", {**body, key: ["a"]}, key
        for key in ("passed", "problems", "date"):
            yield f"{key} is odd", {**body, key: [1]}, key
            yield f"{key} is a word", {**body, key: "maybe"}, key
        for date in (
            "2026-01-05",
            "2026-01-05T10:00:00",
            "05/01/2026",
            "32.01.2026 10:00",
            "1970-01-01T00:00Z",
        ):
            yield f"date {date}", {**body, "date": date}, "date"
        for key in ("properties", "results"):
            yield f"{key} is a list", {**body, key: [1]}, key
        yield "comments are numbers", {**body, "comments": [1]}, "comments[0]"
        yield "a defect is a text", {**body, "defects": ["a"]}, "defects[0]"
        yield "a defect has no name", {**body, "defects": [{}]}, "defects[0].name"
        yield "a defect's name is odd", {**body, "defects": [{"name": 1}]}, "defects[0].name"
        odd = {"name": "A", "properties": [1]}
        yield "a defect's properties are odd", {**body, "defects": [odd]}, "defects[0].properties"
        yield "another institution", {**body, "institution": "NOWHERE"}, "institution"
        yield "another test type", {**body, "testType": "NO_SUCH_TEST"}, "testType"
        yield "another stage", {**body, "stage": "NO_SUCH_STAGE"}, "stage"
        for key, definitions in self._definitions():
            for one in definitions:
                yield from self._value_mutations(body, key, one)

    def _definitions(self) -> list[tuple[str, tuple[Parameter | PropertyDefinition, ...]]]:
        return [("properties", self.test_type.properties), ("results", self.test_type.parameters)]

    def _value_mutations(
        self, body: Body, key: str, one: Parameter | PropertyDefinition
    ) -> Iterator[tuple[str, Body, str]]:
        path = f"{key}.{one.code}"
        if one.is_required and one.data_type not in ("image", "binary"):
            yield f"{path} is missing", _with(body, key, one.code, None), path
        for bad in _BAD[one.data_type]:
            if one.value_type == "array":
                yield f"{path} holds {bad!r}", _with(body, key, one.code, [None, bad]), f"{path}[1]"
            elif one.value_type == "child":
                for part in body[key][one.code]:
                    yield f"{path} has {bad!r}", _with(body, key, one.code, {part: bad}), f"{path}.{part}"
            else:
                yield f"{path} is {bad!r}", _with(body, key, one.code, bad), path
        if one.value_type == "array":
            yield f"{path} is no list", _with(body, key, one.code, 5), path
        if one.value_type == "child":
            value = _GOOD[one.data_type]
            yield f"{path} is no object", _with(body, key, one.code, 5), path
            yield f"{path} of a stranger", _with(body, key, one.code, {"20UXX": value}), f"{path}.20UXX"


def benches(database: ProductionDatabase) -> list[Bench]:
    """Return a bench for each test type of which the signed-in person can test a part."""
    mine = {membership.institution.code for membership in database.user.memberships}
    found = []
    for project in ("S", "P", "CM", "CE"):
        for kind in database.component_types(project):
            test_types = database.test_types(project, kind.reference.code)
            component = _part_of(database, project, kind.reference.code, mine) if test_types else None
            if component is not None:
                run_id = next((run.id for run in component.runs), "")
                found += [Bench(one, component, run_id) for one in test_types]
    return found


def _part_of(database: ProductionDatabase, project: str, kind: str, mine: set[str]) -> Component | None:
    wanted = {"project": project, "componentType": [kind], "state": ["ready"]}
    for item in database.client.pages("listComponents", {"filterMap": wanted}):
        place = (item.get("currentLocation") or {}).get("code")
        if place in mine and not item.get("trashed"):
            component = database.component(item["code"]).component
            if component.runs:
                return component
    return None


def _with(body: Body, key: str, code: str, value: Any) -> Body:
    changed = copy.deepcopy(body)
    changed[key][code] = value
    return changed


def _without(body: Body, key: str) -> Body:
    return {name: value for name, value in body.items() if name != key}
