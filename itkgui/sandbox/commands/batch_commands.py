"""Commands about batches (API reference §5.7)."""

from __future__ import annotations

from itkgui.sandbox import dates
from itkgui.sandbox.catalogue.batches import BATCH_TYPES
from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, keys, page
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.shipment_json import BatchWriter

# More keys than the first three are not known (API reference §5.7).
_CREATE = "project*:project batchType*:text number*:text components:texts"


def commands(world: World, finder: Finder, writer: BatchWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    batches = _Batches(world, finder, writer)
    return (
        Command("listBatches", keys("filterMap:object pageInfo:page"), batches.list),
        Command("createBatch", keys(_CREATE), batches.create, read=False),
        Command("addBatchComponent", keys("id*:text component*:text"), batches.add, read=False),
    )


class _Batches:
    def __init__(self, world: World, finder: Finder, writer: BatchWriter) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer

    def list(self, call: Call) -> Json:
        filters = call.filter_map(("project", "batchType", "number"))
        wanted = {key: as_texts(filters.get(key)) for key in ("project", "batchType", "number")}
        found = [
            batch
            for batch in self._world.ledger.freight.batches()
            for fields in ({"project": batch.project, "batchType": batch.type, "number": batch.name},)
            if all(not values or fields[key] in values for key, values in wanted.items())
        ]
        chosen, info = page(call, len(found))
        return {"itemList": [self._writer.item(batch) for batch in found[chosen]], "pageInfo": info}

    def create(self, call: Call) -> Json:
        command, identity = "createBatch", call.caller.identity
        type_, project = call.text("batchType"), call.text("project")
        types = [code for code, _, of, _ in BATCH_TYPES if of == project]
        if type_ not in types:
            message = f"The value must be one of {types}."
            raise call.problems.refused("$.batchType", "oneOf.e001", message)
        taken = {(batch.type, batch.name) for batch in self._world.ledger.freight.batches()}
        if (type_, call.text("number")) in taken:
            raise CommandError(f"{command}/batchAlreadyExists", "There is a batch with this number.")
        memberships = self._world.roles.memberships(identity)
        components = [
            self._component(call, command, text, project).number for text in call.texts("components")
        ]
        time = dates.now()
        batch = self._world.ledger.add_batch(
            name=call.text("number"),
            project=project,
            type=type_,
            components=tuple(dict.fromkeys(components)),
            place=memberships[0].place,
            identity=identity,
            created=time,
        )
        for number in batch.components:
            self._join(number, batch.number, time)
        return self._writer.item(batch)

    def add(self, call: Call) -> Json:
        """One component a call, as the real command takes it."""
        command = "addBatchComponent"
        batch = self._finder.batch(command, call.text("id"))
        component = self._component(call, command, call.text("component"), batch.project)
        if component.number in batch.components:
            message = "The component is in this batch already."
            raise CommandError(f"{command}/componentAlreadyInBatch", message)
        time = dates.now()
        components = (*batch.components, component.number)
        written = self._world.ledger.write(batch, time, components=components)
        self._join(component.number, batch.number, time)
        return self._writer.item(written)

    def _component(self, call: Call, command: str, identifier: str, project: str) -> Component:
        """Return a component that may go into a batch of a project, and is where the caller is."""
        component = self._finder.component(command, identifier)
        self._world.roles.need_presence(command, call.caller.identity, component.locations[-1].place)
        if component.part.kind.project != project:
            message = "Batch and component belong to different projects."
            raise CommandError(f"{command}/componentProjectMismatch", message)
        return component

    def _join(self, component: int, batch: int, time: int) -> None:
        before = self._world.ledger.component(component)
        self._world.ledger.write(before, time, batches=(*before.batches, batch))
