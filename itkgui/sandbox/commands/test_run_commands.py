"""Commands that read test runs (API reference §5.6)."""

from __future__ import annotations

from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, invalid_key, keys, page
from itkgui.sandbox.commands.errors import CommandError
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.test_run_json import TestRunWriter


def commands(world: World, writer: TestRunWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    runs = _TestRuns(world, writer)
    listed = "filterMap:object component:text stage:texts testType:texts runNumber:text pageInfo:page"
    return (
        Command("getTestRun", keys("testRun*:text noEosToken:flag outputType:text"), runs.one),
        Command("getTestRunBulk", keys("testRun*:texts noEosToken:flag"), runs.bulk),
        Command("listTestRunsByComponent", keys(listed), runs.list),
    )


class _TestRuns:
    def __init__(self, world: World, writer: TestRunWriter) -> None:
        self._world = world
        self._writer = writer

    def one(self, call: Call) -> Json:
        run = self._world.histories.find_run(call.text("testRun"))
        if run is None:
            # Another tool looks for getComponent/testRunDoesNotExist (API reference §9, 6).
            raise CommandError("getTestRun/testRunDaoGetFailed", "Getting the test run failed.")
        return self._writer.full(run, eos_tokens=not call.flag("noEosToken", default=True))

    def bulk(self, call: Call) -> Json:
        tokens = not call.flag("noEosToken", default=True)
        found = [self._world.histories.find_run(identifier) for identifier in call.texts("testRun")]
        return {"itemList": [self._writer.full(run, eos_tokens=tokens) for run in found if run is not None]}

    def list(self, call: Call) -> Json:
        filters = call.keys.get("filterMap") or call.keys
        identifiers = [
            text
            for key in ("serialNumber", "code", "component")
            for text in as_texts(filters.get(key))
            if text
        ]
        if not identifiers:
            message = "The value is required but missing."
            raise invalid_key("listTestRunsByComponent", "filterMap.serialNumber", "isRequired.e001", message)
        parts = {
            part.index: part for text in identifiers if (part := self._world.catalogue.find(text)) is not None
        }
        if not parts:
            raise CommandError("listTestRunsByComponent/componentDoesNotExist", "Component does not exist.")
        wanted = {
            key: set(as_texts(filters[key]))
            for key in ("stage", "testType", "state", "runNumber")
            if filters.get(key)
        }
        runs = [
            run
            for index in parts
            for run in sorted(self._world.histories.runs(index), key=lambda run: -run.uploaded)
            if _matches(
                {
                    "stage": run.stage.code,
                    "testType": run.test.code,
                    "state": run.state,
                    "runNumber": run.run_number,
                },
                wanted,
            )
        ]
        chosen, info = page(call, len(runs))
        return {"itemList": [self._writer.item(run) for run in runs[chosen]], "pageInfo": info}


def _matches(fields: dict[str, str], wanted: dict[str, set[str]]) -> bool:
    return all(fields[key] in values for key, values in wanted.items())
