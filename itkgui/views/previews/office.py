"""Documents of office programs: what they are, and how to look at them."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from itkgui.client.files import BinaryFile
from itkgui.language import N_, _
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.widgets.empty_pane import EmptyPane

_ADVICE = N_("Open or save it for another program; what it is made of is shown “As archive”.")


class OfficePreview(Preview):
    """Says what a document is; the page around it opens it in another program."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self.pane = EmptyPane("file", "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pane)

    def show_content(self, file: BinaryFile, loaded: str) -> None:  # noqa: ARG002 - what it is tells all
        self.pane.say(_("This is {document}.").format(document=loaded), _(_ADVICE))

    @property
    def is_settled(self) -> bool:
        return True
