"""Calls that read what is defined: projects, institutions, component types, test types, people."""

from __future__ import annotations

from itkgui.client.calls import Calls
from itkgui.records.component_type import ComponentType
from itkgui.records.people import Institution, Project, User
from itkgui.records.test_type import TestType


class DefinitionCalls(Calls):
    """The calls about definitions, which change rarely; an HTTP cache may keep their answers."""

    def projects(self) -> tuple[Project, ...]:
        return tuple(map(Project.from_json, self._client.pages("listProjects")))

    def institutions(self) -> tuple[Institution, ...]:
        """Return all institutions, sorted by code."""
        found = map(Institution.from_json, self._client.pages("listInstitutions"))
        return tuple(sorted(found, key=lambda institution: institution.code))

    def component_types(self, project: str) -> tuple[ComponentType, ...]:
        """Return the active component types of a project (by its code), sorted by name."""
        found = map(ComponentType.from_json, self._client.pages("listComponentTypes", {"project": project}))
        active = (kind for kind in found if kind.state == "active")
        return tuple(sorted(active, key=lambda kind: kind.reference.label.casefold()))

    def component_type(self, project: str, code: str) -> ComponentType:
        """Return one component type, closed ones too. Raises BadRequest if there is none of this code."""
        return ComponentType.from_json(
            self._client.get("getComponentTypeByCode", {"project": project, "code": code})
        )

    def test_types(self, project: str, component_type: str) -> tuple[TestType, ...]:
        """Return all test types of a component type, closed ones too, sorted by name."""
        question = {"project": project, "componentType": component_type}
        found = map(TestType.from_json, self._client.pages("listTestTypes", question))
        return tuple(sorted(found, key=lambda kind: kind.reference.label.casefold()))

    def person(self, identity: str) -> User:
        """Return a user by identity, with the rights at each institution. Raises BadRequest if unknown."""
        return User.from_json(self._client.get("getUser", {"userIdentity": identity}))
