"""ROOT files on the screen: levels opened, objects plotted or told, broken files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from itkgui.item_models.root_tree import HEADERS
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.previews.root import RootPreview
from tests.gui.person import words
from tests.gui.previewing import Viewer
from tests.unit.decoding.root_files import write_histograms, write_root


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_root(tmp_path_factory.mktemp("root") / "scan.root")


@pytest.fixture
def preview(viewer: Viewer, path: Path) -> RootPreview:
    return viewer.look_at(path, "scan.root", RootPreview)


def choose(viewer: Viewer, preview: RootPreview, *names: str) -> None:
    """Open levels until there is a row of the last name, choose it, and wait until it is shown."""
    index, keys = QModelIndex(), preview.keys
    for name in names:
        if index.isValid():
            preview.tree.expand(index)
        viewer.until(partial(keys.rowCount, index))
        rows = [keys.index(row, 0, index) for row in range(keys.rowCount(index))]
        index = next(row for row in rows if row.data() == name)
    preview.facts.setText("")
    preview.tree.setCurrentIndex(index)
    viewer.until(lambda: preview.facts.text() or preview.trouble.isVisible())


def plot(preview: RootPreview) -> PlotPane:
    assert preview.plot is not None
    assert preview.plot.isVisible()
    return preview.plot


def test_first_histogram_is_plotted_at_once(viewer: Viewer, preview: RootPreview) -> None:
    viewer.until(lambda: preview.plot is not None and preview.plot.isVisible())
    canvas = plot(preview).canvas
    assert isinstance(canvas, HistogramPlot)
    assert canvas.histogram is not None
    assert canvas.histogram.counts[0].tolist() == [4, 9, 1]
    assert canvas.describe(1) == "10 to 20 e: Pixels 9 ± 6"
    assert "17 entries" in preview.facts.text()
    titles = [(column.title, column.unit) for column in canvas.extract().columns]
    assert titles == [("Threshold from", "e"), ("Threshold to", "e"), ("Pixels", ""), ("error", "")]


def test_histogram_as_points_on_a_logarithmic_axis(viewer: Viewer, preview: RootPreview) -> None:
    choose(viewer, preview, "threshold")
    pane = plot(preview)
    pane.kind.setCurrentIndex(pane.kind.findData(Kind.CURVES))
    pane.bar.kind_chosen.emit()
    canvas = pane.canvas
    assert isinstance(canvas, CurvePlot)
    (curve,) = canvas.curves
    assert curve.error is not None
    assert curve.error.tolist() == [4, 6, 2]
    pane.logarithmic.click()
    assert not canvas.refusal


@pytest.mark.parametrize(
    ("names", "kind", "fact"),
    [
        (("occupancy",), MapPlot, "TH2D"),
        (("uneven",), MapPlot, "TH2D"),
        (("charge",), CurvePlot, "TProfile"),
        (("scans", "deep", "iv"), CurvePlot, "3 points"),
        (("scans", "errors"), CurvePlot, "3 points"),
        (("hits", "charge"), HistogramPlot, "5 entries"),
        (("hits", "jets"), HistogramPlot, "4 values"),
    ],
)
def test_what_is_plotted(
    viewer: Viewer, preview: RootPreview, names: tuple[str, ...], kind: type, fact: str
) -> None:
    choose(viewer, preview, *names)
    assert fact in preview.facts.text()
    canvas = plot(preview).canvas
    assert isinstance(canvas, kind)
    assert isinstance(canvas, Canvas)
    assert not canvas.refusal
    assert len(canvas.extract().records)


def test_graph_has_its_units_and_errors(viewer: Viewer, preview: RootPreview) -> None:
    choose(viewer, preview, "scans", "errors")
    canvas = plot(preview).canvas
    assert isinstance(canvas, CurvePlot)
    assert canvas.describe(1) == "Voltage 10 V, Current 1.5 nA ± 0.2 nA"


def test_text_is_told(viewer: Viewer, preview: RootPreview) -> None:
    choose(viewer, preview, "note")
    assert preview.text.toPlainText() == "source 90Sr, 300 s"
    choose(viewer, preview, "hits")
    assert "5 branches" in preview.text.toPlainText()
    choose(viewer, preview, "scans")
    assert preview.empty.sentence == "This is a folder."


def test_tree_is_walked_by_keys(viewer: Viewer, preview: RootPreview) -> None:
    choose(viewer, preview, "scans")
    assert not preview.keys.rowCount(preview.tree.currentIndex())
    QTest.keyClick(preview.tree, Qt.Key.Key_Right)
    viewer.until(lambda: preview.keys.rowCount(preview.tree.currentIndex()) == 2)
    QTest.keyClick(preview.tree, Qt.Key.Key_Down)
    assert preview.tree.currentIndex().parent().data() == "scans"


def test_many_histograms(viewer: Viewer, tmp_path: Path) -> None:
    preview = viewer.look_at(write_histograms(tmp_path / "many.root", 200), "many.root", RootPreview)
    assert preview.keys.rowCount() == 200


def test_object_that_is_damaged_does_not_hide_the_others(viewer: Viewer, path: Path, tmp_path: Path) -> None:
    content = bytearray(path.read_bytes())
    broken = tmp_path / "broken.root"
    at = content.index(b"note\x18Collectable string class")  # the key; its object follows
    content[at + 29 : at + 60] = bytes(31)
    broken.write_bytes(content)
    preview = viewer.look_at(broken, "broken.root", RootPreview)
    choose(viewer, preview, "occupancy")
    assert plot(preview).isVisible()


def test_file_that_goes_while_it_is_open(viewer: Viewer, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.root"
    copy.write_bytes(path.read_bytes())
    preview = viewer.look_at(copy, "copy.root", RootPreview)
    viewer.until(lambda: preview.plot is not None)
    copy.unlink()
    choose(viewer, preview, "occupancy")
    assert "its copy on this computer cannot be read" in words(preview.trouble)


def test_keys_leave_the_names_in_sight(viewer: Viewer, preview: RootPreview) -> None:
    viewer.content.resize(200, 400)
    choose(viewer, preview, "note")
    scroll = preview.tree.horizontalScrollBar()
    assert scroll.maximum() > 0
    QTest.keyClick(preview.tree, Qt.Key.Key_Right)
    assert scroll.value() == 0
    scroll.setValue(scroll.maximum())
    QTest.keyClick(preview.tree, Qt.Key.Key_Left)
    assert scroll.value() == scroll.maximum()


def test_file_that_is_cut(viewer: Viewer, path: Path) -> None:
    content = path.read_bytes()
    preview = viewer.look_at(content[:-1000], "cut.root", RootPreview)
    assert preview.keys.rowCount() > 0
    assert preview.damage.sentence.startswith("This file is cut off: ")
    preview = viewer.look_at(content, "whole.root", RootPreview)
    assert not preview.damage.sentence
    assert "This ROOT file cannot be shown" in viewer.told_of(content[:200], "cut.root")


def test_narrow_tree_leaves_out_what_matters_least(viewer: Viewer, preview: RootPreview) -> None:
    viewer.content.resize(1300, 400)
    viewer.until(lambda: not preview.tree.isColumnHidden(HEADERS.index("Cycle")))
    viewer.content.resize(330, 500)
    viewer.until(lambda: preview.tree.isColumnHidden(HEADERS.index("Cycle")))
    assert not preview.tree.isColumnHidden(HEADERS.index("Class or type"))
