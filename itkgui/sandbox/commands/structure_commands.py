"""Commands about users, institutions, projects and statistics (API reference §5.1)."""

from __future__ import annotations

from collections.abc import Callable

from itkgui.sandbox.catalogue.definitions import PROJECTS, SUBPROJECTS, ComponentType, Institution
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys, page
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.roles import Membership
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.references import address, kind_ref, project_ref, ref_id


def commands(world: World) -> tuple[Command, ...]:
    """Return the commands of this module."""
    structure = _Structure(world)
    return (
        Command("getUser", keys("userIdentity*:text"), structure.user),
        Command("listInstitutions", keys("pageInfo:page"), structure.institutions),
        Command("listProjects", keys("pageInfo:page"), structure.projects),
        Command("getItkpdOverallStatistics", (), structure.statistics),
    )


class _Structure:
    def __init__(self, world: World) -> None:
        self._definitions = world.definitions
        self._roles = world.roles

    def user(self, call: Call) -> Json:
        person = self._definitions.person(call.text("userIdentity"))
        if person is None:
            raise CommandError("getUser/userDaoGetByUserIdentityFailed", "The user does not exist.")
        memberships = self._roles.memberships(person.identity)
        places = [self._definitions.institutions[entry.place] for entry in memberships]
        preferences = {}
        if places:
            project = "P" if "P" in places[0].projects else "S"
            preferences = {"defaultProject": project, "defaultInstitution": places[0].code}
        return {
            "id": person.id,
            "firstName": person.first_name,
            "middleName": None,
            "lastName": person.last_name,
            "email": f"{person.first_name}.{person.last_name}@example.org".lower(),
            "userIdentity": person.identity,
            "preferences": preferences,
            "institutions": [
                ref_id(place) | _roles(entry) for place, entry in zip(places, memberships, strict=True)
            ],
        }

    def statistics(self, call: Call) -> Json:  # noqa: ARG002 - takes no keys
        """Count what is defined for each project; whether the real one counts that or parts is not known."""
        kinds = self._definitions.component_types.values()

        def counted(count: Callable[[ComponentType], int]) -> list[Json]:
            return [
                {**project_ref(code), "count": sum(count(kind) for kind in kinds if kind.project == code)}
                for code in PROJECTS
            ]

        return {
            "statistics": {
                "componentType": counted(lambda _: 1),
                "testType": counted(lambda kind: len(kind.tests)),
                "institution": {"count": len(self._definitions.institutions)},
            }
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

    def _institution(self, place: Institution) -> Json:
        kinds = self._definitions.component_types.values()
        return {
            **ref_id(place),
            "supervisor": "",
            "longitude": place.longitude,
            "latitude": place.latitude,
            "address": address(place),
            "contacts": {
                "phone": "",
                "email": f"itk@{place.code.lower().replace('_', '-')}.example.org",
                "web": "",
            },
            "componentType": [
                {
                    **project_ref(project),
                    "itemList": [kind_ref(kind) for kind in kinds if kind.project == project],
                }
                for project in place.projects
            ],
        }


def _roles(entry: Membership) -> Json:
    return {
        "default": entry.default,
        "executive": entry.executive,
        "authority": entry.authority,
        "componentManager": entry.component_manager,
        "clusterManager": entry.cluster_manager,
        "notification": {"shipping": True, "tests": False, "components": False},
    }
