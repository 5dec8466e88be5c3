"""What is said of the watched folder: which files are new in it, or why it is not watched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from itkgui.language import _, ngettext
from itkgui.uploads.watched_folder import MOST_WATCHED, FolderTrouble

_NAMED = 3  # files


def trouble_words(folder: Path, trouble: FolderTrouble) -> tuple[str, str]:
    """Return a title and a sentence; two empty texts if there is no trouble."""
    if trouble is FolderTrouble.AWAY:
        return (
            _("The watched folder {folder} is not there").format(folder=folder),
            _("It is watched again as soon as it is back."),
        )
    if trouble is FolderTrouble.TOO_MANY:
        return (
            _("The watched folder {folder} has too many files").format(folder=folder),
            _("Move old ones elsewhere: up to {count} can be watched.").format(count=f"{MOST_WATCHED:,}"),
        )
    return "", ""


def new_words(folder: Path, names: Sequence[str], target: str) -> tuple[str, str]:
    """Return a title and a sentence for new files, of which there is one at least.

    ``target`` is what is on the screen and can get them; empty for nothing.
    """
    title = ngettext("{count} new file in {folder}", "{count} new files in {folder}", len(names))
    named, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    if more > 0:
        named = ngettext("{files} and {count} more", "{files} and {count} more", more).format(
            files=named, count=f"{more:,}"
        )
    if not target:
        named = ngettext(
            "{files}. Open the component it is for.", "{files}. Open the component they are for.", len(names)
        ).format(files=named)
    return title.format(count=f"{len(names):,}", folder=folder), named
