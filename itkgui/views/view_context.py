"""What every view of a signed-in user works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from itkgui.background.upload_runner import UploadRunner
from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.decoding.decoders import Decoders
from itkgui.views.memory import Memory
from itkgui.views.messages import Messages
from itkgui.views.pinned_runs import PinnedRuns
from itkgui.views.test_type_shelf import TestTypeShelf


@dataclass(frozen=True)
class ViewContext:
    """The database as one user sees it, what to ask and to decode on, and where to tell and keep things."""

    database: ProductionDatabase
    worker: Worker
    decoders: Decoders
    messages: Messages
    uploads: UploadRunner
    downloads: Path
    memory: Memory
    pinned: PinnedRuns = field(default_factory=PinnedRuns)
    test_types: TestTypeShelf = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "test_types", TestTypeShelf(self.database, self.worker))
