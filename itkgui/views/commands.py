"""What the program can be told to do: by a key, from the palette, by a scanned code, or from a menu.

``command_list`` declares each once, with its keys. A widget that can do one offers it for as long as it lives
(``offer``): nobody else gives a widget a key.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QWidget

from itkgui.language import N_, _

HERE = Qt.ShortcutContext.WidgetShortcut  # keys for the widget itself
WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut  # for all in it, too: of two pages the one in use
WINDOW = Qt.ShortcutContext.WindowShortcut  # as long as the widget is to be seen
_COMMANDING = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = {Qt.Key.Key_Left: "←", Qt.Key.Key_Right: "→", Qt.Key.Key_Up: "↑", Qt.Key.Key_Down: "↓"}


class Group(enum.Enum):
    """Where commands, and their keys, are at home; in the order of the list of keys."""

    SIGN_IN = N_("Sign-in")
    EVERYWHERE = N_("Everywhere")
    PLACES = N_("Places")
    COMPONENT = N_("A component or shipment")
    TABLE = N_("A table")
    LIST = N_("Lists of components")
    TESTS = N_("Tests")
    RESULTS = N_("Results of a test")
    PLOT = N_("A plot")
    ATTACHMENTS = N_("Attachments")
    IMAGE = N_("An image")
    TEXT = N_("A text, a table in a file, a document, bytes, the raw JSON")
    DOCUMENT = N_("A document")
    BYTES = N_("Bytes")
    REVIEW = N_("Files under review")
    UPLOADS = N_("Uploads")
    HELP = N_("This list")

    @property
    def title(self) -> str:
        return _(self.value)


class Command(NamedTuple):
    """Something to be told: ``name`` is for ever (it is printed as a code), ``title`` is marked by ``N_``.

    ``keys`` as Qt spells them, the one to be told first. ``needs`` says what must be there before it can be
    done; one without it is not shown where it cannot be done. What only makes sense with the keys, such as a
    step in a row of pages, is not ``in_palette``.
    """

    name: str
    title: str
    group: Group
    keys: tuple[str, ...] = ()
    needs: str = ""
    in_palette: bool = True

    @property
    def text(self) -> str:
        """Return the title in the language of the user."""
        return _(self.title)

    @property
    def key(self) -> str:
        """Return the first key as users know it, such as ``Ctrl+Shift+Enter``; nothing without one."""
        return shown_key(self.keys[0]) if self.keys else ""

    @property
    def hint(self) -> str:
        """Return the title with the key, as a tool tip."""
        return hint(self.text, self.name)


class Offer(QAction):
    """A command that a widget can do; its keys work where that widget is, its text goes into menus."""

    def __init__(
        self, widget: QWidget, command: Command, run: Callable[[], object], is_available: Callable[[], bool]
    ) -> None:
        super().__init__(command.text, widget)
        self.command, self.is_available = command, is_available
        self.setShortcuts([QKeySequence(keys) for keys in command.keys])
        self.triggered.connect(lambda: run())

    @property
    def widget(self) -> QWidget:
        """The one that offers it."""
        widget = self.parent()
        assert isinstance(widget, QWidget)  # noqa: S101 - it was made with one
        return widget

    @property
    def can_run(self) -> bool:
        """Whether it can be done now."""
        return self.widget.isVisible() and self.isEnabled() and self.is_available()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():  # of two pages side by side, in turn
            self.trigger()
            return True
        return super().event(event)


def offer(
    widget: QWidget,
    name: str,
    run: Callable[[], object],
    *,
    context: Qt.ShortcutContext = WINDOW,
    is_available: Callable[[], bool] = lambda: True,
) -> Offer:
    """Let a widget do a command as long as it lives. Raises KeyError for a name that is not declared.

    Keys do it whenever they reach the widget, so ``run`` does nothing where there is nothing to be done.
    """
    made = Offer(widget, command(name), run, is_available)
    made.setShortcutContext(context)
    widget.addAction(made)
    return made


def command(name: str) -> Command:
    """Return a declared command. Raises KeyError."""
    from itkgui.views.command_list import COMMANDS  # which is made of the classes above

    return COMMANDS[name]


def key_of(name: str) -> str:
    """Return the first key of a command as Qt spells it. Raises KeyError; IndexError without a key."""
    return command(name).keys[0]


def is_key_of(event: QKeyEvent, name: str) -> bool:
    """Tell whether a key that was pressed is one of a command's. Raises KeyError.

    A character counts however it is typed: where "+" has a key, and where it takes Shift.
    """
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
    character = "" if held & _COMMANDING else event.text().upper()
    return any(keys == character or pressed == QKeySequence(keys) for keys in command(name).keys)


def hint(text: str, name: str) -> str:
    """Return a tool tip with the key of a command, if there is a name of one. Raises KeyError."""
    key = command(name).key if name else ""
    return f"{text} ({key})" if key else text


def show_key(action: QAction, name: str) -> None:
    """Let an entry of a menu tell the key by which what has the focus does the same. Raises KeyError."""
    action.setShortcut(QKeySequence(key_of(name)))


def offers(window: QWidget) -> Iterator[Offer]:
    """Yield what can be done in a window now, what is around the focus first; each command once."""
    focus = window.focusWidget()
    found = [one for one in window.findChildren(Offer) if one.can_run]
    found.sort(key=lambda one: focus is None or not (one.widget is focus or one.widget.isAncestorOf(focus)))
    seen = set()
    for one in found:
        if one.command.name not in seen:
            seen.add(one.command.name)
            yield one


def run_by_name(window: QWidget, name: str) -> bool:
    """Do a command in a window, as from a scanned code; False if that cannot be done now."""
    found = next((one for one in offers(window) if one.command.name == name), None)
    if found is not None:
        found.trigger()
    return found is not None


def shown_key(keys: str) -> str:
    """Return a key as users know it, from Qt's spelling."""
    native, sequence = QKeySequence.SequenceFormat.NativeText, QKeySequence(keys)
    text, key = sequence.toString(native), sequence[0].key()  # type: ignore[index]
    shown = _("Enter") if key in _ENTER else _ARROWS.get(key, "")
    return text.removesuffix(QKeySequence(key).toString(native)) + shown if shown else text
