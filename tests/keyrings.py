"""Keyrings for tests, to be named in PYTHON_KEYRING_BACKEND: they run in the process that asks a keyring."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError


class Working(KeyringBackend):
    """Keeps what it is given in the file that ITKGUI_TEST_KEYRING names."""

    priority = 1
    name = "Test keyring"

    @property
    def _file(self) -> Path:
        return Path(os.environ["ITKGUI_TEST_KEYRING"])

    def _all(self) -> dict[str, str]:
        return dict(json.loads(self._file.read_text())) if self._file.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps(self._all() | {f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._all()
        if f"{service} {username}" not in kept:
            raise PasswordDeleteError("not found")
        del kept[f"{service} {username}"]
        self._file.write_text(json.dumps(kept))


class Foreign(Working):
    """Holds something that this program has not put there."""

    def get_password(self, service: str, username: str) -> str | None:
        return "no JSON"


class PlaintextKeyring(Working):
    """Is called what such a one is called."""


class Locked(Working):
    """Was not unlocked by its owner."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("the owner dismissed the question")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("the owner dismissed the question")


class Full(Working):
    """Takes nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("no room")


class Broken(Working):
    """Fails in a way that no keyring should."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("the bus has gone")


class Hanging(Working):
    """Never answers."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None


class Slow(Working):
    """Answers once its file has got a neighbour called ``open``, as if its owner had typed the password."""

    def get_password(self, service: str, username: str) -> str | None:
        while not self._file.with_name("open").exists():
            time.sleep(0.02)
        return super().get_password(service, username)
