"""A session kept in a file until it ends: tokens as plain JSON for this user alone, never access codes."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from itkgui.client.exceptions import FileNotWritten

log = logging.getLogger(__name__)

_FORMAT = "itkgui session 1"
_SIZE_LIMIT = 100_000
_FOREIGN_RIGHTS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class SavedTokens:
    """What a sign-in brought: the token that the API wants, and the other one."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class TokenFile:
    """Keeps the tokens of one account at one identity provider in a file with mode 0600.

    ``account`` is what tells accounts apart, such as the access codes; only a salted, slow hash of it is
    written. A file of another account or provider is as good as none.
    """

    def __init__(self, path: Path, auth_url: str) -> None:
        self._path = path
        self._auth_url = auth_url

    def load(self, account: str) -> SavedTokens | None:
        """Return the tokens that were saved for this account, for any if it is empty; None if there are none.

        A file that others can write to or read, or that holds anything else, is not used; the log says why.
        """
        try:
            return self._loaded(account)
        except FileNotFoundError:
            return None
        except (OSError, _UnusableError) as error:
            log.warning("the saved session in %s is not used: %s", self._path.name, error)
            return None

    def _loaded(self, account: str) -> SavedTokens:
        if not stat.S_ISREG(self._path.stat().st_mode):
            raise _UnusableError("it is no file")
        with self._path.open("rb") as file:
            owner = os.fstat(file.fileno())
            content = file.read(_SIZE_LIMIT)
        if os.name == "posix" and (owner.st_mode & _FOREIGN_RIGHTS or owner.st_uid != os.getuid()):
            raise _UnusableError("others have access to it")
        try:
            data = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _UnusableError("it is no JSON") from error
        if not isinstance(data, dict) or data.get("format") != _FORMAT:
            raise _UnusableError("it is of another format")
        texts = {key: value for key, value in data.items() if isinstance(value, str)}
        if texts.get("auth_url") != self._auth_url:
            raise _UnusableError("it is for another identity provider")
        mark = _mark(account, texts.get("salt", "")) if account else ""
        if account and not hmac.compare_digest(_raw(mark), _raw(texts.get("account", ""))):
            raise _UnusableError("it is for another account")
        if not texts.get("id_token"):
            raise _UnusableError("it holds no token")
        return SavedTokens(texts["id_token"], texts.get("access_token", ""))

    def save(self, account: str, tokens: SavedTokens) -> None:
        """Write the tokens; the file is there whole or not at all. Raises FileNotWritten."""
        salt = secrets.token_hex(16)
        data = {
            "format": _FORMAT,
            "auth_url": self._auth_url,
            "salt": salt,
            "account": _mark(account, salt),
            "id_token": tokens.id_token,
            "access_token": tokens.access_token,
        }
        try:
            descriptor, name = tempfile.mkstemp(prefix=".itkgui-", dir=self._path.parent)  # mode 0600
            part = Path(name)
            try:
                os.close(descriptor)
                part.write_text(json.dumps(data, indent=2), encoding="utf-8")
                part.replace(self._path)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise FileNotWritten(f"{self._path}: {error.strerror or error}") from error

    def remove(self) -> None:
        """Delete the file, if there is one. Raises FileNotWritten."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise FileNotWritten(f"{self._path}: {error.strerror or error}") from error


class _UnusableError(Exception):
    """A file is there, but it is not to be used; the text says why."""


def _mark(account: str, salt: str) -> str:
    return hashlib.scrypt(_raw(account), salt=_raw(salt), n=2**14, r=8, p=1).hex()


def _raw(text: str) -> bytes:
    return text.encode(errors="surrogatepass")  # JSON may hold half a character
