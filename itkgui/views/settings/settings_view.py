"""The page of the settings, made from their declarations: field, help, origin and reset of each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.log import redact
from itkgui.settings.configuration import Found, Source
from itkgui.settings.declaring import Applies, Group, Setting
from itkgui.views.commands import WITHIN, offer
from itkgui.views.context.preferences import Preferences
from itkgui.views.settings.setting_fields import field_for, unit_of
from itkgui.views.style import arrange_by_text, set_icon, set_role, set_room
from itkgui.views.widgets.notice_bar import NoticeBar
from itkgui.views.widgets.tall_page import TallPage

_BESIDE_FROM = 84  # characters
_AT_A_TIME = 4  # rows, that are made in one go


class SettingRow(QWidget):
    """One setting: what it is at the left, its value at the right, or below where there is no room."""

    def __init__(self, setting: Setting, preferences: Preferences) -> None:
        super().__init__()
        self.setting, self._preferences, self._doubt = setting, preferences, ""
        variables = ", ".join(setting.variables)
        title, help_text = _(setting.title), _(setting.help)
        self._searched = f"{title} {help_text} {setting.name} {variables} {setting.option}".lower()
        self.title, told, self.origin, self.wrong = (_label() for _part in range(4))
        self.title.setText(title)
        told.setText(help_text)
        for label, role in ((self.title, "notice-title"), (told, "quiet"), (self.origin, "quiet")):
            set_role(label, role)
        set_role(self.wrong, "bad")
        self.wrong.hide()
        hint = _("{setting} in the file; {variables} in the environment")
        self.title.setToolTip(plain_hint(hint.format(setting=setting.name, variables=variables)))
        self.field = field_for(setting)
        self.title.setBuddy(self.field.inner)
        self.field.chosen.connect(self._choose)
        self.field.refused.connect(self._refuse)
        self.reset_button = QToolButton()
        set_icon(self.reset_button, "undo", "quiet")
        self.reset_button.clicked.connect(self._reset)
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it appears
        self.reset_button.setSizePolicy(policy)
        self.field.row.insertWidget(self.field.row.count() - 1, self.reset_button)
        words, value = QVBoxLayout(), QVBoxLayout()
        for layout in (words, value):
            layout.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(told)
        words.addStretch(1)
        value.addWidget(self.field)
        value.addWidget(self.origin)
        value.addWidget(self.wrong)
        value.addStretch(1)
        self._turning = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._turning.setContentsMargins(16, 9, 12, 9)
        self._turning.setSpacing(14)
        self._turning.addLayout(words, 1)
        self._turning.addLayout(value, 1)
        arrange_by_text(self)
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now, where it comes from, and what a reset would lead to."""
        setting, configuration = self.setting, self._preferences.configuration
        found, below = configuration.found(setting), configuration.below(setting)
        is_fixed = self._preferences.is_fixed(setting.name)
        self.field.show_value(found.value)
        self.field.setEnabled(not is_fixed)
        self.origin.setText(shown_text(self._origin(found, is_fixed=is_fixed)))
        self.field.inner.setAccessibleDescription(f"{_(setting.help)} {self.origin.text()}")
        self.reset_button.setVisible(found.source is Source.USER)
        value = redact(self._words(below)) or _("none")
        back = _("Back to {value} ({origin})").format(value=value, origin=below.origin)
        self.reset_button.setToolTip(plain_hint(back))
        self.reset_button.setAccessibleName(f"{_(setting.title)}: {back}")
        self._doubt = self._preferences.doubt(setting)
        self._refuse(self._doubt)

    def tell_doubt(self) -> None:
        """Tell whether what holds is of use, once that is known; what is wrong with a typed text stays."""
        doubt = self._preferences.doubt(self.setting)
        if doubt != self._doubt:
            self._doubt = doubt
            self._refuse(doubt)

    def has(self, words: list[str]) -> bool:
        """Tell whether the setting is spoken of by all of these words, in small letters."""
        return all(word in self._searched for word in words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _BESIDE_FROM
        ways = QBoxLayout.Direction
        self._turning.setDirection(ways.TopToBottom if is_narrow else ways.LeftToRight)
        super().resizeEvent(event)

    def _origin(self, found: Found, *, is_fixed: bool) -> str:
        if is_fixed and found.is_fixed:
            return _("{origin}: cannot be changed here").format(origin=found.origin)
        if is_fixed:
            option = self.setting.option or self.setting.variables[0]
            return _("{origin}: only {option} changes it").format(origin=found.origin, option=option)
        applies = self.setting.applies
        if applies is Applies.AT_ONCE:
            return found.origin
        later = _("a change holds {when}").format(when=_(applies.value))
        return f"{found.origin}  ·  {later}"

    def _words(self, found: Found) -> str:
        return f"{self.setting.kind.words(found.value)} {unit_of(self.setting)}".strip()

    def _reset(self) -> None:
        self._preferences.reset(self.setting.name)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)  # the button goes

    def _choose(self, value: object) -> None:
        try:
            self._preferences.put(self.setting.name, value)
        except ValueError as error:
            self._refuse(str(error))
        else:
            self.refresh()  # also where it was that already

    def _refuse(self, why: str) -> None:
        self.wrong.setText(shown_text(f"{why[:1].upper()}{why[1:]}." if why else ""))
        self.wrong.setVisible(bool(why))


class SettingsView(QWidget):
    """All settings but the secret ones; what is typed at the top narrows them.

    With ``can_leave`` it has a button that leads back to where one came from.
    """

    left = Signal()

    def __init__(self, preferences: Preferences, *, can_leave: bool = False) -> None:
        super().__init__()
        self._preferences = preferences
        set_role(self, "page")
        self.back_button, title, self.search = QPushButton(_("Back")), QLabel(_("Settings")), QLineEdit()
        set_icon(self.back_button, "back", "text", 16)
        self.back_button.setVisible(can_leave)
        self.back_button.clicked.connect(self.left)
        set_role(title, "title")
        self.search.setPlaceholderText(_("Find a setting"))
        self.search.setAccessibleName(_("Find a setting"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        set_room(self.search, least=(16, 0), most=(40, 0))
        focus = partial(self.search.setFocus, Qt.FocusReason.ShortcutFocusReason)
        offer(self, "find-setting", focus, context=WITHIN)
        if can_leave:
            offer(self, "cancel", self.left.emit, context=WITHIN)
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.back_button)
        above.addWidget(title, 1)
        above.addWidget(self.search, 1)
        self.files, self.nothing = _label(), _label()
        for label in (self.files, self.nothing):
            set_role(label, "quiet")
        self.nothing.hide()
        self.not_kept = NoticeBar()
        self.problems: list[NoticeBar] = []
        self._told = QVBoxLayout()
        self._told.setSpacing(12)
        self.rows: list[SettingRow] = []
        self.cards = {group: _Card(group) for group in Group}
        declared = [one for one in preferences.configuration.declared.declarations() if not one.is_secret]
        self._unmade = [one for group in Group for one in declared if one.group is group]
        self._making = QTimer(self)
        self._making.timeout.connect(self._make_some)
        self._making.start()
        page = TallPage(wraps=True)
        inside = page.layout_of_content
        inside.setSpacing(12)
        inside.setContentsMargins(18, 4, 18, 14)
        inside.addWidget(self.not_kept)
        inside.addLayout(self._told)
        for widget in (*self.cards.values(), self.nothing):
            inside.addWidget(widget)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 0)
        layout.setSpacing(6)
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.addLayout(above)
        head.addWidget(self.files)
        layout.addLayout(head)
        layout.addWidget(page, 1)
        preferences.changed.connect(self._on_changed)
        preferences.failed.connect(self._on_failed)
        preferences.kept.connect(self._on_kept)
        preferences.problems_changed.connect(self._tell_problems)
        self._tell_problems()
        self._tell_files()
        self._make_some()

    @property
    def is_complete(self) -> bool:
        """Whether all rows are there; at first a few are, others follow between what else is to be done."""
        return not self._unmade

    def row(self, name: str) -> SettingRow:
        """Return the row of a setting. Raises StopIteration for a name that has none."""
        return next(row for row in self.rows if row.setting.name == name)

    def showEvent(self, event: QShowEvent) -> None:
        self._preferences.look_again()
        super().showEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.search.setFocus(event.reason())

    def _make_some(self) -> None:
        some, self._unmade = self._unmade[:_AT_A_TIME], self._unmade[_AT_A_TIME:]
        for one in some:
            row = SettingRow(one, self._preferences)
            self.rows.append(row)
            self.cards[one.group].add(row)
        if not self._unmade:
            self._making.stop()
        self._find(self.search.text())

    def _find(self, text: str) -> None:
        words = text.lower().split()
        for card in self.cards.values():
            card.show_those(words)
        is_empty = self.is_complete and all(card.isHidden() for card in self.cards.values())
        self.nothing.setText(shown_text(_("No setting speaks of “{words}”.").format(words=text.strip())))
        self.nothing.setVisible(is_empty)

    def _tell_problems(self) -> None:
        for bar in self.problems:
            bar.hide()
            bar.deleteLater()
        self.problems = []
        for problem in self._preferences.configuration.problems:
            bar = NoticeBar(parent=self)
            self._told.addWidget(bar)
            bar.say(redact(f"{problem.what} {problem.effect}"), redact(f"{problem.place}: {problem.cure}"))
            self.problems.append(bar)
        for row in self.rows:
            row.tell_doubt()

    def _tell_files(self) -> None:
        configuration = self._preferences.configuration
        site = configuration.site_file
        told = _("Kept in {file}").format(file=configuration.paths.settings_file)
        if site.is_file():
            told += "  ·  " + _("site file: {file}").format(file=site)
        self.files.setText(shown_text(told))
        self.files.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _on_changed(self, name: str) -> None:
        for row in self.rows:
            if row.setting.name == name:
                row.refresh()

    def _on_kept(self) -> None:
        self.not_kept.say("")

    def _on_failed(self, error: ItkError) -> None:
        self.not_kept.say(f"{error.title}. {error.sentence}", f"{error.detail}. {error.cure}")


class _Card(QFrame):
    """The settings of one group, below its title."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._rows: list[SettingRow] = []
        set_role(self, "card")
        title = QLabel(_(group.value))
        set_role(title, "heading")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 10, 0, 6)
        self._layout.setSpacing(0)
        title.setContentsMargins(16, 0, 16, 4)
        self._layout.addWidget(title)
        self.hide()

    def add(self, row: SettingRow) -> None:
        """Put one more row below the others."""
        self._rows.append(row)
        self._layout.addWidget(row)

    def show_those(self, words: list[str]) -> None:
        """Show the rows that all words are in, and hide what has none."""
        for row in self._rows:
            row.setVisible(row.has(words))
        self.setVisible(any(not row.isHidden() for row in self._rows))


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label
