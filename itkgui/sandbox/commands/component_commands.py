"""Commands that read components (API reference §5.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from itkgui.sandbox.catalogue.definitions import PROJECTS
from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, keys, page
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter
from itkgui.sandbox.writers.component_rows import ComponentRows

# What `sorterList` does is not known, and some say nothing (API reference §9, 23): it is accepted only.
_LIST_KEYS = (
    "filterMap:object project:project subproject:texts componentType:texts type:texts currentStage:texts "
    "institution:texts pageInfo:page outputType:text sorterList useOrInLocationSearch:flag"
)
_PROPERTY_KEYS = (
    "filterMap:object project:project componentType:texts type:texts propertyFilter:objects pageInfo:page "
    "outputType:text"
)
_FILTERS = (
    "project",
    "subproject",
    "componentType",
    "type",
    "institute",
    "currentLocation",
    "currentStage",
    "state",
)
_PLACES = ("institute", "currentLocation")

_Filters = dict[str, Collection[str | int]]


def commands(world: World, writer: ComponentWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    components = _Components(world, writer)
    one = "component*:text alternativeIdentifier:flag state:text outputType:text noTests:flag noEosToken:flag"
    many = "component*:texts identifierType:text outputType:text state:texts"
    return (
        Command("getComponent", keys(one), components.one),
        Command("getComponentBulk", keys(many), components.bulk),
        Command("listComponents", keys(_LIST_KEYS), components.listed),
        Command("listComponentsByProperty", keys(_PROPERTY_KEYS), components.by_property),
        Command("listMyComponents", keys("project*:project limit:count pageInfo:page"), components.of_caller),
    )


class _Components:
    def __init__(self, world: World, writer: ComponentWriter) -> None:
        self._world = world
        self._ledger = world.ledger
        self._writer = writer
        self._rows = ComponentRows(world, writer)

    def one(self, call: Call) -> Json:
        identifier = call.text("component")
        if call.flag("alternativeIdentifier"):
            found = self._ledger.find_alternative(identifier)
        else:
            found = self._ledger.find_component(identifier)
        if found is None:
            raise CommandError("getComponent/componentDoesNotExist", "Component does not exist.")
        return self._writer.full(
            found, tests=not call.flag("noTests"), eos_tokens=not call.flag("noEosToken", default=True)
        )

    def bulk(self, call: Call) -> Json:
        by_id = call.text("identifierType") == "id"
        find: Callable[[str], Component | None] = (
            self._ledger.find_object_id if by_id else self._ledger.find_component
        )
        found = [entry for identifier in call.texts("component") if (entry := find(identifier)) is not None]
        states = call.texts("state")
        if states:
            found = [entry for entry in found if entry.state.code in states]
        # Unknown ones are left out; what the real server does was never recorded (API reference §9, 24).
        return {"itemList": [self._writer.bulk(entry) for entry in found]}

    def listed(self, call: Call) -> Json:
        if "filterMap" in call.keys:
            return self._answer(call, self._second_form(call), newer=True)
        if not call.text("project"):
            raise call.problems.lacking("$.project")
        return self._answer(call, self._find(self._first_form(call)), newer=False)

    def by_property(self, call: Call) -> Json:
        if "filterMap" in call.keys:
            if not call.keys["filterMap"].get("propertyFilter"):
                raise call.problems.lacking("$.filterMap.propertyFilter")
            return self._answer(call, self._second_form(call), newer=True)
        for name in ("project", "propertyFilter"):
            if not call.keys.get(name):
                raise call.problems.lacking(f"$.{name}")
        found = self._find(self._first_form(call))
        found = self._with_properties(call, found, call.keys["propertyFilter"])
        # Newer answers use itemList in both forms (API reference §4).
        return self._answer(call, found, newer=True)

    def of_caller(self, call: Call) -> Json:
        person = self._world.origins.person_number(call.caller.identity)
        found = self._find({"project": {call.text("project")}, "person": {person}, "state": {"ready"}})
        limit = call.keys.get("limit")
        return self._answer(call, found if limit is None else found[:limit], newer=True)

    def _answer(self, call: Call, numbers: Sequence[int], *, newer: bool) -> Json:
        chosen, info = page(call, len(numbers))
        found = map(int, numbers[chosen])
        items: Any
        if call.text("outputType") == "full":
            items = [self._writer.full_item(self._ledger.component(number)) for number in found]
        else:
            items = self._rows.written(found, newer=newer)
        return {"itemList" if newer else "pageItemList": items, "pageInfo": info}

    def _first_form(self, call: Call) -> _Filters:
        """Return the filter of the older form, which finds nothing but what is ready (API reference §5.3)."""
        names = ("project", "subproject", "componentType", "type", "currentStage")
        wanted: _Filters = {name: set(call.texts(name)) for name in names if name in call.keys}
        if "institution" in call.keys:
            wanted["institute"] = self._numbers(call.texts("institution"))
        return wanted | {"state": {"ready"}}

    def _second_form(self, call: Call) -> Sequence[int]:
        given = call.filter_map((*_FILTERS, "serialNumber", "propertyFilter"))
        wanted: _Filters = {
            name: set(as_texts(given[name])) for name in _FILTERS if given.get(name) is not None
        }
        for project in wanted.get("project", ()):
            if project not in PROJECTS:
                message = f"The value must be one of {list(PROJECTS)}."
                raise call.problems.refused("$.filterMap.project", "oneOf.e001", message)
        for name in _PLACES:
            if name in wanted:
                wanted[name] = self._numbers(as_texts(given[name]))
        found = self._find(wanted, either=_PLACES if call.flag("useOrInLocationSearch") else ())
        if given.get("serialNumber") is not None:
            asked = {
                entry.number
                for serial in as_texts(given["serialNumber"])
                if (entry := self._ledger.find_component(serial)) is not None
            }
            found = [number for number in found if int(number) in asked]
        return self._with_properties(call, found, given.get("propertyFilter") or [])

    def _with_properties(self, call: Call, numbers: Sequence[int], rules: Any) -> Sequence[int]:
        """Keep what has all these property values; "=" is the only operator known (API reference §5.3)."""
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            message = "The value must be an array of objects."
            raise call.problems.refused("$.filterMap.propertyFilter", "array.e001", message)
        for rule in rules:
            code, value = str(rule.get("code")), str(rule.get("value"))
            if rule.get("operator", "=") not in ("=", "=="):
                message = "The value must be one of ['=']."
                path = "$.filterMap.propertyFilter.operator"
                raise call.problems.refused(path, "oneOf.e001", message)
            having: set[int] = set()
            for kind in self._world.definitions.component_types.values():
                if any(definition["code"] == code for definition in kind.properties):
                    having |= self._ledger.index.with_property(kind.key, code, value)
            numbers = [number for number in numbers if int(number) in having]
        return numbers

    def _find(self, filters: _Filters, either: Collection[str] = ()) -> Sequence[int]:
        found: np.ndarray[Any, Any] = self._ledger.index.find(filters, either=either)
        return found  # type: ignore[return-value]  # a numpy array does all that is asked of a sequence here

    def _numbers(self, codes: Collection[str]) -> set[str | int]:
        places = self._world.definitions.institutions
        return {number for number, place in enumerate(places) if place.code in codes}
