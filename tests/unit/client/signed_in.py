"""Signs in to a sandbox, or to a server whose answers a test decides, command by command."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from itkgui.client.credentials import AccessCodes, Credentials
from itkgui.client.database import ProductionDatabase
from itkgui.settings import Settings

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Provider, Received, Reply

MODULE = "20UPGM23800001"  # the sandbox's help names it: files of every kind
STRIP_MODULE = "20USBML0000001"

Answer = Callable[[dict[str, Any]], Any]


def settings_of(info: dict[str, Any]) -> Settings:
    return Settings(
        api_url=info["api_url"],
        auth_url=info["auth_url"],
        eos_hosts=(urlsplit(info["eos_url"]).netloc,),
        eos_redirect_hosts=("127.0.0.1",),
        read_timeout=20.0,
    )


def sign_in(sandbox: SandboxProcess, credentials: Credentials | None = None) -> ProductionDatabase:
    info = sandbox.info
    codes = AccessCodes(info["access_code1"], info["access_code2"])
    return ProductionDatabase.sign_in(settings_of(info), credentials or codes)


def requests_of(sandbox: SandboxProcess) -> list[str]:
    """Return the commands that a sandbox was asked, oldest first."""
    with urllib.request.urlopen(f"{sandbox.info['api_url']}_sandbox/log") as answer:
        return [entry["path"].strip("/") for entry in json.load(answer) if entry["server"] == "api"]


class ScriptedDatabase:
    """A database whose commands a test answers: with JSON, or with bytes as they go over the wire."""

    def __init__(self, provider: Provider, answers: dict[str, Answer]) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._provider = provider
        self._answers = answers
        answers.setdefault("getUser", lambda _: {})
        provider.api = self._reply
        codes = AccessCodes("one", "two")
        self.database = ProductionDatabase.sign_in(provider.server.settings(), codes)

    def bodies(self, command: str) -> list[dict[str, Any]]:
        return [body for asked, body in self.asked if asked == command]

    def failure(self, status: int, code: str) -> bytes:
        return self._provider.wire.failure(status, code)

    def _reply(self, request: Received) -> Reply:
        command, body = request.target.strip("/"), request.json or {}
        self.asked.append((command, body))
        answer = self._answers[command](body)
        return answer if isinstance(answer, bytes) else self._provider.wire.json(answer)
