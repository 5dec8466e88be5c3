"""Whether the program can keep its things: rights, room, and locks that hold."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from itkgui import log
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import _
from itkgui.records.sizes import size_text

_LEAST, _SCARCE = 200_000_000, 2_000_000_000  # bytes


def look(at: Surroundings) -> Finding:
    """Write into each folder, ask how much room there is, and try a lock."""
    if at.paths is None:
        return Finding(Verdict.UNSEEN, _("The program is too incomplete to know its folders."))
    return _judged((at.paths.config, at.paths.cache, at.paths.state, Path(tempfile.gettempdir())))


def _judged(folders: tuple[Path, ...]) -> Finding:
    from itkgui.uploads.disk import is_shared

    facts, refused, scarce, shared = [], [], [], []
    for folder in folders:
        there = _first_there(folder)
        why = _refusal(there)
        free = shutil.disk_usage(there).free
        is_of_network = is_shared(there)
        fact = _("{folder}: {free} free").format(folder=folder, free=size_text(free))
        where = _("on a disk of the network")
        facts.append(f"{fact} ({where})" if is_of_network else fact)
        if why:
            refused.append(f"{folder}: {why}")
        elif free < _SCARCE:
            scarce.append((folder, free))
        if is_of_network:
            shared.append(str(folder))
    unlogged = log.trouble()
    if unlogged:
        refused.append(_("the log ({why})").format(why=unlogged))
    if refused:
        return Finding(
            Verdict.BROKEN,
            _("Nothing can be written to {folders}.").format(folders="; ".join(refused)),
            _("Let your user write there, free some room, or set another folder with --data-dir."),
            facts,
        )
    if scarce:
        folder, free = min(scarce, key=lambda one: one[1])
        return Finding(
            Verdict.BROKEN if free < _LEAST else Verdict.CAUTION,
            _("There is little room: {free} for {folder}.").format(free=size_text(free), folder=folder),
            _("Free some room: files are copied there before they are sent."),
            facts,
        )
    if shared:
        return Finding(
            Verdict.CAUTION,
            _("Some folders are on a disk of the network: {folders}.").format(folders=", ".join(shared)),
            _("Use one computer at a time, or give each a folder of its own with --data-dir."),
            facts,
        )
    return Finding(Verdict.FINE, _("All folders can be written, and there is room."), facts=facts)


def _first_there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _refusal(folder: Path) -> str:
    """Tell why nothing can be written or locked in a folder; empty if it can."""
    from filelock import FileLock, Timeout

    if not folder.is_dir():
        return _("{file} is a file, where a folder is needed").format(file=folder)
    try:
        with tempfile.NamedTemporaryFile(prefix=".itkgui-", dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
            with FileLock(f"{file.name}.lock", timeout=1, mode=0o600, preserve_lock_file=True):
                pass
            Path(f"{file.name}.lock").unlink()
    except Timeout:
        return _("files cannot be locked")
    except OSError as error:
        return error.strerror or str(error)
    return ""
