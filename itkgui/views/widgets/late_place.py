"""A place that is made when somebody goes there: signing in does not wait for what few look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

Place = TypeVar("Place", bound=QWidget)


class LatePlace(QWidget, Generic[Place]):
    """Holds the view of a place, once it is made."""

    def __init__(self, make: Callable[[], Place]) -> None:
        super().__init__()
        self._make = make
        self._view: Place | None = None
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> Place:
        """The view, made now if it was not before."""
        if self._view is None:
            self._view = self._make()
            self._room.addWidget(self._view)
            self._view.show()  # now, not in the next turn: what is hidden takes no focus
        return self._view

    @property
    def made(self) -> Place | None:
        """The view; None if nobody has been here yet."""
        return self._view

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _ = self.view
