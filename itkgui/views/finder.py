"""Looks up what was scanned, typed or chosen, says what became of it, and lets the next scan come in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_name
from itkgui.records.component import Component
from itkgui.records.component_link import identifier_from, is_link
from itkgui.records.identifier_list import LONGEST, complaint_about, identifiers_in
from itkgui.records.serial_number import looks_like_serial_number, without_marks
from itkgui.views.footer_view import FooterView
from itkgui.views.header_view import HeaderView
from itkgui.views.messages import Message
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask


class Finder(QObject):
    """Awaits ``open_component`` with what was found; a new look-up replaces the one under way."""

    list_scanned = Signal(str)
    chosen_opened = Signal()  # not by a scan

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

    def scan(self, text: str) -> None:
        """Look up what was scanned or typed: one component, or a list of serial numbers."""
        several = identifiers_in(text)
        if len(several) > 1 and all(map(looks_like_serial_number, several)):
            self._scan_box.clear()
            self.list_scanned.emit(text)
        elif not several:
            self._footer.forget_scan()
            self._footer.tell(Message("quiet", "Nothing was scanned or typed."))
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
            cure = "Scan again; Enter asks anyway." if may_insist else "Scan or type another one."
            self._context.messages.warn(f"“{shown_name(identifier)}” was not looked up", complaint, cure)
            if is_scan:
                self._end_in_vain(identifier)
            self._release(typed)
            return
        self._doubted = ""
        identifier = identifier_from(identifier) if is_link(identifier) else identifier
        if is_scan:
            self._scan_box.selectAll()  # a scanner does not wait: its next character replaces this scan
        self._task.start(self._scan(identifier, typed) if is_scan else self._choose(identifier))

    async def _choose(self, identifier: str) -> None:
        self._footer.tell(Message("quiet", "Opening a component…"))
        try:
            found = await self._context.worker.call(self._context.database.component, identifier)
        except ItkError as error:
            self._context.messages.show(error, about=shown_name(identifier))
            return
        await self._open_component(found.component)
        self._footer.forget_scan(if_failed=True)
        self._context.messages.notify(f"{found.component.label} opened")
        self.chosen_opened.emit()

    async def _scan(self, identifier: str, typed: str) -> None:
        self._footer.begin_scan(shown_name(identifier))
        self._header.doubt.hide()
        try:
            found = await self._context.worker.call(self._context.database.component, identifier)
        except ItkError as error:
            self._release(typed)
            self._context.messages.show(error, about=shown_name(identifier))
            self._end_in_vain(identifier)
            return
        await self._open_component(found.component)
        by_alternative = found.matched_by == "alternative identifier"
        matched = f" by its alternative identifier {found.matched}" if by_alternative else ""
        gone = f", but it is {found.component.gone_word}" if found.component.is_gone else ""
        said = f"{found.component.label} found{matched}{gone}"
        self._context.messages.notify(said, "caution" if gone else "good")
        self._footer.end_scan()
        if self._scan_box.text().strip() == typed:  # else the next scan is already coming in
            self._scan_box.clear()

    def _end_in_vain(self, identifier: str) -> None:
        self._footer.end_scan()
        self._header.doubt_page(identifier)

    def _release(self, typed: str) -> None:
        """Let the next scan replace what was looked up in vain, unless it is already coming in."""
        if self._scan_box.text().strip() == typed:
            self._scan_box.selectAll()

    def cancel(self) -> None:
        """Stop looking."""
        if self._task.is_running:
            self._task.cancel()
            self._footer.tell(Message("quiet", "Stopped looking"))


def _complaint_about_link(text: str) -> str:
    if is_link(text):
        try:
            identifier_from(text)
        except ValueError:
            return "This link leads to no component."
    return ""
