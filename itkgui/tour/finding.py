"""Finding components: by filters, a saved search, a tray; what is found sorted, narrowed and exported."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.views.search.search_view import SearchView

UNKNOWN = "20UPGM29999999"
_PROJECT, _TYPE, _STAGE = "P", "MODULE", "MODULE/FINAL_METROLOGY"
_SAVED = "Modules to be measured"
_PLACE, _PLACE_COLUMN, _HIDDEN_COLUMN = "BERN", "Location", "Owner"
_LISTED = ("20UPGM23800001", "20USBML0000001", "20USBMS0000001")


class Finding:
    """Begins at the sign-in page and ends with the answer to a number that nobody has."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._hits = 0  # told before the rows were loaded

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("sign in", self._sign_in_page),
            ("search", self._first_search),
            ("hits told beforehand", self._count_hits),
            ("search by several filters", self._search),
            ("saved search", self._save_search),
            ("results sorted", self._sort),
            ("results filtered", self._filter),
            ("columns chosen", self._choose_columns),
            ("results exported", self._export),
            ("list of serial numbers", self._look_up_list),
            ("an unknown serial number", self._scan_unknown),
        )

    @property
    def _search_view(self) -> SearchView:
        return self._at.workspace.search_view

    async def _sign_in_page(self) -> None:
        await self._at.come_forward()
        login = self._at.window.login
        await self._at.until(lambda: login.sign_in_button.isEnabled() and login.code1.text(), "a sandbox")

    async def _first_search(self) -> None:
        await self._at.click(self._at.window.login.sign_in_button)
        await self._at.until(lambda: self._at.window.workspace is not None, "the workspace")
        view = self._search_view
        await self._at.until(lambda: view.table.rowCount() > 0, "rows in the result table")
        await self._at.until(lambda: view.filters.has_places, "the choices of the filters")

    async def _count_hits(self) -> None:
        view = self._search_view
        before = view.count.text()
        for box, code in (
            (view.filters.project, _PROJECT),
            (view.filters.location, ""),
            (view.filters.component_type, _TYPE),
            (view.filters.stage, _STAGE),
        ):
            await self._at.pick(box, code)
        await self._at.until(lambda: view.hits.text().endswith((" match", " matches")), "the number of hits")
        self._hits = int(view.hits.text().split()[0].replace(",", ""))
        check(self._hits > 0, "some component matches")
        check(view.count.text() == before, "no row is loaded before the search")

    async def _search(self) -> None:
        view = self._search_view
        await self._at.click(view.search_button)
        await self._until_found()
        check(
            all(row.component_type.code == _TYPE and row.stage.code == _STAGE for row in view.table.shown),
            "all rows match the filters",
        )

    async def _until_found(self) -> None:
        count = self._search_view.count
        await self._at.until(
            lambda: count.text().startswith(f"{self._hits:,} component"), "as many rows as were told"
        )

    async def _save_search(self) -> None:
        view = self._search_view
        await self._at.unfold(view.saved.button)
        await self._at.take("Save this search")
        await self._at.type(view.saved.name, _SAVED)
        await self._at.press(Qt.Key.Key_Return)
        await self._at.until(lambda: not view.saved.line.isVisible(), "the search to be saved")
        await self._at.click(view.clear_button)
        await self._at.click(view.search_button)
        await self._at.until(
            lambda: not view.count.text().startswith(f"{self._hits:,} component") and view.table.rowCount(),
            "all components",
        )
        await self._at.unfold(view.saved.button)
        await self._at.take(_SAVED)
        await self._until_found()
        check(view.filters.stage.code == _STAGE, "the filters are those that were saved")
        await self._at.unfold(view.saved.button)  # which shows the name in the picture

    async def _sort(self) -> None:
        await self._at.fold()
        view = self._search_view.view
        header, column = view.horizontalHeader(), self._column(_PLACE_COLUMN)
        place = QPoint(header.sectionViewportPosition(column) + 30, header.height() // 2)
        await self._at.act(lambda: QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place))
        await self._at.until(lambda: not view.table.is_arranging, "the rows to be sorted")
        places = [view.table.columns[column].text(row).casefold() for row in view.table.shown]
        check(places == sorted(places) and places[0] != places[-1], "the rows are in order of their place")

    async def _filter(self) -> None:
        view = self._search_view
        before = view.table.rowCount()
        await self._at.type(view.text_filter, _PLACE)
        await self._at.until(lambda: 0 < view.table.rowCount() < before, "fewer rows")
        check(all(_PLACE in row.location.code for row in view.table.shown), "all rows hold the text")

    async def _choose_columns(self) -> None:
        view = self._search_view
        await self._at.unfold(view.column_button)
        await self._at.take(_HIDDEN_COLUMN)
        await self._at.until(lambda: view.view.isColumnHidden(self._column(_HIDDEN_COLUMN)), "a column less")

    async def _export(self) -> None:
        await self._at.fold()
        view = self._search_view
        await self._at.unfold(view.export_button)
        await self._at.take("CSV file")
        path = await self._at.save_as("components.csv")
        await self._at.until(lambda: self._at.verdict.startswith("Saved"), "the message that it is saved")
        titles, rows = await self._at.program.worker.call(_read, path)
        check(_HIDDEN_COLUMN not in titles and _PLACE_COLUMN in titles, "the file has the columns shown")
        written = [row[titles.index("Serial number")] for row in rows]
        check(written == [row.serial_number for row in view.table.shown], "the file has the rows shown")

    async def _look_up_list(self) -> None:
        await self._at.unfold(self._search_view.column_button)
        await self._at.take("Reset columns")
        await self._at.go_to(self._at.workspace.list_place)
        view = self._at.workspace.list_place.view
        for serial in (*_LISTED, UNKNOWN):
            await self._at.type(view.editor, serial, instead=False)
            await self._at.press(Qt.Key.Key_Return)
        await self._at.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await self._at.until(lambda: view.count.text() == "3 found, 1 unknown", "the answer to the list")
        found = {row.label for row in view.table.shown if row.component is not None}
        check(found == set(_LISTED), "the components of the list are in the table")

    async def _scan_unknown(self) -> None:
        await self._at.go_to(self._search_view)  # what is scanned at the tray goes into it
        await self._at.scan(UNKNOWN)
        await self._at.until(
            lambda: self._at.verdict.startswith(f"{UNKNOWN}: No such component"), "the verdict on the scan"
        )

    def _column(self, title: str) -> int:
        columns = self._search_view.table.columns
        found = next((place for place, column in enumerate(columns) if column.title == title), None)
        if found is None:
            raise StepFailed(f"the results have no column {title}")
        return found


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the titles and the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles, *rows = csv.reader(file)
    return titles, rows
