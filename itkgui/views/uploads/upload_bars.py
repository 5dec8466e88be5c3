"""Bars above the uploads: what keeps them from arriving, and a button for what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.item_models.upload_notices import Notice, Remedy
from itkgui.language import _
from itkgui.views.style import set_role
from itkgui.views.widgets.notice_bar import NoticeBar

_MOST = 3  # bars; further ones are counted


class UploadBars(QWidget):
    """Shows notices one above the other; made anew only when they are others."""

    remedy_chosen = Signal(object, object)  # Remedy, Notice

    def __init__(self) -> None:
        super().__init__()
        self.notices: tuple[Notice, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._bars: list[QWidget] = []
        self.hide()

    def show_notices(self, notices: Sequence[Notice]) -> bool:
        """Show what is to be done, the most urgent on top; return whether there is more than before."""
        if tuple(notices) == self.notices:
            return False
        has_more = len(notices) > len(self.notices)
        self.notices = tuple(notices)
        for bar in self._bars:
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self._bars = [_Bar(notice, self._on_clicked, self) for notice in self.notices[:_MOST]]
        rest = len(self.notices) - len(self._bars)
        if rest:
            more = QLabel(_("and {count} more, each for other uploads").format(count=rest))
            set_role(more, "quiet")
            self._bars.append(more)
        for bar in self._bars:
            self._layout.addWidget(bar)
        self.setVisible(bool(self._bars))
        return has_more

    @property
    def texts(self) -> list[str]:
        """What the bars say, in words."""
        return [" ".join(filter(None, (n.title + ".", n.sentence, n.cure))) for n in self.notices[:_MOST]]

    def button(self, remedy: Remedy) -> QPushButton | None:
        """Return the first button that offers a remedy."""
        buttons = (button for bar in self._bars for button in bar.findChildren(QPushButton))
        return next((button for button in buttons if button.property("remedy") == remedy.value), None)

    def _on_clicked(self, remedy: Remedy, notice: Notice) -> None:
        self.remedy_chosen.emit(remedy, notice)


class _Bar(NoticeBar):
    """One notice, with a button for each remedy."""

    def __init__(self, notice: Notice, on_clicked: Callable[[Remedy, Notice], None], parent: QWidget) -> None:
        super().__init__(parent=parent)
        for remedy in notice.remedies:
            button = self.add_button(notice.word_for(remedy))
            button.setProperty("remedy", remedy.value)
            button.setAccessibleDescription(notice.title)
            button.clicked.connect(partial(on_clicked, remedy, notice))
        self.say(notice.title, " ".join(filter(None, (notice.sentence, notice.cure))), notice.tone)
