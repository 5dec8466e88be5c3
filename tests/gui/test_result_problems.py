"""The pane that shows what stands against sending results, at their fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from itkgui.item_models.problem_table import LaidOut
from itkgui.records.component import Component
from itkgui.records.value_check import ResultProblem
from itkgui.uploads.results import CheckedRun, RunInFile
from itkgui.views.review.result_problems import ResultProblems

BODY = {"component": "20U", "testType": "MASS", "runNumber": "1", "results": {"MASS": "heavy", "MAS": 3}}
ERROR = ResultProblem("results.MASS", "Mass has to be a number.", "a number", "the text “heavy”")
CAUTION = ResultProblem("results.MAS", "It has nothing of this name.", "maybe MASS", is_caution=True)


def run_with(*problems: ResultProblem) -> CheckedRun:
    part = Component.from_json({"serialNumber": "20U"})
    return CheckedRun(RunInFile(Path("a.json"), 0, (BODY,)), None, part, problems)


@pytest.fixture
def pane(qtbot: QtBot) -> ResultProblems:
    found = ResultProblems()
    qtbot.addWidget(found)
    found.resize(900, 400)
    found.show()
    return found


def line_at_cursor(pane: ResultProblems) -> str:
    return pane.text.textCursor().block().text().strip()


def test_errors_come_first_and_lead_to_their_field(pane: ResultProblems) -> None:
    pane.show_run(run_with(CAUTION, ERROR), LaidOut.of(BODY))
    assert list(pane.view.table.records) == [ERROR, CAUTION]
    assert line_at_cursor(pane) == '"MASS": "heavy"'
    pane.view.choose_row(1)
    assert line_at_cursor(pane) == '"MAS": 3'
    pane.show_run(run_with(), LaidOut.of(BODY))
    assert not pane.view.isVisible()
