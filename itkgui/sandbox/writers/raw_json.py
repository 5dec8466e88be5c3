"""What writes answer: raw records whose references are bare ids (API reference §5.4).

Which fields the answers of most writes have was never recorded but for those that tools read (§9, 25); the
others follow the raw component of an old recording.
"""

from __future__ import annotations

from itkgui.sandbox.dates import isoz
from itkgui.sandbox.identity_provider import AWID
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.ledger import Entity
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Attachment, Comment, Shipment
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter
from itkgui.sandbox.writers.references import Json
from itkgui.sandbox.writers.shipment_json import BatchWriter, ShipmentWriter


class RawWriter:
    """Turns what was just written into the answer of the write."""

    def __init__(
        self, world: World, components: ComponentWriter, shipments: ShipmentWriter, batches: BatchWriter
    ) -> None:
        self._world = world
        self._components = components
        self._shipments = shipments
        self._batches = batches

    def answer(self, entity: Entity) -> Json:
        if isinstance(entity, Component):
            return {"component": self.component(entity)}
        if isinstance(entity, TestRun):
            return {"testRun": self.test_run(entity)}
        if isinstance(entity, Shipment):
            return self._shipments.full(entity, eos_tokens=False)
        return self._batches.item(entity)

    def component(self, component: Component) -> Json:
        part, definitions = component.part, self._world.definitions
        return {
            "id": self._world.component_id(part),
            "project": definitions.project_ids[part.kind.project],
            "institution": definitions.institutions[part.owner].id,
            "componentType": part.kind.id,
            "subproject": component.subproject or None,
            "type": part.variant.code,
            "comments": [_comment(comment) for comment in component.comments],
            "attachments": [self.attachment(entry) for entry in component.attachments],
            **self._components.state_fields(component),
            "stages": [{"code": entry.stage, "dateTime": isoz(entry.time)} for entry in component.stages],
            "currentStage": component.stages[-1].stage,
            "flags": list(component.changes.flags),
            "properties": [
                {"code": code, "value": setting.value} for code, setting in component.properties.items()
            ],
            "qaState": None,
            "qaPassed": None,
            "awid": AWID,
            "code": self._world.component_code(part),
            "userIdentity": self._world.origins.identity(part.person),
            "currentLocation": definitions.institutions[component.locations[-1].place].id,
            "serialNumber": part.serial,
            "alternativeIdentifier": part.alternative,
            "sys": {
                "cts": isoz(part.created),
                "mts": isoz(component.modified),
                "rev": component.revision,
            },
        }

    def component_ref(self, component: Component) -> Json:
        part = component.part
        return {
            "id": self._world.component_id(part),
            "code": self._world.component_code(part),
            "serialNumber": part.serial,
        }

    def test_run(self, entry: TestRun) -> Json:
        run = entry.run
        component = self._world.ledger.component(run.part)
        return {
            "id": entry.id,
            "state": entry.state.code,
            "stateTs": isoz(entry.state.time),
            "stateUserIdentity": entry.state.identity,
            "testType": run.test.id,
            "institution": self._world.definitions.institutions[run.place].id,
            "userIdentity": self._world.origins.identity(run.person),
            "runNumber": run.run_number,
            "date": isoz(run.date),
            "passed": run.passed,
            "problems": run.problems,
            "components": [
                {
                    "component": self._world.component_id(component.part),
                    "testedAtStage": run.stage.code,
                }
            ],
            "comments": [_comment(comment) for comment in entry.comments],
            "attachments": [self.attachment(attached) for attached in entry.attachments],
            "cts": isoz(run.uploaded),
            "sys": {"cts": isoz(run.uploaded), "mts": isoz(entry.modified), "rev": entry.revision},
        }

    def attachment(self, attachment: Attachment) -> Json:
        """Return an attachment as writes answer it: with the bare identity of the user (§5.5)."""
        written = {
            "dateTime": isoz(attachment.time),
            "title": attachment.title,
            "description": attachment.description,
            "type": attachment.type,
            "filesize": attachment.size,
            "userIdentity": attachment.identity,
            "code": attachment.code,
            "contentType": attachment.content_type,
            "filename": attachment.filename,
        }
        if attachment.type == "eos":
            written["url"] = self._world.eos_url(attachment)
        elif attachment.type == "link":
            written["url"] = attachment.url
        return written


def _comment(comment: Comment) -> Json:
    return {
        "code": comment.code,
        "dateTime": isoz(comment.time),
        "userIdentity": comment.identity,
        "comment": comment.text,
    }
