"""Test runs as the production database writes them (API reference §5.6)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.catalogue.definitions import TestType
from itkgui.sandbox.dates import isoz
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Values
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter
from itkgui.sandbox.writers.references import (
    Json,
    project_ref,
    ref_id,
    stage_ref,
    subproject_ref,
    type_ref,
    user_ref,
)

_KEPT_FLAGS = (
    "state",
    "stateTs",
    "stateUserIdentity",
    "dummy",
    "completed",
    "completedTs",
    "completedUserIdentity",
    "trashed",
    "trashedTs",
    "trashedUserIdentity",
)


class TestRunWriter:
    """Turns test runs into JSON."""

    __test__ = False  # keeps pytest from taking the class for a test

    def __init__(self, world: World, components: ComponentWriter) -> None:
        self._world = world
        self._components = components

    def item(self, entry: TestRun) -> Json:
        """Return an item of the test run lists."""
        run = entry.run
        return {
            **self._head(entry),
            "stage": stage_ref(run.stage),
            "userIdentity": self._world.origins.identity(run.person),
            "runNumber": run.run_number,
            "passed": run.passed,
            "problems": run.problems,
            "date": isoz(run.date),
            "institution": ref_id(self._world.definitions.institutions[run.place]),
            "testType": _test_ref(run.test),
        }

    def full(self, entry: TestRun, *, eos_tokens: bool) -> Json:
        """Return the answer of getTestRun."""
        world, run, values = self._world, entry.run, entry.values
        orphans = values.orphans if world.oddities.undefined_properties else {}
        return {
            **self._head(entry),
            "date": isoz(run.date),
            "testType": _test_ref(run.test) | {"state": run.test.state},
            "institution": ref_id(world.definitions.institutions[run.place]),
            "user": user_ref(world.definitions.people[run.person]),
            "runNumber": run.run_number,
            "passed": run.passed,
            "problems": run.problems,
            "properties": [_property(definition, values.properties) for definition in run.test.properties],
            "results": [
                *(
                    result
                    for definition in run.test.parameters
                    for result in self._results(definition, values)
                ),
                *_orphans(orphans),
            ],
            "sys": {"cts": isoz(run.uploaded), "mts": isoz(entry.modified), "rev": entry.revision},
            "defects": list(values.defects),
            "comments": self._components.comments(entry.comments)
            or (None if world.oddities.null_lists else []),
            # Null for a component without any, an empty list here (API reference §5.6).
            "attachments": self._components.attachments(entry.attachments, eos_tokens),
            "components": [self._component(entry)],
        }

    def _results(self, definition: Json, values: Values) -> list[Json]:
        """Return the result of a parameter: one entry, or one for each child that has a value (§5.6)."""
        code = definition["code"]
        children = values.of_children.get(code)
        if not children:
            return [_result(definition, values.results.get(code))]
        return [
            _result(definition, value)
            | {"associateChild": self._components.link(self._world.ledger.component(int(number)))}
            for number, value in children.items()
        ]

    def _head(self, entry: TestRun) -> Json:
        return {
            "id": entry.id,
            "state": entry.state.code,
            "stateTs": isoz(entry.state.time),
            "stateUserIdentity": entry.state.identity,
            "cts": isoz(entry.run.uploaded),
        }

    def _component(self, entry: TestRun) -> Json:
        component = self._world.ledger.component(entry.run.part)
        part = component.part
        place = self._world.definitions.institutions[part.owner]
        flags = self._components.state_fields(component)
        return {
            "id": self._world.component_id(part),
            "code": self._world.component_code(part),
            **{key: flags[key] for key in _KEPT_FLAGS},
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "project": project_ref(part.kind.project),
            "subproject": subproject_ref(component.subproject),
            "componentType": {"code": part.kind.code, "name": part.kind.name},
            "type": type_ref(part),
            "properties": self._components.properties(component, brief=True),
            "testedAtStage": stage_ref(entry.run.stage),
            "institution": {"code": place.code, "name": place.name},
        }


def _test_ref(test: TestType) -> Json:
    return {"id": test.id, "code": test.code, "name": test.name}


def _property(entry: Json, values: dict[str, Any]) -> Json:
    written = {key: entry[key] for key in ("code", "name", "dataType", "valueType", "required")}
    return written | {"value": values.get(entry["code"]), "rangeMin": None, "rangeMax": None}


def _result(entry: Json, value: Any) -> Json:
    # Missing optional results are there, with a null value (API reference §5.6).
    return {
        "code": entry["code"],
        "name": entry["name"],
        "order": entry["order"],
        "dataType": entry["dataType"],
        "valueType": entry["valueType"],
        "arrayDimensions": entry["arrayDimensions"],
        "additional": entry["additional"],
        "value": value,
        "associateChild": None,
    }


def _orphans(values: dict[str, Any]) -> list[Json]:
    """Return results whose parameter the test type no longer has: no types, and the code as name (§5.6)."""
    return [
        {
            "code": code,
            "name": code,
            "order": order,
            "dataType": None,
            "valueType": None,
            "arrayDimensions": None,
            "additional": None,
            "rangeMin": None,
            "rangeMax": None,
            "value": value,
            "associateChild": None,
        }
        for order, (code, value) in enumerate(values.items())
    ]
