"""What about a component and the parts in it does not fit together, found in what was loaded of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from itkgui.language import _, ngettext
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
            [*findings_in_runs(component, known.runs, known.kind, known.now)],
            lambda count: ngettext(
                "{count:,} more finding about test runs.", "{count:,} more findings about test runs.", count
            ),
            Corner.TESTS,
        ),
        *_bundled(
            [*_in_attachments(component, known.runs)],
            lambda count: ngettext(
                "{count:,} more finding about attachments.",
                "{count:,} more findings about attachments.",
                count,
            ),
            None,
        ),
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _bundled(found: list[Finding], words: Callable[[int], str], corner: Corner | None) -> Iterator[Finding]:
    """Yield the first findings of one sort, those that matter most, and count the others in ``words``."""
    found.sort(key=lambda finding: _ORDER.index(finding.severity))
    yield from found[:_NAMED]
    rest = found[_NAMED:]
    if rest:
        text = words(len(rest)).format(count=len(rest))
        yield Finding(rest[0].severity, text, _("Look at the first: the others may be alike."), corner)


# The component itself ---------------------------------------------------------------------------------------


def _in_the_record(component: Component, kind: ComponentType | None) -> Iterator[Finding]:
    stage = component.stage
    if not stage:
        yield Finding(Severity.CHECK, _("It has no stage."), _("Set one: what is due, and limits, go by it."))
    elif kind and kind.stages and not kind.has_stage(stage.code):
        yield Finding(
            Severity.WRONG,
            _("It is at the stage {stage}, which the type {type} does not have.").format(
                stage=stage.label, type=kind.reference.label
            ),
            _("Set a stage of its type."),
            Corner.HISTORY,
        )
    steps = [(step.moment, step.stage) for step in component.steps if step.moment and step.stage.code]
    if steps and stage.code:
        last_moment = max(moment for moment, _stage in steps)
        last = [step for moment, step in steps if moment == last_moment]  # of one moment, all may be the last
        if stage.code not in (step.code for step in last):
            yield Finding(
                Severity.CHECK,
                _("Its stage is {stage}, but its history ends at {last}.").format(
                    stage=stage.label, last=last[-1].label
                ),
                _("Load again in a while: a new stage takes seconds to show. Else set the stage anew."),
                Corner.HISTORY,
            )
    empty = [item.label for item in component.properties if item.is_required and item.is_empty]
    if empty:
        more = len(empty) - _NAMED
        text = (
            _("Required and empty: {names} and {count:,} more.")
            if more > 0
            else _("Required and empty: {names}.")
        )
        yield Finding(
            Severity.CHECK,
            text.format(names=", ".join(empty[:_NAMED]), count=more),
            _("Fill in what is known of it: tests and assembly may ask for it."),
        )
    moves = [(move.moment, move.institution.id) for move in component.moves if move.moment]
    if moves and component.location.id:
        last_moment = max(moment for moment, _place in moves)
        arrived = [place for moment, place in moves if moment == last_moment]
        if all(arrived) and component.location.id not in arrived:
            yield Finding(
                Severity.CHECK,
                _("It is said to be at {place}, but arrived somewhere else last.").format(
                    place=component.location.label
                ),
                _("Look where it is, and at its shipments."),
                Corner.HISTORY,
            )
    above = next((slot.component for slot in component.parents if slot.component), None)
    if component.is_gone and above is None:
        yield Finding(
            Severity.CHECK,
            _("It is {mark}.").format(mark=_(component.gone_word)),
            _("Do not build it in, test it or send it, unless the mark is wrong: then take that away."),
        )
    elif component.is_gone and above is not None:
        yield Finding(
            Severity.WRONG,
            _("It is {mark}, and still part of {above}.").format(
                mark=_(component.gone_word), above=above.label
            ),
            _("Take it out of there, or take the mark away."),
            above,
        )


# What is in it ----------------------------------------------------------------------------------------------


def _in_the_slots(component: Component) -> Iterator[Finding]:
    empty = Counter(
        slot.component_type.label or _("no type told") for slot in component.children if not slot.component
    )
    if empty:
        kinds = ", ".join(f"{kind} ({count:,})" for kind, count in empty.most_common(_NAMED))
        told = ngettext(
            "{empty:,} of {count:,} slot empty: {kinds}.",
            "{empty:,} of {count:,} slots empty: {kinds}.",
            len(component.children),
        )
        yield Finding(
            Severity.NOTE,
            told.format(empty=sum(empty.values()), count=len(component.children), kinds=kinds),
            _("Put the parts in as they are built in."),
            Corner.FAMILY,
        )
    filled = {slot.component.key: slot.component for slot in component.children if slot.component}
    places = Counter(slot.component.key for slot in component.children if slot.component)
    for key, count in places.items():
        if key and count > 1:
            part = filled[key]
            yield Finding(
                Severity.WRONG,
                ngettext("{name} stands in {count} slot.", "{name} stands in {count} slots.", count).format(
                    name=part.label, count=count
                ),
                _("Take it out of those that it is not in."),
                part,
            )


def _among_parts(known: Known) -> Iterator[Finding]:
    for find, words in _SORTS_OF_PARTS.items():
        yield from _bundled([*find(known)], words, Corner.FAMILY)


def _gone_parts(known: Known) -> Iterator[Finding]:
    keys = {key for part in known.parts for key in _keys(part)}
    for asked in known.asked:
        if keys.isdisjoint(_keys(asked)):
            yield Finding(
                Severity.WRONG,
                _("{name} is built in, but the server does not know it any more.").format(name=asked.label),
                _("Ask who deleted it, or put in the right part."),
                Corner.FAMILY,
            )
    for part in known.parts:
        if part.is_gone:
            yield Finding(
                Severity.WRONG,
                _("{name} is built in, but {mark}.").format(name=part.label, mark=_(part.gone_word)),
                _("Take it out, or take the mark away."),
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
                _("{name} is at another stage: {stage}.").format(name=_named(part), stage=part.stage.label),
                _("Set it to {stage}, or bring both to where they really are.").format(stage=wanted.label),
                part,
            )


def _elsewhere(known: Known) -> Iterator[Finding]:
    here = known.component.location
    for part in known.parts:
        if here.code and part.location.code and part.location.code != here.code:
            yield Finding(
                Severity.CHECK,
                _("{name} is said to be at {place}.").format(name=_named(part), place=part.location.label),
                _(
                    "Built in here, it should be at {place}, too: send it along, or look which is right."
                ).format(place=here.label),
                part,
            )


def _not_mutual(known: Known) -> Iterator[Finding]:
    own = _keys(known.component)
    for part in known.parts:
        above = [slot.component for slot in part.parents if slot.component]
        if above and all(own.isdisjoint(_keys(parent)) for parent in above):
            yield Finding(
                Severity.WRONG,
                _("{name} is built in here, and says that it is in {above}.").format(
                    name=_named(part), above=above[0].label
                ),
                _("Take it out where it is not."),
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
                _("{name} and {other} have the same alternative identifier, {identifier}.").format(
                    name=_named(part), other=_named(other), identifier=name
                ),
                _("A scan of it finds only one of the two: give each its own."),
                part,
            )


_SORTS_OF_PARTS: Mapping[Callable[[Known], Iterator[Finding]], Callable[[int], str]] = {
    _gone_parts: lambda count: ngettext(
        "{count:,} more finding about parts.", "{count:,} more findings about parts.", count
    ),
    _out_of_step: lambda count: ngettext(
        "{count:,} more finding about parts at another stage.",
        "{count:,} more findings about parts at another stage.",
        count,
    ),
    _elsewhere: lambda count: ngettext(
        "{count:,} more finding about parts at another place.",
        "{count:,} more findings about parts at another place.",
        count,
    ),
    _not_mutual: lambda count: ngettext(
        "{count:,} more finding about parts that are not known here.",
        "{count:,} more findings about parts that are not known here.",
        count,
    ),
    _same_names: lambda count: ngettext(
        "{count:,} more finding about names used twice.",
        "{count:,} more findings about names used twice.",
        count,
    ),
}


def _named(part: ComponentSummary) -> str:
    return f"{part.component_type.label} {part.label}".strip()


def _keys(part: ComponentSummary) -> set[str]:
    return {key for key in (part.id, part.code, part.serial_number) if key}


# On the way -------------------------------------------------------------------------------------------------


def _in_shipments(component: Component, shipments: Sequence[Shipment] | None) -> Iterator[Finding]:
    if shipments is None:
        words = _("Its shipments could not be looked at: the server refused to tell them.")
        yield Finding(
            Severity.NOTE, words, _("Look into the tab Shipments, which says why."), Corner.SHIPMENTS
        )
        return
    under_way = [s for s in shipments if s.status == "inTransit" and not s.is_deleted]
    for shipment in under_way[:_NAMED]:
        goal = shipment.recipient
        if goal.code and goal.code == component.location.code:
            yield Finding(
                Severity.CHECK,
                _("The shipment {name} is still in transit to {place}, where it is said to be.").format(
                    name=shipment.label, place=goal.label
                ),
                _("If it has arrived, set the shipment to delivered."),
                shipment,
            )
        else:
            text = (
                _("It is on its way to {place}: {name}.")
                if goal.label
                else _("It is on its way to an unknown place: {name}.")
            )
            yield Finding(
                Severity.NOTE,
                text.format(place=goal.label, name=shipment.label),
                _("When it has arrived, the recipient sets the shipment to delivered."),
                shipment,
            )
    if len(under_way) > 1:
        yield Finding(
            Severity.WRONG,
            ngettext(
                "It is in {count} shipment at once that are in transit.",
                "It is in {count} shipments at once that are in transit.",
                len(under_way),
            ).format(count=len(under_way)),
            _("Set those that have arrived to delivered, and delete what never went."),
            under_way[0],
        )
    if component.is_in_transit and shipments and not under_way:
        yield Finding(
            Severity.CHECK,
            _("It is marked as in transit, but none of its shipments is."),
            _("Look at its shipments; where it really is, somebody can tell who has it."),
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
            name = attachment.display_name or _("without a name")
            yield Finding(
                Severity.CHECK,
                fault.format(name=name, owner=attachment.owner.label),
                _("Attach the file once more, then delete this entry."),
                attachment,
            )


def _fault_of(attachment: Attachment) -> str:
    """Return what is wrong with it, with fields for its name and its owner; empty if nothing is."""
    if not attachment.code:
        return _("The attachment {name} of {owner} has no code, so it cannot be fetched.")
    if attachment.storage is Storage.LINK and not attachment.url:
        return _("The attachment {name} of {owner} is a link without an address.")
    if attachment.storage is Storage.EOS and not attachment.url:
        return _("The attachment {name} of {owner} is on EOS, but its address is not told.")
    return ""
