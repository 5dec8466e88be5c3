"""Saves many attachments at once: into folders by component, stage, test and run, what is there skipped."""

from __future__ import annotations

import contextlib
import filecmp
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.bodies import Adler32
from itkgui.client.downloads import Told
from itkgui.client.exceptions import FileNotWritten
from itkgui.client.files import BinaryFile, safe_name
from itkgui.records.attachment import Attachment

_NUMBER = re.compile(r" \(\d+\)$")  # what is added where a name is taken
_BLOCK = 2**20


@dataclass(frozen=True)
class Source:
    """The ways to an attachment's bytes; each is only gone when it is needed.

    ``find`` gives its file if it is kept on this computer, ``tell`` what its server tells of it, ``fetch``
    its file.
    """

    find: Callable[[], BinaryFile | None]
    tell: Callable[[], Told]
    fetch: Callable[[], BinaryFile]


@dataclass(frozen=True)
class Saved:
    """Where a file is now; ``was_there`` if it was before.

    It ``is_certain`` unless nothing was at hand to compare its content with, but name and size are right.
    """

    path: Path
    was_there: bool
    is_certain: bool = True


def save_into(
    root: Path, folders: Iterable[str], attachment: Attachment, source: Source, taken: set[Path]
) -> Saved:
    """Save an attachment below a folder, unless its file is there already.

    ``folders`` are names from a server, made safe here; they are made if need be. A file of its name is
    compared with the one that is kept, or else by the size and checksum that the server tells. One that is
    another stays, and the new one gets a number. ``taken`` are the files of other attachments, whatever they
    are like; this one is added. Raises FileNotWritten, and what ``source`` does.
    """
    folder = root.joinpath(*map(safe_name, folders))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        alike = [path for path in folder.iterdir() if path not in taken and _is_name_of(path, attachment)]
    except OSError as error:
        raise FileNotWritten(f"{folder}: {error.strerror or error}") from error
    saved = next(_found(alike, source), None) or Saved(source.fetch().save(folder), was_there=False)
    taken.add(saved.path)
    return saved


def _found(alike: Iterable[Path], source: Source) -> Iterator[Saved]:
    """Yield those files that are the attachment's; one that cannot be read is not known to be."""
    alike = [path for path in alike if path.is_file()]
    kept = source.find() if alike else None
    told = source.tell() if alike and kept is None else Told(None)
    for path in alike:
        with contextlib.suppress(OSError):
            if kept is not None:
                if filecmp.cmp(path, kept.path, shallow=False):
                    yield Saved(path, was_there=True)
            elif path.stat().st_size == told.size and told.adler32 in ("", _adler32(path)):
                yield Saved(path, was_there=True, is_certain=bool(told.adler32) or told.size == 0)


def _adler32(path: Path) -> str:
    checksum = Adler32()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            transfer.current().check()
            checksum.update(block)
    return checksum.hexdigest()


def _is_name_of(path: Path, attachment: Attachment) -> bool:
    """Tell whether a file may be an attachment's: by its name, whatever number and suffix were added."""
    wanted = Path(safe_name(attachment.display_name))
    stem = _NUMBER.sub("", path.stem)
    if wanted.suffix and stem + path.suffix == wanted.name:
        return True
    return stem == wanted.name  # a title without a suffix got that of its content
