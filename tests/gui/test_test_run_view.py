"""One test run: its curve where it has one, its numbers with units, its remarks and files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from itkgui.records.measurement import iv_curve_of, series_of
from itkgui.records.run_history import Verdict
from itkgui.records.test_run import TestRun
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.test_runs.test_run_view import FILES, RESULTS, TestRunView
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


def has_curve(run: TestRun) -> bool:
    return iv_curve_of(run) is not None


@pytest.mark.parametrize(("label", "unit"), [(PIXEL, "µA"), (STRIP, "nA")])
def test_curve_is_drawn(person: Person, server: PlainServer, label: str, unit: str) -> None:
    person.scan(label)
    run = person.look_at_run(has_curve)
    plot = person.curve()
    (curve,) = plot.curves
    raw = next(found for found in server.runs(label) if found["id"] == run.id)
    values = {result["code"].lower(): result["value"] for result in raw["results"]}
    columns = values.get("iv_array") or values
    for drawn, found in ((curve.x, columns["voltage"]), (curve.y, columns["current"])):
        assert np.array_equal(drawn, found if np.median(found) > 0 else np.abs(found))
    axes = {side: plot.view.getAxis(side).labelString() for side in ("bottom", "left")}
    assert "oltage" in axes["bottom"]
    assert "[V]" in axes["bottom"]
    assert f"[{unit}]" in axes["left"]


def test_logarithmic_scale(person: Person) -> None:
    person.scan(PIXEL)
    person.look_at_run(has_curve)
    plot, pane = person.curve(), person.plot()
    linear = plot.curves[0].drawn_y
    pane.logarithmic.click()
    shown = plot.curves[0].drawn_y
    positive = linear > 0
    assert np.allclose(shown[positive], np.log10(linear[positive]))
    assert np.isnan(shown[~positive]).all()
    pane.logarithmic.click()
    assert np.array_equal(plot.curves[0].drawn_y, linear)


def test_readout_follows_the_cursor(person: Person) -> None:
    person.scan(PIXEL)
    person.look_at_run(has_curve)
    plot, pane = person.curve(), person.plot()
    words = re.compile(r"oltage\S* \S+ V, .*urrent\S* \S+ [µn]A( ± .*)?$")

    def reads() -> bool:  # the plot may get another size meanwhile, and so another middle
        middle = plot.view.mapFromScene(plot.box.sceneBoundingRect().center())
        person.move_over(plot.view.viewport(), QPoint(middle.x() - 20, middle.y()))
        person.move_over(plot.view.viewport(), middle)
        return words.search(pane.readout.text()) is not None

    person.until(reads, "the read-out")


def test_no_curve_no_plot(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at_run(has_curve)
    plot = person.plot()
    run = person.look_at_run(lambda run: not series_of(run) and run.results)
    person.until(lambda: not plot.isVisible(), "the plot to go")
    assert component.tests.detail.head.title.text() == run.test_type.label


def test_curve_stays_in_the_window_whatever_is_chosen_meanwhile(person: Person) -> None:
    component = person.scan(PIXEL)
    person.show_tab(TESTS)
    view = component.tests.view
    rows = [view.table.record(view.table.index(row, 0)) for row in range(view.table.rowCount())]
    curves = [n for n, row in enumerate(rows) if row.run is not None and has_curve(row.run)]
    assert len(curves) > 2
    view.choose_row(curves[0])
    person.run.get_loop().call_soon(view.choose_row, curves[1])
    person.settle()
    view.choose_row(curves[2])
    plot = person.plot()
    assert plot.window() is person.window
    person.until(lambda: component.tests.detail.plot_area.isAncestorOf(plot))


def test_deleted_run_says_so_and_takes_no_files(person: Person) -> None:
    component = person.scan(PIXEL)
    run = person.look_at_run(lambda run: run.verdict is Verdict.DELETED)
    assert component.tests.detail.head.verdict.text() == "deleted"
    head = component.tests.detail.head
    middles = [part.geometry().center().y() for part in (head.verdict_icon, head.verdict, head.pin_button)]
    assert max(middles) - min(middles) <= 1, "they stand in one line"
    listed = {attachment.owner.key for attachment in component.attachments.table.records}
    assert run.id not in listed


def test_results_have_units(person: Person) -> None:
    component = person.scan(PIXEL)
    run = person.look_at_run(lambda run: any(result.unit for result in run.results))
    detail = component.tests.detail
    assert detail.tabs.tabText(RESULTS) == f"Results ({len(run.results)})"
    table = detail.results
    person.until(lambda: table.rowCount() == len(run.results), "the results")
    units = {table.index(row, 2).data() for row in range(table.rowCount())}
    assert units - {""}
    assert not any("[" in table.index(row, 0).data() for row in range(table.rowCount()))


def test_view_that_is_taken_apart_hears_of_nothing(person: Person) -> None:
    shown = person.scan(STRIP).tests.detail
    assert shown.run is not None
    detail = TestRunView(shown._context, person.program.style)
    detail.show_run(shown.run)
    person.settle()
    del detail  # a slot that is called now is an error, and so the end of this test
    shown._context.pinned.pin(shown.run)
    person.settle()


def test_remarks_name_the_defects(person: Person) -> None:
    component = person.scan(STRIP)
    run = person.look_at_run(lambda run: any("wire_number" in one.properties for one in run.defects))
    text = component.tests.detail.remarks.reader.toPlainText()
    assert f"Defect: {run.defects[0].name}" in text
    assert "    wire number: " in text, "in words"


def test_comments_are_shown(person: Person) -> None:
    component = person.scan(STRIP)
    run = person.look_at_run(lambda run: bool(run.comments))
    assert run.comments[0].text in component.tests.detail.remarks.reader.toPlainText()


def test_file_of_a_run_opens_among_the_attachments(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at_run(lambda run: bool(run.attachments) and not run.is_deleted)
    detail = component.tests.detail
    detail.tabs.setCurrentIndex(FILES)
    attachment = person.choose(detail.files_view, lambda _: True)
    detail.files_view.record_opened.emit(attachment)
    assert component.tabs.currentIndex() == ATTACHMENTS
    assert component.attachments.view.chosen.code == attachment.code
