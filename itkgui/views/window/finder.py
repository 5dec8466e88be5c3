"""Looks up what was scanned, typed or chosen, says what became of it, and lets the next scan come in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import Cancelled, ComponentNotFound, ConnectionFailed, ItkError
from itkgui.client.queries import ComponentQuery, FoundComponent
from itkgui.item_models.plain_text import shown_name
from itkgui.language import N_, _
from itkgui.records.component import Component
from itkgui.records.component_link import identifier_from, is_link
from itkgui.records.identifier_list import LONGEST, complaint_about, identifiers_in
from itkgui.records.serial_number import looks_like_serial_number, without_marks
from itkgui.scanning.labels import LabelOfSeveral
from itkgui.scanning.layouts import AMERICAN
from itkgui.scanning.reading import Arrival, Meaning, Reading, Source
from itkgui.views.context.messages import FINDING, Message
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.window.footer_view import FooterView
from itkgui.views.window.header_view import HeaderView

_NAMED = 3  # components of one label
_ALTERNATIVE = N_("alternative identifier")  # as the client declares it


class Finder(QObject):
    """Awaits ``open_component`` with what was found; a new look-up replaces the one under way."""

    list_scanned = Signal(str)
    scan_ended = Signal(object, object, object)  # Reading, Component if one was found, ItkError if not
    chosen_opened = Signal()  # by hand, not by a scan

    def __init__(
        self,
        context: ViewContext,
        header: HeaderView,
        footer: FooterView,
        open_component: Callable[[Component], Awaitable[None]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._header, self._scan_box = header, header.scan_box
        self._footer = footer
        self._open_component = open_component
        self._doubted = ""  # a malformed serial number; entered again, it is looked up all the same
        self._task = ViewTask(parent, context.messages.show)
        # A scan that no server answered, what was told of it, and what of it stands in the scan box.
        self._unanswered: tuple[Reading, Message, str | None] | None = None
        context.connection.returned.connect(self._offer_again)
        context.connection.changed.connect(self._on_connection_changed)
        header.again_button.clicked.connect(self._on_again)
        self.taker: Callable[[str], bool] = lambda _text: False  # who wants a scan instead, and has it

    def scan(self, text: str) -> None:
        """Look up what was scanned or typed: one component, or a list of serial numbers."""
        if text.strip() and self.taker(text):
            self._scan_box.clear()
            return
        several = identifiers_in(text)
        if len(several) > 1 and all(map(looks_like_serial_number, several)):
            self._scan_box.clear()
            self.list_scanned.emit(text)
        elif not several:
            self._footer.forget_scan()
            self._footer.tell(Message("quiet", _("Nothing was scanned or typed.")))
        else:
            self.look_up(text, is_scan=True)

    def look_up(self, identifier: str, *, is_scan: bool = False) -> None:
        """Find a component and have it opened; a garbled scan is explained at once.

        What becomes of a scan is kept as its verdict until the next one; of what was chosen it is only told.
        """
        typed, identifier = identifier.strip(), without_marks(identifier)
        if not identifier:
            return
        complaint = _complaint_about_link(identifier) or complaint_about(identifier)
        may_insist = len(identifier) <= LONGEST and not is_link(identifier)
        if complaint and not (may_insist and identifier == self._doubted):
            self._doubted = identifier
            cure = _("Scan again; Enter asks anyway.") if may_insist else _("Scan or type another one.")
            self._context.messages.warn(
                _("“{name}” was not looked up").format(name=shown_name(identifier)),
                complaint,
                cure,
            )
            if is_scan:
                self._end_in_vain(identifier)
            self._release(typed)
            return
        self._doubted = ""
        identifier = identifier_from(identifier) if is_link(identifier) else identifier
        if is_scan:
            self._scan_box.selectAll()  # who types the next one does not wait: it replaces this one
            reading = Reading(Arrival(typed, Source.TYPED), identifier, Meaning.NAME)
            self._task.start(self._scan(reading, typed))
        else:
            self._task.start(self._choose(identifier))

    def take(self, reading: Reading) -> None:
        """Look up what a scanner has sent; what stands in the scan box stays there."""
        self._task.start(self._scan(reading))

    def refuse(self, scanned: str, title: str, sentence: str, cure: str) -> None:
        """Say why nothing is looked up, and stop looking for what was scanned before: the newest counts."""
        self._task.cancel()
        self._footer.begin_scan(shown_name(scanned))
        self._context.messages.warn(title, sentence, cure)
        self._end_in_vain(scanned)

    async def _choose(self, identifier: str) -> None:
        self._footer.tell(Message("quiet", _("Opening a component…")))
        try:
            found = await self._context.worker.call(self._context.database.component, identifier)
        except ItkError as error:
            self._context.messages.show(error, about=shown_name(identifier), attempt=FINDING)
            return
        await self._open_component(found.component)
        self._footer.forget_scan(if_failed=True)
        self._header.forget_doubt()
        self._context.messages.notify(_("{component} opened").format(component=found.component.label))
        self.chosen_opened.emit()

    async def _scan(self, reading: Reading, typed: str | None = None) -> None:
        await self._has_opened(reading, typed)

    async def _has_opened(self, reading: Reading, typed: str | None) -> bool:
        """Find and open what was scanned, or ``typed`` into the scan box; tell whether that was done."""
        self._footer.begin_scan(shown_name(reading.text))
        self._header.forget_doubt()
        try:
            found = await self._context.worker.call(self._find, reading)
        except Cancelled:
            raise
        except ItkError as error:
            self._release(typed)
            self._tell_failed(reading, error)
            self._end_in_vain(reading.text)
            if isinstance(error, ConnectionFailed):
                self._unanswered = (reading, self._footer.scan_verdict, typed)
            self.scan_ended.emit(reading, None, error)
            return False
        await self._open_component(found.component)
        self._context.messages.notify(
            _found_text(found) + _how_read(reading), "caution" if found.component.is_gone else "good"
        )
        self._footer.end_scan()
        if typed is not None and self._scan_box.text().strip() == typed:  # else the next is already coming in
            self._scan_box.clear()
        self.scan_ended.emit(reading, found.component, None)
        return True

    def _on_connection_changed(self) -> None:
        if self._context.connection.is_away and not self._header.again_button.isHidden():
            self._header.take_offer_back()

    def _offer_again(self) -> None:
        """Offer to open what no server answered for, unless something was scanned or opened since.

        It is not opened by itself: somebody may be typing on the page of before.
        """
        if self._unanswered is None or not self._header.again_button.isHidden():
            return
        reading, verdict, _typed = self._unanswered
        if verdict is self._footer.scan_verdict:
            self._header.offer_again(reading.text)
            said = _("The database answers again: {name} can be opened now")
            self._context.messages.notify(said.format(name=shown_name(reading.text)))

    def _on_again(self) -> None:
        if self._unanswered is not None:
            reading, _verdict, typed = self._unanswered
            self._task.start(self._open_late(reading, typed))

    async def _open_late(self, reading: Reading, typed: str | None) -> None:
        if await self._has_opened(reading, typed):
            self.chosen_opened.emit()

    def _find(self, reading: Reading) -> FoundComponent:
        """Ask the database; blocks. Raises ItkError."""
        database, label = self._context.database, reading.label
        if label is None or label.identifier:
            return database.component(reading.text)
        query = ComponentQuery(
            project=label.project,
            component_type=label.component_type,
            property_code=label.property_code,
            property_value=label.value,
        )
        page = database.search(query, 0)
        if not page.items:
            raise ComponentNotFound(label.words)
        if len(page.items) > 1:
            raise LabelOfSeveral(", ".join(item.label for item in page.items[:_NAMED]))
        return database.component(page.items[0].key)

    def _tell_failed(self, reading: Reading, error: ItkError) -> None:
        if not (reading.also and isinstance(error, ComponentNotFound)):
            self._context.messages.show(error, about=shown_name(reading.text), attempt=FINDING)
            return
        said = _("The database does not know it. On another keyboard the label would be {others}.")
        self._context.messages.warn(
            f"{shown_name(reading.text)}: {error.title}",
            said.format(others=_(" or ").join(reading.also)),
            _("If one of these is on the label, choose this computer's keyboard on the page “Scanner”."),
        )

    def _end_in_vain(self, identifier: str) -> None:
        self._footer.end_scan()
        self._header.doubt_page(identifier)

    def _release(self, typed: str | None) -> None:
        """Let the next scan replace what was looked up in vain, unless it is already coming in."""
        if typed is not None and self._scan_box.text().strip() == typed:
            self._scan_box.selectAll()

    def cancel(self) -> None:
        """Stop looking."""
        if self._task.is_running:
            self._task.cancel()
            self._footer.tell(Message("quiet", _("Stopped looking")))


def _found_text(found: FoundComponent) -> str:
    said = (
        _("{component} found by its alternative identifier {identifier}")
        if found.matched_by == _ALTERNATIVE
        else _("{component} found")
    ).format(component=found.component.label, identifier=found.matched)
    if not found.component.is_gone:
        return said
    return _("{found}, but it is {gone}").format(found=said, gone=_(found.component.gone_word))


def _how_read(reading: Reading) -> str:
    """Say what had come instead of a label, if it was put right or is a vendor's."""
    raw = shown_name(reading.arrival.text.strip())
    if reading.is_repaired and reading.layout is not AMERICAN:
        return _(" – read as {raw}, put right for the keyboard {keyboard}").format(
            raw=raw, keyboard=reading.repair
        )
    if reading.label is not None:
        return _(" by the label {raw} ({rule})").format(raw=raw, rule=shown_name(reading.label.rule))
    return ""


def _complaint_about_link(text: str) -> str:
    if is_link(text):
        try:
            identifier_from(text)
        except ValueError:
            return _("This link leads to no component.")
    return ""
