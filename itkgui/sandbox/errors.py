"""Errors and warnings as the production database words them (API reference §3)."""

from __future__ import annotations

import secrets
from typing import Any

from itkgui.sandbox.dates import now_isoz

PREFIX = "ucl-itkpd-main"


def error_entry(message: str) -> dict[str, Any]:
    """Return one value of a uuAppErrorMap."""
    return {"id": secrets.token_hex(16), "timestamp": now_isoz(), "type": "error", "message": message}


class CommandError(Exception):
    """A command that fails: the status and the uuAppErrorMap to answer with."""

    def __init__(
        self, key: str, message: str, status: int = 400, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        entry = error_entry(message)
        if parameters is not None:
            entry["paramMap"] = parameters
        self.error_map: dict[str, Any] = {
            key if "/" in key and key.startswith("uu-") else f"{PREFIX}/{key}": entry
        }
