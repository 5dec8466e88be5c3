"""What can be changed of the chosen files under review, and decided about them: of one or of many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.review_table import short_name
from itkgui.item_models.review_words import files_hint
from itkgui.item_models.title_fields import FIELDS, filled_in, has_fields, unknown_fields
from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Owner, Storage
from itkgui.uploads.targets import Home, Target
from itkgui.views.context.memory import Memory
from itkgui.views.review.result_problems import ResultProblems
from itkgui.views.review.review_doubts import ReviewDoubts
from itkgui.views.review.target_box import TargetBox
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.widgets.name_label import NameLabel

_KEY, _VERSION = "upload-texts", 1
_KEPT = 8  # texts with fields
_SEVERAL = N_("several")
_SIDE_BY_SIDE = 86  # characters; on a narrower page each field has a line of its own


class ReviewForm(QFrame):
    """Works on the rows it is told to show; ``changed`` tells which have changed."""

    changed = Signal(object)  # list of ReviewRow
    reshaped = Signal()  # it may be higher or lower than before
    sent_elsewhere = Signal()
    removal_wanted = Signal(object)  # list of ReviewRow
    retry_wanted = Signal(object)  # list of ReviewRow
    other_wanted = Signal(str, object)  # a component's name, list of ReviewRow
    rule_wanted = Signal(str, object)  # media type, Storage
    plain_wanted = Signal(object, bool)  # list of ReviewRow of results, whether as the files they are

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        set_role(self, "form")
        self._memory = memory
        self._rows: Sequence[ReviewRow] = ()
        self._files: Sequence[ReviewRow] = ()  # those of the rows that are no results
        self._targets: Sequence[Target] = ()
        self._is_narrow = False
        self._home = Home("", "", "", (), frozenset())
        self.doubts = ReviewDoubts()
        self.doubts.changed.connect(lambda: self.changed.emit(list(self._rows)))
        self.doubts.removal_wanted.connect(self.removal_wanted)
        self.doubts.retry_wanted.connect(self.retry_wanted)
        self.doubts.other_wanted.connect(self.other_wanted)
        self.chosen, self.facts = NameLabel(), NameLabel()
        set_role(self.chosen, "heading")
        set_role(self.facts, "quiet")
        self.problems: ResultProblems | None = None  # made when the first results are chosen
        self.title, self.description = QLineEdit(), QLineEdit()
        self.description.setPlaceholderText(_("optional"))
        for field, name in ((self.title, _("Title")), (self.description, _("Description"))):
            field.setAccessibleName(name)
            field.setAcceptDrops(False)
            field.textEdited.connect(self._on_typed)
            field.editingFinished.connect(self._on_text_finished)
        self._last_field = self.title
        self.fields_button = QToolButton()
        set_role(self.fields_button, "filter")
        self.fields_button.setText(_("Fields"))
        self.fields_button.setToolTip(_("Fields that each file fills in by itself, and texts used before"))
        self.fields_button.setAccessibleName(_("Fields for titles and descriptions"))
        self.fields_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.fields_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.fields_button.setMenu(self._menu)
        self.remark = NameLabel()
        set_role(self.remark, "caution")
        self.target, self.storage = TargetBox(), QComboBox()
        for box, name in ((self.target, _("Attach these to")), (self.storage, _("Keep in"))):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
            box.setPlaceholderText(_(_SEVERAL))
        self.target.activated.connect(self._on_target)
        self.storage.activated.connect(self._on_storage)
        self.rule_button = QPushButton(_("Always here"))
        set_role(self.rule_button, "link")
        self.rule_button.clicked.connect(self._on_rule)
        self.plain_button = QPushButton()
        self.plain_button.setToolTip(_("Whether the file makes test runs, or is attached whole"))
        self.plain_button.clicked.connect(self._on_plain)
        self.remove_button = QPushButton(_("Do not send"))
        self.remove_button.setToolTip(_("Leave the chosen files out (Delete in the list)"))
        self.remove_button.clicked.connect(lambda: self.removal_wanted.emit(list(self._rows)))
        self._lay_out()
        arrange_by_text(self)
        self.show_rows((), self._home, ())

    def _lay_out(self) -> None:
        def labelled(text: str, field: QWidget) -> QLabel:
            label = QLabel(text)
            label.setBuddy(field)
            return label

        head = QHBoxLayout()
        head.addWidget(self.chosen, 1)
        head.addWidget(self.fields_button)
        head.addWidget(self.plain_button)
        head.addWidget(self.remove_button)
        self._fields = QWidget()
        self._grid = grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        keep_in = QWidget()
        keep = QHBoxLayout(keep_in)
        keep.setContentsMargins(0, 0, 0, 0)
        keep.addWidget(self.storage, 1)
        keep.addWidget(self.rule_button)
        self._pairs = (
            (labelled(_("Title"), self.title), self.title),
            (labelled(_("Description"), self.description), self.description),
            (labelled(_("Attach to"), self.target), self.target),
            (labelled(_("Keep in"), self.storage), keep_in),
        )
        self._place_fields()
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(12, 8, 12, 8)
        self._room.setSpacing(6)
        self._room.addLayout(head)
        for widget in (self.facts, self.doubts, self._fields, self.remark):
            self._room.addWidget(widget)

    def _place_fields(self) -> None:
        """Put the fields side by side, or one below the other on a narrow page."""
        pairs = 1 if self._is_narrow else 2
        for place, (label, field) in enumerate(self._pairs):
            row, column = divmod(place, pairs)
            self._grid.addWidget(label, row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1)
        self._grid.setColumnStretch(1, 3)  # the names of runs are longer than those of storages
        self._grid.setColumnStretch(3, 0 if self._is_narrow else 2)

    def height_to_decide(self, width: int) -> int:
        """Return the height down to the end of what there is to decide, at a width of the form."""
        margins, height = self._room.contentsMargins(), 0
        inner = max(width - margins.left() - margins.right(), 0)
        for place in range(self._room.indexOf(self.doubts) + 1):
            item = self._room.itemAt(place)
            if item is not None and not item.isEmpty():
                needed = item.heightForWidth(inner) if item.hasHeightForWidth() else item.sizeHint().height()
                height += needed + self._room.spacing()
        return margins.top() + height

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _SIDE_BY_SIDE
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self._place_fields()
        super().resizeEvent(event)

    # What is shown -----------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[ReviewRow], home: Home, targets: Sequence[Target]) -> None:
        """Show what the chosen rows have in common; what was typed for others is theirs by then."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._on_text_finished()
        self._rows, self._home, self._targets = rows, home, targets
        self._files = files = [row for row in rows if row.run is None]
        for widget in (self.title, self.description, self.target, self.storage):
            widget.setEnabled(bool(files))
        self.remove_button.setEnabled(bool(rows))
        self._fields.setVisible(bool(files) or not rows)
        self.fields_button.setVisible(bool(files) or not rows)
        count = len(rows)
        if len(files) == count:
            several = ngettext("{count:,} file chosen", "{count:,} files chosen", count)
        else:
            several = ngettext("{count:,} row chosen", "{count:,} rows chosen", count)
        name = rows[0].name if count == 1 else several.format(count=count)
        self.chosen.say(shown_text(name) if rows else _("No file is chosen"))
        if not (self.title.hasFocus() and self.title.isModified()):
            self._show_text(self.title, [row.title for row in files])
        if not (self.description.hasFocus() and self.description.isModified()):
            self._show_text(self.description, [row.description for row in files])
        self._show_results()
        self._show_targets()
        self._show_storage()
        self.doubts.show_rows(rows, home)
        self._show_remark()

    def _show_results(self) -> None:
        row = self._rows[0] if len(self._rows) == 1 else None
        words = [*row.facts, row.goes_to.name if row.goes_to else ""] if row is not None and row.facts else []
        facts = "  ·  ".join(filter(None, words))
        self.facts.say(shown_text(facts))
        self.facts.setVisible(bool(facts))
        runs = [row for row in self._rows if row.run is not None]
        could_be_runs = [row for row in self._files if row.is_plain]
        self.plain_button.setText(_("Attach as a file instead") if runs else _("Send as a test run instead"))
        self.plain_button.setVisible(bool(runs) != bool(could_be_runs))
        checked = row.checked if row is not None else None
        laid_out = row.laid_out if row is not None else None
        is_checked = checked is not None and not checked.is_of_another
        if is_checked and self.problems is None:
            self.problems = ResultProblems()
            self._room.addWidget(self.problems, 1)
            self.setTabOrder(self.rule_button, self.problems.view)
            self.setTabOrder(self.problems.view, self.problems.text)
        if self.problems is not None:
            self.problems.setVisible(is_checked)
            if is_checked and checked is not None and laid_out is not None:
                self.problems.show_run(checked, laid_out)

    @property
    def is_tall(self) -> bool:
        """Whether it can use more height than it needs."""
        return self.problems is not None and self.problems.isVisibleTo(self)

    def _show_text(self, field: QLineEdit, texts: Sequence[str]) -> None:
        common = texts[0] if len(set(texts)) == 1 else ""
        if field.text() != common:
            field.setText(common)
        several = _("several; what is typed here is for all") if len(set(texts)) > 1 else ""
        optional = "" if field is self.title else _("optional")
        field.setPlaceholderText(several or optional)

    def _show_targets(self) -> None:
        with QSignalBlocker(self.target):
            self.target.clear()
            self.target.addItem(_("as all others"), None)
            for target in self._targets:
                self.target.addItem(shown_text(short_name(target)), target.owner)
            common = {row.target for row in self._files}
            self.target.setPlaceholderText(_(_SEVERAL) if len(common) > 1 else _("Choose"))
            self.target.setCurrentIndex(self._index_of(self.target, common.pop()) if len(common) == 1 else -1)

    def _show_storage(self) -> None:
        with QSignalBlocker(self.storage):
            self.storage.clear()
            reasons = {(row.usual_storage, row.reason) for row in self._files}
            for storage in (Storage.FILE, Storage.EOS):
                why = [reason for usual, reason in reasons if usual is storage and reason]
                text = f"{storage.label} ({why[0]})" if len(reasons) == 1 and why else storage.label
                self.storage.addItem(text, storage)
            common = {row.kept_in for row in self._files}
            self.storage.setCurrentIndex(
                self._index_of(self.storage, common.pop()) if len(common) == 1 else -1
            )
        kinds = {row.media_type for row in self._files if row.storage not in (None, row.usual_storage)}
        self.rule_button.setVisible(len(kinds) == 1)
        if len(kinds) == 1:
            (kind,) = kinds
            self.rule_button.setText(_("Always for {kind} here").format(kind=kind))
            self.rule_button.setToolTip(_("Everybody at this computer then finds it chosen"))

    @staticmethod
    def _index_of(box: QComboBox, value: Owner | Storage | None) -> int:
        return next((place for place in range(box.count()) if box.itemData(place) == value), -1)

    def _show_remark(self) -> None:
        wrong = [*unknown_fields(self.title.text()), *unknown_fields(self.description.text())]
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        row = self._rows[0] if len(self._rows) == 1 else None
        is_file = row is not None and row.run is None and not has_fields(row.title)
        remark = ""
        if wrong:
            remark = _("{{{field}}} is no field; there are {known}.").format(field=wrong[0], known=known)
        elif row is not None and is_file and row.shown_title != row.title:
            sent = _("On EOS its title is “{title}”: the ending tells there what it is.")
            remark = sent.format(title=row.shown_title)
        elif row is not None:
            remark = files_hint(row)
        self.remark.say(shown_text(remark))
        set_role(self.remark, "caution" if wrong else "quiet")
        self.remark.setVisible(bool(remark))
        self.reshaped.emit()

    # What is changed ---------------------------------------------------------------------------------------

    def _on_typed(self) -> None:
        """Let a single file have what is typed at once; many files get it when it is finished."""
        field = self.sender()
        self._last_field = self.description if field is self.description else self.title
        if len(self._files) == 1:
            (row,) = self._files
            row.title, row.description = self.title.text(), self.description.text()
            row.is_typed_in = True
            self.changed.emit([row])
        self._show_remark()

    def _on_text_finished(self) -> None:
        for field, put in ((self.title, _put_title), (self.description, _put_description)):
            if field.isModified() and self._files:
                field.setModified(False)
                self._apply(field.text(), put)

    def _apply(self, text: str, put: Callable[[ReviewRow, str], None]) -> None:
        is_mistyped = bool(unknown_fields(text))  # it stays as it is, to be corrected
        if has_fields(text) and not is_mistyped:
            self._remember(text)
        for number, row in enumerate(self._files, 1):
            put(row, text if is_mistyped else filled_in(text, row.fields(self._home, number)))
            row.is_typed_in = True
        self.changed.emit(list(self._files))

    def _on_target(self, place: int) -> None:
        for row in self._files:
            row.target = self.target.itemData(place)
            row.is_sent_elsewhere = True
        self.sent_elsewhere.emit()

    def _on_storage(self, place: int) -> None:
        for row in self._files:
            row.storage = self.storage.itemData(place)
        self.changed.emit(list(self._files))

    def _on_plain(self) -> None:
        runs = [row for row in self._rows if row.run is not None]
        self.plain_wanted.emit(runs or [row for row in self._files if row.is_plain], bool(runs))

    def _on_rule(self) -> None:
        chosen = [row for row in self._files if row.storage not in (None, row.usual_storage)]
        if chosen:
            self.rule_wanted.emit(chosen[0].media_type, chosen[0].kept_in)

    # Fields, and texts used before -------------------------------------------------------------------------

    def _kept(self) -> list[str]:
        kept = self._memory.get(_KEY, _VERSION)
        return [text for text in kept if isinstance(text, str)][:_KEPT] if isinstance(kept, list) else []

    def _remember(self, text: str) -> None:
        self._memory.put(_KEY, _VERSION, [text, *(kept for kept in self._kept() if kept != text)][:_KEPT])

    def _fill_menu(self) -> None:
        self._menu.clear()
        for name, meaning in FIELDS.items():
            self._menu.addAction(f"{{{name}}}   {_(meaning)}", partial(self._insert, f"{{{name}}}"))
        kept = self._kept()
        if kept:
            self._menu.addSeparator()
        for text in kept:
            shown = shown_text(text).replace("&", "&&")
            for action, is_title in ((_("Title {text}"), True), (_("Description {text}"), False)):
                apply = partial(self._apply_kept, text, is_title=is_title)
                self._menu.addAction(action.format(text=shown), apply)

    def _insert(self, field: str) -> None:
        self._last_field.setFocus()
        self._last_field.insert(field)
        self._last_field.setModified(True)

    def _apply_kept(self, text: str, *, is_title: bool) -> None:
        self._apply(text, _put_title if is_title else _put_description)


def _put_title(row: ReviewRow, text: str) -> None:
    row.title = text


def _put_description(row: ReviewRow, text: str) -> None:
    row.description = text
