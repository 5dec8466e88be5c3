"""The whole program in a language that is longer and accented: what was swept is marked, and has room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTabBar, QTableView, QWidget

from itkgui import language
from tests.conftest import settings_for
from tests.gui.every_page import EveryPage
from tests.gui.page_checks import cut_off, in_sight
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess
from tests.unmarked_texts import by_file, unswept

MARKED = "⟦"


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[None]:
    language.use(language.PSEUDO, tmp_path)
    yield
    language.use("en", tmp_path)


def texts_of(window: QWidget) -> Iterator[str]:
    """Yield what a person reads, or is told, but for the rows of tables, which are the database's."""
    yield window.windowTitle()
    for widget in in_sight(window):
        yield widget.toolTip()
        yield widget.accessibleName()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(tab) for tab in range(widget.count()))
        elif isinstance(widget, QTableView):
            across, model = Qt.Orientation.Horizontal, widget.model()
            yield from (str(model.headerData(column, across) or "") for column in range(model.columnCount()))


@pytest.mark.usefixtures("pseudo")
def test_texts_of_files_that_were_swept_are_translated_and_fit(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    pages = EveryPage(start_program(settings_for(sandbox)), tmp_path)
    seen: set[str] = set()
    narrow: set[str] = set()
    for _page in pages.shown():
        seen |= set(texts_of(pages.window))
        narrow |= {one for one in pages.found_now(cut_off) if MARKED in one}
    assert any(MARKED in text for text in seen)
    assert not narrow
    left = sorted(text for text in seen if MARKED not in text and re.search(r"[A-Za-z]{3}", text))
    print("\n".join(written_in(left)))  # noqa: T201 - what is still to be marked, for whoever sweeps
    assert not [line for line in written_in(left) if line.rpartition(": ")[2] not in unswept()]


def written_in(texts: list[str]) -> list[str]:
    """Return the texts that are the program's own, each with the first file that has it unmarked, if any."""
    patterns = {name: re.compile("|".join(found), re.DOTALL) for name, found in by_file().items()}
    found = []
    for text in texts:
        files = [name for name, pattern in patterns.items() if pattern.fullmatch(text)]
        if files:
            found.append(f"{text!r}: {next((one for one in files if one in unswept()), files[0])}")
    return found
