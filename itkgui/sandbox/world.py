"""Everything a command may look at or change, in one place."""

from __future__ import annotations

from pathlib import Path

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.histories import Histories, Run
from itkgui.sandbox.catalogue.measurements import Measurements
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.eos.object_store import EosFiles, path_of_code
from itkgui.sandbox.ledger import Ledger
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.samples.attachments import Attachment, Attachments, Owner
from itkgui.sandbox.storage import Storage


class World:
    """The catalogue, what was written on top of it, and the bytes; shared by all threads of all servers."""

    def __init__(self, catalogue: Catalogue, storage: Storage, tokens: EosTokens, oddities: Oddities) -> None:
        self.oddities = oddities
        self.catalogue = catalogue
        self.definitions = catalogue.definitions
        self.ids = catalogue.ids
        self.histories = Histories(catalogue)
        self.measurements = Measurements(catalogue, self.histories)
        self.samples = Attachments(catalogue, self.histories, self.measurements)
        self.ledger = Ledger(self.samples)
        self.storage = storage
        self.tokens = tokens
        self.eos_files = EosFiles(storage, self._sample_on_eos)
        self.eos_origin = ""

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
        found = self.samples.find(attachment.code)
        return None if found is None else self._sample(*found)

    def modified(self, part: Part) -> tuple[int, int]:
        """Return the revision of a part and when it was last changed."""
        writes, modified = self.ledger.revision(Owner.component(part.index))
        revision = len(self.histories.runs(part.index)) + len(self.histories.stages(part.index)) + writes
        return revision, max(modified, self.histories.modified(part))

    def run_modified(self, run: Run) -> tuple[int, int]:
        writes, modified = self.ledger.revision(Owner.test_run(run.number))
        return len(self.samples.of_run(run.number)) + writes, max(modified, run.uploaded)

    def _sample_on_eos(self, path: str) -> Path | None:
        code = path.rpartition("/")[2]
        found = self.samples.find(code)
        if found is None or found[1].type != "eos" or path_of_code(code) != path:
            return None
        return self._sample(*found)

    def _sample(self, owner: Owner, attachment: Attachment) -> Path:
        return self.storage.sample(attachment.code, lambda: self.samples.content(owner, attachment))
