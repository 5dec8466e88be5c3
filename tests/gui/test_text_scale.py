"""Text from 100 to 200 %: every part grows and comes back, nothing is cut off, and the size is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from itkgui.views.components.component_view import ATTACHMENTS, COMMENTS, FAMILY, RAW, TESTS
from itkgui.views.style import SIZES, Style
from itkgui.views.theme import DARK, LIGHT
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
Start = Callable[..., Person]
pytestmark = pytest.mark.usefixtures("usual_look")


@pytest.fixture
def signed_out(sandbox: SandboxProcess, start_program: Start) -> Person:
    return start_program(settings_for(sandbox))


def fonts_of(person: Person) -> dict[str, float]:
    """Return the points of what shows text on a component's page, by its name."""
    component, workspace = person.component, person.workspace
    person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
    canvas = person.plot().canvas
    assert canvas is not None
    fonts = {
        "the program": QApplication.font(),
        "the scan box": workspace.scan_box.font(),
        "the stage": component.strip.stage.font(),
        "a tab": component.tabs.tabBar().font(),
        "the runs": component.tests.view.font(),
        "the family": component.family.view.font(),
        "the raw JSON": component.raw.reader.font(),
        "a preview": component.attachments.preview.font(),
        "the axis": canvas.view.getAxis("left").style["tickFont"],
        "the legend": person.plot().legend.font(),
        "the last message": workspace.footer.verdict.font(),
    }
    return {name: font.pointSizeF() for name, font in fonts.items()}


def sizes_of(person: Person) -> dict[str, float]:
    """Return pixels that follow the text: rows, columns, icons, fields."""
    component = person.component
    runs, family = component.tests.view, component.family.view
    return {
        "a row": runs.rowHeight(0),
        "a column": runs.columnWidth([column.title for column in runs.table.columns].index("Date")),
        "a column of the family": family.columnWidth(0),
        "an icon": component.strip.reload_button.iconSize().width(),
        "an icon of the head": person.workspace.header.back_button.iconSize().width(),
        "the comment": component.comments.editor.height(),
    }


def test_every_part_grows_and_comes_back(person: Person) -> None:
    component = person.scan(PIXEL)
    for tab in (RAW, FAMILY, COMMENTS, ATTACHMENTS, TESTS):
        person.show_tab(tab)
    fonts, sizes, runs = fonts_of(person), sizes_of(person), component.tests.view
    header = person.workspace.header
    height = header.height()
    for percent in (150, 200, 100):
        person.scale(percent)
        person.until(lambda: runs.verticalHeader().font().pointSizeF() == QApplication.font().pointSizeF())
        for name, points in fonts_of(person).items():
            assert points == pytest.approx(fonts[name] * percent / 100, rel=0.01), name
        person.show_tab(COMMENTS)
        person.until(partial(all_fit, person, sizes, percent), "all sizes to follow the text")
    person.until(lambda: header.height() == height, "the head to be as high as before")


def all_fit(person: Person, sizes: dict[str, float], percent: int) -> bool:
    """Tell whether everything has grown as the text has, from what it was at 100 %."""
    least, most = 1 + 0.75 * (percent - 100) / 100, percent / 100 + 0.15
    return all(least <= pixels / sizes[name] + 0.02 <= most for name, pixels in sizes_of(person).items())


def test_serial_number_is_the_biggest_that_fits(person: Person) -> None:
    strip = person.scan(PIXEL).strip
    for percent in SIZES:
        person.scale(percent)
        assert strip.serial.text() == PIXEL
        person.until(lambda: strip.serial.width() >= strip.serial.sizeHint().width())


def press(person: Person, key: Qt.Key, widget: QWidget | None = None) -> int:
    """Press Ctrl and a key, and return the size of text after it."""
    person.press(key, widget, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: not person.program.style.is_changing, "the new size of text")
    return Style.percent


def test_keys_change_the_size(signed_out: Person) -> None:
    person = signed_out
    assert press(person, Qt.Key.Key_Plus, person.login.code1) == 110
    assert press(person, Qt.Key.Key_Equal) == 125
    assert press(person, Qt.Key.Key_Minus) == 110
    person.sign_in()
    assert press(person, Qt.Key.Key_Plus, person.workspace.scan_box) == 125
    assert press(person, Qt.Key.Key_0, person.workspace.search_view.view) == 100
    assert press(person, Qt.Key.Key_Minus) == 100
    for _ in SIZES:
        press(person, Qt.Key.Key_Plus)
    assert Style.percent == 200


def choose(menu: QMenu, part: str, title: str) -> None:
    """Choose something in a part of a menu."""
    parts = {action.text(): action.menu() for action in menu.actions()}
    inner = parts[part]
    assert isinstance(inner, QMenu)
    actions = {action.text(): action for action in inner.actions()}
    actions[title].trigger()
    assert actions[title].isChecked()


def test_menus_offer_size_and_look(signed_out: Person) -> None:
    person, style = signed_out, signed_out.program.style
    assert person.login.look_button.isVisible()
    choose(person.login.menu, "Text size", "150 %")
    choose(person.login.menu, "Look", "Dark")
    person.until(lambda: not style.is_changing)
    assert (Style.percent, Style.theme) == (150, DARK)
    person.sign_in()
    menu = person.workspace.header.menu
    assert menu.actions()[-1] is person.workspace.sign_out_action
    choose(menu, "Text size", "100 %")
    choose(menu, "Look", "Light")
    person.until(lambda: not style.is_changing)
    assert (Style.percent, Style.theme) == (100, LIGHT)


def test_size_and_look_are_there_at_the_next_start(
    signed_out: Person, start_program: Start, sandbox: SandboxProcess
) -> None:
    signed_out.program.look.scale(150)
    signed_out.program.look.wear("dark")
    signed_out.end()
    later = start_program(settings_for(sandbox))
    assert (Style.percent, Style.theme) == (150, DARK)
    assert later.login.font().pointSizeF() == pytest.approx(15)
    assert not later.program.style.is_changing
    assert later.program.look.sizes[150].isChecked()
    assert later.program.look.themes["dark"].isChecked()


def test_size_that_is_none_is_refused(signed_out: Person) -> None:
    with pytest.raises(ValueError, match="137"):
        signed_out.program.style.scale(137)


def test_small_screen_is_enough_at_100_percent(person: Person) -> None:
    person.scan(PIXEL)
    person.window.resize(1024, 700)
    least = person.window.minimumSizeHint()
    assert (least.width() <= 1024, least.height() <= 700) == (True, True), least
