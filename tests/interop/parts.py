"""Parts made for one test through a client: strip modules and what belongs in them, whose serial numbers
the database gives; their home is that of the sandbox's account."""

from __future__ import annotations

from typing import Any

HOME = "UCSC"
ABROAD = "CERN"
_STRIPS = {"project": "S", "subproject": "SB", "institution": HOME}


def register(client: Any, component_type: str, type_: str, **more: Any) -> Any:
    """Register a strip part at home; return what the database says of it afterwards."""
    body = _STRIPS | {"componentType": component_type, "type": type_, "properties": {}} | more
    made = client.post("registerComponent", json=body)["component"]
    return component(client, made["code"])


def register_module(client: Any, **more: Any) -> Any:
    return register(client, "MODULE", "BARREL_SS_MODULE", **more)


def register_hybrid(client: Any) -> Any:
    """Register a hybrid assembly, two of which belong in a short-strip module."""
    return register(client, "HYBRID_ASSEMBLY", "X_HYBRID")


def component(client: Any, identifier: str) -> Any:
    return client.get("getComponent", json={"component": identifier})


def slots(part: Any, component_type: str) -> list[Any]:
    """Return the slots of an assembly that take this type of component."""
    return [slot for slot in part["children"] or [] if slot["componentType"]["code"] == component_type]


def ship(client: Any, items: list[Any], **more: Any) -> Any:
    """Prepare a shipment of these components from home to CERN; return the answer."""
    body = {"sender": HOME, "recipient": ABROAD, "type": "continental", "name": "tried by a test"}
    serials = [item["serialNumber"] for item in items]
    return client.post("createShipment", json=body | {"shipmentItems": serials} | more)
