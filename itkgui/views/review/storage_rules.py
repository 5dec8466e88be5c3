"""Where everybody at this computer has files of a kind kept, as somebody wished once."""

from __future__ import annotations

from typing import Any

from itkgui.records.attachment import Storage
from itkgui.views.context.memory import Memory

_KEY, _VERSION = "upload-storage", 1


class StorageRules:
    """Kept by media type in what all who use this computer share."""

    def __init__(self, site: Memory) -> None:
        self._site = site

    def of(self, media_type: str) -> Storage | None:
        """Return where files of a media type are kept; None if nobody wished for anything."""
        name = self._kept().get(media_type)
        return Storage(name) if name in (Storage.FILE.value, Storage.EOS.value) else None

    def put(self, media_type: str, storage: Storage) -> None:
        self._site.put(_KEY, _VERSION, self._kept() | {media_type: storage.value})

    def _kept(self) -> dict[str, Any]:
        kept = self._site.get(_KEY, _VERSION)
        return kept if isinstance(kept, dict) else {}
