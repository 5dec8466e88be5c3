"""The button that shows a file as another kind: a table as text, anything as its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from itkgui.language import N_, _
from itkgui.views.style import set_icon

if TYPE_CHECKING:
    from itkgui.views.previews.preview_content import PreviewContent

_LABELS = {
    "image": N_("As image"),
    "office": N_("As document"),
    "archive": N_("As archive"),
    "table": N_("As table"),
    "text": N_("As text"),
    "pdf": N_("As pdf"),
    "root": N_("As root"),
    "plugin": N_("By its plug-in"),
    "bytes": N_("As bytes"),
}


class KindButton(QToolButton):
    """Belongs to one pane; usable where its file can be shown in more than one way.

    With an action ``beside`` that is for any file, it is usable for any.
    """

    def __init__(self, content: PreviewContent, beside: QAction | None = None) -> None:
        super().__init__()
        self._content, self._beside = content, beside
        set_icon(self, "eye")
        self.setToolTip(_("Show it another way: as text, table or bytes"))
        self.setAccessibleName(_("Show it another way"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.kinds = QMenu(self)
        self.setMenu(self.kinds)
        self._group = QActionGroup(self.kinds)
        content.kinds_changed.connect(self._on_kinds_changed)
        self.kinds.aboutToShow.connect(self._fill)
        self._on_kinds_changed()

    def _on_kinds_changed(self) -> None:
        self.setEnabled(len(self._content.kinds) > (1 if self._beside is None else 0))

    def _fill(self) -> None:
        self.kinds.clear()
        for kind in self._content.kinds:
            action = self.kinds.addAction(_(_LABELS[kind]))
            action.setCheckable(True)
            action.setChecked(kind == self._content.shown_kind)
            self._group.addAction(action)
            action.triggered.connect(lambda _checked, kind=kind: self._content.show_as(kind))
        if self._beside is not None:
            self.kinds.addSeparator()
            self.kinds.addAction(self._beside)
