"""Where files under review go, and what is still to be done before they can be sent, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.review_table import Tally, short_name
from itkgui.language import _, ngettext
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.records.value_check import FILE_TYPES
from itkgui.uploads.targets import Home, Target


def heading_for(rows: Iterable[ReviewRow], home: Home, target: Owner | None) -> str:
    """Return what is about to be added to what; ``target`` gets what comes without one of its own."""
    if not home.component:  # a shipment, or all of a tray
        return _("Add files to {place}").format(place=home.label)
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
        return _("Add files to {place}").format(place=_place(found, home.label))
    count = sum(runs.values())
    owners = list(runs)
    to = owners[0].label
    if len(owners) > 1:
        to = ngettext("{count:,} component", "{count:,} components", len(owners)).format(count=len(owners))
    text = _heading(count, with_files=bool(own), with_others=bool(files))
    is_same = len(owners) == 1 and list(files) == owners
    where = _("the component itself") if is_same else _place(list(files.values()), home.label)
    return text.format(count=count, component=to, place=where)


def _heading(count: int, *, with_files: bool, with_others: bool) -> str:
    """Return the heading for so many test runs, with files of theirs or not, and with other files or not."""
    if with_files and with_others:
        return ngettext(
            "Add a test run with files to {component}, and files to {place}",
            "Add {count:,} test runs with files to {component}, and files to {place}",
            count,
        )
    if with_files:
        return ngettext(
            "Add a test run with files to {component}",
            "Add {count:,} test runs with files to {component}",
            count,
        )
    if with_others:
        return ngettext(
            "Add a test run to {component}, and files to {place}",
            "Add {count:,} test runs to {component}, and files to {place}",
            count,
        )
    return ngettext("Add a test run to {component}", "Add {count:,} test runs to {component}", count)


def _place(targets: Sequence[Target], label: str) -> str:
    """Return the name of a single target, or how many there are."""
    if len(targets) > 1:
        text = ngettext("{count:,} place of {component}", "{count:,} places of {component}", len(targets))
        return text.format(count=len(targets), component=label)
    if targets and targets[0].owner.kind is OwnerKind.TEST_RUN:
        return _("the {run}, of {component}").format(run=short_name(targets[0]), component=label)
    return label


def files_hint(row: ReviewRow) -> str:
    """Return how other files can come along with results that name none; empty for other rows."""
    checked = row.checked
    if row.run is None or checked is None or checked.test_type is None or checked.errors:
        return ""
    if any(file.parameter for file in checked.files):
        return ""
    names = {FILE_TYPES[0]: "front.jpg", FILE_TYPES[1]: "data.bin"}
    found = [one for one in checked.test_type.parameters if one.data_type in names]
    if found:
        text = _(
            "Files come along if the results name them, as in {example}, and they are in the same folder or "
            "dropped together with it."
        )
        return text.format(example=f'"{found[0].code}": "{names[found[0].data_type]}"')
    return _("Files come along if they are dropped together with it.") if row.run.count == 1 else ""


def obstacle_in(tally: Tally, *, is_gathering: bool) -> str:
    """Return what keeps all from being sent; empty if nothing does."""
    count = tally.count
    if is_gathering or tally.unseen or tally.uncopied_runs:
        text = _("Looking at the files… {number:,} of {count:,}")
        return text.format(number=count - tally.unseen, count=count)
    if tally.broken:
        some, none = _("Choose “Do not send” for the marked files to go on."), _("None of these can be sent.")
        return some if tally.broken < count else none
    if tally.undecided:
        text = (
            ngettext(
                "Decide about the row marked red to go on.",
                "Decide about the {count:,} rows marked red to go on.",
                tally.undecided,
            )
            if tally.runs
            else ngettext(
                "Decide about the file marked red to go on.",
                "Decide about the {count:,} files marked red to go on.",
                tally.undecided,
            )
        )
        return text.format(count=tally.undecided)
    for number, sentence in (
        (tally.homeless, _("The target chosen before is gone; choose another.")),
        (tally.mistyped, _("A title or a description has a field that there is not: correct it.")),
        (tally.untitled, _("Every file needs a title.")),
        (tally.uncompared, _("Comparing with what is there…")),
        (tally.to_skip, _("Looking for more that is to be left out…")),
        (tally.growing, _("Waiting for a file that is still being written.")),
    ):
        if number:
            return sentence
    return "" if count else _("There is nothing to send.")
