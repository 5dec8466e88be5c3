"""Commands about attachments of components and test runs (API reference §5.5, §6)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from itkgui.sandbox import dates
from itkgui.sandbox.commands.command_table import Call, Command, Json, invalid_key, keys
from itkgui.sandbox.commands.errors import CommandError
from itkgui.sandbox.eos.object_store import path_of_code
from itkgui.sandbox.identity_provider import AWID
from itkgui.sandbox.samples.attachments import Attachment, Owner
from itkgui.sandbox.wire.messages import Response
from itkgui.sandbox.world import World

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def commands(world: World) -> tuple[Command, ...]:
    """Return the commands of this module."""
    kinds = (("component", "Component", _component_owner(world)), ("testRun", "TestRun", _run_owner(world)))
    declared = []
    for key, name, find in kinds:
        made = f"{key}*:text title*:text description*:text type*:one-of=file,link url*:text data:file"
        attachments = _Attachments(world, key, name, find)
        declared += [
            Command(f"create{name}Attachment", keys(made), attachments.create, read=False, takes_file=True),
            Command(f"get{name}Attachment", keys(f"{key}*:text code*:text"), attachments.get),
            Command(
                f"delete{name}Attachment", keys(f"{key}*:text code*:text"), attachments.delete, read=False
            ),
        ]
    upload = "type*:one-of=component,testRun id*:text title*:text description:text filesize*:number"
    owners = {key: find for key, _, find in kinds}
    declared.append(
        Command("requestUploadEosFile", keys(upload), _EosUploads(world, owners).request, read=False)
    )
    return tuple(declared)


_FindOwner = Callable[[str], Owner | None]


def _component_owner(world: World) -> _FindOwner:
    def find(identifier: str) -> Owner | None:
        part = world.catalogue.find(identifier)
        return None if part is None else Owner.component(part.index)

    return find


def _run_owner(world: World) -> _FindOwner:
    def find(identifier: str) -> Owner | None:
        run = world.histories.find_run(identifier)
        return None if run is None else Owner.test_run(run.number)

    return find


def _does_not_exist(command: str, key: str) -> CommandError:
    if key == "component":
        return CommandError(f"{command}/componentDoesNotExist", "Component does not exist.")
    return CommandError(f"{command}/testRunDaoGetFailed", "Getting the test run failed.")


class _Attachments:
    """The three commands of one kind of owner."""

    def __init__(self, world: World, key: str, name: str, find: _FindOwner) -> None:
        self._world = world
        self._key = key
        self._name = name
        self._find = find

    def create(self, call: Call) -> Json:
        command = f"create{self._name}Attachment"
        owner = self._owner(call, command)
        if call.file is None and call.text("type") == "file":
            raise invalid_key(command, "data", "isRequired.e001", "The value is required but missing.")
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
        )
        if call.file is not None and attachment.type == "file":
            self._world.storage.keep(code, call.file.path)
        self._world.ledger.add(owner, attachment)
        return _binary_record(attachment)

    def get(self, call: Call) -> Response:
        command = f"get{self._name}Attachment"
        owner = self._owner(call, command)
        attachment = self._world.ledger.attachment(owner, call.text("code"))
        file = self._world.file_of(attachment) if attachment else None
        if attachment is None or file is None:
            # What the real server says here was never recorded (API reference §3.3).
            raise CommandError(f"{command}/attachmentDoesNotExist", "Attachment does not exist.")
        headers = [
            # Exactly as uploaded, junk included; the file name unquoted (API reference §5.5).
            ("Content-Type", _header_text(attachment.content_type or "application/octet-stream")),
            ("Content-Disposition", f"inline; filename={_header_text(attachment.filename)}"),
            ("ETag", self._world.storage.etag(file)),
            ("Cache-Control", "max-age=60, private"),
        ]
        return Response(headers=headers, body=file)

    def delete(self, call: Call) -> Json:
        command = f"delete{self._name}Attachment"
        owner = self._owner(call, command)
        removed = self._world.ledger.remove(owner, call.text("code"))
        if removed is None:
            raise CommandError(f"{command}/attachmentDoesNotExist", "Attachment does not exist.")
        answer: Json = {"attachment": _raw(self._world, removed)}
        if removed.type == "eos":
            # The bytes stay until the client deletes them with this token (API reference §6.4).
            folder = path_of_code(removed.code).rpartition("/")[0]
            answer["token"] = self._world.tokens.issue("rwx", folder, tree=True)
        elif not removed.sample:
            self._world.storage.remove(removed.code)
        return answer

    def _owner(self, call: Call, command: str) -> Owner:
        owner = self._find(call.text(self._key))
        if owner is None:
            raise _does_not_exist(command, self._key)
        return owner


class _EosUploads:
    """Starts an upload to EOS; the record is there before any byte is (API reference §6.2)."""

    def __init__(self, world: World, owners: dict[str, _FindOwner]) -> None:
        self._world = world
        self._owners = owners

    def request(self, call: Call) -> Json:
        kind = call.text("type")
        owner = self._owners[kind](call.text("id"))
        if owner is None:
            raise _does_not_exist("requestUploadEosFile", kind)
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
        self._world.ledger.add(owner, attachment)
        # The token covers the whole folder, as the real ones do (API reference §6.5).
        folder = path_of_code(code).rpartition("/")[0]
        return _raw(self._world, attachment) | {"token": self._world.tokens.issue("rw", folder, tree=True)}


def _raw(world: World, attachment: Attachment) -> Json:
    """Return an attachment as writes answer it: with the bare identity of the user."""
    written = {
        "dateTime": dates.isoz(attachment.time),
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
        written["url"] = world.eos_url(attachment)
    elif attachment.type == "link":
        written["url"] = attachment.url
    return written


def _binary_record(attachment: Attachment) -> Json:
    """Return the newer answer to an upload: the record of the binary store (API reference §9, 16)."""
    time = dates.isoz(attachment.time)
    return {
        "awid": AWID,
        "code": attachment.code,
        "contentType": attachment.content_type,
        "description": attachment.description,
        "filename": attachment.filename,
        "id": f"{attachment.time // 1000:08x}{secrets.token_hex(8)}",
        "name": attachment.title,
        "sys": {"cts": time, "mts": time, "rev": 0},
        "tagList": [],
        "versionName": None,
    }


def _header_text(text: str) -> str:
    """Return user text as it may stand in a header: no control characters, UTF-8 bytes as they are."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("latin-1")
