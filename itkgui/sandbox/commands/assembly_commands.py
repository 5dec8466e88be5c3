"""Commands that build components into others and take them out again (API reference §5.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from itkgui.sandbox import dates
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.records import Departure, Mark, Slot
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    assembly = _Assembly(world, finder, writer)
    by_slot = "parent*:text slot*:text child*:text properties:object"
    relation = "component*:text slot*:text code*:text value*?:any"
    return (
        Command(
            "assembleComponent",
            keys("parent*:text child*:text properties:object"),
            assembly.first_slot,
            read=False,
        ),
        Command("assembleComponentBySlot", keys(by_slot), assembly.by_slot, read=False),
        Command(
            "disassembleComponent",
            keys("parent*:text child*:text trashed:flag"),
            assembly.disassemble,
            read=False,
        ),
        Command("setParentChildRelationPropertyBySlot", keys(relation), assembly.set_relation, read=False),
    )


class _Assembly:
    def __init__(self, world: World, finder: Finder, writer: RawWriter) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer

    def first_slot(self, call: Call) -> Json:
        command = "assembleComponent"
        parent, child = self._free_pair(call, command)
        slots = [slot for slot in parent.slots if slot.kind == child.part.kind.key]
        if not slots:
            raise CommandError(f"{command}/slotDoesNotExist", "The parent has no slot for such a child.")
        free = next((slot for slot in slots if slot.child is None), None)
        if free is None:
            raise CommandError(f"{command}/noFreeSlot", "All slots for such a child are taken.")
        return self._assemble(call, command, parent, child, free)

    def by_slot(self, call: Call) -> Json:
        command = "assembleComponentBySlot"
        parent, child = self._free_pair(call, command)
        slot = self._slot(command, parent, call.text("slot"))
        if slot.kind != child.part.kind.key:
            message = "The slot is for another component type."
            raise CommandError(f"{command}/childComponentTypeMismatch", message)
        if slot.child is not None:
            raise CommandError(f"{command}/slotIsNotEmpty", "The slot is taken.")
        return self._assemble(call, command, parent, child, slot)

    def disassemble(self, call: Call) -> Json:
        command = "disassembleComponent"
        parent, child = self._pair(call, command)
        slot = next((slot for slot in parent.slots if slot.child == child.number), None)
        if slot is None:
            raise CommandError(f"{command}/childComponentNotAssembled", "The child is not in this parent.")
        time, identity = dates.now(), call.caller.identity
        departure = Departure(child.number, time, identity)
        emptied = Slot(slot.order, slot.kind, history=(*slot.history, departure))
        changes: dict[str, Any] = {"parents": ()}
        if call.flag("trashed"):
            changes["trashed"] = Mark(True, time, identity, None)
        self._world.ledger.write(child, time, **changes)
        return self._writer.answer(self._put(parent, emptied, time))

    def set_relation(self, call: Call) -> Json:
        command = "setParentChildRelationPropertyBySlot"
        parent = self._finder.component(command, call.text("component"))
        self._world.roles.need_presence(command, call.caller.identity, parent.locations[-1].place)
        slot = self._slot(command, parent, call.text("slot"))
        properties = slot.properties | {call.text("code"): call.keys["value"]}
        return self._writer.answer(self._put(parent, replace(slot, properties=properties), dates.now()))

    def _assemble(self, call: Call, command: str, parent: Component, child: Component, slot: Slot) -> Json:
        for component in (parent, child):
            if component.state.code != "ready":
                raise CommandError(
                    f"{command}/componentIsNotReady", "A deleted component cannot be assembled."
                )
        if self._is_inside(parent, child.number):
            raise CommandError(f"{command}/componentCycle", "A component cannot become part of itself.")
        time, properties = dates.now(), call.keys.get("properties") or {}
        filled = replace(
            slot, child=child.number, time=time, identity=call.caller.identity, properties=properties
        )
        self._world.ledger.write(child, time, parents=(parent.number,))
        return self._writer.answer(self._put(parent, filled, time))

    def _is_inside(self, component: Component, number: int) -> bool:
        """Whether `number` is the component itself or one that it is built into."""
        if component.number == number:
            return True
        return any(
            self._is_inside(self._world.ledger.component(parent), number) for parent in component.parents
        )

    def _free_pair(self, call: Call, command: str) -> tuple[Component, Component]:
        """Return parent and child, which must not be built into anything."""
        parent, child = self._pair(call, command)
        if child.parents:
            message = "The child is assembled already."
            raise CommandError(f"{command}/childComponentAlreadyAssembled", message)
        if any(shipment.is_open for shipment in self._world.ledger.freight.shipments_of(child.number)):
            raise CommandError(f"{command}/componentInTransit", "The child is in a shipment.")
        return parent, child

    def _pair(self, call: Call, command: str) -> tuple[Component, Component]:
        """Return parent and child, both of which must be where the caller is."""
        parent = self._finder.component(command, call.text("parent"))
        child = self._finder.component(command, call.text("child"))
        for component in (parent, child):
            self._world.roles.need_presence(command, call.caller.identity, component.locations[-1].place)
        if parent.locations[-1].place != child.locations[-1].place:
            message = "Parent and child are at different institutions."
            raise CommandError(f"{command}/componentAtDifferentLocation", message)
        return parent, child

    def _slot(self, command: str, parent: Component, identifier: str) -> Slot:
        for slot in parent.slots:
            if self._world.slot_id(parent.part, slot.order) == identifier:
                return slot
        raise CommandError(f"{command}/slotDoesNotExist", "The parent has no such slot.")

    def _put(self, parent: Component, changed: Slot, time: int) -> Component:
        slots = tuple(changed if slot.order == changed.order else slot for slot in parent.slots)
        return self._world.ledger.write(parent, time, slots=slots)
