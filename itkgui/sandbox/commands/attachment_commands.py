"""Commands about attachments and the binary store (API reference §5.5, §6)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from itkgui.sandbox import dates
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys, page
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.eos.object_store import path_of_code
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.identity_provider import AWID
from itkgui.sandbox.ledger.ledger import Entity
from itkgui.sandbox.records import Attachment, OwnerKind
from itkgui.sandbox.wire.messages import Response
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAMES = {
    OwnerKind.COMPONENT: "Component",
    OwnerKind.TEST_RUN: "TestRun",
    OwnerKind.SHIPMENT: "Shipment",
    OwnerKind.BATCH: "Batch",
}


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    declared = []
    for kind, name in _NAMES.items():
        key = kind.value
        made = f"{key}*:text title*:text description*:text type*:one-of=file,link url*:text data:file"
        changed = f"{key}*:text code*:text title:text description:text"
        attachments = _Attachments(world, finder, writer, kind)
        declared += [
            Command(f"create{name}Attachment", keys(made), attachments.create, read=False, takes_file=True),
            Command(f"get{name}Attachment", keys(f"{key}*:text code*:text"), attachments.get),
            Command(f"update{name}Attachment", keys(changed), attachments.update, read=False),
            Command(
                f"delete{name}Attachment", keys(f"{key}*:text code*:text"), attachments.delete, read=False
            ),
        ]
    # Batches take no files on EOS, as far as is known (API reference §6.2).
    kinds = ",".join(kind.value for kind in OwnerKind if kind is not OwnerKind.BATCH)
    upload = f"type*:one-of={kinds} id*:text title*:text description:text filesize*:count"
    binaries = _Binaries(world)
    return (
        *declared,
        Command("requestUploadEosFile", keys(upload), _EosUploads(world, finder, writer).request, read=False),
        Command("uu-app-binarystore/getBinaryData", keys("code*:text contentDisposition:text"), binaries.get),
        Command("uu-app-binarystore/listBinaries", keys("pageInfo:page"), binaries.list),
    )


class _Attachments:
    """The commands of one kind of owner."""

    def __init__(self, world: World, finder: Finder, writer: RawWriter, kind: OwnerKind) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer
        self._kind = kind
        self._name = _NAMES[kind]

    def create(self, call: Call) -> Json:
        command = f"create{self._name}Attachment"
        owner = self._owner(call, command)
        if call.file is None and call.text("type") == "file":
            raise call.problems.lacking("$.data")
        code = self._world.ledger.new_code()
        attachment = Attachment(
            code=code,
            title=call.text("title"),
            description=call.text("description"),
            filename=call.file.filename if call.file else "",
            content_type=call.file.content_type if call.file else None,
            type=call.text("type"),
            time=dates.now(),
            identity=call.caller.identity,
            url=call.text("url"),
            size=call.file.path.stat().st_size if call.file else None,
        )
        if call.file is not None and attachment.type == "file":
            self._world.storage.keep(code, call.file.path)
        self._world.ledger.write(owner, attachment.time + 1, attachments=(*owner.attachments, attachment))
        return _binary_record(attachment)

    def get(self, call: Call) -> Response:
        command = f"get{self._name}Attachment"
        owner = self._owner(call, command)
        attachment = _find(owner, call.text("code"))
        response = _download(self._world, attachment, "inline") if attachment else None
        if response is None:
            raise _missing(command)
        return response

    def update(self, call: Call) -> Json:
        """Change title or description; which other fields the real command takes is not known (§9, 32)."""
        command = f"update{self._name}Attachment"
        owner = self._owner(call, command)
        old = _find(owner, call.text("code"))
        if old is None:
            raise _missing(command)
        new = replace(
            old,
            title=call.text("title", old.title),
            description=call.text("description", old.description),
        )
        entries = tuple(new if entry is old else entry for entry in owner.attachments)
        self._world.ledger.write(owner, dates.now(), attachments=entries)
        return {"attachment": self._writer.attachment(new)}

    def delete(self, call: Call) -> Json:
        command = f"delete{self._name}Attachment"
        owner = self._owner(call, command)
        removed = _find(owner, call.text("code"))
        if removed is None:
            raise _missing(command)
        entries = tuple(entry for entry in owner.attachments if entry is not removed)
        self._world.ledger.write(owner, dates.now(), attachments=entries)
        answer: Json = {"attachment": self._writer.attachment(removed)}
        if removed.type == "eos":
            # The bytes stay until the client deletes them with this token (API reference §6.4).
            folder = path_of_code(removed.code).rpartition("/")[0]
            answer["token"] = self._world.tokens.issue("rwx", folder, tree=True)
        elif not removed.sample:
            self._world.storage.remove(removed.code)
        return answer

    def _owner(self, call: Call, command: str) -> Entity:
        return self._finder.owner(command, self._kind, call.text(self._kind.value))


class _EosUploads:
    """Starts an upload to EOS; the record is there before any byte is (API reference §6.2)."""

    def __init__(self, world: World, finder: Finder, writer: RawWriter) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer

    def request(self, call: Call) -> Json:
        kind = OwnerKind(call.text("type"))
        owner = self._finder.owner("requestUploadEosFile", kind, call.text("id"))
        code = self._world.ledger.new_code()
        attachment = Attachment(
            code=code,
            title=call.text("title"),
            description=call.text("description"),
            filename=code,
            content_type=None,
            type="eos",
            time=dates.now(),
            identity=call.caller.identity,
            size=int(call.keys["filesize"]),
        )
        self._world.ledger.write(owner, attachment.time + 1, attachments=(*owner.attachments, attachment))
        # The token covers the whole folder, as the real ones do (API reference §6.5).
        folder = path_of_code(code).rpartition("/")[0]
        token = self._world.tokens.issue("rw", folder, tree=True)
        return self._writer.attachment(attachment) | {"token": token}


class _Binaries:
    """The older way to files, by their code alone."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get(self, call: Call) -> Response:
        attachment = self._find(call.text("code"))
        disposition = "attachment" if call.text("contentDisposition") == "attachment" else "inline"
        response = _download(self._world, attachment, disposition) if attachment else None
        if response is None:
            raise _missing("uu-app-binarystore/getBinaryData")
        return response

    def list(self, call: Call) -> Json:
        """List what was uploaded, newest first, then the sample files of components.

        Those of test runs are left out: the real command was reported broken (API reference §5.5).
        """
        uploaded = [entry for _, entry in self._world.ledger.uploads() if entry.type == "file"]
        uploaded.sort(key=lambda entry: -entry.time)
        gone = [entry for entry in self._world.ledger.withdrawn() if entry.type == "file"]
        codes = {entry.code for entry in gone}
        total = len(uploaded) + self._world.origins.binary_count(codes)
        chosen, info = page(call, total)
        entries = uploaded[chosen]
        start = max(0, chosen.start - len(uploaded))
        sample = islice(
            self._world.origins.binaries(codes), start, start + chosen.stop - chosen.start - len(entries)
        )
        return {"itemList": [_binary_record(entry) for entry in (*entries, *sample)], "pageInfo": info}

    def _find(self, code: str) -> Attachment | None:
        found = self._world.ledger.find_upload(code)
        if found is not None:
            return found
        return self._world.ledger.find_sample(code)


def _find(owner: Entity, code: str) -> Attachment | None:
    return next((entry for entry in owner.attachments if entry.code == code), None)


def _missing(command: str) -> CommandError:
    # What the real server says here was never recorded (API reference §3.3).
    return CommandError(f"{command}/attachmentDoesNotExist", "Attachment does not exist.")


def _download(world: World, attachment: Attachment, disposition: str) -> Response | None:
    """Return the bytes of a file, or None for what has none."""
    place = world.file_of(attachment)
    if place is None:
        return None
    try:
        file = place.open("rb")
    except FileNotFoundError:
        # Deleted just now.
        return None
    headers = [
        # Exactly as uploaded, junk included; the file name unquoted (API reference §5.5).
        ("Content-Type", _header_text(world.content_type(attachment) or "application/octet-stream")),
        ("Content-Disposition", f"{disposition}; filename={_header_text(attachment.filename)}"),
        ("ETag", world.storage.etag(file)),
        ("Cache-Control", "max-age=60, private"),
    ]
    return Response(headers=headers, body=file)


def _binary_record(attachment: Attachment) -> Json:
    """Return the newer answer to an upload: the record of the binary store (API reference §9, 16)."""
    time = dates.isoz(attachment.time)
    return {
        "awid": AWID,
        "code": attachment.code,
        "contentType": attachment.content_type,
        "description": attachment.description,
        "filename": attachment.filename,
        # Looks like an object id, and is the same whenever it is asked for.
        "id": f"{attachment.time // 1000:08x}{attachment.code[:16]}",
        "name": attachment.title,
        "sys": {"cts": time, "mts": time, "rev": 0},
        "tagList": [],
        "versionName": None,
    }


def _header_text(text: str) -> str:
    """Return user text as it may stand in a header: no control characters, UTF-8 bytes as they are."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("latin-1")
