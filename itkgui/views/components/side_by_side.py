"""The open components in tabs, and at will one of them beside the tabs, to compare two parts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QTabBar,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.components.component_view import ComponentView
from itkgui.views.context.messages import Messages
from itkgui.views.style import scaled, set_icon, set_role

_KEY = "Ctrl+Shift+Return"
_LEAST_WIDTH = 320  # pixels
_CROSS = 20  # pixels of a side at 100 %


class SideBySide(QSplitter):
    """Every open component has a tab, or is the one beside them; what is done concerns the one last used."""

    close_requested = Signal(object)  # ComponentView, or another page in a tab
    tab_made = Signal(int)  # its place
    menu_opened = Signal(object, object)  # the menu of a tab, for more to be added; the page of the tab

    def __init__(self, messages: Messages) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._messages = messages
        self._last_used: ComponentView | None = None
        self.tabs = QTabWidget()
        set_role(self.tabs, "parts")
        self.tabs.setDocumentMode(True)
        self.tabs.setTabsClosable(True)
        self.tabs.setMovable(True)
        self.tabs.tabCloseRequested.connect(self._on_tab_close_requested)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.tabs.tabBar().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabs.tabBar().customContextMenuRequested.connect(self._on_menu_wanted)
        self.beside: ComponentView | None = None
        self._place = QFrame()
        set_role(self._place, "beside")
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._name, "quiet")
        self.back_button, self.close_button = QToolButton(), QToolButton()
        for button, icon_name, text in (
            (self.back_button, "fit", _("Back among the tabs ({key})").format(key=_KEY)),
            (self.close_button, "close", _("Close this component (Ctrl+W)")),
        ):
            set_icon(button, icon_name, "quiet", 16)
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.back_button.clicked.connect(self._on_back)
        self.close_button.clicked.connect(lambda: self.close_requested.emit(self.beside))
        above = QHBoxLayout()
        above.setContentsMargins(12, 2, 4, 2)
        above.addWidget(self._name, 1)
        above.addWidget(self.back_button)
        above.addWidget(self.close_button)
        self._room = QVBoxLayout(self._place)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(0)
        self._room.addLayout(above)
        self._place.hide()
        self.setChildrenCollapsible(False)
        for place in (self.tabs, self._place):  # or two pages could make the window wider than the screen
            place.setMinimumWidth(_LEAST_WIDTH)
        self.addWidget(self.tabs)
        self.addWidget(self._place)
        application = QApplication.instance()
        if isinstance(application, QApplication):  # always, but the stubs do not know
            application.focusChanged.connect(self._on_focus_changed)

    # What is open ------------------------------------------------------------------------------------------

    @property
    def views(self) -> list[ComponentView]:
        """All open components, in the order of the tabs, the one beside them last."""
        pages = (self.tabs.widget(tab) for tab in range(self.tabs.count()))
        found = [page for page in pages if isinstance(page, ComponentView)]
        return found + ([self.beside] if self.beside is not None else [])

    @property
    def current(self) -> ComponentView | None:
        """The component on the screen; of two, the one last used."""
        if self.beside is not None and self._last_used is self.beside:
            return self.beside
        page = self.tabs.currentWidget()
        return page if isinstance(page, ComponentView) else self.beside

    def add(self, view: ComponentView) -> None:
        """Give a component a tab, behind the others and not shown yet."""
        self.insert(view, view.component.label)

    def insert(self, page: QWidget, label: str, tab: int = -1) -> None:
        """Give a page a tab of this name, at the end or before others; it is not shown yet."""
        label = shown_text(label)
        tab = self.tabs.insertTab(tab, page, label.replace("&", "&&"))
        for cross in self._crosses(tab):
            cross.setAccessibleName(_("Close {label}").format(label=label))
        self.fit_crosses()
        self.tab_made.emit(tab)

    def fit_crosses(self) -> None:
        """Make what closes a tab as large as the text asks for: Qt gives it always the same size."""
        for tab in range(self.tabs.count()):
            for cross in self._crosses(tab):
                cross.resize(scaled(_CROSS), scaled(_CROSS))

    def _crosses(self, tab: int) -> list[QWidget]:
        sides = (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide)
        found = (self.tabs.tabBar().tabButton(tab, side) for side in sides)
        return [cross for cross in found if cross is not None]

    def show_view(self, view: ComponentView) -> None:
        """Show an open component where it is, and let what is done next concern it."""
        if view is not self.beside:
            self.tabs.setCurrentWidget(view)
        self._last_used = view

    def remove(self, view: QWidget) -> None:
        """Take a component away; its owner deletes it."""
        if view is self.beside:
            self._empty_place()
        else:
            self.tabs.removeTab(self.tabs.indexOf(view))
        if self._last_used is view:
            self._last_used = None
        self._keep_tabs_filled()

    def toggle(self, view: ComponentView) -> None:
        """Put a component beside the tabs, in place of the one there, or back among them."""
        if view is self.beside:
            self._empty_place()
            self.add(view)
            self.show_view(view)
            view.show_tab(view.tabs.currentIndex())  # or the focus would be wherever Qt finds a place
            return
        if len(self.views) < 2:
            self._messages.notify(_("Open a second component first: then two can stand side by side."))
            return
        before = self._empty_place()
        if before is not None:
            self.add(before)
        self.tabs.removeTab(self.tabs.indexOf(view))
        self.beside = self._last_used = view
        self._name.setText(shown_text(_("Beside: {label}").format(label=view.component.label)))
        self._room.addWidget(view, 1)
        self._place.show()
        view.show()
        half = self.width() // 2
        self.setSizes([half, half])
        view.show_tab(view.tabs.currentIndex())

    def _empty_place(self) -> ComponentView | None:
        view, self.beside = self.beside, None
        if view is not None:
            self._room.removeWidget(view)
            self._place.hide()
            view.setParent(None)
        return view

    def _keep_tabs_filled(self) -> None:
        """Move the component beside the tabs there once they are empty: one alone has all the room."""
        if not self.tabs.count() and self.beside is not None:
            self.toggle(self.beside)

    # What is done ------------------------------------------------------------------------------------------

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.beside is None or now is None:
            return
        if self.beside.isAncestorOf(now):
            self._last_used = self.beside
        elif self.tabs.isAncestorOf(now):
            page = self.tabs.currentWidget()
            self._last_used = page if isinstance(page, ComponentView) else None

    def _on_tab_changed(self, tab: int) -> None:
        page = self.tabs.widget(tab)
        if isinstance(page, ComponentView):
            self._last_used = page

    def _on_tab_close_requested(self, tab: int) -> None:
        self.close_requested.emit(self.tabs.widget(tab))

    def _on_back(self) -> None:
        if self.beside is not None:
            self.toggle(self.beside)

    def _on_menu_wanted(self, position: QPoint) -> None:
        page = self.tabs.widget(self.tabs.tabBar().tabAt(position))
        if page is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(page, ComponentView):
            beside = menu.addAction("\t".join((_("Show beside the others"), _KEY)))
            beside.triggered.connect(lambda: self.toggle(page))
        close = menu.addAction("\t".join((_("Close"), "Ctrl+W")))
        close.triggered.connect(lambda: self.close_requested.emit(page))
        self.menu_opened.emit(menu, page)
        menu.popup(self.tabs.tabBar().mapToGlobal(position))
