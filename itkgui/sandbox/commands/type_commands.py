"""Commands about component types and test types, and templates for writes (API reference §5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.catalogue.definitions import PROJECTS, ComponentType, TestType
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys, page
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.references import full_stages, kind_ref, project_ref, subproject_ref

# What a template shows for a value that is still to be given.
_EXAMPLES: dict[str, Any] = {
    "string": "...",
    "integer": 30,
    "float": 8.6,
    "boolean": True,
    "codeTable": "...",
    "object": {},
    "image": "...",
    "binary": "...",
    "testRun": "...",
}


def commands(world: World, finder: Finder) -> tuple[Command, ...]:
    """Return the commands of this module."""
    types = _Types(world, finder)
    by_code = "project*:project code*:text"
    test_by_code = "project*:project componentType*:text code*:text"
    return (
        Command("listComponentTypes", keys("project*:project pageInfo:page"), types.component_types),
        Command("getComponentType", keys("id*:text fullTree:flag"), types.component_type),
        Command("getComponentTypeByCode", keys(by_code), types.component_type_by_code),
        Command(
            "listTestTypes", keys("project*:project componentType*:text pageInfo:page"), types.test_types
        ),
        Command("getTestTypeByCode", keys(test_by_code), types.test_type_by_code),
        Command(
            "generateComponentTypeDtoSample", keys(f"{by_code} requiredOnly:flag"), types.component_sample
        ),
        Command("generateTestTypeDtoSample", keys(f"{test_by_code} requiredOnly:flag"), types.test_sample),
    )


class _Types:
    def __init__(self, world: World, finder: Finder) -> None:
        self._kinds = world.definitions.component_types
        self._finder = finder

    def component_types(self, call: Call) -> Json:
        kinds = [kind for kind in self._kinds.values() if kind.project == call.text("project")]
        chosen, info = page(call, len(kinds))
        return {"pageItemList": [_component_type(kind) for kind in kinds[chosen]], "pageInfo": info}

    def component_type(self, call: Call) -> Json:
        kind = next((kind for kind in self._kinds.values() if kind.id == call.text("id")), None)
        if kind is None:
            message = "The component type does not exist."
            raise CommandError("getComponentType/componentTypeDaoGetFailed", message)
        return _component_type(kind)

    def component_type_by_code(self, call: Call) -> Json:
        command = "getComponentTypeByCode"
        return _component_type(self._finder.component_type(command, call.text("project"), call.text("code")))

    def test_types(self, call: Call) -> Json:
        kind = self._kind(call, "listTestTypes")
        chosen, info = page(call, len(kind.tests))
        return {
            "pageItemList": [_test_type(kind, test) for test in kind.tests[chosen]],
            "pageInfo": info,
            # The project is a bare code here (API reference §5.2).
            "componentType": {**kind_ref(kind), "project": kind.project, "stages": full_stages(kind)},
        }

    def test_type_by_code(self, call: Call) -> Json:
        command = "getTestTypeByCode"
        kind = self._kind(call, command)
        return _test_type(kind, self._finder.test_type(command, kind, call.text("code")))

    def component_sample(self, call: Call) -> Json:
        command = "generateComponentTypeDtoSample"
        kind = self._finder.component_type(command, call.text("project"), call.text("code"))
        variant = kind.variants[0]
        sample: Json = {
            "project": kind.project,
            "subproject": variant.subprojects[0],
            "institution": "...",
            "componentType": kind.code,
            "type": variant.code,
            "properties": _template(kind.properties, required_only=call.flag("requiredOnly")),
        }
        if not kind.automatic_serial:
            sample["serialNumber"] = "..."
        return {"dtoSample": sample}

    def test_sample(self, call: Call) -> Json:
        command = "generateTestTypeDtoSample"
        kind = self._kind(call, command)
        test = self._finder.test_type(command, kind, call.text("code"))
        required_only = call.flag("requiredOnly")
        sample = {
            "component": "...",
            "testType": test.code,
            "institution": "...",
            "runNumber": "...",
            "date": dates.now_isoz(),
            "passed": True,
            "problems": False,
            "properties": _template(test.properties, required_only=required_only),
            "results": _template(test.parameters, required_only=required_only),
        }
        return {"dtoSample": sample}

    def _kind(self, call: Call, command: str) -> ComponentType:
        return self._finder.component_type(command, call.text("project"), call.text("componentType"))


def _template(definitions: Iterable[Json], *, required_only: bool) -> Json:
    return {
        definition["code"]: _example(definition)
        for definition in definitions
        if definition["required"] or not required_only
    }


def _example(definition: Json) -> Any:
    table = definition.get("codeTable")
    example = table[0]["code"] if table else _EXAMPLES.get(definition["dataType"], "...")
    shape = definition.get("valueType") or "single"
    if shape != "array":
        # One value for each child, by its serial number, or one value at all.
        return {"...": example} if shape == "child" else example
    for _ in range(int(definition.get("arrayDimensions") or 1)):
        example = [example]
    return example


def _component_type(kind: ComponentType) -> Json:
    subprojects = sorted({code for variant in kind.variants for code in variant.subprojects})
    return {
        "id": kind.id,
        "code": kind.code,
        "name": kind.name,
        "state": "active",
        "category": kind.category,
        "project": project_ref(kind.project),
        "subprojects": [subproject_ref(code) for code in subprojects if code not in PROJECTS],
        "types": [variant.raw for variant in kind.variants] or None,
        "stages": full_stages(kind) or None,
        "testTypes": [test.id for test in kind.tests] or None,
        "properties": list(kind.properties) or None,
        "snAutomatically": kind.automatic_serial,
    }


def _test_type(kind: ComponentType, test: TestType) -> Json:
    return {
        "id": test.id,
        "code": test.code,
        "name": test.name,
        "state": test.state,
        "description": "",
        "stages": [stage.code for stage in kind.stages if test in stage.tests] or None,
        "properties": list(test.properties),
        "parameters": list(test.parameters),
    }
