"""Columns that several tables have: a moment in local time, and what a word, an icon and a colour tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.record_table import Column
from itkgui.language import _

Record = TypeVar("Record")


@dataclass(frozen=True)
class Look:
    """How something is told: in a word, by an icon and by a colour of the palette.

    ``declared`` is the word, marked with N_; ``as_given`` lets one that is the database's be as it is.
    """

    declared: str
    icon: str
    tone: str = ""
    as_given: bool = False

    @property
    def word(self) -> str:
        """The word as people read it, in the language in use."""
        return self.declared if self.as_given else _(self.declared)


def moment_column(
    title: str,
    moment: Callable[[Record], datetime | None],
    *,
    has_one: Callable[[Record], object] = lambda _record: True,
    precision: str = "minutes",
) -> Column[Record]:
    """Return a column of moments: local on the screen, with the UTC one as a hint and in exports.

    The newest stands first when it is sorted by. Where a moment is unknown there is a dash; a record that
    has none by its nature, which ``has_one`` tells, gets an empty cell.
    """
    return Column(
        title,
        lambda record: local_text(moment(record), precision) if has_one(record) else "",
        export=moment,
        hint=lambda record: utc_hint(moment(record)),
        unit="UTC",
        falling=True,
    )


def look_column(
    title: str,
    look: Callable[[Record], Look],
    *,
    sort: Callable[[Record], Any] | None = None,
    export: Callable[[Record], Any] | None = None,
) -> Column[Record]:
    """Return a column that tells a look."""
    return Column(
        title,
        lambda record: look(record).word,
        icon=lambda record: look(record).icon,
        tone=lambda record: look(record).tone,
        sort=sort,
        export=export,
    )
