"""Which attachments are fetched, how many at once, and what is kept of them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt

from itkgui.records.attachment import Attachment, Storage
from itkgui.views.context.attachment_shelf import AttachmentShelf
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import PIXEL, STRIP, known, see_list
from tests.gui.person import Person
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess


def test_only_the_file_on_which_the_selection_rests_is_shown(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    shown: list[str] = []
    files.preview.shown.connect(lambda attachment: shown.append(attachment.code))
    files.view.setFocus()
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    for _ in range(5):
        person.press(Qt.Key.Key_Down, files.view)
    last = files.view.chosen
    person.until(lambda: last.code in shown, "the last one")
    assert len(shown) <= 2, "at most the one that was chosen first besides"
    assert shown[-1] == last.code


@pytest.mark.parametrize("by_key", [False, True])
def test_large_file_waits_for_a_word(
    person: Person, sandbox: SandboxProcess, tmp_path: Path, by_key: bool
) -> None:
    title = f"large {tmp_path.name} {by_key}.dat"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, bytes(range(256)) * 200_000)
    see_list(person, STRIP)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.title == title)
    person.until(files.preview.load_button.isVisible, "the offer")
    assert files.preview.load_button.text() == "51.2 MB — load"
    assert "51.2 MB" in files.preview.facts.text()
    assert not files.preview.save_button.isEnabled()
    assert known(person, files.view.chosen.display_name) in ("51.2 MB", "")
    if by_key:
        person.press(Qt.Key.Key_Return, files.view)
    else:
        person.click(files.preview.load_button)
    person.until(lambda: files.preview.content.shown_kind == "bytes", "the file")
    assert not files.preview.load_button.isVisible()


def test_neighbours_are_there_before_one_looks(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    cache = files.view.shelf.cache
    person.look_at("summary.json")
    row = files.view.currentIndex().row()
    beside = [files.table.shown[row - 1], files.table.shown[row + 1]]
    person.until(lambda: all(cache.find(a) for a in beside), "the neighbours")


@pytest.mark.logs("Connection lost|Not reached")
def test_what_is_here_stays_until_it_was_fetched_anew(person: Person, sandbox: SandboxProcess) -> None:
    see_list(person)
    files = person.component.attachments
    wanted = person.look_at_where(
        lambda a: a.storage is Storage.EOS and a.display_name.endswith((".png", ".jpg"))
    )
    content, shelf = files.preview.content, files.view.shelf
    person.until(lambda: content.shown_kind == "image" and shelf.thumbnail(wanted), "the small picture")
    size = known(person, wanted.display_name)
    assert size
    with Control(sandbox.info["api_url"]) as control:
        control.fail("* /eos/*", "reset", times=None)
        files.preview.take_keys()
        person.press(Qt.Key.Key_F5, files.preview, Qt.KeyboardModifier.ShiftModifier)
        person.until(content.trouble.isVisible, "the failure")
        person.look_at("summary.json")
        person.look_at_where(lambda a: a.code == wanted.code)
        person.until(lambda: content.shown_kind == "image", "what is kept")
        assert not content.trouble.isVisible()
        assert shelf.thumbnail(wanted) is not None
        assert known(person, wanted.display_name) == size
        before = shelf.thumbnail(wanted)
    files.preview.take_keys()
    person.press(Qt.Key.Key_F5, files.preview, Qt.KeyboardModifier.ShiftModifier)
    person.until(
        lambda: content.shown_kind == "image" and shelf.thumbnail(wanted) not in (None, before),
        "the picture anew, and a small one of it",
    )


def test_purge_removes_the_copies(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("readout.log")
    cache = files.view.shelf.cache
    assert cache.size > 0
    files.bar.purge()
    person.until(lambda: person.verdict.startswith("Removed"), "the purge")
    person.until(lambda: cache.find(files.view.chosen) is None)
    assert "stay" not in person.verdict


def test_purge_tells_what_stays_unpacked(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at(f"{PIXEL}_configs.zip")
    person.until(lambda: files.preview.content.inner_kind, "the first member")
    files.bar.purge()
    person.until(lambda: person.verdict.startswith("Removed"), "the purge")
    assert "unpacked, or given to other programs, stay until" in person.verdict


def test_nothing_of_the_files_outlives_the_session(person: Person) -> None:
    see_list(person)
    person.look_at("readout.log")
    folder = person.program.options.paths.downloads
    assert list(folder.rglob("readout.log"))
    decoders = [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]
    assert decoders
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.login.sign_in_button.isEnabled() and not list(folder.iterdir()), "signed out")
    assert not any(process.is_running() for process in decoders)


def shelf_beside(person: Person) -> AttachmentShelf:
    """Return a shelf that no page looks at, too: what is known there comes from the test alone."""
    context = person.program.context
    assert context is not None
    return AttachmentShelf(context.database, context.worker, context.decoders, context.attachments.cache)


def broken_picture(person: Person, sandbox: SandboxProcess, title: str) -> Attachment:
    """Return an attachment that is called a picture, and ends after its first bytes."""
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, b"\x89PNG\r\n\x1a\n" + bytes(40))
    see_list(person, STRIP)
    return next(a for a in person.component.attachments.table.records if a.title == title)


def done(person: Person, deed: Coroutine[object, object, None]) -> None:
    task = asyncio.ensure_future(deed)
    person.until(task.done, "the deed")
    task.result()


def test_what_is_forgotten_is_tried_anew(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    broken = broken_picture(person, sandbox, f"broken {tmp_path.name}.png")
    shelf = shelf_beside(person)
    done(person, shelf.look_at([broken]))
    assert broken.code in shelf._failed
    done(person, shelf.forget(broken))
    assert broken.code not in shelf._failed


def test_look_at_a_file_that_is_forgotten_meanwhile_says_nothing_of_the_next(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    broken = broken_picture(person, sandbox, f"broken {tmp_path.name}.png")
    shelf = shelf_beside(person)
    shelf.learned.connect(
        lambda code: asyncio.ensure_future(shelf.forget(broken)), Qt.ConnectionType.SingleShotConnection
    )
    done(person, shelf.look_at([broken]))
    assert broken.code not in shelf._failed
    done(person, shelf.look_at([broken]))
    assert broken.code in shelf._failed
