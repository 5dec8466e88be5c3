"""A light client of the sandbox: one thread, connections that it keeps, nothing but the standard library."""

from __future__ import annotations

import hashlib
import http.client
import json
import secrets
import time
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 60.0
# The server closes what is idle for 5 s; whoever asks just then would lose the question.
_LONGEST_IDLE = 3.0


class UnexpectedAnswer(Exception):
    """An answer came that nobody asked for; the text says which."""


class Answer:
    """Status, headers and the whole body of an answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


class Visitor:
    """Speaks with one sandbox as one user; not to be shared between threads.

    Every method raises UnexpectedAnswer for an answer other than the one it is for, and OSError or
    http.client.HTTPException for a connection that breaks.
    """

    def __init__(self, info: Mapping[str, Any]) -> None:
        self._api = info["api_url"].rstrip("/")
        self._bearer = info["bearer"]
        self._connections: dict[str, tuple[http.client.HTTPConnection, float]] = {}

    def close(self) -> None:
        for connection, _ in self._connections.values():
            connection.close()
        self._connections.clear()

    def get(self, command: str, **keys: Any) -> Any:
        return self._json("GET", command, keys)

    def post(self, command: str, **keys: Any) -> Any:
        return self._json("POST", command, keys)

    def download(self, owner: str, code: str) -> bytes:
        """Fetch a file of a component from the database, and hold it against its ETag."""
        keys = json.dumps({"component": owner, "code": code}).encode()
        found = _expected(self._api_call("GET", "getComponentAttachment", keys, "application/json"), 200)
        md5, sha1 = hashlib.md5(found.body).hexdigest(), hashlib.sha1(found.body).hexdigest()
        if found.headers["ETag"] != f'"{md5}.{sha1}"':
            raise UnexpectedAnswer(f"{len(found.body)} bytes that do not fit their ETag")
        return found.body

    def attach(self, owner: str, name: str, content: bytes) -> str:
        """Send a file to a component as multipart; return its code."""
        boundary = secrets.token_hex(16)
        fields = {"component": owner, "title": name, "description": "a load", "type": "file", "url": name}
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="'
        form = "".join(f'{part}{key}"\r\n\r\n{value}\r\n' for key, value in fields.items())
        form += f'{part}data"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = form.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        media_type = f"multipart/form-data; boundary={boundary}"
        return str(_decoded(self._api_call("POST", "createComponentAttachment", body, media_type))["code"])

    def attach_on_eos(self, owner: str, name: str, content: bytes, *, ask_first: bool) -> str:
        """Send a file to EOS; `ask_first` waits for the redirection before any byte goes, as libcurl does."""
        granted = self.post(
            "requestUploadEosFile",
            type="component",
            id=owner,
            title=name,
            description="a load",
            filesize=len(content),
        )
        headers = {"Authorization": f"Bearer {granted['token']}", "Content-Type": "application/octet-stream"}
        if ask_first:
            door = self._ask_first(granted["url"], headers, len(content))
        else:
            door = self._send("PUT", granted["url"], content, headers)
        address = _expected(door, 307).headers["Location"]
        _expected(self._send("PUT", address, content, {}), 201)
        return str(granted["code"])

    def download_from_eos(self, address: str) -> bytes:
        """Fetch a file from EOS by an address that carries its token, and hold it against its checksum."""
        door = self._send("GET", address, None, {})
        if door.status == 200:  # an empty file is answered at the door
            return door.body
        found = _expected(self._send("GET", _expected(door, 307).headers["Location"], None, {}), 200)
        if found.headers["OC-Checksum"] != f"Adler32:{zlib.adler32(found.body):08x}":
            raise UnexpectedAnswer(f"{len(found.body)} bytes that do not fit their checksum")
        return found.body

    def state(self) -> Any:
        return json.loads(_expected(self._send("GET", f"{self._api}/_sandbox/state", None, {}), 200).body)

    def _json(self, method: str, command: str, keys: Mapping[str, Any]) -> Any:
        return _decoded(self._api_call(method, command, json.dumps(keys).encode(), "application/json"))

    def _api_call(self, method: str, command: str, body: bytes, media_type: str) -> Answer:
        headers = {"Authorization": f"Bearer {self._bearer}", "Content-Type": media_type}
        return self._send(method, f"{self._api}/{command}", body, headers)

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        connection = self._connection(parts.netloc)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request(method, path, body, dict(headers))
            answer = Answer(connection.getresponse())
        except BaseException:
            self._connections.pop(parts.netloc)[0].close()
            raise
        self._connections[parts.netloc] = connection, time.monotonic()
        return answer

    def _ask_first(self, url: str, headers: Mapping[str, str], size: int) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
        try:
            connection.putrequest("PUT", parts.path)
            for name, value in {**headers, "Content-Length": str(size), "Expect": "100-continue"}.items():
                connection.putheader(name, value)
            connection.endheaders()
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def _connection(self, place: str) -> http.client.HTTPConnection:
        connection, used = self._connections.get(place, (None, 0.0))
        if connection is not None and time.monotonic() - used < _LONGEST_IDLE:
            return connection
        if connection is not None:
            connection.close()
        connection = http.client.HTTPConnection(place, timeout=_TIMEOUT)
        self._connections[place] = connection, time.monotonic()
        return connection


def _expected(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise UnexpectedAnswer(f"status {answer.status} instead of {status}: {answer.body[:200]!r}")
    return answer


def _decoded(answer: Answer) -> Any:
    kind = answer.headers.get("Content-Type", "")
    if not kind.startswith("application/json"):
        raise UnexpectedAnswer(f"{kind or 'nothing'} instead of JSON: the sandbox lacks the command")
    content = json.loads(_expected(answer, 200).body)
    if content["uuAppErrorMap"]:
        raise UnexpectedAnswer(f"warnings: {content['uuAppErrorMap']}")
    return content
