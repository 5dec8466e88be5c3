"""What the sandbox truly holds, for tests that do not believe an answer: records, and bytes."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.eos.object_store import path_of_code, storage_name
from itkgui.sandbox.ledger.component import Component
from itkgui.sandbox.ledger.ledger import Entity
from itkgui.sandbox.ledger.test_run import TestRun
from itkgui.sandbox.records import Attachment, Shipment
from itkgui.sandbox.world import World

Json = dict[str, Any]


def holdings(world: World) -> Json:
    """Return what was attached since the sandbox was filled.

    "attachments" have code, owner, title, filename, type, size in bytes and sha256; the last two are null
    where there are no bytes, and for links. "orphan_records" are the codes of those that should have bytes
    but have none; "orphan_bytes" are files, with size and sha256, that no record speaks of: stored ones, and
    those of sample attachments that were deleted from their owner but not from EOS.
    """
    attachments, orphans = [], []
    spoken_of = set()
    for owner, entry in world.ledger.uploads():
        written = _attachment(world, owner, entry)
        attachments.append(written)
        if entry.type != "link" and written["size"] is None:
            orphans.append(entry.code)
        spoken_of.add(_name(entry))
    unspoken = [
        {"name": path.name, "size": path.stat().st_size, "sha256": world.storage.sha256(path)}
        for path in world.storage.stored()
        if path.name not in spoken_of
    ]
    for entry in world.ledger.withdrawn():
        path = world.eos_files.find(path_of_code(entry.code)) if entry.type == "eos" else None
        if path is not None:
            size, digest = path.stat().st_size, world.storage.sha256(path)
            unspoken.append({"name": entry.code, "size": size, "sha256": digest})
    return {"attachments": attachments, "orphan_records": orphans, "orphan_bytes": unspoken}


def _attachment(world: World, owner: Entity, entry: Attachment) -> Json:
    path = world.storage.find(_name(entry)) if entry.type != "link" else None
    return {
        "code": entry.code,
        "owner": {"kind": owner.kind.value, "id": _identifier(world, owner)},
        "title": entry.title,
        "filename": entry.filename,
        "type": entry.type,
        "size": path.stat().st_size if path else None,
        "sha256": world.storage.sha256(path) if path else None,
    }


def _name(entry: Attachment) -> str:
    """Return under which name the bytes of an uploaded attachment are stored."""
    return storage_name(path_of_code(entry.code)) if entry.type == "eos" else entry.code


def _identifier(world: World, owner: Entity) -> str:
    if isinstance(owner, Component):
        return owner.part.serial or world.component_code(owner.part)
    if isinstance(owner, TestRun):
        return owner.id
    if isinstance(owner, Shipment):
        return world.ledger.freight.shipment_id(owner)
    return world.ledger.freight.batch_id(owner)
