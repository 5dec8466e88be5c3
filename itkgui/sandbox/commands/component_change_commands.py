"""Commands that change a component: stage, properties, flags, grade and marks (API reference §5.4)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.catalogue.definitions import StageDefinition
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.commands.value_rules import problem_of
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.records import Grade, Mark, Passage, Setting
from itkgui.sandbox.roles import not_authorized
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter

_GRADE = "component*:text grade*:text comment:text"
_FLAGS = "component*:text flags*:texts revision*:number"


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    changes = _Changes(world, finder, writer)
    stage = "component*:text stage*:text rework:flag comment:text"
    declared = [
        Command("setComponentStage", keys(stage), changes.stage, read=False),
        Command(
            "setComponentProperty",
            keys("component*:text code*:text value*?:any"),
            changes.property,
            read=False,
        ),
        Command("setComponentFlags", keys(_FLAGS), changes.flags, read=False),
        Command("setComponentGrade", keys(_GRADE), changes.grade, read=False),
    ]
    for name in ("completed", "trashed"):
        command = f"setComponent{name.capitalize()}"
        key_list = keys(f"component*:text {name}*:flag reason:text")
        declared.append(Command(command, key_list, _MarkSetter(changes, command, name).set, read=False))
    return tuple(declared)


class _Changes:
    def __init__(self, world: World, finder: Finder, writer: RawWriter) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer

    def component(self, call: Call, command: str) -> Component:
        """Return the component, which must be where the caller is."""
        component = self._finder.component(command, call.text("component"))
        self._world.roles.need_presence(command, call.caller.identity, component.locations[-1].place)
        return component

    def write(self, component: Component, time: int, **changes: Any) -> Json:
        return self._writer.answer(self._world.ledger.write(component, time, **changes))

    def stage(self, call: Call) -> Json:
        command, identity = "setComponentStage", call.caller.identity
        component = self.component(call, command)
        stages = {stage.code: stage for stage in component.part.kind.stages}
        target = stages.get(call.text("stage"))
        if target is None:
            message = "The component type has no such stage."
            raise CommandError(f"{command}/stageDoesNotExist", message)
        if not self._world.roles.is_authority(identity, component.locations[-1].place):
            _need_next(component, target)
        time, comment, rework = dates.now(), call.text("comment") or None, call.flag("rework")
        changes: dict[str, Any] = {
            "stages": (*component.stages, Passage(target.code, time, identity, rework, comment))
        }
        if rework:
            changes["reworked"] = Mark(True, time, identity, comment)
        return self.write(component, time, **changes)

    def property(self, call: Call) -> Json:
        command = "setComponentProperty"
        component = self.component(call, command)
        code, value = call.text("code"), call.keys["value"]
        definition = next((entry for entry in component.part.kind.properties if entry["code"] == code), None)
        if definition is None:
            message = "The component type has no such property."
            raise CommandError(f"{command}/propertyDoesNotExist", message)
        problem = None if value is None else problem_of(definition, value)
        if problem is not None:
            call.problems.invalid("$.value", problem)
            call.problems.settle()
        time = dates.now()
        setting = Setting(value, time, call.caller.identity)
        return self.write(component, time, properties=component.properties | {code: setting})

    def flags(self, call: Call) -> Json:
        """The only command known to ask for the revision that the caller has seen."""
        command = "setComponentFlags"
        component = self.component(call, command)
        if call.keys["revision"] != component.revision:
            # Neither code nor status were recorded.
            message = f"The component has revision {component.revision} by now."
            raise CommandError(f"{command}/revisionMismatch", message)
        return self.write(component, dates.now(), flags=tuple(dict.fromkeys(call.texts("flags"))))

    def grade(self, call: Call) -> Json:
        component = self.component(call, "setComponentGrade")
        time = dates.now()
        grade = Grade(call.text("grade"), time, call.caller.identity, call.text("comment") or None)
        return self.write(component, time, grades=(*component.changes.grades, grade))


class _MarkSetter:
    """setComponentCompleted and setComponentTrashed."""

    def __init__(self, changes: _Changes, command: str, name: str) -> None:
        self._changes = changes
        self._command = command
        self._name = name

    def set(self, call: Call) -> Json:
        component = self._changes.component(call, self._command)
        time, reason = dates.now(), call.text("reason") or None
        mark = Mark(call.flag(self._name), time, call.caller.identity, reason)
        return self._changes.write(component, time, **{self._name: mark})


def _need_next(component: Component, target: StageDefinition) -> None:
    """Executives advance by one stage, do not go back and do not leave the final one (API reference §2.5)."""
    current = component.stage
    if current.final:
        raise not_authorized("Only an authority may take a component out of its final stage.")
    main = [stage for stage in component.part.kind.stages if not stage.alternative]
    following = next((stage for stage in main if stage.order > current.order), None)
    if current.alternative or target is not following:
        raise not_authorized("Only an authority may choose a stage other than the next one.")
