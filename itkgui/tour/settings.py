"""Settings: found by a word, changed with the keys, told where they come from, and set back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from itkgui.settings import Settings
from itkgui.tour.driver import Driver, Step, check
from itkgui.views.settings.settings_view import SettingRow, SettingsView

_NAME, _SECONDS = "undo_seconds", 20.0


class SettingsPage:
    """Begins anywhere, and leaves all settings at their defaults."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("settings", self.show),
            ("a setting found and changed", self._change),
            ("a setting set back", self._reset),
        )

    async def show(self) -> None:
        """Go to the page."""
        await self._at.come_forward()
        place = self._at.workspace.settings_place
        await self._at.go_to(place)
        await self._at.until(lambda: place.made is not None and place.made.is_complete, "the page")
        names = {row.setting.name for row in self._view.rows}
        check(names == {one.name for one in Settings.declarations() if not one.is_secret}, "each has a row")
        data_dir = self._view.row("data_dir")
        check("--data-dir" in data_dir.origin.text() and not data_dir.field.isEnabled(), "an option is fixed")

    @property
    def _view(self) -> SettingsView:
        return self._at.workspace.settings_place.view

    @property
    def _row(self) -> SettingRow:
        return self._view.row(_NAME)

    async def _change(self) -> None:
        await self._at.type(self._view.search, "undo")
        shown = [row.setting.name for row in self._view.rows if row.isVisible()]
        check(shown == [_NAME], "only what was looked for is shown")
        await self._at.type(self._row.field.inner, f"{_SECONDS:g}")
        await self._at.press(Qt.Key.Key_Return)
        file = self._at.program.options.paths.settings_file
        line = f"{_NAME} = {_SECONDS:g}"
        await self._at.until(lambda: file.is_file() and line in file.read_text("utf-8"), "the file")
        check(self._row.origin.text() == "your choice", "it tells who chose")
        context = self._at.program.context
        check(context is not None and context.uploads.timing.undo == _SECONDS, "it holds at once")

    async def _reset(self) -> None:
        await self._at.click(self._row.reset_button)
        await self._at.until(lambda: self._row.origin.text() == "default", "the default")
        check(self._at.program.preferences.settings.undo_seconds == Settings.undo_seconds, "it holds again")
        await self._at.type(self._view.search, "")
