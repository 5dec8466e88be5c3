"""Who may sign in, where they belong, and what that lets them do (API reference §2.5).

Anybody who belongs to an institution may attach files and write comments anywhere, and take attachments away;
whatever else changes a component or measures it must happen where the component is. What the real server
answers to the others was never recorded, nor with which status (§9, 4): here it is 403.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.families import SHOWCASE_FAMILIES
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.identity_provider import Account

HOME = "UCSC"
SECOND_HOME = "CERN"
OTHER_SITE = "GL"


@dataclass(frozen=True)
class Membership:
    """What somebody is at one institution; `place` is its number."""

    place: int
    default: bool = False
    executive: bool = True
    authority: bool = False
    component_manager: bool = False
    cluster_manager: bool = False


# what the codes begin with, and a word on what they may do
ACCOUNTS = (
    (
        "sandbox",
        f"authority at {HOME} and where the parts to begin with are, executive at {SECOND_HOME}",
    ),
    ("technician", f"executive at {HOME}: the next stage only, never back"),
    ("other-site", f"authority at {OTHER_SITE}"),
    ("guest", "reads only: belongs to no institution"),
)


def accounts_text() -> str:
    """Return who can sign in, one per line."""
    return "\n".join(f"  {name:<12}{may}" for name, may in ACCOUNTS)


class Roles:
    """All memberships; the same for every seed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._definitions = catalogue.definitions

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        people = self._definitions.people
        home = self._definitions.people_at[self._definitions.institution_number(HOME)]
        other = self._definitions.people_at[self._definitions.institution_number(OTHER_SITE)]
        chosen = (home[0], home[1], other[0], len(people) - 1)
        return tuple(
            Account(
                f"{name}-code-1",
                f"{name}-code-2",
                people[number].identity,
                f"{people[number].first_name} {people[number].last_name}",
                may,
            )
            for number, (name, may) in zip(chosen, ACCOUNTS, strict=True)
        )

    def memberships(self, identity: str) -> tuple[Membership, ...]:
        """Return where a user belongs, the default institution first; empty for an unknown one."""
        person = self._definitions.person(identity)
        first, second, _, guest = (account.identity for account in self.accounts)
        if person is None or identity == guest:
            return ()
        home = Membership(
            person.institution,
            default=True,
            authority=identity != second,
            component_manager=identity != second,
            cluster_manager=identity == first,
        )
        if identity != first:
            return (home,)
        also = Membership(self._definitions.institution_number(SECOND_HOME))
        cluster = (
            Membership(place, authority=True, cluster_manager=True)
            for place in self._showcase_places
            if place not in (home.place, also.place)
        )
        return (home, also, *cluster)

    def need_membership(self, identity: str) -> None:
        """Raises CommandError for somebody who belongs nowhere."""
        if not self.memberships(identity):
            raise not_authorized("The user belongs to no institution.")

    def is_authority(self, identity: str, place: int) -> bool:
        return any(entry.place == place and entry.authority for entry in self.memberships(identity))

    def belongs(self, identity: str, place: int) -> bool:
        return any(entry.place == place for entry in self.memberships(identity))

    def need_presence(self, command: str, identity: str, place: int) -> None:
        """Raises CommandError for somebody who does not belong to the institution where a component is."""
        self.need_membership(identity)
        if not self.belongs(identity, place):
            raise CommandError(
                f"{command}/componentAtDifferentLocation",
                "The component is at an institution other than the user's.",
            )

    @cached_property
    def _showcase_places(self) -> tuple[int, ...]:
        places = {part.location for part in self._catalogue.parts if part.family in range(SHOWCASE_FAMILIES)}
        return tuple(sorted(places))


def not_authorized(message: str) -> CommandError:
    """Return the error for somebody who lacks a role."""
    return CommandError("uu-app-workspace/authorization/userIsNotAuthorized", message, 403)
