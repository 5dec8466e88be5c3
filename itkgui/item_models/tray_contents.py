"""What a tray holds: the entries as they were written, and what is known of each by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from itkgui.client.component_calls import as_asked
from itkgui.client.fetch_ahead import Fetched
from itkgui.client.queries import LookedUp
from itkgui.item_models.tray_table import Finding, TrayRow
from itkgui.records.component import Component
from itkgui.records.due_tests import DueTest
from itkgui.records.identifier_list import complaint_about

_NEEDS_EYES = (Finding.GARBLED, Finding.UNKNOWN, Finding.UNREACHED)


class TrayContents:
    """Each entry stands for itself: what is known of one stays while others come and go."""

    def __init__(self) -> None:
        self._rows: dict[str, TrayRow] = {}  # by what was written, as the server knows it
        self._written = 0
        self._without_due: set[str] = set()  # keys of components nothing could be told of
        self._ahead: dict[str, Fetched] = {}  # by the components' keys; of some that may come yet, too

    def take(self, written: Sequence[str]) -> None:
        """Hold these entries and no others; what was known of them stays."""
        rows: dict[str, TrayRow] = {}
        for name in written:
            asked, complaint = as_asked(name), complaint_about(name)
            new = TrayRow(name, Finding.GARBLED if complaint else Finding.WAITING, complaint=complaint)
            rows.setdefault(asked, self._rows.get(asked, new))
        self._rows, self._written = rows, len(written)

    def holds(self, name: str) -> TrayRow | None:
        """Return the entry of a name, by whichever of its component's names; None if there is none."""
        asked = as_asked(name)
        found = self._rows.get(asked)
        return found or next((row for row in self._rows.values() if asked in _names_of(row)), None)

    def without_known(self, names: Iterable[str]) -> list[str]:
        """Return those of some names that no entry here stands for, by whichever of its names."""
        known = {name for row in self._rows.values() for name in _names_of(row)} | set(self._rows)
        return [name for name in names if as_asked(name) not in known]

    def ask_again(self) -> None:
        """Let everything be asked anew; what is known is shown until there is something newer."""
        self._without_due.clear()
        for asked, row in self._rows.items():
            if not row.complaint:
                self._rows[asked] = replace(row, finding=Finding.WAITING, due=None)

    # What is known -----------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[TrayRow]:
        """Each component once, what needs somebody's eyes first, all else in the order it was written."""
        once: dict[str, TrayRow] = {}
        for asked, row in self._rows.items():
            once.setdefault(row.component.key if row.component else asked, row)
        return sorted(once.values(), key=lambda row: row.finding not in _NEEDS_EYES)

    @property
    def repeated(self) -> int:
        """How many entries are left out, since they stand for what is there already."""
        return self._written - len(self.rows)

    @property
    def waiting(self) -> list[str]:
        return [asked for asked, row in self._rows.items() if row.finding is Finding.WAITING]

    @property
    def components(self) -> list[Component]:
        """The components of the tray, each once, in the order they were written."""
        found = (row.component for row in self._rows.values() if row.component is not None)
        return list({component.key: component for component in found}.values())

    @property
    def without_due(self) -> list[Component]:
        """The components of which it is not known what is due, and was not asked in vain."""
        keys = {row.component.key for row in self._rows.values() if row.component and row.due is None}
        return [one for one in self.components if one.key in keys - self._without_due]

    # What comes in -----------------------------------------------------------------------------------------

    def show_some(self, components: Iterable[Component]) -> None:
        """Take note of components that have come, while others are on their way."""
        by_name = {name: one for one in components for name in _names_of_component(one)}
        for asked in self.waiting:
            if asked in by_name:
                self._note(asked, Finding.FOUND, by_name[asked])

    def answer(self, asked: Iterable[str], looked_up: LookedUp) -> None:
        """Take note of all that was found out about some entries; others may have come meanwhile."""
        unreached = set(looked_up.unreached)
        for name in asked:
            if name not in self._rows:
                continue  # it was taken off meanwhile
            component = looked_up.by_name.get(name)
            if component is not None:
                self._note(name, Finding.FOUND, component)
            else:
                self._note(name, Finding.UNREACHED if name in unreached else Finding.UNKNOWN, None)

    def fail(self) -> None:
        """Take note that what waits could not be asked for."""
        for asked in self.waiting:
            self._note(asked, Finding.UNREACHED, self._rows[asked].component)

    def _note(self, asked: str, finding: Finding, component: Component | None) -> None:
        ahead = self._ahead.get(component.key) if component is not None else None
        self._rows[asked] = replace(self._rows[asked], finding=finding, component=component, ahead=ahead)

    def note_due(self, asked: Sequence[Component], due: Mapping[str, tuple[DueTest, ...]]) -> None:
        """Take note of what is due of some components, by their keys."""
        self._without_due |= {one.key for one in asked if one.key not in due}
        for name, row in self._rows.items():
            if row.component is not None and row.component.key in due:
                self._rows[name] = replace(row, due=due[row.component.key])

    def note_ahead(self, fetched: Iterable[Fetched]) -> None:
        """Take note of what was fetched to be read off line."""
        self._ahead.update((one.key, one) for one in fetched)
        for name, row in self._rows.items():
            if row.component is not None:
                self._rows[name] = replace(row, ahead=self._ahead.get(row.component.key))


def _names_of_component(component: Component) -> Iterator[str]:
    names = (component.serial_number, component.code, component.id, component.alternative_identifier)
    return (as_asked(name) for name in names if name)


def _names_of(row: TrayRow) -> set[str]:
    return set(_names_of_component(row.component)) if row.component is not None else set()
