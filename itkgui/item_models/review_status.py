"""What a review says below its files: what is ready, left out or changed, and what another Esc gives up."""

from __future__ import annotations

from collections.abc import Sequence

from itkgui.item_models.review_table import Tally
from itkgui.language import _, ngettext
from itkgui.records.people import User
from itkgui.records.sizes import size_text


def ready_text(tally: Tally, person: str) -> str:
    """Return what would be sent, how much of it is copied, and in whose name, if that is known."""
    copied = _("{copied:,} of {count:,} copied").format(copied=tally.copied, count=tally.count)
    facts = (
        _("{size} in all").format(size=size_text(tally.size)),
        _("all copied: a stick may be pulled") if tally.copied == tally.count else copied,
        _("as {person}").format(person=person) if person else "",
    )
    return " · ".join(filter(None, facts))


def doubt_of_rights(user: User) -> str:
    """Return that the database will probably refuse what somebody wants to change; empty where it may be."""
    if user.memberships:
        return ""
    return _("Your account belongs to no institution: the database will probably refuse.")


def send_text(tally: Tally) -> str:
    """Return what the button says: how many test runs and files would be sent as they are now."""
    runs, files = tally.ready_runs, tally.ready - tally.ready_runs
    if not tally.ready:
        return _("Send")
    tests = ngettext("Send {count:,} test run", "Send {count:,} test runs", runs).format(count=runs)
    if not files:
        return tests
    if not runs:
        return ngettext("Send {count:,} file", "Send {count:,} files", files).format(count=files)
    others = ngettext("{sending} and {count:,} file", "{sending} and {count:,} files", files)
    return others.format(sending=tests, count=files)


def left_out_text(count: int) -> str:
    """Return how many files were left out because they are like others that were."""
    return ngettext(
        "{count:,} more file was left out, like those before.",
        "{count:,} more files were left out, like those before.",
        count,
    ).format(count=count)


def changed_text(names: Sequence[str]) -> str:
    """Return that files, given by their names, are not any more what was dropped."""
    return ngettext(
        "{name} has changed since the drop, so this is looked at again. Then press Send.",
        "{count:,} files have changed since the drop, so this is looked at again. Then press Send.",
        len(names),
    ).format(name=names[0], count=len(names))


def unused_words_text(names: Sequence[str]) -> str:
    """Return that files, given by their names, keep what was typed here, and not what came with them."""
    return ngettext(
        "{name} was here already, and keeps the title and description that were typed here.",
        "{count:,} files were here already, and keep the titles and descriptions that were typed here.",
        len(names),
    ).format(name=names[0], count=len(names))


def lost_text(*, is_changed: bool, is_pasted: bool) -> str:
    """Return what is lost for good with a review that is given up; empty if nothing."""
    changed = _("What was typed and decided for it is not kept.") if is_changed else ""
    return "\n".join(filter(None, (changed, _("A pasted picture is nowhere else.") if is_pasted else "")))
