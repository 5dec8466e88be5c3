"""Calls that find components: one, a list of them, by filters, and those built into each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from itkgui.client.calls import Calls, OnBundle
from itkgui.client.exceptions import ComponentNotFound, ConnectionFailed
from itkgui.client.queries import ComponentQuery, FoundComponent, LookedUp, Page
from itkgui.language import N_
from itkgui.records.changes import Changes, changes_between
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.family import FamilyNode, Kin, children_of
from itkgui.records.json_fields import objects
from itkgui.records.serial_number import looks_like_serial_number, without_marks

# The server takes 100 and more, but one component with its summaries is 20 kB and more, and a body shall
# not be much larger than 500 kB; full answers of 100 take it longer than a minute (API reference §1.5).
_COMPONENTS_PER_CALL = 25


class ComponentCalls(Calls):
    """The calls about components."""

    def component(self, identifier: str, *, with_eos_tokens: bool = False) -> FoundComponent:
        """Find a component by its serial number, alternative identifier or code; blanks around are dropped.

        Alternative identifiers are asked for as they stand, then in capitals: a server may tell letters apart
        that whoever types does not. With EOS tokens, which live 5 minutes, the addresses of its attachments
        can be fetched at once. Raises ComponentNotFound if it is none of these.
        """
        identifier = identifier.strip()
        if not identifier:
            raise ComponentNotFound("no identifier given")
        capitals = identifier.upper()
        options = {"noEosToken": not with_eos_tokens}
        # The server finds serial number, code and id by one question, the alternative identifier by another
        # (API reference §5.3): what the text looks like decides which comes first.
        is_serial = looks_like_serial_number(identifier)
        direct = [{"component": capitals if is_serial else identifier, **options}]
        alternative = [
            {"component": text, **options, "alternativeIdentifier": True}
            for text in dict.fromkeys((identifier, capitals))
        ]
        is_direct = is_serial or _looks_like_code(identifier)
        *others, last = direct + alternative if is_direct else alternative + direct
        for question in others:
            with suppress(ComponentNotFound):
                return self._found(question)
        return self._found(last)

    def _found(self, question: Mapping[str, Any]) -> FoundComponent:
        component = Component.from_json(self._client.get("getComponent", question))
        return FoundComponent(component, _matched_by(component, question), question["component"])

    def reload(self, component: ComponentSummary) -> Component:
        """Ask the server for a component again, or for the whole of one from a list.

        Raises ComponentNotFound if it is gone.
        """
        question = {"component": component.key, "noEosToken": True}
        return Component.from_json(self._client.get("getComponent", question, refresh=True))

    def changes_since(self, component: Component) -> Changes:
        """Tell what is newer on the server, for two small answers side by side. Raises ComponentNotFound.

        The component's own revision does not tell of its test runs for certain (API reference §5.10), so
        those that are not deleted are counted.
        """
        question = {"component": component.key, "noTests": True, "noEosToken": True}
        fresh, ready_runs = self._together(
            lambda: Component.from_json(self._client.get("getComponent", question, refresh=True)),
            lambda: self._count_ready_runs(component),
        )
        return changes_between(component, fresh, ready_runs)

    def _count_ready_runs(self, component: Component) -> int:
        question = {"filterMap": {**runs_filter(component), "state": ["ready"]}}
        pages = self._client.pages("listTestRunsByComponent", question, size=1, refresh=True)
        items = pages.page(0)
        return len(items) if pages.total is None else pages.total

    # Many of them ------------------------------------------------------------------------------------------

    def search(self, query: ComponentQuery, page_index: int) -> Page[ComponentSummary]:
        """Return one page of the components that a query describes, newest first; page 0 is the first.

        Pages of a list that changes meanwhile may overlap: tell the rows apart by ``id``.
        """
        pages = self._client.pages(query.command, {"filterMap": query.filter_map})
        items = tuple(map(ComponentSummary.from_json, pages.page(page_index)))
        return Page(items, page_index, pages.size, pages.total)

    def count(self, query: ComponentQuery) -> int | None:
        """Return how many components a query describes, loading one at most; None if it is not told."""
        pages = self._client.pages(query.command, {"filterMap": query.filter_map}, size=1)
        pages.page(0)
        return pages.total

    def search_all(self, query: ComponentQuery) -> Iterator[ComponentSummary]:
        """Yield each component that a query describes once, however many pages that takes."""
        pages = self._client.pages(query.command, {"filterMap": query.filter_map})
        return map(ComponentSummary.from_json, pages)

    def components(
        self, identifiers: Sequence[str], on_bundle: OnBundle[Component] | None = None
    ) -> LookedUp:
        """Find the components of a pasted list, many to a request; doubles and empty lines are dropped.

        Serial numbers and codes are looked up in bulk; anything else one by one, as an id or an alternative
        identifier. ``on_bundle`` gets the components as they come, from whichever thread. While the server is
        away those come of which an answer is kept, in whichever list they were asked for; if there is none,
        that it is away is raised.
        """
        wanted = list(dict.fromkeys(filter(None, map(as_asked, identifiers))))
        bulk = [text for text in wanted if looks_like_serial_number(text) or _is_hex(text, 32)]
        failures: dict[str, ConnectionFailed] = {}

        def kept_at_least(load: Callable[[Sequence[str]], Sequence[Component]]) -> Any:
            def attempt(keys: Sequence[str]) -> Sequence[Component]:
                try:
                    return load(keys)
                except ConnectionFailed as error:
                    kept = {key: found for key in keys if (found := self._kept_component(key)) is not None}
                    failures.update((key, error) for key in keys if key not in kept)
                    return tuple(kept.values())

            return attempt

        load = kept_at_least(self._bulk)
        known = _by_every_key(self._in_bundles(load, bulk, _COMPONENTS_PER_CALL, on_bundle))
        rest = [text for text in wanted if text not in known and text not in failures]
        one = kept_at_least(lambda keys: tuple(filter(None, map(self._one_or_none, keys))))
        for text, components in zip(rest, self._client.each(lambda text: one([text]), rest), strict=True):
            if components:
                (known[text],) = components
                if on_bundle is not None:
                    on_bundle(components)
        if failures and not known:
            raise next(iter(failures.values()))
        by_name = {text: known[text] for text in wanted if text in known}
        found = {component.key: component for component in by_name.values()}
        unknown = tuple(text for text in wanted if text not in known and text not in failures)
        return LookedUp(tuple(found.values()), unknown, tuple(failures), by_name)

    def _kept_component(self, key: str) -> Component | None:
        """Return what is kept of a component, however old; None if nothing is."""
        plain = {"component": key, "noEosToken": True}
        for question in (plain, {**plain, "alternativeIdentifier": True}):
            answer = self._client.kept("getComponent", question, at_any_age=True)
            if answer is not None:
                return Component.from_json(answer)
        return None

    def _bulk(self, keys: Sequence[str]) -> Sequence[Component]:
        """Return the components of codes and serial numbers, in no certain order; unknown ones are missing.

        Whether the server leaves unknown ones out or refuses the question is not on record (API reference
        §9.24): a refused bundle is halved until the rest is found.
        """
        try:
            answer = self._client.get("getComponentBulk", {"component": list(keys)})
        except ComponentNotFound:
            if len(keys) < 2:
                return ()
            half = len(keys) // 2
            return (*self._bulk(keys[:half]), *self._bulk(keys[half:]))
        return tuple(map(Component.from_json, objects(answer, "itemList")))

    def _one_or_none(self, identifier: str) -> Component | None:
        if looks_like_serial_number(identifier):
            return None  # the bulk answer has said so
        try:
            return self.component(identifier).component
        except ComponentNotFound:
            return None

    # The family --------------------------------------------------------------------------------------------

    def load_family(
        self, nodes: Sequence[FamilyNode], on_bundle: OnBundle[Component] | None = None
    ) -> tuple[FamilyNode, ...]:
        """Load the parts of one level of a family tree, many to a request; pass those that are in sight.

        Returns the same nodes in their order. Those that are empty, loaded, or repeat a part above them come
        back as they are, and so do parts that the server knows no more. ``on_bundle`` gets the components as
        they come, from whichever thread.
        """
        keys = list(dict.fromkeys(node.key for node in nodes if node.can_load))
        known = _by_every_key(self._in_bundles(self._bulk, keys, _COMPONENTS_PER_CALL, on_bundle))
        return tuple(node.loaded(known.get(node.key)) if node.can_load else node for node in nodes)

    def family_of(self, component: Component) -> tuple[Kin, ...]:
        """Return a component and all parts in it, each once, level by level, though they be in a circle."""
        found, seen = [Kin(component, 0)], {component.key}
        level = children_of(component)
        while True:
            wanted = {node.key: node for node in level if node.can_load and node.key not in seen}
            if not wanted:
                return tuple(found)
            seen |= wanted.keys()
            loaded = self.load_family(tuple(wanted.values()))
            depth = found[-1].depth + 1
            found += [Kin(node.component, depth) for node in loaded if node.component]
            level = tuple(below for node in loaded for below in node.children)


def runs_filter(component: ComponentSummary) -> dict[str, Any]:
    """Return what listTestRunsByComponent finds the runs of a component by (API reference §5.6)."""
    return {"code": component.code} if component.code else {"serialNumber": component.serial_number}


def _looks_like_code(identifier: str) -> bool:
    """Tell whether a text has the shape of a component's code (32 hex) or id (24 hex)."""
    return _is_hex(identifier, 32) or _is_hex(identifier, 24)


def _is_hex(identifier: str, length: int) -> bool:
    return len(identifier) == length and set(identifier) <= set("0123456789abcdef")


def _matched_by(component: Component, question: Mapping[str, Any]) -> str:
    if "alternativeIdentifier" in question:
        return N_("alternative identifier")
    return N_("serial number") if component.serial_number == question["component"] else N_("code")


def as_asked(identifier: str) -> str:
    """Return an identifier from a list as the server knows it: serial numbers bare and in capitals."""
    bare = without_marks(identifier)
    return bare.upper() if looks_like_serial_number(bare) else bare


def _by_every_key(components: Sequence[Component]) -> dict[str, Component]:
    """Index components by whatever they may have been asked for: the order of answers means nothing."""
    return {
        key: component
        for component in components
        for key in (component.id, component.code, component.serial_number)
        if key
    }
