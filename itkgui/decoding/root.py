"""ROOT files: what is in them, level by level, as rows of a tree; objects are read in root_objects."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from importlib.util import find_spec
from typing import Any

from itkgui.client.files import BinaryFile
from itkgui.decoding.undecodable import Undecodable, check_readable
from itkgui.language import _
from itkgui.records.sizes import size_text

MOST_ROWS = 20_000  # of one folder or tree; a list of more is no list for people

_TREES = ("TTree", "TNtuple", "TNtupleD", "TChain", "ROOT::RNTuple")
_USUAL_TITLES = ("Collectable string class",)  # of a class, not of an object
_FOLDERS = ("TDirectory", "TDirectoryFile")
# What uproot and what it stands on raise for bytes that are damaged or unlike any it knows.
_DAMAGED = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    AssertionError,
    ArithmeticError,
    EOFError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    struct.error,
    zlib.error,
)


class Holds(Enum):
    """What is behind a row."""

    FOLDER = "folder"
    TREE = "tree"
    BRANCH = "branch"
    OBJECT = "object"


@dataclass(frozen=True)
class RootPlace:
    """Where something is: the keys from the top, each with its cycle as in ``hits;1``, then branches."""

    keys: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


@dataclass(frozen=True)
class RootRow:
    """One key or branch: its class or the type of its values; ``entries`` where it has some."""

    name: str
    kind: str
    title: str
    holds: Holds
    place: RootPlace
    cycle: int | None = None
    entries: int | None = None
    has_more: bool = False
    """Whether there are rows below it."""


@dataclass(frozen=True)
class LoadedRoot:
    """The rows of one level, in the order of the file; ``left_out`` is how many there are beside them.

    ``damage`` is a sentence, and empty for a file that is as long as it says.
    """

    rows: Sequence[RootRow] = field(default_factory=tuple)
    left_out: int = 0
    damage: str = ""


def load_root(file: BinaryFile, place: RootPlace = RootPlace(), most: int = MOST_ROWS) -> LoadedRoot:
    """Return what is in a file, or in a folder, tree or branch of it, up to a number of rows.

    Raises Undecodable if it is damaged or gone, or if this computer lacks what reads ROOT files.
    """
    with opened_root(file) as top:
        inside = found_at(top, place.keys)
        if hasattr(inside, "iterclassnames"):
            names = list(inside.iterclassnames(recursive=False, cycle=True))
            rows = [_key_row(inside, name, kind, place.keys) for name, kind in names[:most]]
            damage = _damage(file.path.stat().st_size, top.file.fEND)
            return LoadedRoot(rows, len(names) - len(rows), damage)
        branches = branches_of(branch_at(inside, place.branches))
        rows = [_branch_row(branch, place) for branch in branches[:most]]
        return LoadedRoot(rows, len(branches) - len(rows))


def _damage(size: int, said: int) -> str:
    if size >= said:
        return ""
    return _(
        "This file is cut off: {size} of {whole} are there; some of what is listed cannot be shown."
    ).format(size=size_text(size), whole=size_text(said))


@contextlib.contextmanager
def opened_root(file: BinaryFile) -> Iterator[Any]:
    """Give the uppermost folder of a file to a block, and turn what goes wrong in it into Undecodable."""
    check_readable(file.path, "root")
    if find_spec("uproot") is None:
        raise Undecodable(
            "no module named uproot",
            what="root",
            why=_("the Python package uproot is not installed"),
            cure=_("Install it (pip install 'itkgui[root]'), then start the program again."),
        )
    import cramjam
    import uproot
    from uproot.deserialization import DeserializationError

    try:
        # Not uproot.open, which would take a colon in a name for the end of it.
        with uproot.reading.ReadOnlyFile(str(file.path), object_cache=None, array_cache=None) as opened:
            yield opened.root_directory
    except (*_DAMAGED, cramjam.DecompressionError, DeserializationError) as error:
        raise Undecodable(f"{file.name}: {_words_of(error)}", what="root") from error


def _words_of(error: Exception) -> str:
    """Return what an error says; what else is in it may be damaged too, and fail when it is told."""
    said = next((words for words in error.args if isinstance(words, str)), "")
    return f"{type(error).__name__} {said[:500]}"


def found_at(top: Any, keys: Sequence[str]) -> Any:
    """Return what is behind keys, each in the folder before. Raises Undecodable for a name with a slash."""
    inside = top
    for key in keys:
        if "/" in key:
            why = _("its name has a slash in it, as those of folders")
            raise Undecodable(key, what="object", why=why)
        inside = inside.key(key).get()
    return inside


def branch_at(tree: Any, names: Sequence[str]) -> Any:
    """Return the branch behind names, each in the branch before; without any the tree itself."""
    for name in names:
        tree = next(one for one in branches_of(tree) if one.name == name)
    return tree


def branches_of(inside: Any) -> list[Any]:
    """Return the branches of a TTree or of a branch, or what an RNTuple or a field of it has of fields."""
    return list(inside.branches if hasattr(inside, "branches") else inside.fields)


def _key_row(folder: Any, named: str, kind: str, above: tuple[str, ...]) -> RootRow:
    name, _, cycle = named.rpartition(";")
    holds = Holds.TREE if kind in _TREES else Holds.FOLDER if kind in _FOLDERS else Holds.OBJECT
    title = "" if "/" in named else folder.key(named).fTitle.partition(";")[0]  # not those of axes
    return RootRow(
        name,
        kind,
        "" if title in (name, *_USUAL_TITLES) else title,
        holds,
        RootPlace((*above, named)),
        int(cycle),
        has_more=holds is not Holds.OBJECT,
    )


def _branch_row(branch: Any, above: RootPlace) -> RootRow:
    return RootRow(
        branch.name,
        branch.typename,
        title_of_branch(branch),
        Holds.BRANCH,
        RootPlace(above.keys, (*above.branches, branch.name)),
        entries=int(branch.num_entries),
        has_more=bool(branches_of(branch)),
    )


def title_of_branch(branch: Any) -> str:
    """Return a title that tells more than the name and, as ``column/I`` does, the type again."""
    if not hasattr(branch, "title"):  # a field of an RNTuple
        return str(branch.description)
    title = str(branch.title).rpartition("/")[0] or str(branch.title)
    return "" if title == branch.name else title
