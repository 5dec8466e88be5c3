"""The shipments of the sample data, with their files: how parts came from where they were made."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cached_property, lru_cache

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.histories import Histories
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import DAY, HOUR, MINUTE
from itkgui.sandbox.records import Attachment, Comment, Shipment, ShipmentStep

CHECKLIST = (
    ("Q01", "Was the shipment packaged well?"),
    ("Q02", "Is the outer box undamaged?"),
    ("Q03", "Is the inner box undamaged?"),
    ("Q04", "Was an ESD bag used?"),
    ("Q05", "Was a humidity bag used?"),
    ("Q06", "Was a vacuum bag used?"),
    ("Q07", "Is a 50 g shock watch present?"),
    ("Q08", "Is the 50 g shock watch not triggered?"),
    ("Q09", "Is a 25 g shock watch present?"),
    ("Q10", "Is the 25 g shock watch not triggered?"),
    ("Q11", "Is desiccant in the box?"),
    ("Q12", "Is a humidity indicator in the box?"),
    ("Q13", "Which humidity does it show, in per cent?"),
    ("Q14", "Are all items present?"),
    ("Q15", "Other remarks"),
)
_SERVICES = ("DHL Express", "FedEx International", "UPS Worldwide", "hand carried")
# One loose part in so many is about to leave, or on its way, when the sample data end.
_LEAVING = 9
_WITH_LIST, _WITH_PHOTO = 0.7, 0.5  # how many shipments have these files

_REMARKS = (
    "One corner of the outer box is dented; the inner box is untouched.",
    "The customs seal was opened and closed again, the ESD bag was not.",
    "Stood in the store over the weekend, at about 22 °C.",
)

# sender, recipient, parts, whether they have arrived
_Group = tuple[int, int, tuple[int, ...], bool]


class Shipments:
    """Sorts all travelled parts into shipments on the first question; derives each when it is asked for."""

    def __init__(self, catalogue: Catalogue, histories: Histories) -> None:
        self._catalogue = catalogue
        self._histories = histories
        self._places = catalogue.definitions.institutions
        self.one = lru_cache(maxsize=1024)(self._one)

    @cached_property
    def _groups(self) -> list[_Group]:
        together: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        leaving: list[_Group] = []
        for part in self._catalogue.parts:
            needed_at = self._needed_at(part)
            if part.owner != needed_at:
                # What was built into the same parent came together.
                target = part.parent if part.parent >= 0 else -1 - part.index
                together[target, part.owner, needed_at].append(part.index)
            elif self._leaves(part):
                leaving.append((part.location, self._destination(part), (part.index,), False))
        arrived = [
            (sender, recipient, tuple(indexes), True) for (_, sender, recipient), indexes in together.items()
        ]
        return [*arrived, *leaving]

    @cached_property
    def _group_of(self) -> dict[int, int]:
        return {index: number for number, group in enumerate(self._groups) for index in group[2]}

    def count(self) -> int:
        return len(self._groups)

    def of_part(self, index: int) -> tuple[Shipment, ...]:
        """Return the shipments of a part, oldest first; the sample data have one at most."""
        number = self._group_of.get(index)
        return () if number is None else (self.one(number),)

    def touching(self, places: set[int]) -> list[int]:
        """Return the numbers of the shipments that left or were meant for one of these institutions."""
        groups = enumerate(self._groups)
        return [number for number, group in groups if group[0] in places or group[1] in places]

    def _one(self, number: int) -> Shipment:
        sender, recipient, indexes, arrived = self._groups[number]
        parts = [self._catalogue.parts[index] for index in indexes]
        if arrived:
            return self._delivered(number, parts, sender, recipient)
        return self._open(number, parts[0], recipient)

    def _needed_at(self, part: Part) -> int:
        """Return where a part was sent: to where its parent was made, with which it travels on from there."""
        return self._catalogue.parts[part.parent].owner if part.parent >= 0 else part.location

    def _leaves(self, part: Part) -> bool:
        loose = part.parent < 0 and not part.children and part.state == "ready" and not part.trashed
        return loose and part.index % _LEAVING == 0

    def _destination(self, part: Part) -> int:
        others = [place for place in range(len(self._places)) if place != part.location]
        # What is common to all goes anywhere.
        alike = [place for place in others if part.kind.project in self._places[place].projects]
        return self._histories.rng("destination", part.index).choice(alike or others)

    def _delivered(self, number: int, parts: list[Part], sender: int, recipient: int) -> Shipment:
        first, last = max(part.created for part in parts), min(self._needed(part) for part in parts)
        rng = self._histories.rng("shipment", number)
        days = rng.uniform(0.2, 0.5)
        # Registered, packed, travelled and unpacked before anybody builds it into something.
        prepared = first + int((last - first) * days) + MINUTE
        sent = prepared + int((last - prepared) * 0.1)
        arrived = sent + min(int(rng.uniform(1.5, 9) * DAY), int((last - sent) * 0.6))
        times = (("prepared", prepared), ("inTransit", sent), ("delivered", arrived))
        return self._make(number, parts, sender, recipient, times, rng)

    def _open(self, number: int, part: Part, recipient: int) -> Shipment:
        rng = self._histories.rng("shipment", number)
        start = self._histories.modified(part) + int(rng.uniform(1, 20) * HOUR)
        times = [("prepared", start)]
        if rng.random() < 0.6:
            times.append(("inTransit", start + int(rng.uniform(0.5, 3) * DAY)))
        return self._make(number, [part], part.location, recipient, tuple(times), rng)

    def _needed(self, part: Part) -> int:
        return part.assembled or max(part.created + HOUR, self._histories.stages(part.index)[-1].time)

    def _make(
        self,
        number: int,
        parts: list[Part],
        sender: int,
        recipient: int,
        times: tuple[tuple[str, int], ...],
        rng: random.Random,
    ) -> Shipment:
        definitions = self._catalogue.definitions
        people = [
            definitions.people[rng.choice(definitions.people_at[place])].identity
            for place in (sender, recipient)
        ]
        history = tuple(ShipmentStep(status, time, people[status == "delivered"]) for status, time in times)
        arrived = history[-1].status == "delivered"
        comments: tuple[Comment, ...] = ()
        if arrived and rng.random() < 0.15:
            code = f"{history[-1].time // 1000:08x}{rng.getrandbits(64):016x}"
            comments = (Comment(code, history[-1].time + HOUR, people[1], "Arrived in good order."),)
        kinds = sorted({part.kind.name for part in parts})
        return Shipment(
            number=number,
            name=f"{', '.join(kinds)} for {self._places[recipient].code}",
            sender=sender,
            recipient=recipient,
            type=self._distance(sender, recipient),
            items=tuple(part.index for part in parts),
            identity=people[0],
            created=times[0][1],
            history=history,
            tracking="N/A" if rng.random() < 0.2 else f"{rng.randrange(10**11, 10**12)}",
            service=rng.choice(_SERVICES),
            checklist=_checklist(rng) if arrived else None,
            comments=comments,
            attachments=self._attachments(number, history),
        )

    def _attachments(self, number: int, history: tuple[ShipmentStep, ...]) -> tuple[Attachment, ...]:
        """Return the packing list that the sender added, and the recipient's photograph of the box."""
        rng = self._histories.rng("shipment files", number)
        packed, latest = history[0], history[-1]
        # The list is there before the parcel goes.
        soon = min(5 * MINUTE, (history[1].time - packed.time) // 2) if len(history) > 1 else 5 * MINUTE
        made = []
        if rng.random() < _WITH_LIST:
            made.append(("packing list", "packing_list.csv", "text/csv", "Packing list", packed, soon))
        if latest.status == "delivered" and rng.random() < _WITH_PHOTO:
            made.append(("parcel", "box_on_arrival.jpg", "", "The box, unopened", latest, 20 * MINUTE))
        return tuple(
            Attachment(
                code=code,
                title=title if content_type else filename,  # EOS forgets both (API reference §6.2)
                description=title,
                filename=filename if content_type else code,
                content_type=content_type or None,
                type="file" if content_type else "eos",
                time=step.time + later,
                identity=step.identity,
                sample=sample,
            )
            for place, (sample, filename, content_type, title, step, later) in enumerate(made)
            for code in (self._catalogue.ids.code(IdKind.SHIPMENT_ATTACHMENT, number, place),)
        )

    def _distance(self, sender: int, recipient: int) -> str:
        one, other = self._places[sender], self._places[recipient]
        if one.country == other.country:
            return "domestic"
        return "intraContinental" if abs(one.longitude - other.longitude) < 45 else "continental"


def _checklist(rng: random.Random) -> dict[str, object]:
    questions = []
    for code, text in CHECKLIST:
        value: bool | str = rng.random() > 0.04
        if code == "Q13":
            value = str(rng.randrange(8, 35))
        elif code == "Q15":
            value = rng.choice(_REMARKS) if rng.random() < 0.3 else ""
        questions.append({"code": code, "text": text, "value": value})
    return {"type": "DEFAULT", "questionList": questions}
