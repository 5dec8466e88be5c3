"""Everything a command may look at or change, in one place."""

from __future__ import annotations

import gc
import mimetypes
from pathlib import Path

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.definitions import Person
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.eos.object_store import EosFiles, path_of_code
from itkgui.sandbox.ledger.ledger import Ledger
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.records import Attachment
from itkgui.sandbox.roles import Roles
from itkgui.sandbox.samples.attachments import Owner
from itkgui.sandbox.storage import Storage

# No component has more slots.
_SLOTS_PER_PART = 32


class World:
    """The sample data, what was written over them, and the bytes; shared by all threads of all servers."""

    def __init__(self, origins: Origins, storage: Storage, tokens: EosTokens, oddities: Oddities) -> None:
        self.oddities = oddities
        self.origins = origins
        self.catalogue: Catalogue = origins.catalogue
        self.definitions = origins.definitions
        self.ledger = Ledger(origins, storage.book(origins.catalogue.about))
        self.roles = Roles(self.catalogue)
        self.storage = storage
        self.tokens = tokens
        self.eos_files = EosFiles(storage, self._sample_on_eos)
        self.eos_origin = ""

    def prepare(self) -> None:
        """Do at the start what would make somebody's first question slow."""
        self.origins.shipments.count()
        self.origins.batches_of_sample.of_part(0)
        # The sample data live as long as the process: a collection that walks them stops an answer for 0.1 s.
        gc.collect()
        gc.freeze()

    def person(self, identity: str) -> Person:
        """Return a user. Raises KeyError for an unknown one."""
        return self.definitions.people[self.origins.person_number(identity)]

    def component_id(self, part: Part) -> str:
        return self.catalogue.object_id(part)

    def component_code(self, part: Part) -> str:
        return self.catalogue.code(part)

    def slot_id(self, part: Part, order: int) -> str:
        number = part.index * _SLOTS_PER_PART + order
        return self.catalogue.ids.object_id(IdKind.SLOT, number % 0x1000000, part.created)

    def content_type(self, attachment: Attachment) -> str | None:
        """Return the content type as it was uploaded, junk included, unless that oddity is switched off."""
        if self.oddities.content_types or attachment.type != "file":
            return attachment.content_type
        return mimetypes.guess_type(attachment.filename)[0] or "application/octet-stream"

    def eos_url(self, attachment: Attachment, permission: str = "") -> str:
        """Return the address of an attachment on EOS, with a token in it if a permission is asked for."""
        path = path_of_code(attachment.code)
        url = f"{self.eos_origin}{path}"
        return f"{url}?authz={self.tokens.issue(permission, path)}" if permission else url

    def file_of(self, attachment: Attachment) -> Path | None:
        """Return where the bytes of a "file" attachment lie."""
        if attachment.type != "file":
            return None
        if not attachment.sample:
            return self.storage.find(attachment.code)
        found = self.origins.samples.find(attachment.code)
        return None if found is None else self._sample(*found)

    def _sample_on_eos(self, path: str) -> Path | None:
        code = path.rpartition("/")[2]
        found = self.origins.samples.find(code)
        if found is None or found[1].type != "eos" or path_of_code(code) != path:
            return None
        return self._sample(*found)

    def _sample(self, owner: Owner, attachment: Attachment) -> Path:
        samples = self.origins.samples
        return self.storage.sample(attachment.code, lambda: samples.content(owner, attachment))
