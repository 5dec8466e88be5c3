"""Files to attach, most of them the examples that the package brings along, and where to attach them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from itkgui.itkdb import data


@dataclass(frozen=True)
class Owner:
    """What an attachment belongs to: the word for it in keys and in commands, and which one it is."""

    key: str
    identifier: str

    @property
    def word(self) -> str:
        return self.key[0].upper() + self.key[1:]

    def fields(self, title: str, url: str, kind: str = "file") -> dict[str, str]:
        """Return the form fields of an upload (API reference §5.5)."""
        words = {"title": title, "description": "tried by a test", "type": kind, "url": url}
        return {self.key: self.identifier} | words

    def attach(self, client: Any, name: str, content: bytes, media_type: str | None = None) -> Any:
        """Attach a file under its name as the title; return the decoded answer."""
        part = (name, io.BytesIO(content), media_type) if media_type else (name, io.BytesIO(content))
        return client.post(f"create{self.word}Attachment", data=self.fields(name, name), files={"data": part})

    def attachments(self, client: Any, *, tokens: bool = False) -> list[Any]:
        """Return the attachments that the database lists, with tokens for EOS if asked for."""
        body = {self.key: self.identifier, "noEosToken": not tokens}
        return client.get(f"get{self.word}", json=body)["attachments"] or []

    def attachment(self, client: Any, code: str, *, tokens: bool = False) -> Any:
        (found,) = [entry for entry in self.attachments(client, tokens=tokens) if entry["code"] == code]
        return found

    def download(self, client: Any, code: str) -> Any:
        return client.get(f"get{self.word}Attachment", json={self.key: self.identifier, "code": code})

    def delete(self, client: Any, code: str) -> Any:
        return client.post(f"delete{self.word}Attachment", json={self.key: self.identifier, "code": code})


def example(name: str) -> bytes:
    """Return one of the files that come with the package: 1x1.jpg, 1x1.sh or tiny.root."""
    return (data / name).read_bytes()


def archive(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return buffer.getvalue()
