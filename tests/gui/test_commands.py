"""What the program can be told to do: every key once, the palette, the list of keys."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Group, Offer, offers, run_by_name
from itkgui.views.components.component_view import ATTACHMENTS, RAW, TESTS
from itkgui.views.window.key_list import KeyList
from itkgui.views.window.palette import Palette, entries_in, told_in
from tests.gui.person import Person

PIXEL = "20UPGM23800001"
CONTROL = Qt.KeyboardModifier.ControlModifier
PROMISED = (  # by the design of the window
    *("Ctrl+L", "Ctrl+K", *(f"Ctrl+{tab}" for tab in range(1, 8)), "Ctrl+Tab", "Alt+Left", "Alt+Right", "F5"),
    *("Ctrl+U", "Ctrl+S", "Space", "Esc", "F1", "Ctrl++", "Ctrl+-", "Ctrl+0", "Ctrl+Shift+L"),
)
SHARED = {  # of which only one can be done at a time
    frozenset(("upload-pause", "upload-resume")),
    frozenset(("look-again", "reload-list")),
    frozenset(("find-in-log", "find-setting")),
}


def palette_of(person: Person) -> Palette:
    QTest.keyClick(QApplication.focusWidget() or person.window, Qt.Key.Key_K, CONTROL)
    found = [one for one in person.window.findChildren(Palette) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_every_promised_key_is_declared() -> None:
    declared = {keys for command in COMMANDS.values() for keys in command.keys}
    assert not set(PROMISED) - declared


@pytest.mark.parametrize("group", Group, ids=lambda group: group.name)
def test_no_key_is_declared_twice_for_one_place(group: Group) -> None:
    here = [command for command in COMMANDS.values() if command.group in (group, Group.EVERYWHERE)]
    for one, other in itertools.combinations(here, 2):
        if frozenset((one.name, other.name)) not in SHARED:
            assert not set(one.keys) & set(other.keys), (one.name, other.name)


def rivals(window: QWidget) -> list[tuple[str, str, str]]:
    """Return keys that two commands would take of what has the focus now, as Qt would see it."""
    focus = QApplication.focusWidget()
    assert focus is not None
    taken: dict[str, str] = {}
    found = []
    for one in window.findChildren(Offer):
        widgets = [widget for widget in one.associatedObjects() if isinstance(widget, QWidget)]
        if one.isEnabled() and any(_reaches(one, widget, focus) for widget in widgets):
            for keys in {key.toString(QKeySequence.SequenceFormat.PortableText) for key in one.shortcuts()}:
                name = taken.setdefault(keys, one.command.name)
                if name != one.command.name:
                    found.append((keys, name, one.command.name))
    return found


def _reaches(one: Offer, widget: QWidget, focus: QWidget) -> bool:
    if not widget.isVisible():
        return False
    if one.shortcutContext() is Qt.ShortcutContext.WidgetShortcut:
        return widget is focus
    is_within = widget is focus or widget.isAncestorOf(focus)
    return is_within or one.shortcutContext() is Qt.ShortcutContext.WindowShortcut


def test_no_key_means_two_things_anywhere(person: Person) -> None:
    component, workspace = person.scan(PIXEL), person.workspace
    for tab in range(component.tabs.count()):
        component.show_tab(tab)
        assert not rivals(person.window), component.tabs.tabText(tab)
    person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
    assert not rivals(person.window)
    component.show_tab(ATTACHMENTS)
    for widget in (component.attachments.preview, component.attachments.view):
        widget.setFocus()
        assert not rivals(person.window)
    for name in ("search", "list", "recent", "pinned", "shipments", "uploads", "settings"):
        assert run_by_name(person.window, name)
        person.settle()
        assert not rivals(person.window), name
    assert workspace.isVisible()


def test_the_name_of_a_command_goes_before_why_it_cannot_be_done(person: Person) -> None:
    entries = {entry.command.name: entry for entry in entries_in(person.window)}
    barred, metrics = entries["add-new-files"], person.window.fontMetrics()
    assert barred.offer is None
    name, reason = barred.command.text, barred.side
    both = metrics.horizontalAdvance(name) + metrics.horizontalAdvance(reason)
    assert told_in(2 * both, barred, metrics) == (name, reason)
    title, side = told_in(both - 60, barred, metrics)
    assert (title, side[-1]) == (name, "…")
    assert told_in(40, barred, metrics)[0][-1] == "…"


def test_palette_finds_by_some_letters_and_does_it(person: Person) -> None:
    component = person.scan(PIXEL)
    palette = palette_of(person)
    assert {entry.command.name for entry in palette.shown} >= {"tab-2", "search", "quit", "look-dark"}
    full = palette.height()
    QTest.keyClicks(palette.field, "tes")
    assert palette.height() < full, "a few need less room"
    least = palette.field.sizeHint().height()
    QTest.keyClicks(palette.field, "xyzz")
    person.settle()
    assert (palette.shown, palette.field.height()) == ([], least), "the field keeps its own"
    nothing = palette.nothing
    person.until(nothing.isVisible, "the word that nothing is called so")
    assert nothing.text() == palette.field.accessibleDescription() == "Nothing is called so."
    assert palette.rect().contains(nothing.geometry())
    assert nothing.height() >= nothing.sizeHint().height()
    palette.field.setText("tes")
    assert not nothing.isVisible()
    assert palette.list.isVisible()
    assert palette.shown[0].command.name == "tab-2"
    assert palette.field.accessibleDescription() == "Tests, Ctrl+2, A component or shipment"
    person.press(Qt.Key.Key_Return, palette.field)
    assert component.tabs.currentIndex() == TESTS
    assert not palette.isVisible()
    component.show_tab(0)
    before = QApplication.focusWidget()
    palette = palette_of(person)
    person.press(Qt.Key.Key_W, palette.field, CONTROL)  # means nothing here
    assert person.component is component
    person.press(Qt.Key.Key_Escape, palette.field)
    assert not palette.isVisible()
    assert QApplication.focusWidget() is before


def test_palette_takes_a_name_for_what_is_called_so(person: Person) -> None:
    workspace = person.workspace
    workspace.go_to(workspace.list_place)
    workspace.list_place.view.show_list(PIXEL)  # so that something can be done with all of it
    person.until(lambda: workspace.list_place.view.target_name, "the tray")
    palette = palette_of(person)
    for typed in ("tray", " Tray "):
        palette.field.setText(typed)
        names = [entry.command.name for entry in palette.shown]
        assert names[0] == "list"
        assert "attach-to-all" in names
    palette.field.setText("let scans")
    assert palette.shown[0].command.name == "scans-to-tray"


def test_palette_says_what_is_missing(person: Person) -> None:
    palette = palette_of(person)
    QTest.keyClicks(palette.field, "add fil")
    (entry, *_rest) = palette.shown
    assert (entry.command.name, entry.offer) == ("add-files", None)
    assert entry.side == "Open a component or a shipment first, or go to one that is open."
    person.press(Qt.Key.Key_Return, palette.field)
    assert palette.isVisible()
    person.workspace.scan_box.setFocus()
    assert not palette.isVisible()


def test_what_is_around_the_focus_is_meant_of_two_pages(person: Person) -> None:
    for label in (PIXEL, "20USBML0000001"):
        person.scan(label)
    person.press(Qt.Key.Key_Return, person.workspace, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    for view in person.workspace.side_by_side.views:
        view.show_tab(RAW)
        person.until(view.raw.isVisible, "the JSON")
        offered = {one.command.name: one for one in offers(person.window)}
        assert view.isAncestorOf(offered["find"].widget)


def test_keys_are_listed_and_found(person: Person) -> None:
    person.press(Qt.Key.Key_F1)
    (listing,) = person.window.findChildren(KeyList)
    person.until(listing.isActiveWindow, "the list in front")
    person.window.help_action.trigger()
    assert person.window.findChildren(KeyList) == [listing], "another one opens over it"
    listed = dict(listing.listed)
    keyed = [command for command in COMMANDS.values() if command.keys]
    assert len(listing.listed) == len(keyed)
    assert listed["Go to the scan box"] == "Ctrl+L"
    assert listed["Put it beside the others, or back"] == "Ctrl+Shift+Enter"
    QTest.keyClicks(listing.field, "rotate")
    assert listing.listed == [("Rotate by 90°", "R")]
    person.press(Qt.Key.Key_Escape, listing)
    person.until(lambda: not listing.isVisible(), "the list to go")
