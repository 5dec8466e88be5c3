"""The client that scripts use: any command by its name, answers as what they are."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from itkgui.client.answers import Answer
from itkgui.client.duplicates import duplicate_test_runs
from itkgui.client.eos import ObjectStore
from itkgui.client.paging import LIST_KEYS
from itkgui.client.session import patience_of
from itkgui.itkdb import attachments, exceptions
from itkgui.itkdb.core import Session
from itkgui.itkdb.models.file import fetched_file
from itkgui.itkdb.responses import PagedResponse

# Commands that answer with a file, of whatever type (API reference §5.5).
_FILES = (
    "uu-app-binarystore/getBinaryData",
    "getBatchAttachment",
    "getComponentAttachment",
    "getShipmentAttachment",
    "getTestRunAttachment",
)
_OF_EACH_PAGE = ("auth", "timeout", "verify", "cert", "proxies")


class Client(Session):
    """A Session whose answers are decoded: dicts, PagedResponse for lists in pages, lists, files.

    With ``use_eos``, files that belong there are sent to EOS; ``pagination_history`` keeps all pages of a
    list. The other arguments are those of Session. Safe to share between threads.
    """

    def __init__(
        self, use_eos: bool = False, pagination_history: bool = False, **session_kwargs: Any
    ) -> None:
        super().__init__(**session_kwargs)
        self._use_eos = use_eos
        self._pagination_history = pagination_history

    @property
    def use_eos(self) -> bool:
        return self._use_eos

    @property
    def object_store(self) -> ObjectStore:
        """EOS, by this client's settings."""
        return ObjectStore(self._transport, self._settings)

    def request(  # type: ignore[override]  # what comes is decoded
        self, method: str, url: str | bytes, *args: Any, limit: int = -1, **kwargs: Any
    ) -> Any:
        """Send a request and return what the answer holds.

        ``limit`` is how many objects of a list are wanted. Raises the errors of ``itkgui.itkdb.exceptions``.
        """
        whole = self._whole(url)
        response = super().request(method, whole, *args, **kwargs)
        answer = Answer(response, patience_of(kwargs.get("timeout") or self._settings.read_timeout))
        if self._is_on_eos(whole):
            return fetched_file(answer, is_on_eos=True)
        kind = answer.media_type
        if kind == "text/html" and "Content-Disposition" not in response.headers:
            response.close()
            raise exceptions.NotTheApi(response)
        if kind != "application/json" or self._command(whole) in _FILES:
            return fetched_file(answer)
        options = {name: kwargs[name] for name in _OF_EACH_PAGE if name in kwargs}
        return self._told(response, limit, options)

    def get(self, url: str | bytes, **kwargs: Any) -> Any:
        """Send a read; see ``request``."""
        return super().get(url, **kwargs)

    def post(
        self,
        url: str | bytes,
        data: Any = None,
        json: Any = None,
        *,
        allow_duplicate: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Send a write; without ``allow_duplicate`` an uploadTestRunResults only if no equal run exists.

        Raises DuplicateTestRuns, and ValueError for another command or if there is no ``json``.
        """
        if not allow_duplicate:
            if not json:
                raise ValueError("without json there is nothing to look for duplicates of")
            if self._command(self._whole(url)) != "uploadTestRunResults":
                raise ValueError(f"no check for duplicates exists for {url!r}")
            with exceptions.translated():
                found = duplicate_test_runs(self._asked, json)
            if found:
                raise exceptions.DuplicateTestRuns(f"Duplicate test runs: {', '.join(found)}")
        return super().post(url, data=data, json=json, **kwargs)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare a request; one that sends a file is rewritten, so that it is streamed, perhaps to EOS.

        Raises ValueError if a client that uses EOS is given another number of files than one.
        """
        request = copy.copy(request)
        request.url = self._whole(request.url)
        follow_up = attachments.prepare(self, self._command(request.url), request)
        prepared = super().prepare_request(request)
        if follow_up is not None:
            prepared.hooks["response"].append(follow_up)
        if self._gives_a_file(prepared.url):
            prepared.headers["Accept-Encoding"] = "identity"  # so that the length can be checked
        return prepared

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request; the body of a file is left on the wire."""
        if self._gives_a_file(request.url):
            kwargs["stream"] = True
        return super().send(request, **kwargs)

    def _told(self, response: requests.Response, limit: int, options: Mapping[str, Any]) -> Any:
        """Return what a JSON answer holds, in the form that its keys ask for (API reference §4)."""
        answer = self.decoded(response)
        key = next((key for key in LIST_KEYS if key in answer), None)
        if key == "pageItemList" or (key == "itemList" and answer.get("pageInfo")):
            return PagedResponse(
                self, response, self._pagination_history, limit, key, answer=answer, options=options
            )
        if key is not None:
            return answer[key] or []
        if "dtoSample" in answer:
            return answer["dtoSample"]
        answer.pop("uuAppErrorMap", None)
        return answer

    def _asked(self, command: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.decoded(super().request("GET", command, json=body))

    def _command(self, url: str) -> str:
        """Return the command that an address stands for; empty if it is none of the database's."""
        if not self._is_for_the_database(url):
            return ""
        return urlsplit(url).path.removeprefix(urlsplit(self.prefix_url).path).lstrip("/")

    def _gives_a_file(self, url: str | None) -> bool:
        return self._is_on_eos(url or "") or self._command(url or "") in _FILES
