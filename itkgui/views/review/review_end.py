"""How a review ends: the buttons for it, which never move, and the question before something is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMessageBox, QWidget

from itkgui.language import _
from itkgui.views.style import arrange_by_text
from itkgui.views.widgets.question_box import QuestionBox

_GAP = 12  # pixels that a button has beside it, at most
_STATUS = 26  # characters, with which what is to be done takes no more than two lines


class ReviewFoot(QWidget):
    """The buttons that end the review, and between them or above what is still to be done.

    Whatever one of them comes to be called, no other moves: those ``first`` keep their names, though the
    last of them may be hidden, and ``last`` grows away from its edge. Where they are wider than the page they
    stand one below the other: it must not scroll sideways.
    """

    def __init__(self, first: Sequence[QWidget], status: QWidget, last: QWidget) -> None:
        super().__init__()
        self._buttons, self._status = (*first, last), status
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(len(first), 1)
        self._how: tuple[bool, bool] | None = None
        self._place(is_low=False, is_upright=False)
        arrange_by_text(self)

    def arrange(self) -> None:
        """Find the words their place: other buttons may be shown than before, or be called otherwise."""
        left = self.width() - sum(button.sizeHint().width() + _GAP for button in self._shown)
        is_narrow = left < self.fontMetrics().averageCharWidth() * _STATUS
        self._place(is_low=is_narrow, is_upright=left < 0)

    def _place(self, *, is_low: bool, is_upright: bool) -> None:
        """Put the words above the buttons if ``is_low``, and each button in a row if ``is_upright``."""
        if self._how == (is_low, is_upright):
            return
        self._how = is_low, is_upright
        last = len(self._buttons)
        if is_low:
            self._grid.addWidget(self._status, 0, 0, 1, last + 1)
        else:
            self._grid.addWidget(self._status, 1, last - 1)
        for place, button in enumerate(self._buttons):
            if is_upright:
                self._grid.addWidget(button, place + 1, 0, 1, last + 1)
            else:
                column = last if button is self._buttons[-1] else place
                self._grid.addWidget(button, 1, column, Qt.AlignmentFlag.AlignBottom)

    @property
    def _shown(self) -> list[QWidget]:
        return [button for button in self._buttons if not button.isHidden()]

    def minimumSizeHint(self) -> QSize:
        widest = max((button.minimumSizeHint().width() for button in self._shown), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        super().resizeEvent(event)


def ask_to_give_up(sheet: QWidget, review: str, lost: str, then: Callable[[], None]) -> None:
    """Ask whether a review, by its name, is to be given up; ``lost`` tells what is lost with it."""
    box = QuestionBox(sheet, _("Send nothing"), _("{review}: send nothing of it?").format(review=review))
    box.setInformativeText(lost)
    stay = box.addButton(_("Go on"), QMessageBox.ButtonRole.RejectRole)
    box.addButton(_("Send nothing"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(lambda: then())
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.open()
