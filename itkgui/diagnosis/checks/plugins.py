"""Which plug-ins are installed for the endings that the settings allow."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

from itkgui.decoding.plugins import READERS, VIEWERS, installed
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import N_, _

_WORDS = {VIEWERS: N_("viewer"), READERS: N_("reader")}


def look(at: Surroundings) -> Finding:
    """Look for viewers and readers by ending; none is loaded."""
    if at.settings is None:
        return Finding(Verdict.UNSEEN, _("Nobody can tell which are allowed."))
    if not at.settings.plugins:
        return Finding(Verdict.FINE, _("None is allowed, and so none is used."))
    installed_here = {group: installed(group) for group in _WORDS}
    found, lacking = [], []
    for ending in at.settings.plugins:
        functions = {group: entries[ending] for group, entries in installed_here.items() if ending in entries}
        if functions:
            found.append(f"{ending}: {', '.join(_told(functions))}")
        else:
            lacking.append(ending)
    there = _("Installed: {plugins}.").format(plugins="; ".join(found)) if found else ""
    if not lacking:
        return Finding(Verdict.FINE, there)
    none = _("None is installed for {endings}.").format(endings=", ".join(lacking))
    return Finding(
        Verdict.CAUTION,
        f"{none} {there}".strip(),
        _("Install the package that has it beside the program, or take the ending out of the settings."),
    )


def _told(functions: dict[str, EntryPoint]) -> Iterator[str]:
    for group, entry in functions.items():
        package = f" ({entry.dist.name} {entry.dist.version})" if entry.dist is not None else ""
        yield f"{_(_WORDS[group])} {entry.value}{package}"
