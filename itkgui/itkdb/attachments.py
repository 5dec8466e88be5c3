"""Attachments sent and deleted through a client: streamed, to the database or EOS, and nothing left over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from itkgui.client.bodies import MultipartBody
from itkgui.client.exceptions import ItkError, NotFound
from itkgui.client.transfer import shielded
from itkgui.itkdb.eos import OpenFileBody, done
from itkgui.itkdb.exceptions import ITkDBException, translated
from itkgui.itkdb.utils import can_be_streamed, get_file_components, is_eos_uploadable
from itkgui.records.json_fields import Json, child, text

if TYPE_CHECKING:
    from itkgui.itkdb.client import Client

log = logging.getLogger(__name__)

Hook = Callable[..., None]

# The commands that send a file, and the key of whatever the file belongs to (API reference §5.5).
_OWNERS = {
    "createComponentAttachment": "component",
    "createTestRunAttachment": "testRun",
    "createShipmentAttachment": "shipment",
}
_DELETIONS = {command.replace("create", "delete"): owner for command, owner in _OWNERS.items()}
# How long an entry may take to be deleted after a cancel, in seconds.
_GRACE = 10.0
_OF_THE_FORM = ("type", "url")  # fields that have no meaning for a file on EOS


def prepare(client: Client, command: str, request: requests.Request) -> Hook | None:
    """Rewrite a request that sends a file so that the file is streamed; return what is to follow its answer.

    Raises ValueError if a client that uses EOS is given another number of files than one.
    """
    if command in _DELETIONS:
        return _Deletion(client)
    if command not in _OWNERS or not request.files or not isinstance(request.data, Mapping):
        return None
    if not client.use_eos and len(request.files) != 1:
        return None
    name, file, media_type, headers = get_file_components(request.files)
    if not can_be_streamed(file):
        return None
    if client.use_eos and is_eos_uploadable(name, file):
        upload = _EosUpload(client, command, request.data, OpenFileBody(name, file), media_type)
        request.url = f"{client.prefix_url}requestUploadEosFile"
        request.json, request.data, request.files = upload.grant_request(), [], []
        return upload
    fields = {key: value for key, value in request.data.items() if value is not None}
    if not headers and list(request.files) == ["data"] and not any(map(_is_several, fields.values())):
        texts = {key: str(value) for key, value in fields.items()}
        body = MultipartBody(texts, OpenFileBody(name, file), str(name), media_type)
        request.headers = {**request.headers, "Content-Type": body.content_type}
        request.data, request.files = body, []
    return None


@dataclass(frozen=True)
class _EosUpload:
    """A file on its way to EOS: the database makes its entry and gives a token, then come the bytes."""

    client: Client
    command: str
    fields: Mapping[str, Any]
    body: OpenFileBody
    media_type: str

    def grant_request(self) -> dict[str, Any]:
        """Return the body of ``requestUploadEosFile`` (API reference §6.2)."""
        owner = _OWNERS[self.command]
        known = (owner, "title", "description", *_OF_THE_FORM)
        if ignored := sorted(set(self.fields) - set(known)):
            log.warning("a file on EOS has no %s", ", ".join(ignored))
        asked = {"type": owner, "id": self.fields.get(owner), "filesize": self.body.size}
        asked |= {key: self.fields.get(key) for key in ("title", "description")}
        return {key: value for key, value in asked.items() if value is not None}

    def __call__(self, response: requests.Response, **_: object) -> None:
        """Send the bytes; if that fails, take the entry back."""
        if not response.ok:
            return
        granted = self.client.decoded(response)
        url = text(granted, "url")
        try:
            with translated():
                self.client.object_store.put(url, text(granted, "token"), self.body, self.media_type)
        except (ItkError, KeyboardInterrupt) as error:
            left_behind = self._withdrawn(text(granted, "code"))
            if left_behind and isinstance(error, ItkError):
                error.left_behind = left_behind
                error.detail += f"\n\nIts {left_behind} could not be deleted."
            raise
        response.eos_response = done("PUT", url, 201)  # type: ignore[attr-defined]  # scripts look there

    def _withdrawn(self, code: str) -> str:
        """Delete the entry, also after a cancel; return what is left of it, nothing if all went well."""
        owner = _OWNERS[self.command]
        deletion = self.command.replace("create", "delete")
        try:
            with translated(), shielded(_GRACE):
                self.client.post(deletion, json={owner: self.fields[owner], "code": code})
        except ITkDBException as second:
            log.warning("entry %s may be left behind, as deleting it failed: %s", code, second.title)
            return f"entry {code}"
        return ""


@dataclass(frozen=True)
class _Deletion:
    """A deleted attachment: if its bytes are on EOS, the database leaves them to whoever asked (§6.4)."""

    client: Client

    def __call__(self, response: requests.Response, **_: object) -> None:
        if not response.ok:
            return
        answer = self.client.decoded(response)
        attachment: Json = child(answer, "attachment")
        url, token = text(attachment, "url"), text(answer, "token")
        if attachment.get("type") != "eos":
            return
        if not (url and token):
            log.warning(
                "the database gave no token to delete %s from EOS: its bytes stay", attachment.get("code")
            )
            return
        with translated():
            try:
                self.client.object_store.delete(url, token)
            except NotFound:  # an entry whose upload failed has no bytes
                return
        response.eos_response = done("DELETE", url, 204)  # type: ignore[attr-defined]  # scripts look there


def _is_several(value: object) -> bool:
    return not isinstance(value, str | int | float)
