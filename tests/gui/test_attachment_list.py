"""The list of attachments: small pictures and sizes, columns, groups, filters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from itkgui.client.database import NewAttachment
from itkgui.item_models.attachment_table import ADDED, FILE, FROM, PLACE, SIZE, Grouping
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.views.attachments.attachment_rows import paint_picture
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.style import Style
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import PIXEL, STRIP, known, see_list
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")


def test_rows_in_sight_get_pictures_and_sizes_the_others_none(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    shelf = person.program.context.attachments  # type: ignore[union-attr]
    names = [found.display_name for found in files.table.shown]
    assert known(person, names[-1]) == ""
    first = [found for found in files.table.shown[:6] if found.storage is not Storage.LINK]
    person.until(lambda: all(known(person, a.display_name) for a in first), "the sizes in sight")
    assert known(person, names[-1]) == ""
    row = files.table.row_where(lambda a: a.display_name == "module_front.jpg")
    picture = files.table.record(files.table.index(row, 0))
    assert shelf.thumbnail(picture) is None
    files.view.scrollTo(files.table.index(row, 0))
    person.until(lambda: shelf.thumbnail(picture) is not None, "the small picture")
    assert known(person, "module_front.jpg") == "434.7 kB"
    cell = files.view.visualRect(files.table.index(row, 0))
    shown = files.view.viewport().grab(cell).toImage()
    left = {shown.pixel(x, y) for x in range(12, 36, 3) for y in range(6, cell.height() - 6, 3)}
    assert len(left) > 20, "a picture, not an icon of two colours"


@pytest.mark.parametrize("size", [(150, 1), (1, 150), (20, 20)])
def test_narrow_and_transparent_pictures_are_seen(qapp: QApplication, size: tuple[int, int]) -> None:
    picture, shown = QPixmap(*size), QImage(30, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.transparent)
    shown.fill(Style.theme.colour("window"))
    with QPainter(shown) as painter:
        paint_picture(painter, shown.rect(), picture)
    colours = [shown.pixelColor(x, y).name() for x in range(30) for y in range(30)]
    assert sum(colour == "#e3e3e3" for colour in colours) > 40, "the ground of what is transparent"


def test_small_pictures_are_kept_for_the_next_time(
    sandbox: SandboxProcess, start_program: Callable[..., Person]
) -> None:
    first = start_program(settings_for(sandbox))
    first.sign_in()
    see_list(first)
    first.look_at("module_front.jpg")
    shelf, wanted = first.component.attachments.view.shelf, first.component.attachments.view.chosen
    first.until(lambda: shelf.thumbnail(wanted) is not None, "the small picture")
    first.end()
    second = start_program(settings_for(sandbox))
    second.sign_in()
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /getComponentAttachment", "do": "status", "status": 500, "times": None})
        see_list(second)
        second.look_at("module_front.jpg")
        files = second.component.attachments
        assert files.preview.content.shown_kind == "image"
        second.until(lambda: files.view.shelf.thumbnail(wanted) is not None, "the small picture")
        server.fail()


def test_sign_out_leaves_neither_files_nor_pictures(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "module_front.jpg")
    person.until(lambda: files.view.shelf.cache.thumbnail(files.view.chosen).exists(), "the small picture")
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert not list(person.program.options.paths.downloads.iterdir())


def test_picture_that_is_none_holds_up_no_other(person: Person) -> None:
    see_list(person, "20UPGPQ4200004")
    files = person.component.attachments
    (wrong,) = (a for a in files.table.records if a.display_name == "picture.jpg")
    (right,) = (a for a in files.table.records if a.display_name == "pcb.jpg")
    person.until(lambda: files.view.shelf.thumbnail(right) is not None, "the other picture")
    person.until(lambda: known(person, "picture.jpg"), "what it is")
    assert files.view.shelf.thumbnail(wrong) is None
    assert person.program.messages.history[-1].tone != "bad", "who does not choose it is not told"


def test_names_of_files_keep_their_room_in_a_narrow_list(person: Person) -> None:
    see_list(person)
    view = person.component.attachments.view
    layout = view.layout_of_columns
    view.resize(2000, 400)
    assert layout.shown == [FILE, SIZE, FROM, PLACE, ADDED]
    for left in ([FILE, SIZE, FROM, ADDED], [FILE, SIZE, ADDED], [FILE, SIZE]):
        short = layout.width_of(FILE) // 2 if left == [FILE, SIZE] else 20
        view.resize(sum(map(layout.width_of, layout.shown)) - short, 400)
        assert layout.shown == left
        assert view.columnWidth(FILE) >= layout.width_of(FILE)
    view.resize(sum(map(layout.width_of, (FILE, SIZE, ADDED))) - 40, 400)
    assert layout.shown == [FILE, SIZE, ADDED], "the names have enough"
    view.resize(2000, 400)
    assert layout.shown == [FILE, SIZE, FROM, PLACE, ADDED]


def test_groups_are_headed_and_remembered(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    headings = files.view.headings
    assert headings[0].startswith(f"Component {PIXEL} (")
    usual = files.view.rowHeight(1)
    assert files.view.rowHeight(0) == usual + files.view.heading_height
    files.bar.group_by(Grouping.KIND)
    assert files.view.headings[0].startswith("Picture (")
    files.bar.group_by(Grouping.NONE)
    assert not files.view.headings
    assert {files.view.rowHeight(row) for row in range(5)} == {usual}
    kept = person.program.context.memory.get("attachments/arrangement", 1)  # type: ignore[union-attr]
    assert kept == {"groups": "NONE", "gallery": False}


def test_filters_narrow_and_a_wanted_file_clears_them(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    count = files.table.rowCount()
    files.bar.kind.choose(["document"])
    assert 0 < files.table.rowCount() < count
    assert {a.display_name[-4:] for a in files.table.shown} == {".pdf"}
    files.bar.place.choose(["link"])
    assert files.table.rowCount() == 0
    wanted = next(a for a in files.table.records if a.display_name == "readout.log")
    files.choose(wanted.code)
    assert files.table.rowCount() == count
    assert files.view.chosen == wanted


def test_run_of_a_file_opens(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    wanted = person.choose(files.view, lambda a: a.owner.kind is OwnerKind.TEST_RUN)
    person.click(files.preview.owner_button)
    assert person.component.tabs.currentIndex() == TESTS
    run = person.component.tests.detail.run
    assert run is not None
    assert run.id == wanted.owner.key


def test_new_file_is_chosen_though_another_was(person: Person, tmp_path: Path) -> None:
    see_list(person, STRIP)
    files = person.component.attachments
    person.choose(files.view, lambda a: tmp_path.name not in a.title)
    path = tmp_path / f"new {tmp_path.name}.txt"
    path.write_text("just measured")
    person.component.review([path])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.click(person.sheet.send_button)
    person.until(
        lambda: files.view.chosen is not None and files.view.chosen.title == path.name, "the new file"
    )
    at = files.view.visualRect(files.view.currentIndex())
    assert files.view.viewport().rect().contains(QPoint(5, at.center().y())), "it is in sight"


def test_a_long_name_widens_nothing(person: Person, tmp_path: Path) -> None:
    path = tmp_path / f"{'x' * 184}.txt"
    path.write_text("a name without a blank")
    component = person.scan(STRIP)
    context = person.program.context
    assert context is not None
    made = context.database.attach(component.component, NewAttachment.of(path, storage=Storage.FILE))
    component.reload()
    person.show_tab(ATTACHMENTS)
    preview = component.attachments.preview
    person.choose(component.attachments.view, lambda a: a.code == made.code)
    person.until(lambda: preview.content.shown_kind, "the file")
    person.until(lambda: "…" in preview.name.text(), "what fits of the name")
    assert preview.name.toolTip() == path.name
    assert preview.name.fontMetrics().horizontalAdvance(preview.name.text()) <= preview.width()
    person.click(preview.delete_button)
    person.until(preview.guard.isVisible, "the question")
    assert path.name in preview.guard.question.toolTip()
    assert preview.minimumSizeHint().width() < preview.name.fontMetrics().horizontalAdvance(path.name) / 3
    person.press(Qt.Key.Key_Escape, preview.guard.keep_button)


def test_the_file_in_the_preview_looks_chosen_from_the_first(person: Person) -> None:
    person.scan(PIXEL)
    files = person.component.attachments
    person.press(Qt.Key.Key_3, person.window, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: files.preview.attachment is not None, "the first file")
    assert files.view.chosen == files.preview.attachment
    assert files.view.all_chosen == [files.preview.attachment]
