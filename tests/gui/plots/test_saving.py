"""Plots saved and copied: pictures, drawings, data."""

from __future__ import annotations

import asyncio
import csv
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.client.exceptions import FileNotWritten
from itkgui.item_models.plain_text import shown_text
from itkgui.views.plots.data import Measurement
from itkgui.views.plots.palette import colours
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import Style
from itkgui.views.theme import DARK, LIGHT, Theme
from tests.gui.plots.plotting import colours_in, column, curve_plot, everything, iv, many, says, trend


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_picture_is_saved_twice_as_large(
    pane: PlotPane, style: Style, qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    style.use(theme)
    qtbot.waitUntil(lambda: not style.is_changing)
    pane.show_data(many(12))
    QApplication.processEvents()
    shown = curve_plot(pane).view.size()
    pane.saver.save_picture(tmp_path / "plot.png")
    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.height() == 2 * shown.height()
    assert picture.width() > 2 * shown.width(), "the legend is beside it"
    found = colours_in(picture)
    assert {theme.surface, *colours(theme)[:4]} <= found
    assert pane.notes.text().startswith("Saved as plot.png.")


@pytest.mark.parametrize("show", everything(), ids=["curves", "histogram", "trend", "map"])
def test_drawing_is_svg(pane: PlotPane, tmp_path: Path, show: Callable[[PlotPane], None]) -> None:
    show(pane)
    pane.saver.save_drawing(tmp_path / "plot.svg")
    root = ET.parse(tmp_path / "plot.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 3
    text = (tmp_path / "plot.svg").read_text("utf-8")
    assert "nan" not in text.replace("nant", "")


def test_data_is_saved_as_csv(
    pane: PlotPane, qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    pane.show_data([iv("=1+1"), iv("µ")])
    path = tmp_path / "plot.csv"
    pane.saver.save_data(path)
    qtbot.waitUntil(lambda: pane.notes.text() == "Saved as plot.csv.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Curve", "Voltage [V]", "Current [µA]"]
    assert len(rows) == 1 + 2 * 41
    assert rows[1] == ["'=1+1", "0.0", "0.1"]
    assert list(tmp_path.iterdir()) == [path]


def test_trend_is_saved_with_times_in_utc(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 2.0])])
    pane.saver.copy_data()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Run", "Date", "Stage", "Verdict", "Mass [g]"]
    assert lines[1].split("\t")[:4] == ["run 0", "2026-03-01T12:00:00Z", "Glued", "passed"]


def test_trouble_in_saving_is_told(
    pane: PlotPane, qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    pane.show_data([iv("IV")])
    gone = tmp_path / "gone"
    for save, name in (
        (pane.saver.save_picture, "a.png"),
        (pane.saver.save_drawing, "a.svg"),
        (pane.saver.save_data, "a.csv"),
    ):
        pane.notes.clear()
        save(gone / name)
        qtbot.waitUntil(partial(says, pane, f"{FileNotWritten.sentence} {FileNotWritten.cure}"))


def test_copies_for_other_programs(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    QApplication.processEvents()  # lays the row of pickers out
    pane.saver.copy_picture()
    assert QGuiApplication.clipboard().image().width() == 2 * curve_plot(pane).view.width()
    pane.saver.copy_data()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("IV\t0")
    pane.show_data([Measurement("long", (column("v", np.arange(200_000)),))])
    pane.saver.copy_data()
    assert "200,000 rows are too many for the clipboard" in pane.notes.text()
    assert QGuiApplication.clipboard().text().startswith("Curve\tVoltage [V]")


@pytest.mark.parametrize("count", [1, 10, 40])
def test_picture_has_room_for_every_entry_of_the_legend(pane: PlotPane, tmp_path: Path, count: int) -> None:
    names = [f"Post-parylene (warm)  ·  2026-03-{n:02d} 12:00  ·  run {n}  ·  passed" for n in range(count)]
    names.append("the last")
    pane.show_data([iv(name, 1 + n / 10) for n, name in enumerate(names)])
    pane.saver.save_drawing(tmp_path / "plot.svg")
    root = ET.parse(tmp_path / "plot.svg").getroot()
    written = ["".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")]
    entries = [shown_text(entry.text) for entry in pane.legend.entries]
    assert [text for text in written if text in entries] == entries, "whole, and all of them"
    width, height = (float(value) for value in root.attrib["viewBox"].split()[2:])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        if "".join(text.itertext()).strip() in entries:
            assert float(text.attrib["x"]) < width
            assert float(text.attrib["y"]) < height


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_saved_files_have_the_mode_of_any_new_file(pane: PlotPane, tmp_path: Path, mask: int) -> None:
    pane.show_data([iv("IV")])
    before = os.umask(mask)
    try:
        pane.saver.save_picture(tmp_path / "plot.png")
        pane.saver.save_drawing(tmp_path / "plot.svg")
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {0o666 & ~mask}
