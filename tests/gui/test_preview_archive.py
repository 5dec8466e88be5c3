"""Archives on the screen: the tree by keys and mouse, filtered, sorted, unlocked, saved from, nested."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.client.files import open_file
from itkgui.decoding.decoders import Decoders
from itkgui.item_models.archive_tree import MOMENT, NAME, PACKED, SIZE
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.member_tree import MemberTree
from itkgui.views.previews.preview_content import DEEPEST, PreviewContent
from itkgui.views.style import Style, icon
from tests.end2end.job import row_named, text_shown
from tests.gui.person import words
from tests.unit.decoding.test_archive import encrypted, tarred, zipped
from tests.unit.decoding.test_zip_aes import AES_128_STORED

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Opener:
    """Somebody who looks into archives."""

    def __init__(self, qtbot: QtBot, content: PreviewContent, folder: Path) -> None:
        self.qtbot = qtbot
        self.content = content
        self.folder = folder

    @property
    def preview(self) -> ArchivePreview:
        found = self.content.currentWidget()
        assert isinstance(found, ArchivePreview)
        return found

    @property
    def tree(self) -> MemberTree:
        return self.preview.tree

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def open(self, content: bytes, name: str = "a.zip") -> None:
        path = self.folder / name
        path.write_bytes(content)
        self.content.show_file(open_file(path, name))
        self.until(lambda: self.content.shown_kind == "archive")

    def choose(self, name: str) -> None:
        self.tree.setCurrentIndex(self.tree.members.index(row_named(self.tree, name), NAME))

    def names(self) -> list[str]:
        members = self.tree.members
        return [members.text(members.entry(row), NAME) for row in range(members.rowCount())]

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.tree, key)

    def words(self) -> str:
        return "\n".join(words(pane.trouble) for pane in self.content.findChildren(PreviewContent))

    def said(self) -> str:
        return "\n".join(pane.empty.sentence for pane in self.content.findChildren(PreviewContent))


@pytest.fixture
def opener(
    qtbot: QtBot,
    event_loop_of_qt: asyncio.AbstractEventLoop,
    style: Style,
    shared_decoders: Decoders,
    tmp_path: Path,
) -> Iterator[Opener]:
    worker = Worker()
    content = PreviewContent(worker, shared_decoders, tmp_path / "downloads")
    qtbot.addWidget(content)
    content.resize(700, 600)
    content.show()
    yield Opener(qtbot, content, tmp_path)
    content.show_nothing("")
    worker.stop()


SAMPLE = {
    "read me.txt": b"hello\n",
    "data/b.log": b"log b\n" * 50,
    "data/deep/c.txt": b"c at the bottom\n",
    "data/A.txt": b"a\n" * 300,
}


def test_members_are_told_and_the_first_is_shown(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    assert opener.names() == ["read me.txt", "data", "b.log", "deep", "c.txt", "A.txt"]
    opener.until(lambda: text_shown(opener.content) == "hello")
    members = opener.tree.members
    cells = [members.text(members.entry(2), column) for column in (SIZE, PACKED, MOMENT)]
    assert cells[0] == "300 B"
    assert cells[1].endswith("%")
    assert cells[2] == "2026-09-01 12:30"
    assert opener.preview.facts.text() == "4 members  ·  922 B unpacked"


def test_keys_open_close_and_leave_folders(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    opener.tree.setFocus()
    opener.choose("data")
    opener.press(Qt.Key.Key_Left)
    assert opener.names() == ["read me.txt", "data"]
    opener.press(Qt.Key.Key_Right)
    opener.press(Qt.Key.Key_Right)
    assert opener.tree.currentIndex().row() == 2
    opener.choose("c.txt")
    opener.press(Qt.Key.Key_Left)
    assert opener.tree.currentIndex().row() == row_named(opener.tree, "deep")
    opener.press(Qt.Key.Key_Return)
    assert "c.txt" not in opener.names()


def test_arrow_of_a_folder_can_be_clicked(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    tree = opener.tree
    index = tree.members.index(row_named(tree, "data"), NAME)
    spot = tree.arrow_rect(index, tree.visualRect(index)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opener.names() == ["read me.txt", "data"]


def test_filter_and_sorting(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    opener.preview.filter.setText("TXT")
    opener.until(lambda: opener.names() == ["read me.txt", "data", "deep", "c.txt", "A.txt"])
    opener.preview.filter.clear()
    opener.until(lambda: len(opener.names()) == 6)
    opener.tree.sortByColumn(NAME, DOWN)
    assert opener.names() == ["data", "deep", "c.txt", "b.log", "A.txt", "read me.txt"]
    opener.tree.sortByColumn(SIZE, UP)
    assert opener.names() == ["data", "deep", "c.txt", "b.log", "A.txt", "read me.txt"]
    opener.tree.sortByColumn(-1, UP)
    assert opener.names()[0] == "read me.txt"


def test_a_large_archive_starts_closed_and_opens_at_once(opener: Opener) -> None:
    opener.open(zipped({f"folder {n % 7}/member {n}": b"" for n in range(3000)}))
    members = opener.tree.members
    assert members.rowCount() == 7 + 429, "all but the folder of the first member are closed"
    members.set_open(members.rowCount() - 1, True)
    assert members.rowCount() == 7 + 429 + 428


def test_restored_names_unsafe_names_and_their_hints(opener: Opener) -> None:
    told = b'[{"data_id": "64ab", "title": "IV curve.csv"}]'
    opener.open(zipped({"64ab": b"a,b\n1,2\n3,4\n", "../up.txt": b"up\n", "attachments_info.json": told}))
    opener.until(lambda: opener.content.inner_kind == "table")
    assert opener.names()[0] == "IV curve.csv"
    assert "64ab" not in opener.preview.about.text()
    assert "In the archive: 64ab" in opener.tree.members.hints(0)
    assert "1 with unsafe names" in opener.preview.facts.text()
    opener.choose("up.txt")
    opener.until(lambda: text_shown(opener.content) == "up")
    assert "Unsafe name" in opener.preview.about.text()


def test_password_is_asked_for_and_kept_for_this_archive(opener: Opener) -> None:
    opener.open(encrypted("secret.txt", b"a secret\n", "itk"))
    preview = opener.preview
    opener.until(lambda: preview.password_row.isVisible())
    assert preview.inner.empty.sentence == "This member is encrypted."
    assert not preview.inner.trouble.isVisible(), "nothing has gone wrong yet"
    assert not preview.password_field.hasFocus()
    preview.password_field.setFocus()
    QTest.keyClicks(preview.password_field, "wrong")
    QTest.keyClick(preview.password_field, Qt.Key.Key_Return)
    opener.until(lambda: "this password does not open it" in opener.words())
    assert preview.password_field.hasFocus()
    preview.password_field.clear()
    QTest.keyClicks(preview.password_field, "itk")
    QTest.keyClick(preview.password_field, Qt.Key.Key_Return)
    opener.until(lambda: text_shown(opener.content) == "a secret")
    assert not preview.password_row.isVisible()
    assert opener.tree.hasFocus()
    members = opener.tree.members
    assert members.icon(0).pixmap(20).toImage() == icon("file", "quiet").pixmap(20).toImage()
    assert "Encrypted: the password that was typed is used." in preview.about.text()
    opener.open(zipped(SAMPLE), "b.zip")
    opener.open(encrypted("secret.txt", b"another\n", "itk"), "c.zip")
    opener.until(lambda: preview.password_row.isVisible())
    assert members.icon(0).pixmap(20).toImage() == icon("warning", "caution").pixmap(20).toImage()
    assert preview.password_field.text() == ""


def test_member_is_saved_and_can_be_dragged(opener: Opener) -> None:
    opener.open(zipped({"../../up.txt": b"up\n"}))
    preview = opener.preview
    opener.until(preview.save_button.isEnabled)
    dragged = opener.tree.members.file_to_drag
    assert dragged is not None
    assert dragged.name == "up.txt"
    members = opener.tree.members
    row = row_named(opener.tree, "up.txt")
    index = members.index(row, NAME)
    assert members.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    assert not members.flags(members.index(0, NAME)) & Qt.ItemFlag.ItemIsDragEnabled, "a folder"
    assert [url.toLocalFile() for url in members.mimeData([index]).urls()] == [str(dragged)]
    preview.save_button.click()
    (dialog,) = preview.findChildren(QFileDialog)
    assert [Path(name).name for name in dialog.selectedFiles()] == ["up.txt"]
    dialog.fileSelected.emit(str(opener.folder / "kept.txt"))
    opener.until(lambda: "Saved as" in preview.about.text())
    assert (opener.folder / "kept.txt").read_bytes() == b"up\n"
    dialog.reject()


def nested(*packers: Callable[[dict[str, bytes]], bytes]) -> bytes:
    """Return archives in archives, the innermost first, with a text in that."""
    content, name = b"bottom\n", "bottom.txt"
    for level, pack in enumerate(packers):
        content, name = pack({name: content}), f"level {level}.bin"
    return content


@pytest.mark.parametrize("packers", [(zipped, zipped, zipped), (zipped, tarred, zipped)])
def test_three_archives_in_one_another_are_opened_in_place(
    opener: Opener, packers: tuple[Callable[[dict[str, bytes]], bytes], ...]
) -> None:
    assert len(packers) == DEEPEST
    opener.open(nested(*packers))
    opener.until(lambda: text_shown(opener.content) == "bottom")


@pytest.mark.parametrize(
    "packers", [(zipped, zipped, zipped, zipped), (zipped, tarred, zipped, tarred, zipped)]
)
def test_deeper_archives_are_refused_with_a_word_and_can_be_saved(
    opener: Opener, packers: tuple[Callable[[dict[str, bytes]], bytes], ...]
) -> None:
    opener.open(nested(*packers))
    opener.until(lambda: "This archive lies 3 archives deep." in opener.said())
    (refused,) = (
        pane
        for pane in opener.content.findChildren(PreviewContent)
        if "3 archives deep" in pane.empty.sentence
    )
    assert refused.empty.isVisible()
    assert not refused.findChildren(ArchivePreview), "nothing of it is opened"
    (holder,) = (found for found in opener.content.findChildren(ArchivePreview) if found.inner is refused)
    assert holder.save_button.isEnabled()


def test_nest_of_many_archives_opens_those_that_are_chosen_only(opener: Opener) -> None:
    layer = {f"book {n}.txt": b"text\n" for n in range(16)}
    for level in range(5):  # as 42.zip
        layer = {f"lib {level} {n}.zip": zipped(layer) for n in range(16)}
    opener.open(zipped(layer), "42.zip")
    opener.until(lambda: "3 archives deep" in opener.said())
    unpacked = [path for path in (opener.folder / "downloads").rglob("*") if path.is_file()]
    assert len(unpacked) == DEEPEST, "one of each layer"


def test_member_that_aes_encrypts_is_unlocked(opener: Opener) -> None:
    opener.open(AES_128_STORED)
    preview = opener.preview
    opener.until(lambda: preview.password_row.isVisible())
    QTest.keyClicks(preview.password_field, "Geheim µ")
    QTest.keyClick(preview.password_field, Qt.Key.Key_Return)
    opener.until(lambda: preview.inner.shown_kind == "table")


def test_tar_and_compressed_files_open_too(opener: Opener) -> None:
    opener.open(gzip.compress(tarred(SAMPLE)), "a.tar.gz")
    opener.until(lambda: text_shown(opener.content) == "hello")
    opener.open(gzip.compress(b"a,b\n1,2\n3,4\n"), "iv.csv.gz")
    opener.until(lambda: opener.content.inner_kind == "table")
    assert opener.names() == ["iv.csv"]


def test_list_and_member_share_the_height_after_archives_in_archives(opener: Opener) -> None:
    opener.content.resize(700, 460)
    opener.open(nested(zipped, zipped, zipped, zipped), "nest.zip")
    opener.until(lambda: "3 archives deep" in opener.said())
    opener.open(zipped({f"folder/{n}.txt": b"x" for n in range(30)}), "many.zip")
    opener.until(lambda: text_shown(opener.content) == "x")
    opener.until(lambda: opener.tree.viewport().height() >= 5 * opener.tree.rowHeight(0))
    first = opener.tree.visualRect(opener.tree.members.index(0, NAME))
    assert opener.tree.viewport().rect().contains(first), "the folder of the first file"
    assert opener.preview.inner.height() > opener.tree.height()


def test_member_stands_beside_the_list_in_a_flat_pane(opener: Opener) -> None:
    opener.content.resize(1300, 400)
    opener.open(zipped(SAMPLE))
    opener.until(lambda: text_shown(opener.content) == "hello")
    list_width, member_width = opener.preview.parts.sizes()
    assert opener.preview.parts.orientation() is Qt.Orientation.Horizontal
    assert list_width == pytest.approx(0.45 * (list_width + member_width), abs=4)
    opener.content.resize(600, 700)
    opener.until(lambda: opener.preview.parts.orientation() is Qt.Orientation.Vertical)
    opener.content.resize(1300, 400)
    opener.until(lambda: opener.preview.parts.orientation() is Qt.Orientation.Horizontal)


def test_narrow_list_keeps_the_names(opener: Opener) -> None:
    opener.content.resize(700, 500)
    opener.open(zipped(SAMPLE))
    assert not any(opener.tree.isColumnHidden(column) for column in (SIZE, PACKED, MOMENT))
    opener.content.resize(300, 500)
    opener.until(lambda: opener.tree.isColumnHidden(MOMENT))
    assert not opener.tree.isColumnHidden(SIZE)
    assert opener.tree.columnWidth(NAME) >= 18 * opener.tree.fontMetrics().averageCharWidth()
    opener.content.resize(700, 500)
    opener.until(lambda: not opener.tree.isColumnHidden(PACKED))


def test_list_of_one_member_leaves_the_room_to_it(opener: Opener) -> None:
    opener.content.resize(600, 700)
    opener.open(gzip.compress(b"a\n" * 100), "a.txt.gz")
    opener.until(lambda: opener.content.is_settled)
    assert opener.tree.viewport().height() < 3 * opener.tree.rowHeight(0)
    assert opener.preview.inner.height() > 450


def test_handle_stays_where_somebody_moved_it(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    opener.until(lambda: text_shown(opener.content) == "hello")
    parts = opener.preview.parts
    parts.moveSplitter(400, 1)
    before = parts.sizes()
    opener.choose("c.txt")
    opener.until(lambda: text_shown(opener.content) == "c at the bottom")
    assert parts.sizes() == before


def test_filter_that_hides_the_chosen_member_takes_it_away(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    opener.until(lambda: text_shown(opener.content) == "hello")
    opener.preview.filter.setText("read")
    opener.until(lambda: opener.names() == ["read me.txt"])
    assert opener.tree.currentIndex().row() == 0, "it stays chosen"
    assert opener.preview.save_button.isEnabled()
    assert opener.preview.facts.text().startswith("1 of 4 members")
    opener.preview.filter.setText("zzz")
    opener.until(lambda: "filter hides" in opener.said())
    assert not opener.preview.save_button.isEnabled()
    empty = opener.tree.viewport().grab().toImage()
    middle = {empty.pixelColor(x, empty.height() // 2).name() for x in range(empty.width())}
    assert len(middle) > 1, "a word in place of the members"
    opener.preview.filter.setText("LOG")
    opener.until(lambda: text_shown(opener.content).startswith("log b"))
    assert opener.preview.save_button.isEnabled(), "the only one that is left is shown"


def test_member_that_a_filter_hid_is_chosen_again(opener: Opener) -> None:
    opener.open(zipped(SAMPLE))
    opener.choose("c.txt")
    opener.until(lambda: text_shown(opener.content).startswith("c at"))
    opener.tree.members.set_open(row_named(opener.tree, "data"), False)
    opener.preview.filter.setText("zzz")
    opener.until(lambda: "filter hides" in opener.said())
    opener.preview.filter.clear()
    opener.until(lambda: text_shown(opener.content).startswith("c at"))
    assert opener.tree.currentIndex().row() == row_named(opener.tree, "c.txt"), "in folders that are open now"


def test_trouble_in_a_low_pane_scrolls_instead_of_lying_over_itself(opener: Opener) -> None:
    opener.content.resize(420, 300)
    opener.open(zipped({"a.jpg": b"\xff\xd8\xff" + bytes(500)}))
    opener.until(lambda: "image" in opener.words().lower())
    trouble = opener.preview.inner.trouble
    assert trouble.height() >= trouble.minimumSizeHint().height()
    assert trouble.height() >= trouble.heightForWidth(trouble.width())


def test_archive_that_is_cut_off_says_so_until_another_is_shown(opener: Opener) -> None:
    whole = zipped({f"{number:02}.txt": f"{number} ".encode() * 10 for number in range(18)})
    opener.open(whole[: 2 * whole.index(b"PK\1\2") // 3])
    opener.until(lambda: opener.preview.damage.isVisible())
    assert opener.preview.damage.sentence == "This archive is cut off: 12 members can be read."
    opener.until(lambda: text_shown(opener.content).startswith("0 0 0"))
    opener.open(whole, "whole.zip")
    opener.until(lambda: not opener.preview.damage.isVisible())
