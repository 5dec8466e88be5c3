"""What the sandbox truly holds, for tests that do not believe an answer: records, and bytes."""

from __future__ import annotations

from pathlib import Path
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
    # Within a write nothing is half done; what takes long is done after it.
    with world.ledger.writing():
        uploads = [(_describe(world, owner, entry), entry) for owner, entry in world.ledger.uploads()]
        stored = {path.name: path for path in world.storage.stored()}
        withdrawn = [entry for entry in world.ledger.withdrawn() if entry.type == "eos"]
    digests = {name: _digest(world, path) for name, path in stored.items()}
    attachments, orphans = [], []
    for description, entry in uploads:
        name = _name(entry)
        digest = digests.pop(name, None)
        if name in stored and digest is None:
            # Deleted since, together with what spoke of it.
            continue
        attachments.append(description | (digest or {"size": None, "sha256": None}))
        if entry.type != "link" and digest is None:
            orphans.append(entry.code)
    unspoken = [{"name": name} | digest for name, digest in digests.items() if digest]
    for entry in withdrawn:
        path = world.eos_files.find(path_of_code(entry.code))
        digest = _digest(world, path) if path else None
        if digest:
            unspoken.append({"name": entry.code} | digest)
    return {"attachments": attachments, "orphan_records": orphans, "orphan_bytes": unspoken}


def _describe(world: World, owner: Entity, entry: Attachment) -> Json:
    return {
        "code": entry.code,
        "owner": {"kind": owner.kind.value, "id": _identifier(world, owner)},
        "title": entry.title,
        "filename": entry.filename,
        "type": entry.type,
    }


def _digest(world: World, path: Path) -> Json | None:
    """Return size and SHA-256 of a file, or None if it was deleted just now."""
    try:
        return {"size": path.stat().st_size, "sha256": world.storage.sha256(path)}
    except FileNotFoundError:
        return None


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
