"""The previewers by themselves: hostile and broken files, files that go, and files that come late."""

from __future__ import annotations

import asyncio
import multiprocessing
import struct
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Lane, Worker
from itkgui.client.files import ArchiveFile, BinaryFile, open_file
from itkgui.decoding import archive, image
from itkgui.decoding.archive import extract_member, load_archive
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.hex import load_hex
from itkgui.decoding.image import load_image
from itkgui.decoding.text import load_text
from itkgui.decoding.undecodable import Undecodable
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.preview import PreviewTools
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.style import Style
from tests.end2end.job import text_shown
from tests.gui.person import words
from tests.unit.decoding.misbehaving import never_come_back


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    found = Decoders()
    yield found
    found.close()


@pytest.fixture
def content(qtbot: QtBot, worker: Worker, style: Style, decoders: Decoders, tmp_path: Path) -> PreviewContent:
    found = PreviewContent(worker, decoders, tmp_path / "downloads")
    qtbot.addWidget(found)
    style.dress(found)
    found.resize(500, 500)
    found.show()
    return found


def written(path: Path, content: bytes | str) -> BinaryFile:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_file(path, path.name)


def test_next_picture_is_decoded_ahead(content: PreviewContent, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = (painted(tmp_path / name) for name in ("first.png", "second.png"))
    content.show_file(first)
    content.prepare(second)
    assert content._ahead is None, "what is chosen comes first"
    qtbot.waitUntil(lambda: content.shown_kind == "image")
    qtbot.waitUntil(lambda: content.is_prepared)
    second.path.unlink()  # so that only what was decoded can be shown
    content.show_file(second)
    qtbot.waitUntil(lambda: content.shown_kind == "image")
    assert content._ahead is None, "it is kept once"


def test_what_is_decoded_ahead_is_given_up_for_another(
    content: PreviewContent, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second = (painted(tmp_path / name) for name in ("first.png", "second.png"))
    text = written(tmp_path / "a.txt", "words\n")
    leaves: list[Callable[[], None]] = [
        lambda: content.show_file(text),
        lambda: content.show_nothing("…"),
    ]
    for leave in leaves:
        content.show_file(first)
        qtbot.waitUntil(lambda: content.shown_kind == "image")
        content.prepare(second)
        ahead = content._ahead
        assert ahead is not None
        content.prepare(second)
        assert content._ahead is ahead, "not twice"
        leave()
        qtbot.waitUntil(lambda: content._ahead is None)
        assert ahead.call.transfer.is_cancelled


def test_only_pictures_are_decoded_ahead(content: PreviewContent, qtbot: QtBot, tmp_path: Path) -> None:
    content.show_file(painted(tmp_path / "first.png"))
    qtbot.waitUntil(lambda: content.shown_kind == "image")
    content.prepare(written(tmp_path / "a.txt", "words\n"))
    assert content._ahead is None


def painted(path: Path) -> BinaryFile:
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(0xFF2060A0)
    assert picture.save(str(path))
    return open_file(path, path.name)


def zipped(path: Path, members: dict[str, bytes]) -> ArchiveFile:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    found = open_file(path, path.name)
    assert isinstance(found, ArchiveFile)
    return found


# Archives --------------------------------------------------------------------------------------------------


def test_very_deep_member_is_shown_and_opens(qtbot: QtBot, content: PreviewContent, tmp_path: Path) -> None:
    file = zipped(tmp_path / "deep.zip", {"a/" * 2000 + "f.txt": b"at the bottom\n"})
    assert len(load_archive(file).names) == archive.DEEPEST_FOLDER + 1
    content.show_file(file)
    qtbot.waitUntil(lambda: "at the bottom" in text_shown(content))


# Files that are gone, disks that are full ------------------------------------------------------------------


@pytest.mark.parametrize("load", [load_text, load_hex, load_image, load_archive])
def test_file_that_is_gone(tmp_path: Path, load: Callable[[Any], Any]) -> None:
    file = ArchiveFile(tmp_path / "gone", "gone", 5, "application/zip")
    with pytest.raises(Undecodable) as raised:
        load(file)
    assert "its copy on this computer cannot be read" in raised.value.sentence
    assert raised.value.may_pass


def test_archive_that_goes_before_its_member_is_chosen(tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"note.txt": b"a note\n"})
    file.path.unlink()
    with pytest.raises(Undecodable, match="No such file") as raised:
        extract_member(file, 0, tmp_path / "members")
    assert raised.value.may_pass


def test_member_that_cannot_be_written(qtbot: QtBot, content: PreviewContent, tmp_path: Path) -> None:
    (tmp_path / "downloads").write_text("a file where the folder should be")
    content.show_file(zipped(tmp_path / "a.zip", {"note.txt": b"a note\n"}))
    qtbot.waitUntil(lambda: "it cannot be unpacked on this computer" in inner_words(content))
    (tmp_path / "downloads").unlink()
    inner(content).trouble.retry_requested.emit()
    qtbot.waitUntil(lambda: text_shown(content) == "a note")


def inner(content: PreviewContent) -> PreviewContent:
    (found,) = content.findChildren(PreviewContent)
    return found


def inner_words(content: PreviewContent) -> str:
    return "\n".join(words(found.trouble) for found in content.findChildren(PreviewContent))


# Images ----------------------------------------------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """Return the head of a PNG that claims to be of a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(9000, 9000), (60_000, 60_000)])
def test_image_bomb_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    file = written(tmp_path / "bomb.png", png_of(*size))
    with pytest.raises(Undecodable) as raised:
        load_image(file)
    assert f"it is too large, with {size[0]:,} × {size[1]:,} pixels" in raised.value.sentence


def test_large_photograph_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    picture = QImage(9000, 9000, QImage.Format.Format_Grayscale8)
    picture.fill(128)
    assert picture.save(str(path))
    loaded = load_image(open_file(path, path.name))
    assert loaded.width == image.ROOM[0]
    assert loaded.full_width == 9000


def test_very_narrow_image_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "narrow.png"
    picture = QImage(1, 30_000, QImage.Format.Format_Grayscale8)
    picture.fill(128)
    assert picture.save(str(path))
    assert load_image(open_file(path, path.name)).height == image.ROOM[0]


# Files that come late --------------------------------------------------------------------------------------


def test_slow_file_shows_that_it_is_being_opened(
    qtbot: QtBot, worker: Worker, content: PreviewContent, tmp_path: Path
) -> None:
    content.show_file(written(tmp_path / "first.txt", "the first\n"))
    qtbot.waitUntil(lambda: content.shown_kind == "text")
    gate = threading.Event()
    for _ in range(Lane.DECODING.value):
        worker.call(gate.wait, 30, lane=Lane.DECODING)
    try:
        content.show_file(written(tmp_path / "second.txt", "the second\n"))
        assert content.shown_kind == ""
        qtbot.waitUntil(lambda: content.empty.isVisible())
        assert content.empty.sentence == "Opening…"
    finally:
        gate.set()
    qtbot.waitUntil(lambda: content.shown_kind == "text")
    assert text_shown(content) == "the second"
    assert not content.empty.isVisible()


def test_decoder_that_cannot_be_started_is_told_and_tried_again(
    qtbot: QtBot, content: PreviewContent, tmp_path: Path
) -> None:
    note = written(tmp_path / "note.txt", "a note\n")
    multiprocessing.set_executable(str(tmp_path / "gone"))  # as after an update of the system
    try:
        content.show_file(note)
        qtbot.waitUntil(content.trouble.isVisible)
    finally:
        multiprocessing.set_executable(sys.executable)
    assert "starts no more processes" in words(content.trouble)
    assert "Try again" in [b.text() for b in content.trouble.findChildren(QPushButton) if b.isVisible()]
    content.show_file(note)
    qtbot.waitUntil(lambda: content.shown_kind == "text")


def test_files_that_are_slow_to_decode_hold_up_no_question(
    qtbot: QtBot, worker: Worker, decoders: Decoders, tmp_path: Path
) -> None:
    tools = PreviewTools(worker, decoders, tmp_path, lambda: PreviewContent(worker, decoders, tmp_path))
    slow = [tools.decode(never_come_back, patience=60) for _ in range(Lane.REQUESTS.value)]
    answers: list[str] = []

    async def ask() -> None:
        answers.append(await worker.call(str, "answer"))

    task = asyncio.get_event_loop().create_task(ask())
    qtbot.waitUntil(task.done)
    assert answers == ["answer"]
    for call in slow:
        call.cancel()


def test_slow_member_does_not_appear_in_another_archive(
    qtbot: QtBot, worker: Worker, content: PreviewContent, tmp_path: Path
) -> None:
    first = zipped(tmp_path / "first.zip", {"quick.txt": b"quick\n", "slow.txt": b"slow\n" * 12_000_000})
    content.show_file(first)
    qtbot.waitUntil(lambda: "quick" in text_shown(content))
    (preview,) = content.findChildren(ArchivePreview)
    preview.tree.selectRow(1)
    content.show_file(zipped(tmp_path / "empty.zip", {}))
    qtbot.waitUntil(lambda: content.shown_kind == "archive")
    assert inner(content).empty.sentence == "This archive is empty."
    for _ in ("unpacked", "decoded"):
        wait_for_threads(qtbot, worker)
    assert content.inner_kind == ""
    assert inner(content).empty.isVisible()


def wait_for_threads(qtbot: QtBot, worker: Worker) -> None:
    """Wait until every thread has done what it was doing, and what came of it is on the screen."""
    meeting = threading.Barrier(Lane.DECODING.value)

    async def meet() -> None:
        for call in [worker.call(meeting.wait, 30, lane=Lane.DECODING) for _ in range(meeting.parties)]:
            await call
        for _ in range(3):
            await asyncio.sleep(0)

    task = asyncio.get_event_loop().create_task(meet())
    qtbot.waitUntil(task.done)
    task.result()
