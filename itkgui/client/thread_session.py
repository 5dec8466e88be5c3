"""The requests session of one thread: wakeable connections, no cookies, no redirects, no user's .netrc."""

from __future__ import annotations

import logging
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import requests.auth

from itkgui import __version__
from itkgui.client.connections import WakeableAdapter
from itkgui.client.unpacking import ACCEPTED
from itkgui.log import redact


class _Redacting(logging.Filter):
    """Removes the capabilities of EOS from what urllib3 writes of each request at debug level."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_Redacting())

DEFAULT_HEADERS = {
    **requests.utils.default_headers(),
    "Accept-Encoding": ACCEPTED,
    "User-Agent": f"itkgui/{__version__}",
}


class ThreadSession(requests.Session):
    """Sends prepared requests over connections that only its thread uses and any thread may wake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.send_by(WakeableAdapter())
        self.headers.update(DEFAULT_HEADERS)
        # The servers' cookies hold no session (API reference §1.3).
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def send_by(self, adapter: WakeableAdapter) -> None:
        """Use the connections of another adapter."""
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never look where a redirect leads: who may follow one does so by hand (see eos)."""


class Bearer(requests.auth.AuthBase):
    """Sets the bearer that was given, or none; being there, it keeps a user's .netrc out of the requests."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
