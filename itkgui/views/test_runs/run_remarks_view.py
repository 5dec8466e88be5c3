"""What was remarked on a test run: its defects and comments, and a place to add one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.comments import comment_text
from itkgui.item_models.plain_text import LONGEST, shown_text
from itkgui.item_models.result_table import value_text
from itkgui.language import _, ngettext
from itkgui.records.comment import Comment
from itkgui.records.test_run import Defect, TestRun
from itkgui.views.commands import HERE, offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_role, set_room
from itkgui.views.widgets.trouble_pane import TroublePane

_LONGEST = 20_000  # characters shown of one remark; the raw JSON has all
_MOST = 200  # remarks shown


class RunRemarksView(QWidget):
    """Shows the remarks on one run; a comment is sent, then read back from the server."""

    count_changed = Signal(int)

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._run: TestRun | None = None
        self._read_back: dict[str, Sequence[Comment]] = {}  # by the run's id
        self._drafts: dict[str, str] = {}
        self._is_sending = False
        self._sending = ViewTask(self, self._on_failed)
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAccessibleName(_("Defects and comments"))
        self.reader.setAcceptDrops(False)
        self.reader.setTabChangesFocus(True)
        set_role(self.reader, "prose")
        self.trouble = TroublePane(can_retry=False)
        self.editor = QPlainTextEdit()
        self.editor.setAcceptDrops(False)
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(_("Write a comment on this run"))
        self.editor.setPlaceholderText(_("Write a comment on this run…"))
        set_room(self.editor, least=(0, 2), most=(0, 2))
        self.editor.textChanged.connect(self._show_state)
        self.add_button = QPushButton(_("Add"))
        self.add_button.setToolTip(_("Send the comment (Ctrl+Enter)"))
        self.add_button.clicked.connect(self._on_add)
        offer(self.editor, "send-comment", self._on_add, context=HERE)
        below = QHBoxLayout()
        below.setContentsMargins(8, 4, 8, 8)
        below.addWidget(self.editor, 1)
        below.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.reader, 1)
        layout.addWidget(self.trouble)
        layout.addLayout(below)

    def show_run(self, run: TestRun) -> None:
        """Show the remarks on a run, and what was begun to be written on it."""
        if self._run is None or run.id != self._run.id:
            self._keep_draft()
            self._run = run
            self.trouble.hide()
            self.editor.setPlainText(self._drafts.pop(run.id, ""))
        self._run = run
        self._show()

    @property
    def count(self) -> int:
        return len(self._run.defects) + len(self._comments) if self._run else 0

    @property
    def _comments(self) -> Sequence[Comment]:
        """The comments the run came with, or those read back since if they are more."""
        if self._run is None:
            return ()
        return max(self._run.comments, self._read_back.get(self._run.id, ()), key=len)

    def _keep_draft(self) -> None:
        if self._run is not None and (text := self.editor.toPlainText().strip()):
            self._drafts[self._run.id] = text

    def _show(self) -> None:
        defects = [_defect_text(defect) for defect in self._run.defects[:_MOST]] if self._run else []
        remarks = defects + [_plain(comment_text(comment)) for comment in self._comments[:_MOST]]
        if self.count > len(remarks):
            more = self.count - len(remarks)
            rest = ngettext(
                "… {count:,} more; the raw JSON has all.", "… {count:,} more; the raw JSON has all.", more
            )
            remarks.append(rest.format(count=more))
        self.reader.setPlainText("\n\n".join(remarks) or _("No defects and no comments."))
        self._show_state()
        self.count_changed.emit(self.count)

    def _show_state(self) -> None:
        self.editor.setReadOnly(self._is_sending)
        self.add_button.setText(_("Sending…") if self._is_sending else _("Add"))
        self.add_button.setEnabled(not self._is_sending and bool(self.editor.toPlainText().strip()))

    def _on_add(self) -> None:
        text = self.editor.toPlainText().strip()
        if self._run is None or not text or self._is_sending:
            return
        self.trouble.hide()
        self._is_sending = True
        self._sending.start(self._send(self._run, text))
        self._show_state()

    async def _send(self, run: TestRun, text: str) -> None:
        database = self._context.database
        self._read_back[run.id] = await self._context.worker.call(database.add_comment, run.owner, text)
        self._is_sending = False
        said = _("The comment is on {name}: sent and read back").format(name=run.owner.label)
        self._context.messages.notify(said, "good")
        self._drafts.pop(run.id, None)
        if self._run is not None and self._run.id == run.id:
            self.editor.clear()
        self._show()

    def _on_failed(self, error: ItkError) -> None:
        self._is_sending = False
        self.trouble.show_error(error)
        self._show_state()


def _defect_text(defect: Defect) -> str:
    head = _("Defect: {name}").format(name=defect.name)
    if defect.description:
        head += f" – {defect.description}"
    told = list(defect.properties.items())[:_MOST]
    lines = [f"    {key.replace('_', ' ')}: {value_text(value)}" for key, value in told]
    return _plain("\n".join([head, *lines]))


def _plain(text: str) -> str:
    """Return a text cut to what can be laid out at once, each line without marks that turn others about."""
    more, rest = len(text) - _LONGEST, ""
    if more > 0:
        rest = ngettext("… {count:,} more character", "… {count:,} more characters", more)
        rest = "\n" + rest.format(count=more)
    lines = text[:_LONGEST].split("\n")
    pieces = [line[at : at + LONGEST] for line in lines for at in range(0, len(line) or 1, LONGEST)]
    return "\n".join(map(shown_text, pieces)) + rest
