"""Commands about users, institutions, projects, component and test types (API reference §5.1, §5.2)."""

from __future__ import annotations

from itkgui.sandbox.catalogue.definitions import PROJECTS, SUBPROJECTS, ComponentType, Institution, TestType
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys, page
from itkgui.sandbox.commands.errors import CommandError
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import full_stages, project_ref, ref_id

# Where the first users belong besides their home; the account of the access codes is the first of them.
_SECOND_HOME = "CERN"


def commands(world: World) -> tuple[Command, ...]:
    """Return the commands of this module."""
    structure = _Structure(world)
    return (
        Command("getUser", keys("userIdentity*:text"), structure.user),
        Command("listInstitutions", keys("pageInfo:page"), structure.institutions),
        Command("listProjects", keys("pageInfo:page"), structure.projects),
        Command("listComponentTypes", keys("project*:project pageInfo:page"), structure.component_types),
        Command(
            "listTestTypes", keys("project*:project componentType*:text pageInfo:page"), structure.test_types
        ),
    )


class _Structure:
    def __init__(self, world: World) -> None:
        self._definitions = world.definitions

    def user(self, call: Call) -> Json:
        person = self._definitions.person(call.text("userIdentity"))
        if person is None:
            raise CommandError("getUser/userDaoGetByUserIdentityFailed", "The user does not exist.")
        places = [self._definitions.institutions[person.institution]]
        if person is self._definitions.people[0]:
            places.append(self._definitions.institutions[self._definitions.institution_number(_SECOND_HOME)])
        project = "P" if "P" in places[0].projects else "S"
        return {
            "id": person.id,
            "firstName": person.first_name,
            "middleName": None,
            "lastName": person.last_name,
            "email": f"{person.first_name}.{person.last_name}@example.org".lower(),
            "userIdentity": person.identity,
            "preferences": {"defaultProject": project, "defaultInstitution": places[0].code},
            "institutions": [_membership(place, first=place is places[0]) for place in places],
        }

    def institutions(self, call: Call) -> Json:
        places = self._definitions.institutions
        chosen, info = page(call, len(places))
        return {"pageItemList": [self._institution(place) for place in places[chosen]], "pageInfo": info}

    def projects(self, call: Call) -> Json:
        items = [
            {
                "id": self._definitions.project_ids[code],
                **project_ref(code),
                # Common mechanics and electronics have none: null, no empty list (§5.1, §8.1).
                "subprojects": [
                    {"code": sub, "name": name} for sub, name in SUBPROJECTS.items() if sub[0] == code
                ]
                or None,
            }
            for code in PROJECTS
        ]
        chosen, info = page(call, len(items))
        return {"itemList": items[chosen], "pageInfo": info}

    def component_types(self, call: Call) -> Json:
        project = call.text("project")
        kinds = [kind for kind in self._definitions.component_types.values() if kind.project == project]
        chosen, info = page(call, len(kinds))
        return {"pageItemList": [_component_type(kind) for kind in kinds[chosen]], "pageInfo": info}

    def test_types(self, call: Call) -> Json:
        project, code = call.text("project"), call.text("componentType")
        kind = self._definitions.component_types.get(f"{project}/{code}")
        if kind is None:
            raise CommandError(
                "listTestTypes/componentTypeDaoGetByCodeFailed", "The component type does not exist."
            )
        chosen, info = page(call, len(kind.tests))
        return {
            "pageItemList": [_test_type(kind, test) for test in kind.tests[chosen]],
            "pageInfo": info,
            # The project is a bare code here (API reference §5.2).
            "componentType": {
                "id": kind.id,
                "code": kind.code,
                "name": kind.name,
                "project": kind.project,
                "stages": full_stages(kind),
            },
        }

    def _institution(self, place: Institution) -> Json:
        kinds = self._definitions.component_types.values()
        return {
            **ref_id(place),
            "supervisor": "",
            "longitude": place.longitude,
            "latitude": place.latitude,
            "address": {
                "building": "",
                "street": "",
                "city": place.city,
                "zipCode": "",
                "state": "",
                "country": place.country,
            },
            "contacts": {
                "phone": "",
                "email": f"itk@{place.code.lower().replace('_', '-')}.example.org",
                "web": "",
            },
            "componentType": [
                {
                    **project_ref(project),
                    "itemList": [
                        {"id": kind.id, "code": kind.code, "name": kind.name}
                        for kind in kinds
                        if kind.project == project
                    ],
                }
                for project in place.projects
            ],
        }


def _membership(place: Institution, *, first: bool) -> Json:
    return {
        **ref_id(place),
        "default": first,
        "executive": True,
        "authority": first,
        "componentManager": first,
        "clusterManager": False,
        "notification": {"shipping": True, "tests": False, "components": False},
    }


def _component_type(kind: ComponentType) -> Json:
    subprojects = sorted({code for variant in kind.variants for code in variant.subprojects})
    return {
        "id": kind.id,
        "code": kind.code,
        "name": kind.name,
        "state": "active",
        "category": kind.category,
        "project": project_ref(kind.project),
        "subprojects": [{"code": code, "name": SUBPROJECTS[code]} for code in subprojects],
        "types": [variant.raw for variant in kind.variants] or None,
        "stages": full_stages(kind) or None,
        "testTypes": [test.id for test in kind.tests] or None,
        "properties": list(kind.properties) or None,
        "snAutomatically": kind.automatic_serial,
    }


def _test_type(kind: ComponentType, test: TestType) -> Json:
    return {
        "id": test.id,
        "code": test.code,
        "name": test.name,
        "state": "active",
        "description": "",
        "stages": [stage.code for stage in kind.stages if test in stage.tests] or None,
        "properties": list(test.properties),
        "parameters": list(test.parameters),
    }
