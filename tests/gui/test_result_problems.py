"""The pane that shows what stands against sending results, at their fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from itkgui.records.component import Component
from itkgui.records.value_check import ResultProblem
from itkgui.uploads.results import CheckedRun
from itkgui.views.result_problems import ResultProblems

BODY = {"component": "20U", "testType": "MASS", "runNumber": "1", "results": {"MASS": "heavy", "MAS": 3}}
ERROR = ResultProblem("results.MASS", "Mass has to be a number.", "a number", "the text “heavy”")
CAUTION = ResultProblem("results.MAS", "It has nothing of this name.", "maybe MASS", is_caution=True)


def run_with(*problems: ResultProblem, **changes: Any) -> CheckedRun:
    fields: dict[str, Any] = {"duplicates": (), "number": 0, "count": 1} | changes
    part = Component.from_json({"serialNumber": "20U"})
    return CheckedRun(
        path=Path("a.json"),
        body=BODY,
        test_type=None,
        component=part,
        problems=problems,
        files=(),
        **fields,
    )


@pytest.fixture
def pane(qtbot: QtBot) -> ResultProblems:
    found = ResultProblems()
    qtbot.addWidget(found)
    found.resize(900, 400)
    found.show()
    return found


def line_at_cursor(pane: ResultProblems) -> str:
    return pane.text.textCursor().block().text().strip()


def test_errors_come_first_and_lead_to_their_field(pane: ResultProblems, qtbot: QtBot) -> None:
    pane.show_run(run_with(CAUTION, ERROR))
    assert list(pane.view.table.records) == [ERROR, CAUTION]
    assert line_at_cursor(pane) == '"MASS": "heavy"'
    pane.view.choose_row(1)
    assert line_at_cursor(pane) == '"MAS": 3'
    assert "1 error" in pane.summary.text()
    assert not pane.send_button.isVisible()


def test_cautions_can_be_sent_all_the_same(pane: ResultProblems, qtbot: QtBot) -> None:
    run = run_with(CAUTION)
    pane.show_run(run)
    with qtbot.waitSignal(pane.confirmed) as sent:
        pane.send_button.click()
    assert sent.args == [run]
    assert not pane.send_button.isEnabled()
    pane.show_run(run_with(CAUTION, ERROR))
    assert not pane.send_button.isVisible(), "what was said of one run counts for no other"


def test_the_same_results_are_named(pane: ResultProblems) -> None:
    pane.show_run(run_with(duplicates=("a1", "b2", "c3", "d4"), number=1, count=3))
    assert "number 2 of 3" in pane.summary.text()
    assert "a1, b2, c3 …" in pane.summary.text()
    assert pane.send_button.isVisible()
    assert not pane.view.isVisible()


def test_what_is_right_asks_nothing(pane: ResultProblems) -> None:
    pane.show_run(run_with())
    assert "nothing is wrong" in pane.summary.text()
    assert not pane.send_button.isVisible()
