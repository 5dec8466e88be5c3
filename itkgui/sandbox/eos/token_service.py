"""The service that hands out a token for one file of the object store (API reference §6.3)."""

from __future__ import annotations

import json

from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.eos.object_store import is_path
from itkgui.sandbox.wire.messages import Request, Response

PATH = "/generate-token"
_PERMISSIONS = ("r", "rw", "rwx")


class TokenService:
    """Answers `POST /generate-token?path=…[&permissions=rw]`, which needs no credential."""

    def __init__(self, tokens: EosTokens) -> None:
        self._tokens = tokens

    def answer(self, request: Request) -> Response:
        path = request.query.get("path", [""])[0]
        permissions = request.query.get("permissions", ["r"])[0]
        # Only the good case was recorded; the rest is a guess at what a script behind shell2http does.
        if request.method != "POST":
            return _answer(405, "", path, permissions, "Only POST is allowed.")
        if not is_path(path):
            return _answer(400, "", path, permissions, "The path is outside of the project.")
        if permissions not in _PERMISSIONS:
            return _answer(400, "", path, permissions, "The permissions are not known.")
        token = self._tokens.issue(permissions, path)
        if request.expire_token:
            self._tokens.revoke(token)
        return _answer(200, token, path, permissions, "Ok.")


def _answer(status: int, token: str, path: str, permissions: str, message: str) -> Response:
    content = {"token": token, "path": path, "permissions": permissions, "message": message}
    headers = [
        ("Content-Type", "application/json"),
        ("X-Shell2http-Exit-Code", "0" if status == 200 else "1"),
    ]
    return Response(status, headers=headers, body=json.dumps(content).encode())
