"""Texts for translators: all are marked, by a name that nothing else has, and are gathered."""

from __future__ import annotations

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from itkgui.views.command_list import COMMANDS
from tests.unmarked_texts import ROOT, by_file, marked, shadowed, translated_too_soon, unmarked


def test_all_texts_are_marked() -> None:
    assert not by_file(), "mark them with _, N_ or ngettext of itkgui.language"


def test_nothing_is_translated_while_it_is_imported() -> None:
    for path in (ROOT / "itkgui").rglob("*.py"):
        assert not list(translated_too_soon(path.read_text("utf-8"))), path
    assert list(translated_too_soon("class Some:\n    title = _('Tests')")) == [2]


def test_nothing_else_has_the_name_of_translating() -> None:
    for path in (ROOT / "itkgui").rglob("*.py"):
        assert not list(shadowed(path.read_text("utf-8"))), path
    assert list(shadowed("def say():\n    for _ in '12':\n        show(_('Tests'))")) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "label.setText('Sign in')",
        "say(f'{count} files found')",
        "X = 'Tests'",
        "raise Bad('x', why='it is cut')",
    ],
)
def test_unmarked_text_is_seen(text: str) -> None:
    assert len(list(unmarked(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "label.setText(_('Sign in'))",
        "label.setText(_('{count} left').format(count=3))",
        "set_icon(button, 'go-left')",
        "raise ValueError('no such thing')",
        "'''Says what it is.'''",
        "logger.info('all is well')",
        "ask('SELECT name FROM rows where id')",
        "Command('open', keys=('Return', 'Enter'))",
        "_FORMAT = 'itkgui columns'",
    ],
)
def test_what_is_marked_or_for_nobody_is_let_be(text: str) -> None:
    assert not list(unmarked(text))


def test_translators_are_given_every_marked_text() -> None:
    found = extract_from_dir(ROOT / "itkgui", keywords=DEFAULT_KEYWORDS | {"N_": None})
    messages = {message for _file, _line, found, _comments, _context in found for message in _each(found)}
    assert {command.title for command in COMMANDS.values()} <= messages
    for path in (ROOT / "itkgui").rglob("*.py"):
        assert not set(marked(path.read_text("utf-8"))) - messages, f"{path}: not within braces of f-strings"


def _each(found: str | tuple[str, ...]) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else found
