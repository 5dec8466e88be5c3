"""Test runs as the production database writes them (API reference §5.6)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.catalogue.histories import Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.dates import isoz
from itkgui.sandbox.samples.attachments import Owner
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import (
    ComponentWriter,
    Json,
    project_ref,
    ref_id,
    stage_ref,
    state_fields,
    subproject_ref,
    user_ref,
)


class TestRunWriter:
    """Turns test runs into JSON."""

    __test__ = False  # keeps pytest from taking the class for a test

    def __init__(self, world: World, components: ComponentWriter) -> None:
        self._world = world
        self._components = components

    def item(self, run: Run) -> Json:
        """Return an item of listTestRunsByComponent."""
        identity = self._world.definitions.people[run.person].identity
        return {
            **self._head(run, identity),
            "stage": stage_ref(run.stage),
            "userIdentity": identity,
            "runNumber": run.run_number,
            "passed": run.passed,
            "problems": run.problems,
            "date": isoz(run.date),
            "institution": ref_id(self._world.definitions.institutions[run.place]),
            "testType": {"id": run.test.id, "code": run.test.code, "name": run.test.name},
        }

    def full(self, run: Run, *, eos_tokens: bool) -> Json:
        """Return the answer of getTestRun."""
        world = self._world
        person = world.definitions.people[run.person]
        values = world.measurements.of(run)
        revision, modified = world.run_modified(run)
        return {
            **self._head(run, person.identity),
            "date": isoz(run.date),
            "testType": {"id": run.test.id, "code": run.test.code, "name": run.test.name, "state": "active"},
            "institution": ref_id(world.definitions.institutions[run.place]),
            "user": user_ref(person),
            "runNumber": run.run_number,
            "passed": run.passed,
            "problems": run.problems,
            "properties": [_property(entry, values.properties) for entry in run.test.properties],
            "results": [
                *(_result(entry, values.results) for entry in run.test.parameters),
                *_orphans(values.orphans),
            ],
            "sys": {"cts": isoz(run.uploaded), "mts": isoz(modified), "rev": revision},
            "defects": list(values.defects),
            "comments": self._comments(run, values.comments) or None,
            # Null for a component without any, an empty list here (API reference §5.6).
            "attachments": self._components.attachments(Owner.test_run(run.number), eos_tokens),
            "components": [self._component(run)],
        }

    def _head(self, run: Run, identity: str) -> Json:
        uploaded = isoz(run.uploaded)
        return {
            "id": self._world.histories.run_id(run),
            "state": run.state,
            "stateTs": uploaded,
            "stateUserIdentity": identity,
            "cts": uploaded,
        }

    def _comments(self, run: Run, texts: tuple[str, ...]) -> list[Json]:
        person = self._world.definitions.people[run.person]
        return [
            {
                "code": self._world.ids.object_id(IdKind.COMMENT, run.number, run.uploaded),
                "dateTime": isoz(run.uploaded),
                "comment": text,
                "user": user_ref(person),
            }
            for text in texts
        ]

    def _component(self, run: Run) -> Json:
        part = self._world.catalogue.parts[run.part]
        place = self._world.definitions.institutions[part.owner]
        flags = state_fields(self._world, part)
        kept = (
            "state",
            "stateTs",
            "stateUserIdentity",
            "dummy",
            "completed",
            "completedTs",
            "completedUserIdentity",
        )
        return {
            "id": self._world.catalogue.object_id(part),
            "code": self._world.catalogue.code(part),
            **{key: flags[key] for key in (*kept, "trashed", "trashedTs", "trashedUserIdentity")},
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "project": project_ref(part.kind.project),
            "subproject": subproject_ref(part.subproject),
            "componentType": {"code": part.kind.code, "name": part.kind.name},
            "type": {"code": part.variant.code, "name": part.variant.name},
            "properties": self._components.properties(part, brief=True),
            "testedAtStage": stage_ref(run.stage),
            "institution": {"code": place.code, "name": place.name},
        }


def _property(entry: Json, values: dict[str, Any]) -> Json:
    written = {key: entry[key] for key in ("code", "name", "dataType", "valueType", "required")}
    return written | {"value": values.get(entry["code"]), "rangeMin": None, "rangeMax": None}


def _result(entry: Json, values: dict[str, Any]) -> Json:
    # Missing optional results are there, with a null value (API reference §5.6).
    return {
        "code": entry["code"],
        "name": entry["name"],
        "order": entry["order"],
        "dataType": entry["dataType"],
        "valueType": entry["valueType"],
        "arrayDimensions": entry["arrayDimensions"],
        "additional": entry["additional"],
        "value": values.get(entry["code"]),
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
