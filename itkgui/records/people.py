"""Who and where: coded things, institutions and users."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.records.json_fields import Json, child, flag, objects, text


@dataclass(frozen=True)
class Reference:
    """Anything the database names by a code and a name: a project, a component type, an institution."""

    code: str
    name: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Reference:
        return cls(text(data, "code"), text(data, "name"))

    def __bool__(self) -> bool:
        return bool(self.code or self.name)

    @property
    def label(self) -> str:
        """The name people use, or the code where there is no name."""
        return self.name or self.code


@dataclass(frozen=True)
class Membership:
    """A user's place in one institution, with the rights that go with it (API reference §2.5)."""

    institution: Reference
    is_default: bool
    rights: tuple[str, ...]


@dataclass(frozen=True)
class User:
    """A person known to the database."""

    identity: str
    first_name: str
    last_name: str
    memberships: tuple[Membership, ...] = ()

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
        )

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.identity

    @property
    def home(self) -> Reference:
        """The institution this user works for: the default one, else the first, else an empty reference."""
        for membership in self.memberships:
            if membership.is_default:
                return membership.institution
        return self.memberships[0].institution if self.memberships else Reference("")


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
