"""Components as the production database writes them (API reference §5.3)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.catalogue.definitions import (
    PROJECTS,
    SUBPROJECTS,
    ComponentType,
    Institution,
    Person,
    StageDefinition,
)
from itkgui.sandbox.catalogue.histories import StageEntry
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import isoz, summary_date
from itkgui.sandbox.samples.attachments import Attachment, Owner
from itkgui.sandbox.world import World

Json = dict[str, Any]
_SLOTS_PER_PART = 32


def geo(place: Institution) -> Json:
    return {
        "id": place.id,
        "code": place.code,
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def ref_id(place: Institution) -> Json:
    return {"id": place.id, "code": place.code, "name": place.name}


def user_ref(person: Person) -> Json:
    return {
        "id": person.id,
        "userIdentity": person.identity,
        "firstName": person.first_name,
        "middleName": None,
        "lastName": person.last_name,
    }


def project_ref(code: str) -> Json:
    return {"code": code, "name": PROJECTS[code]}


def subproject_ref(code: str) -> Json:
    return {"code": code, "name": SUBPROJECTS[code]}


def stage_ref(stage: StageDefinition) -> Json:
    return {
        "code": stage.code,
        "name": stage.name,
        "order": stage.order,
        "initial": stage.initial,
        "final": stage.final,
    }


def stage_tests(stage: StageDefinition) -> list[Json]:
    return [
        {
            "testType": test.id,
            "nextStage": False,
            "notification": False,
            "receptionTest": False,
            "reminderInterval": None,
            "receptionTestOnly": False,
            "order": order,
        }
        for order, test in enumerate(stage.tests)
    ]


def full_stages(kind: ComponentType) -> list[Json]:
    """Return the stages as the component type lists them; `testTypes` is null where there is none (§5.2)."""
    return [
        {
            "code": stage.code,
            "name": stage.name,
            "order": stage.order,
            "alternative": stage.alternative or None,
            "initial": stage.initial,
            "final": stage.final,
            "testTypes": stage_tests(stage) or None,
        }
        for stage in kind.stages
    ]


def state_fields(world: World, part: Part) -> Json:
    """Return the flags that a component carries in every answer."""
    person = world.definitions.people[part.person].identity
    changed = part.state != "ready"
    ended = isoz(world.histories.stages(part.index)[-1].time)
    return {
        "state": part.state,
        "stateTs": ended if changed else isoz(part.created),
        "stateUserIdentity": person,
        "dummy": part.dummy,
        "completed": part.completed,
        "completedTs": ended if part.completed else None,
        "completedUserIdentity": person if part.completed else None,
        "trashed": part.trashed,
        "trashedTs": ended if part.trashed else None,
        "trashedUserIdentity": person if part.trashed else None,
        "reworked": False,
        "reworkedTs": None,
        "reworkedUserIdentity": None,
        "currentGrade": None,
        "grades": [],
        "assembled": part.parent >= 0,
    }


class ComponentWriter:
    """Turns parts into JSON."""

    def __init__(self, world: World) -> None:
        self._world = world

    def attachments(self, owner: Owner, with_tokens: bool) -> list[Json]:
        return [self.attachment(entry, with_tokens) for entry in self._world.ledger.attachments(owner)]

    def attachment(self, entry: Attachment, with_token: bool) -> Json:
        person = self._world.definitions.person(entry.identity)
        written: Json = {
            "code": entry.code,
            "dateTime": isoz(entry.time),
            "title": entry.title,
            "description": entry.description,
            "contentType": entry.content_type,
            "type": entry.type,
        }
        # A "file" has no url key at all nowadays (API reference §5.10).
        if entry.type == "eos":
            written["url"] = self._world.eos_url(entry, "r" if with_token else "")
        elif entry.type == "link":
            written["url"] = entry.url
        written["filename"] = entry.filename
        written["user"] = user_ref(person) if person else None
        return written

    def properties(self, part: Part, brief: bool = False) -> list[Json]:
        values = self._world.measurements.properties(part)
        written = []
        for definition in part.kind.properties:
            entry = {key: definition[key] for key in ("code", "name", "dataType", "required", "default")}
            entry["value"] = values.get(definition["code"])
            if not brief:
                entry |= {
                    "dateTime": None,
                    "userIdentity": None,
                    "registrationHidden": False,
                    "permanent": False,
                }
                if definition["codeTable"]:
                    entry["codeTable"] = definition["codeTable"]
            written.append(entry)
        return written

    def link(self, part: Part) -> Json:
        """Return what slots and parent links tell of the component at their other end."""
        return {
            "id": self._world.catalogue.object_id(part),
            "code": self._world.catalogue.code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "dummy": part.dummy,
        }

    def children(self, part: Part) -> list[Json]:
        """Return the slots: filled ones with their component, empty ones with null (API reference §5.3)."""
        parts = self._world.catalogue.parts
        waiting = [parts[index] for index in part.children]
        slots: list[Json] = []
        for code, count in part.variant.children:
            kind = self._world.definitions.component_types[f"{part.kind.project}/{code}"]
            for _ in range(count):
                child = next((other for other in waiting if other.kind is kind), None)
                if child is not None:
                    waiting.remove(child)
                slots.append(self._slot(part, kind, child, len(slots)))
        return slots

    def _slot(self, part: Part, kind: ComponentType, child: Part | None, order: int) -> Json:
        number = part.index * _SLOTS_PER_PART + order
        return {
            "id": self._world.ids.object_id(IdKind.SLOT, number % 0x1000000, part.created),
            "order": order,
            "state": "ready",
            "timestamp": isoz(child.assembled) if child else None,
            "identity": self._world.definitions.people[part.person].identity if child else None,
            "componentType": {"id": kind.id, "code": kind.code, "name": kind.name, "category": kind.category},
            "type": _type_ref(child) if child else None,
            "component": self.link(child) if child else None,
            "properties": [],
            "history": None,
        }

    def parents(self, part: Part) -> list[Json]:
        if part.parent < 0:
            return []
        parent = self._world.catalogue.parts[part.parent]
        kind = parent.kind
        return [
            {
                "id": self._world.ids.object_id(IdKind.SLOT, part.index, part.assembled),
                "state": "ready",
                "component": self.link(parent),
                "componentType": {"id": kind.id, "code": kind.code, "name": kind.name},
                "type": _type_ref(parent),
            }
        ]

    def tests(self, part: Part) -> list[Json]:
        """Return the summaries, newest run first, deleted ones included (API reference §5.3, §5.10)."""
        by_type: dict[str, Json] = {}
        for run in sorted(self._world.histories.runs(part.index), key=lambda run: -run.uploaded):
            test = run.test
            summary = by_type.setdefault(
                test.id, {"id": test.id, "code": test.code, "name": test.name, "testRuns": []}
            )
            person = self._world.definitions.people[run.person].identity
            summary["testRuns"].append(
                {
                    "id": self._world.histories.run_id(run),
                    "state": run.state,
                    "stateTs": isoz(run.uploaded),
                    "stateUserIdentity": person,
                    "runNumber": run.run_number,
                    "passed": run.passed,
                    "problems": run.problems,
                    "date": summary_date(run.date),
                    "institution": ref_id(self._world.definitions.institutions[run.place]),
                    "cts": isoz(run.uploaded),
                }
            )
        return list(by_type.values())

    def full(self, part: Part, *, tests: bool, eos_tokens: bool) -> Json:
        """Return the answer of getComponent."""
        world, kind = self._world, part.kind
        places = world.definitions.institutions
        person = world.definitions.people[part.person]
        history = world.histories.stages(part.index)
        revision, modified = world.modified(part)
        written: Json = {
            "id": world.catalogue.object_id(part),
            "code": world.catalogue.code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "project": project_ref(kind.project),
            "subproject": subproject_ref(part.subproject),
            "institution": geo(places[part.owner]),
            "currentLocation": geo(places[part.location]),
            "currentLocationTs": isoz(part.created),
            "currentLocationUserIdentity": person.identity,
            "shipmentDestination": None,
            "user": user_ref(person),
            "componentType": {
                "id": kind.id,
                "code": kind.code,
                "name": kind.name,
                "snAutomatically": kind.automatic_serial,
                "category": kind.category,
                "state": "active",
                "stages": full_stages(kind),
            },
            "type": _type_ref(part),
            "currentStage": stage_ref(history[-1].stage) | {"testTypes": stage_tests(history[-1].stage)},
            "properties": self.properties(part),
            # Empty collections are null on the newer backend (API reference §5.3).
            "children": self.children(part) or None,
            "parents": self.parents(part) or None,
            "flags": None,
            "stages": self._stage_history(history),
            "locations": self._locations(part),
            **state_fields(world, part),
            "completedReason": None,
            "trashedReason": "Damaged in handling" if part.trashed else None,
            "reworkedReason": None,
            "inTransit": None,
            "inTransitTs": None,
            "qaPassed": None,
            "qaState": None,
            "currentGradeTs": None,
            "currentGradeUserIdentity": None,
            "currentGradeReason": None,
            "sys": {"cts": isoz(part.created), "mts": isoz(modified), "rev": revision},
            "scripts": None,
            "comments": self.comments(part) or None,
        }
        if tests:
            written["tests"] = self.tests(part)
        written["attachments"] = self.attachments(Owner.component(part.index), eos_tokens) or None
        written["cts"] = isoz(part.created)
        return written

    def bulk(self, part: Part) -> Json:
        """Return an item of getComponentBulk: no id, and slots in an older form (API reference §5.3)."""
        written = self.full(part, tests=True, eos_tokens=False)
        for key in ("id", "qaPassed", "qaState", "scripts", "sys", "shipmentDestination"):
            del written[key]
        kind = part.kind
        written["componentType"] = {"id": kind.id, "code": kind.code, "name": kind.name}
        del written["currentStage"]["testTypes"]
        for slot in written["children"] or ():
            slot["stateTs"], slot["stateUserIdentity"] = slot.pop("timestamp"), slot.pop("identity")
            del slot["order"], slot["history"], slot["componentType"]["category"]
        return written

    def item(self, part: Part) -> Json:
        """Return an item of listComponents."""
        world, kind = self._world, part.kind
        places = world.definitions.institutions
        identity = world.definitions.people[part.person].identity
        history = world.histories.stages(part.index)
        return {
            "id": world.catalogue.object_id(part),
            "code": world.catalogue.code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "userIdentity": identity,
            **state_fields(world, part),
            "reusable": kind.category == "reusable",
            "institution": geo(places[part.owner]),
            "currentLocation": geo(places[part.location]),
            "shipmentDestination": None,
            "project": project_ref(kind.project),
            "subproject": subproject_ref(part.subproject),
            "componentType": {
                "id": kind.id,
                "code": kind.code,
                "name": kind.name,
                "category": kind.category,
                "properties": kind.properties,
            },
            "type": _type_ref(part),
            "currentStage": stage_ref(history[-1].stage),
            "stages": self._stage_history(history),
            "properties": self.properties(part, brief=True),
            "cts": isoz(part.created),
        }

    def full_item(self, part: Part) -> Json:
        """Return an item of a list with outputType "full": all detail, but bare ids in links (§5.3)."""
        written = self.full(part, tests=True, eos_tokens=False)
        for entry in (*(written["children"] or ()), *(written["parents"] or ())):
            if entry["component"] is not None:
                entry["component"] = entry["component"]["id"]
        return written

    def comments(self, part: Part) -> list[Json]:
        return [
            {
                "code": self._world.ids.object_id(IdKind.COMMENT, part.index, time),
                "dateTime": isoz(time),
                "comment": text,
                "user": user_ref(self._world.definitions.people[person]),
            }
            for time, person, text in self._world.histories.comments(part.index)
        ]

    def _stage_history(self, history: tuple[StageEntry, ...]) -> list[Json]:
        people = self._world.definitions.people
        return [
            {
                "code": entry.stage.code,
                "dateTime": isoz(entry.time),
                "userIdentity": people[entry.person].identity,
                "rework": False,
                "comment": None,
                "name": entry.stage.name,
            }
            for entry in history
        ]

    def _locations(self, part: Part) -> list[Json] | None:
        places = self._world.definitions.institutions
        moves = [(part.owner, part.created)]
        if part.location != part.owner:
            until = part.assembled or self._world.histories.stages(part.index)[-1].time
            moves.append((part.location, (part.created + until) // 2))
        if len(moves) == 1:
            return None
        return [{"institution": places[place].id, "dateTime": isoz(time)} for place, time in moves]


def _type_ref(part: Part) -> Json:
    return {"code": part.variant.code, "name": part.variant.name}
