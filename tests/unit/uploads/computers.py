"""Two computers, of which one hands uploads over to the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itkgui.uploads.hand_over import export_rows, import_rows
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Upload
from itkgui.uploads.upload_store import UploadStore
from tests.unit.uploads.store_rows import new_upload

SERVER = "https://database.invalid/"
ME = "12-3456-1"


@dataclass
class Computer:
    """A queue with its copies, on one of two computers."""

    folder: Path
    store: UploadStore
    spool: Spool

    def drop(self, name: str, content: bytes = b"12345", **fields: Any) -> Upload:
        source = self.folder / name
        source.write_bytes(content)
        upload = new_upload(name, source=str(source), **fields)
        taken = self.spool.take(source, upload.id, name)
        known = {"size": taken.size, "sha256": taken.sha256, "adler32": taken.adler32}
        return self.store.add([upload.with_changes(**known)])[0]

    def export(self, *uploads: Upload) -> Path:
        path = self.folder / "uploads.zip"
        export_rows(self.store, self.spool, [one.id for one in uploads], path, SERVER, 5.5)
        return path

    def take(self, path: Path, server: str = SERVER, **options: Any) -> list[Upload]:
        return import_rows(path, self.store, self.spool, server, **options)

    def copies(self) -> dict[str, bytes]:
        found = (path for path in self.spool.folder.rglob("*") if path.is_file())
        return {path.parent.name: path.read_bytes() for path in found}
