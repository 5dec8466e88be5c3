"""The ``ITKDB_*`` settings, by the names and defaults that scripts know (API reference §1.6)."""

from __future__ import annotations

import importlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from itkgui.settings import PRODUCTION_API_URL, PRODUCTION_AUTH_URL
from itkgui.settings import Settings as CoreSettings
from itkgui.settings.configuration import load

_CORE = CoreSettings()
_DEFAULTS: dict[str, Any] = {
    "ITKDB_ACCESS_CODE1": "",
    "ITKDB_ACCESS_CODE2": "",
    "ITKDB_AUDREYTWO_API_KEY": "",
    "ITKDB_ACCESS_SCOPE": _CORE.access_scope,
    "ITKDB_ACCESS_AUDIENCE": _CORE.access_audience,
    "ITKDB_AUTH_URL": PRODUCTION_AUTH_URL,
    "ITKDB_API_URL": PRODUCTION_API_URL,
    "ITKDB_CASSETTE_LIBRARY_DIR": "tests/integration/cassettes",
    "ITKDB_LEEWAY": int(_CORE.leeway),
}
# Who lists modules of settings begins with the package's own, which are the defaults here.
_OWN_MODULES = ("itkdb.", "itkgui.itkdb.")


class Settings:
    """Each setting as an attribute: by ``configure``, else the environment, else modules, else the default.

    The environment includes the file ``.env`` of the folder in which the package was imported, whose lines
    never replace a variable that is set. Modules are those that ``SIMPLE_SETTINGS`` names, split by commas;
    later ones win. Raises AttributeError for a name that nobody sets, ValueError for a number that is none.
    """

    def __init__(self) -> None:
        self._configured: dict[str, Any] = {}
        self._of_modules: dict[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._configured:
            return self._configured[name]
        values = self._below()
        if name not in values:
            raise AttributeError(f"{name} is not set")
        return _from_environment(name, values[name])

    def configure(self, **values: Any) -> None:
        """Set values for this process, over all other sources."""
        self._configured |= values

    def as_dict(self) -> dict[str, Any]:
        """Return all settings with their values, the access codes among them."""
        return {name: getattr(self, name) for name in {**self._below(), **self._configured}}

    def _below(self) -> dict[str, Any]:
        """Return what holds where neither the process nor the environment say anything."""
        if self._of_modules is None:
            self._of_modules = {}
            for module in os.environ.get("SIMPLE_SETTINGS", "").split(","):
                if module.strip() and not module.strip().startswith(_OWN_MODULES):
                    found = vars(importlib.import_module(module.strip()))
                    self._of_modules |= {key: value for key, value in found.items() if key.isupper()}
        return _DEFAULTS | self._of_modules


def core_settings(**changes: Any) -> CoreSettings:
    """Return the core's settings as these settings say, with changes; what they do not name is as set there.

    Raises ValueError as the core does.
    """
    values: dict[str, Any] = {
        "api_url": settings.ITKDB_API_URL,
        "auth_url": settings.ITKDB_AUTH_URL,
        "access_scope": settings.ITKDB_ACCESS_SCOPE,
        "access_audience": settings.ITKDB_ACCESS_AUDIENCE,
        "leeway": float(settings.ITKDB_LEEWAY),
    }
    return replace(load().settings, **(values | changes))


def _from_environment(name: str, value: Any) -> Any:
    text = os.environ.get(name)
    if text is None:
        return value
    return int(text) if type(value) is int else text


def _load_dotenv(path: Path) -> None:
    """Put the variables of a file into the environment, where they are not set."""
    if path.is_file():
        from dotenv import load_dotenv  # only for those who have such a file

        load_dotenv(path)


_load_dotenv(Path.cwd() / ".env")
settings = Settings()
