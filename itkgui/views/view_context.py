"""What every view of a signed-in user works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from itkgui.background.upload_runner import UploadRunner
from itkgui.background.worker import Worker
from itkgui.client.database import ProductionDatabase
from itkgui.views.memory import Memory
from itkgui.views.messages import Messages


@dataclass(frozen=True)
class ViewContext:
    """The database as one user sees it, the threads to ask it on, and where to tell and keep things."""

    database: ProductionDatabase
    worker: Worker
    messages: Messages
    uploads: UploadRunner
    downloads: Path
    memory: Memory
