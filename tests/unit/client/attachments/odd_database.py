"""The database and the store whose answers the tests of attachments decide."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itkgui.client.credentials import BearerToken
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.client.files import inspect
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, Wire

OWNER = Owner(OwnerKind.COMPONENT, "c" * 32, "20U")
TOKEN = "zteos64:canary%3d"


class OddDatabase:
    """A database with one component, and an EOS behind the same door; each answer can be replaced."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.entries: list[dict[str, Any]] = [{"code": "old", "title": "T", "type": "file"}]
        self.bytes: dict[str, bytes] = {"old": b"old"}
        self.replies: dict[str, Reply] = {}
        self.create_answers: str = "record"
        self.keeps = True
        self.title = "T"  # what it makes of any
        self.server = wire.server(self.answer)
        self.database = ProductionDatabase.sign_in(self.server.settings(), BearerToken("opaque"))

    def answer(self, request: Received) -> Reply:
        command = request.target.strip("/").partition("?")[0]
        if command.startswith("eos/"):
            command = f"{request.method} eos"
        if command in self.replies:
            return self.replies[command]
        return getattr(self, command.replace(" ", "_"))(request)  # type: ignore[no-any-return]

    def commands(self) -> list[str]:
        return [f"{r.method} {r.target.strip('/').partition('?')[0]}" for r in self.server.received]

    def listProjects(self, _: Received) -> Reply:  # noqa: N802
        return self.wire.json({"itemList": []})

    def getComponent(self, request: Received) -> Reply:  # noqa: N802
        assert request.json["component"] == OWNER.key
        entries = [dict(entry) for entry in self.entries]
        if request.json["noEosToken"] is False:
            for entry in entries:
                if entry["type"] == "eos":
                    entry["url"] += f"?authz={TOKEN}"
        return self.wire.json({"code": OWNER.key, "attachments": entries or None})

    def createComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        match = re.search(rb'filename="([^"]*)"\r\n.*?\r\n\r\n(.*)\r\n--', request.body, re.DOTALL)
        assert match is not None
        code = f"new{len(self.entries)}"
        if self.keeps:
            self.entries.append(
                {"code": code, "title": self.title, "type": "file", "filename": match[1].decode()}
            )
            self.bytes.setdefault(code, match[2])
        answers: dict[str, Any] = {
            "record": {"code": code, "contentType": "text/plain"},
            "owner": {"component": {"code": OWNER.key, "attachments": self.entries}},
            "bare owner": {"code": OWNER.key, "attachments": self.entries},
            "nothing": {},
        }
        return self.wire.json(answers[self.create_answers])

    def getComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        return self.wire.reply(
            200, self.bytes[request.json["code"]], Content_Disposition="inline; filename=a.txt"
        )

    def deleteComponentAttachment(self, request: Received) -> Reply:  # noqa: N802
        entry = next(entry for entry in self.entries if entry["code"] == request.json["code"])
        self.entries.remove(entry)
        return self.wire.json({"attachment": entry, **({"token": TOKEN} if entry["type"] == "eos" else {})})

    def requestUploadEosFile(self, request: Received) -> Reply:  # noqa: N802
        entry = {"code": "eos1", "title": self.title, "type": "eos"}
        entry["url"] = f"{self.server.url}eos/0/eos1"
        if self.keeps:
            self.entries.append(entry)
        return self.wire.json({**entry, "token": TOKEN})

    def PUT_eos(self, request: Received) -> Reply:  # noqa: N802
        self.bytes["eos1"] = request.body
        return self.wire.reply(201)

    def GET_eos(self, _: Received) -> Reply:  # noqa: N802
        content = self.bytes["eos1"]
        return self.wire.reply(200, content, "", OC_Checksum=f"Adler32:{zlib.adler32(content):08x}")

    def DELETE_eos(self, _: Received) -> Reply:  # noqa: N802
        return self.wire.reply(204 if self.bytes.pop("eos1", None) else 404)

    @property
    def codes(self) -> list[str]:
        return [str(entry["code"]) for entry in self.entries]

    @property
    def old_entry(self) -> Attachment:
        return Attachment.from_json(self.entries[0], OWNER)

    def attach(self, file: Path, storage: Storage = Storage.FILE) -> Attachment:
        return self.database.attach(OWNER, NewAttachment(inspect(file), "T", "", storage))

    def fetch(self, folder: Path, **entry: Any) -> bytes:
        """Download one more attachment, whose entry says this, and return its bytes."""
        self.entries.append({"code": "x", "title": "Note", "type": "file", **entry})
        attachment = next(a for a in self.database.attachments(OWNER) if a.code == "x")
        return self.database.download(attachment, folder).path.read_bytes()
