"""The text size and the look that the user wants: by keys, by a menu, or on the page of settings."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from itkgui.language import _
from itkgui.settings import THEMES
from itkgui.views.commands import Offer, offer
from itkgui.views.context.preferences import Preferences
from itkgui.views.style import SIZES, Style
from itkgui.views.theme import CONTRAST, DARK, LIGHT, Theme

_SIZE, _THEME, _GLOVES = "text_size", "theme", "gloves"
_THEMES: dict[str, Theme | None] = {"system": None, "light": LIGHT, "dark": DARK, "contrast": CONTRAST}


class Look(QObject):
    """Takes up at once what is set; a window that it is offered in has the commands for it."""

    def __init__(self, style: Style, preferences: Preferences) -> None:
        super().__init__(style)
        self._style, self._preferences = style, preferences
        self.actions: tuple[Offer, ...] = ()
        sizes, themes = QActionGroup(self), QActionGroup(self)
        self.sizes = {percent: sizes.addAction(f"{percent} %") for percent in SIZES}
        self.themes = {name: themes.addAction(_(title)) for name, title in THEMES.items()}
        for percent, action in self.sizes.items():
            action.triggered.connect(lambda _checked, percent=percent: self.scale(percent))
        for name, action in self.themes.items():
            action.triggered.connect(lambda _checked, name=name: self.wear(name))
        for action in (*self.sizes.values(), *self.themes.values()):
            action.setCheckable(True)
        preferences.changed.connect(self._on_changed)
        self._mark()
        style.scale(self.percent)
        style.wear_gloves(preferences.settings.gloves)
        self._put_on()

    @property
    def percent(self) -> int:
        """The size of the text, one of ``SIZES``."""
        return self._preferences.settings.text_size

    @property
    def theme(self) -> str:
        """The look that is set, one of the choices of its setting."""
        return self._preferences.settings.theme

    def offer_in(self, window: QWidget) -> None:
        """Let a window change the look."""
        self.actions = (
            offer(window, "larger-text", lambda: self._step(1)),
            offer(window, "smaller-text", lambda: self._step(-1)),
            offer(window, "usual-text", lambda: self.scale(SIZES[0])),
        )
        for name, action in self.themes.items():
            offer(window, f"look-{name}", action.trigger, is_available=action.isEnabled)
        is_free = lambda: not self._preferences.is_fixed(_GLOVES)  # noqa: E731
        offer(window, "gloves", self._turn_gloves, is_available=is_free)
        self._mark()

    def add_to(self, menu: QMenu) -> None:
        """Put what can be chosen into a menu, above all that is in it."""
        first = menu.actions()[0] if menu.actions() else None
        sizes, themes = QMenu(_("Text size"), menu), QMenu(_("Look"), menu)
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
        self._preferences.put(_SIZE, percent)

    def wear(self, name: str) -> None:
        """Change to a look, one of the choices of its setting, and keep it."""
        self._preferences.put(_THEME, name)

    def _turn_gloves(self) -> None:
        self._preferences.put(_GLOVES, not self._preferences.settings.gloves)

    def _step(self, by: int) -> None:
        place = SIZES.index(self.percent) + by
        self.scale(SIZES[min(max(place, 0), len(SIZES) - 1)])

    def _on_changed(self, name: str) -> None:
        if name == _SIZE:
            self._style.scale(self.percent)
        elif name == _THEME:
            self._put_on()
        elif name == _GLOVES:
            self._style.wear_gloves(self._preferences.settings.gloves)
        self._mark()

    def _put_on(self) -> None:
        theme = _THEMES[self.theme]
        if theme is None:
            self._style.follow_system()
        else:
            self._style.use(theme)

    def _mark(self) -> None:
        self.sizes[self.percent].setChecked(True)
        self.themes[self.theme].setChecked(True)
        is_free = not self._preferences.is_fixed(_SIZE)
        for action in (*self.sizes.values(), *self.actions):
            action.setEnabled(is_free)
        for action in self.themes.values():
            action.setEnabled(not self._preferences.is_fixed(_THEME))
        for action, end in zip(self.actions, (SIZES[-1], SIZES[0]), strict=False):
            action.setEnabled(is_free and self.percent != end)
