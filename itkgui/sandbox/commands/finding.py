"""Finds what a command is about, or says that it does not exist."""

from __future__ import annotations

from itkgui.sandbox.catalogue.definitions import ComponentType, TestType
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.ledger import Entity
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Batch, OwnerKind, Shipment
from itkgui.sandbox.world import World


class Finder:
    """Every method raises CommandError, in the name of the command that asks."""

    def __init__(self, world: World) -> None:
        self._world = world

    def component(self, command: str, identifier: str) -> Component:
        found = self._world.ledger.find_component(identifier)
        if found is None:
            raise CommandError(f"{command}/componentDoesNotExist", "Component does not exist.")
        return found

    def test_run(self, command: str, identifier: str) -> TestRun:
        found = self._world.ledger.find_run(identifier)
        if found is None:
            # Another tool looks for getComponent/testRunDoesNotExist (API reference §9, 6).
            raise CommandError(f"{command}/testRunDaoGetFailed", "Getting the test run failed.")
        return found

    def shipment(self, command: str, identifier: str) -> Shipment:
        found = self._world.ledger.freight.find_shipment(identifier)
        if found is None:
            raise CommandError(f"{command}/shipmentDaoGetFailed", "Getting the shipment failed.")
        return found

    def batch(self, command: str, identifier: str) -> Batch:
        found = self._world.ledger.freight.find_batch(identifier)
        if found is None:
            raise CommandError(f"{command}/batchDaoGetFailed", "Getting the batch failed.")
        return found

    def owner(self, command: str, kind: OwnerKind, identifier: str) -> Entity:
        """Return what attachments or comments hang on."""
        if kind is OwnerKind.COMPONENT:
            return self.component(command, identifier)
        if kind is OwnerKind.TEST_RUN:
            return self.test_run(command, identifier)
        if kind is OwnerKind.SHIPMENT:
            return self.shipment(command, identifier)
        return self.batch(command, identifier)

    def institution(self, command: str, code: str) -> int:
        """Return the number of an institution."""
        for number, place in enumerate(self._world.definitions.institutions):
            if place.code == code:
                return number
        raise CommandError(f"{command}/institutionDaoGetByCodeFailed", "The institution does not exist.")

    def component_type(self, command: str, project: str, code: str) -> ComponentType:
        kind = self._world.definitions.component_types.get(f"{project}/{code}")
        if kind is None:
            message = "The component type does not exist."
            raise CommandError(f"{command}/componentTypeDaoGetByCodeFailed", message)
        return kind

    def test_type(self, command: str, kind: ComponentType, code: str) -> TestType:
        test = kind.test(code)
        if test is None:
            raise CommandError(f"{command}/testTypeDaoGetByCodeFailed", "The test type does not exist.")
        return test
