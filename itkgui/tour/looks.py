"""The other look: the same pages in the dark, and the way out."""

from __future__ import annotations

from itkgui.tour.driver import Driver, Step, check
from itkgui.tour.files import Files
from itkgui.tour.parts import PIXEL_MODULE
from itkgui.tour.plots import Plots
from itkgui.tour.runs import Runs
from itkgui.views.component_view import OVERVIEW, TESTS
from itkgui.views.theme import DARK, LIGHT, Theme


class Looks:
    """Begins with a component open and ends at the sign-in page."""

    def __init__(self, driver: Driver, runs: Runs, plots: Plots, files: Files) -> None:
        self._at = driver
        self._runs = runs
        self._plots = plots
        self._files = files

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("dark: overview", self._overview),
            ("dark: tests", self._tests),
            ("dark: several runs overlaid", self._plots.overlay),
            ("dark: files", self._image),
            ("dark: search", self._search),
            ("dark: shipments", self._shipments),
            ("signed out", self._sign_out),
        )

    async def _use(self, theme: Theme) -> None:
        self._at.program.style.use(theme)
        await self._at.until(lambda: not self._at.program.style.is_changing, "the other look")
        at_edge = self._at.picture().pixelColor(2, 2)
        check((at_edge.lightness() < 128) == theme.is_dark, "the window has the other look")

    async def _overview(self) -> None:
        await self._use(DARK)
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(OVERVIEW)
        due = self._at.component.overview.due
        await self._at.until(lambda: due.isVisible() and due.table.rowCount() > 0, "the tests due")

    async def _tests(self) -> None:
        await self._at.show_page(TESTS)
        await self._runs.choose_run("IV_MEASURE")
        pane = self._at.component.tests.detail.plot
        await self._at.until(lambda: pane is not None and pane.isVisible(), "the curve")

    async def _image(self) -> None:
        await self._files.preview("image")

    async def _search(self) -> None:
        search = self._at.workspace.search_view
        await self._at.go_to(search)
        await self._at.click(search.clear_button)
        await self._at.click(search.search_button)
        await self._at.until(lambda: search.table.rowCount() > 1, "rows in the result table")

    async def _shipments(self) -> None:
        place = self._at.workspace.shipments_view
        await self._at.go_to(place)
        page = place.shown_page
        await self._at.until(lambda: page is not None and page.shipment is not None, "the shipment seen last")

    async def _sign_out(self) -> None:
        await self._at.unfold(self._at.workspace.person)
        await self._at.take("Sign out")
        button = self._at.window.login.sign_in_button
        await self._at.until(lambda: button.isVisible() and button.isEnabled(), "the sign-in page")
        check(self._at.window.workspace is None, "nobody is signed in")
        await self._use(LIGHT)
