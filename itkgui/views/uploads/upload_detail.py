"""All there is to say of the uploads that are chosen: what went wrong, and which steps are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.upload_words import (
    StepLine,
    description_of,
    facts_of,
    look_of,
    steps_of,
    trouble_of,
    what_text,
)
from itkgui.language import N_, _, ngettext
from itkgui.records.sizes import size_text
from itkgui.uploads.pace import Progress
from itkgui.uploads.upload import Upload
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.flow_layout import FlowLayout
from itkgui.views.widgets.trouble_pane import TroublePane

_NOTHING = N_("Choose an upload to see its steps, and what went wrong with it.")


class UploadDetail(QFrame):
    """Shows one upload whole, several by their number and states.

    ``wait`` tells when one is tried, ``progress`` by its id how far one is that is being sent.
    """

    def __init__(
        self,
        wait: Callable[[Upload], float | None] = lambda _upload: None,
        progress: Callable[[str], Progress | None] = lambda _id: None,
    ) -> None:
        super().__init__()
        self._wait, self._progress = wait, progress
        set_role(self, "pane")
        self.title, self.facts, self.description = QLabel(), QLabel(), QLabel()
        for label, role in ((self.title, "heading"), (self.facts, "quiet"), (self.description, "quiet")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_role(label, role)
        self.trouble = TroublePane(can_retry=False)
        self.steps = QWidget()
        self._flow = FlowLayout(self.steps, spacing=14)
        self._flow.setContentsMargins(0, 2, 0, 2)
        self._steps: list[_StepLabel] = []
        self._shown: tuple[Upload, ...] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(6)
        for widget in (self.title, self.facts, self.description, self.steps, self.trouble):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.show_uploads(())

    def show_uploads(self, uploads: Sequence[Upload]) -> None:
        """Show what is chosen, as it is now."""
        if self._shown != tuple(uploads):
            self._shown = tuple(uploads)
            upload = uploads[0] if len(uploads) == 1 else None
            self._show_steps(steps_of(upload) if upload is not None else ())
            trouble = trouble_of(upload) if upload is not None and not upload.state.has_ended else None
            if trouble is not None:
                self.trouble.show_error(trouble)
            else:
                self.trouble.hide()
        self.show_time()

    def show_time(self) -> None:
        """Say once more what changes with time alone."""
        uploads = self._shown or ()
        if len(uploads) == 1:
            (upload,) = uploads
            title, description = what_text(upload), description_of(upload)
            facts = facts_of(upload, self._wait(upload), self._progress(upload.id))
        else:
            counts = Counter(look_of(upload).word for upload in uploads)
            said = ngettext("{count} upload, {size}", "{count} uploads, {size}", len(uploads))
            size = size_text(sum(upload.size for upload in uploads))
            title = said.format(count=f"{len(uploads):,}", size=size) if uploads else ""
            facts = "  ·  ".join(f"{word}: {number:,}" for word, number in counts.items()) or _(_NOTHING)
            description = ""
        for label, text in ((self.title, title), (self.facts, facts), (self.description, description)):
            if label.text() != shown_text(text):
                label.setText(shown_text(text))
            label.setVisible(bool(text))

    def _show_steps(self, steps: Sequence[StepLine]) -> None:
        while len(self._steps) < len(steps):
            self._steps.append(_StepLabel())
            self._flow.addWidget(self._steps[-1])
        for place, label in enumerate(self._steps):
            if place < len(steps):
                label.show_step(steps[place])
            label.setVisible(place < len(steps))
        self.steps.setVisible(bool(steps))


class _StepLabel(QWidget):
    """A step with its mark."""

    def __init__(self) -> None:
        super().__init__()
        self._picture, self._words = QLabel(), QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._picture)
        layout.addWidget(self._words)

    def show_step(self, step: StepLine) -> None:
        look = step.mark.look
        set_icon(self._picture, look.icon, look.tone, 16)
        self._words.setText(f"{step.words}: {look.word}")
