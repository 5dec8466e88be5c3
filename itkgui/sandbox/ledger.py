"""What was written since the catalogue was made, laid over it: attachments and revisions."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field

from itkgui.sandbox import dates
from itkgui.sandbox.samples.attachments import Attachment, Attachments, Owner


@dataclass
class _Changes:
    """What was written to one component or test run."""

    added: list[Attachment] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    writes: int = 0
    modified: int = 0


class Ledger:
    """All changes, guarded by one lock that is never held while bytes move."""

    def __init__(self, attachments: Attachments) -> None:
        self._attachments = attachments
        self._lock = threading.Lock()
        self._changes: dict[Owner, _Changes] = {}

    def attachments(self, owner: Owner) -> list[Attachment]:
        """Return the attachments of an owner as they are now, oldest first."""
        listed = self._attachments.of(owner)
        with self._lock:
            changes = self._changes.get(owner)
            if changes is None:
                return list(listed)
            return [entry for entry in (*listed, *changes.added) if entry.code not in changes.removed]

    def attachment(self, owner: Owner, code: str) -> Attachment | None:
        return next((entry for entry in self.attachments(owner) if entry.code == code), None)

    def revision(self, owner: Owner) -> tuple[int, int]:
        """Return how many writes there were, and when the last one was (0: none)."""
        with self._lock:
            changes = self._changes.get(owner)
            return (0, 0) if changes is None else (changes.writes, changes.modified)

    def new_code(self) -> str:
        return uuid.uuid4().hex

    def add(self, owner: Owner, attachment: Attachment) -> None:
        with self._lock:
            self._touch(owner, attachment.time + 1).added.append(attachment)

    def remove(self, owner: Owner, code: str) -> Attachment | None:
        """Take an attachment off its owner and return it, or None if it is not there (any more)."""
        listed = self._attachments.of(owner)
        with self._lock:
            changes = self._changes.get(owner)
            removed = changes.removed if changes else set()
            added = changes.added if changes else []
            found = next(
                (entry for entry in (*listed, *added) if entry.code == code and code not in removed), None
            )
            if found is not None:
                self._touch(owner, dates.now()).removed.add(code)
            return found

    def _touch(self, owner: Owner, time: int) -> _Changes:
        changes = self._changes.setdefault(owner, _Changes())
        changes.writes += 1
        changes.modified = max(changes.modified, time)
        return changes
