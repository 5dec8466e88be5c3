"""What every previewer has: the tools it decodes with, and the way it is told what to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QWidget

from itkgui.background.worker import Call, Lane, Worker
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import PATIENCE, Decoders

if TYPE_CHECKING:
    from itkgui.views.previews.preview_content import PreviewContent

T = TypeVar("T")

QUICK = 0.3  # seconds: what has not taken longer yet is awaited, since a process that is ended costs more


@dataclass(frozen=True)
class PreviewTools:
    """The threads and processes that previewers work with; ``folder`` takes unpacked members.

    ``nested`` makes a pane for files that are in a file.
    """

    worker: Worker
    decoders: Decoders
    folder: Path
    nested: Callable[[], PreviewContent]

    def decode(
        self,
        function: Callable[..., T],
        *arguments: Any,
        patience: float = PATIENCE,
        run: Callable[..., T] = Decoders.run,
    ) -> Call[T]:
        """Run a function in a decoder's process; see ``Decoders.run``, for which something may stand in."""
        work = partial(run, self.decoders, function, *arguments, patience=patience)
        return self.worker.call(work, lane=Lane.DECODING)


class Preview(QWidget):
    """Shows files of one kind, one after another; made with the first of them."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__()
        self._tools = tools

    def show_content(self, file: BinaryFile, loaded: Any) -> None:
        """Show what was decoded from a file, in place of what is shown."""
        raise NotImplementedError

    @property
    def is_settled(self) -> bool:
        """Whether all that is in sight is there."""
        raise NotImplementedError

    @property
    def key_taker(self) -> QWidget:
        """What reads the keys that are for the content; what it leaves is for those around it."""
        return self

    @property
    def typed_password(self) -> str:
        """What somebody has unlocked the file with, for as long as it is shown; empty if nothing."""
        return ""

    def forget(self) -> None:
        """Stop what is under way for the file that is shown; another one is to come."""
