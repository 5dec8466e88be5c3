"""Asks the servers with plain requests, independent of the program's own client, what they really hold."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import requests

from tests.sandbox_process import SandboxProcess

_PATIENCE = (5, 30)
SILENCE = {"match": "GET *Attachment", "do": "stall", "times": None}  # whoever fetches a file waits


class PlainServer:
    """A script's view of one sandbox: what a test asks behind the program's back."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        said = sandbox.info
        self._url = said["api_url"]
        self._session = requests.Session()
        self._session.trust_env = False
        granted = self._session.post(
            f"{said['auth_url']}grantToken",
            json={
                "grant_type": "password",
                "accessCode1": said["access_code1"],
                "accessCode2": said["access_code2"],
                "scope": "openid https://itkpd.unicornuniversity.net",
            },
            timeout=_PATIENCE,
        )
        granted.raise_for_status()
        self._headers = {"Authorization": f"Bearer {granted.json()['id_token']}"}

    def __enter__(self) -> PlainServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, method: str, command: str, body: dict[str, Any]) -> requests.Response:
        answer = self._session.request(
            method, f"{self._url}{command}", json=body, headers=self._headers, timeout=_PATIENCE
        )
        answer.raise_for_status()
        return answer

    def component(self, serial: str) -> dict[str, Any]:
        """Return a component with addresses on EOS that can be opened."""
        found: dict[str, Any] = self.ask(
            "GET", "getComponent", {"component": serial, "noEosToken": False}
        ).json()
        return found

    def runs(self, serial: str) -> list[dict[str, Any]]:
        """Return the test runs of a component with their results."""
        ids = [run["id"] for kind in self.component(serial)["tests"] or () for run in kind["testRuns"]]
        found: list[dict[str, Any]] = self.ask("GET", "getTestRunBulk", {"testRun": ids}).json()["itemList"]
        return found

    def attachments(self, serial: str) -> list[dict[str, Any]]:
        return self.component(serial)["attachments"] or []

    def content(self, serial: str, attachment: dict[str, Any]) -> bytes:
        """Return the bytes of an attachment, from the database or, over its redirect, from EOS."""
        if attachment["type"] == "eos":
            answer = self._session.get(attachment["url"], timeout=_PATIENCE)
            answer.raise_for_status()
            assert [hop.status_code for hop in answer.history] == [307]
            return answer.content
        body = {"component": serial, "code": attachment["code"]}
        return self.ask("GET", "getComponentAttachment", body).content

    def attach(self, serial: str, title: str, content: bytes) -> None:
        """Attach a file to a component, as another program would."""
        answer = self._session.post(
            f"{self._url}createComponentAttachment",
            data={
                "component": serial,
                "title": title,
                "description": f"About {title}",
                "type": "file",
                "url": title,
            },
            files={"data": (title, content, "application/octet-stream")},
            headers=self._headers,
            timeout=_PATIENCE,
        )
        answer.raise_for_status()

    def titled(self, serial: str, title: str) -> list[dict[str, Any]]:
        """Return the attachments of a component that have this title."""
        return [found for found in self.attachments(serial) if found["title"] == title]

    def fail(self, *rules: dict[str, Any]) -> None:
        """Let the servers fail by these rules, each once unless told otherwise; without any, not at all."""
        address = f"{self._url}_sandbox/faults"
        self._session.delete(address, timeout=_PATIENCE).raise_for_status()
        if rules:
            self._session.post(address, json=list(rules), timeout=_PATIENCE).raise_for_status()

    @contextlib.contextmanager
    def failing(self, *rules: dict[str, Any]) -> Iterator[None]:
        """Let the servers fail by these rules until the end."""
        self.fail(*rules)
        try:
            yield
        finally:
            self.fail()

    def forget_log(self) -> None:
        """Forget which requests came so far."""
        self._session.delete(f"{self._url}_sandbox/log", timeout=_PATIENCE).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """Return the requests that came since, oldest first."""
        answer = self._session.get(f"{self._url}_sandbox/log", timeout=_PATIENCE)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found
