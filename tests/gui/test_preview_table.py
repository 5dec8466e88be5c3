"""Tables on the screen: rows come as they are scrolled to, sorted, copied, plotted, read another way."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest

from itkgui.client.files import open_file
from itkgui.views.previews.kind_button import KindButton
from itkgui.views.previews.office import OfficePreview
from itkgui.views.style import mono_font
from tests.gui.previewing import Viewer
from tests.gui.table_reading import LONG, ROWS, TableReader

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def reader(viewer: Viewer) -> TableReader:
    """Look at tables."""
    return TableReader(viewer)


def test_all_rows_can_be_reached(reader: TableReader) -> None:
    reader.look_at(LONG)
    table = reader.preview.table
    assert reader.preview.facts.text() == "20,000 rows × 3 columns"
    assert (table.rowCount(), table.columnCount(), table.title(1)) == (ROWS, 3, "value [V]")
    assert reader.cell(0, 0) == "0"
    reader.preview.grid.scrollToBottom()
    assert reader.cell(ROWS - 1, 0) == str(ROWS - 1)
    assert reader.cell(ROWS // 2, 2) == f"FE{ROWS // 2 % 4}"


def test_titles_sort_by_numbers_and_back_to_the_order_of_the_file(reader: TableReader) -> None:
    reader.look_at(LONG)
    table, grid = reader.preview.table, reader.preview.grid
    grid.sortByColumn(1, DOWN)
    reader.until(lambda: table.is_sorted)
    assert float(reader.cell(0, 1)) == (ROWS - 1) / 8
    number = table.headerData(0, Qt.Orientation.Vertical)
    assert number == str(int(reader.cell(0, 0)) + 1), "the number of the row in the file"
    grid.sortByColumn(-1, UP)
    assert not table.is_sorted
    assert reader.cell(0, 0) == "0"


def test_order_asked_for_before_the_rows_are_counted(reader: TableReader) -> None:
    path = reader.folder / "a.csv"
    path.write_text(LONG)
    reader.content.show_file(open_file(path, "a.csv"))
    reader.until(lambda: reader.content.shown_kind == "table")
    reader.preview.grid.sortByColumn(1, UP)
    reader.until(lambda: reader.preview.table.is_sorted)
    assert reader.cell(0, 1) == "0.0"


def test_titles_tell_what_a_column_holds(reader: TableReader) -> None:
    reader.look_at("n,w\n1,a\nNaN,b\n,c\n-2.5,7\n3,d\n")
    reader.until(lambda: "3 numbers, from -2.5 to 3" in reader.title_hint(0))
    assert "1 × NaN" in reader.title_hint(0)
    assert "1 empty" in reader.title_hint(0)
    assert "5 texts" in reader.title_hint(1)


def test_ragged_rows_are_told(reader: TableReader) -> None:
    reader.look_at("a,b,c\n" + "1,2,3\n" * 50 + "4,5\n6,7,8,9\n")
    told = "2 of 52 rows have more or fewer columns than 3; the first is row 51."
    assert reader.preview.warning.isVisible()
    assert reader.preview.warning.sentence == told
    assert reader.cell(51, 3) == "9"
    reader.look_at("a,b,c\n" + "1,2,3\n" * 50)
    assert not reader.preview.warning.isVisible()


def test_table_with_hardly_two_rows_alike_is_shown_padded(reader: TableReader) -> None:
    reader.look_at("id,name,value\n1,x,3\n2,y\n3,z,4,extra\n4,w,5\n5\n6,r\n")
    assert reader.cell(0, 2) == "3"
    assert reader.preview.table.text(1, 2) == ""
    assert reader.cell(2, 3) == "extra"
    told = "4 of 6 rows have more or fewer columns than 3; the first is row 2."
    assert reader.preview.warning.sentence == told


def test_what_of_a_file_is_no_row_is_told(reader: TableReader) -> None:
    reader.look_at("Serial,20U\nDate,2026-01-01\n\nV,I\n" + "0,fine\n" * 4 + '3,"ok\n' + "0,fine\n" * 195)
    assert reader.preview.facts.text() == "200 rows × 2 columns"
    assert (reader.cell(4, 1), reader.cell(5, 1)) == ('"ok', "fine")
    assert reader.preview.warning.sentence == (
        "2 lines above the table are not shown; see “As text”. "
        "A quote in line 9 is never closed; it is read as a letter."
    )
    reader.look_at("a,b\n")
    assert (reader.preview.facts.text(), reader.preview.warning.sentence) == ("0 rows × 2 columns", "")


def test_chosen_rows_are_copied_as_they_stand(reader: TableReader) -> None:
    reader.look_at(LONG)
    grid = reader.preview.grid
    grid.sortByColumn(1, DOWN)
    reader.until(lambda: reader.preview.table.is_sorted)
    first = [reader.cell(row, 0) for row in range(2)]
    grid.setFocus()
    grid.selectRow(0)
    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    reader.until(lambda: "2 rows copied" in reader.preview.facts.text())
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["n", "value [V]", "chip"]
    assert [line.split("\t")[0] for line in lines[1:]] == first


def test_rows_are_found_as_they_stand(reader: TableReader) -> None:
    lines = [f"{n},{n % 977},chip {n % 100}" for n in range(50_000)]
    reader.look_at("n,value,chip\n# chip 42 is left out\n" + "\n".join(lines) + "\n")
    preview = reader.preview
    grid, bar = preview.grid, preview.find_bar
    preview.bar.find_button.click()
    QTest.keyClicks(bar.box, "CHIP 42")
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    reader.until(lambda: bar.count.text() == "1 of 500")
    assert grid.currentIndex().row() == 42
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    QTest.keyClick(bar.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(bar.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "500 of 500"
    assert grid.currentIndex().row() == 49_942
    grid.sortByColumn(0, DOWN)
    reader.until(lambda: preview.table.is_sorted and bar.count.text() == "1 of 500")
    assert grid.currentIndex().row() == 49_999 - 49_942
    bar.pattern_button.click()
    bar.box.setText(r"^4\d\d\d\d,0,")
    reader.until(lambda: bar.count.text() == "1 of 11")
    first = grid.currentIndex().row()
    assert reader.cell(first, 1) == "0"
    assert reader.cell(first, 0).startswith("4")
    bar.box.setText("nowhere")
    reader.until(lambda: bar.count.text() == "not found")
    assert not grid.selectionModel().hasSelection(), "nothing is marked as if it were found"
    bar.box.setText("(")
    reader.until(lambda: "no regular expression" in bar.trouble.text())
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert not preview.finder.is_finding


def test_row_gone_to_is_kept_while_others_are_found_before_it(reader: TableReader) -> None:
    count = 200_000
    names = dict.fromkeys((10, 20, count - 5), "sought")
    reader.look_at("n,name\n" + "".join(f"{n},{names.get(n, 'abcd')}\n" for n in range(count)))
    grid, bar = reader.preview.grid, reader.preview.find_bar
    grid.sortByColumn(0, DOWN)
    reader.until(lambda: reader.preview.table.is_sorted)
    reader.preview.bar.find_button.click()
    bar.pattern_button.click()
    bar.box.setText(r"sought|\w*\w*!")  # so slow that a megabyte is a part by itself
    reader.until(lambda: not reader.preview.finder.is_finding and bar.count.text().endswith(" of 3"))
    assert bar.count.text() == "2 of 3"
    assert grid.currentIndex().row() == count - 1 - 20
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    assert bar.count.text() == "3 of 3"
    assert grid.currentIndex().row() == count - 1 - 10


def test_columns_are_as_wide_as_what_is_further_below(reader: TableReader) -> None:
    rows = [f"{n},{n},x" for n in range(600)] + [f"{n},{n / 7:.12f},x" for n in range(600, 700)]
    reader.look_at("n,value,w\n" + "\n".join(rows) + "\n")
    grid, header = reader.preview.grid, reader.preview.grid.horizontalHeader()
    reader.until(lambda: "numbers, from" in reader.title_hint(1) and "so far" not in reader.title_hint(1))
    needed = QFontMetrics(mono_font()).horizontalAdvance(rows[-1].split(",")[1])
    assert header.sectionSize(1) > needed > header.sectionSize(2)
    header.resizeSection(1, 2 * needed)
    grid.widen_columns([20, 30, 30])
    assert header.sectionSize(1) == 2 * needed, "somebody has chosen that"
    assert header.sectionSize(2) > needed


def test_letter_typed_into_many_rows_asks_for_none_of_them(reader: TableReader) -> None:
    reader.look_at("n,m\n" + "1,2\n" * 200_000)
    grid, table = reader.preview.grid, reader.preview.table
    assert table.rowCount() == 200_000
    reader.until(lambda: not table.wanted_pages(1))
    QTest.keyClick(grid, Qt.Key.Key_Z)
    assert not table.wanted_pages(1)


def test_how_a_table_is_read_can_be_changed(reader: TableReader) -> None:
    reader.look_at("a;b\n1,5;2\n2,5;3\n")
    bar, table = reader.preview.bar, reader.preview.table
    assert bar.reading_button.text() == "semicolon · 1.001,5 · UTF-8 ▾"
    assert [one.title() for one in (bar.delimiter, bar.comment)] == ["Separator: semicolon", "Comments: none"]
    assert bar.height() < 3 * bar.fontMetrics().height(), "the room is for the rows"
    assert bar.header.isChecked()
    bar.header.trigger()
    reader.until(lambda: table.rowCount() == 3)
    assert table.title(0) == "Column 1"
    bar.delimiter.ways[","].trigger()
    reader.until(lambda: table.text(0, 1) == "5;2")
    assert not bar.header.isChecked(), "what was wished stays"


def test_wrong_encoding_can_be_put_right(reader: TableReader) -> None:
    reader.look_at("µ;b\n1;Größe\n2;c\n".encode("cp1252"))
    bar, table = reader.preview.bar, reader.preview.table
    assert table.title(0) == "µ"
    bar.encoding.ways["utf-8"].trigger()
    reader.until(lambda: table.title(0) == "�")


def test_kinds_can_be_changed_both_ways(reader: TableReader) -> None:
    button = KindButton(reader.content)
    reader.qtbot.addWidget(button)
    assert not button.isEnabled()
    reader.look_at("a,b\n1,2\n3,4\n")
    assert button.isEnabled()
    assert reader.content.kinds == ("table", "text", "bytes")

    def choose(label: str) -> None:
        button.kinds.aboutToShow.emit()
        next(action for action in button.kinds.actions() if action.text() == label).trigger()

    def shows(kind: str) -> bool:
        return reader.content.shown_kind == kind

    for label, kind in (("As text", "text"), ("As bytes", "bytes"), ("As table", "table")):
        choose(label)
        reader.until(partial(shows, kind))
    reader.look_at("Dear all\nthis is prose.\n", "note.txt", "text")
    assert reader.content.kinds == ("text", "table", "bytes")
    choose("As table")
    reader.until(lambda: reader.content.shown_kind == "table")
    assert reader.cell(0, 0).startswith("Dear all")


def test_next_table_takes_nothing_of_the_one_before(reader: TableReader) -> None:
    reader.look_at(LONG)
    reader.preview.grid.sortByColumn(1, DOWN)
    reader.preview.bar.header.trigger()
    reader.look_at("a,b\n1,2\n3,4\n", "b.csv")
    assert not reader.preview.table.is_sorted
    assert reader.preview.bar.header.isChecked()
    assert [reader.cell(row, 0) for row in range(2)] == ["1", "3"]


def test_columns_that_are_not_shown_are_told(reader: TableReader) -> None:
    reader.look_at("\n".join(",".join(str(n % 10) for n in range(1500)) for _ in range(20)))
    assert reader.preview.facts.text() == "20 rows × 500 of 1,500 columns are shown"


def test_kind_that_was_chosen_is_remembered(reader: TableReader) -> None:
    reader.look_at("a,b\n1,2\n3,4\n")
    reader.content.show_as("text")
    reader.until(lambda: reader.content.shown_kind == "text")
    reader.look_at("c,d\n5,6\n7,8\n", "b.csv")
    reader.look_at("a,b\n1,2\n3,4\n", kind="text")
    reader.content.show_as("table")
    reader.until(lambda: reader.content.shown_kind == "table")
    reader.look_at("a,b\n1,2\n3,4\n")


def test_office_document_is_named_and_still_an_archive(reader: TableReader) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
    reader.look_at(packed.getvalue(), "a.xlsx", "office")
    assert reader.content.kinds == ("office", "archive", "bytes")
    shown = reader.content.currentWidget()
    assert isinstance(shown, OfficePreview)
    assert shown.pane.sentence == "This is an Excel workbook."
