"""How the review of dropped files shares the page: a line on top, and a form that scrolls where it has to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from itkgui.language import _
from itkgui.views.name_label import NameLabel
from itkgui.views.style import arrange_by_text, set_role, set_room
from itkgui.views.target_box import TargetBox

_GAP = 12  # pixels between the heading and what is beside it
_FORM_LINES = 5  # of text, that the form is high at least
_STATUS = 26  # characters, with which what is to be done takes no more than two lines
_WIDEST = 70  # characters of a target


class ReviewHead(QWidget):
    """Whom the files are for, and beside it or below where those go that have no target of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = NameLabel()
        set_role(self.heading, "heading")
        self.heading.use_one_line(True, Qt.TextElideMode.ElideMiddle)
        self.target = TargetBox()
        self.target.setAccessibleName(_("Attach to"))
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setMinimumContentsLength(15)
        self.target.setPlaceholderText(_("Choose where these files go"))
        set_room(self.target, most=(_WIDEST, 0))
        label = QLabel(_("Attach to"))
        label.setBuddy(self.target)
        self.targets = QWidget()
        beside = QHBoxLayout(self.targets)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(label)
        beside.addWidget(self.target, 1)
        beside.addStretch()
        self.said = ""
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._turning.setContentsMargins(0, 0, 0, 0)
        self._turning.setSpacing(_GAP)
        self._turning.addWidget(self.heading)
        self._turning.addWidget(self.targets, 1)
        arrange_by_text(self)

    def say(self, text: str) -> None:
        """Show a heading; where it is too long it loses its middle, and a hint has the whole."""
        if text == self.said:
            return
        self.said = text
        self.heading.say(text)
        self.heading.setAccessibleName(text)
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(event.size().width())
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the text has another size
            self._arrange(self.width())
        return super().event(event)

    def _arrange(self, width: int) -> None:
        needed = self.heading.fontMetrics().horizontalAdvance(self.said) + _GAP // 2
        is_narrow = needed + _GAP + self.targets.minimumSizeHint().width() > width
        ways = QBoxLayout.Direction
        self._turning.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        self._turning.setSpacing(_GAP // 3 if is_narrow else _GAP)
        policies = QSizePolicy.Policy
        wide = policies.Ignored if is_narrow else policies.Minimum
        self.heading.setSizePolicy(wide, self.heading.sizePolicy().verticalPolicy())
        self.heading.setMinimumWidth(0 if is_narrow else needed)


class ReviewFoot(QWidget):
    """The buttons that end the review, and beside them or above what is still to be done."""

    def __init__(self, status: QWidget, buttons: Sequence[QWidget]) -> None:
        super().__init__()
        self._buttons = buttons
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._turning.setContentsMargins(0, 0, 0, 0)
        self._turning.addWidget(status, 1)
        self._turning.addLayout(row)
        arrange_by_text(self)

    def arrange(self) -> None:
        """Find the words their place: other buttons may be shown than before, or be called otherwise."""
        shown = [button for button in self._buttons if not button.isHidden()]
        left = self.width() - sum(button.sizeHint().width() + _GAP for button in shown)
        is_narrow = left < self.fontMetrics().averageCharWidth() * _STATUS
        ways = QBoxLayout.Direction
        self._turning.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        super().resizeEvent(event)


class FormRoom(QWidget):
    """Takes the height that a form would like, and less where there is less: then the form scrolls.

    It has to be told to ``fit`` when the form is another. Only then, and at another size of its own, it
    decides whether there is a scroll bar: Qt would decide anew whenever the bar makes the form shorten a
    name, without end.
    """

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.area = QScrollArea()
        self.area.setWidget(form)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._form = form
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        set_room(self, least=(0, _FORM_LINES))
        self.use_all_height(False)
        arrange_by_text(self)

    def use_all_height(self, uses_all: bool) -> None:
        """Take all the height there is, or no more than is needed."""
        policies = QSizePolicy.Policy
        self.setSizePolicy(policies.Expanding, policies.Expanding if uses_all else policies.Maximum)

    def fit(self) -> None:
        """Ask for the height that the form has now."""
        self.updateGeometry()
        self._decide()

    def sizeHint(self) -> QSize:
        return QSize(self._form.sizeHint().width(), self._height_of_form())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._form.minimumSizeHint().width(), 0)

    def _height_of_form(self) -> int:
        return max(self._form.heightForWidth(self.width()), self._form.minimumSizeHint().height())

    def _decide(self) -> None:
        policies = Qt.ScrollBarPolicy
        is_cut = self._height_of_form() > self.height()
        self.area.setVerticalScrollBarPolicy(
            policies.ScrollBarAlwaysOn if is_cut else policies.ScrollBarAlwaysOff
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._decide()
