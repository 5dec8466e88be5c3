"""Calls that join several answers: what happened to a component, and what is due at its stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any

from itkgui.client.definition_calls import DefinitionCalls
from itkgui.client.exceptions import BadRequest, Forbidden
from itkgui.client.shipment_calls import ShipmentCalls
from itkgui.client.test_run_calls import TestRunCalls
from itkgui.records.attachment import Attachment
from itkgui.records.attachment_list import attachments_around
from itkgui.records.component import Component
from itkgui.records.component_type import ComponentType
from itkgui.records.consistency import Known, findings_about
from itkgui.records.due_tests import DueAtStage, DueTest, due_tests, with_stages
from itkgui.records.family import children_of, kinds_in
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.stage import Stage
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.records.timeline import Event, timeline_of

_MOST_PARTS = 250  # compared with the component they are in; ten requests


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
        """Tell which tests the component's stage asks for, and what about it does not fit together.

        Asks side by side for the test types, the types of the component and of the parts in it, its
        shipments, and the runs' summaries unless the runs were loaded before; then for those parts, of very
        many for the first ones.
        """
        project, own = component.project.code, component.component_type.code
        known: tuple[TestRunSummary, ...] = tuple(runs)
        kinds = tuple(dict.fromkeys(filter(None, (own, *(part.code for part in kinds_in(component))))))
        nodes = [node for node in children_of(component) if node.can_load][:_MOST_PARTS]

        def of_type(code: str) -> Callable[[], Any]:
            return lambda: self._type_or_none(project, code)

        test_types, summaries, shipments, *found = self._together(
            lambda: self.test_types(project, own) if component.stage.tests else (),
            lambda: known or (self.run_summaries(component) if component.runs else ()),
            lambda: self._shipments_or_none(component),
            *(of_type(code) for code in kinds),
        )
        loaded = self.load_family(nodes)
        findings = findings_about(
            Known(
                component=component,
                now=datetime.now(timezone.utc),
                runs=summaries,
                asked=[node.slot.component for node in nodes if node.slot.component],
                parts=[node.component for node in loaded if node.component],
                types={code: kind for code, kind in zip(kinds, found, strict=True) if kind},
                shipments=shipments,
            )
        )
        return DueAtStage(component.stage, due_tests(component.stage, test_types, summaries), findings)

    def due_of_each(self, components: Sequence[Component]) -> dict[str, tuple[DueTest, ...]]:
        """Tell for many components which tests their stages ask for, and how these stand; by ``key``.

        Costs two small requests for each component type, types side by side, and none for a component: what
        getComponentBulk tells of runs is enough, see ``with_stages``. Components without a stage, or of a
        type that their project does not have, are missing.
        """
        kinds = list(dict.fromkeys((part.project.code, part.component_type.code) for part in components))
        found = self._together(*(partial(self._stages_and_tests, *kind) for kind in kinds))
        known = dict(zip(kinds, found, strict=True))
        due: dict[str, tuple[DueTest, ...]] = {}
        for part in components:
            stages, test_types = known[part.project.code, part.component_type.code]
            stage = next((stage for stage in stages if stage.code == part.stage.code), None)
            if stage is not None:
                due[part.key] = due_tests(stage, test_types, with_stages(part.runs, part.steps))
        return due

    def _stages_and_tests(self, project: str, code: str) -> tuple[Sequence[Stage], Sequence[TestType]]:
        kind = self._type_or_none(project, code)
        return (kind.stages, self.test_types(project, code)) if kind is not None else ((), ())

    def _shipments_or_none(self, component: Component) -> tuple[Shipment, ...] | None:
        """Return the shipments of a component; None if the server refuses, which must hide nothing else."""
        if not component.key:
            return ()
        try:
            return self.shipments_of(component)
        except (BadRequest, Forbidden):
            return None

    def _type_or_none(self, project: str, code: str) -> ComponentType | None:
        """Return a component type; None for one of another project, as common electronics in a module."""
        try:
            return self.component_type(project, code)
        except BadRequest:
            return None
