"""Other looks: the same pages in the dark, with text at 150 %, and the way out."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from itkgui.tour.driver import Driver, Step, check
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.tour.plots import Plots
from itkgui.tour.previews import Previews
from itkgui.tour.runs import Runs
from itkgui.tour.settings import SettingsPage
from itkgui.views.components.component_view import COMMENTS, FAMILY, HISTORY, OVERVIEW, TESTS
from itkgui.views.test_runs.test_run_view import RESULTS
from itkgui.views.theme import DARK, LIGHT, Theme

_LARGE = 150  # percent


class Looks:
    """Begins with a component open and ends at the sign-in page."""

    def __init__(
        self, driver: Driver, runs: Runs, plots: Plots, previews: Previews, settings: SettingsPage
    ) -> None:
        self._at = driver
        self._runs = runs
        self._plots = plots
        self._previews = previews
        self._settings = settings

    @property
    def steps(self) -> Iterator[Step]:
        yield "dark: overview", self._dark_overview
        yield "dark: tests", self._tests
        yield "dark: several runs overlaid", self._plots.overlay
        yield from self._previews.steps_by_kind("dark")
        yield "dark: search", self._search
        yield "dark: shipment", self._shipment
        yield "dark: settings", self._settings.show
        yield "150 %: shipment", self._large_shipment
        yield "150 %: search", self._search
        yield "150 %: overview", self._overview
        yield "150 %: tests", self._tests
        yield "150 %: results", self._results
        yield "150 %: several runs overlaid", self._plots.overlay
        yield from self._previews.steps_by_kind("150 %")
        yield "150 %: family", self._family
        yield "150 %: history", self._history
        yield "150 %: comments", self._comments
        yield "150 %: uploads", self._uploads
        yield "150 %: settings", self._settings.show
        yield "signed out", self._sign_out

    # Looks -------------------------------------------------------------------------------------------------

    async def _use(self, theme: Theme, percent: int = 100) -> None:
        """Change the colours and the size of text."""
        await self._choose("Look", "Dark" if theme.is_dark else "Light")
        await self._choose("Text size", f"{percent} %")
        at_edge = self._at.picture().pixelColor(2, 2)
        check((at_edge.lightness() < 128) == theme.is_dark, "the window has the other look")

    async def _choose(self, part: str, entry: str) -> None:
        menu = await self._at.unfold(self._at.workspace.person)
        await self._at.take(part)
        await self._at.until(lambda: QApplication.activePopupWidget() is not menu, f"the menu {part}")
        await self._at.take(entry)
        style = self._at.program.style
        await self._at.until(lambda: not style.is_changing, "the other look")

    # Pages -------------------------------------------------------------------------------------------------

    async def _dark_overview(self) -> None:
        await self._use(DARK)
        await self._overview()

    async def _overview(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(OVERVIEW)
        due = self._at.component.overview.due
        await self._at.until(lambda: due.isVisible() and due.table.rowCount() > 0, "the tests due")

    async def _tests(self) -> None:
        await self._at.show_page(TESTS)
        await self._runs.choose_run("IV_MEASURE")
        pane = self._at.component.tests.detail.plot
        await self._at.until(lambda: pane is not None and pane.isVisible(), "the curve")

    async def _results(self) -> None:
        await self._runs.choose_run("QUAD_MODULE_METROLOGY")
        detail = self._at.component.tests.detail
        await self._at.show_tab(detail.tabs, RESULTS)
        await self._at.until(lambda: detail.results.rowCount() > 0, "the results")

    async def _family(self) -> None:
        family = self._at.component.family
        await self._at.show_page(FAMILY)
        await self._at.until(
            lambda: family.tree.rowCount(family.tree.itself()) > 0 and not family.is_loading, "the parts"
        )

    async def _history(self) -> None:
        await self._at.show_page(HISTORY)
        table = self._at.component.timeline.table
        await self._at.until(lambda: table.rowCount() > 0, "the history")

    async def _comments(self) -> None:
        await self._at.show_page(COMMENTS)
        await self._at.until(self._at.component.comments.reader.toPlainText, "the comments")

    async def _uploads(self) -> None:
        await self._at.go_to(self._at.workspace.upload_view)

    async def _search(self) -> None:
        search = self._at.workspace.search_view
        await self._at.go_to(search)
        await self._at.click(search.clear_button)
        await self._at.click(search.search_button)
        await self._at.until(lambda: search.table.rowCount() > 1, "rows in the result table")

    async def _shipment(self) -> None:
        place = self._at.workspace.shipments_view
        await self._at.go_to(place)
        page = place.shown_page
        await self._at.until(lambda: page is not None and page.shipment is not None, "the shipment seen last")

    async def _large_shipment(self) -> None:
        before = self._at.window.fontMetrics().height()
        await self._use(LIGHT, _LARGE)
        check(self._at.window.fontMetrics().height() > 1.3 * before, "the text is larger")
        await self._shipment()

    async def _sign_out(self) -> None:
        await self._at.unfold(self._at.workspace.person)
        await self._at.take("Sign out")
        button = self._at.window.login.sign_in_button
        await self._at.until(lambda: button.isVisible() and button.isEnabled(), "the sign-in page")
        check(self._at.window.workspace is None, "nobody is signed in")
