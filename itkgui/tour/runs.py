"""Test runs: filtered, grouped, those of all parts; and all that one of them holds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateEdit, QPushButton

from itkgui.item_models.run_rows import RunRow
from itkgui.records.run_history import Standing, Verdict
from itkgui.records.test_run import ValueKind
from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.test_runs.test_history_view import TestHistoryView
from itkgui.views.test_runs.test_run_view import FILES, REMARKS, RESULTS, TestRunView
from itkgui.views.widgets.filter_buttons import ChoiceButton

_IV = "IV measurement"
_DAYS = (QDate(2025, 9, 1), QDate(2025, 9, 30))
_STAGE = "Wirebonding"


class Runs:
    """Looks at the runs of a pixel module."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("test runs grouped", self._grouped),
            ("failed test runs", self._failed),
            ("test runs of a stage by text", self._by_stage),
            ("test runs of a month", self._by_date),
            ("superseded test runs", self._superseded),
            ("only test runs that count", self._without_superseded),
            ("test runs one after the other", self._ungrouped),
            ("test runs of all parts", self._family),
            ("results with limits", self._results),
            ("an array as a table", self._array),
            ("an array as a plot", self._array_plot),
            ("a link to another run", self._link),
            ("defects and remarks", self._remarks),
            ("files of a test run", self._files),
        )

    @property
    def _tests(self) -> TestHistoryView:
        return self._at.component.tests

    @property
    def _detail(self) -> TestRunView:
        return self._tests.detail

    @property
    def _rows(self) -> list[RunRow]:
        """The rows on the screen, without headings."""
        return [row for row in self._tests.table.shown if not row.is_heading]

    # All of them -------------------------------------------------------------------------------------------

    async def _grouped(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(TESTS)
        table = self._tests.table
        await self._at.until(lambda: table.rowCount() > 0, "test runs")
        headings = [row for row in table.shown if row.is_heading]
        check(headings and len(self._rows) == len(table.runs), "every run stands below a heading")
        check(self._tests.bar.count.text() == f"{len(table.runs)} runs", "the bar counts them")
        heading = next(row for row in headings if row.test_type.label == _IV)
        check(heading.run is not None and heading.run.verdict is Verdict.PASSED, "the newest run decides")

    async def _tick(self, button: ChoiceButton, entry: str) -> None:
        """Tick a choice of a filter, see that it narrows, and leave its menu open."""
        before = self._tests.table.accepted
        await self._at.unfold(button)
        await self._at.take(entry)
        await self._at.until(lambda: 0 < self._tests.table.accepted < before, "fewer runs")

    async def _failed(self) -> None:
        await self._tick(self._tests.bar.verdict, "failed")
        check(all(r.run and r.run.verdict is Verdict.FAILED for r in self._rows), "all of them failed")
        await self._show_count()

    async def _show_count(self) -> None:
        shown, total = len(self._rows), len(self._tests.table.runs)
        check(self._tests.bar.count.text() == f"{shown} of {total} shown", "the bar tells how many")

    async def _show_all(self) -> None:
        await self._at.click(self._tests.bar.clear_button)
        await self._at.until(lambda: not self._tests.bar.clear_button.isVisible(), "all runs again")

    async def _by_stage(self) -> None:
        await self._at.fold()
        await self._show_all()
        await self._tick(self._tests.bar.stage, _STAGE)
        await self._at.fold()
        before = self._tests.table.accepted
        await self._at.type(self._tests.bar.text, "visual")
        await self._at.until(lambda: 0 < self._tests.table.accepted < before, "fewer runs")
        check(all(row.run and row.run.stage.label == _STAGE for row in self._rows), "all are of the stage")
        check(all("Visual" in row.test_type.label for row in self._rows), "all hold the text")
        await self._show_count()

    async def _by_date(self) -> None:
        await self._show_all()
        before = self._tests.table.accepted
        menu = await self._at.unfold(self._tests.bar.date)
        for field, day in zip(menu.findChildren(QDateEdit), _DAYS, strict=True):
            await self._at.click(field)
            await self._at.act(partial(QTest.keyClick, field, Qt.Key.Key_Home))
            await self._at.act(partial(QTest.keyClicks, field, day.toString(Qt.DateFormat.ISODate)))
            check(field.date() == day, "the day that was typed")
        (button,) = menu.findChildren(QPushButton)
        await self._at.click(button)
        await self._at.until(lambda: QApplication.activePopupWidget() is None, "the menu to close")
        await self._at.until(lambda: 0 < self._tests.table.accepted < before, "fewer runs")
        dates = [row.run.date for row in self._rows if row.run and row.run.date]
        check(all(f"{date.astimezone():%Y-%m}" == "2025-09" for date in dates), "all are of that month")
        await self._show_count()

    async def _superseded(self) -> None:
        await self._show_all()
        await self._tick(self._tests.bar.test_type, _IV)
        await self._at.fold()
        old = await self._at.choose(self._tests.view, lambda row: row.standing is Standing.SUPERSEDED)
        text = self._tests.table.columns[0].text(old)
        check(text.endswith(", superseded"), "the row says that it is superseded")
        standing = self._detail.head.standing
        await self._at.until(
            lambda: standing.isVisible() and standing.text().startswith("Superseded"),
            "the run's page to say so",
        )

    async def _without_superseded(self) -> None:
        before = self._tests.table.accepted
        await self._at.unfold(self._tests.bar.view_button)
        await self._at.take("Show superseded runs")
        await self._at.until(lambda: 0 < self._tests.table.accepted < before, "fewer runs")
        check(all(row.standing is not Standing.SUPERSEDED for row in self._rows), "no old run is shown")

    async def _ungrouped(self) -> None:
        await self._at.take("Show superseded runs")
        await self._at.take("Group by test type")
        await self._at.fold()
        await self._show_all()
        table = self._tests.table
        check(table.rowCount() == len(table.runs), "there are no headings")
        dates = [row.run.age_key for row in self._rows if row.run]
        check(dates == sorted(dates, reverse=True), "the newest run stands first")

    async def _family(self) -> None:
        await self._at.unfold(self._tests.bar.view_button)
        await self._at.take("Group by test type")
        await self._at.fold()
        own = len(self._tests.table.runs)
        await self._at.click(self._tests.bar.family_button)
        await self._at.until(
            lambda: len(self._tests.table.runs) > own and not self._tests.is_loading, "the runs of the parts"
        )
        kinds = {row.component.component_type.code for row in self._rows}
        check({"MODULE", "BARE_MODULE", "FE_CHIP"} <= kinds, "runs of all levels are there")
        await self._at.type(self._tests.bar.text, "tuning")
        await self._at.until(lambda: self._rows and len(self._rows) < own, "the runs of the chips")

    # One of them -------------------------------------------------------------------------------------------

    async def choose_run(self, code: str, *, with_defects: bool = False) -> None:
        """Choose the newest run of a test type."""
        row = await self._at.choose(
            self._tests.view,
            lambda row: (
                not row.is_heading
                and row.run is not None
                and row.run.test_type.code == code
                and bool(row.run.defects) >= with_defects
            ),
        )
        await self._at.until(lambda: self._detail.run is row.run, "the run")
        await self._at.until(lambda: not self._detail.plot_area.is_loading, "its plot")

    async def _open_result(self, kind: ValueKind) -> None:
        await self._at.show_tab(self._detail.tabs, RESULTS)
        await self._at.choose(
            self._detail.results_view, lambda row: row.measured.kind is kind and row.can_open, opens=True
        )

    async def _results(self) -> None:
        await self._show_all()
        await self._at.click(self._tests.bar.family_button)
        await self._at.until(lambda: not self._tests.view.table.is_arranging, "the module's own runs")
        await self.choose_run("QUAD_MODULE_METROLOGY")
        await self._at.show_tab(self._detail.tabs, RESULTS)
        await self._at.until(lambda: "with limits" in self._detail.said.text(), "the results to be judged")
        judged = [row for row in self._detail.results.shown if row.limits]
        check(judged, "some result has limits")
        await self._at.choose(self._detail.results_view, lambda row: bool(row.limits))

    async def _array(self) -> None:
        await self.choose_run("WIREBOND_PULL_TEST")
        await self._open_result(ValueKind.ARRAY)
        await self._at.until(lambda: self._detail.array is not None, "the values")
        array = self._detail.array
        if array is None:
            raise StepFailed("no array is open")
        check(array.view.isVisible() and array.table.rowCount() > 20, "every value has a row")

    async def _array_plot(self) -> None:
        array, area = self._detail.array, self._detail.plot_area
        if array is None:
            raise StepFailed("no array is open")
        (button,) = [b for b in array.findChildren(QPushButton) if b.text() == "Plot"]
        await self._at.click(button)
        await self._at.until(lambda: area.isVisible() and not area.is_loading and area.has_plot, "the plot")
        await self._at.show_tab(self._detail.tabs, RESULTS)
        await self._at.press(Qt.Key.Key_Escape)
        await self._at.until(lambda: self._detail.array is None, "the results again")
        await self._at.show_tab(self._detail.tabs, self._detail.tabs.indexOf(area))

    async def _link(self) -> None:
        await self.choose_run("E_SUMMARY")
        await self._open_result(ValueKind.RUN_LINK)
        detail = self._detail
        await self._at.until(
            lambda: detail.run is not None and detail.run.test_type.code != "E_SUMMARY", "the linked run"
        )
        check(detail.head.back_button.isVisible(), "there is a way back")
        await self._at.show_tab(detail.tabs, RESULTS)
        await self._at.until(lambda: detail.results.rowCount() > 0, "the results of the linked run")

    async def _remarks(self) -> None:
        detail = self._detail
        await self._at.click(detail.head.back_button)
        await self._at.until(
            lambda: detail.run is not None and detail.run.test_type.code == "E_SUMMARY", "the run before"
        )
        await self.choose_run("VISUAL_INSPECTION", with_defects=True)
        await self._at.show_tab(detail.tabs, REMARKS)
        await self._at.until(lambda: "Defect: " in detail.remarks.reader.toPlainText(), "the defect")
        check(detail.tabs.tabText(REMARKS).startswith("Remarks ("), "the tab counts the remarks")

    async def _files(self) -> None:
        detail, component = self._detail, self._at.component
        await self._at.show_tab(detail.tabs, FILES)
        opened = await self._at.choose(detail.files_view, lambda _: True, opens=True)
        await self._at.until(lambda: component.tabs.currentIndex() == ATTACHMENTS, "the attachments")
        chosen = component.attachments.view.chosen
        check(chosen is not None and chosen.code == opened.code, "the file is chosen there")
        await self._at.until(lambda: component.attachments.preview.content.shown_kind, "its preview")
