"""A session of requests on the core's connections, and whoever uses it."""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urljoin

import requests

from itkgui import __version__
from itkgui.client.answers import Answer
from itkgui.client.helper_threads import HelperThreads
from itkgui.client.origins import Origin
from itkgui.client.session import Session as Transport
from itkgui.itkdb import exceptions
from itkgui.itkdb.kept_answers import KeptAnswers
from itkgui.itkdb.settings import core_settings
from itkgui.itkdb.typing import UserLike
from itkgui.itkdb.user import User, UserBearer

log = logging.getLogger(__name__)

__all__ = ["Session", "User", "UserBearer"]

# Redirects that are followed, if at all: with the same method and body. The others, by which requests would
# turn a write into a read, are errors as 302 is (API reference §7.1).
_FOLLOWED = (307, 308)
_LEADING_AWAY = (301, 303, *_FOLLOWED)


class Session(requests.Session):
    """A session of requests for the database: addresses are relative to it, errors have their own kinds.

    ``user`` signs in when it is needed; its token goes to the database's host alone, and is renewed and sent
    once more when it is refused. Below, the core's connections repeat reads and limit every wait. Redirects
    are followed on the same host, and from EOS to the hosts that it may name. Safe to share between threads.
    """

    STATUS_EXCEPTIONS: ClassVar[Mapping[int, type[exceptions.ResponseException]]] = exceptions.STATUSES
    SUCCESS_STATUSES: ClassVar[frozenset[int]] = frozenset((200, 201))

    def __init__(
        self,
        user: UserLike | None = None,
        prefix_url: str | None = None,
        save_auth: Path | str | None = None,
        cache: bool | object = True,
        expires_after: Mapping[str, float] | None = None,
        auth_expiry_threshold: int = 15,
    ) -> None:
        super().__init__()
        self._settings = core_settings(**({} if prefix_url is None else {"api_url": prefix_url}))
        self.user: Any = user or User(save_auth=save_auth, auth_expiry_threshold=auth_expiry_threshold)
        self._transport = Transport(self._settings)
        self.helpers = HelperThreads()
        self._last = threading.local()
        self.auth = self.authorize
        self.headers["User-Agent"] = f"itkgui/{__version__}"
        # The servers' cookies hold no session (API reference §1.3).
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._kept = _kept_answers(cache, expires_after)
        for scheme in ("https://", "http://"):
            self.mount(scheme, _CoreAdapter(self))

    @property
    def prefix_url(self) -> str:
        """The database's address, which ends in a slash; it may be changed. Raises ValueError as Settings."""
        return self._settings.api_url

    @prefix_url.setter
    def prefix_url(self, url: str) -> None:
        self._settings = replace(self._settings, api_url=url)

    @property
    def _response(self) -> requests.Response | None:
        """The last answer that this thread got."""
        response: requests.Response | None = getattr(self._last, "response", None)
        return response

    def authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Give a request to the database the user's token, one that goes elsewhere nothing."""
        if self._is_for_the_database(request.url):
            self.user.authenticate()
            request.headers["Authorization"] = f"Bearer {self.user.bearer}"
        return request

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare a request whose address may be relative to the database's."""
        request = copy.copy(request)
        request.url = self._whole(request.url)
        return super().prepare_request(request)

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Add proxies and certificates of the environment; a server on this computer needs no proxy."""
        given = dict(proxies or {})
        merged = super().merge_environment_settings(url, dict(given), stream, verify, cert)
        if (origin := origin_of(url)) is not None and origin.is_loopback:
            merged["proxies"] = {**self.proxies, **given}
        return merged

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request, and once more with a new token if the database refuses it.

        Raises ResponseException for an answer that is no success, ConnectionFailed, TransferFailed.
        """
        response = super().send(request, **kwargs)
        if response.status_code == 401 and (again := self._with_another_token(request)) is not None:
            response = super().send(again, **kwargs)
        self._last.response = response
        self._check(response)
        return response

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request that is given whole, or by method and address."""
        if len(args) != 1:
            return self.request(*args, **kwargs)
        prepared = self.prepare_request(args[0])
        from_outside = [kwargs.get(name) for name in ("proxies", "stream", "verify", "cert")]
        return self.send(
            prepared, **{**self.merge_environment_settings(prepared.url, *from_outside), **kwargs}
        )

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where an answer leads, if it may be followed there."""
        target: str | None = super().get_redirect_target(resp)
        if target is None or resp.status_code not in _FOLLOWED:
            return None
        here, there = origin_of(resp.url), origin_of(urljoin(resp.url, target))
        if here is None or there is None:
            return None
        is_from_eos = self._is_on_eos(resp.url)
        is_to_eos = there.matches(self._settings.trusted_eos_redirect_hosts)
        return target if here == there or (is_from_eos and is_to_eos) else None

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Let no credential follow a redirect to another host, nor one from a .netrc replace it."""
        if origin_of(prepared_request.url) != origin_of(response.url):
            prepared_request.headers.pop("Authorization", None)

    def close(self) -> None:
        """Close the connections of all threads; what is kept of answers stays for the next session."""
        super().close()
        self.helpers.close()
        self._transport.close()
        if self._kept is not None:
            self._kept.close()

    def respond(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Let the core send a request, or answer it from what is kept. Raises as ``send``, for no answer."""
        with exceptions.translated():
            origin = origin_of(request.url)
            if self._kept is None or origin is None or not self._is_for_the_database(request.url):
                return self._transport.respond(request, **options)
            if request.method in ("GET", "HEAD"):
                use = None if options.get("stream") else self._kept.use_for(request, self.user, origin)
                return self._transport.respond(request, cache=use, **options)
            try:
                return self._transport.respond(request, **options)
            finally:
                self._kept.forget(request, self.user, origin)

    def decoded(self, response: requests.Response) -> dict[str, Any]:
        """Return the JSON object of an answer; its warnings are logged. Raises BadJSON, NotTheApi."""
        with exceptions.translated():
            return dict(Answer(response, patience=self._settings.read_timeout).json())

    def _whole(self, url: str | bytes) -> str:
        return urljoin(self.prefix_url, url.decode() if isinstance(url, bytes) else url)

    def _is_for_the_database(self, url: str | None) -> bool:
        return origin_of(url) == origin_of(self.prefix_url)

    def _is_on_eos(self, url: str) -> bool:
        origin = origin_of(url)
        if origin is None or self._is_for_the_database(url):
            return False
        return origin.matches(self._settings.trusted_eos_hosts)

    def _with_another_token(self, request: requests.PreparedRequest) -> requests.PreparedRequest | None:
        """Return a refused request with a new token; None if there can be none, or if it was not ours."""
        scheme, _, refused = request.headers.get("Authorization", "").partition(" ")
        renew = getattr(self.user, "replace", None)
        if scheme != "Bearer" or renew is None or not self._is_for_the_database(request.url):
            return None
        token = renew(refused)
        if token is None:
            return None
        again = request.copy()
        again.headers["Authorization"] = f"Bearer {token}"
        return again

    def _check(self, response: requests.Response) -> None:
        """Raise the error that an answer stands for, if it stands for one."""
        status = response.status_code
        kind = exceptions.for_status(status)
        leads_away = status in _LEADING_AWAY and "Location" in response.headers
        if leads_away and not self.get_redirect_target(response):
            kind = exceptions.Redirect
        if kind is None:
            return
        if kind is exceptions.BadRequest:
            raise kind(response, _asker(self.user) + exceptions.words_of(response))
        raise kind(response)


class _CoreAdapter(requests.adapters.BaseAdapter):
    """Hands what a session of requests has prepared to the core; gives its errors this package's names."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        response = self._session.respond(
            request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies
        )
        response.request = request
        return response

    def close(self) -> None:
        """Do nothing: the session closes what is behind it."""


def _kept_answers(cache: bool | object, expires_after: Mapping[str, float] | None) -> KeptAnswers | None:
    """Return what keeps the answers; ``expires_after`` has the arguments of a timedelta.

    Anything else is passed over, as the reference does.
    """
    if cache is False or cache is None:
        return None
    if cache is not True:
        log.warning("cache: a store of another kind is not used, answers are kept where this package does")
    return KeptAnswers(timedelta(**expires_after) if isinstance(expires_after, Mapping) else None)


def origin_of(url: str | None) -> Origin | None:
    """Return the server of an address; None if the address cannot be trusted to say one."""
    try:
        return Origin.of(url or "")
    except ValueError:
        return None


def _asker(user: UserLike) -> str:
    """Tell who asked, and with how fresh a token, where that is known: half of all refusals are of rights."""
    claims: Mapping[str, Any] = getattr(user, "id_token", {})
    return "".join(f"{name}: {claims[name]}\n" for name in ("uuidentity", "iat", "exp") if name in claims)
