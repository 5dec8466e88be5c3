"""Commands that read components (API reference §5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from itkgui.sandbox.catalogue.definitions import PROJECTS
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.commands.command_table import Call, Command, Json, as_texts, invalid_key, keys, page
from itkgui.sandbox.commands.errors import CommandError
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter

_LIST_KEYS = (
    "filterMap:object project:project subproject:texts componentType:texts type:texts currentStage:texts "
    "institution:texts pageInfo:page outputType:text sorterList useOrInLocationSearch:flag"
)
_FILTER_KEYS = (
    "project",
    "subproject",
    "componentType",
    "type",
    "institute",
    "currentLocation",
    "currentStage",
    "state",
    "serialNumber",
)
# A filter that keeps everything is asked for again with every page.
_REMEMBERED_LISTS = 16

_Filter = dict[str, tuple[str, ...]]


def commands(world: World, writer: ComponentWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    components = _Components(world, writer)
    one = "component*:text alternativeIdentifier:flag state:text outputType:text noTests:flag noEosToken:flag"
    many = "component*:texts identifierType:text outputType:text state:text"
    return (
        Command("getComponent", keys(one), components.one),
        Command("getComponentBulk", keys(many), components.bulk),
        Command("listComponents", keys(_LIST_KEYS), components.listed),
    )


class _Components:
    def __init__(self, world: World, writer: ComponentWriter) -> None:
        self._world = world
        self._catalogue = world.catalogue
        self._writer = writer
        self._matching = lru_cache(maxsize=_REMEMBERED_LISTS)(self._find)

    def one(self, call: Call) -> Json:
        identifier = call.text("component")
        if call.flag("alternativeIdentifier"):
            part = self._catalogue.find_alternative(identifier)
        else:
            part = self._catalogue.find(identifier)
        if part is None:
            raise CommandError("getComponent/componentDoesNotExist", "Component does not exist.")
        return self._writer.full(
            part, tests=not call.flag("noTests"), eos_tokens=not call.flag("noEosToken", default=True)
        )

    def bulk(self, call: Call) -> Json:
        by_id = call.text("identifierType") == "id"
        find: Callable[[str], Part | None] = self._catalogue.find_object_id if by_id else self._catalogue.find
        found = [part for identifier in call.texts("component") if (part := find(identifier)) is not None]
        # Unknown ones are left out; what the real server does was never recorded (API reference §9, 24).
        return {"itemList": [self._writer.bulk(part) for part in found]}

    def listed(self, call: Call) -> Json:
        second_form = "filterMap" in call.keys
        either = second_form and call.flag("useOrInLocationSearch")
        wanted = self._second_filter(call) if second_form else self._first_filter(call)
        indexes = self._matching(tuple(sorted(wanted.items())), either)
        chosen, info = page(call, len(indexes))
        write = self._writer.full_item if call.text("outputType") == "full" else self._writer.item
        items = [write(self._catalogue.parts[index]) for index in indexes[chosen]]
        return {"itemList" if second_form else "pageItemList": items, "pageInfo": info}

    def _first_filter(self, call: Call) -> _Filter:
        """Return the filter of the older form, which finds nothing but what is ready (API reference §5.3)."""
        if not call.text("project"):
            message = f"The value must be one of {list(PROJECTS)}."
            raise invalid_key("listComponents", "project", "oneOf.e001", message)
        renamed = {"institution": "institute"}
        names = ("project", "subproject", "componentType", "type", "currentStage", "institution")
        wanted = {renamed.get(name, name): tuple(call.texts(name)) for name in names if name in call.keys}
        return wanted | {"state": ("ready",)}

    def _second_filter(self, call: Call) -> _Filter:
        given = call.keys["filterMap"]
        wanted = {name: tuple(as_texts(given[name])) for name in _FILTER_KEYS if given.get(name) is not None}
        for project in wanted.get("project", ()):
            if project not in PROJECTS:
                message = f"The value must be one of {list(PROJECTS)}."
                raise invalid_key("listComponents", "filterMap.project", "oneOf.e001", message)
        rules = given.get("propertyFilter") or []
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise invalid_key(
                "listComponents", "filterMap.propertyFilter", "array.e001", "The value must be an array."
            )
        for rule in rules:
            wanted[f"property {rule.get('code')}"] = (str(rule.get("value")),)
        return wanted

    def _find(self, wanted: tuple[tuple[str, tuple[str, ...]], ...], either: bool) -> Sequence[int]:
        """Return the indexes of all matching parts, newest first (API reference §4)."""
        filters = dict(wanted)
        kinds = filters.pop("componentType", None)
        projects = filters.pop("project", None)
        candidates = self._candidates(kinds, projects)
        if "serialNumber" in filters:
            found = [self._catalogue.find(serial) for serial in filters.pop("serialNumber")]
            asked = {part.index for part in found if part is not None}
            candidates = [index for index in candidates if index in asked]
        tests = [
            self._test(name, set(values)) for name, values in filters.items() if not self._is_place(name)
        ]
        places = [self._test(name, set(values)) for name, values in filters.items() if self._is_place(name)]
        if either and places:
            tests.append(lambda part: any(test(part) for test in places))
        else:
            tests.extend(places)
        parts = self._catalogue.parts
        for test in tests:
            candidates = [index for index in candidates if test(parts[index])]
        return candidates

    def _candidates(self, kinds: tuple[str, ...] | None, projects: tuple[str, ...] | None) -> list[int]:
        if kinds is None and projects is None:
            return self._catalogue.newest_first
        lists = [
            indexes
            for key, indexes in self._catalogue.by_kind.items()
            if (projects is None or key.split("/")[0] in projects)
            and (kinds is None or key.split("/")[1] in kinds)
        ]
        if len(lists) == 1:
            return lists[0]
        parts = self._catalogue.parts
        return sorted(
            (index for indexes in lists for index in indexes), key=lambda index: -parts[index].created
        )

    @staticmethod
    def _is_place(name: str) -> bool:
        return name in ("institute", "currentLocation")

    def _test(self, name: str, values: set[str]) -> Callable[[Part], bool]:
        if name.startswith("property "):
            code = name.removeprefix("property ")
            properties = self._world.measurements.properties
            return lambda part: str(properties(part).get(code)) in values
        places = self._numbers(values) if self._is_place(name) else set()
        tests: dict[str, Callable[[Part], bool]] = {
            "subproject": lambda part: part.subproject in values,
            "type": lambda part: part.variant.code in values,
            "currentStage": lambda part: part.kind.stages[part.stage].code in values,
            "state": lambda part: part.state in values,
            "institute": lambda part: part.owner in places,
            "currentLocation": lambda part: part.location in places,
        }
        return tests[name]

    def _numbers(self, codes: Iterable[str]) -> set[int]:
        wanted = set(codes)
        places = self._world.definitions.institutions
        return {number for number, place in enumerate(places) if place.code in wanted}
