"""Who and where: coded things, institutions and users."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from itkgui.records.json_fields import Json, child, flag, number, objects, text


@dataclass(frozen=True)
class Reference:
    """Anything the database names by a code and a name: a project, a component type, an institution.

    ``id`` is its object id where the server tells it; two references to the same thing are equal without it.
    """

    code: str
    name: str = ""
    id: str = field(default="", compare=False, kw_only=True)

    @classmethod
    def from_json(cls, data: Json) -> Reference:
        code, name, object_id = text(data, "code"), text(data, "name"), text(data, "id")
        if len(code) + len(name) + len(object_id) > SHARED_LENGTH:
            return cls(code, name, id=object_id)
        return _shared_reference(code, name, id=object_id)

    def __bool__(self) -> bool:
        return bool(self.code or self.name)

    @property
    def label(self) -> str:
        """The name people use, or the code where there is no name."""
        return self.name or self.code


# The same few references stand in every row of a list: shared, 100,000 rows take half the memory. Those of
# a length that no real one has are not kept.
_shared_reference = lru_cache(maxsize=4096)(Reference)
SHARED_LENGTH = 300


@dataclass(frozen=True)
class Institution(Reference):
    """A place where parts are made, tested or kept (API reference §5.1); coordinates in degrees.

    ``address`` is as one writes it on a parcel, line by line; empty where the server does not tell it.
    """

    address: tuple[str, ...] = field(default=(), compare=False)
    city: str = field(default="", compare=False)
    country: str = field(default="", compare=False)
    latitude: float | None = field(default=None, compare=False)
    longitude: float | None = field(default=None, compare=False)

    @classmethod
    def from_json(cls, data: Json) -> Institution:
        address = child(data, "address")
        return cls(
            text(data, "code"),
            text(data, "name"),
            id=text(data, "id"),
            address=_address_lines(address),
            city=text(address, "city"),
            country=text(address, "country"),
            latitude=number(data, "latitude"),  # a string in shipments (API reference §9.10)
            longitude=number(data, "longitude"),
        )


def _address_lines(address: Json) -> tuple[str, ...]:
    city = " ".join(filter(None, (text(address, "zipCode"), text(address, "city"))))
    lines = (*(text(address, key) for key in ("building", "street")), city, text(address, "state"))
    return tuple(line for line in (*lines, text(address, "country")) if line)


@dataclass(frozen=True)
class Membership:
    """A user's place in one institution, with the rights that go with it (API reference §2.5)."""

    institution: Reference
    is_default: bool
    rights: tuple[str, ...]


@dataclass(frozen=True)
class User:
    """A person known to the database; ``middle_name`` and ``email`` are empty where they are not told."""

    identity: str
    first_name: str
    last_name: str
    memberships: tuple[Membership, ...] = ()
    middle_name: str = ""
    email: str = ""
    default_project: str = ""

    _RIGHTS = ("executive", "authority", "componentManager", "clusterManager")

    @classmethod
    def from_json(cls, data: Json) -> User:
        return cls(
            identity=text(data, "userIdentity"),
            first_name=text(data, "firstName"),
            last_name=text(data, "lastName"),
            memberships=tuple(
                Membership(
                    Reference.from_json(item),
                    flag(item, "default"),
                    tuple(right for right in cls._RIGHTS if flag(item, right)),
                )
                for item in objects(data, "institutions")
            ),
            middle_name=text(data, "middleName"),
            email=text(data, "email"),
            default_project=text(child(data, "preferences"), "defaultProject"),
        )

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.identity

    @property
    def signature(self) -> str:
        """Who acts, for whoever confirms it: name and institution; empty for somebody without a name."""
        return " · ".join(filter(None, (self.name, self.home.code))) if self.name else ""

    @property
    def home(self) -> Reference:
        """The institution this user works for: the default one, else the first, else an empty reference."""
        for membership in self.memberships:
            if membership.is_default:
                return membership.institution
        return self.memberships[0].institution if self.memberships else Reference("")

    def rights_at(self, institution: str) -> tuple[str, ...] | None:
        """Return the rights at an institution, by its code; None where this user does not belong."""
        return next((m.rights for m in self.memberships if m.institution.code == institution), None)


@dataclass(frozen=True)
class Project:
    """A project of the ITk, such as pixels or strips."""

    reference: Reference
    subprojects: tuple[Reference, ...]

    @classmethod
    def from_json(cls, data: Json) -> Project:
        return cls(
            Reference.from_json(data),
            tuple(Reference.from_json(item) for item in objects(data, "subprojects")),
        )


def reference(data: Json, key: str) -> Reference:
    """Return the coded thing in a field; some answers hold a bare code or id there instead of an object."""
    value = data.get(key)
    return Reference(value) if isinstance(value, str) else Reference.from_json(child(data, key))


def user(data: Json, key: str = "user") -> User:
    """Return the person in a field; where there is none, the one whose identity stands beside it.

    Lists give a bare ``userIdentity`` instead of an object (API reference §5.3).
    """
    found = child(data, key)
    return User.from_json(found or {"userIdentity": data.get("userIdentity")})


def by_identity(data: Json, key: str) -> User:
    """Return the person whose bare identity stands in a field."""
    return User.from_json({"userIdentity": data.get(key)})
