"""Every way in: dropped with any key, folders, pictures, pasted; and what the sheet is for then."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox

from itkgui.records.attachment import OwnerKind, Storage
from itkgui.views.components.component_view import TESTS, ComponentView
from tests.end2end.job import write_files
from tests.gui.person import Person
from tests.gui.reviewing import choose, choose_all, drop, until_copied

STRIP, PIXEL = "20USBMS0000001", "20UPGM23800001"
_Keys, _Actions = Qt.KeyboardModifier, Qt.DropAction
pytestmark = pytest.mark.program("used")


@pytest.fixture
def component(person: Person) -> ComponentView:
    return person.scan(STRIP)


def picture() -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#1f5b3a"))
    return image


@pytest.mark.parametrize(
    ("keys", "proposed"),
    [
        (_Keys.ShiftModifier, _Actions.MoveAction),
        (_Keys.ControlModifier, _Actions.CopyAction),
        (_Keys.AltModifier, _Actions.LinkAction),
        (_Keys.ControlModifier | _Keys.ShiftModifier, _Actions.LinkAction),
    ],
)
def test_nothing_is_ever_moved_off_a_stick(
    person: Person,
    component: ComponentView,
    tmp_path: Path,
    keys: Qt.KeyboardModifier,
    proposed: Qt.DropAction,
) -> None:
    note, _ = write_files(tmp_path)
    assert person.drop(component, [note], keys, proposed) is _Actions.CopyAction
    until_copied(person)
    assert note.exists()


def test_a_folder_is_taken_with_what_is_in_it(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    (tmp_path / "tray" / "deep").mkdir(parents=True)
    for name in ("tray/a.txt", "tray/deep/b.txt", "tray/Thumbs.db", "tray/.hidden"):
        (tmp_path / name).write_text(name)
    drop(person, [tmp_path / "tray"])
    assert [row.path.name for row in person.sheet.rows] == ["a.txt", "b.txt"]
    assert person.sheet.left_out.isVisible()
    assert person.sheet.left_out.text() == "Left out: 1 hidden file, 1 file of the operating system."


def test_a_picture_from_a_browser_is_taken_and_its_address_left_alone(
    person: Person, component: ComponentView
) -> None:
    mime = QMimeData()
    mime.setImageData(picture())
    mime.setUrls([QUrl("https://server.invalid/picture.png")])
    assert person.drop_mime(component, mime) is _Actions.CopyAction
    until_copied(person)
    (row,) = person.sheet.rows
    assert row.media_type == "image/png"
    assert row.kept_in is Storage.EOS
    assert row.path.name.startswith(f"{STRIP}_20")


def test_screenshots_are_pasted_one_after_the_other(person: Person, component: ComponentView) -> None:
    run = person.look_at_run(lambda _: True)
    QGuiApplication.clipboard().setImage(picture())
    person.press(Qt.Key.Key_V, person.workspace.scan_box, _Keys.ControlModifier)
    person.press(Qt.Key.Key_V, person.workspace.scan_box, _Keys.ControlModifier)
    person.until(lambda: len(person.sheet.rows) == 2, "both pictures")
    until_copied(person)
    for row in person.sheet.rows:
        assert row.path.name.startswith(f"{STRIP}_{run.test_type.code}_20")
        assert row.path.suffix == ".png"
    person.press(Qt.Key.Key_Escape, component)
    assert person.sheet.isVisible(), "they are nowhere else"
    (box,) = person.sheet.findChildren(QMessageBox)
    assert box.informativeText() == "A pasted picture is nowhere else."
    person.click(next(one for one in box.buttons() if one.text().replace("&", "") == "Send nothing"))
    assert not person.sheet.isVisible()


def test_copied_files_are_pasted(person: Person, component: ComponentView, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(note))])
    QGuiApplication.clipboard().setMimeData(mime)
    person.press(Qt.Key.Key_V, person.workspace.scan_box, _Keys.ControlModifier)
    until_copied(person)
    assert [row.path for row in person.sheet.rows] == [note]


def test_text_is_nothing_to_be_pasted(person: Person, component: ComponentView) -> None:
    QGuiApplication.clipboard().setText("only text")
    person.press(Qt.Key.Key_V, person.workspace, _Keys.ControlModifier)
    assert person.verdict == "There is neither a file nor a picture to be pasted."
    assert component.sheet is None


def test_a_run_is_offered_first_only_when_somebody_chose_it_and_stays(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    person.show_tab(TESTS)
    run = component.tests.detail.run
    assert run is not None
    drop(person, [note])
    target = person.sheet.target
    assert target.currentData() == component.component.owner, "nobody chose a run"
    assert person.sheet.head.said == f"Add files to {STRIP}"
    person.click(person.sheet.cancel_button)
    person.show_tab(TESTS)
    person.look_at_run(lambda one: one.id == run.id)  # though it is the one that is shown already
    drop(person, [note])
    title = f"{run.test_type.label}, run {run.run_number}"
    assert f"Add files to the test run {title}" in person.sheet.head.said
    assert person.sheet.head.said.endswith(f"of {STRIP}")
    assert (target.currentIndex(), target.currentData()) == (0, run.owner)
    component.show_tab(0)
    other = next(one for one in component.tests.runs if one.id != run.id)
    component.tests.choose(other.id)
    person.press(Qt.Key.Key_F5, component)
    person.settle()
    assert target.currentData() == run.owner
    person.click(person.sheet.cancel_button)
    component.tabs.setCurrentIndex(0)
    drop(person, [note])
    assert target.currentData().kind is OwnerKind.COMPONENT, "another review is for what is on the screen"


def test_a_scan_asks_and_can_be_declined(person: Person, component: ComponentView, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    drop(person, [note])
    question = person.sheet.question
    person.type_label(PIXEL)
    person.until(question.isVisible, "the question")
    assert PIXEL in question.open_button.text()
    assert STRIP in question.stay_button.text()
    person.click(question.stay_button)
    assert person.component is component
    person.type_label(STRIP)  # the same again is no question
    person.until(lambda: person.verdict == f"{STRIP} found", "the scan")
    assert not question.isVisible()


def test_each_file_can_have_a_target_of_its_own(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, photo = write_files(tmp_path)
    drop(person, [note, photo])
    choose(person, photo.name)
    box = person.sheet.form.target
    box.setCurrentIndex(2)
    box.activated.emit(2)
    owners = {row.path: row.goes_to.owner for row in person.sheet.rows if row.goes_to is not None}
    assert owners[photo].kind is OwnerKind.TEST_RUN
    assert owners[note] == component.component.owner


@pytest.mark.program("new")
def test_titles_are_filled_in_for_all_and_remembered(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    drop(person, list(write_files(tmp_path)))
    choose_all(person)
    form = person.sheet.form
    person.type(form.description, "{serial} at {stage}, {n}")
    person.press(Qt.Key.Key_Return, form.description)
    stage = component.component.stage.code
    assert [row.description for row in person.sheet.rows] == [f"{STRIP} at {stage}, {n}" for n in (1, 2)]
    form._menu.aboutToShow.emit()
    assert any("{serial} at {stage}, {n}" in action.text() for action in form._menu.actions())
    person.type(form.title, "{serail}")
    assert "{serail} is no field" in form.remark.text()


@pytest.mark.program("new")
def test_where_a_kind_is_kept_is_remembered_for_this_computer(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, photo = write_files(tmp_path)
    drop(person, [note, photo])
    row = choose(person, note.name)
    form = person.sheet.form
    place = form.storage.findData(Storage.EOS)
    form.storage.setCurrentIndex(place)
    form.storage.activated.emit(place)
    assert (row.kept_in, row.reason) == (Storage.EOS, "as you chose")
    person.click(form.rule_button)
    assert (row.kept_in, row.reason) == (Storage.EOS, "as always here")
    person.click(person.sheet.cancel_button)
    drop(person, [note])
    assert person.sheet.rows[0].kept_in is Storage.EOS
