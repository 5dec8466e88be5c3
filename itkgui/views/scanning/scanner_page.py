"""The place for scanners: tests what one scans, sets the scanner up, and shows what was scanned."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.background.worker import Lane
from itkgui.language import _
from itkgui.scanning.reading import Arrival, Meaning, Reading, Source
from itkgui.scanning.scan_log import Outcome
from itkgui.scanning.tones import Tone
from itkgui.settings.declaring import Group
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Group as CommandGroup
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.scanning.command_sheet import painted_sheet, write_sheet
from itkgui.views.scanning.label_photo_card import LabelPhotoCard
from itkgui.views.scanning.label_rules_card import LabelRulesCard
from itkgui.views.scanning.scan_desk import ScanDesk
from itkgui.views.scanning.scan_log_view import ScanLogView
from itkgui.views.scanning.scan_port_card import ScanPortCard
from itkgui.views.scanning.scan_result_card import ScanResultCard
from itkgui.views.settings.settings_view import SettingRow
from itkgui.views.style import set_role
from itkgui.views.widgets.card import Card
from itkgui.views.widgets.dropped import paths_in
from itkgui.views.widgets.save_dialog import SaveDialog
from itkgui.views.widgets.tall_page import TallPage
from itkgui.views.widgets.turning_splitter import TurningSplitter

_AWAY = ("back", "forward", "lock", "change-person")  # commands, besides those of places
_SAVING = "save-sheet-of-codes"
_OWN_ROW = ("scanner_port",)  # settings that a card of this page is for


class ScannerPage(QWidget):
    """Is made when somebody goes there; scans are only tested there, unless one wants it otherwise."""

    def __init__(self, context: ViewContext, desk: ScanDesk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        set_role(self, "page")
        self.setAcceptDrops(True)
        title = QLabel(_("Scanner"))
        set_role(title, "title")
        self.only_test = QCheckBox(_("Only test what is scanned on this page"))
        self.only_test.setChecked(True)
        self.result = ScanResultCard()
        self.port = ScanPortCard(desk, context.worker)
        self.rules = LabelRulesCard(desk, context.worker, context.messages)
        self.photo = LabelPhotoCard(context)
        self.photo.chosen.connect(lambda text: desk.take(Arrival(text, Source.PHOTO)))
        self.log = ScanLogView(context, desk)
        self._saving = ViewTask(self, partial(context.messages.show, attempt=_SAVING))
        self.sheet_button = QPushButton(_("Save the sheet of codes…"))
        self.sheet_button.clicked.connect(self._on_sheet)
        page = TallPage(wraps=True)
        inside = page.layout_of_content
        inside.setSpacing(12)
        inside.setContentsMargins(0, 4, 0, 14)
        for card in (self.result, self.port, self.photo, self._commands(), self._setup(), self.rules):
            inside.addWidget(card)
        inside.addStretch(1)
        splitter = TurningSplitter(page, self.log, beside_from=(120, 130), shares=(1, 1))
        splitter.setHandleWidth(14)
        splitter.remember(context.memory, "scanner")
        above = QHBoxLayout()
        above.addWidget(title, 1)
        above.addWidget(self.only_test)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 0)
        layout.addLayout(above)
        layout.addWidget(splitter, 1)
        desk.read.connect(self.result.show_reading)
        desk.tailed.connect(self.result.add_tail)
        if desk.last is not None:
            self.result.show_reading(desk.last)

    def _setup(self) -> Card:
        """Return the settings of scanners, and buttons to hear the tones."""
        card, preferences = Card(_("Setting up")), self._desk.preferences
        declared = preferences.configuration.declared.declarations()
        rows = [one for one in declared if one.group is Group.SCANNER and one.name not in _OWN_ROW]
        self.rows = [SettingRow(one, preferences) for one in rows]
        for row in self.rows:
            row.setContentsMargins(-16, 0, -12, 0)  # the card has its own
            card.inside.addWidget(row)
        preferences.changed.connect(self._on_setting_changed)
        tones = QHBoxLayout()
        self.tone_buttons = []
        for text, tone in (
            (_("Found"), Tone.GOOD),
            (_("Already open"), Tone.AGAIN),
            (_("Not found"), Tone.UNKNOWN),
            (_("Wrong"), Tone.WRONG),
        ):
            button = QPushButton(text)
            button.setAccessibleName(_("Hear the tone: {what}").format(what=text))
            button.clicked.connect(lambda _checked=False, tone=tone: self._desk.sound(tone))
            tones.addWidget(button)
            self.tone_buttons.append(button)
        tones.addStretch(1)
        card.add_text(_("Hear the tones:"), "quiet")
        card.inside.addLayout(tones)
        if not self._desk.tones.can_play:
            card.add_text(_("This computer has nothing to play tones with; it can only beep."), "quiet")
        return card

    def _commands(self) -> Card:
        card = Card(_("Codes of commands"))
        card.add_text(_("Print this sheet, and scan from it what you would use keys for."), "quiet")
        card.inside.addWidget(self.sheet_button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.only_test.setFocus(event.reason())

    def take_scan(self, reading: Reading) -> Outcome | None:
        """Only test it, unless it leads away, or is from a photo, which is dropped to open what it shows."""
        is_test = self.only_test.isChecked() and reading.arrival.source is not Source.PHOTO
        return Outcome.TESTED if is_test and not _leads_away(reading) else None

    def _on_setting_changed(self, name: str) -> None:
        for row in self.rows:
            if row.setting.name == name:
                row.refresh()
        if name == "shift_starts":
            self.log.show_entries()

    # Photos ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._answer(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._answer(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = self._answer(event)
        if paths:
            self.photo.read(paths[0])

    def _answer(self, event: QDropEvent) -> list[Path]:
        """Take a file, as a copy whatever keys are held; return those that there are."""
        paths = paths_in(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()
        return paths

    # Codes of commands -------------------------------------------------------------------------------------

    def _on_sheet(self) -> None:
        dialog = SaveDialog(self, _("Sheet of codes"), "itkgui-commands.pdf")
        dialog.fileSelected.connect(lambda chosen: self._saving.start(self._save_sheet(Path(chosen))))
        dialog.open()

    async def _save_sheet(self, file: Path) -> None:
        await self._context.worker.call(write_sheet, file, painted_sheet(), lane=Lane.QUEUE)
        self._context.messages.settle(_SAVING)
        self._context.messages.notify(_("{file} saved").format(file=file.name), "good")


def _leads_away(reading: Reading) -> bool:
    """Tell whether a scan is what somebody with a scanner alone leaves the page by."""
    if reading.meaning is not Meaning.COMMAND:
        return False
    return reading.text in _AWAY or COMMANDS[reading.text].group is CommandGroup.PLACES
