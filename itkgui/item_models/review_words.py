"""Where files under review go, and what is still to be done before they can be sent, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.review_table import Tally
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.uploads.targets import Home, Target


def heading_for(rows: Iterable[ReviewRow], home: Home, target: Owner | None) -> str:
    """Return what is about to be added to what; ``target`` gets what comes without one of its own."""
    if not home.component:  # a shipment, or all of a tray
        return f"Add files to {home.label}"
    runs: dict[Owner, int] = {}
    files: dict[Owner, Target] = {}
    own = 0  # files of the runs that are about to be made
    for row in rows:
        if row.goes_to is None:
            continue
        if row.run is not None:
            runs[row.goes_to.owner] = runs.get(row.goes_to.owner, 0) + 1
        elif row.parent is not None:
            own += 1
        else:
            files[row.goes_to.owner] = row.goes_to
    if not runs:
        found = list(files.values()) or [one for one in home.targets if one.owner == target]
        return f"Add files to {_place(found, home.label)}"
    count = sum(runs.values())
    tests = "a test run" if count == 1 else f"{count:,} test runs"
    owners = list(runs)
    to = owners[0].label if len(owners) == 1 else f"{len(owners):,} components"
    heading = f"Add {tests}{' with files' if own else ''} to {to}"
    is_same = len(owners) == 1 and list(files) == owners
    where = "the component itself" if is_same else _place(list(files.values()), home.label)
    return f"{heading}, and files to {where}" if files else heading


def _place(targets: Sequence[Target], label: str) -> str:
    """Return the name of a single target, or how many there are."""
    if len(targets) > 1:
        return f"{len(targets):,} places of {label}"
    is_run = bool(targets) and targets[0].owner.kind is OwnerKind.TEST_RUN
    return f"the {targets[0].name.removeprefix('its ')}, of {label}" if is_run else label


def obstacle_in(tally: Tally, *, is_gathering: bool) -> str:
    """Return what keeps all from being sent; empty if nothing does."""
    count = tally.count
    if is_gathering or tally.unseen or tally.uncopied_runs:
        return f"Looking at the files… {count - tally.unseen:,} of {count:,}"
    if tally.broken:
        some, none = "Choose “Do not send” for the marked files to go on.", "None of these can be sent."
        return some if tally.broken < count else none
    if tally.undecided:
        what = "row" if tally.runs else "file"
        which = what if tally.undecided == 1 else f"{tally.undecided:,} {what}s"
        return f"Decide about the {which} marked red to go on."
    for number, sentence in (
        (tally.homeless, "The target chosen before is gone; choose another."),
        (tally.mistyped, "A title or a description has a field that there is not: correct it."),
        (tally.untitled, "Every file needs a title."),
        (tally.uncompared, "Comparing with what is there…"),
        (tally.to_skip, "Looking for more that is to be left out…"),
        (tally.growing, "Waiting for a file that is still being written."),
    ):
        if number:
            return sentence
    return "" if count else "There is nothing to send."
