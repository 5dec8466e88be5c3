"""What every view of a signed-in user works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.client.file_cache import FileCache
from itkgui.decoding.decoders import Decoders
from itkgui.language import _
from itkgui.uploads.upload_queue import UploadQueue
from itkgui.views.context.attachment_shelf import AttachmentShelf
from itkgui.views.context.connection_watch import ConnectionWatch
from itkgui.views.context.memory import Memory
from itkgui.views.context.messages import Messages
from itkgui.views.context.pinned_runs import PinnedRuns
from itkgui.views.context.reviewed_files import ReviewedFiles
from itkgui.views.context.test_type_shelf import TestTypeShelf


@dataclass(frozen=True)
class ViewContext:
    """The database as one user sees it, what to ask and to decode on, and where to tell and keep things.

    ``downloads`` takes what this session unpacks, ``cache`` what is worth keeping for the next one.
    ``memory`` and the file ``scan_log`` are the person's, ``site`` that of everybody at this computer.
    ``keeps_uploads`` tells whether what is not sent yet goes on after the next sign-in.
    """

    database: ProductionDatabase
    worker: Worker
    decoders: Decoders
    messages: Messages
    uploads: UploadQueue
    downloads: Path
    memory: Memory
    site: Memory
    cache: FileCache
    scan_log: Path
    keeps_uploads: bool = True
    pinned: PinnedRuns = field(default_factory=PinnedRuns)
    reviewed: ReviewedFiles = field(default_factory=ReviewedFiles)
    test_types: TestTypeShelf = field(init=False)
    connection: ConnectionWatch = field(init=False)
    attachments: AttachmentShelf = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test_types", TestTypeShelf(self.database, self.worker))
        object.__setattr__(self, "connection", ConnectionWatch(self.database, self.worker))
        shelf = AttachmentShelf(self.database, self.worker, self.decoders, self.cache)
        object.__setattr__(self, "attachments", shelf)

    @property
    def who(self) -> str:
        """What whoever is signed in is called."""
        return self.database.user.name or _("whoever has the token")
