"""What is newer on the server than in a component that was loaded before."""

from __future__ import annotations

from dataclasses import dataclass

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
    pairs = {
        "stage": (old.stage.code, new.stage.code),
        "location": (old.location.code, new.location.code),
        "owner": (old.institution.code, new.institution.code),
        "serial number": (old.serial_number, new.serial_number),
        "grade": (old.grade, new.grade),
        "marks": ((old.flags, old.labels), (new.flags, new.labels)),
        "properties": (old.properties, new.properties),
        "parts": (_filled(old), _filled(new)),
        "parents": (old.parents, new.parents),
    }
    what = [word for word, (before, now) in pairs.items() if before != now]
    for word, before, now in (
        ("attachment", {a.code for a in old.attachments}, {a.code for a in new.attachments}),
        ("comment", {(c.code, c.text) for c in old.comments}, {(c.code, c.text) for c in new.comments}),
    ):
        what += _counted(word, len(now - before), len(before - now))
    if ready_runs is not None:
        more = ready_runs - sum(not run.is_deleted for run in old.runs)
        what += _counted("test run", max(0, more), max(0, -more))
    is_newer = (new.revision, new.modified) != (old.revision, old.modified)
    return Changes(tuple(what) or (("other data",) if is_newer else ()))


def _filled(component: Component) -> tuple[tuple[str, str], ...]:
    return tuple((slot.id, slot.component.key if slot.component else "") for slot in component.children)


def _counted(word: str, new: int, gone: int) -> list[str]:
    pairs = (("new {}", new), ("{} gone", gone))
    return [f"{count} {form.format(word + 's' * (count > 1))}" for form, count in pairs if count]
