"""Objects on EOS by the token that the database gave for them (API reference §6)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests

from itkgui.client.bodies import FileBody
from itkgui.client.connections import BLOCK
from itkgui.client.eos import ObjectStore
from itkgui.client.exceptions import FileUnreadable
from itkgui.client.origins import Origin
from itkgui.client.session import Session
from itkgui.itkdb.exceptions import translated
from itkgui.itkdb.settings import core_settings
from itkgui.itkdb.utils import binary, get_filesize


class OpenFileBody(FileBody):
    """The bytes of a file that a script has opened, or holds in memory; sent from their start each time."""

    def __init__(self, name: str, file: Any) -> None:
        super().__init__(Path(name), get_filesize(name, file))
        self._file = binary(file)

    def _blocks(self) -> Iterator[bytes]:
        try:
            self._file.seek(0)
            while block := self._file.read(BLOCK):
                yield block
        except (OSError, ValueError) as error:  # the latter of one that is closed
            raise FileUnreadable(f"{self.path.name}: {error}") from error


def put(
    eos_token: str, eos_url: str, eos_file_details: tuple[str, Any, str, dict[str, str]]
) -> requests.Response:
    """Store a file, given as ``get_file_components`` gives it; the answer has status 201.

    Raises ResponseException, ConnectionFailed, and Redirect where EOS names a host that is not trusted.
    """
    name, file, media_type, _ = eos_file_details
    with _store(eos_url) as store, translated():
        store.put(eos_url, eos_token, OpenFileBody(str(name), file), media_type)
    return done("PUT", eos_url, 201)


def delete(eos_token: str, eos_url: str) -> requests.Response:
    """Delete an object; the answer has status 204. Raises NotFound if there is none, else as ``put``."""
    with _store(eos_url) as store, translated():
        store.delete(eos_url, eos_token)
    return done("DELETE", eos_url, 204)


def done(method: str, url: str, status: int) -> requests.Response:
    """Return the answer that a finished transfer had, of which the core keeps nothing."""
    response = requests.Response()
    response.status_code, response.url = status, url
    response.request = requests.Request(method, url).prepare()
    return response


@contextlib.contextmanager
def _store(url: str) -> Iterator[ObjectStore]:
    """Give the object store by the settings; whoever names one on this computer may give it a token."""
    settings = core_settings()
    with contextlib.suppress(ValueError):  # the store itself refuses what is no address
        origin = Origin.of(url)
        if origin.is_loopback:
            settings = replace(settings, api_url=f"{origin}/")
    with contextlib.closing(Session(settings)) as session:
        yield ObjectStore(session, settings)
