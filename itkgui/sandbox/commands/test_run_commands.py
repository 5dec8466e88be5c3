"""Commands that read test runs (API reference §5.6)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, keys, page
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.test_run_json import TestRunWriter

_TYPE = "project*:project componentType*:text testType*:text"
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def commands(world: World, finder: Finder, writer: TestRunWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    runs = _TestRuns(world, finder, writer)
    listed = "filterMap:object component:text stage:texts testType:texts runNumber:text pageInfo:page"
    return (
        Command("getTestRun", keys("testRun*:text noEosToken:flag outputType:text"), runs.one),
        Command("getTestRunBulk", keys("testRun*:texts noEosToken:flag"), runs.bulk),
        Command("listTestRunsByComponent", keys(listed), runs.of_component),
        Command("listTestRunsByTestType", keys(f"{_TYPE} stage:texts pageInfo:page"), runs.of_type),
        Command(
            "listTestRunsByParameter",
            keys(f"{_TYPE} parameterFilter*:objects pageInfo:page"),
            runs.by_parameter,
        ),
        Command("listMyTestRuns", keys("pageInfo:page"), runs.of_caller),
    )


class _TestRuns:
    def __init__(self, world: World, finder: Finder, writer: TestRunWriter) -> None:
        self._ledger = world.ledger
        self._finder = finder
        self._writer = writer

    def one(self, call: Call) -> Json:
        run = self._finder.test_run("getTestRun", call.text("testRun"))
        return self._writer.full(run, eos_tokens=not call.flag("noEosToken", default=True))

    def bulk(self, call: Call) -> Json:
        tokens = not call.flag("noEosToken", default=True)
        found = [self._ledger.find_run(identifier) for identifier in call.texts("testRun")]
        return {"itemList": [self._writer.full(run, eos_tokens=tokens) for run in found if run is not None]}

    def of_component(self, call: Call) -> Json:
        newer = "filterMap" in call.keys
        # Lists are taken for every key: what the real server takes is not verified (API reference §9, 13).
        known = ("serialNumber", "code", "stage", "testType", "state", "runNumber")
        filters = call.filter_map(known) if newer else call.keys
        identifiers = [
            text
            for key in ("serialNumber", "code", "component")
            for text in as_texts(filters.get(key))
            if text
        ]
        if not identifiers:
            raise call.problems.lacking("$.filterMap.serialNumber" if newer else "$.component")
        found = {
            component.number
            for text in identifiers
            if (component := self._ledger.find_component(text)) is not None
        }
        if not found:
            raise CommandError("listTestRunsByComponent/componentDoesNotExist", "Component does not exist.")
        wanted = {
            key: set(as_texts(filters[key]))
            for key in ("stage", "testType", "state", "runNumber")
            if filters.get(key)
        }
        runs = [run for number in found for run in self._ledger.runs(number) if _matches(run, wanted)]
        runs.sort(key=lambda run: -run.run.uploaded)
        chosen, info = page(call, len(runs))
        return {"itemList": [self._writer.item(run) for run in runs[chosen]], "pageInfo": info}

    def of_type(self, call: Call) -> Json:
        return self._page(call, self._numbers(call, "listTestRunsByTestType", call.texts("stage")))

    def by_parameter(self, call: Call) -> Json:
        command = "listTestRunsByParameter"
        rules = [_rule(call, rule) for rule in call.keys["parameterFilter"]]
        numbers = [
            number
            for number in self._numbers(call, command)
            if all(rule(self._ledger.run(number).values.results) for rule in rules)
        ]
        return self._page(call, numbers)

    def of_caller(self, call: Call) -> Json:
        return self._page(call, self._ledger.runs_of_person(call.caller.identity))

    def _numbers(self, call: Call, command: str, stages: Sequence[str] = ()) -> list[int]:
        kind = self._finder.component_type(command, call.text("project"), call.text("componentType"))
        test = self._finder.test_type(command, kind, call.text("testType"))
        return self._ledger.runs_of_type(test, stages)

    def _page(self, call: Call, numbers: list[int]) -> Json:
        chosen, info = page(call, len(numbers))
        items = [self._writer.item(self._ledger.run(number)) for number in numbers[chosen]]
        return {"itemList": items, "pageInfo": info}


def _matches(entry: TestRun, wanted: dict[str, set[str]]) -> bool:
    fields = {
        "stage": entry.run.stage.code,
        "testType": entry.run.test.code,
        "state": entry.state.code,
        "runNumber": entry.run.run_number,
    }
    return all(fields[key] in values for key, values in wanted.items())


def _rule(call: Call, rule: Json) -> Callable[[dict[str, Any]], bool]:
    """Return the test that one entry of a parameter filter stands for; null never passes."""
    compare = _OPERATORS.get(str(rule.get("operator", "=")))
    if compare is None:
        message = f"The value must be one of {list(_OPERATORS)}."
        raise call.problems.refused("$.parameterFilter.operator", "oneOf.e001", message)
    code, wanted = str(rule.get("code")), rule.get("value")

    def passes(results: dict[str, Any]) -> bool:
        value = results.get(code)
        if compare in (operator.eq, operator.ne):
            return value is not None and compare(value, wanted)
        comparable = isinstance(value, (int, float)) and isinstance(wanted, (int, float))
        return comparable and compare(value, wanted)

    return passes
