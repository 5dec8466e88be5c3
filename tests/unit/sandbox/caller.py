"""Speaks to a sandbox as a client does, with plain requests."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT = 30.0
QUAD = "20UPGM23800001"
LONG_STRIP = "20USBML0000001"
HOST = b"Host: localhost\r\n"


def connect(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname, place.port or 80), timeout=TIMEOUT)


def read_all(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    received = b""
    while block := connection.recv(65536):
        received += block
    return received


def exchange(url: str, sent: bytes, *, close: bool = True) -> bytes:
    """Send raw bytes, perhaps close the sending half, and return all that comes until the server closes."""
    with connect(url) as connection:
        connection.sendall(sent)
        if close:
            connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


class Caller:
    """One client with one bearer; nothing of the machine's proxies or certificates gets in the way."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.info = info
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = info["ca_file"] or True
        self.bearer = str(info["bearer"])

    def sign_in(self, name: str) -> None:
        """Go on as another of the sandbox's accounts, such as "guest"."""
        codes = {"accessCode1": f"{name}-code-1", "accessCode2": f"{name}-code-2"}
        body = {"grant_type": "password", "scope": "openid https://itkpd.unicornuniversity.net", **codes}
        response = self.session.post(self.info["auth_url"] + "grantToken", json=body, timeout=TIMEOUT)
        assert response.status_code == 200, response.text
        self.bearer = str(response.json()["id_token"])

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def send(self, method: str, command: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bearer}"} | options.pop("headers", {})
        url = self.info["api_url"] + command
        return self.session.request(method, url, headers=headers, timeout=TIMEOUT, **options)

    def raw(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send without any credential, and follow no redirection."""
        return self.session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)

    def control(self, method: str, path: str, content: Any = None) -> Any:
        """Return what a control path answers; it must succeed."""
        response = self.raw(method, f"{self.info['api_url']}_sandbox/{path}", json=content)
        assert response.status_code == 200, response.text
        return response.json()

    def fail(self, match: str, do: str, **keys: Any) -> None:
        """Add one rule for a fault."""
        self.control("POST", "faults", [{"match": match, "do": do, **keys}])

    def log(self) -> list[dict[str, Any]]:
        return list(self.control("GET", "log"))

    def get(self, command: str, /, **keys: Any) -> Any:
        """Return the JSON of a read that must succeed without a warning."""
        response = self.send("GET", command, json=keys)
        assert response.status_code == 200, response.text
        content = response.json()
        assert content["uuAppErrorMap"] == {}
        return content

    def post(self, command: str, /, **keys: Any) -> Any:
        response = self.send("POST", command, json=keys)
        assert response.status_code == 200, response.text
        return response.json()

    def error(self, method: str, command: str, status: int, /, **keys: Any) -> dict[str, Any]:
        """Return the error map of a call that must fail."""
        response = self.send(method, command, json=keys)
        assert response.status_code == status, response.text
        assert response.headers["Connection"] == "close"
        assert "Content-Length" in response.headers
        assert "Content-Encoding" not in response.headers
        error_map = response.json()["uuAppErrorMap"]
        assert isinstance(error_map, dict)
        return error_map

    def request_upload(self, *, size: int = 3) -> dict[str, Any]:
        """Return the record of a file that may be put on EOS, with its address and the token for it."""
        keys = {"type": "component", "id": QUAD, "title": "a", "description": "d", "filesize": size}
        return dict(self.post("requestUploadEosFile", **keys))

    def attach(self, serial: str, name: str, content: Any, content_type: str | None = "text/plain") -> Any:
        """Upload a file to a component as itkdb does, and return the answer."""
        fields = {"component": serial, "title": name, "description": "a test", "type": "file", "url": name}
        part = (name, content, content_type) if content_type else (name, content)
        response = self.send("POST", "createComponentAttachment", data=fields, files={"data": part})
        assert response.status_code == 200, response.text
        return response.json()

    def attachments(self, serial: str, *, tokens: bool = False) -> list[dict[str, Any]]:
        return list(self.get("getComponent", component=serial, noEosToken=not tokens)["attachments"] or ())
