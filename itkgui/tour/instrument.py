"""An instrument: the folder for its files is watched, and what is new there is reviewed and sent."""

from __future__ import annotations

import shutil

from PySide6.QtCore import Qt

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.uploads.upload import UploadState
from itkgui.views.review.folder_bar import FolderBar
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.settings.settings_view import SettingRow

_NAME = f"{PIXEL_MODULE}_leakage-current.csv"


class Instrument:
    """Begins and ends with a pixel module on the screen, and leaves all settings as they were."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._folder = driver.program.options.paths.cache / "instrument"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("a folder watched", self._watch),
            ("a new file of an instrument", self._measure),
            ("review of what is new", self._review),
            ("what is new sent", self._send),
            ("no folder watched", self._stop),
        )

    def tidy(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _bar(self) -> FolderBar:
        return self._at.workspace.folder_bar

    @property
    def _sheet(self) -> ReviewSheet:
        if self._at.component.sheet is None:
            raise StepFailed("no file is under review")
        return self._at.component.sheet

    async def _row(self) -> SettingRow:
        """Find the setting on its page."""
        place = self._at.workspace.settings_place
        await self._at.go_to(place)
        await self._at.until(lambda: place.made is not None and place.made.is_complete, "the page")
        await self._at.type(place.view.search, "watched")
        return place.view.row("watched_folder")

    async def _watch(self) -> None:
        self._folder.mkdir(exist_ok=True)
        (self._folder / "of-yesterday.csv").write_text("volts,amperes\n0,0\n", "utf-8")
        row = await self._row()
        await self._at.type(row.field.inner, str(self._folder.absolute()))
        await self._at.press(Qt.Key.Key_Return)
        await self._at.until(lambda: self._bar.is_watching, "the first look")
        check(not self._bar.files, "what was there before is not offered")

    async def _measure(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        (self._folder / _NAME).write_text("volts,amperes\n0,0\n-50,3.1e-7\n-100,4.4e-7\n", "utf-8")
        await self._at.until(self._bar.isVisible, "the bar that tells of it")
        check([file.path.name for file in self._bar.files] == [_NAME], "only what is new is offered")
        check(self._bar.words.text() == _NAME, "it is named")
        check(self._bar.help_button.text() == f"Add to {PIXEL_MODULE}", "it is offered to what is open")
        check(not self._at.component.is_reviewing, "nothing is done by itself")

    async def _review(self) -> None:
        await self._at.click(self._bar.help_button)
        await self._at.until(lambda: self._sheet.send_button.isEnabled(), "the review of the file")
        check([row.name for row in self._sheet.rows] == [_NAME], "it is the one that was offered")
        check(not self._bar.isVisible(), "it is offered once")

    async def _send(self) -> None:
        program = self._at.program
        await self._at.click(self._sheet.send_button)
        await self._at.until(
            lambda: any(row.name == _NAME and row.state is UploadState.DONE for row in program.uploads),
            "the upload",
        )

    async def _stop(self) -> None:
        row = await self._row()
        await self._at.click(row.reset_button)
        await self._at.until(lambda: not self._bar.is_watching, "an end of the looks")
        await self._at.type(self._at.workspace.settings_place.view.search, "")
        await self._at.go_to(self._at.workspace.side_by_side)
