"""Institutions and what they make, as objects (API reference §5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from itkgui.records.json_fields import Json, child, objects


@dataclass
class Item:
    """One type of a component type, such as a short-strip module."""

    code: str
    id: str
    name: str


@dataclass
class ComponentType:
    """A component type that an institution works on, and the types of it."""

    code: str
    item_list: list[Item]
    name: str


@dataclass
class Contact:
    """How an institution is reached; None where nobody entered it."""

    email: str | None
    phone: str | None
    web: str | None


@dataclass
class Address:
    """Where an institution is; None where nobody entered it."""

    building: str | None
    city: str | None
    state: str | None
    street: str | None
    zip_code: str | None


@dataclass
class Institution:
    """A laboratory or university; latitude and longitude in degrees, a number or its text (§9.10)."""

    address: Address
    code: str
    component_type: list[ComponentType]
    contacts: Contact
    id: str
    latitude: float | str | None
    longitude: float | str | None
    name: str
    supervisor: str | None


@dataclass
class InstitutionList:
    """Institutions in the order in which the database lists them."""

    institutions: list[Institution]


def make_item(data: Json) -> Item:
    return Item(code=data["code"], id=data["id"], name=data["name"])


def make_component_type(data: Json) -> ComponentType:
    items = [make_item(item) for item in objects(data, "itemList")]
    return ComponentType(code=data["code"], item_list=items, name=data["name"])


def make_contacts(data: Json) -> Contact:
    return Contact(email=data.get("email"), phone=data.get("phone"), web=data.get("web"))


def make_address(data: Json) -> Address:
    return Address(
        building=data.get("building"),
        city=data.get("city"),
        state=data.get("state"),
        street=data.get("street"),
        zip_code=data.get("zipCode"),
    )


def make_institution(data: Json) -> Institution:
    """Raises KeyError if the code, id or name is missing; all else may be absent or null."""
    return Institution(
        address=make_address(child(data, "address")),
        code=data["code"],
        component_type=[make_component_type(entry) for entry in objects(data, "componentType")],
        contacts=make_contacts(child(data, "contacts")),
        id=data["id"],
        latitude=data.get("latitude"),
        longitude=data.get("longitude"),
        name=data["name"],
        supervisor=data.get("supervisor"),
    )


def make_institution_list(data: Iterable[dict[str, Any]]) -> InstitutionList:
    """Return the institutions in a list that ``client.get("listInstitutions")`` gave."""
    return InstitutionList(institutions=[make_institution(entry) for entry in data])
