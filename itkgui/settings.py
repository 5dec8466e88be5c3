"""What can be set: each setting is declared once, with its default, environment variable and help."""

from __future__ import annotations

import ipaddress
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

PRODUCTION_API_URL = "https://itkpd.unicornuniversity.net/"
PRODUCTION_AUTH_URL = "https://uuidentity.plus4u.net/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/"

_EOS_HOSTS = ("eosatlas.cern.ch",)
_EOS_REDIRECT_HOSTS = ("*.cern.ch",)
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"https": 443, "http": 80}


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
        _EOS_HOSTS, "Hosts of the object store's front door (host or host:port).", "ITKGUI_EOS_HOSTS"
    )
    eos_redirect_hosts: tuple[str, ...] = _setting(
        _EOS_REDIRECT_HOSTS,
        "Hosts that the front door may send a transfer to (patterns; host or host:port).",
        "ITKGUI_EOS_REDIRECT_HOSTS",
    )
    eos_size_limit: int = _setting(64_000, "Files larger than this go to EOS, in bytes.")
    undo_seconds: float = _setting(
        10.0, "Time in which uploads can be taken back before they begin, in seconds.", "ITKGUI_UNDO_SECONDS"
    )
    page_size: int = _setting(100, "Rows asked for at a time in a list.")
    log_level: str = _setting("info", "Least severe message written to the log.", "ITKGUI_LOG_LEVEL")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Return the defaults, overridden by the environment variables declared above; commas part a list.

        Without ``environ`` it is the environment of this process, and below it the lines of a file ``.env``
        in the working folder that begin with ``ITKDB_``. Raises ValueError for an address that cannot be
        used, and for what is no number where one is due.
        """
        if environ is None:
            environ = {**_dotenv(Path.cwd() / ".env"), **os.environ}
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = item.metadata["env"]
            if name and environ.get(name):
                values[item.name] = _value_like(item.default, name, environ[name])
        return cls(**values)

    def __post_init__(self) -> None:
        for name in ("api_url", "auth_url"):
            object.__setattr__(self, name, _address(name, getattr(self, name)))

    @property
    def is_production(self) -> bool:
        return self.api_url == PRODUCTION_API_URL

    @property
    def trusted_eos_hosts(self) -> tuple[str, ...]:
        """The hosts that may be given an EOS token: for an API on this computer, its neighbours too.

        Hosts that were chosen stand as they are.
        """
        return self._with_neighbours(self.eos_hosts, _EOS_HOSTS)

    @property
    def trusted_eos_redirect_hosts(self) -> tuple[str, ...]:
        """The hosts that EOS may send a transfer to, by the same rule."""
        return self._with_neighbours(self.eos_redirect_hosts, _EOS_REDIRECT_HOSTS)

    def _with_neighbours(self, hosts: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
        is_neighbour = is_loopback(urlsplit(self.api_url).hostname or "")
        return (*hosts, *_LOOPBACK_HOSTS) if hosts == default and is_neighbour else hosts


def _dotenv(path: Path) -> dict[str, str]:
    """Return the variables of a file that scripts written for ``itkdb`` take their settings from."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # only for those who have such a file

    found = dotenv_values(path)
    return {name: value for name, value in found.items() if name.startswith("ITKDB_") and value}


def is_loopback(host: str) -> bool:
    """Tell whether a host, as a name or a number without brackets, is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(name: str, url: str) -> str:
    """Return an address in its one spelling, with a slash at its end, as commands are joined to it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # an open bracket, or a port that is none
        parts, port = SplitResult("", "", "", "", ""), None
    host = (parts.hostname or "").rstrip(".")
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _DEFAULT_PORTS or not host or port == 0 or not is_plain:
        raise ValueError(f"{name} must be an address like https://host/, not {url!r}")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(
            f"{name} must begin with https://, not {url!r}: anybody on the way could read access codes that "
            "are sent by http://, which is for servers on this computer only"
        )
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return parts._replace(netloc=netloc, path=parts.path.rstrip("/") + "/").geturl()


def _value_like(default: Any, name: str, text: str) -> Any:
    """Return what an environment variable says, as the kind of value that its setting has."""
    if isinstance(default, str):
        return text
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return _number(name, text)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:  # also false for "nan", with which no token would ever expire
        raise ValueError(f"{name} must be a number from 0 up, not {text!r}")
    return number
