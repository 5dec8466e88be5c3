"""An archive: its members as a tree, the chosen one shown in the pane below it or beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import ArchiveFile, BinaryFile
from itkgui.decoding.archive import LoadedArchive, extract_member
from itkgui.decoding.members import Flag
from itkgui.decoding.undecodable import PasswordNeeded
from itkgui.item_models.archive_tree import NAME
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext
from itkgui.records.sizes import size_text
from itkgui.views.commands import is_key_of
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.caution_bar import CautionBar
from itkgui.views.previews.kind_button import KindButton
from itkgui.views.previews.member_tree import MemberTree
from itkgui.views.previews.parts import Parts
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.name_label import NameLabel
from itkgui.views.widgets.save_dialog import SaveDialog
from itkgui.views.widgets.secret_field import SecretField

_PATIENCE = 30.0  # seconds to unpack the largest member on a slow disk
_LEAST_ROWS = 5  # of the list, if it has so many
_LIST_BESIDE = 0.45  # of the width, where list and member are beside each other
_MOST_LIST = 0.4  # of the height is the list's, as long as that is enough for these rows
_LOW = 28  # lines of text; in a lower pane there is no room for the members of an archive around another
_FOLD_MS = 400  # after a click into the inner archive, which may be the first of two
_PAUSE_MS = 120  # after the last key before the members are filtered


class ArchivePreview(Preview):
    """The tree of members; the chosen one is unpacked and shown, as any file."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: ArchiveFile | None = None
        self._loaded: LoadedArchive | None = None
        self._row = self._hidden = -1  # the entry that is chosen; and one that was, but the filter hides it
        self._member: BinaryFile | None = None
        self._password = ""  # of this archive, kept for as long as it is shown
        self._member_task = ViewTask(self, self._on_failed)
        self._save_task = ViewTask(self, lambda error: self.about.say(error.sentence))
        self.inner = tools.nested()
        self.inner.retry_requested.connect(self._show_member)
        self.inner.kinds_changed.connect(self._fold)
        self._fold_later = QTimer(self)
        self._fold_later.setSingleShot(True)
        self._fold_later.setInterval(_FOLD_MS)
        self._fold_later.timeout.connect(self._on_fold_due)
        application = QApplication.instance()
        if isinstance(application, QApplication):  # as it is, which its type does not tell
            application.focusChanged.connect(self._on_focus_moved)
        self.back_button = QToolButton()
        set_icon(self.back_button, "back")
        self.back_button.clicked.connect(self._on_back)
        self.back_button.hide()
        self.tree = MemberTree()
        self.tree.chosen.connect(self._on_chosen)
        self.tree.entered.connect(self._on_entered)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Filter the members"))
        self.filter.setAccessibleName(_("Filter the members"))
        self.filter.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_filter)
        self.filter.textChanged.connect(self._pause.start)
        self.facts, self.about = NameLabel(), NameLabel()
        for label in (self.facts, self.about):
            set_role(label, "quiet")
        self.about.use_one_line(True)
        self.damage = CautionBar()
        self.save_button = QToolButton()
        set_icon(self.save_button, "save")
        self.save_button.setToolTip(_("Save the member as…"))
        self.save_button.setAccessibleName(_("Save the member as…"))
        self.save_button.clicked.connect(self._on_save)
        self.password_field = SecretField()
        self.password_field.setPlaceholderText(_("Password of the archive"))
        self.password_field.setAccessibleName(_("Password of the archive"))
        self.password_field.returnPressed.connect(self._on_password)
        self._build()

    def _build(self) -> None:
        above = QHBoxLayout()
        above.setContentsMargins(8, 4, 8, 4)
        above.setSpacing(12)
        above.addWidget(self.filter, 1)
        above.addWidget(self.facts, 1)
        self._top = QWidget()
        column = QVBoxLayout(self._top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self.tree, 1)
        between = QHBoxLayout()
        between.setContentsMargins(8, 2, 8, 2)
        between.addWidget(self.back_button)
        between.addWidget(self.about, 1)
        between.addWidget(KindButton(self.inner))
        between.addWidget(self.save_button)
        unlock = QPushButton(_("Open"))
        unlock.clicked.connect(self._on_password)
        self.password_row = QWidget()
        row = QHBoxLayout(self.password_row)
        row.setContentsMargins(8, 2, 8, 2)
        row.addWidget(self.password_field, 1)
        row.addWidget(unlock)
        self.password_row.hide()
        bottom = QWidget()
        column = QVBoxLayout(bottom)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(between)
        column.addWidget(self.password_row)
        column.addWidget(self.inner, 1)
        self.parts = Parts(_LIST_BESIDE, self._height_of_list)
        self.parts.addWidget(self._top)
        self.parts.addWidget(bottom)
        self.parts.shared.connect(self.tree.show_folder_of_current)
        self.inner.currentChanged.connect(self.parts.share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.damage)
        layout.addWidget(self.parts, 1)

    def show_content(self, file: BinaryFile, loaded: LoadedArchive) -> None:
        """Show an archive, and its first member."""
        self.forget()
        self._file = file if isinstance(file, ArchiveFile) else None
        self._loaded = loaded
        self.filter.clear()
        self._pause.stop()
        self.facts.say(_facts(loaded))
        self.damage.say(loaded.damage)
        has_members = bool((loaded.members >= 0).any())
        none = _("No member chosen.") if len(loaded.names) else _("This archive is empty.")
        self.inner.show_nothing("…" if has_members else none)  # the first is chosen below
        self.tree.show_archive(loaded)
        self.parts.begin()

    def _height_of_list(self, whole: int) -> int:
        beside = self._top.sizeHint().height() - self.tree.sizeHint().height()
        most = max(_LEAST_ROWS, int(_MOST_LIST * whole // self.tree.row_height))
        rows = min(max(1, self.tree.members.rowCount()), most)
        return min(beside + self.tree.height_of(rows), whole // 2)

    @property
    def is_settled(self) -> bool:
        return self._row < 0 or self.inner.is_settled

    @property
    def key_taker(self) -> QWidget:
        return self.inner.key_taker or self.inner if self.is_folded else self.tree

    @property
    def is_folded(self) -> bool:
        """Whether a line stands in place of the members, since an archive among them needs the room."""
        return self._top.isHidden()

    def forget(self) -> None:
        self._member_task.cancel()
        self._file = self._loaded = None
        self._hidden = -1
        self._password = ""
        self.password_field.give("")  # not by a way that can be undone
        self._choose_none()
        self.inner.show_nothing("…")

    def _choose_none(self) -> None:
        self._row, self._member = -1, None
        self.tree.members.file_to_drag = None
        self.about.say("")
        self.save_button.setEnabled(False)
        self.password_row.hide()

    # Members ------------------------------------------------------------------------------------------------

    def _on_filter(self) -> None:
        """Filter the members; choose one that was hidden once it is not, and a single one that is left."""
        members = self.tree.members
        members.set_filter(self.filter.text())
        chosen = self._row if self._row >= 0 else self._hidden
        if not self.filter.text():
            members.reveal(chosen)
        elif members.shown_count == 1:
            chosen = members.last_member
        if self._loaded is not None:
            self.facts.say(_facts(self._loaded, members.shown_count if self.filter.text() else None))
        row = members.row_of(chosen)
        if row >= 0:
            self.tree.setCurrentIndex(members.index(row, NAME))
        elif self._row >= 0:
            self._hidden = self._row
            self._member_task.cancel()
            self._choose_none()
            self.inner.show_nothing(_("The filter hides the member that was chosen."))

    def _on_chosen(self, row: int) -> None:
        if self._loaded is None or row == self._row or self._loaded.members[row] < 0:
            return
        self._choose_none()
        self._row, self._hidden = row, -1
        self._tell_member()
        self._show_member()

    def _tell_member(self) -> None:
        """Tell the chosen member's name and facts; before it, the archive's name if nothing else does."""
        if self._loaded is not None and self._row >= 0:
            name, facts = self._loaded.names[self._row], self.tree.members.facts(self._row)
            path = f"{self._file.name} › {name}" if self.is_folded and self._file is not None else name
            self.about.say("  ·  ".join(map(shown_text, [path, *facts])))

    def _show_member(self) -> None:
        if self._file is not None and self._loaded is not None and self._row >= 0:
            self.inner.await_file()
            self._member_task.start(self._unpack(self._file, int(self._loaded.members[self._row])))

    async def _unpack(self, file: ArchiveFile, place: int) -> None:
        folder = self._tools.folder / "members"
        member = await self._tools.decode(
            extract_member, file, place, folder, self._password, patience=_PATIENCE
        )
        self._member = member
        if self._loaded is not None and self._loaded.flags[self._row] & Flag.ENCRYPTED:
            self._set_unlocked(True)
        self.tree.members.file_to_drag = member.path
        self.save_button.setEnabled(True)
        if self._is_typing:
            self.tree.setFocus()
        self.password_row.hide()
        self.inner.show_file(member)

    def _on_failed(self, error: ItkError) -> None:
        is_locked = isinstance(error, PasswordNeeded)
        self.password_row.setVisible(is_locked)
        if is_locked and not self._password:
            self.inner.show_nothing(
                _("This member is encrypted."),
                _("Type the password of the archive; it is kept while it is shown."),
            )
            return
        self.inner.show_error(error)
        if is_locked:
            self._password = ""
            self._set_unlocked(False)
            self.password_field.selectAll()
            if self._is_typing:
                self.password_field.setFocus()

    def _set_unlocked(self, is_unlocked: bool) -> None:
        self.tree.members.set_unlocked(is_unlocked)
        self._tell_member()

    @property
    def _is_typing(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.password_row.isAncestorOf(focus)

    def _on_password(self) -> None:
        self._password = self.password_field.text()
        self._show_member()

    # An archive in this one ---------------------------------------------------------------------------------

    def _fold(self) -> None:
        """In a low pane let an inner archive have the room of the members, unless they have the keys."""
        focus = self.window().focusWidget()
        is_low = self.height() < _LOW * self.fontMetrics().lineSpacing()
        is_wanted = is_low and self.inner.shown_kind == "archive"
        self._set_folded(is_wanted and not (focus is not None and self._top.isAncestorOf(focus)))

    def _set_folded(self, is_folded: bool) -> None:
        if is_folded == self.is_folded:
            return
        self._top.setHidden(is_folded)
        self.back_button.setVisible(is_folded)
        name = self._file.name if self._file is not None else ""
        hint = _("Back to the members of {name} (Backspace)").format(name=name)
        self.back_button.setToolTip(plain_hint(hint))
        self.back_button.setAccessibleName(_("Back to the members of {name}").format(name=name))
        self._tell_member()
        if not is_folded:
            self.parts.share()

    def _on_focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.inner.isAncestorOf(new) and not self.is_folded:
            self._fold_later.start()

    def _on_fold_due(self) -> None:
        if QApplication.mouseButtons():  # what is held must not slip away
            self._fold_later.start()
        else:
            self._fold()

    def _on_entered(self) -> None:
        if self.inner.shown_kind == "archive" and self.inner.key_taker is not None:
            self.inner.key_taker.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_back(self) -> None:
        self._set_folded(False)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.window().focusWidget()
        is_inside = self.is_folded or (focus is not None and self.inner.isAncestorOf(focus))
        if is_key_of(event, "leave-archive") and is_inside:
            self._on_back()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    # Out ----------------------------------------------------------------------------------------------------

    def _on_save(self) -> None:
        member = self._member
        if member is None:
            return
        dialog = SaveDialog(self, _("Save the member"), member.name)
        dialog.fileSelected.connect(lambda chosen: self._save_task.start(self._save(member, Path(chosen))))
        dialog.open()

    async def _save(self, member: BinaryFile, target: Path) -> None:
        # The dialog has asked already whether to replace a file of this name.
        saved = await self._tools.worker.call(partial(member.save, target, overwrite=True))
        self.about.say(_("Saved as {path}").format(path=saved))


def _facts(loaded: LoadedArchive, shown: int | None = None) -> str:
    is_member = loaded.members >= 0
    count = int(is_member.sum())
    total = int(loaded.sizes[is_member & (loaded.sizes > 0)].sum())
    if shown is None:
        said = [ngettext("{count:,} member", "{count:,} members", count).format(count=count)]
    else:
        text = ngettext("{shown:,} of {count:,} member", "{shown:,} of {count:,} members", count)
        said = [text.format(shown=shown, count=count)]
    if total:
        said.append(_("{size} unpacked").format(size=size_text(total)))
    if found := int((loaded.flags & Flag.ENCRYPTED > 0).sum()):
        said.append(ngettext("{count:,} encrypted", "{count:,} encrypted", found).format(count=found))
    if found := int((loaded.flags & Flag.UNSAFE > 0).sum()):
        text = ngettext("{count:,} with unsafe names", "{count:,} with unsafe names", found)
        said.append(text.format(count=found))
    return "  ·  ".join((*said, loaded.note) if loaded.note else said)
