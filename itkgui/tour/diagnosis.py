"""Diagnosis: the doctor looks at all, the log and a support bundle are read, a fault is told."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from itkgui.diagnosis.finding import Verdict
from itkgui.tour.driver import Driver, Step, check
from itkgui.views.diagnosis.bundle_sheet import BundleSheet
from itkgui.views.diagnosis.diagnosis_view import DiagnosisView

_SERVERS = ("clock", "dns", "proxy", "sign-in", "api", "eos")
_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Diagnosis:
    """Begins anywhere, signed in to the sandbox; ends at the doctor."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("the doctor", self._doctor),
            ("what a verdict is based on", self._facts),
            ("the log", self._log),
            ("a support bundle read", self._bundle),
            ("a support bundle saved", self._save),
            ("a fault of the program", self._fault),
            ("the report of a fault copied", self._copy_report),
        )

    @property
    def _view(self) -> DiagnosisView:
        return self._at.workspace.diagnosis_place.view

    async def _doctor(self) -> None:
        await self._at.come_forward()
        await self._at.press(Qt.Key.Key_D, _KEYS)
        await self._at.until(self._at.workspace.diagnosis_place.isVisible, "the place")
        doctor = self._view.doctor
        await self._at.until(lambda: doctor.is_over and doctor.again_button.isEnabled(), "all verdicts")
        verdicts = {key: doctor.findings[key].verdict for key in _SERVERS}
        check(set(verdicts.values()) == {Verdict.FINE}, f"the sandbox is well: {verdicts}")
        check(all(row.word.text() and row.sentence.text() for row in doctor.rows), "each has its verdict")

    async def _facts(self) -> None:
        row = next(row for row in self._view.doctor.rows if row.check.key == "clock")
        await self._at.click(row.more)
        check(row.facts.isVisible() and "127.0.0.1" in row.facts.text(), "it names the server")

    async def _log(self) -> None:
        log = self._view.log
        await self._at.act(self._view.show_log)
        await self._at.until(lambda: log.table.rowCount() > 0, "the log")
        await self._at.type(log.search, "python")
        await self._at.until(lambda: all("Python" in one.text for one in log.table.shown), "the first line")
        await self._at.act(partial(log.view.choose_row, 0))
        await self._at.until(lambda: "Python" in log.text.toPlainText(), "the whole entry")
        await self._at.click(log.copy_button)
        check("Python" in QApplication.clipboard().text(), "it can be copied")

    async def _bundle(self) -> None:
        await self._at.click(self._view.bundle_button)
        sheet = self._at.window.findChild(BundleSheet)
        check(isinstance(sheet, BundleSheet), "it is shown first")
        assert isinstance(sheet, BundleSheet)  # noqa: S101 - for the type checker
        await self._at.until(lambda: sheet.bundle is not None and sheet.text.toPlainText(), "what is in it")
        await self._at.act(partial(sheet.parts.setCurrentRow, 2))
        await self._at.until(lambda: "# default" in sheet.text.toPlainText(), "the settings")

    async def _save(self) -> None:
        sheet = self._at.window.findChild(BundleSheet)
        assert isinstance(sheet, BundleSheet)  # noqa: S101 - for the type checker
        file: Path = self._at.folder / "support-bundle.zip"
        await self._at.act(partial(sheet.save, file))
        await self._at.until(lambda: str(file) in sheet.state.text(), "the file")
        with zipfile.ZipFile(file) as archive:
            check(
                archive.testzip() is None and len(archive.namelist()) == sheet.parts.count(), "all is in it"
            )
        await self._at.click(sheet.close_button)

    async def _fault(self) -> None:
        care = self._at.window.care
        fault = ZeroDivisionError("made by the tour")
        await self._at.act(partial(care.tell_fault, ZeroDivisionError, fault, None))
        dialog = care.dialog
        await self._at.until(lambda: dialog is not None and dialog.isVisible(), "it is told")

    async def _copy_report(self) -> None:
        dialog = self._at.window.care.dialog
        assert dialog is not None  # noqa: S101 - for the type checker
        await self._at.click(dialog.copy_button)
        check("made by the tour" in QApplication.clipboard().text(), "its report can be copied")
        await self._at.click(dialog.close_button)
        await self._at.act(partial(self._view.tabs.setCurrentWidget, self._view.doctor))
