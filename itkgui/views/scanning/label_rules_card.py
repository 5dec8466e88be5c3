"""Shows the rules for labels of vendors, where they stand, and what is wrong with some."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from itkgui.background.worker import Worker
from itkgui.client.exceptions import FileNotWritten
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _, ngettext
from itkgui.scanning.labels import EXAMPLE
from itkgui.views.context.messages import Messages
from itkgui.views.context.view_task import ViewTask
from itkgui.views.scanning.scan_desk import ScanDesk
from itkgui.views.style import set_role
from itkgui.views.widgets.card import Card, plain_label
from itkgui.views.widgets.notice_bar import NoticeBar
from itkgui.whole_file import turn, write_whole

_LISTED = 20
_SIZE_LIMIT = 1_000_000  # bytes


class LabelRulesCard(Card):
    """Reads them anew when asked, and makes a file to begin with."""

    def __init__(self, desk: ScanDesk, worker: Worker, messages: Messages) -> None:
        super().__init__(_("Labels of vendors"))
        self._desk, self._worker = desk, worker
        self._making = ViewTask(self, messages.show)
        self.count = self.add_text()
        self._shown: list[QLabel | NoticeBar] = []
        self._end = self.inside.count()
        own, site = desk.rule_files
        where = _("They stand in {own}, and for all users of this computer in {site}.")
        self.where = self.add_text(shown_text(where.format(own=own, site=site)), "quiet")
        self.again_button = QPushButton(_("Read them again"))
        self.again_button.clicked.connect(desk.load_rules)
        self.example_button = QPushButton(_("Begin a file"))
        self.example_button.clicked.connect(lambda: self._making.start(self._make_example()))
        self.open_button = QPushButton(_("Open the file"))
        self.open_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(own))))
        buttons = QHBoxLayout()
        for button in (self.again_button, self.example_button, self.open_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.inside.addLayout(buttons)
        desk.rules_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        for widget in self._shown:
            widget.hide()
            widget.deleteLater()
        rules = self._desk.reader.rules
        count = len(rules.rules)
        said = ngettext(
            "{count} rule tells what such a label means.", "{count} rules tell what such labels mean.", count
        )
        self.count.setText(said.format(count=count) if count else _("No rule tells what such labels mean."))
        self._shown = []
        for problem in rules.problems[:_LISTED]:
            bar = NoticeBar()
            bar.say(problem.what, problem.where)
            self._shown.append(bar)
        for rule in rules.rules[:_LISTED]:
            label = plain_label(shown_text(f"{rule.name}:  {rule.pattern.pattern}"))
            set_role(label, "raw")
            self._shown.append(label)
        for number, widget in enumerate(self._shown):
            self.inside.insertWidget(self._end + number, widget)
            widget.setVisible(True)
        has_own = any(self._desk.rule_files[0] == file for file in rules.files)
        self.example_button.setVisible(not has_own)
        self.open_button.setVisible(has_own)

    async def _make_example(self) -> None:
        await self._worker.call(self._write_example)
        self._desk.load_rules()

    def _write_example(self) -> None:
        """Raises FileNotWritten."""
        own = self._desk.rule_files[0]
        try:
            with turn(own):
                if not own.exists():
                    write_whole(own, EXAMPLE, _SIZE_LIMIT)
        except OSError as error:
            raise FileNotWritten(f"{own}: {error}") from error
