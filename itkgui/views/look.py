"""The text size and the look that the user of this computer wants: by keys, by a menu, and kept for all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from itkgui.views.memory import Memory
from itkgui.views.style import SIZES, Style
from itkgui.views.theme import DARK, LIGHT, Theme

_KEY, _VERSION = "look", 1
_SYSTEM = "system"
_THEMES: dict[str, tuple[str, Theme | None]] = {
    _SYSTEM: ("As the system", None),
    "light": ("Light", LIGHT),
    "dark": ("Dark", DARK),
}


class Look(QObject):
    """Takes up at once what was kept; it is nobody's in particular, so that sign-in looks like it too.

    ``actions`` carry the keys, and are to be given to the window.
    """

    def __init__(self, style: Style, memory: Memory) -> None:
        super().__init__(style)
        self._style, self._memory = style, memory
        self.percent, self.theme = _kept(memory.get(_KEY, _VERSION))
        self.larger, self.smaller, self.normal = self.actions = (
            self._action("Larger", ("Ctrl++", "Ctrl+="), lambda: self._step(1)),
            self._action("Smaller", ("Ctrl+-",), lambda: self._step(-1)),
            self._action("Normal", ("Ctrl+0",), lambda: self.scale(SIZES[0])),
        )
        sizes, themes = QActionGroup(self), QActionGroup(self)
        self.sizes = {percent: sizes.addAction(f"{percent} %") for percent in SIZES}
        self.themes = {name: themes.addAction(title) for name, (title, _) in _THEMES.items()}
        for percent, action in self.sizes.items():
            action.triggered.connect(lambda _checked, percent=percent: self.scale(percent))
        for name, action in self.themes.items():
            action.triggered.connect(lambda _checked, name=name: self.wear(name))
        for action in (*self.sizes.values(), *self.themes.values()):
            action.setCheckable(True)
        self._mark()
        style.scale(self.percent)
        self._put_on()

    def add_to(self, menu: QMenu) -> None:
        """Put what can be chosen into a menu, above all that is in it."""
        first = menu.actions()[0] if menu.actions() else None
        sizes, themes = QMenu("Text size", menu), QMenu("Look", menu)
        sizes.addActions(self.actions)
        sizes.addSeparator()
        sizes.addActions(list(self.sizes.values()))
        themes.addActions(list(self.themes.values()))
        for part in (sizes, themes):
            menu.insertMenu(first, part)  # type: ignore[arg-type]  # None: at the end
        if first is not None:
            menu.insertSeparator(first)

    def scale(self, percent: int) -> None:
        """Change to a size of text, one of ``SIZES``, and keep it."""
        self.percent = percent
        self._keep()
        self._style.scale(percent)

    def wear(self, name: str) -> None:
        """Change to a look, ``"system"``, ``"light"`` or ``"dark"``, and keep it."""
        self.theme = name
        self._keep()
        self._put_on()

    def _step(self, by: int) -> None:
        place = SIZES.index(self.percent) + by
        self.scale(SIZES[min(max(place, 0), len(SIZES) - 1)])

    def _put_on(self) -> None:
        theme = _THEMES[self.theme][1]
        if theme is None:
            self._style.follow_system()
        else:
            self._style.use(theme)

    def _mark(self) -> None:
        self.sizes[self.percent].setChecked(True)
        self.themes[self.theme].setChecked(True)
        self.larger.setEnabled(self.percent != SIZES[-1])
        self.smaller.setEnabled(self.percent != SIZES[0])

    def _keep(self) -> None:
        self._mark()
        self._memory.put(_KEY, _VERSION, {"percent": self.percent, "theme": self.theme})

    def _action(self, text: str, keys: tuple[str, ...], on_triggered: Any) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda: on_triggered())
        return action


def _kept(value: Any) -> tuple[int, str]:
    """Return the size and the look that were kept; what is neither counts as nothing kept."""
    kept = value if isinstance(value, dict) else {}
    percent, theme = kept.get("percent"), kept.get("theme")
    return (
        percent if isinstance(percent, int) and percent in SIZES else SIZES[0],
        theme if isinstance(theme, str) and theme in _THEMES else _SYSTEM,
    )
