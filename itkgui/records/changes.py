"""What is newer on the server than in a component that was loaded before."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from itkgui.language import _, ngettext
from itkgui.records.component import Component


@dataclass(frozen=True)
class Changes:
    """What differs, as words for people: ``"stage"``, ``"2 new attachments"``; empty if nothing does."""

    what: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.what)


def changes_between(old: Component, new: Component, ready_runs: int | None) -> Changes:
    """Compare a component with a fresh answer that has no test runs, and with their count.

    A revision that grew without a difference that is known here is told as "other data".
    """
    pairs = (
        (_("stage"), old.stage.code, new.stage.code),
        (_("location"), old.location.code, new.location.code),
        (_("owner"), old.institution.code, new.institution.code),
        (_("serial number"), old.serial_number, new.serial_number),
        (_("grade"), old.grade, new.grade),
        (_("marks"), (old.flags, old.labels), (new.flags, new.labels)),
        (_("properties"), old.properties, new.properties),
        (_("parts"), _filled(old), _filled(new)),
        (_("parents"), old.parents, new.parents),
    )
    what = [word for word, before, now in pairs if before != now]
    files = _difference({a.code for a in old.attachments}, {a.code for a in new.attachments})
    comments = _difference({(c.code, c.text) for c in old.comments}, {(c.code, c.text) for c in new.comments})
    more = ready_runs - sum(not run.is_deleted for run in old.runs) if ready_runs is not None else 0
    for count, said in (
        (files[0], ngettext("{count} new attachment", "{count} new attachments", files[0])),
        (files[1], ngettext("{count} attachment gone", "{count} attachments gone", files[1])),
        (comments[0], ngettext("{count} new comment", "{count} new comments", comments[0])),
        (comments[1], ngettext("{count} comment gone", "{count} comments gone", comments[1])),
        (more, ngettext("{count} new test run", "{count} new test runs", more)),
        (-more, ngettext("{count} test run gone", "{count} test runs gone", -more)),
    ):
        if count > 0:
            what.append(said.format(count=count))
    is_newer = (new.revision, new.modified) != (old.revision, old.modified)
    return Changes(tuple(what) or ((_("other data"),) if is_newer else ()))


def _filled(component: Component) -> tuple[tuple[str, str], ...]:
    return tuple((slot.id, slot.component.key if slot.component else "") for slot in component.children)


def _difference(before: Set[object], now: Set[object]) -> tuple[int, int]:
    """Return how many are new, and how many are gone."""
    return len(now - before), len(before - now)
