"""A pane whose content is loaded when it is first looked at, and what it says until then, or instead."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.language import _
from itkgui.views.context.age_line import tell_age
from itkgui.views.context.view_task import ViewTask
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.trouble_pane import TroublePane

_PATIENCE_MS = 150
LONG_PATIENCE_MS = 500  # where something is shown meanwhile


class LoadingWords(NamedTuple):
    """What a pane says while its content is being loaded, when that was stopped, and when it failed."""

    loading: str
    stopped: str
    failed: str


class LoadingPane(QWidget):
    """Shows its content, or that it is loading, that there is none, or that it could not be loaded.

    ``load`` ends with ``show_content`` or ``show_nothing``; an ItkError of it is shown with a way to try
    again, above the content if there is one. ``renewing`` tells that what is shown has been under way again
    for a while, or no more: whoever says how old it is says so, too.
    """

    renewing = Signal(bool)

    def __init__(
        self,
        content: QWidget,
        icon_name: str,
        words: LoadingWords,
        load: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        super().__init__()
        self._content, self._words, self._load = content, words, load
        self._task = ViewTask(self, self._on_failed)
        self._is_wanted = self._is_renewing = False
        self.empty = EmptyPane(icon_name, "")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.reload)
        self._nothing_yet = QWidget()
        self._stack = QStackedWidget()
        for page in (self._nothing_yet, self.empty, content):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.trouble)
        layout.addWidget(self._stack, 1)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_late)

    def reload(self) -> None:
        """Load now if the pane is on the screen, else as soon as it is."""
        self._is_wanted = not self.isVisible()
        if self._is_wanted:
            tell_age(self, self._task, None)  # it will be of the moment when it is looked at
        else:
            self._patience.start(LONG_PATIENCE_MS if self.has_content else _PATIENCE_MS)
            self._task.start(self._load())

    def cancel(self) -> None:
        """Stop loading; what is shown stays."""
        if self._task.is_running:
            self._task.cancel()
            self._be_patient_no_more()
            if not self.has_content:
                self._say(self._words.stopped, _("F5 loads again."))

    @property
    def is_loading(self) -> bool:
        return self._task.is_running

    @property
    def has_content(self) -> bool:
        return self._stack.currentWidget() is self._content

    def show_content(self) -> None:
        self._settle()
        self._stack.setCurrentWidget(self._content)

    def show_nothing(self, sentence: str, advice: str = "") -> None:
        """Tell that there is nothing to show, and what to do about it."""
        self._settle()
        self.empty.say(sentence, advice)
        self._stack.setCurrentWidget(self.empty)

    def _settle(self) -> None:
        self._be_patient_no_more()
        self.trouble.hide()

    def _on_late(self) -> None:
        if not self._task.is_running:
            return  # it has ended without a word, for another is shown now
        if self.has_content:
            self._tell_renewing(True)
        else:
            self._say(self._words.loading, _("Esc stops it."))

    def _be_patient_no_more(self) -> None:
        self._patience.stop()
        self._tell_renewing(False)

    def _tell_renewing(self, is_renewing: bool) -> None:
        if is_renewing != self._is_renewing:
            self._is_renewing = is_renewing
            self.renewing.emit(is_renewing)

    def _say(self, sentence: str, advice: str, *, is_failure: bool = False) -> None:
        if not self.has_content:  # what is shown stays until there is something newer
            self.empty.say(sentence, advice, has_picture=not is_failure)
            self._stack.setCurrentWidget(self.empty)

    def _on_failed(self, error: ItkError) -> None:
        self._be_patient_no_more()
        self.trouble.show_error(error)
        self._say(self._words.failed, "", is_failure=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_wanted:
            self.reload()
