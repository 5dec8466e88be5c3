"""The object store: a door that checks tokens and redirects, and a storage node that moves the bytes."""

from __future__ import annotations

import hashlib
import os
import posixpath
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.storage import Storage
from itkgui.sandbox.wire.answers import text_error
from itkgui.sandbox.wire.messages import Request, Response
from itkgui.sandbox.wire.ranges import UnsatisfiableRangeError, parse_range

ROOT = "/eos/atlas/test/itkpd/"
NODE_SERVER = "XrootD/v20220914-32a08d9"
DOOR_SERVER = "XrootD/5.5.10"
_PERMISSIONS = {"GET": "r", "HEAD": "r", "PUT": "w", "DELETE": "x"}
_LONGEST_PATH = 1024
_LENGTH_OF_OLD_CODES = 64


def path_of_code(code: str) -> str:
    """Return where the file of an attachment lies (API reference §6.2).

    Codes of 64 digits (until 2022-03) lie flat, those of 32 in three one-character folders.
    """
    if len(code) == _LENGTH_OF_OLD_CODES:
        return f"{ROOT}{code}"
    return f"{ROOT}{code[0]}/{code[1]}/{code[2]}/{code}"


def is_path(path: str) -> bool:
    """Whether a decoded path can be one of the store: below its root, and with nothing to resolve in it."""
    clean = path.isprintable() and posixpath.normpath(path) == path and len(path) <= _LONGEST_PATH
    return clean and path.startswith(ROOT)


@dataclass
class StoredFile:
    """An open file of the store and what is told about it; whoever opens it closes it, or sends it."""

    stream: BinaryIO
    etag: str
    checksum: str

    @property
    def size(self) -> int:
        return os.fstat(self.stream.fileno()).st_size

    @property
    def modified(self) -> float:
        return os.fstat(self.stream.fileno()).st_mtime


class EosFiles:
    """The files of the store by path; a path is only ever a key, never a place on this machine's disk.

    `sample` returns the generated file that lies at a path from the start, or None. What is replaced while
    somebody reads it stays for him what it was.
    """

    def __init__(self, storage: Storage, sample: Callable[[str], Path | None]) -> None:
        self._storage = storage
        self._sample = sample

    def find(self, path: str) -> Path | None:
        """Return where the bytes of a path lie, or None if there are none."""
        name = storage_name(path)
        uploaded = self._storage.find(name)
        if uploaded is not None or self._storage.is_deleted(name):
            return uploaded
        return self._sample(path)

    def open(self, path: str) -> StoredFile | None:
        place = self.find(path)
        if place is None:
            return None
        try:
            stream = place.open("rb")
        except FileNotFoundError:
            # Deleted just now.
            return None
        checksum = self._storage.adler32(stream)
        return StoredFile(stream, self.etag(path, checksum), checksum)

    def put(self, path: str, request: Request) -> None:
        """Store the body of a request in one step; a body that breaks off leaves everything as it was."""
        incoming, file = self._storage.incoming()
        try:
            with file:
                write = request.body.storing(file.write)
                for block in request.body.blocks():
                    write(block)
            self._storage.keep(storage_name(path), incoming)
        except BaseException:
            incoming.unlink(missing_ok=True)
            raise

    def delete(self, path: str) -> bool:
        if self.find(path) is None:
            return False
        # First the mark: a sample at this path must not shine through, not even for a moment.
        self._storage.mark_deleted(storage_name(path))
        self._storage.remove(storage_name(path))
        return True

    @staticmethod
    def etag(path: str, checksum: str = "00000000") -> str:
        """Return the quoted ETag of a path: a number of its own, and the checksum of what lies there."""
        return f'"{_inode(path)}:{checksum}"'


class EosDoor:
    """The address that attachments point at (API reference §6.2, §6.3).

    It never reads a body: who asks first is redirected or refused before a byte of it travels, and from
    everybody else the server takes it all before the answer leaves. `answers_empty_files` is the oddity.
    """

    def __init__(self, files: EosFiles, tokens: EosTokens, *, answers_empty_files: bool) -> None:
        self._files = files
        self._tokens = tokens
        self._answers_empty_files = answers_empty_files
        self.node_origin = ""

    def answer(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        path = request.path
        if request.method == "PUT":
            return self._redirect(request, self._files.etag(path))
        if request.method == "DELETE":
            return Response(204, "NO CONTENT") if self._files.delete(path) else _not_there()
        file = self._files.open(path)
        if file is None:
            return _not_there()
        with file.stream:
            if file.size == 0 and self._answers_empty_files:
                # Without a content type (API reference §6.3).
                return Response(headers=[("ETag", file.etag)])
            return self._redirect(request, file.etag)

    def _refusal(self, request: Request) -> Response | None:
        permission = _PERMISSIONS.get(request.method)
        if permission is None:
            return text_error(405, "Method not allowed")
        token = request.bearer or request.query.get("authz", [""])[0].removeprefix("Bearer ")
        if request.expire_token:
            self._tokens.revoke(token)
        if not is_path(request.path):
            return text_error(404, "No such file or directory")
        if not self._tokens.allows(token, permission, request.path):
            # What the real door answers here was never recorded (API reference §9, 29).
            return text_error(
                403, "Unable to give access - user access restricted - unauthorized identity used"
            )
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

    def answer(self, request: Request) -> Response:
        capability = request.query.get("encURI", [""])[0]
        if request.expire_token:
            self._tokens.revoke_capability(capability)
        known = request.method in ("GET", "HEAD", "PUT") and is_path(request.path)
        if not known or not self._tokens.allows_capability(capability, request.method, request.path):
            return text_error(403, "Unable to give access - capability illegal")
        if request.method == "PUT":
            self._files.put(request.path, request)
            return Response(201, "CREATED")
        file = self._files.open(request.path)
        return _not_there() if file is None else _content(request, file)


def _content(request: Request, file: StoredFile) -> Response:
    """Return a file, or the part of it that is asked for, if that is still the same file."""
    headers = [
        ("Content-Type", "application/octet-stream"),
        ("ETag", file.etag),
        ("Last-Modified", formatdate(file.modified, usegmt=True)),
        ("OC-Checksum", f"Adler32:{file.checksum}"),
        ("Accept-Ranges", "bytes"),
    ]
    wanted = request.headers.get("Range") if request.method == "GET" else None
    if request.headers.get("If-Range", file.etag) != file.etag:
        wanted = None
    try:
        span = parse_range(wanted, file.size)
    except UnsatisfiableRangeError:
        refusal = text_error(416, "The requested range is not satisfiable")
        refusal.headers.append(("Content-Range", f"bytes */{file.size}"))
        file.stream.close()
        return refusal
    if span is None:
        return Response(headers=headers, body=file.stream)
    start, length = span
    headers.append(("Content-Range", f"bytes {start}-{start + length - 1}/{file.size}"))
    return Response(206, headers=headers, body=file.stream, span=span)


def _not_there() -> Response:
    return text_error(404, "Unable to open file; No such file or directory")


def storage_name(path: str) -> str:
    """Return under which name the bytes of a path are stored."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def _inode(path: str) -> int:
    return 10**17 + int(storage_name(path)[:14], 16) % (9 * 10**17)
