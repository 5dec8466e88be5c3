"""Which colour and which dash each curve gets, and what a legend says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itkgui.language import _
from itkgui.views.plots.data import Mark, Measurement
from itkgui.views.plots.palette import COLOUR_COUNT, DASH_COUNT

Look = tuple[int, int]  # which colour, which dash
ALONE_UP_TO = 2 * COLOUR_COUNT  # curves that each get a look of their own


@dataclass(frozen=True)
class LegendEntry:
    """A line of the legend: a colour, a dash, a mark (None: said by another line), and which have it.

    ``tone`` is a colour of the theme instead, of lines that are no data.
    """

    text: str
    members: tuple[int, ...]
    colour_index: int | None = None
    dash_index: int | None = None
    mark: Mark | None = None
    tone: str = ""
    is_pinned: bool = False

    @property
    def has_line(self) -> bool:
        return bool(self.tone) or self.colour_index is not None or self.dash_index is not None


@dataclass(frozen=True)
class Looks:
    """The looks of curves; ``repeat`` if two that differ look alike, ``grouped`` if some share one."""

    of_curves: tuple[Look, ...]
    entries: tuple[LegendEntry, ...]
    repeat: bool
    grouped: bool = False


def looks_of(measurements: Sequence[Measurement]) -> Looks:
    """Tell measurements apart by their attributes, or one from the other where these do not suffice.

    The legend names each curve where all look different, as up to ALONE_UP_TO always do, else what the
    colours and the dashes mean.
    """
    by_colour, by_dash = [m.colour_group for m in measurements], [m.dash_group for m in measurements]
    if len(set(by_colour)) < 2:
        by_colour, by_dash = by_dash, [""] * len(by_dash)
    if len(set(by_colour)) < 2:
        return _one_by_one(measurements)
    colours, dashes = _numbered(by_colour), _numbered(by_dash)
    looks = [
        (colours[colour] % COLOUR_COUNT, dashes[dash] % DASH_COUNT)
        for colour, dash in zip(by_colour, by_dash, strict=True)
    ]
    repeat = len(colours) > COLOUR_COUNT or len(dashes) > DASH_COUNT
    if len(set(looks)) == len(looks):
        return Looks(tuple(looks), _of_each(measurements, looks), repeat=False)
    if len(measurements) <= ALONE_UP_TO:
        return _one_by_one(measurements)
    entries = [
        LegendEntry(name, _having(by_colour, name), number % COLOUR_COUNT, 0)
        for name, number in colours.items()
    ]
    if len(dashes) > 1:
        entries += [
            LegendEntry(name, _having(by_dash, name), None, number % DASH_COUNT)
            for name, number in dashes.items()
        ]
    return Looks(tuple(looks), tuple(entries), repeat, grouped=True)


def _one_by_one(measurements: Sequence[Measurement]) -> Looks:
    count = len(measurements)
    looks = [(n % COLOUR_COUNT, n // COLOUR_COUNT % DASH_COUNT) for n in range(count)]
    return Looks(tuple(looks), _of_each(measurements, looks), count > COLOUR_COUNT * DASH_COUNT)


def _of_each(measurements: Sequence[Measurement], looks: Sequence[Look]) -> tuple[LegendEntry, ...]:
    return tuple(
        LegendEntry(
            _("pinned  ·  {run}").format(run=one.label) if one.is_pinned else one.label,
            (n,),
            *look,
            one.mark,
            is_pinned=one.is_pinned,
        )
        for n, (one, look) in enumerate(zip(measurements, looks, strict=True))
    )


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _having(names: Sequence[str], wanted: str) -> tuple[int, ...]:
    return tuple(n for n, name in enumerate(names) if name == wanted)
