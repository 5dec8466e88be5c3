"""Commands that bring components into being, and out of it (API reference §5.4)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.catalogue.definitions import ComponentType, Variant
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.commands.serial_numbers import SerialNumbers
from itkgui.sandbox.commands.value_rules import check_values
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.records import (
    Comment,
    ComponentChanges,
    Move,
    Passage,
    Registration,
    Setting,
    Slot,
    State,
)
from itkgui.sandbox.roles import Roles
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter

# The reference names a key `child` too; what it takes was never recorded, so it is warned of.
_REGISTER = (
    "project*:project subproject:text institution*:text componentType*:text type:text properties:object "
    "comments:texts serialNumber:text batches:object"
)
_SERIAL = re.compile(r"20U[A-Z]{2}[0-9A-Z]{2}[0-9A-Z]{7}")


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    registration = _Registrations(world, finder, writer)
    return (
        Command("registerComponent", keys(_REGISTER), registration.register, read=False),
        Command("createDummyChildren", keys("component*:text"), registration.dummies, read=False),
        Command("deleteComponent", keys("component*:text"), registration.delete, read=False),
    )


class _Registrations:
    def __init__(self, world: World, finder: Finder, writer: RawWriter) -> None:
        self._world = world
        self._roles: Roles = world.roles
        self._finder = finder
        self._writer = writer
        self._serials = SerialNumbers(world.ledger)

    def register(self, call: Call) -> Json:
        command = "registerComponent"
        kind = self._finder.component_type(command, call.text("project"), call.text("componentType"))
        place = self._finder.institution(command, call.text("institution"))
        self._roles.need_presence(command, call.caller.identity, place)
        variant = self._variant(call, kind)
        # The common projects have no subprojects: theirs need not be given.
        subproject = call.text("subproject") or (kind.project if kind.project in variant.subprojects else "")
        if not subproject:
            call.problems.missing("$.subproject")
        elif subproject not in variant.subprojects:
            call.problems.invalid("$.subproject", _one_of(variant.subprojects))
        given = call.keys.get("properties") or {}
        properties = check_values("$.properties", kind.properties, given, call.problems)
        call.problems.settle()
        batches = self._batches(command, kind.project, call.keys.get("batches") or {})
        serial = self._serial(call, kind, variant, subproject, properties)
        time, identity = dates.now(), call.caller.identity
        comments = tuple(
            Comment(self._world.ledger.new_id(time), time, identity, text) for text in call.texts("comments")
        )
        registration = Registration(kind.key, variant.code, subproject, serial, place, identity, time)
        changes = replace(_first_record(kind, place, identity, time), comments=comments, batches=batches)
        settings = {code: Setting(value) for code, value in properties.items()}
        component = self._world.ledger.register(registration, replace(changes, properties=settings))
        for number in batches:
            batch = self._world.ledger.freight.batch(number)
            self._world.ledger.write(batch, time, components=(*batch.components, component.number))
        return self._writer.answer(component)

    def dummies(self, call: Call) -> Json:
        """Fill every empty slot with a dummy part of the slot's type."""
        command, identity = "createDummyChildren", call.caller.identity
        parent = self._finder.component(command, call.text("component"))
        place = parent.locations[-1].place
        self._roles.need_presence(command, identity, place)
        time = dates.now()
        slots = []
        for slot in parent.slots:
            if slot.child is not None:
                slots.append(slot)
                continue
            child = self._dummy(slot.kind, place, identity, time, parent)
            slots.append(Slot(slot.order, slot.kind, child.number, time, identity, {}, slot.history))
        return self._writer.answer(self._world.ledger.write(parent, time, slots=tuple(slots)))

    def delete(self, call: Call) -> Json:
        """Delete where the caller is an authority, else ask for it; the record stays readable."""
        command, identity = "deleteComponent", call.caller.identity
        component = self._finder.component(command, call.text("component"))
        place = component.locations[-1].place
        self._roles.need_presence(command, identity, place)
        if component.state.code == "deleted":
            raise CommandError(f"{command}/componentIsDeleted", "The component is deleted already.")
        code = "deleted" if self._roles.is_authority(identity, place) else "requestedToDelete"
        time = dates.now()
        written = self._world.ledger.write(component, time, state=State(code, time, identity))
        return self._writer.answer(written)

    def _dummy(self, key: str, place: int, identity: str, time: int, parent: Component) -> Component:
        kind = self._world.definitions.component_types[key]
        variant = kind.variants[0]
        subproject = variant.subprojects[0]
        serial = self._serials.next(variant, subproject)
        registration = Registration(key, variant.code, subproject, serial, place, identity, time, dummy=True)
        changes = replace(_first_record(kind, place, identity, time), parents=(parent.number,))
        return self._world.ledger.register(registration, changes)

    def _variant(self, call: Call, kind: ComponentType) -> Variant:
        code = call.text("type")
        if not code and len(kind.variants) == 1:
            return kind.variants[0]
        for variant in kind.variants:
            if variant.code == code:
                return variant
        choices = tuple(variant.code for variant in kind.variants)
        raise call.problems.refused("$.type", "oneOf.e001", f"The value must be one of {list(choices)}.")

    def _serial(
        self, call: Call, kind: ComponentType, variant: Variant, subproject: str, properties: dict[str, Any]
    ) -> str | None:
        given = call.text("serialNumber")
        if kind.automatic_serial:
            if given:
                call.problems.unsupported("$.serialNumber")
            return self._serials.next(variant, subproject)
        if not given:
            # It may be given later (API reference §8.1).
            return None
        prefix = self._serials.prefix(variant, subproject)
        if not _SERIAL.fullmatch(given) or not given.startswith(prefix):
            message = f"The serial number must have 14 characters and begin with {prefix}."
            raise call.problems.refused("$.serialNumber", "string.e002", message)
        wrong = self._serials.contradiction(kind, given, properties)
        if wrong:
            message = f"The digits of the serial number contradict the property {wrong}."
            raise call.problems.refused("$.serialNumber", "string.e003", message)
        if self._world.ledger.has_serial(given):
            message = "A component with this serial number exists already."
            raise CommandError("registerComponent/serialNumberAlreadyExists", message)
        return given

    def _batches(self, command: str, project: str, asked: Json) -> tuple[int, ...]:
        """Return the numbers of the batches of a project, asked for as {type: number}."""
        found = []
        for type_, name in asked.items():
            batch = next(
                (
                    batch
                    for batch in self._world.ledger.freight.batches()
                    if (batch.project, batch.type, batch.name) == (project, type_, str(name))
                ),
                None,
            )
            if batch is None:
                raise CommandError(
                    f"{command}/batchDoesNotExist", f"There is no batch {name} of type {type_}."
                )
            found.append(batch.number)
        return tuple(found)


def _first_record(kind: ComponentType, place: int, identity: str, time: int) -> ComponentChanges:
    """Return what is known of a component that was just registered."""
    return ComponentChanges(
        stages=(Passage(kind.stages[0].code, time, identity),),
        properties={},
        parents=(),
        state=State("ready", time, identity),
        comments=(),
        attachments=(),
        locations=(Move(place, time, identity),),
        batches=(),
    )


def _one_of(choices: tuple[str, ...]) -> dict[str, str]:
    return {"oneOf.e001": f"The value must be one of {list(choices)}."}
