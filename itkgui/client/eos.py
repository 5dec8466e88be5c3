"""The EOS object store: put, get and delete bytes under the tokens that the database hands out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin

from itkgui.client.answers import Answer
from itkgui.client.bodies import FileBody
from itkgui.client.downloads import announced_checksum
from itkgui.client.exceptions import (
    Forbidden,
    FrontDoorRefused,
    NotTheApi,
    RedirectRefused,
    UnexpectedStatus,
    UnreadableAnswer,
    WayRefused,
)
from itkgui.client.origins import Origin
from itkgui.client.session import Request, Session
from itkgui.language import _
from itkgui.records.attachment import Storage
from itkgui.settings import Settings

_REDIRECTS = (307, 308)
_HOPS = 3
_MEDIA_TYPES = ("application/octet-stream", "")  # of any file; an empty one has none (API reference §6.3)


def choose_storage(size: int, media_type: str, limit: int) -> tuple[Storage, str]:
    """Return where a file belongs (API reference §6.1), and why; sizes in bytes."""
    if media_type.startswith("image/"):
        return Storage.EOS, _("image")
    if media_type == "application/x-root":
        return Storage.EOS, _("ROOT file")
    if size > limit:
        return Storage.EOS, _("larger than {size:g} kB").format(size=limit / 1000)
    return Storage.FILE, _("small file")


def url_without_token(url: str) -> str:
    """Return the address of an object without the token that opens it."""
    return url.partition("?")[0]


class ObjectStore:
    """Talks to EOS; safe to share between threads.

    A token goes to the front door only (``trusted_eos_hosts``, by TLS unless it is this computer); where the
    front door sends a transfer, the address itself carries the right (API reference §6.6), and only hosts of
    ``trusted_eos_redirect_hosts`` are followed. Every method raises RedirectRefused where that is not kept
    (FrontDoorRefused of the first host, WayRefused of what no setting allows), Forbidden for a token that is
    not accepted, and what Session raises.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    def put(self, url: str, token: str, body: FileBody, media_type: str) -> None:
        """Store a file. Each hop is asked before a byte of it is sent (API reference §6.2)."""
        headers = {"Content-Type": media_type, "Expect": "100-continue"}
        request = Request("PUT", url, body=body, headers=headers, bearer=token)
        with self._answer(request) as answer:
            _expect(answer, 201)

    def delete(self, url: str, token: str) -> None:
        """Delete an object. Raises NotFound if there is none."""
        with self._answer(Request("DELETE", url, bearer=token)) as answer:
            _expect(answer, 204)

    @contextlib.contextmanager
    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """Ask for an object; ``url`` carries its own token, encoded as the database gave it.

        The answer is not compared with anything yet: see downloads. Raises NotTheApi for what is none of
        EOS: a web page of maintenance, or of a log-in.
        """
        asked = {"Accept-Encoding": "identity", **(headers or {})}
        with self._answer(Request("GET", url, headers=asked)) as answer:
            _expect(answer, 200, 206)
            if answer.media_type not in _MEDIA_TYPES and not announced_checksum(answer):
                raise NotTheApi(f"{answer.media_type} came instead of a file of EOS", status=answer.status)
            yield answer

    @contextlib.contextmanager
    def _answer(self, request: Request) -> Iterator[Answer]:
        """Send a request to the front door and from there on; give the answer of the last hop."""
        self._check_front_door(request.url)
        request = replace(request, accept=(*range(300, 400), 401))
        for _hop in range(_HOPS + 1):
            with self._session.stream(request) as answer:
                if answer.status == 401:  # of the object's token: the session itself is well
                    raise answer.error({401: Forbidden})
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                target = self._redirect_target(request.url, answer)
            request = replace(request, url=target, bearer="")
        raise WayRefused(f"more than {_HOPS} redirects")

    def _check_front_door(self, url: str) -> None:
        origin = _origin(url)
        if not origin.matches(self._settings.trusted_eos_hosts):
            raise FrontDoorRefused(f"{origin} is none of the object store's hosts", host=_as_set(origin))
        if origin.scheme != "https" and not origin.is_loopback:
            raise WayRefused(f"{origin} is not protected by TLS")

    def _redirect_target(self, url: str, answer: Answer) -> str:
        location = answer.headers.get("Location", "")
        if not location:
            raise UnreadableAnswer("a redirect that leads nowhere", status=answer.status)
        try:
            target = urljoin(url, location)
        except ValueError as error:
            raise WayRefused(f"a redirect that cannot be used: {error}") from error
        origin = _origin(target)
        if not origin.matches(self._settings.trusted_eos_redirect_hosts):
            raise RedirectRefused(f"{origin} is not a trusted host", host=_as_set(origin))
        return target


def _origin(url: str) -> Origin:
    try:
        return Origin.of(url)
    except ValueError as error:
        raise WayRefused(f"an address that cannot be used: {error}") from error


def _as_set(origin: Origin) -> str:
    """Return a host as it can be entered in the settings."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return f"{host}:{origin.port}"


def _expect(answer: Answer, *statuses: int) -> None:
    if answer.status not in statuses:
        raise UnexpectedStatus(f"EOS answered {answer.status} instead of {statuses[0]}", status=answer.status)
