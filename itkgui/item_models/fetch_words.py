"""What came of fetching a tray ahead, in words that hide nothing."""

from __future__ import annotations

from itkgui.client.fetch_ahead import Fetched, NoLongerKept, Progress
from itkgui.language import _, ngettext
from itkgui.records.sizes import size_text

_NAMED = 3  # components whose names stand in the sentence


def progress_text(progress: Progress) -> str:
    """Return how far it is."""
    return _("Fetching {number} of {total}: {name}; {size} of files").format(
        number=f"{min(len(progress.done) + 1, progress.total):,}",
        total=f"{progress.total:,}",
        name=progress.now or "…",
        size=size_text(progress.size),
    )


def tally_text(progress: Progress, *, was_stopped: bool = False) -> str:
    """Return what can be read off line now, and what cannot, and why."""
    ready = [one for one in progress.done if one.is_page_here]
    files = sum(one.files for one in ready)
    lost = [one for one in progress.done if isinstance(one.problem, NoLongerKept)]
    whole = _("{ready} of {total} can be read off line, with {files} files ({size}).")
    said = [  # how much the lost ones had of all bytes is not known
        (_("{ready} of {total} can be read off line, with {files} files.") if lost else whole).format(
            ready=f"{len(ready):,}",
            total=f"{progress.total:,}",
            files=f"{files:,}",
            size=size_text(progress.size),
        )
    ]
    refused = [one for one in progress.done if one.problem is not None and one not in lost]
    if refused:
        some, all_of_them = _("Not had: {names} and {count} more."), _("Not had: {names}.")
        said.append(_naming(refused, some, all_of_them))
    if lost:
        some = _("Changed since, so to be fetched again: {names} and {count} more.")
        said.append(_naming(lost, some, _("Changed since, so to be fetched again: {names}.")))
    failed = sum(len(one.failed) for one in ready)
    large = sum(len(one.too_large) for one in ready)
    if failed:
        text = ngettext("{count} file could not be had.", "{count} files could not be had.", failed)
        said.append(text.format(count=f"{failed:,}"))
    if large:
        text = ngettext(
            "{count} file was left out: too large.", "{count} files were left out: too large.", large
        )
        said.append(text.format(count=f"{large:,}"))
    if progress.is_full:
        said.append(_("There is no more room for files: the settings say how much is kept."))
    if progress.stopped_by is not None:
        said.append(
            _("It ended early: {reason} What is missing can be fetched later.").format(
                reason=f"{progress.stopped_by.title}."
            )
        )
    elif was_stopped:
        said.append(_("It was stopped."))
    return " ".join(said)


def _naming(those: list[Fetched], some: str, all_of_them: str) -> str:
    names, more = ", ".join(one.name for one in those[:_NAMED]), len(those) - _NAMED
    return (some if more > 0 else all_of_them).format(names=names, count=more)


def tone_of(progress: Progress) -> str:
    """Return the tone in which to tell it."""
    is_whole = len(progress.done) == progress.total and all(one.is_whole for one in progress.done)
    return "good" if is_whole and not progress.is_full else "caution"
