"""What files on a page can belong to, frozen when they are dropped, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from enum import Enum
from functools import cached_property

from itkgui.language import N_, _, ngettext
from itkgui.records.attachment import Attachment, Owner
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun
from itkgui.uploads.serial_search import Sighting
from itkgui.uploads.upload_rows import Sending


class Doubt(Enum):
    """What speaks against sending a file as it is, in words to be translated where they are shown."""

    PROBLEM = N_("cannot be sent")
    MISTAKES = N_("has mistakes")
    RIGHTS = N_("not yours to send")
    OTHER_COMPONENT = N_("names another component")
    OF_ANOTHER = N_("not for here")
    THERE_ALREADY = N_("is there already")
    SAME_RUN = N_("is a run already")
    TWICE = N_("is here twice")
    SLIPS = N_("look at it first")
    FLAWED = N_("no complete results")
    HOMELESS = N_("goes nowhere yet")
    CAUTION = N_("worth knowing")

    @property
    def needs_decision(self) -> bool:
        """Whether it stops the file until somebody has said what is to become of it."""
        return self not in (Doubt.PROBLEM, Doubt.CAUTION)


@dataclass(frozen=True)
class Finding:
    """A doubt in words; ``other`` is the component that the file names, by serial number or code.

    ``run`` is the id of the test run that holds the same results. ``word`` says it in few words.
    """

    doubt: Doubt
    sentence: str
    other: str = ""
    run: str = ""
    word: str = ""


@dataclass(frozen=True)
class Target:
    """What a file can be attached to; ``name`` says it in a sentence, ``test`` is the test type of a run.

    ``short_name`` says it where the component is known.
    """

    owner: Owner
    name: str
    attachments: tuple[Attachment, ...]
    test: str = ""
    short_name: str = ""

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Attachment]]:
        """The attachments by title and by file name, the newest first."""
        first = datetime.min.replace(tzinfo=timezone.utc)
        found: dict[str, list[Attachment]] = {}
        for one in sorted(self.attachments, key=lambda one: one.moment or first, reverse=True):
            for name in {one.title, one.display_name} - {""}:
                found.setdefault(name, []).append(one)
        return found

    def namesakes(self, name: str, title: str) -> list[Attachment]:
        """Return the attachments that are called what a file is, by its title first, the newest first."""
        found = (*self._by_name.get(title, ()), *self._by_name.get(name, ()))
        return list({one.code: one for one in found}.values())


@dataclass(frozen=True)
class Home:
    """The component or the shipment on whose page files were dropped, with all that they can be attached to.

    ``own`` are the names it goes by: serial numbers and codes. ``family`` tells of others that may well be
    named what they are to it. Of a tray, ``each`` has the home of each target by itself: what is dropped
    there goes to all of them, and is judged for each.
    """

    label: str
    component: str  # its code; of a shipment, empty
    stage: str
    targets: tuple[Target, ...]
    own: frozenset[str]
    family: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[Owner, Home] = field(default_factory=dict)

    @classmethod
    def of_tray(cls, label: str, components: Iterable[Component]) -> Home:
        """Return the home of files that go to each of some components; ``label`` says so."""
        each = {component.owner: cls.of_component(component, (), ()) for component in components}
        own = frozenset(name for home in each.values() for name in home.own)
        targets = tuple(replace(home.targets[0], name=home.label, short_name="") for home in each.values())
        return cls(label, "", "", targets, own, each=each)

    def home_of(self, target: Target | None) -> Home:
        """Return the home by which what goes to a target is judged."""
        return self.each.get(target.owner, self) if target is not None else self

    @classmethod
    def of_component(cls, component: Component, runs: Sequence[TestRun], moments: Sequence[str]) -> Home:
        """``moments`` are the dates of the runs, in words."""
        name = _("the component {component}").format(component=component.label)
        targets = [Target(component.owner, name, component.attachments, short_name=_("the component"))]
        targets += [
            Target(
                replace(
                    run.owner,
                    label=_("{run} of {component}").format(run=run.owner.label, component=component.label),
                ),
                _("its test run {run}, {moment}").format(run=run.owner.label, moment=moment),
                run.attachments,
                run.test_type.code,
                _("test run {run}, {moment}").format(run=run.owner.label, moment=moment),
            )
            for run, moment in zip(runs, moments, strict=True)
            if not run.is_deleted
        ]
        children = ((slot.component, _("a part of it")) for slot in component.children)
        parents = ((slot.component, _("what it is a part of")) for slot in component.parents)
        family = {
            name: word for kin, word in (*parents, *children) if kin is not None for name in _names_of(kin)
        }
        return cls(
            component.label,
            component.code,
            component.stage.code,
            tuple(targets),
            frozenset(_names_of(component)),
            family,
        )

    @classmethod
    def of_shipment(cls, shipment: Shipment) -> Home:
        """A file of a shipment may name whatever is in it."""
        way = " → ".join(place.code or place.label for place in (shipment.sender, shipment.recipient))
        target = Target(
            shipment.owner,
            _("the shipment {shipment}, {way}").format(shipment=shipment.label, way=way),
            shipment.attachments,
        )
        own = (name for item in shipment.items for name in _names_of(item.component))
        return cls(shipment.label, "", "", (target,), frozenset(own))

    def target_of(self, owner: Owner | None) -> Target | None:
        return next((target for target in self.targets if target.owner == owner), None)

    def doubts_about_names(self, sightings: Iterable[Sighting]) -> Iterator[Finding]:
        """Yield what speaks against this home in what a file names.

        Where a part of the file names this component too, others in the same part are no reason to stop.
        """
        for sighting in sightings:
            others = [name for name in sighting.names if name not in self.own]
            strangers = [name for name in others if name not in self.family]
            is_named = len(others) < len(sighting.names)
            if strangers and not is_named:
                yield Finding(
                    Doubt.OTHER_COMPONENT, self._stranger_text(strangers, sighting.place), strangers[0]
                )
            elif strangers:
                sentence = _("It names {name} too, {place}.")
                said = sentence.format(name=strangers[0], place=sighting.place)
                yield Finding(Doubt.CAUTION, said, word=_("names others too"))
            elif others:
                sentence = _("It names {name} {place}: {kin}.")
                said = sentence.format(name=others[0], place=sighting.place, kin=self.family[others[0]])
                yield Finding(Doubt.CAUTION, said, word=_("names its family"))

    def _stranger_text(self, names: Sequence[str], place: str) -> str:
        if len(names) == 1:
            return _("It names {name} {place}, not {home}.").format(
                name=names[0], place=place, home=self.label
            )
        return ngettext(
            "It names {name} and {count} more {place}, not {home}.",
            "It names {name} and {count} more {place}, not {home}.",
            len(names) - 1,
        ).format(name=names[0], count=len(names) - 1, place=place, home=self.label)

    def doubts_about_twins(
        self,
        target: Target,
        name: str,
        title: str,
        size: int,
        sendings: Iterable[Sending],
        compared: Mapping[str, bool | None],
    ) -> Iterator[Finding]:
        """Yield where these bytes were sent before, and what has the same name on the target.

        ``compared`` tells by the codes of attachments whether they hold the same bytes, as far as is known.
        """
        codes = {attachment.code for attachment in target.attachments}
        known = list(sendings)
        here = next((one for one in known if one.target == target.owner and one.code in codes), None)
        if here is not None:
            where = _since(target, _day_of(here))
            yield Finding(Doubt.THERE_ALREADY, _very_file_text(where, here.title))
            return
        other = next((one for one in known if one.target != target.owner), None)
        if other is not None:
            sentence = _("These very bytes went from here to {target} on {moment}.")
            said = sentence.format(target=other.target.label, moment=_day_of(other))
            yield Finding(Doubt.CAUTION, said, word=_("went elsewhere too"))
        namesakes = target.namesakes(name, title)
        there = next((one for one in namesakes if compared.get(one.code)), next(iter(namesakes), None))
        if there is not None:
            where = _since(target, f"{there.moment.astimezone():%Y-%m-%d}" if there.moment else "")
            if compared.get(there.code):
                yield Finding(Doubt.THERE_ALREADY, _very_file_text(where, there.title))
            elif there.size not in (None, size) or compared.get(there.code) is False:
                sentence = _("Another file of this name is on {where}.")
                yield Finding(Doubt.CAUTION, sentence.format(where=where), word=_("name is there already"))
            elif there.size == size:
                sentence = _("A file of this name and size is on {where}.")
                yield Finding(Doubt.THERE_ALREADY, sentence.format(where=where))
            else:
                said = _("A file of this name is on {where}.").format(where=where)
                yield Finding(Doubt.CAUTION, said, word=_("name is there already"))


def _since(target: Target, moment: str) -> str:
    """Return what a file is on, and since when if that is known."""
    if not moment:
        return target.name
    return _("{target} since {moment}").format(target=target.name, moment=moment)


def _very_file_text(where: str, title: str) -> str:
    return _("This very file is on {where}, as “{title}”.").format(where=where, title=title)


def _day_of(sending: Sending) -> str:
    return f"{datetime.fromtimestamp(sending.moment).astimezone():%Y-%m-%d %H:%M}"


def _names_of(component: ComponentSummary) -> Iterator[str]:
    return filter(None, (component.serial_number, component.code))
