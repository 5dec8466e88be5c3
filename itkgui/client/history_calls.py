"""Calls that join several answers: what happened to a component, and what is due at its stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from itkgui.client.component_calls import COMPONENTS_PER_CALL
from itkgui.client.definition_calls import DefinitionCalls
from itkgui.client.exceptions import BadRequest
from itkgui.client.shipment_calls import ShipmentCalls
from itkgui.client.test_run_calls import TestRunCalls
from itkgui.records.attachment import Attachment
from itkgui.records.attachment_list import attachments_around
from itkgui.records.component import Component
from itkgui.records.component_type import ComponentType
from itkgui.records.due_tests import DueAtStage, due_tests, out_of_step
from itkgui.records.family import children_of, kinds_in
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun
from itkgui.records.timeline import Event, timeline_of


class HistoryCalls(TestRunCalls, ShipmentCalls, DefinitionCalls):
    """The calls about a component's past and about what is next."""

    def timeline(self, component: Component, runs: Sequence[TestRun] = ()) -> tuple[Event, ...]:
        """Return all that happened to a component, oldest first.

        With the runs that were loaded before, their attachments and comments are in it. Asks for the
        shipments and the names of the institutions, then for the history of each shipment.
        """
        listed, institutions = self._together(lambda: self.shipments_of(component), self.institutions)
        return timeline_of(component, runs, self._whole_shipments(listed), institutions)

    def attachments_of_all(self, component: Component, runs: Sequence[TestRun]) -> tuple[Attachment, ...]:
        """Return the attachments of a component, of its runs and of its shipments, newest first.

        The list without those of the shipments, ``attachments_around``, needs no request.
        """
        return attachments_around(component, runs, self._whole_shipments(self.shipments_of(component)))

    def _whole_shipments(self, listed: Sequence[Shipment]) -> list[Shipment]:
        return self._client.each(self._shipment, [shipment.id for shipment in listed])

    def due_at_stage(self, component: Component, runs: Sequence[TestRun] = ()) -> DueAtStage:
        """Tell which tests the component's stage asks for, and which parts in it are at another stage.

        One round of requests, side by side: the test types, the parts in it with their component types, and
        the runs' summaries unless the runs were loaded before.
        """
        project, kind = component.project.code, component.component_type.code
        keys = list(dict.fromkeys(node.key for node in children_of(component) if node.can_load))
        bundles = [keys[i : i + COMPONENTS_PER_CALL] for i in range(0, len(keys), COMPONENTS_PER_CALL)]
        kinds = [found.code for found in kinds_in(component)]
        known: tuple[TestRunSummary, ...] = tuple(runs)

        def of_type(code: str) -> Callable[[], Any]:
            return lambda: self._type_or_none(project, code)

        def of_bundle(bundle: Sequence[str]) -> Callable[[], Any]:
            return lambda: self._bulk(bundle)

        test_types, summaries, *rest = self._together(
            lambda: self.test_types(project, kind) if component.stage.tests else (),
            lambda: known or (self.run_summaries(component) if component.runs else ()),
            *map(of_type, kinds),
            *map(of_bundle, bundles),
        )
        types = {code: found for code, found in zip(kinds, rest, strict=False) if found is not None}
        parts = [part for bundle in rest[len(kinds) :] for part in bundle]
        return DueAtStage(
            component.stage,
            due_tests(component.stage, test_types, summaries),
            out_of_step(component, parts, types),
        )

    def _type_or_none(self, project: str, code: str) -> ComponentType | None:
        """Return a component type; None for one of another project, as common electronics in a module."""
        try:
            return self.component_type(project, code)
        except BadRequest:
            return None
