"""HTTP core for the ITk Production Database, its identity provider and EOS; no Qt, usable from any script.

The names below are what a script needs; each is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itkgui.client.attachments import NewAttachment
    from itkgui.client.auth import Identity
    from itkgui.client.cache_options import CacheOptions
    from itkgui.client.client import Client
    from itkgui.client.credentials import AccessCodes, BearerToken
    from itkgui.client.database import ProductionDatabase
    from itkgui.client.paging import PagedResponse
    from itkgui.client.queries import ComponentQuery
    from itkgui.client.transfer import Transfer, running
    from itkgui.records.attachment import Storage
    from itkgui.settings import Settings

__all__ = [
    "AccessCodes",
    "BearerToken",
    "CacheOptions",
    "Client",
    "ComponentQuery",
    "Identity",
    "NewAttachment",
    "PagedResponse",
    "ProductionDatabase",
    "Settings",
    "Storage",
    "Transfer",
    "running",
]

_HOMES = {
    "AccessCodes": "itkgui.client.credentials",
    "BearerToken": "itkgui.client.credentials",
    "CacheOptions": "itkgui.client.cache_options",
    "Client": "itkgui.client.client",
    "ComponentQuery": "itkgui.client.queries",
    "Identity": "itkgui.client.auth",
    "NewAttachment": "itkgui.client.attachments",
    "PagedResponse": "itkgui.client.paging",
    "ProductionDatabase": "itkgui.client.database",
    "Settings": "itkgui.settings",
    "Storage": "itkgui.records.attachment",
    "Transfer": "itkgui.client.transfer",
    "running": "itkgui.client.transfer",
}

if not TYPE_CHECKING:  # for a type checker, only the names above are there

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
