"""What about a component and the parts in it does not fit together, found in what was loaded of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from itkgui.records.attachment import Attachment, Storage
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.component_type import ComponentType
from itkgui.records.finding import Corner, Finding, Severity
from itkgui.records.run_consistency import findings_in_runs
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun

_NAMED = 5  # findings of one sort; what is more is counted
_ORDER = list(Severity)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was loaded of a component, whole or in part; what is missing here is not judged.

    ``parts`` are those asked for that the server knows, ``types`` the component types by their codes;
    ``shipments`` is None if the server refused to tell.
    """

    component: Component
    now: datetime
    runs: Sequence[TestRunSummary] = ()
    asked: Sequence[ComponentSummary] = ()
    parts: Sequence[Component] = ()
    types: Mapping[str, ComponentType] = field(default_factory=dict)
    shipments: Sequence[Shipment] | None = ()

    @property
    def kind(self) -> ComponentType | None:
        return self.types.get(self.component.component_type.code)


def findings_about(known: Known) -> tuple[Finding, ...]:
    """Return all that should be looked at, what matters most first."""
    component = known.component
    found = [
        *_in_the_record(component, known.kind),
        *_in_the_slots(component),
        *_among_parts(known),
        *_in_shipments(component, known.shipments),
        *_bundled(
            [*findings_in_runs(component, known.runs, known.kind, known.now)], "test runs", Corner.TESTS
        ),
        *_bundled([*_in_attachments(component, known.runs)], "attachments", None),
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _bundled(found: list[Finding], what: str, corner: Corner | None) -> Iterator[Finding]:
    """Yield the first findings of one sort, those that matter most, and count the others."""
    found.sort(key=lambda finding: _ORDER.index(finding.severity))
    yield from found[:_NAMED]
    rest = found[_NAMED:]
    if rest:
        words = f"{len(rest):,} more findings about {what}."
        yield Finding(rest[0].severity, words, "Look at the first: the others may be alike.", corner)


# The component itself ---------------------------------------------------------------------------------------


def _in_the_record(component: Component, kind: ComponentType | None) -> Iterator[Finding]:
    stage = component.stage
    if not stage:
        yield Finding(Severity.CHECK, "It has no stage.", "Set one: what is due, and limits, go by it.")
    elif kind and kind.stages and not kind.has_stage(stage.code):
        yield Finding(
            Severity.WRONG,
            f"It is at the stage {stage.label}, which the type {kind.reference.label} does not have.",
            "Set a stage of its type.",
            Corner.HISTORY,
        )
    steps = [(step.moment, step.stage) for step in component.steps if step.moment and step.stage.code]
    if steps and stage.code:
        last_moment = max(moment for moment, _ in steps)
        last = [step for moment, step in steps if moment == last_moment]  # of one moment, all may be the last
        if stage.code not in (step.code for step in last):
            yield Finding(
                Severity.CHECK,
                f"Its stage is {stage.label}, but its history ends at {last[-1].label}.",
                "Load again in a while: a new stage takes seconds to show. Else set the stage anew.",
                Corner.HISTORY,
            )
    empty = [item.label for item in component.properties if item.is_required and item.is_empty]
    if empty:
        more = f" and {len(empty) - _NAMED:,} more" if len(empty) > _NAMED else ""
        yield Finding(
            Severity.CHECK,
            f"Required and empty: {', '.join(empty[:_NAMED])}{more}.",
            "Fill in what is known of it: tests and assembly may ask for it.",
        )
    moves = [(move.moment, move.institution.id) for move in component.moves if move.moment]
    if moves and component.location.id:
        last_moment = max(moment for moment, _ in moves)
        arrived = [place for moment, place in moves if moment == last_moment]
        if all(arrived) and component.location.id not in arrived:
            yield Finding(
                Severity.CHECK,
                f"It is said to be at {component.location.label}, but arrived somewhere else last.",
                "Look where it is, and at its shipments.",
                Corner.HISTORY,
            )
    above = next((slot.component for slot in component.parents if slot.component), None)
    if component.is_gone and above is None:
        yield Finding(
            Severity.CHECK,
            f"It is {component.gone_word}.",
            "Do not build it in, test it or send it, unless the mark is wrong: then take that away.",
        )
    elif component.is_gone and above is not None:
        yield Finding(
            Severity.WRONG,
            f"It is {component.gone_word}, and still part of {above.label}.",
            "Take it out of there, or take the mark away.",
            above,
        )


# What is in it ----------------------------------------------------------------------------------------------


def _in_the_slots(component: Component) -> Iterator[Finding]:
    empty = Counter(
        slot.component_type.label or "no type told" for slot in component.children if not slot.component
    )
    if empty:
        kinds = ", ".join(f"{kind} ({count:,})" for kind, count in empty.most_common(_NAMED))
        slots = "slot" if len(component.children) == 1 else "slots"
        yield Finding(
            Severity.NOTE,
            f"{sum(empty.values()):,} of {len(component.children):,} {slots} empty: {kinds}.",
            "Put the parts in as they are built in.",
            Corner.FAMILY,
        )
    filled = {slot.component.key: slot.component for slot in component.children if slot.component}
    places = Counter(slot.component.key for slot in component.children if slot.component)
    for key, count in places.items():
        if key and count > 1:
            part = filled[key]
            yield Finding(
                Severity.WRONG,
                f"{part.label} stands in {count} slots.",
                "Take it out of those that it is not in.",
                part,
            )


def _among_parts(known: Known) -> Iterator[Finding]:
    sorts = (
        ("parts", _gone_parts(known)),
        ("parts at another stage", _out_of_step(known)),
        ("parts at another place", _elsewhere(known)),
        ("parts that are not known here", _not_mutual(known)),
        ("names used twice", _same_names(known)),
    )
    for what, found in sorts:
        yield from _bundled([*found], what, Corner.FAMILY)


def _gone_parts(known: Known) -> Iterator[Finding]:
    keys = {key for part in known.parts for key in _keys(part)}
    for asked in known.asked:
        if keys.isdisjoint(_keys(asked)):
            yield Finding(
                Severity.WRONG,
                f"{asked.label} is built in, but the server does not know it any more.",
                "Ask who deleted it, or put in the right part.",
                Corner.FAMILY,
            )
    for part in known.parts:
        if part.is_gone:
            yield Finding(
                Severity.WRONG,
                f"{part.label} is built in, but {part.gone_word}.",
                "Take it out, or take the mark away.",
                part,
            )


def _out_of_step(known: Known) -> Iterator[Finding]:
    """Yield the parts whose stage disagrees with that of the component they are in.

    The stages of what is built in repeat those of the assembly: a bare module and the chips in it go through
    ``MODULE/…`` with their module, and a site sets them one by one (API reference §8.3). So a part whose
    component type has the assembly's stage must be at it. A type that does not have it, as the PCB, ends at
    a stage of its own and is not judged; nor is a part, or an assembly, without a stage.
    """
    wanted = known.component.stage
    for part in known.parts if wanted.code else ():
        kind = known.types.get(part.component_type.code)
        if part.stage and part.stage.code != wanted.code and kind and kind.has_stage(wanted.code):
            yield Finding(
                Severity.CHECK,
                f"{_named(part)} is at another stage: {part.stage.label}.",
                f"Set it to {wanted.label}, or bring both to where they really are.",
                part,
            )


def _elsewhere(known: Known) -> Iterator[Finding]:
    here = known.component.location
    for part in known.parts:
        if here.code and part.location.code and part.location.code != here.code:
            yield Finding(
                Severity.CHECK,
                f"{_named(part)} is said to be at {part.location.label}.",
                f"Built in here, it should be at {here.label}, too: send it along, or look which is right.",
                part,
            )


def _not_mutual(known: Known) -> Iterator[Finding]:
    own = _keys(known.component)
    for part in known.parts:
        above = [slot.component for slot in part.parents if slot.component]
        if above and all(own.isdisjoint(_keys(parent)) for parent in above):
            yield Finding(
                Severity.WRONG,
                f"{_named(part)} is built in here, and says that it is in {above[0].label}.",
                "Take it out where it is not.",
                part,
            )


def _same_names(known: Known) -> Iterator[Finding]:
    names: dict[str, ComponentSummary] = {}
    for part in (known.component, *known.parts):
        name = part.alternative_identifier.strip()
        if not name:
            continue
        other = names.setdefault(name, part)
        if other is not part and _keys(other).isdisjoint(_keys(part)):
            yield Finding(
                Severity.CHECK,
                f"{_named(part)} and {_named(other)} have the same alternative identifier, {name}.",
                "A scan of it finds only one of the two: give each its own.",
                part,
            )


def _named(part: ComponentSummary) -> str:
    return f"{part.component_type.label} {part.label}".strip()


def _keys(part: ComponentSummary) -> set[str]:
    return {key for key in (part.id, part.code, part.serial_number) if key}


# On the way -------------------------------------------------------------------------------------------------


def _in_shipments(component: Component, shipments: Sequence[Shipment] | None) -> Iterator[Finding]:
    if shipments is None:
        words = "Its shipments could not be looked at: the server refused to tell them."
        yield Finding(Severity.NOTE, words, "Look into the tab Shipments, which says why.", Corner.SHIPMENTS)
        return
    under_way = [s for s in shipments if s.status == "inTransit" and not s.is_deleted]
    for shipment in under_way[:_NAMED]:
        goal = shipment.recipient
        if goal.code and goal.code == component.location.code:
            yield Finding(
                Severity.CHECK,
                f"The shipment {shipment.label} is still in transit to {goal.label}, where it is said to be.",
                "If it has arrived, set the shipment to delivered.",
                shipment,
            )
        else:
            yield Finding(
                Severity.NOTE,
                f"It is on its way to {goal.label or 'an unknown place'}: {shipment.label}.",
                "When it has arrived, the recipient sets the shipment to delivered.",
                shipment,
            )
    if len(under_way) > 1:
        yield Finding(
            Severity.WRONG,
            f"It is in {len(under_way)} shipments at once that are in transit.",
            "Set those that have arrived to delivered, and delete what never went.",
            under_way[0],
        )
    if component.is_in_transit and shipments and not under_way:
        yield Finding(
            Severity.CHECK,
            "It is marked as in transit, but none of its shipments is.",
            "Look at its shipments; where it really is, somebody can tell who has it.",
            shipments[0],
        )


# Its files --------------------------------------------------------------------------------------------------


def _in_attachments(component: Component, runs: Sequence[TestRunSummary]) -> Iterator[Finding]:
    owned = list(component.attachments)
    for run in runs:
        if isinstance(run, TestRun) and not run.is_deleted:
            owned += run.attachments
    for attachment in owned:
        fault = _fault_of(attachment)
        if fault:
            name = attachment.display_name or "without a name"
            yield Finding(
                Severity.CHECK,
                f"The attachment {name} of {attachment.owner.label} {fault}.",
                "Attach the file once more, then delete this entry.",
                attachment,
            )


def _fault_of(attachment: Attachment) -> str:
    if not attachment.code:
        return "has no code, so it cannot be fetched"
    if attachment.storage is Storage.LINK and not attachment.url:
        return "is a link without an address"
    if attachment.storage is Storage.EOS and not attachment.url:
        return "is on EOS, but its address is not told"
    return ""
