"""Components as the production database writes them (API reference §5.3)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.dates import isoz, offset_date, summary_date
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Attachment, Comment, Mark, Slot
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.references import (
    Json,
    full_stages,
    geo,
    kind_ref,
    project_ref,
    ref_id,
    stage_ref,
    stage_tests,
    subproject_ref,
    type_ref,
    user_ref,
)

# One in so many shows its history with an offset, was registered before a property was taken away, …
_EVERY = 3
_LOST_PROPERTY = ("OLD_LOCATION_CODE", "shelf 3")


class ComponentWriter:
    """Turns components into JSON."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ledger = world.ledger
        self._oddities = world.oddities
        self._places = world.definitions.institutions

    # Attachments and comments look alike on whatever they hang

    def attachments(self, entries: tuple[Attachment, ...], with_tokens: bool) -> list[Json]:
        return [self._attachment(entry, with_tokens) for entry in entries]

    def _attachment(self, entry: Attachment, with_token: bool) -> Json:
        written: Json = {
            "code": entry.code,
            "dateTime": isoz(entry.time),
            "title": entry.title,
            "description": entry.description,
            "contentType": self._world.content_type(entry),
            "type": entry.type,
        }
        # A "file" has no url key at all nowadays (API reference §5.10).
        if entry.type == "eos":
            written["url"] = self._world.eos_url(entry, "r" if with_token else "")
        elif entry.type == "link":
            written["url"] = entry.url
        written["filename"] = entry.filename
        written["user"] = self._user(entry.identity)
        return written

    def comments(self, comments: tuple[Comment, ...]) -> list[Json]:
        return [
            {
                "code": comment.code,
                "dateTime": isoz(comment.time),
                "comment": comment.text,
                "user": self._user(comment.identity),
            }
            for comment in comments
        ]

    def _user(self, identity: str) -> Json:
        return user_ref(self._world.person(identity))

    # Components

    def full(self, component: Component, *, tests: bool, eos_tokens: bool) -> Json:
        """Return the answer of getComponent."""
        part, kind, stage = component.part, component.part.kind, component.stage
        last_move = component.locations[-1]
        destination, in_transit = self._journey(component)
        grade = component.grade
        flags = [{"code": code, "name": code} for code in component.changes.flags]
        written: Json = {
            "id": self._world.component_id(part),
            "code": self._world.component_code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "project": project_ref(kind.project),
            "subproject": subproject_ref(component.subproject),
            "institution": geo(self._places[part.owner]),
            "currentLocation": geo(self._places[last_move.place]),
            "currentLocationTs": isoz(last_move.time),
            "currentLocationUserIdentity": last_move.identity,
            "shipmentDestination": destination,
            "user": user_ref(self._world.definitions.people[part.person]),
            "componentType": {
                **kind_ref(kind),
                "snAutomatically": kind.automatic_serial,
                "category": kind.category,
                "state": "active",
                "stages": full_stages(kind),
            },
            "type": type_ref(part),
            "currentStage": stage_ref(stage) | {"testTypes": stage_tests(stage)},
            "properties": self.properties(component),
            "children": self._list(component, self._slots(component)),
            "parents": self._list(component, self._parents(component)),
            "flags": self._list(component, flags),
            "stages": self._stage_history(component),
            "locations": self._list(component, self._locations(component)),
            **self.state_fields(component),
            "completedReason": _reason(component.completed),
            "trashedReason": _reason(component.trashed),
            "reworkedReason": _reason(component.reworked),
            "inTransit": in_transit is not None or None,
            "inTransitTs": in_transit and isoz(in_transit),
            "qaPassed": None,
            "qaState": None,
            "currentGradeTs": isoz(grade.time) if grade else None,
            "currentGradeUserIdentity": grade.identity if grade else None,
            "currentGradeReason": grade.comment if grade else None,
            "sys": {
                "cts": isoz(part.created),
                "mts": isoz(component.modified),
                "rev": component.revision,
            },
            "scripts": None,
            "comments": self._list(component, self.comments(component.comments)),
        }
        if tests:
            written["tests"] = self._tests(component)
        attachments = self.attachments(component.attachments, eos_tokens)
        written["attachments"] = self._list(component, attachments)
        written["batches"] = self._batches(component)
        written["cts"] = isoz(part.created)
        return written

    def bulk(self, component: Component) -> Json:
        """Return an item of getComponentBulk: no id, and slots in an older form (API reference §5.3)."""
        written = self.full(component, tests=True, eos_tokens=False)
        for key in ("id", "qaPassed", "qaState", "scripts", "sys", "shipmentDestination"):
            del written[key]
        written["componentType"] = kind_ref(component.part.kind)
        del written["currentStage"]["testTypes"]
        for slot in written["children"] or ():
            slot["stateTs"], slot["stateUserIdentity"] = slot.pop("timestamp"), slot.pop("identity")
            del slot["order"], slot["history"], slot["componentType"]["category"]
        return written

    def item(self, component: Component, *, newer: bool) -> Json:
        """Return an item of listComponents, in its first or its newer form."""
        part, kind = component.part, component.part.kind
        as_text = newer and self._oddities.text_coordinates
        return {
            "id": self._world.component_id(part),
            "code": self._world.component_code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "userIdentity": self._world.definitions.people[part.person].identity,
            **self.state_fields(component),
            "reusable": kind.category == "reusable",
            "institution": geo(self._places[part.owner], as_text=as_text),
            "currentLocation": geo(self._places[component.locations[-1].place], as_text=as_text),
            "shipmentDestination": self._journey(component)[0],
            "project": project_ref(kind.project),
            "subproject": subproject_ref(component.subproject),
            "componentType": {
                **kind_ref(kind),
                "category": kind.category,
                "properties": kind.properties,
            },
            "type": type_ref(part),
            "currentStage": stage_ref(component.stage),
            "stages": self._stage_history(component),
            "properties": self.properties(component, brief=True),
            "batches": self._batches(component),
            "cts": isoz(part.created),
        }

    def full_item(self, component: Component) -> Json:
        """Return an item of a list with outputType "full": all detail, but bare ids in links (§5.3)."""
        written = self.full(component, tests=True, eos_tokens=False)
        for entry in (*(written["children"] or ()), *(written["parents"] or ())):
            if entry["component"] is not None:
                entry["component"] = entry["component"]["id"]
        return written

    def state_fields(self, component: Component) -> Json:
        """Return the flags that a component carries in every answer."""
        state, grade = component.state, component.grade
        return {
            "state": state.code,
            "stateTs": isoz(state.time),
            "stateUserIdentity": state.identity,
            "dummy": component.part.dummy,
            **_mark("completed", component.completed),
            **_mark("trashed", component.trashed),
            **_mark("reworked", component.reworked),
            "currentGrade": grade.grade if grade else None,
            "grades": [
                {"grade": entry.grade, "dateTime": isoz(entry.time), "userIdentity": entry.identity}
                for entry in component.changes.grades
            ],
            "assembled": bool(component.parents),
        }

    def properties(self, component: Component, brief: bool = False) -> list[Json]:
        written = []
        settings = component.properties
        as_text = self._oddities.code_table_texts and component.number % _EVERY == 1
        for definition in component.part.kind.properties:
            entry = {key: definition[key] for key in ("code", "name", "dataType", "required", "default")}
            setting = settings.get(definition["code"])
            value = setting.value if setting else None
            entry["value"] = _code_table_text(definition, value) if as_text else value
            if not brief:
                entry |= {
                    "dateTime": isoz(setting.time) if setting and setting.time else None,
                    "userIdentity": setting.identity if setting else None,
                    "registrationHidden": False,
                    "permanent": False,
                }
                if definition["codeTable"]:
                    entry["codeTable"] = definition["codeTable"]
            written.append(entry)
        if self._oddities.undefined_properties and component.number % 40 == 7:
            written.append(_lost_property(component.number, brief))
        return written

    def link(self, component: Component) -> Json:
        """Return what slots and parent links tell of the component at their other end."""
        part = component.part
        return {
            "id": self._world.component_id(part),
            "code": self._world.component_code(part),
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "dummy": part.dummy,
        }

    def _list(self, component: Component, entries: list[Json]) -> list[Json] | None:
        """Return a list, or null for an empty one of every other component (API reference §5.3)."""
        if entries or not self._oddities.null_lists or component.number % 2:
            return entries
        return None

    def _slots(self, component: Component) -> list[Json]:
        return [self._slot(component, slot) for slot in component.slots]

    def _slot(self, component: Component, slot: Slot) -> Json:
        kind = self._world.definitions.component_types[slot.kind]
        child = None if slot.child is None else self._ledger.component(slot.child)
        history = [
            {
                "component": self._world.component_id(self._ledger.component(entry.child).part),
                "dateTime": isoz(entry.time),
                "userIdentity": entry.identity,
            }
            for entry in slot.history
        ]
        return {
            "id": self._world.slot_id(component.part, slot.order),
            "order": slot.order,
            "state": "ready",
            "timestamp": isoz(slot.time) if slot.time else None,
            "identity": slot.identity,
            "componentType": {**kind_ref(kind), "category": kind.category},
            "type": type_ref(child.part) if child else None,
            "component": self.link(child) if child else None,
            "properties": [
                {
                    "code": code,
                    "value": value,
                    "name": code,
                    "default": False,
                    "dataType": None,
                    "required": False,
                }
                for code, value in slot.properties.items()
            ],
            "history": history or None,
        }

    def _parents(self, component: Component) -> list[Json]:
        written = []
        for number in component.parents:
            parent = self._ledger.component(number)
            order = next((slot.order for slot in parent.slots if slot.child == component.number), 0)
            written.append(
                {
                    "id": self._world.slot_id(parent.part, order),
                    "state": "ready",
                    "component": self.link(parent),
                    "componentType": kind_ref(parent.part.kind),
                    "type": type_ref(parent.part),
                }
            )
        return written

    def _tests(self, component: Component) -> list[Json]:
        """Return the summaries, newest run first, deleted ones included (API reference §5.3, §5.10)."""
        by_type: dict[str, Json] = {}
        runs = self._ledger.runs(component.number)
        if not self._oddities.deleted_runs:
            runs = [run for run in runs if run.state.code == "ready"]
        for entry in sorted(runs, key=lambda run: -run.run.uploaded):
            test = entry.run.test
            summary = by_type.setdefault(
                test.id, {"id": test.id, "code": test.code, "name": test.name, "testRuns": []}
            )
            summary["testRuns"].append(self._summary(entry))
        return list(by_type.values())

    def _summary(self, entry: TestRun) -> Json:
        run, state = entry.run, entry.state
        write_date = summary_date if self._oddities.summary_dates else isoz
        return {
            "id": entry.id,
            "state": state.code,
            "stateTs": isoz(state.time),
            "stateUserIdentity": state.identity,
            "runNumber": run.run_number,
            "passed": run.passed,
            "problems": run.problems,
            "date": write_date(run.date),
            "institution": ref_id(self._places[run.place]),
            "cts": isoz(run.uploaded),
        }

    def _stage_history(self, component: Component) -> list[Json]:
        odd = self._oddities.date_offsets and component.number % _EVERY == 2
        write_date = offset_date if odd else isoz
        return [
            {
                "code": entry.stage,
                "dateTime": write_date(entry.time),
                "userIdentity": entry.identity,
                "rework": entry.rework,
                "comment": entry.comment,
                "name": component.part.kind.stage(entry.stage).name,
            }
            for entry in component.stages
        ]

    def _locations(self, component: Component) -> list[Json]:
        moves = component.locations
        if len(moves) == 1:
            return []
        return [{"institution": self._places[move.place].id, "dateTime": isoz(move.time)} for move in moves]

    def _journey(self, component: Component) -> tuple[Json | None, int | None]:
        """Return where a component is meant to go, and since when it is on its way."""
        for shipment in self._ledger.freight.shipments_of(component.number):
            if shipment.is_open:
                sent = shipment.history[-1].time if shipment.status == "inTransit" else None
                return geo(self._places[shipment.recipient]), sent
        return None, None

    def _batches(self, component: Component) -> list[Json]:
        return [
            {
                "number": batch.name,
                "batchType": {"code": batch.type},
                "stateTs": isoz(batch.created),
            }
            for batch in map(self._ledger.freight.batch, component.batches)
        ]


def _mark(name: str, mark: Mark | None) -> Json:
    return {
        name: mark is not None and mark.value,
        f"{name}Ts": isoz(mark.time) if mark else None,
        f"{name}UserIdentity": mark.identity if mark else None,
    }


def _reason(mark: Mark | None) -> str | None:
    return mark.reason if mark else None


def _code_table_text(definition: Json, value: Any) -> Any:
    """Return the text instead of the code, as some stored values are (API reference §5.3)."""
    table = {entry["code"]: entry["value"] for entry in definition["codeTable"] or ()}
    return table.get(value, value) if isinstance(value, str) else value


def _lost_property(number: int, brief: bool) -> Json:
    """Return a property whose definition is gone; what stands for its name differs (API reference §5.3)."""
    code, value = _LOST_PROPERTY
    name = (None, code, "UNKNOWN PROPERTY")[number // 40 % 3]
    written: Json = {"code": code, "name": name, "value": value}
    written |= dict.fromkeys(("dataType", "required", "default"))
    return written if brief else written | {"dateTime": None, "userIdentity": None}
