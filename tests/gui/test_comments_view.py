"""Comments: read as plain text, added with the keyboard, and never lost when sending fails."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from itkgui.views.components.component_view import COMMENTS, ComponentView
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

STRIP = "20USBML0000001"
OWN = "a" * 32
CONTROL = Qt.KeyboardModifier.ControlModifier


def open_comments(person: Person) -> ComponentView:
    component = person.scan(STRIP)
    person.press(Qt.Key.Key_6, person.workspace, CONTROL)
    person.until(component.comments.editor.hasFocus, "the editor")
    return component


def shown(component: ComponentView) -> str:
    return component.comments.reader.toPlainText()


def test_comments_with_author_and_local_time(person: Person, sandbox: SandboxProcess) -> None:
    component = open_comments(person)
    with PlainServer(sandbox) as server:
        comments = server.component(STRIP)["comments"]
    assert component.tabs.tabText(COMMENTS) == f"Comments ({len(comments)})"
    for comment in comments:
        assert comment["comment"] in shown(component)
        assert comment["user"]["lastName"] in shown(component)
    cursor = component.comments.reader.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    cursor.movePosition(cursor.MoveOperation.Start)
    cursor.movePosition(cursor.MoveOperation.EndOfBlock)
    assert cursor.charFormat().toolTip().endswith("UTC")


def test_who_comments_on_what_is_said(person: Person) -> None:
    component = open_comments(person)
    user = person.workspace._context.database.user
    assert component.comments.author.text() == f"As {user.name} · {user.home.code}, on {STRIP}"
    assert STRIP in component.comments.editor.placeholderText()
    assert not component.comments.add_button.isEnabled()


def test_comment_of_two_lines_is_added_and_read_back(person: Person, sandbox: SandboxProcess) -> None:
    component = open_comments(person)
    editor = component.comments.editor
    person.type(editor, "Seen under the microscope")
    person.press(Qt.Key.Key_Return, editor)
    person.type_on(editor, "and nothing found")
    person.press(Qt.Key.Key_Return, editor, CONTROL)
    assert not component.comments.add_button.isEnabled()
    assert editor.isReadOnly()
    person.until(lambda: "sent and read back" in person.verdict, "the verdict")
    assert shown(component).split("\n")[1:3] == ["Seen under the microscope", "and nothing found"]
    assert editor.toPlainText() == ""
    assert not editor.isReadOnly()
    with PlainServer(sandbox) as server:
        texts = [comment["comment"] for comment in server.component(STRIP)["comments"]]
    assert "Seen under the microscope\nand nothing found" in texts
    person.until(lambda: f"({len(texts)})" in component.tabs.tabText(COMMENTS), "the count")
    assert component.strip.news.isHidden()


def test_text_survives_a_failure(person: Person, sandbox: SandboxProcess) -> None:
    component = open_comments(person)
    editor, trouble = component.comments.editor, component.comments.trouble
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /createComponentComment", "do": "status", "status": 403})
    person.type(editor, "Not lost")
    person.click(component.comments.add_button)
    person.until(trouble.isVisible, "the trouble")
    assert words(trouble)
    assert editor.toPlainText() == "Not lost"
    assert component.comments.add_button.isEnabled()
    person.press(Qt.Key.Key_Return, editor, CONTROL)
    person.until(lambda: "sent and read back" in person.verdict, "the verdict")
    assert not trouble.isVisible()
    assert shown(component).split("\n")[1] == "Not lost"


def test_draft_holds_the_tab_and_the_window(person: Person) -> None:
    component = open_comments(person)
    person.type(component.comments.editor, "half a thou")
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.until(lambda: "A comment" in person.verdict, "the warning")
    assert person.component is component
    person.window.close()
    person.until(lambda: person.window.findChildren(QMessageBox), "the question")
    (box,) = person.window.findChildren(QMessageBox)
    assert STRIP in box.text()
    box.reject()
    component.comments.editor.clear()


def test_f5_leaves_draft_and_selection(person: Person) -> None:
    component = open_comments(person)
    person.type(component.comments.editor, "draft")
    component.comments.reader.selectAll()
    before = component.component
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.component is not before, "the new answer")
    assert component.comments.editor.toPlainText() == "draft"
    assert component.comments.reader.textCursor().hasSelection()
    component.comments.editor.clear()


def test_no_comments_says_what_to_do(person: Person) -> None:
    odd = show_record(person, code=OWN, comments=None)
    person.show_tab(COMMENTS)
    assert odd.comments.empty.isVisible()
    assert odd.comments.empty.sentence == "No comments yet."


def test_markup_stays_text_and_nothing_turns_the_page_about(person: Person) -> None:
    odd = show_record(
        person,
        code=OWN,
        comments=[{"comment": MARKUP, "user": {"firstName": MARKUP}}, {"comment": None}, None, "x"],
    )
    assert "<b>bold</b>" in shown(odd)
    assert "�gnp.exe" in shown(odd)
    assert "\u202e" not in shown(odd)


def test_a_megabyte_does_not_hold_up_the_window(person: Person) -> None:
    text = "word " * 200_000
    started = time.thread_time()
    odd = show_record(person, code=OWN, comments=[{"comment": text}] + [{"comment": "more"}] * 300)
    person.show_tab(COMMENTS)
    person.until(odd.comments.more_button.isVisible, "the rest on demand")
    assert time.thread_time() - started < 3
    assert len(shown(odd)) < 50_000
    assert "more characters" in shown(odd)
    person.click(odd.comments.more_button)
    person.until(lambda: shown(odd).count("more") > 300, "all of them")
    assert not odd.comments.more_button.isVisible()
