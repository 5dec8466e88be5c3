"""A session of requests on the core's connections, and whoever uses it."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urljoin

import requests
from requests.sessions import merge_setting

from itkgui import __version__
from itkgui.client.origins import Origin
from itkgui.client.session import Session as Transport
from itkgui.itkdb import exceptions
from itkgui.itkdb.settings import core_settings
from itkgui.itkdb.typing import UserLike
from itkgui.itkdb.user import User, UserBearer

__all__ = ["Session", "User", "UserBearer"]

# Redirects that are followed, if at all, with the same method and body; 302 is an error (API reference §7.1).
_FOLLOWED = (301, 303, 307, 308)


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
        self._last = threading.local()
        self.auth = self.authorize
        self.headers["User-Agent"] = f"itkgui/{__version__}"
        # The servers' cookies hold no session (API reference §1.3).
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, _CoreAdapter(self._transport))

    @property
    def prefix_url(self) -> str:
        """The database's address, which ends in a slash; it may be changed. Raises ValueError as Settings."""
        return self._settings.api_url

    @prefix_url.setter
    def prefix_url(self, url: str) -> None:
        self._settings = copy.replace(self._settings, api_url=url)

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
