"""Tables in another language: heads and words of the program are translated, once, and data never is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from itkgui import language
from itkgui.item_models.attachment_table import AttachmentTable
from itkgui.item_models.component_table import ComponentTable
from itkgui.item_models.membership_table import MembershipTable
from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.result_table import ResultTable, judged_text, result_rows
from itkgui.item_models.run_rows import run_groups
from itkgui.item_models.shipment_table import ShipmentTable, status_look
from itkgui.item_models.test_run_table import STANDING, TEST_TYPE, VERDICT, TestRunTable
from itkgui.item_models.timeline_table import TimelineTable
from itkgui.item_models.upload_table import HISTORY_COLUMNS, UploadTable
from itkgui.records.component import Component
from itkgui.records.shipment import Shipment
from itkgui.records.timeline import timeline_of
from tests.unit.item_models.runs import result, run_of
from tests.unit.uploads.rows import row

_TWICE = re.compile("⟦⟦[^⟦⟧]*⟧~*⟧")


@pytest.fixture(autouse=True)
def pseudo(tmp_path: Path) -> Iterator[None]:
    language.use(language.PSEUDO, tmp_path)
    yield
    language.use("en", tmp_path)


def heads(table: RecordTable[Any]) -> list[str]:
    across = Qt.Orientation.Horizontal
    found = (table.headerData(column, across) for column in range(table.columnCount()))
    return [head for head in found if head]


def cells(table: RecordTable[Any]) -> list[list[str]]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    indexes = [
        [table.index(line, column) for column in range(table.columnCount())]
        for line in range(table.rowCount())
    ]
    return [[str(table.data(index, role) or "") for index in line for role in roles] for line in indexes]


@pytest.mark.parametrize(
    "kind",
    [
        AttachmentTable,
        ComponentTable,
        MembershipTable,
        ResultTable,
        ShipmentTable,
        TestRunTable,
        TimelineTable,
        UploadTable,
    ],
)
def test_heads_are_translated(kind: Callable[[], RecordTable[Any]]) -> None:
    assert all(re.fullmatch("⟦[^⟦⟧]+⟧", head) for head in heads(kind()))


def test_runs_are_told_in_words_of_the_language() -> None:
    runs = (run_of(problems=True), run_of(passed=False), run_of(state="deleted"))
    table = TestRunTable()
    groups = run_groups(runs)
    table.set_groups(runs, groups)
    table.replace(groups.rows)
    texts = cells(table)
    assert len(texts) == 4
    for line in texts[1:]:
        assert all(line[3 * column].startswith("⟦") for column in (TEST_TYPE, VERDICT, STANDING))
    assert texts[0][0] == "Iv measure (3)", "a name is the database's"
    assert not any(_TWICE.search(text) for line in texts for text in line)
    assert table.counts.startswith("⟦3 rûñs")


def test_results_and_events_are_told_in_words_of_the_language() -> None:
    limited = result("current", 3, rangeMin=0, rangeMax=1)
    run = run_of(results=[limited, result("list", list(range(9))), result("flag", True)])
    table = ResultTable()
    table.replace(result_rows(run, None))
    component = Component.from_json(
        {"code": "c", "cts": "2025-01-01T00:00:00Z", "trashedTs": "2025-01-02T00:00:00Z", "trashed": True}
    )
    events = TimelineTable()
    events.replace(timeline_of(component, [run]))
    texts = [text for one in (table, events) for line in cells(one) for text in line]
    assert {"⟦àbövé~~⟧", "⟦ýés~⟧", "⟦Régîstéréd~~~~⟧"} <= set(texts)
    assert not any(_TWICE.search(text) for text in texts)
    assert judged_text(table.records).startswith("⟦3 résûlts")


def test_uploads_are_told_in_words_of_the_language() -> None:
    table = UploadTable()
    table.replace(table.lines_of([row(tries=2)]))
    assert "⟦wàîtîñg~~⟧" in cells(table)[0]
    assert all("⟦" in column.title for column in HISTORY_COLUMNS)


def test_status_that_only_the_database_knows_stays_as_it_is() -> None:
    assert status_look("prepared").word == "⟦prépàréd~~~⟧"
    assert status_look("lost").word == "lost"
    table = ShipmentTable()
    table.replace([Shipment.from_json({"id": "1", "status": "lost"})])
    assert cells(table)[0][0] == "lost"
