"""What speaks against sending the chosen files as they are, in words, and the ways out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_row import ReviewRow
from itkgui.language import _, ngettext
from itkgui.uploads.targets import Doubt, Finding, Home
from itkgui.views.style import set_role
from itkgui.views.widgets.flow_layout import FlowLayout
from itkgui.views.widgets.name_label import NameLabel

_MOST = 3  # findings in words
_LONGEST_NAME = 28  # characters of a file's name on a button
# What one word is enough for, with that word.
_THERE = (Doubt.THERE_ALREADY, Doubt.TWICE, Doubt.SAME_RUN)
_STRANGE = (Doubt.OTHER_COMPONENT, Doubt.OF_ANOTHER)
_REFUSED = (Doubt.MISTAKES, Doubt.RIGHTS)
_SKIPPED = (*_THERE, Doubt.OF_ANOTHER, *_REFUSED, Doubt.FLAWED)


class ReviewDoubts(QFrame):
    """Hidden while there is nothing to say.

    That a file belongs to a component although it names another one takes two clicks; results never do, but
    can be sent to the one that they name without going there.
    """

    changed = Signal()
    removal_wanted = Signal(object)  # list of ReviewRow
    retry_wanted = Signal(object)  # list of ReviewRow
    other_wanted = Signal(str, object)  # a component's name, list of ReviewRow
    own_wanted = Signal(object)  # list of ReviewRow that are to go to the component that they name
    run_wanted = Signal(str)  # the id of a test run to be looked at

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[ReviewRow] = ()
        self._home: Home | None = None
        self._other = self._run = ""
        self._armed_for: Sequence[ReviewRow] = ()  # what the second click is about
        self.text = NameLabel()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(_("What to know before sending"))
        self.other_button, self.own_button = QPushButton(), QPushButton()
        self.here_button, self.run_button = QPushButton(), QPushButton(_("Look at that run"))
        self.skip_button, self.again_button = QPushButton(), QPushButton()
        self.slips_button, self.retry_button = QPushButton(), QPushButton()
        self.other_button.clicked.connect(
            lambda: self.other_wanted.emit(self._other, self._rows_naming(self._other))
        )
        self.own_button.clicked.connect(lambda: self.own_wanted.emit(self._rows_with(Doubt.OF_ANOTHER)))
        self.here_button.clicked.connect(self._on_here)
        self.run_button.clicked.connect(lambda: self.run_wanted.emit(self._run))
        self.skip_button.clicked.connect(self._on_skip)
        self.again_button.clicked.connect(lambda: self._decide((*_THERE, Doubt.FLAWED)))
        self.slips_button.clicked.connect(lambda: self._decide((Doubt.SLIPS,)))
        self.retry_button.clicked.connect(lambda: self.retry_wanted.emit(self._rows_to_retry))
        buttons = FlowLayout(spacing=8)
        for button in (
            self.other_button,
            self.own_button,
            self.here_button,
            self.run_button,
            self.skip_button,
            self.again_button,
            self.slips_button,
            self.retry_button,
        ):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.hide()

    def show_rows(self, rows: Sequence[ReviewRow], home: Home) -> None:
        """Show what there is to say about some rows."""
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._disarm()
        self._rows, self._home = rows, home
        said: dict[str, Finding] = {}
        names: dict[str, list[str]] = {}
        for row in rows:
            for finding in row.findings:
                said.setdefault(finding.sentence, finding)
                names.setdefault(finding.sentence, []).append(row.name)
        waiting = [finding for row in rows for finding in row.open_doubts]
        is_broken = any(row.problem is not None for row in rows)
        by_weight = sorted(said.values(), key=lambda finding: finding not in waiting)
        sentences = [finding.sentence for finding in by_weight[:_MOST]]
        if len(rows) > 1:
            sentences = [f"{_few(names[sentence])}: {sentence}" for sentence in sentences]
        if len(by_weight) > _MOST:
            more = len(by_weight) - _MOST
            said_of_more = ngettext(
                "And {count} more: choose fewer files to read them.",
                "And {count} more: choose fewer files to read them.",
                more,
            )
            sentences.append(said_of_more.format(count=more))
        self.text.say("\n".join(map(shown_text, sentences)))
        set_role(self, "doubt-bad" if waiting or is_broken else "doubt")
        self._show_buttons(waiting, said.values(), is_broken=is_broken)
        self.setVisible(bool(sentences))

    def _show_buttons(
        self, waiting: Sequence[Finding], said: Collection[Finding], *, is_broken: bool
    ) -> None:
        doubts = {finding.doubt for finding in waiting}
        self._other = next((finding.other for finding in waiting if finding.doubt in _STRANGE), "")
        self._run = next((finding.run for finding in said if finding.run), "")
        others = {finding.other for finding in waiting if finding.doubt is Doubt.OF_ANOTHER}
        self._name_ways_elsewhere(others)
        self._name_ways_on(doubts)
        for button, is_wanted in (
            (self.other_button, bool(self._other)),
            (self.own_button, bool(others)),
            (self.here_button, Doubt.OTHER_COMPONENT in doubts),
            (self.run_button, bool(self._run)),
            (self.skip_button, not doubts.isdisjoint(_SKIPPED)),
            (self.again_button, not doubts.isdisjoint((*_THERE, Doubt.FLAWED))),
            (self.slips_button, Doubt.SLIPS in doubts),
            (self.retry_button, is_broken or not doubts.isdisjoint((*_REFUSED, Doubt.FLAWED))),
        ):
            button.setVisible(is_wanted)

    def _name_ways_elsewhere(self, others: Collection[str]) -> None:
        """Say where the buttons lead, and for which of several files."""
        rows = self._rows_naming(self._other)
        if name := self._only_of_several(rows):
            go = _("Go to {other} with {file} instead").format(other=self._other, file=name)
        else:
            go = ngettext("Go to {name} instead", "Go to {name} with these {count:,} instead", len(rows))
            go = go.format(name=self._other, count=len(rows))
        self.other_button.setText(go)
        own = _("Send it to {name} from here").format(name=self._other) if len(others) == 1 else ""
        rows = self._rows_with(Doubt.OF_ANOTHER)
        if own and (name := self._only_of_several(rows)):
            own = _("Send {file} to {name} from here").format(file=name, name=self._other)
        elif own and len(rows) > 1:
            these = ngettext(
                "Send it to {name} from here", "Send these {count:,} to {name} from here", len(rows)
            )
            own = these.format(name=self._other, count=len(rows))
        self.own_button.setText(own or _("Send each to its own component from here"))
        strangers = self._rows_with(Doubt.OTHER_COMPONENT)
        if not self._armed_for or strangers != self._armed_for:
            self._disarm()  # one more may have been found
            belong = ngettext(
                "It belongs here all the same", "These {count:,} belong here all the same", len(strangers)
            ).format(count=len(strangers))
            name = self._only_of_several(strangers)
            self.here_button.setText(
                _("{file} belongs here all the same").format(file=name) if name else belong
            )

    def _name_ways_on(self, doubts: set[Doubt]) -> None:
        """Say what the buttons do, and for which of several files, or for how many."""
        rows = self._rows_with(*_SKIPPED)
        skip = ngettext("Skip it", "Skip these {count:,}", len(rows)).format(count=len(rows))
        name = self._only_of_several(rows)
        self.skip_button.setText(_("Skip {file}").format(file=name) if name else skip)
        rows = self._rows_with(*_THERE, Doubt.FLAWED)
        name = self._only_of_several(rows)
        if Doubt.SAME_RUN in doubts:
            again = ngettext(
                "Send it anyway, as a second run", "Send these {count:,} anyway, as second runs", len(rows)
            )
            again = _("Send {file} anyway, as a second run") if name else again
        else:
            again = ngettext("Add it anyway", "Add these {count:,} anyway", len(rows))
            again = _("Add {file} anyway") if name else again
        self.again_button.setText(again.format(file=name, count=len(rows)))
        rows = self._rows_with(Doubt.SLIPS)
        name = self._only_of_several(rows)
        seen = ngettext("Seen: send it as it is", "Seen: send these {count:,} as they are", len(rows))
        seen = _("Seen: send {file} as it is") if name else seen
        self.slips_button.setText(seen.format(file=name, count=len(rows)))
        rows = self._rows_to_retry
        name = self._only_of_several(rows)
        if doubts.isdisjoint(_REFUSED):
            retry = ngettext("Try again", "Try these {count:,} again", len(rows))
            retry = _("Try {file} again") if name else retry
        else:
            retry = ngettext("Check again", "Check these {count:,} again", len(rows))
            retry = _("Check {file} again") if name else retry
        self.retry_button.setText(retry.format(file=name, count=len(rows)))

    def _only_of_several(self, rows: Sequence[ReviewRow]) -> str:
        """Return the name for a button of the only row it is for, if several are chosen; else nothing."""
        if len(self._rows) < 2 or len(rows) != 1:
            return ""
        name = shown_text(rows[0].name)
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME // 2]}…{name[-(_LONGEST_NAME // 2) :]}"
        return name.replace("&", "&&")  # else a keyboard mark

    @property
    def _rows_to_retry(self) -> list[ReviewRow]:
        return self._rows_with(Doubt.PROBLEM, *_REFUSED, Doubt.FLAWED)

    def _rows_with(self, *doubts: Doubt) -> list[ReviewRow]:
        """Return the rows that stop for one of some doubts, of which one may be that they cannot be sent."""

        def stops(row: ReviewRow) -> bool:
            return any(finding.doubt in doubts for finding in row.open_doubts)

        return [row for row in self._rows if stops(row) or (Doubt.PROBLEM in doubts and row.problem)]

    def _rows_naming(self, other: str) -> list[ReviewRow]:
        return [row for row in self._rows if any(finding.other == other for finding in row.open_doubts)]

    def _disarm(self) -> None:
        self._armed_for = ()
        set_role(self.here_button, "")

    def _on_here(self) -> None:
        if not self._armed_for and self._home is not None:
            self._armed_for = self._rows_with(Doubt.OTHER_COMPONENT)
            count = len(self._armed_for)
            yes = ngettext("Yes, attach it to {name}", "Yes, attach these {count:,} to {name}", count)
            self.here_button.setText(yes.format(count=count, name=self._home.label))
            set_role(self.here_button, "danger")
            return
        self._disarm()
        self._decide((Doubt.OTHER_COMPONENT,))

    def _on_skip(self) -> None:
        """Leave out what stops, and of what is not known yet whether it stops for the same what does."""
        rows = self._rows_with(*_SKIPPED)
        doubts = {finding.doubt for row in rows for finding in row.open_doubts}
        for row in self._rows:
            if row not in rows and row.is_pending:
                row.skipped_for = frozenset(doubts.intersection(_SKIPPED))
        self.removal_wanted.emit(rows)

    def _decide(self, doubts: Collection[Doubt]) -> None:
        for row in self._rows_with(*doubts):
            row.decided.update(doubts)
        self.changed.emit()


def _few(names: Sequence[str]) -> str:
    more = len(names) - 1
    few = ngettext("{name} and {count:,} more", "{name} and {count:,} more", more)
    return few.format(name=names[0], count=more) if more else names[0]
