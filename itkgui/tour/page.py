"""The page of a component: what is due, family, history, comments, JSON; also of a part with almost none."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt

from itkgui.records.run_history import TestRunSummary
from itkgui.tour.driver import Driver, Step, check, says
from itkgui.tour.parts import PIXEL_MODULE, UNFINISHED_MODULE
from itkgui.views.components.component_view import COMMENTS, FAMILY, HISTORY, OVERVIEW, RAW, TESTS
from itkgui.views.search.search_view import LOOKING

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SAID = "Checked on the tour: the carrier's screws are tight."
_WANTED = "receptionTest"
_ODD_PROJECT, _ODD_TYPE = "CE", "LPGBT"


class Page:
    """Begins with a scan and ends at a part without a serial number."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("scan a pixel module", self._scan),
            ("history", self._history),
            ("history filtered", self._filter_history),
            ("from history to a test run", self._open_event),
            ("comment added", self._comment),
            ("raw JSON searched", self._raw),
        )

    @property
    def later_steps(self) -> tuple[Step, ...]:
        return (
            ("family in two levels", self._family),
            ("a part without a serial number", self._odd_part),
        )

    async def _scan(self) -> None:
        component = await self._at.open_component(PIXEL_MODULE)
        due = component.overview.due
        await self._at.until(lambda: due.isVisible() and due.table.rowCount() > 0, "the tests due")
        stage = component.component.stage.label
        check(component.tabs.currentIndex() == OVERVIEW, "the overview comes first")
        check(component.strip.stage.text() == stage, "the strip tells the stage")
        check(says(component.overview, "Due at this stage: "), "the card counts what is due")

    async def _history(self) -> None:
        timeline = self._at.component.timeline
        await self._at.show_page(HISTORY)
        await self._at.until(
            lambda: not timeline.pane.is_loading and timeline.table.rowCount() > 0, "the history"
        )
        kinds = {event.kind.value for event in timeline.table.shown}
        check({"registered", "stage", "test run", "attachment", "comment"} <= kinds, "all kinds of events")
        moments = [event.moment for event in timeline.table.shown if event.moment is not None]
        check(moments == sorted(moments, reverse=True), "the newest events stand first")

    async def _filter_history(self) -> None:
        timeline = self._at.component.timeline
        before = timeline.table.rowCount()
        await self._at.type(timeline.text_filter, "IV measurement")
        await self._at.until(lambda: 0 < timeline.table.rowCount() < before, "fewer events")
        shown = timeline.table.rowCount()
        check(timeline.summary.text().startswith(f"{shown} of {before} events"), "both numbers are told")

    async def _open_event(self) -> None:
        component = self._at.component
        event = await self._at.choose(
            component.timeline.view, lambda event: isinstance(event.subject, TestRunSummary), opens=True
        )
        detail = component.tests.detail
        await self._at.until(
            lambda: (
                component.tabs.currentIndex() == TESTS
                and detail.run is not None
                and detail.run.id == event.subject.id
            ),
            "the test run",
        )

    async def _comment(self) -> None:
        comments = self._at.component.comments
        count = len(self._at.component.component.comments)
        await self._at.show_page(COMMENTS)
        await self._at.type(comments.editor, _SAID)
        await self._at.press(Qt.Key.Key_Return, _CONTROL)
        await self._at.until(lambda: _SAID in comments.reader.toPlainText(), "the comment")
        check("sent and read back" in self._at.verdict, "the comment was read back")
        title = f"Comments ({count + 1})"
        await self._at.until(lambda: self._at.component.tabs.tabText(COMMENTS) == title, "the new count")

    async def _raw(self) -> None:
        raw = self._at.component.raw
        await self._at.show_page(RAW)
        await self._at.until(lambda: raw.reader.toPlainText(), "the JSON")
        await self._at.press(Qt.Key.Key_F, _CONTROL)
        await self._at.type(raw.find_box, _WANTED)
        await self._at.until(lambda: raw.count.text().startswith("1 of "), "the first place")
        await self._at.press(Qt.Key.Key_F3)
        await self._at.until(lambda: raw.count.text().startswith("2 of "), "the second place")
        check(raw.reader.textCursor().selectedText() == _WANTED, "what was found is marked")

    async def _family(self) -> None:
        family = (await self._at.open_component(UNFINISHED_MODULE)).family
        await self._at.show_page(FAMILY)
        tree, view = family.tree, family.view
        await self._at.until(lambda: tree.rowCount(tree.itself()) > 0 and not family.is_loading, "the slots")
        opened = self._child(tree.itself(), lambda index: tree.rowCount(index) > 0)
        await self._at.click_row(view, opened)
        await self._at.press(Qt.Key.Key_Right)
        await self._at.until(lambda: view.isExpanded(opened) and not family.is_loading, "the second level")
        rows = view.items_in_sight()
        check(any(item.parent is tree.item(opened) for item in rows), "parts of parts are in sight")
        check(any(item.node is not None and item.node.is_empty for item in rows), "an empty slot is in sight")

    def _child(self, parent: QModelIndex, wanted: object) -> QModelIndex:
        tree = self._at.component.family.tree
        rows = (tree.index(row, 0, parent) for row in range(tree.rowCount(parent)))
        return next(index for index in rows if callable(wanted) and wanted(index))

    async def _odd_part(self) -> None:
        search = self._at.workspace.search_view
        await self._at.go_to(search)
        await self._at.click(search.clear_button)
        for box, code in ((search.filters.project, _ODD_PROJECT), (search.filters.component_type, _ODD_TYPE)):
            await self._at.pick(box, code)
        await self._at.click(search.search_button)
        await self._at.until(lambda: search.count.text() != LOOKING, "an answer")
        part = await self._at.choose(search.view, lambda row: not row.serial_number, opens=True)
        await self._at.until_open(part.label)
        page = self._at.component
        check("no serial number" in page.strip.place.text(), "the strip says what is missing")
        await self._at.show_page(FAMILY)
        await self._at.until(lambda: says(page.family, "No family."), "that it has no family")
        await self._at.show_page(TESTS)
        await self._at.show_page(OVERVIEW)
        await self._at.until(lambda: not page.overview.due_pane.is_loading, "what is due")
