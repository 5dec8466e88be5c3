"""Results of tests: dropped with mistakes, mended, and sent as a test run with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.uploads.upload import UploadKind, UploadState
from itkgui.views.review.result_problems import ResultProblems
from itkgui.views.review.review_sheet import ReviewSheet

_STAGE = "MODULE/FINAL_METROLOGY"


class Results:
    """Adds results to a pixel module that is on the screen."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._samples = driver.program.options.paths.cache / "tour"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("results with mistakes", self._drop_wrong),
            ("a problem at its field", self._choose_problem),
            ("results mended", self._mend),
            ("results sent as a test run", self._send),
        )

    @property
    def _sheet(self) -> ReviewSheet:
        if self._at.component.sheet is None:
            raise StepFailed("no results are under review")
        return self._at.component.sheet

    @property
    def _problems(self) -> ResultProblems:
        if self._sheet.form.problems is None:
            raise StepFailed("no results were checked")
        return self._sheet.form.problems

    @property
    def _path(self) -> Path:
        return self._samples / "mass.json"

    @property
    def _protocol(self) -> Path:
        return self._samples / "mass-protocol.txt"

    def _body(self, **results: Any) -> dict[str, Any]:
        component = self._at.component.component
        return {
            "component": component.serial_number,
            "testType": "MASS_MEASUREMENT",
            "institution": component.location.code,
            "runNumber": "2",
            "date": "2026-05-04T10:00:00.000Z",
            "stage": _STAGE,
            "passed": True,
            "problems": False,
            "properties": {"SCALE_ACCURACY": 0.1},
            "results": results,
        }

    async def _write(self, body: dict[str, Any]) -> None:
        def write() -> None:
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(body, indent=2), "utf-8")
            self._protocol.write_text("Weighed three times, after an hour in the cabinet.\n", "utf-8")

        await self._at.program.worker.call(write)

    async def _drop_wrong(self) -> None:
        wrong = self._body(MASS="heavy", MAS=2750.5) | {"institution": "NOWHERE", "properties": {}}
        await self._write(wrong)
        await self._at.drop([self._path, self._protocol])
        await self._at.until(lambda: len(self._sheet.rows) == 2, "the review of the results")
        await self._at.choose(self._sheet.view, lambda row: row.run is not None)
        await self._at.until(
            lambda: self._sheet.form.problems is not None and self._problems.isVisible(), "the check"
        )
        check(not self._sheet.send_button.isEnabled(), "results with mistakes cannot be sent")

    async def _choose_problem(self) -> None:
        await self._at.choose(self._problems.view, lambda problem: problem.path == "results.MASS")
        line = self._problems.text.textCursor().block().text().strip()
        check(line.startswith('"MASS": "heavy"'), f"the problem leads to its field; {line}")

    async def _mend(self) -> None:
        await self._write(self._body(MASS=2750.5))
        await self._at.click(self._sheet.form.doubts.retry_button)
        await self._at.until(self._sheet.send_button.isEnabled, "the results to be right")

    async def _send(self) -> None:
        program, tests = self._at.program, self._at.component.tests
        before = len(program.uploads)
        await self._at.click(self._sheet.send_button)
        await self._at.until(
            lambda: len(program.uploads) > before and not any(u.state.is_open for u in program.uploads),
            "the uploads",
        )
        failed = [u.trouble for u in program.uploads if u.state is not UploadState.DONE]
        check(not failed, f"the run and its file were sent; {failed}")
        made = next(u.code for u in program.uploads if u.kind is UploadKind.TEST_RUN)
        await self._at.until(
            lambda: tests.detail.run is not None and tests.detail.run.id == made, "the new test run"
        )
