"""Small buttons that narrow a list: by some of many values, or by dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QFormLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.views.style import set_role
from itkgui.views.widgets.staying_menu import StayingMenu

_LONGEST = 60  # letters of a choice
_SHORT = 14  # letters of a choice on the button


@dataclass(frozen=True)
class Choice:
    """A value that can be wanted, how it is called, and how many have it."""

    key: str
    label: str
    count: int


class ChoiceButton(QToolButton):
    """Offers values to tick; none ticked means that any will do."""

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.choices: tuple[Choice, ...] = ()
        self.chosen: frozenset[str] = frozenset()
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        set_role(self, "filter")
        self.clicked.connect(self.open)
        self._show()

    def offer(self, choices: Iterable[Choice]) -> None:
        """Offer values; those ticked stay so, though nobody may have them any more."""
        self.choices = tuple(choices)
        self._show()

    def choose(self, keys: Iterable[str]) -> None:
        """Tick these values and no others."""
        self.chosen = frozenset(keys)
        self._show()
        self.changed.emit()

    def open(self) -> None:
        menu = StayingMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self._title)
        for choice in self.choices:
            label = shown_text(choice.label)
            label = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
            tick = menu.add_tick(f"{label or '–'}  ({choice.count:,})", ticked=choice.key in self.chosen)
            tick.triggered.connect(lambda ticked, key=choice.key: self._on_ticked(key, ticked))
        menu.addSeparator()
        menu.addAction(_("Any"), lambda: self.choose(())).setEnabled(bool(self.chosen))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_ticked(self, key: str, ticked: bool) -> None:
        self.choose(self.chosen | {key} if ticked else self.chosen - {key})

    def _show(self) -> None:
        labels = [choice.label for choice in self.choices if choice.key in self.chosen]
        said = "" if not self.chosen else _short(labels[0]) if len(labels) == 1 else str(len(self.chosen))
        text = f"{self._title}: {said}" if said else self._title
        self.setText(f"{text.replace('&', '&&')} ▾")
        title = self._title.lower()
        self.setToolTip(plain_hint("\n".join(labels) or _("Show only some, by {title}").format(title=title)))
        told = _("Filter by {title}: {chosen}") if labels else _("Filter by {title}: any")
        self.setAccessibleName(told.format(title=title, chosen=", ".join(labels)))
        self.setCheckable(bool(self.chosen))
        self.setChecked(bool(self.chosen))


class DateButton(QToolButton):
    """Offers stretches of time; dates are local days, both ends included, None where it is open."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first: date | None = None
        self.last: date | None = None
        self._said = ""
        set_role(self, "filter")
        self.clicked.connect(self.open)
        self._show()

    def choose(self, first: date | None, last: date | None, said: str = "") -> None:
        """Ask for what was measured from one day to another."""
        if first and last and last < first:
            first, last = last, first
        self.first, self.last = first, last
        self._said = said or " – ".join(f"{day:%Y-%m-%d}" if day else "…" for day in (first, last))
        self._show()
        self.changed.emit()

    def open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        today = datetime.now().astimezone().date()
        menu.addAction(_("Any date"), lambda: self.choose(None, None))
        for text, days in (
            (_("Today"), 1),
            (_("Last 7 days"), 7),
            (_("Last 30 days"), 30),
            (_("Last 12 months"), 365),
        ):
            menu.addAction(text, partial(self.choose, today - timedelta(days=days - 1), None, text))
        menu.addSeparator()
        action = QWidgetAction(menu)
        action.setDefaultWidget(self._between(menu, today))
        menu.addAction(action)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _between(self, menu: QMenu, today: date) -> QWidget:
        first, last = QDateEdit(), QDateEdit()
        for edit, day, name in (
            (first, self.first or today - timedelta(days=30), _("First day")),
            (last, self.last or today, _("Last day")),
        ):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setDate(QDate(day.year, day.month, day.day))
            edit.setAccessibleName(name)
        use = QPushButton(_("Show these days"))

        def on_use() -> None:
            menu.close()
            self.choose(_day(first), _day(last))

        use.clicked.connect(on_use)
        widget = QWidget()
        form = QFormLayout(widget)
        form.addRow(_("From"), first)
        form.addRow(_("To"), last)
        form.addRow(use)
        return widget

    def _show(self) -> None:
        is_set = self.first is not None or self.last is not None
        self.setText(f"{self._said} ▾" if is_set else _("Date ▾"))
        self.setToolTip(_("Show only runs of some days"))
        told = _("Filter by date: {chosen}") if is_set else _("Filter by date: any")
        self.setAccessibleName(told.format(chosen=self._said))
        self.setCheckable(is_set)
        self.setChecked(is_set)


def _day(edit: QDateEdit) -> date:
    day = edit.date()
    return date(day.year(), day.month(), day.day())


def _short(text: str) -> str:
    text = shown_text(text)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def counted(pairs: Iterable[tuple[str, str]], order: Sequence[str] = ()) -> list[Choice]:
    """Return choices from (key, label) pairs, each counted; in ``order`` as far as it goes, then by label."""
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    for key, label in pairs:
        counts[key] = counts.get(key, 0) + 1
        labels.setdefault(key, label)
    places = {key: place for place, key in enumerate(order)}
    keys = sorted(counts, key=lambda key: (places.get(key, len(places)), labels[key].casefold()))
    return [Choice(key, labels[key], counts[key]) for key in keys]
