"""What is open: components in tabs, loaded when they are looked at, kept for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from itkgui.language import _
from itkgui.records.component import Component
from itkgui.records.known_component import KnownComponent, known_from
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.views.components.component_view import COMMENTS, ComponentView
from itkgui.views.components.side_by_side import SideBySide
from itkgui.views.components.waiting_tab import WaitingTab
from itkgui.views.context.known_components import KnownComponents
from itkgui.views.context.messages import FINDING
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import Style, icon

_MOST = 40  # tabs that are kept


class OpenComponents(QObject):
    """Opens, shows and closes components in ``side_by_side``.

    ``changed`` tells that others are open, or that another is in front.
    """

    changed = Signal()
    made = Signal(object)  # ComponentView, to be connected

    def __init__(self, context: ViewContext, style: Style, known: KnownComponents, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._style = style
        self._known = known
        self._wanted: tuple[str, Upload] | None = None  # a component's code, and what to show there
        self.side_by_side = SideBySide(context.messages)
        self.side_by_side.close_requested.connect(self.close)
        self.side_by_side.tab_made.connect(self._mark_if_pinned)
        self.side_by_side.menu_opened.connect(self._on_menu_opened)
        self.tabs = self.side_by_side.tabs
        self.tabs.currentChanged.connect(self.changed)
        bar = self.tabs.tabBar()
        bar.tabMoved.connect(self.changed)
        bar.installEventFilter(self)
        known.changed.connect(self._mark_pinned)
        style.changed.connect(self._on_look_changed)

    # What is open ------------------------------------------------------------------------------------------

    @property
    def pages(self) -> list[QWidget]:
        """The pages of all tabs, and the one beside them last."""
        found = [self.tabs.widget(tab) for tab in range(self.tabs.count())]
        beside = self.side_by_side.beside
        return [page for page in (*found, beside) if page is not None]

    @property
    def front(self) -> QWidget | None:
        """The page in front, whether its component is loaded or not; None if none is open."""
        return self.side_by_side.current if self._is_beside_used else self.tabs.currentWidget()

    @property
    def is_front_loaded(self) -> bool:
        """Whether there is a component in front, and its page can be turned to any tab."""
        return isinstance(self.front, ComponentView)

    @property
    def _is_beside_used(self) -> bool:
        beside = self.side_by_side.beside
        return beside is not None and self.side_by_side.current is beside

    def known_of(self, page: QWidget | None) -> KnownComponent | None:
        """Return what is known of the component of a page."""
        if isinstance(page, ComponentView):
            return KnownComponent.of(page.component)
        return page.known if isinstance(page, WaitingTab) else None

    def page_of(self, key: str) -> QWidget | None:
        """Return the page of a component, by its key; None if it is not open."""
        pages = ((page, self.known_of(page)) for page in self.pages)
        return next((page for page, known in pages if known is not None and known.key == key), None)

    # Opening -----------------------------------------------------------------------------------------------

    async def open(self, component: Component) -> None:
        """Show a component in its tab, a new one if it has none yet."""
        self._context.messages.settle(FINDING)
        page = self.page_of(component.key)
        if isinstance(page, ComponentView):
            if not self._context.connection.is_away:  # else it stays what it was, and says so
                page.reload()
            self.show(page)
        else:
            if isinstance(page, WaitingTab):
                page.cancel()  # what it waits for is here
            await self._make(component, page)
            made = self.page_of(component.key)
            if made is not None:
                self.show(made)
        self._show_wanted(component.key)
        self._known.note(component)

    def want(self, key: str, upload: Upload) -> None:
        """Let a component show what an upload became when it is opened next."""
        self._wanted = key, upload

    def _show_wanted(self, key: str) -> None:
        wanted, page = self._wanted, self.page_of(key)
        self._wanted = None
        if wanted is None or wanted[0] != key or not isinstance(page, ComponentView):
            return
        _code, upload = wanted
        if upload.kind is UploadKind.TEST_RUN:
            page.look_at_run(upload.code)
        else:
            page.show_file(upload.code)

    def show(self, page: QWidget) -> None:
        """Bring an open page to the front."""
        if isinstance(page, ComponentView):
            self.side_by_side.show_view(page)
        else:
            self.tabs.setCurrentWidget(page)

    async def _make(self, component: Component, waiting: QWidget | None) -> None:
        view = ComponentView(self._context, self._style, component)
        view.strip.pin_requested.connect(partial(self.toggle_pin, view))
        view.strip.beside_requested.connect(partial(self.side_by_side.toggle, view))
        view.strip.show_pinned(self._known.is_pinned(component.key))
        self.made.emit(view)
        tab = self.tabs.indexOf(waiting) if waiting is not None else -1
        self.side_by_side.insert(view, component.label, tab)
        view.complete()
        if waiting is None:
            await asyncio.sleep(0)  # put in place in one frame, shown in the next
            self.side_by_side.show_view(view)
        else:
            if waiting is self.tabs.currentWidget():  # else somebody looks at another by now
                self.side_by_side.show_view(view)
            self._remove(waiting)
        self.changed.emit()

    async def _on_loaded(self, waiting: WaitingTab, component: Component) -> None:
        await self._make(component, waiting)
        self._known.note(component)

    # Closing -----------------------------------------------------------------------------------------------

    def close(self, page: QWidget) -> None:
        """Close a page, unless files or a comment wait there for a decision."""
        if isinstance(page, ComponentView) and (page.is_reviewing or page.has_draft):
            self.side_by_side.show_view(page)
            if page.is_reviewing:
                what, cure = _("Files for it are not sent yet."), _("Press Send or Cancel first.")
            else:
                page.show_tab(COMMENTS)
                what, cure = _("A comment on it is not sent yet."), _("Add it or empty its field first.")
            self._context.messages.warn(_("{name} stays open").format(name=page.component.label), what, cure)
            return
        if isinstance(page, ComponentView):
            page.detach()
        elif isinstance(page, WaitingTab):
            page.cancel()  # or an answer that is here already would open it again
        self._remove(page)
        self.changed.emit()

    def close_others(self, page: QWidget) -> None:
        """Close all pages but one."""
        for other in self.pages:
            if other is not page:
                self.close(other)

    def _remove(self, page: QWidget) -> None:
        self.side_by_side.remove(page)
        page.deleteLater()

    def step(self, by: int) -> None:
        """Show the next tab, or the one before; after the last comes the first."""
        if self.tabs.count():
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    # Pins --------------------------------------------------------------------------------------------------

    def toggle_pin(self, page: QWidget | None) -> None:
        """Pin the component of a page, or let it go, and say so."""
        known = self.known_of(page)
        if known is not None:
            self.tell_pin(known, self._known.toggle_pin(known))

    def tell_pin(self, known: KnownComponent, is_pinned: bool) -> None:
        """Say what became of a pin."""
        said = _("{name} is pinned") if is_pinned else _("{name} is no longer pinned")
        self._context.messages.notify(said.format(name=known.label))

    def _mark_pinned(self) -> None:
        for tab in range(self.tabs.count()):
            self._mark_if_pinned(tab)
        for view in self.side_by_side.views:
            view.strip.show_pinned(self._known.is_pinned(view.component.key))

    def _on_look_changed(self) -> None:
        self.side_by_side.fit_crosses()
        self._mark_pinned()

    def _mark_if_pinned(self, tab: int) -> None:
        known = self.known_of(self.tabs.widget(tab))
        is_pinned = known is not None and self._known.is_pinned(known.key)
        self.tabs.setTabIcon(tab, icon("pin", "quiet", 16) if is_pinned else QIcon())

    # The tabs' menu and mouse ------------------------------------------------------------------------------

    def _on_menu_opened(self, menu: QMenu, page: QWidget) -> None:
        known = self.known_of(page)
        others: Callable[[], None] = partial(self.close_others, page)
        menu.addAction(_("Close the others"), others).setEnabled(len(self.pages) > 1)
        menu.addSeparator()
        is_pinned = known is not None and self._known.is_pinned(known.key)
        text = _("Unpin") if is_pinned else _("Pin")
        menu.addAction(f"{text}\tCtrl+D", partial(self.toggle_pin, page))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        # A middle click closes a tab, as in a browser.
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.MiddleButton:
            page = self.tabs.widget(self.tabs.tabBar().tabAt(event.position().toPoint()))
            if event.type() == QEvent.Type.MouseButtonRelease and page is not None:
                self.close(page)
            return True
        return False

    # The next start ----------------------------------------------------------------------------------------

    def kept(self) -> dict[str, Any]:
        """Return what is open as JSON knows it."""
        known = [found for found in map(self.known_of, self.pages) if found is not None]
        front = self.known_of(self.front)
        return {"open": [found.kept() for found in known[:_MOST]], "front": front.key if front else ""}

    def restore(self, kept: Any) -> None:
        """Make the tabs that ``kept`` told of; nothing is asked for until a tab is looked at."""
        values = kept if isinstance(kept, dict) else {}
        for known in known_from(values.get("open"), _MOST):
            self.side_by_side.insert(WaitingTab(self._context, known, self._on_loaded), known.label)
            if known.key == values.get("front"):
                self.tabs.setCurrentIndex(self.tabs.count() - 1)

    def cancel(self) -> None:
        """Stop what the page in front loads."""
        page = self.front
        if isinstance(page, ComponentView | WaitingTab):
            page.cancel()

    def reload(self) -> None:
        """Ask the server again for the page in front."""
        page = self.front
        if isinstance(page, ComponentView):
            page.reload()
        elif isinstance(page, WaitingTab):
            page.load()

    def detach(self) -> None:
        """Stop listening, before the views go."""
        self.tabs.currentChanged.disconnect(self.changed)
        self._known.changed.disconnect(self._mark_pinned)
        self._style.changed.disconnect(self._on_look_changed)
        for view in self.side_by_side.views:
            view.detach()
