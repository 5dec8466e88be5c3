"""What can be set: each setting is declared once, with its default, environment variable and help."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

PRODUCTION_API_URL = "https://itkpd.unicornuniversity.net/"
PRODUCTION_AUTH_URL = "https://uuidentity.plus4u.net/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/"


def _setting(default: Any, help_text: str, env: str | None = None, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"help": help_text, "env": env})


@dataclass(frozen=True)
class Settings:
    """Every setting of the program; later sources win: defaults, environment, command line."""

    api_url: str = _setting(PRODUCTION_API_URL, "Production database; ends in a slash.", "ITKDB_API_URL")
    auth_url: str = _setting(PRODUCTION_AUTH_URL, "Identity provider; ends in a slash.", "ITKDB_AUTH_URL")
    access_code1: str = _setting("", "First access code.", "ITKDB_ACCESS_CODE1", secret=True)
    access_code2: str = _setting("", "Second access code.", "ITKDB_ACCESS_CODE2", secret=True)
    access_scope: str = _setting(
        "openid https://itkpd.unicornuniversity.net", "Scope asked for at sign-in.", "ITKDB_ACCESS_SCOPE"
    )
    access_audience: str = _setting(
        "https://itkpd.unicornuniversity.net", "Audience a token must name.", "ITKDB_ACCESS_AUDIENCE"
    )
    leeway: float = _setting(2.0, "Clock difference tolerated in a token, in seconds.", "ITKDB_LEEWAY")
    connect_timeout: float = _setting(10.0, "Time to reach a server, in seconds.")
    read_timeout: float = _setting(120.0, "Silence tolerated from a server, in seconds.")
    eos_hosts: tuple[str, ...] = _setting(
        ("eosatlas.cern.ch",), "Hosts of the object store's front door (host or host:port)."
    )
    eos_redirect_hosts: tuple[str, ...] = _setting(
        ("*.cern.ch",), "Hosts that the front door may send a transfer to (patterns; host or host:port)."
    )
    eos_size_limit: int = _setting(64_000, "Files larger than this go to EOS, in bytes.")
    page_size: int = _setting(100, "Rows asked for at a time in a list.")
    log_level: str = _setting("info", "Least severe message written to the log.", "ITKGUI_LOG_LEVEL")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return the defaults, overridden by the environment variables declared above.

        Raises ValueError if a positive number is due and the variable holds none.
        """
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = item.metadata["env"]
            if name and environ.get(name):
                values[item.name] = (
                    environ[name] if isinstance(item.default, str) else _number(name, environ[name])
                )
        return cls(**values)

    def __post_init__(self) -> None:
        for name in ("api_url", "auth_url"):
            url = getattr(self, name)
            if not _is_address(url):
                raise ValueError(f"{name} must be an address like https://host/ or http://host/, not {url!r}")
            if not url.endswith("/"):  # relative commands are joined to it
                object.__setattr__(self, name, url + "/")

    @property
    def is_production(self) -> bool:
        return self.api_url == PRODUCTION_API_URL


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an open bracket, or a port that is none
        return False


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:  # also false for "nan", with which no token would ever expire
        raise ValueError(f"{name} must be a number from 0 up, not {text!r}")
    return number
