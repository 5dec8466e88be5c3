"""Drives the real window through the technician's main job on the sandbox, with a picture of every step.

``tour.json`` holds ``{"steps": [{"name", "seconds", "screenshot", "ok"}], "stall_ms": {"p50", "p99", "max"},
"ok"}``; a step that failed also has ``"error"``.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QFont, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from itkgui import application
from itkgui.background.upload_runner import UploadState
from itkgui.records.measurement import iv_curve_of
from itkgui.views.component_view import (
    ATTACHMENTS,
    COMMENTS,
    FAMILY,
    HISTORY,
    OVERVIEW,
    RAW,
    TESTS,
    ComponentView,
)
from itkgui.views.heartbeat import Heartbeat
from itkgui.views.record_view import RecordView
from itkgui.views.review_sheet import ReviewSheet
from itkgui.views.style import DARK, LIGHT, Theme
from itkgui.views.workspace_view import WorkspaceView

PIXEL_MODULE = "20UPGM23800001"
STRIP_MODULE = "20USBML0000001"
UNKNOWN = "20UPGM29999999"
_LATER_TABS = {"family": FAMILY, "history": HISTORY, "comments": COMMENTS, "raw": RAW}
_PATIENCE = 30.0  # seconds a step may wait for one thing


class StepFailed(Exception):
    """What a step waited for did not come."""


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

    code = application.run(options, drive)
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
    """Clicks, types and drops as a person does, and waits for what a person would wait for."""

    def __init__(self, program: application.Application, folder: Path) -> None:
        self._program = program
        self._window = program.window
        self._folder = folder
        self._steps: list[dict[str, Any]] = []
        self._samples = program.options.paths.cache / "tour"
        self._heartbeat = Heartbeat()
        self._is_complete = False

    async def take(self) -> None:
        """Go through all steps; the first failure ends the tour."""
        self._heartbeat.start()
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("sign in", self._sign_in_page),
            ("search", self._search),
            ("scan a pixel module", self._scan),
            ("tests and IV curve", self._tests),
            ("image", partial(self._preview, "image")),
            ("text", partial(self._preview, "text")),
            ("archive", partial(self._preview, "archive")),
            ("bytes", partial(self._preview, "bytes")),
            *((name, partial(self._look_at, tab)) for name, tab in _LATER_TABS.items()),
            ("review of dropped files", self._drop),
            ("uploaded and read back", self._send),
            ("uploads", self._uploads),
            ("files that cannot be sent", self._drop_bad),
            ("a strip module", self._scan_strip),
            ("an unknown serial number", self._scan_unknown),
            ("dark: overview", self._dark_overview),
            ("dark: tests", partial(self._show_tab, TESTS)),
            ("dark: files", self._dark_files),
            ("two side by side", self._side_by_side),
            ("signed out", self._sign_out),
        )
        for name, step in steps:
            if not await self._take_step(name, step):
                return
        self._is_complete = True

    def tidy(self) -> None:
        """Remove the files that were made to be dropped."""
        shutil.rmtree(self._samples, ignore_errors=True)

    def report(self) -> dict[str, Any]:
        """Return what ``tour.json`` is to hold; ends the measuring."""
        faults = self._program.faults
        ok = self._is_complete and not faults and all(step["ok"] for step in self._steps)
        return {"steps": self._steps, "stall_ms": self._heartbeat.stop(), "faults": faults, "ok": ok}

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
        entry["screenshot"] = f"{len(self._steps) + 1:02d}-{name.replace(': ', '-').replace(' ', '-')}.png"
        # What is on the screen, not painted once more: the tour must not make the program look slow.
        picture = self._window.screen().grabWindow(self._window.winId()).toImage()
        saved = await self._program.worker.call(picture.save, str(self._folder / entry["screenshot"]))
        entry["ok"] = saved and "error" not in entry
        self._steps.append(entry)
        return bool(entry["ok"])

    # The steps ---------------------------------------------------------------------------------------------

    async def _sign_in_page(self) -> None:
        login = self._window.login
        await self._until(lambda: login.sign_in_button.isEnabled() and login.code1.text(), "a sandbox")

    async def _search(self) -> None:
        await self._click(self._window.login.sign_in_button)
        await self._until(lambda: self._window.workspace is not None, "the workspace")
        search = self._workspace.search_view
        await self._until(lambda: search.table.rowCount() > 0, "rows in the result table")
        search.filters.project.setCurrentText("Pixels")
        await self._until(lambda: search.filters.component_type.count() > 1, "the component types")
        search.filters.component_type.setCurrentIndex(search.filters.component_type.findData("MODULE"))
        search.filters.location.setCurrentIndex(0)
        search.table.replace([])
        await self._click(search.search_button)
        await self._until(lambda: search.table.rowCount() > 0, "rows in the result table")

    async def _scan(self) -> None:
        await self._scan_label(PIXEL_MODULE)
        await self._until(lambda: self._component.attachments.table.rowCount() > 0, "its files")

    async def _tests(self) -> None:
        component = self._component
        await self._show_tab(TESTS)
        await self._show_curve(component)

    async def _preview(self, kind: str) -> None:
        await self._show_tab(ATTACHMENTS)
        endings = {
            "image": (".jpg", ".jpeg"),
            "text": (".json", ".txt", ".log"),
            "archive": (".zip",),
            "bytes": (".root", ".bin", ".dat", ".raw"),
        }[kind]
        preview = self._component.attachments.preview
        view = self._component.attachments.view
        await self._choose(view, lambda attachment: attachment.display_name.lower().endswith(endings))
        await self._until(lambda: preview.content.shown_kind == kind, f"the preview of {kind}")
        if kind == "archive":
            await self._until(lambda: bool(preview.content.inner_kind), "the preview of a member")

    async def _look_at(self, tab: int) -> None:
        component = self._component
        await self._show_tab(tab)
        panes = (component.family.pane, component.timeline.pane, component.raw.pane)
        await self._until(
            lambda: not component.family.is_loading and not any(pane.is_loading for pane in panes),
            "what is in the tab",
        )

    async def _drop(self) -> None:
        note, photo = self._samples / "visual-inspection-note.txt", self._samples / "wire-bonds.png"
        await self._program.worker.call(_write_samples, note, photo)
        await self._drop_files([note, photo])
        await self._until(lambda: self._sheet.send_button.isEnabled(), "the review of the files")

    async def _send(self) -> None:
        component = self._component
        before = component.attachments.table.rowCount()
        await self._click(self._sheet.send_button)
        uploads = self._program.uploads
        await self._until(lambda: len(uploads) == 2 and not any(u.state.is_open for u in uploads), "uploads")
        failed = [u.error for u in uploads if u.state is not UploadState.DONE]
        if failed:
            raise StepFailed(f"uploads failed: {failed}")
        await self._until(lambda: component.attachments.table.rowCount() == before + 2, "the new rows")
        preview = component.attachments.preview
        await self._choose(component.attachments.view, lambda a: a.display_name == "wire-bonds.png")
        await self._until(lambda: preview.content.shown_kind == "image", "the picture from the server")

    async def _uploads(self) -> None:
        self._workspace.go_to(self._workspace.upload_view)
        await self._until(self._workspace.upload_view.isVisible, "the uploads")

    async def _drop_bad(self) -> None:
        self._workspace.go_to(self._workspace.side_by_side)
        empty, fine = self._samples / "unfinished.csv", self._samples / "visual-inspection-note.txt"
        empty.write_bytes(b"")
        await self._drop_files([empty, self._samples, fine])
        await self._until(lambda: len(self._sheet.rows) == 3, "the review of the files")
        if self._sheet.send_button.isEnabled():
            raise StepFailed("a folder and an empty file could be sent")

    async def _scan_strip(self) -> None:
        await self._click(self._sheet.cancel_button)
        await self._scan_label(STRIP_MODULE)
        await self._show_tab(TESTS)
        await self._show_curve(self._component)

    async def _scan_unknown(self) -> None:
        await self._type_label(UNKNOWN)
        footer = self._workspace.footer
        await self._until(
            lambda: footer.verdict.text().startswith(f"{UNKNOWN}: No such component"), "the verdict"
        )

    async def _dark_overview(self) -> None:
        await self._use(DARK)
        await self._show_tab(OVERVIEW)

    async def _dark_files(self) -> None:
        await self._scan_label(PIXEL_MODULE)
        await self._preview("image")

    async def _side_by_side(self) -> None:
        await self._act(lambda: self._workspace.side_by_side.toggle(self._component))
        await self._until(lambda: all(v.isVisible() for v in self._workspace.open_components), "both")

    async def _sign_out(self) -> None:
        self._workspace.sign_out_action.trigger()
        await self._until(lambda: self._window.workspace is None, "the sign-in page")
        await self._use(LIGHT)

    # What a person does ------------------------------------------------------------------------------------

    @property
    def _workspace(self) -> WorkspaceView:
        if self._window.workspace is None:
            raise StepFailed("nobody is signed in")
        return self._window.workspace

    @property
    def _component(self) -> ComponentView:
        if self._workspace.current_component is None:
            raise StepFailed("no component is on the screen")
        return self._workspace.current_component

    @property
    def _sheet(self) -> ReviewSheet:
        if self._component.sheet is None:
            raise StepFailed("no files are under review")
        return self._component.sheet

    async def _act(self, action: Callable[[], None]) -> None:
        """Do something outside of any task: what it sets off may run the event loop."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def act() -> None:
            action()
            done.set_result(None)

        loop.call_soon(act)
        await done

    async def _click(self, widget: QWidget) -> None:
        await self._until(lambda: widget.isVisible() and widget.isEnabled(), "a button that can be pressed")
        await self._act(lambda: QTest.mouseClick(widget, Qt.MouseButton.LeftButton))

    async def _choose(self, view: RecordView[Any], wanted: Callable[[Any], bool]) -> None:
        row = view.table.row_where(wanted)
        if row < 0:
            raise StepFailed(f"no such row among {view.accessibleName()}")
        index = view.table.index(row, 0)
        view.scrollTo(index)
        await asyncio.sleep(0)
        position = view.visualRect(index).center()
        button = Qt.MouseButton.LeftButton
        await self._act(lambda: QTest.mouseClick(view.viewport(), button, pos=position))

    async def _show_tab(self, tab: int) -> None:
        bar = self._component.tabs.tabBar()
        position = bar.tabRect(tab).center()
        await self._act(lambda: QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=position))

    async def _use(self, theme: Theme) -> None:
        self._program.style.use(theme)
        await self._until(lambda: not self._program.style.is_changing, "the other look")

    async def _show_curve(self, component: ComponentView) -> None:
        view, detail = component.tests.view, component.tests.detail
        await self._until(lambda: view.table.rowCount() > 0, "test runs")
        await self._choose(view, lambda row: row.run is not None and iv_curve_of(row.run) is not None)
        await self._until(lambda: detail.plot is not None and detail.plot.isVisible(), "the IV curve")

    async def _type_label(self, label: str) -> None:
        """Type as a scanner does: every character, then Enter."""
        box: QLineEdit = self._workspace.scan_box
        await self._act(box.clear)
        for character in label:
            await self._act(partial(QTest.keyClicks, box, character))
        await self._act(lambda: QTest.keyClick(box, Qt.Key.Key_Return))

    async def _scan_label(self, label: str) -> None:
        await self._type_label(label)

        def is_open() -> bool:
            view = self._workspace.current_component
            return view is not None and view.component.serial_number == label and view.is_complete

        await self._until(is_open, f"component {label}")

    async def _drop_files(self, paths: list[Path]) -> None:
        view = self._component
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path.absolute())) for path in paths])
        middle = view.rect().center()
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

        def drop() -> None:
            enter = QDragEnterEvent(QPoint(middle), copy, mime, left, none)
            QApplication.sendEvent(view, enter)
            if not enter.isAccepted():
                raise StepFailed("the component takes no files")
            QApplication.sendEvent(view, QDropEvent(QPointF(middle), copy, mime, left, none))

        await self._act(drop)

    async def _until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                verdict = self._window.workspace.footer.verdict.text() if self._window.workspace else ""
                raise StepFailed(f"waited {_PATIENCE:.0f} s for {what}. {verdict}".strip())
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # let what has just been shown be laid out and painted


def _write_samples(note: Path, photo: Path) -> None:
    note.parent.mkdir(exist_ok=True)
    note.write_text(
        "Visual inspection\nAll wire bonds present, no lifted feet, no scratches on the sensor edge.\n",
        "utf-8",
    )
    picture = QImage(900, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("#1f5b3a"))
    painter = QPainter(picture)
    painter.fillRect(0, 330, 900, 270, QColor("#8d949c"))
    for number in range(30):
        painter.fillRect(26 + number * 29, 90, 15, 46, QColor("#d9b45b"))
        painter.fillRect(28 + number * 29, 380, 12, 34, QColor("#c8ccd2"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setWidthF(2.4)
    pen.setColor(QColor("#f2f4f7"))
    painter.setPen(pen)
    for number in range(30):
        painter.drawLine(QPointF(33 + number * 29, 118), QPointF(34 + number * 29, 392))
    painter.setFont(QFont("DejaVu Sans Mono", 15))
    painter.fillRect(690, 545, 160, 5, QColor("white"))
    painter.drawText(724, 534, "200 µm")
    painter.end()
    if not picture.save(str(photo)):
        raise StepFailed(f"{photo} could not be written")
