"""Leads through all steps in their order, takes the pictures, and reports.

``tour.json`` holds ``{"steps": [{"name", "seconds", "screenshot", "ok"}], "stall_ms": {"p50", "p99", "max"},
"previews", "ok"}``; a step that failed also has ``"error"``, and ``"previews"`` tells for the media types
that were looked at which previewers showed them. Beside it lie the pictures, and what the tour exported.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt

from itkgui import application, program
from itkgui.paths import resource
from itkgui.tour.comfort import Comfort
from itkgui.tour.diagnosis import Diagnosis
from itkgui.tour.driver import Driver, Step, StepFailed
from itkgui.tour.files import Files
from itkgui.tour.finding import Finding
from itkgui.tour.instrument import Instrument
from itkgui.tour.looks import Looks
from itkgui.tour.off_line import OffLine
from itkgui.tour.page import Page
from itkgui.tour.places import Places
from itkgui.tour.plots import Plots
from itkgui.tour.previews import Previews
from itkgui.tour.results import Results
from itkgui.tour.runs import Runs
from itkgui.tour.scanner import Scanner
from itkgui.tour.session import Session
from itkgui.tour.settings import SettingsPage
from itkgui.tour.shipments import Shipments
from itkgui.views.diagnosis.heartbeat import Heartbeat

_UNDO = 1.0  # seconds; the usual ten would be waited for at every sending


def run(options: application.Options, folder: Path) -> int:
    """Take the tour; return 0 if every step was as it should be, else 1."""
    folder.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {}

    async def drive(program: application.Application) -> int:
        tour = Tour(program, folder)
        try:
            await tour.take()
        finally:
            report.update(tour.report())
            tour.tidy()
        return 0 if report["ok"] else 1

    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":  # whose own screen is too small for the window
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={resource('tour/screen.json')}"
    # A system's own file dialog knows nothing of keys that come from here.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    code = program.run(options, drive)
    if not report:  # stopped before the first step
        return 1
    (folder / "tour.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    stalls = report["stall_ms"]
    sys.stdout.write(
        f"tour: {len(report['steps'])} steps, {'all well' if report['ok'] else 'FAILED'}; GUI stall "
        f"p50 {stalls['p50']} ms, p99 {stalls['p99']} ms, max {stalls['max']} ms\n"
    )
    return code


class Tour:
    """All steps in one window of one program; the heart is watched from the first to the last."""

    def __init__(self, program: application.Application, folder: Path) -> None:
        self._program = program
        self._driver = Driver(program, folder)
        self._folder = folder
        self._taken: list[dict[str, Any]] = []
        self._heartbeat = Heartbeat()
        self._files, self._previews = Files(self._driver), Previews(self._driver)
        self._scanner, self._instrument = Scanner(self._driver), Instrument(self._driver)
        self._is_complete = False

    @property
    def _steps(self) -> Iterator[Step]:
        """Each is known when those before it are done."""
        driver = self._driver
        runs, page, places = Runs(driver), Page(driver), Places(driver)
        plots = Plots(driver, runs)
        yield from Finding(driver).steps
        yield from page.steps
        yield from places.steps
        yield from runs.steps
        yield from plots.steps
        yield from self._previews.steps
        yield from self._files.steps
        yield from Results(driver).steps
        yield from self._instrument.steps
        yield from page.later_steps
        yield from Shipments(driver).steps
        yield from places.later_steps
        yield from OffLine(driver).steps
        yield from Diagnosis(driver).steps
        yield from self._scanner.steps
        settings = SettingsPage(driver)
        yield from settings.steps
        yield from Comfort(driver).steps
        yield from Looks(driver, runs, plots, self._previews, settings).steps
        yield from Session(driver).steps

    async def take(self) -> None:
        """Go through all steps; the first failure ends the tour."""
        self._heartbeat.start()
        self._program.preferences.put("undo_seconds", _UNDO)
        for name, step in self._steps:
            if not await self._take_step(name, step):
                return
        self._is_complete = True

    def tidy(self) -> None:
        """Remove the files that were made to be dropped."""
        for maker in (self._files, self._scanner, self._instrument):
            maker.tidy()

    def report(self) -> dict[str, Any]:
        """Return what ``tour.json`` is to hold; ends the measuring."""
        faults = self._program.faults
        ok = self._is_complete and not faults and all(step["ok"] for step in self._taken)
        return {
            "steps": self._taken,
            "stall_ms": self._heartbeat.stop(),
            "previews": self._previews.seen,
            "faults": faults,
            "ok": ok,
        }

    async def _take_step(self, name: str, step: Callable[[], Awaitable[None]]) -> bool:
        started = time.perf_counter()
        entry: dict[str, Any] = {"name": name}
        taken = asyncio.ensure_future(step())
        await asyncio.wait({taken})
        error = taken.exception()
        if isinstance(error, StepFailed):
            entry["error"] = str(error)
        elif error is not None:
            entry["error"] = repr(error)
            self._program.on_fault(type(error), error, error.__traceback__)
        entry["seconds"] = round(time.perf_counter() - started, 3)
        words = re.findall(r"\w+", name)
        entry["screenshot"] = "-".join((f"{len(self._taken) + 1:03d}", *words)) + ".png"
        picture = self._driver.picture()
        saved = await self._program.worker.call(picture.save, str(self._folder / entry["screenshot"]))
        entry["ok"] = saved and "error" not in entry
        self._taken.append(entry)
        return bool(entry["ok"])
