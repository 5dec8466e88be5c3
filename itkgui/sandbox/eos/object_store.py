"""The object store: a door that checks tokens and redirects, and a storage node that moves the bytes."""

from __future__ import annotations

import hashlib
import posixpath
import urllib.parse
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path

from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.storage import Storage
from itkgui.sandbox.wire.messages import Request, Response

ROOT = "/eos/atlas/test/itkpd/"
NODE_SERVER = "XrootD/v20220914-32a08d9"
DOOR_SERVER = "XrootD/5.5.10"
_PERMISSIONS = {"GET": "r", "HEAD": "r", "PUT": "w", "DELETE": "x"}
_LONGEST_PATH = 1024


def path_of_code(code: str) -> str:
    """Return where the file of an attachment lies: three one-character folders, then the code (§6.2)."""
    return f"{ROOT}{code[0]}/{code[1]}/{code[2]}/{code}"


class EosFiles:
    """The files of the store by path; a path is only ever a key, never a place on this machine's disk.

    `sample` returns the generated file that lies at a path from the start, or None.
    """

    def __init__(self, storage: Storage, sample: Callable[[str], Path | None]) -> None:
        self._storage = storage
        self._sample = sample
        self._deleted: set[str] = set()

    def find(self, path: str) -> Path | None:
        uploaded = self._storage.find(_name(path))
        if uploaded is not None:
            return uploaded
        return None if path in self._deleted else self._sample(path)

    def put(self, path: str, request: Request) -> None:
        incoming, file = self._storage.incoming()
        try:
            with file:
                for block in request.body.blocks():
                    file.write(block)
        except BaseException:
            incoming.unlink(missing_ok=True)
            raise
        self._storage.keep(_name(path), incoming)

    def delete(self, path: str) -> bool:
        if self.find(path) is None:
            return False
        self._storage.remove(_name(path))
        self._deleted.add(path)
        return True

    def etag(self, path: str, file: Path | None) -> str:
        checksum = self._storage.adler32(file) if file else "00000000"
        return f'"{_inode(path)}:{checksum}"'

    def checksum(self, file: Path) -> str:
        return self._storage.adler32(file)


class EosDoor:
    """The address that attachments point at (API reference §6.2, §6.3)."""

    def __init__(self, files: EosFiles, tokens: EosTokens) -> None:
        self._files = files
        self._tokens = tokens
        self.node_origin = ""

    def answer_early(self, request: Request) -> Response | None:
        # Whoever asks first is redirected, or refused, before a byte of the body travels.
        return self.answer(request) if request.method == "PUT" else None

    def answer(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if request.method == "PUT":
            return self._redirect(request, self._files.etag(request.path, None))
        file = self._files.find(request.path)
        if file is None:
            return _text(404, "Unable to open file; No such file or directory")
        if request.method == "DELETE":
            self._files.delete(request.path)
            return Response(204, "NO CONTENT")
        if file.stat().st_size == 0:
            # Empty files are answered at the door, without a content type (API reference §6.3).
            return Response(headers=[("ETag", self._files.etag(request.path, file))])
        return self._redirect(request, self._files.etag(request.path, file))

    def _refusal(self, request: Request) -> Response | None:
        permission = _PERMISSIONS.get(request.method)
        if permission is None:
            return _text(405, "Method not allowed")
        if not _well_formed(request.path):
            return _text(404, "No such file or directory")
        token = request.bearer or request.query.get("authz", [""])[0].removeprefix("Bearer ")
        if not self._tokens.allows(token, permission, request.path):
            # What the real door answers here was never recorded (API reference §9, 29).
            return _text(403, "Unable to give access - user access restricted - unauthorized identity used")
        return None

    def _redirect(self, request: Request, etag: str) -> Response:
        path = urllib.parse.quote(request.path)
        location = f"{self.node_origin}{path}?{self._tokens.capability(request.method, request.path)}"
        internal = f"/internal_redirect/{self.node_origin.removeprefix('http://')}{path}"
        headers = [
            ("Location", location),
            ("ETag", etag),
            ("X-Accel-Redirect", internal),
            ("X-Sendfile", internal),
        ]
        return Response(307, "TEMPORARY_REDIRECT", headers)


class EosNode:
    """The machine that has the disks: reached by redirection only, authorised by the query alone."""

    def __init__(self, files: EosFiles, tokens: EosTokens) -> None:
        self._files = files
        self._tokens = tokens

    def answer_early(self, request: Request) -> Response | None:
        return None if self._authorised(request) else self.answer(request)

    def answer(self, request: Request) -> Response:
        if not self._authorised(request):
            return _text(403, "Unable to give access - capability illegal")
        if request.method == "PUT":
            self._files.put(request.path, request)
            return Response(201, "CREATED")
        file = self._files.find(request.path)
        if file is None:
            return _text(404, "No such file or directory")
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("ETag", self._files.etag(request.path, file)),
            ("Last-Modified", formatdate(file.stat().st_mtime, usegmt=True)),
            ("OC-Checksum", f"Adler32:{self._files.checksum(file)}"),
        ]
        return Response(headers=headers, body=file)

    def _authorised(self, request: Request) -> bool:
        if request.method not in {"GET", "HEAD", "PUT"} or not _well_formed(request.path):
            return False
        capability = request.query.get("encURI", [""])[0]
        return self._tokens.allows_capability(capability, request.method, request.path)


def _well_formed(path: str) -> bool:
    clean = path.isprintable() and posixpath.normpath(path) == path and len(path) <= _LONGEST_PATH
    return clean and path.startswith(ROOT)


def _name(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def _inode(path: str) -> int:
    return 10**17 + int(_name(path)[:14], 16) % (9 * 10**17)


def _text(status: int, message: str) -> Response:
    return Response(status, headers=[("Content-Type", "text/plain")], body=f"{message}\n".encode())
