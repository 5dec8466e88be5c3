"""What a plug-in has made of a file, shown as any file of its kind."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.client.exceptions import FileNotWritten
from itkgui.client.files import BinaryFile, open_file, safe_name
from itkgui.decoding.plugins import Instead
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.preview import Preview, PreviewTools


class PluginPreview(Preview):
    """Has a pane for what stands in for the file."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self.inner = tools.nested()
        self._task = ViewTask(self, self.inner.show_error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.inner)

    def show_content(self, file: BinaryFile, loaded: Instead) -> None:  # noqa: ARG002 - another stands in for it
        self.inner.await_file()
        self._task.start(self._show(loaded))

    async def _show(self, loaded: Instead) -> None:
        self.inner.show_file(await self._tools.worker.call(_written, loaded, self._tools.folder))

    @property
    def is_settled(self) -> bool:
        return not self._task.is_running and self.inner.is_settled

    @property
    def key_taker(self) -> QWidget:
        return self.inner.key_taker or self.inner

    def forget(self) -> None:
        self._task.cancel()
        self.inner.show_nothing("…")


def _written(made: Instead, folder: Path) -> BinaryFile:
    """Write what stands in for a file into a folder of its own. Raises FileNotWritten."""
    name = safe_name(made.name)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = Path(mkdtemp(prefix="shown-", dir=folder)) / name
        path.write_bytes(made.content)
    except OSError as error:
        raise FileNotWritten(f"{name}: {error.strerror}") from error
    return open_file(path, name)
