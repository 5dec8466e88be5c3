"""Who asks: somebody with access codes, or with a token from elsewhere."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from itkgui.client.auth import Authenticator
from itkgui.client.credentials import AccessCodes
from itkgui.client.session import Session
from itkgui.client.token_file import TokenFile
from itkgui.itkdb.exceptions import translated
from itkgui.itkdb.settings import core_settings, settings

log = logging.getLogger(__name__)


class UserBearer:
    """Somebody with a token from elsewhere, by default ``ITKDB_AUDREYTWO_API_KEY``; it cannot be renewed."""

    def __init__(self, bearer: str | None = None) -> None:
        self._bearer = (settings.ITKDB_AUDREYTWO_API_KEY if bearer is None else bearer).strip()

    def authenticate(self) -> bool:
        """Whether the token is good shows when it is used."""
        return True

    @property
    def bearer(self) -> str:
        return self._bearer

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class User:
    """Somebody with access codes, by default those of the settings; safe to share between threads.

    ``audience`` and ``prefix_url`` are the identity provider's; of ``jwt_options`` the ``leeway`` in seconds
    counts. ``save_auth`` is a file for the session's tokens, which is taken up again until they end; it holds
    no access codes. A token with less life than ``auth_expiry_threshold`` seconds is renewed before its next
    use, one that lives shorter than that at half its life.
    """

    def __init__(
        self,
        access_code1: str | None = None,
        access_code2: str | None = None,
        audience: str | None = None,
        prefix_url: str | None = None,
        jwt_options: Mapping[str, Any] | None = None,
        save_auth: Path | str | None = None,
        auth_expiry_threshold: int = 15,
    ) -> None:
        options = dict(jwt_options or {})
        chosen: dict[str, Any] = {
            "access_audience": audience,
            "auth_url": prefix_url,
            "leeway": options.pop("leeway", None),
        }
        if options:
            log.warning("jwt_options: tokens are verified in full, without regard to %s", ", ".join(options))
        core = core_settings(**{name: value for name, value in chosen.items() if value is not None})
        self._codes = AccessCodes(
            settings.ITKDB_ACCESS_CODE1 if access_code1 is None else access_code1,
            settings.ITKDB_ACCESS_CODE2 if access_code2 is None else access_code2,
        )
        self._authenticator = Authenticator(
            Session(core),
            core,
            self._codes,
            token_file=TokenFile(Path(save_auth), core.auth_url) if save_auth else None,
            renew_ahead=auth_expiry_threshold,
        )
        self.auth_expiry_threshold = auth_expiry_threshold

    def authenticate(self) -> bool:
        """Get a token, unless there is one that is good for a while; return True.

        Raises SignInFailed, whose ``response`` is the identity provider's answer, and ConnectionFailed.
        """
        with translated():
            self._authenticator.bearer()
        return True

    def replace(self, refused: str) -> str | None:
        """Return another token than this one, which the database has refused. Raises as ``authenticate``."""
        with translated():
            return self._authenticator.replace(refused)

    @property
    def access_code1(self) -> str:
        return self._codes.code1

    @property
    def access_code2(self) -> str:
        return self._codes.code2

    @property
    def access_token(self) -> str | None:
        """The token that the database does not want; None before the first sign-in."""
        grant = self._authenticator.grant
        return (grant.access_token or None) if grant else None

    @property
    def bearer(self) -> str:
        """The token that the database wants; empty before the first sign-in."""
        grant = self._authenticator.grant
        return grant.token if grant else ""

    @property
    def id_token(self) -> dict[str, Any]:
        """What the token says; empty before the first sign-in."""
        grant = self._authenticator.grant
        return dict(grant.claims) if grant else {}

    @property
    def name(self) -> str:
        return str(self.id_token.get("name", ""))

    @property
    def identity(self) -> str:
        """The ``userIdentity`` by which ``getUser`` knows the person."""
        return str(self.id_token.get("uuidentity", ""))

    @property
    def expires_at(self) -> int:
        """When the token ends, in seconds since 1970; 0 before the first sign-in."""
        return int(self.id_token.get("exp", 0))

    @property
    def expires_in(self) -> int:
        """For how many seconds the token lives on; 0 when it has ended."""
        return max(0, int(self.expires_at - time.time()))

    def is_authenticated(self) -> bool:
        """Tell whether there is a token, good or not."""
        return self._authenticator.grant is not None

    def is_expired(self) -> bool:
        """Tell whether the token has less life than the threshold."""
        return self.expires_in <= self.auth_expiry_threshold

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name}, expires_in={self.expires_in}s)"
