"""Takes what scanners send, from wherever, to where it belongs, tells what became of it, and logs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from itkgui.background.worker import Lane
from itkgui.client.exceptions import ComponentNotFound, ItkError
from itkgui.item_models.plain_text import shown_name
from itkgui.language import _
from itkgui.records.component import Component
from itkgui.scanning import labels
from itkgui.scanning.commands import by_code
from itkgui.scanning.reading import Arrival, Meaning, Reader, Reading, Source
from itkgui.scanning.scan_log import Outcome, ScanEntry, ScanLog
from itkgui.scanning.serial_port import PortState, SerialScanner
from itkgui.scanning.tones import Tone, Tones
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Group, run_by_name
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.scanning.scan_catcher import ScanCatcher
from itkgui.views.widgets.late_place import LatePlace

if TYPE_CHECKING:
    from itkgui.views.window.workspace_view import WorkspaceView

_AUTO = "auto"
_TONES = {
    Outcome.FOUND: Tone.GOOD,
    Outcome.LISTED: Tone.GOOD,
    Outcome.DONE: Tone.GOOD,
    Outcome.TESTED: Tone.GOOD,
    Outcome.AGAIN: Tone.AGAIN,
    Outcome.UNKNOWN: Tone.UNKNOWN,
}  # of all others the one for what is wrong

_HIDING = ("lock", "change-person")  # commands that are for those who were there before, too


@runtime_checkable
class TakesScans(Protocol):
    """A place that may want a scan for itself, such as a list that is filled."""

    def take_scan(self, reading: Reading) -> Outcome | None:
        """Take a scan, tell what becomes of it, and return that; None leaves it to others."""


class ScanDesk(QObject):
    """Belongs to the workspace, and listens as long as that is to be seen."""

    read = Signal(object)  # Reading
    tailed = Signal(str)  # one more ending of the last scan
    logged = Signal(object)  # ScanEntry
    port_changed = Signal()
    rules_changed = Signal()
    _port_scanned = Signal(object)  # Arrival, from the port's thread
    _port_told = Signal(object, object, str)  # SerialScanner, PortState, details, from there too

    def __init__(self, workspace: WorkspaceView, context: ViewContext, preferences: Preferences) -> None:
        super().__init__(workspace)
        self._workspace, self._context, self.preferences = workspace, context, preferences
        settings, paths = preferences.settings, preferences.configuration.paths
        self.reader = Reader(by_code(COMMANDS), layout=_layout(settings.scanner_layout))
        self.catcher = ScanCatcher(workspace, self.reader, settings.scanner_gap)
        self.catcher.scanned.connect(self.take)
        self.catcher.tailed.connect(self.tailed)
        self.catcher.broken.connect(self._note_piece)
        self.tones = Tones(paths.cache / "tones")
        self.log = ScanLog(context.scan_log)
        site = preferences.configuration.site_file.parent
        self.rule_files = (paths.config / labels.FILE_NAME, site / labels.FILE_NAME)
        self.last: Reading | None = None
        self._pending: Reading | None = None  # is being looked up
        self._before = ""  # the component that was open when it came
        self._piece = ""  # of a scan that came broken up, in the scan box
        self.port_state, self.port_detail = PortState.CLOSED, ""
        self._port: SerialScanner | None = None
        self._port_task = ViewTask(workspace, context.messages.show)
        self._rules_task = ViewTask(workspace, context.messages.show)
        self._port_scanned.connect(self.take)
        self._port_told.connect(self._on_port_told)
        workspace.finder.scan_ended.connect(self._on_scan_ended)
        preferences.changed.connect(self._on_setting_changed)
        self.load_rules()
        self._listen()

    def detach(self) -> None:
        """Stop listening, before the workspace goes."""
        self.preferences.changed.disconnect(self._on_setting_changed)
        self.catcher.detach()
        self.tones.stop()
        if self._port is not None:
            self._port.stop()

    def load_rules(self) -> None:
        """Read the rules for labels anew."""
        self._rules_task.start(self._load_rules())

    async def _load_rules(self) -> None:
        self.reader.rules = await self._context.worker.call(labels.load, self.rule_files)
        self.rules_changed.emit()

    # One scan ----------------------------------------------------------------------------------------------

    def take(self, arrival: Arrival) -> None:
        """Understand a scan, and do what it means."""
        if not self._workspace.isVisible():  # of a port, while nobody is signed in here
            return
        reading = self.last = self.reader.read(arrival)
        self.read.emit(reading)
        self._overtake()
        self._workspace.footer.forget_scan()  # whatever becomes of this one
        popup: object = QApplication.activePopupWidget()  # None, which the stubs do not know
        if isinstance(popup, QWidget):
            popup.close()
        hides = reading.meaning is Meaning.COMMAND and reading.text in _HIDING
        if not self._workspace.isEnabled() and not hides:
            self._refuse(reading, _("The session has ended."), _("Sign in again, then scan again."))
            return
        taker = self._taker
        taken = taker.take_scan(reading) if taker is not None else None
        if taken is not None:
            if taken is Outcome.TESTED:
                said = _("{scanned}: only tested").format(scanned=shown_name(reading.text))
                self._context.messages.notify(said)
            self._end(reading, taken)
        elif QApplication.activeModalWidget() is not None:
            said = _("A question waits for your answer, which a scan cannot give.")
            self._refuse(reading, said, _("Answer it, then scan again."))
        elif reading.meaning is Meaning.COMMAND:
            self._command(reading)
        elif reading.meaning.is_looked_up:
            self._pending, self._before = reading, self._open_key
            self._workspace.finder.take(reading)
        else:
            self._refuse(reading, reading.sentence, _("Scan again."))

    @property
    def _taker(self) -> TakesScans | None:
        """The place that is shown, if it may want scans for itself."""
        place: object = self._workspace.centre.currentWidget()
        if isinstance(place, LatePlace):
            place = place.made
        return place if isinstance(place, TakesScans) else None

    @property
    def _open_key(self) -> str:
        view = self._workspace.current_component
        return view.component.key if view is not None else ""

    def _refuse(self, reading: Reading, sentence: str, cure: str) -> None:
        shown = shown_name(reading.text or reading.arrival.text)
        title = _("“{scanned}” was not looked up").format(scanned=shown)
        self._workspace.finder.refuse(reading.text, title, sentence, cure)
        self._end(reading, Outcome.REFUSED)

    def _command(self, reading: Reading) -> None:
        command = COMMANDS[reading.text]
        if run_by_name(self._workspace.window(), command.name):
            self._context.messages.notify(_("{command}: scanned").format(command=command.text), "good")
            self._end(reading, Outcome.DONE)
            return
        title = _("“{command}” cannot be done now").format(command=command.text)
        needs = _(command.needs) or _("Here it means nothing.")
        if not command.needs and command.group not in (Group.EVERYWHERE, Group.PLACES):
            needs = _("It belongs to another place: {place}.").format(place=command.group.title)
        self._context.messages.warn(title, needs, "")
        self._workspace.footer.end_scan()
        self._end(reading, Outcome.NOT_NOW)

    def _on_scan_ended(self, reading: Reading, found: Component | None, error: ItkError | None) -> None:
        if reading is self._pending:
            self._pending = None
        if found is not None:
            self._clear_piece()
        if found is None:
            is_unknown = isinstance(error, ComponentNotFound)
            self._end(reading, Outcome.UNKNOWN if is_unknown else Outcome.FAILED)
        elif self._open_key != found.key:
            self._end(reading, Outcome.ASKED, found.label)
        else:
            again = reading.arrival.source is not Source.TYPED and self._before == found.key
            self._end(reading, Outcome.AGAIN if again else Outcome.FOUND, found.label)

    def _note_piece(self, piece: str) -> None:
        if self._workspace.scan_box.text() == piece:
            self._piece = piece

    def _clear_piece(self) -> None:
        """Take out of the scan box what only a broken scan left there."""
        if self._piece and self._workspace.scan_box.text() == self._piece:
            self._workspace.scan_box.clear()
        self._piece = ""

    def _overtake(self) -> None:
        """Log what was still looked for when the next scan came."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._log(ScanEntry.of(pending, Outcome.OVERTAKEN))

    def _end(self, reading: Reading, outcome: Outcome, found: str = "") -> None:
        self._log(ScanEntry.of(reading, outcome, found))
        if reading.arrival.source is not Source.TYPED:
            is_wrong = outcome is Outcome.TESTED and not reading.meaning.is_understood
            self.sound(Tone.WRONG if is_wrong else _TONES.get(outcome, Tone.WRONG))

    def _log(self, entry: ScanEntry) -> None:
        self._context.worker.call(self.log.add, entry, lane=Lane.QUEUE)
        self.logged.emit(entry)

    def sound(self, tone: Tone) -> None:
        """Play a tone, if there shall and can be one."""
        volume = self.preferences.settings.tone_volume
        if volume and self.tones.can_play:
            self._context.worker.call(self.tones.play, tone, volume, lane=Lane.QUEUE)  # waits for no server
        elif volume:
            QApplication.beep()

    # The serial port ---------------------------------------------------------------------------------------

    def _listen(self) -> None:
        self._port_task.start(self._listen_anew())

    async def _listen_anew(self) -> None:
        """Listen to the port of the settings, instead of the one before."""
        settings, before = self.preferences.settings, self._port
        self._port = None
        if before is not None:
            before.stop()
            await self._context.worker.call(before.join)
        self._show_port(PortState.CLOSED, "")
        if settings.scanner_port:
            port = SerialScanner(
                settings.scanner_port,
                settings.scanner_baud,
                self._port_scanned.emit,
                lambda state, detail: self._port_told.emit(port, state, detail),
            )
            self._port = port
            port.start()

    def _on_port_told(self, port: SerialScanner, state: PortState, detail: str) -> None:
        if port is self._port:
            self._show_port(state, detail)

    def _show_port(self, state: PortState, detail: str) -> None:
        self.port_state, self.port_detail = state, detail
        self.port_changed.emit()

    def _on_setting_changed(self, name: str) -> None:
        settings = self.preferences.settings
        if name in ("scanner_port", "scanner_baud"):
            self._listen()
        elif name == "scanner_layout":
            self.reader.layout = _layout(settings.scanner_layout)
        elif name == "scanner_gap":
            self.catcher.use(settings.scanner_gap)


def _layout(chosen: str) -> str:
    return "" if chosen == _AUTO else chosen
