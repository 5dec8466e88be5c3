"""Saves many attachments at once: into folders by component, stage, test and run, what is there skipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from itkgui.client.exceptions import FileNotWritten
from itkgui.client.files import BinaryFile, safe_name
from itkgui.records.attachment import Attachment

_NUMBER = re.compile(r" \(\d+\)$")  # what is added where a name is taken


@dataclass(frozen=True)
class Saved:
    """Where a file is now; ``was_there`` if it was before."""

    path: Path
    was_there: bool


def save_into(
    root: Path,
    folders: Iterable[str],
    attachment: Attachment,
    size: Callable[[], int | None],
    fetch: Callable[[], BinaryFile],
    taken: set[Path],
) -> Saved:
    """Save an attachment below a folder, unless a file of its name and size is there already.

    ``folders`` are names from a server, made safe here; they are made if need be. ``size`` gives the bytes
    that the attachment has, None if that is unknown; it is only asked where a file of the name is there. A
    file of another size stays, and the new one gets a number. ``taken`` are the files of other attachments,
    whatever they are like; this one is added. Raises FileNotWritten, and what ``fetch`` does.
    """
    folder = root.joinpath(*map(safe_name, folders))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        alike = [path for path in folder.iterdir() if path not in taken and _is_name_of(path, attachment)]
        alike = [path for path in alike if path.is_file()]
        if alike:
            wanted = size()
            for path in alike:
                if path.stat().st_size == wanted:
                    taken.add(path)
                    return Saved(path, was_there=True)
    except OSError as error:
        raise FileNotWritten(f"{folder}: {error.strerror or error}") from error
    path = fetch().save(folder)
    taken.add(path)
    return Saved(path, was_there=False)


def _is_name_of(path: Path, attachment: Attachment) -> bool:
    """Tell whether a file may be an attachment's: by its name, whatever number and suffix were added."""
    wanted = Path(safe_name(attachment.display_name))
    stem = _NUMBER.sub("", path.stem)
    if wanted.suffix and stem + path.suffix == wanted.name:
        return True
    return stem == wanted.name  # a title without a suffix got that of its content
