"""Commands that write test runs: upload with validation, edit, delete (API reference §5.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.catalogue.definitions import StageDefinition, TestType
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.commands.value_rules import check_values, problem_of
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Comment, State, TestRunChanges, TestRunUpload, Values
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter

_UPLOAD = (
    "component*:text testType*:text institution*:text runNumber*:text date:text passed:flag problems:flag "
    "properties:object results:object comments:texts defects:objects stage:text"
)

# A date outside of these is a mistake.
_EARLIEST, _LATEST = dates.moment(1990, 1, 1), dates.moment(2100, 1, 1)


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    uploads = _Uploads(world, finder, writer)
    parameter = "testRun*:text code*:text value*?:any"
    return (
        Command("uploadTestRunResults", keys(_UPLOAD), uploads.upload, read=False),
        Command("deleteTestRun", keys("testRun*:text reason:text"), uploads.delete, read=False),
        Command("setTestRunParameter", keys(parameter), uploads.set_parameter, read=False),
    )


class _Uploads:
    def __init__(self, world: World, finder: Finder, writer: RawWriter) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer

    def upload(self, call: Call) -> Json:
        """Nothing prevents duplicates, as on the real server."""
        command = "uploadTestRunResults"
        component = self._finder.component(command, call.text("component"))
        test = self._finder.test_type(command, component.part.kind, call.text("testType"))
        if test.state != "active":
            message = f"The test type {test.code} is {test.state}."
            raise CommandError(f"{command}/testTypeIsNotActive", message)
        place = self._finder.institution(command, call.text("institution"))
        self._need_place(call, command, component, place)
        stage = self._stage(call, command, component, test)
        values = self._values(call, test, component)
        date = self._date(call)
        call.problems.settle()
        time, identity = dates.now(), call.caller.identity
        upload = TestRunUpload(
            component=component.number,
            test=test.key,
            stage=stage.code,
            date=date,
            uploaded=time,
            passed=call.flag("passed"),
            problems=call.flag("problems"),
            place=place,
            identity=identity,
            run_number=call.text("runNumber"),
        )
        comments = tuple(
            Comment(self._world.ledger.new_id(time), time, identity, text) for text in call.texts("comments")
        )
        changes = TestRunChanges(values=values, comments=comments, attachments=())
        run = self._world.ledger.upload(upload, changes)
        self._world.ledger.write(component, time)
        return self._writer.answer(run) | {"component": self._writer.component_ref(component)}

    def delete(self, call: Call) -> Json:
        command, identity = "deleteTestRun", call.caller.identity
        run = self._run(call, command)
        if run.state.code == "deleted":
            raise CommandError(f"{command}/testRunIsDeleted", "The test run is deleted already.")
        code = "deleted" if self._world.roles.is_authority(identity, run.run.place) else "requestedToDelete"
        time = dates.now()
        return self._writer.answer(self._world.ledger.write(run, time, state=State(code, time, identity)))

    def set_parameter(self, call: Call) -> Json:
        command = "setTestRunParameter"
        run = self._run(call, command)
        code, value = call.text("code"), call.keys["value"]
        definition = next((entry for entry in run.run.test.parameters if entry["code"] == code), None)
        if definition is None:
            raise CommandError(f"{command}/parameterDoesNotExist", "The test type has no such parameter.")
        problem = None if value is None else problem_of(definition, value)
        if problem is not None:
            raise call.problems.refused("$.value", *next(iter(problem.items())))
        component = self._world.ledger.component(run.run.part)
        values = self._put(call, run.values, component, definition, value, "$.value")
        call.problems.settle()
        return self._writer.answer(self._world.ledger.write(run, dates.now(), values=values))

    def _run(self, call: Call, command: str) -> TestRun:
        """Return the run, whose institution must be one of the caller's."""
        run = self._finder.test_run(command, call.text("testRun"))
        self._world.roles.need_presence(command, call.caller.identity, run.run.place)
        return run

    def _need_place(self, call: Call, command: str, component: Component, place: int) -> None:
        """The component must be at the institution named, and the caller must belong there."""
        location = component.locations[-1].place
        self._world.roles.need_presence(command, call.caller.identity, location)
        if place != location:
            message = "The component is not at the institution of the test."
            raise CommandError(f"{command}/componentAtDifferentLocation", message)

    def _stage(self, call: Call, command: str, component: Component, test: TestType) -> StageDefinition:
        code = call.text("stage") or component.stage.code
        for stage in component.part.kind.stages:
            if stage.code == code and test in stage.tests:
                return stage
        message = f"The stage {code} has no test type {test.code}."
        raise CommandError(f"{command}/unassociatedStageWithTestType", message)

    def _values(self, call: Call, test: TestType, component: Component) -> Values:
        problems = call.problems
        results = check_values("$.results", test.parameters, call.keys.get("results") or {}, problems)
        properties = check_values(
            "$.properties", test.properties, call.keys.get("properties") or {}, problems
        )
        defects = []
        for number, defect in enumerate(call.keys.get("defects") or ()):
            path = f"$.defects[{number}]"
            if defect.get("name") is None:
                problems.missing(f"{path}.name")
            elif not isinstance(defect["name"], str):
                problems.invalid(f"{path}.name", {"string.e001": "The value must be a string."})
            if not isinstance(defect.get("properties") or {}, dict):
                problems.invalid(f"{path}.properties", {"shape.e001": "The value must be an object."})
            content = {"name": defect.get("name"), "description": defect.get("description") or ""}
            defects.append(content | {"properties": defect.get("properties") or {}})
        values = Values(properties=properties, defects=tuple(defects))
        for definition in test.parameters:
            code = definition["code"]
            if code in results:
                path = f"$.results.{code}"
                values = self._put(call, values, component, definition, results[code], path)
        return values

    def _put(
        self, call: Call, values: Values, component: Component, definition: Json, value: Any, path: str
    ) -> Values:
        """Return the values with one more result; a null takes it away."""
        code = definition["code"]
        if definition["valueType"] == "child":
            by_child = self._of_children(call, component, definition, value or {}, path)
            return replace(values, of_children=values.of_children | {code: by_child})
        if definition["dataType"] == "testRun" and isinstance(value, str):
            value = self._link(call, value)
        return replace(values, results=values.results | {code: value})

    def _of_children(
        self, call: Call, component: Component, definition: Json, given: Json, path: str
    ) -> dict[str, Any]:
        """Return values by child, sent as {serial number: value}; the real form was never recorded."""
        children = {slot.child for slot in component.slots if slot.child is not None}
        found = {}
        for identifier, value in given.items():
            child = self._world.ledger.find_component(identifier)
            problem = problem_of(definition | {"valueType": "single"}, value)
            if child is None or child.number not in children:
                problem = {"child.e001": "The component is not assembled into this one."}
            if problem is not None:
                call.problems.invalid(f"{path}.{identifier}", problem)
            elif child is not None:
                found[str(child.number)] = value
        return found

    def _link(self, call: Call, identifier: str) -> Json:
        """Return the object that stands for another run, of which the upload says the id only."""
        run = self._finder.test_run(call.problems.command, identifier)
        test = run.run.test
        return {"id": run.id, "testType": {"id": test.id, "code": test.code}}

    def _date(self, call: Call) -> int:
        text = call.text("date")
        if not text:
            return dates.now()
        date = dates.read_date(text)
        if date is None or not _EARLIEST <= date <= _LATEST:
            call.problems.invalid("$.date", {"dateTime.e001": "The value must be a date."})
            return 0
        return date
