"""A page that scrolls where a low window or large text leaves it less than it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)


class TallPage(QScrollArea):
    """Elsewhere its content is as high as the page; fill ``layout_of_content``.

    With ``wraps``, what wraps in it gets the height that it would like.
    """

    def __init__(self, *, wraps: bool = False) -> None:
        super().__init__()
        content = QWidget()
        self.layout_of_content = QVBoxLayout(content) if wraps else _Content(content)
        self.layout_of_content.setContentsMargins(0, 0, 0, 0)
        self.layout_of_content.setSpacing(0)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class _Content(QVBoxLayout):
    """Asks for no more than the least height: what could wrap must not make the page scroll."""

    def hasHeightForWidth(self) -> bool:
        return False


class TallTabs(QTabWidget):
    """Tabs that ask for the room of the one on the screen, and not of the highest and the widest."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: _ask_for_current(self))

    def tabInserted(self, _tab: int) -> None:
        _ask_for_current(self)


class TallStack(QStackedWidget):
    """Does the same for pages without tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: _ask_for_current(self))
        self.widgetAdded.connect(lambda _: _ask_for_current(self))


def bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever is around a widget so that it is seen, from the inside out."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _ask_for_current(pages: QTabWidget | QStackedWidget) -> None:
    policies = QSizePolicy.Policy
    for number in range(pages.count()):
        if (page := pages.widget(number)) is not None:
            policy = policies.Preferred if number == pages.currentIndex() else policies.Ignored
            page.setSizePolicy(policy, policy)
