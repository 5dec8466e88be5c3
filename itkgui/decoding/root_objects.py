"""Objects of ROOT files as what can be plotted of them, or as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.decoding.root import (
    RootPlace,
    branch_at,
    branches_of,
    found_at,
    opened_root,
    title_of_branch,
)
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import _, ngettext
from itkgui.records.bin_edges import bin_edges

Array = npt.NDArray[np.float64]

MOST_ENTRIES = 1_000_000  # read of a branch: enough for the shape of any distribution
MOST_VALUES = 4_000_000  # of them, where an entry is a list
MOST_CELLS = 8_000_000  # of a map
_MOST_ITEMS = 200  # of an array or list that is told as text
_DEEPEST = 6  # levels of objects in objects, told as text
_MOST_LINES = 5_000
_LARGEST = 1e100  # what is larger cannot be drawn
_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*")


@dataclass(frozen=True)
class RootAxis:
    """What an axis or a branch calls itself: ``Voltage [V]`` is a name and a unit."""

    name: str
    unit: str = ""

    @classmethod
    def of(cls, title: str, otherwise: str) -> RootAxis:
        match = _UNIT.fullmatch(title)
        if match and match["name"]:
            return cls(match["name"], match["unit"])
        return cls(title.strip() or otherwise)


@dataclass(frozen=True, eq=False)
class RootHistogram:
    """A TH1, or how often which value of a branch occurs: one edge along x more than values."""

    x: RootAxis
    y: RootAxis
    edges: Array
    values: Array
    errors: Array | None = None  # standard deviations of the values


@dataclass(frozen=True, eq=False)
class RootMap:
    """A TH2 or TProfile2D: ``values`` of shape (rows, columns) between the edges of x and y."""

    x: RootAxis
    y: RootAxis
    z: RootAxis
    x_edges: Array
    y_edges: Array
    values: Array


@dataclass(frozen=True, eq=False)
class RootCurve:
    """A graph or a TProfile: points, and standard deviations of y where it has them."""

    label: str
    x: RootAxis
    y: RootAxis
    x_values: Array
    y_values: Array
    errors: Array | None = None


RootPlot = RootHistogram | RootMap | RootCurve


@dataclass(frozen=True)
class RootObject:
    """One object: what can be plotted of it, or else its text; ``facts`` are words about it."""

    title: str
    kind: str
    facts: tuple[str, ...] = ()
    plots: tuple[RootPlot, ...] = ()
    text: str = ""


def read_root(file: BinaryFile, place: RootPlace, most: int = MOST_ENTRIES) -> RootObject:
    """Read an object, or the values of a branch up to a number of entries. Raises Undecodable."""
    with opened_root(file) as top:
        found = found_at(top, place.keys)
        if place.branches:
            return _branch(branch_at(found, place.branches), most)
        return _object(found)


def _object(found: Any) -> RootObject:
    kind = str(getattr(found, "classname", type(found).__name__))
    title = str(found.member("fTitle", none_if_missing=True) or "") if hasattr(found, "member") else ""
    if kind.startswith(("TH1", "TProfile")) and not kind.startswith(("TProfile2", "TProfile3")):
        return _along_x(found, kind, title)
    if kind.startswith(("TH2", "TProfile2")):
        return _over_area(found, kind, title)
    if kind.startswith(("TGraph", "TMultiGraph")) and not kind.startswith("TGraph2D"):
        graphs = list(_graphs_in(found))
        points = sum(len(graph.x_values) for graph in graphs)
        facts = (ngettext("{count:,} point", "{count:,} points", points).format(count=points),)
        return RootObject(title.partition(";")[0], kind, facts, tuple(graphs))
    if hasattr(found, "num_entries"):
        told = (_entries(int(found.num_entries)), _count_of_branches(found))
        return RootObject(title, kind, told, text="\n".join(told))
    return RootObject(title, kind, text=_told(found))


def _axes(found: Any, *names: str) -> list[RootAxis]:
    titles = [str(found.member(f"f{name.upper()}axis").member("fTitle") or "") for name in names]
    return [RootAxis.of(title, name) for title, name in zip(titles, names, strict=True)]


def _along_x(found: Any, kind: str, title: str) -> RootObject:
    x, y = _axes(found, "x", "y")
    edges, values, errors = (
        np.asarray(part, dtype=np.float64)
        for part in (found.axis("x").edges(), found.values(), found.errors())
    )
    _check(edges, values)
    facts = _facts(found)
    if kind.startswith("TProfile"):
        middles = (edges[1:] + edges[:-1]) / 2
        y = RootAxis(_("mean"), y.unit) if y.name == "y" else y
        return RootObject(title, kind, facts, (RootCurve("", x, y, middles, values, errors),))
    y = RootAxis(_("Count")) if y.name == "y" else y
    low, *_inside, high = np.asarray(found.values(flow=True), dtype=np.float64)
    if low:
        facts += (_("underflow {count:.6g}").format(count=low),)
    if high:
        facts += (_("overflow {count:.6g}").format(count=high),)
    return RootObject(title, kind, facts, (RootHistogram(x, y, edges, values, errors),))


def _over_area(found: Any, kind: str, title: str) -> RootObject:
    x, y, z = _axes(found, "x", "y", "z")
    z = RootAxis(title or _("Count")) if z.name == "z" else z
    x_edges, y_edges, values = (
        np.asarray(part, dtype=np.float64)
        for part in (found.axis("x").edges(), found.axis("y").edges(), found.values())
    )
    if values.size > MOST_CELLS:
        why = _("it has {count:,} cells, which is too many").format(count=values.size)
        raise Undecodable(str(values.shape), what="map", why=why)
    _check(x_edges, values)
    _check(y_edges, values.T)
    return RootObject(title, kind, _facts(found), (RootMap(x, y, z, x_edges, y_edges, values.T.copy()),))


def _check(edges: Array, values: Array) -> None:
    """Raise ValueError for bins that are none, as a damaged file has."""
    if len(edges) != len(values) + 1 or not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        raise ValueError(f"{len(edges)} edges of {len(values)} bins, not all in order")


def _facts(found: Any) -> tuple[str, ...]:
    """Return the statistics a histogram brings with it, along x."""
    entries, weight, first, second = (
        float(found.member(name)) for name in ("fEntries", "fTsumw", "fTsumwx", "fTsumwx2")
    )
    facts = [_entries(entries)]
    if weight > 0 and np.isfinite([weight, first, second]).all():
        mean = first / weight
        facts += [
            _("mean {value:.5g}").format(value=mean),
            f"σ {max(0.0, second / weight - mean**2) ** 0.5:.4g}",
        ]
    return tuple(facts)


def _graphs_in(found: Any, above: str = "") -> Iterator[RootCurve]:
    whole = str(found.member("fTitle", none_if_missing=True) or "")
    graphs = found.member("fGraphs", none_if_missing=True)
    if graphs is not None:
        for graph in graphs:
            yield from _graphs_in(graph, whole)
        return
    label, x, y = [*(whole if ";" in whole else above or whole).split(";"), "", ""][:3]
    drawn = found.member("fHistogram", none_if_missing=True)
    if drawn is not None:
        titles = [str(drawn.member(name).member("fTitle") or "") for name in ("fXaxis", "fYaxis")]
        x, y = titles[0] or x, titles[1] or y
    x_values, y_values = (np.asarray(found.member(name), dtype=np.float64) for name in ("fX", "fY"))
    errors = found.member("fEY", none_if_missing=True)
    low, high = (found.member(name, none_if_missing=True) for name in ("fEYlow", "fEYhigh"))
    if low is not None and high is not None:
        errors = (np.asarray(low, dtype=np.float64) + np.asarray(high, dtype=np.float64)) / 2
    yield RootCurve(
        whole.partition(";")[0] if above else label,
        RootAxis.of(x, "x"),
        RootAxis.of(y, "y"),
        x_values,
        y_values,
        None if errors is None else np.asarray(errors, dtype=np.float64),
    )


# Branches --------------------------------------------------------------------------------------------------


def _branch(branch: Any, most: int) -> RootObject:
    """Return how often which value of a branch of numbers occurs; of lists of them, all their items."""
    total, kind, title = int(branch.num_entries), str(branch.typename), title_of_branch(branch)
    if branches_of(branch):
        return RootObject(title, kind, (_entries(total), _count_of_branches(branch)))
    read = min(total, most)
    if size := _size_of_entry(branch, total):
        # Entries can be lists of any length: not more than what fits, if they are alike.
        read = max(1, min(read, int(8 * MOST_VALUES / size)))
    facts = [_entries(total)]
    if read < total:
        facts.append(_("the first {count:,} were read").format(count=read))
    values = _numbers(branch, read)
    if values is None:
        first = branch.array(library="ak", entry_stop=min(total, _MOST_ITEMS)).tolist()
        lines = [f"{number}: {_short(value)}" for number, value in enumerate(first)]
        return RootObject(title, kind, tuple(facts), text="\n".join(lines))
    if len(values) != read:
        facts.append(ngettext("{count:,} value", "{count:,} values", len(values)).format(count=len(values)))
    if not len(values):
        return RootObject(title, kind, tuple(facts), text=_("There are no values in this branch."))
    of = RootAxis.of(title, branch.name)
    of = of if of.unit else RootAxis(branch.name)  # a title without a unit is often a remark
    usable = values[np.abs(values) < _LARGEST]  # not those that are NaN either
    if not len(usable):
        return RootObject(title, kind, tuple(facts), text=_("There is no usable number in this branch."))
    if left_out := len(values) - len(usable):
        text = ngettext("{count:,} without a usable number", "{count:,} without a usable number", left_out)
        facts.append(text.format(count=left_out))
    facts += [
        _("mean {value:.5g}").format(value=usable.mean()),
        f"σ {usable.std():.4g}",
        _("lowest {value:.6g}").format(value=usable.min()),
        _("highest {value:.6g}").format(value=usable.max()),
    ]
    edges = bin_edges(usable)
    counts = np.histogram(usable, edges)[0].astype(np.float64)
    histogram = RootHistogram(of, RootAxis(_("Count")), edges, counts)
    return RootObject(title, kind, tuple(facts), (histogram,))


def _count_of_branches(found: Any) -> str:
    count = len(branches_of(found))
    if hasattr(found, "branches"):
        text = ngettext("{count:,} branch", "{count:,} branches", count)
    else:
        text = ngettext("{count:,} field", "{count:,} fields", count)
    return text.format(count=count)


def _entries(count: float) -> str:
    """Return in words how many entries there are; of weighted ones, it may be a fraction."""
    whole = int(count) if float(count).is_integer() else 2
    shown = f"{count:,}" if isinstance(count, int) else f"{count:,.6g}"
    return ngettext("{count} entry", "{count} entries", whole).format(count=shown)


def _size_of_entry(branch: Any, total: int) -> float:
    """Return how many bytes an entry has on average; of a field of an RNTuple, one of the first."""
    if not total:
        return 0.0
    if hasattr(branch, "uncompressed_bytes"):
        return float(branch.uncompressed_bytes) / total
    count = min(total, _MOST_ITEMS)
    return float(branch.array(library="ak", entry_stop=count).nbytes) / count


def _numbers(branch: Any, count: int) -> Array | None:
    """Return the values of the first entries one after the other; None if they are no numbers."""
    import awkward

    found = branch.array(library="ak", entry_stop=count)
    if awkward.fields(found) or "string" in str(found.type):
        return None
    flat = awkward.to_numpy(awkward.flatten(found, axis=None), allow_missing=False)
    return flat[:MOST_VALUES].astype(np.float64) if flat.dtype.kind in "biuf" else None


# Text ------------------------------------------------------------------------------------------------------


def _told(found: Any) -> str:
    """Return an object as lines of members and their values."""
    if not hasattr(found, "all_members"):
        return _short(found)
    name, title = (str(found.member(part, none_if_missing=True) or "") for part in ("fName", "fTitle"))
    text = str(found) if isinstance(found, str) else ""
    members = {key: value for key, value in found.all_members.items() if not key.startswith("@")}
    if text or set(members) <= {"fName", "fTitle"}:
        return text or f"{name}\n{title}"
    lines: list[str] = []
    for line in _lines(members, 0):
        lines.append(line)
        if len(lines) >= _MOST_LINES:
            lines.append("…")
            break
    return "\n".join(lines)


def _lines(members: dict[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in members.items():
        inner = getattr(value, "all_members", None)
        if inner and not isinstance(value, str) and depth < _DEEPEST:
            yield f"{indent}{key}: {getattr(value, 'classname', '')}"
            yield from _lines({k: v for k, v in inner.items() if not k.startswith("@")}, depth + 1)
        else:
            yield f"{indent}{key} = {_short(value)}"


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        values = _joined(value.ravel()[: _MOST_ITEMS + 1].tolist())
        return _("{values}  (shape {shape})").format(values=values, shape=value.shape)
    if isinstance(value, str | bytes):
        return repr(value[:1000])
    if isinstance(value, Sequence) or (isinstance(value, Iterable) and hasattr(value, "__len__")):
        return _joined([item for _number, item in zip(range(_MOST_ITEMS + 1), value, strict=False)])
    return repr(value)[:1000]


def _joined(items: Sequence[Any]) -> str:
    shown = ", ".join(repr(item)[:200] for item in items[:_MOST_ITEMS])
    return f"[{shown}{', …' if len(items) > _MOST_ITEMS else ''}]"
