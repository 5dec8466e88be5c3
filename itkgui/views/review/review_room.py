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
from itkgui.views.review.review_form import ReviewForm
from itkgui.views.review.target_box import TargetBox
from itkgui.views.style import arrange_by_text, set_gap, set_role, set_room
from itkgui.views.widgets.name_label import NameLabel
from itkgui.views.widgets.tall_page import TallPage, bring_into_sight

_GAP = 12  # pixels between the heading and what is beside it
_LIST_LINES = 6  # of text, that the list is high at least
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

    def minimumSizeHint(self) -> QSize:
        """Return what it needs at least where both stand one below the other."""
        return QSize(self.targets.minimumSizeHint().width(), super().minimumSizeHint().height())

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
        set_gap(self._turning, _GAP // 3 if is_narrow else _GAP)
        policies = QSizePolicy.Policy
        wide = policies.Ignored if is_narrow else policies.Minimum
        self.heading.setSizePolicy(wide, self.heading.sizePolicy().verticalPolicy())
        self.heading.setMinimumWidth(0 if is_narrow else needed)


class FormRoom(QWidget):
    """Takes the height that a form would like, and less where there is less: then the form scrolls.

    It is never so low that what there is to decide is cut. Where the page around has to scroll anyway, the
    form is whole, and only the page scrolls.

    It has to be told to ``fit`` when the form is another. Only then, and at another size of its own, it
    decides whether there is a scroll bar: Qt would decide anew whenever the bar makes the form shorten a
    name, without end.
    """

    def __init__(self, form: ReviewForm) -> None:
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
        self.is_whole = False
        self.use_all_height(False)
        arrange_by_text(self)

    def use_all_height(self, uses_all: bool) -> None:
        """Take all the height there is, or no more than is needed."""
        policies = QSizePolicy.Policy
        self.setSizePolicy(policies.Expanding, policies.Expanding if uses_all else policies.Maximum)

    @property
    def _least(self) -> int:
        lines = self.fontMetrics().lineSpacing() * _FORM_LINES
        return max(lines, self._form.height_to_decide(self.width()))

    def use_page(self, height: int, others: int, *, prefers_whole: bool) -> None:
        """Let the form be whole if a page has to scroll, or, if that is preferred, less than half is seen.

        ``height`` is that of the page, ``others`` what all else on it needs at least.
        """
        seen = height - others
        is_whole = height > 0 and seen < self._least
        is_whole |= prefers_whole and seen < self._height_of_form() // 2
        if is_whole is not self.is_whole:
            self.is_whole = is_whole
            self.fit()

    def fit(self) -> None:
        """Ask for the height that the form has now."""
        self.updateGeometry()
        self._decide()

    def sizeHint(self) -> QSize:
        return QSize(self._form.sizeHint().width(), self._height_of_form())

    def minimumSizeHint(self) -> QSize:
        least = self._height_of_form() if self.is_whole else self._least
        return QSize(self._form.minimumSizeHint().width(), least)

    def _height_of_form(self) -> int:
        return max(self._form.heightForWidth(self.width()), self._form.minimumSizeHint().height())

    def _decide(self) -> None:
        policies = Qt.ScrollBarPolicy
        is_cut = not self.is_whole and self._height_of_form() > self.height()
        self.area.setVerticalScrollBarPolicy(
            policies.ScrollBarAlwaysOn if is_cut else policies.ScrollBarAlwaysOff
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._decide()


class SheetRoom(QVBoxLayout):
    """Shares the height of a page among the list, the form and what is above them.

    Where it is not enough these scroll, above a foot that is always seen.
    """

    def __init__(
        self, sheet: QWidget, above: Sequence[QWidget], view: QWidget, form: FormRoom, foot: QWidget
    ) -> None:
        super().__init__(sheet)
        self._form, self._foot = form, foot
        self._height, self._is_low, self._has_tall_form = 0, False, False
        set_room(view, least=(0, _LIST_LINES))
        self.page = TallPage()
        self._parts = self.page.layout_of_content
        self._parts.setSpacing(8)
        for widget in above:
            self._parts.addWidget(widget)
        self._parts.addWidget(view, 1)
        self._parts.addWidget(form)
        self.setContentsMargins(18, 10, 18, 10)
        self.setSpacing(8)
        self.addWidget(self.page, 1)
        self.addWidget(foot)

    def show_what_is_wrong(self, doubts: QWidget) -> None:
        """Scroll to the top, and as far down from there as what is wrong with a row needs to be seen."""
        for area in (self._form.area, self.page):
            area.verticalScrollBar().setValue(0)  # why a row is red stands on top
        if self._form.is_whole and not doubts.isHidden():
            self._parts.activate()
            bring_into_sight(doubts)

    def use_page(self, height: int, *, is_low: bool) -> None:
        """Take the height of a page."""
        self._height, self._is_low = height, is_low
        self.share(has_tall_form=self._has_tall_form)

    def share(self, *, has_tall_form: bool) -> None:
        """Share it anew; a form that is tall can use more than it needs."""
        self._has_tall_form = has_tall_form
        self._form.use_all_height(has_tall_form)
        self._parts.setStretchFactor(self._form, 3 if has_tall_form else 0)
        others = self._parts.minimumSize().height() - self._form.minimumSizeHint().height()
        around = self.minimumSize().height() - self.page.minimumSizeHint().height()
        self._form.use_page(self._height, others + around, prefers_whole=self._is_low and has_tall_form)
