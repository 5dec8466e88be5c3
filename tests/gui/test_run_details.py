"""What can be done with one run: values in full, links, limits, trends, overlays, comments, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication

from itkgui.item_models.result_table import JUDGED, ResultRow
from itkgui.records.measurement import iv_curve_of
from itkgui.records.test_run import TestRun, ValueKind
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.test_runs.test_run_view import FILES, RAW, REMARKS, RESULTS, TestRunView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, pick
from tests.sandbox_process import SandboxProcess
from tests.unit.item_models.runs import result, run_of

pytestmark = pytest.mark.program("used")

PIXEL, STRIP, SENSOR = "20UPGM23800001", "20USBML0000001", "20USBSL0000001"


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


@pytest.fixture
def detail(person: Person) -> TestRunView:
    """The detail of a run of the pixel module, on the screen."""
    return person.scan(PIXEL).tests.detail


def look_at(person: Person, wanted: Callable[[TestRun], bool]) -> TestRun:
    """Choose a run, and wait for its results with their limits, and for its plot."""
    detail = person.component.tests.detail
    run: TestRun = person.look_at_run(wanted)
    person.until(
        lambda: detail.results.rowCount() == len(run.results) and "asking" not in detail.said.text(),
        "the results",
    )
    person.until(lambda: not detail.plot_area.is_loading, "the plot")
    return run


def of_type(code: str) -> Callable[[TestRun], bool]:
    return lambda run: run.test_type.code == code and not run.is_deleted


def choose(person: Person, wanted: Callable[[ResultRow], bool]) -> ResultRow:
    detail = person.component.tests.detail
    detail.tabs.setCurrentIndex(RESULTS)
    found: ResultRow = person.choose(detail.results_view, wanted)
    return found


def feed(person: Person, *runs: TestRun) -> None:
    """Show runs that the sandbox does not take."""
    tests = person.component.tests
    person.show_tab(TESTS)
    tests.show_runs(runs)
    person.until(lambda: [run.id for run in tests.table.runs] == [run.id for run in runs], "the runs")
    tests.view.choose_row(tests.table.row_of(runs[0].id))


# Values ---------------------------------------------------------------------------------------------------


def test_values_stand_beside_their_limits(person: Person, detail: TestRunView, server: PlainServer) -> None:
    run = look_at(person, of_type("QUAD_MODULE_METROLOGY"))
    component = server.component(PIXEL)
    question = {"project": component["project"]["code"], "componentType": "MODULE"}
    types = server.ask("GET", "listTestTypes", question).json()["pageItemList"]
    parameters = next(kind for kind in types if kind["code"] == run.test_type.code)["parameters"]
    limited = {p["code"] for p in parameters if p.get("thresholds")}
    judged = [row for row in detail.results.records if row.limits]
    assert judged
    assert {row.measured.code for row in judged} <= limited
    for row in judged:
        place = detail.results.records.index(row)
        assert row.judgement.value.startswith(detail.results.index(place, JUDGED).data())
    assert f"{len(judged)} with limits" in detail.said.text() or "beyond limits" in detail.said.text()


def test_test_types_are_asked_for_once(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("QUAD_MODULE_METROLOGY"))
    known = person.component.tests._context.test_types.known(run.component)
    look_at(person, of_type("IV_MEASURE"))
    assert person.component.tests._context.test_types.known(run.component) is known


def test_array_opens_as_a_table_and_closes(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("WIREBOND_PULL_TEST"))
    row = choose(person, lambda row: row.measured.kind is ValueKind.ARRAY)
    person.press(Qt.Key.Key_Return, detail.results_view)
    assert detail.array is not None
    table = detail.array.table
    assert table.rowCount() == len(row.measured.value)
    assert table.columns[1].exported(3) == row.measured.value[3]
    person.press(Qt.Key.Key_Escape, detail.array.view)
    assert person.component.tests.detail.array is None
    assert detail.results_view.isVisible()


def test_object_of_columns_opens_as_a_table(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("IV_MEASURE"))
    row = choose(person, lambda row: row.measured.kind is ValueKind.OBJECT)
    person.click(detail.results_pane.open_button)
    assert detail.array is not None
    titles = [column.title for column in detail.array.table.columns[1:]]
    assert titles == list(row.measured.value)
    assert detail.array.table.rowCount() == len(row.measured.value["voltage"])
    look_at(person, lambda other: other.id != run.id and bool(other.results))
    assert detail.array is None


def test_value_is_copied_alone(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("MASS_MEASUREMENT"))
    row = choose(person, lambda row: row.measured.kind is ValueKind.NUMBER)
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    detail.results_view.setFocus()
    person.press(Qt.Key.Key_C, detail.results_view, control_shift)
    assert QGuiApplication.clipboard().text() == str(row.measured.value)


def test_link_is_followed_and_back_again(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("E_SUMMARY"))
    row = choose(person, lambda row: row.measured.kind is ValueKind.RUN_LINK)
    (wanted,) = row.measured.linked_run_ids
    person.press(Qt.Key.Key_Return, detail.results_view)
    person.until(lambda: detail.run is not None and detail.run.id == wanted, "the linked run")
    assert detail.head.back_button.isVisible()
    person.click(detail.head.back_button)
    assert detail.run is not None
    assert detail.run.id == run.id
    assert not detail.head.back_button.isVisible()


@pytest.mark.logs("testRun")
def test_link_that_leads_nowhere_is_explained(person: Person, detail: TestRunView) -> None:
    feed(person, run_of("E_SUMMARY", results=[result("LINK", "0" * 24, dataType="testRun")]))
    person.until(lambda: detail.results.rowCount() == 1, "the result")
    choose(person, lambda row: row.can_open)
    person.press(Qt.Key.Key_Return, detail.results_view)
    person.until(lambda: "No such test run" in person.verdict, "the words")
    assert detail.run is not None


@pytest.mark.qt_log_ignore("does not support QPlatformServices::openUrl")
def test_link_that_nothing_opens_is_told(person: Person, detail: TestRunView) -> None:
    address = "https://itk.invalid/picture.jpg"  # what shows no desktop starts no browser
    feed(person, run_of("VISUAL", results=[result("PICTURE", address, dataType="string")]))
    person.until(lambda: detail.results.rowCount() == 1, "the result")
    choose(person, lambda row: row.can_open)
    person.press(Qt.Key.Key_Return, detail.results_view)
    assert person.verdict == "No program on this computer opens it."


# Plots ----------------------------------------------------------------------------------------------------


def test_chosen_runs_lie_over_each_other(person: Person, detail: TestRunView) -> None:
    tests = person.component.tests
    first = look_at(person, of_type("IV_MEASURE"))
    rows = [
        place
        for place in range(tests.table.rowCount())
        if (row := tests.table.record(tests.table.index(place, 0))).run is not None
        and not row.is_heading
        and iv_curve_of(row.run) is not None
    ]
    assert len(rows) > 2
    flags = QItemSelectionModel.SelectionFlag
    for place in rows:
        tests.view.selectionModel().select(tests.table.index(place, 0), flags.Select | flags.Rows)
    person.until(lambda: len(person.curve().curves) == len(rows), "the curves")
    assert detail.run is not None
    assert detail.run.id == first.id
    assert len(person.plot().legend.entries) > 1


def test_pinned_run_is_drawn_beside_those_of_another_component(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("IV_MEASURE"))
    person.click(detail.head.pin_button)
    assert detail.head.pin_button.isChecked()
    other = person.scan("20UPGM23100002").tests.detail
    look_at(person, of_type("IV_MEASURE"))
    assert len(person.curve().curves) == 2
    assert {curve.measurement.colour_group for curve in person.curve().curves} == {PIXEL, "20UPGM23100002"}
    assert run.component.label == PIXEL
    pick(person.component.tests.bar.pinned_button, "Unpin all")
    person.until(lambda: not other.plot_area.is_loading and len(person.curve().curves) == 1, "one curve")


def test_what_was_pinned_elsewhere_meanwhile_is_drawn_too(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("IV_MEASURE"))
    assert len(person.curve().curves) == 1
    other = person.scan("20UPGM23100002").tests.detail
    look_at(person, of_type("IV_MEASURE"))
    person.click(other.head.pin_button)
    person.workspace.components.setCurrentIndex(0)
    assert person.component.tests.detail is detail
    person.until(lambda: not detail.plot_area.is_loading and len(person.curve().curves) == 2, "both curves")


def test_trend_of_a_number_and_the_run_behind_a_point(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("MASS_MEASUREMENT"))
    assert not detail.plot_area.isVisible()
    choose(person, lambda row: row.measured.kind is ValueKind.NUMBER)
    person.press(Qt.Key.Key_T, detail.results_view, Qt.KeyboardModifier.ControlModifier)
    pane = person.plot()
    assert pane.kind.currentData() is Kind.TREND
    canvas = pane.canvas
    assert canvas is not None
    same = [r for r in person.component.tests.table.runs if r.test_type.code == run.test_type.code]
    records = [canvas.record_of(n) for n in range(sum(not r.is_deleted for r in same))]
    assert {found.id for found in records if isinstance(found, TestRun)} == {r.id for r in same}
    other = next(found for found in records if isinstance(found, TestRun) and found.id != run.id)
    pane.record_chosen.emit(other)
    assert detail.run is not None
    assert detail.run.id == other.id
    assert person.component.tests.view.chosen.run.id == other.id
    person.click(detail.head.back_button)
    assert detail.run.id == run.id


def test_pull_strengths_are_a_histogram(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("WIREBOND_PULL_TEST"))
    assert person.plot().kind.currentData() is Kind.HISTOGRAM


def test_table_of_numbers_is_a_map(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("FLATNESS"))
    pane = person.plot()
    row = next(row for row in detail.results.records if row.measured.kind is ValueKind.TABLE)
    detail.open_array(row)
    assert detail.array is not None
    detail.array.plot_requested.emit(row)
    person.until(lambda: not detail.plot_area.is_loading, "the map")
    assert pane.kind.currentData() is Kind.MAP
    assert pane.isVisible()


def test_two_coordinates_are_no_curve(person: Person, detail: TestRunView) -> None:
    look_at(person, of_type("QUAD_MODULE_METROLOGY"))
    assert not detail.plot_area.isVisible()


# Remarks, files, raw --------------------------------------------------------------------------------------


def test_comment_is_sent_and_read_back(person: Person, detail: TestRunView, server: PlainServer) -> None:
    run = look_at(person, of_type("MASS_MEASUREMENT"))
    detail.tabs.setCurrentIndex(REMARKS)
    remarks = detail.remarks
    assert not remarks.add_button.isEnabled()
    remarks.editor.setFocus()
    person.type(remarks.editor, "weighed <b>twice</b>")
    person.press(Qt.Key.Key_Return, remarks.editor, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: "weighed <b>twice</b>" in remarks.reader.toPlainText(), "the comment")
    assert remarks.editor.toPlainText() == ""
    held = next(found for found in server.runs(PIXEL) if found["id"] == run.id)["comments"]
    assert held[-1]["comment"] == "weighed <b>twice</b>"
    assert detail.tabs.tabText(REMARKS) == f"Remarks ({len(held)})"


def test_draft_of_a_comment_waits_while_another_run_is_looked_at(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("IV_MEASURE"))
    detail.tabs.setCurrentIndex(REMARKS)
    person.type(detail.remarks.editor, "half a sen")
    person.look_at_run(lambda other: other.test_type.code == "MASS_MEASUREMENT")
    assert detail.remarks.editor.toPlainText() == ""
    person.look_at_run(lambda other: other.id == run.id)
    assert detail.remarks.editor.toPlainText() == "half a sen"


def test_pictures_of_a_run_are_shown_and_open_among_the_files(person: Person) -> None:
    component = person.scan(SENSOR)
    detail = component.tests.detail
    look_at(person, of_type("ATLAS18_VIS_INSPECTION_V1"))
    person.until(
        lambda: detail.pictures.buttons and not detail.pictures.buttons[0].property("iconName"), "the picture"
    )
    image = detail.pictures.buttons[0].icon().pixmap(64, 64).toImage()
    assert len({image.pixel(x, 32) for x in range(image.width())}) > 4
    person.click(detail.pictures.buttons[0])
    assert component.tabs.currentIndex() == ATTACHMENTS
    assert component.attachments.view.chosen is not None


def test_raw_json_is_laid_out_when_looked_at(person: Person, detail: TestRunView) -> None:
    run = look_at(person, of_type("IV_MEASURE"))
    assert detail.raw is None
    detail.tabs.setCurrentIndex(RAW)
    raw = person.component.tests.detail.raw
    assert raw is not None
    person.until(lambda: f'"id": "{run.id}"' in raw.reader.toPlainText(), "the JSON")


# Odd data -------------------------------------------------------------------------------------------------

ODD: list[dict[str, Any]] = [
    {"results": None, "properties": None, "comments": None, "defects": None, "attachments": None},
    {"results": "many", "properties": 3, "date": "31.31.2025", "user": "x"},
    {"results": [None, 1, "x", {}, {"code": None, "value": {"a": {"b": {"c": [1, {"d": 2}]}}}}]},
    {"results": [result("X", [1, "two", None, float("nan"), float("inf"), -float("inf"), 1e400, 10**400])]},
    {"results": [result("V", list(range(20))), result("I", [0.1] * 7), result("E", [])]},
    {"results": [result("X", "<img src=x>\u202e\u0000" * 50_000, name="<b>n</b>\u202e")]},
    {"results": [result("X", 5, dataType="quaternion", valueType="hyper")]},
    {"results": [result("X", "not a number", dataType="float")]},
    {"results": [result("MAP", [[1, 2, None], [3], ["x"], []]), result("M3", [[[1, 2]], [[3, 4]]])]},
    {"results": [result("BIG", [n / 7 for n in range(100_000)]), result("T", [[1.0] * 300] * 300)]},
    {"results": [result(f"R{n}", n) for n in range(5000)]},
    {
        "defects": [{"name": None, "properties": {"row": [1] * 100_000}}],
        "comments": [{"comment": "x" * 10**6}],
    },
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_runs_show_what_they_can(person: Person, odd: dict[str, Any]) -> None:
    detail = person.scan(PIXEL).tests.detail
    run = run_of("ODD", project={"code": "P"}, **odd)
    feed(person, run, run_of("ODD"))
    person.until(lambda: detail.results.rowCount() == len(run.results), "the results")
    person.until(lambda: not detail.plot_area.is_loading, "the plot")
    assert detail.head.verdict.text() == run.verdict_text
    for tab in range(detail.tabs.count()):
        detail.tabs.setCurrentIndex(tab)
        person.settle()
    for row in list(detail.results.records)[:20]:
        if row.can_open and row.measured.kind is not ValueKind.RUN_LINK:
            detail.open_array(row)
            person.settle()
            detail.close_array()
    assert detail.head.warning.isVisible() == bool(run.unreadable)
    detail.tabs.setCurrentIndex(FILES)
    assert person.program.faults == []


def test_what_cannot_be_read_is_named(person: Person) -> None:
    detail = person.scan(PIXEL).tests.detail
    feed(person, run_of("ODD", date="31.31.2025", results=[result("MASS", "heavy", dataType="float")]))
    assert "date" in detail.head.warning.text()
    assert "MASS" in detail.head.warning.text()


def test_markup_stays_text(person: Person) -> None:
    detail = person.scan(PIXEL).tests.detail
    feed(person, run_of("ODD", runNumber="<i>1</i>", testType={"code": "B", "name": "<b>bold</b>\u202e"}))
    assert detail.head.title.text() == "<b>bold</b>�"
    assert detail.head.title.textFormat() is Qt.TextFormat.PlainText
    assert "<i>1</i>" in detail.head.facts.text()


@pytest.mark.logs("HTTP|server")
def test_results_are_there_though_their_limits_are_not(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    process = start_sandbox("--components", "100")
    person = start_program(settings_for(process))
    person.sign_in()
    with PlainServer(process) as server:
        rule = {"match": "* *listTestTypes", "do": "status", "status": 500, "times": None}
        server.ask("POST", "_sandbox/faults", [rule])  # type: ignore[arg-type]
    detail = person.scan(PIXEL).tests.detail
    person.until(lambda: "limits could not be loaded" in detail.said.text(), "the words")
    assert detail.results.rowCount() > 0
