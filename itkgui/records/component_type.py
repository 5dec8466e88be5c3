"""Component types: the kinds of part there are, with their sub-types and stages in order."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.records.json_fields import Json, objects, text
from itkgui.records.people import Reference, reference


@dataclass(frozen=True)
class ComponentType:
    """A component type of one project; ``stages`` in the order of production."""

    project: Reference
    reference: Reference
    state: str
    types: tuple[Reference, ...]
    stages: tuple[Reference, ...]

    @classmethod
    def from_json(cls, data: Json) -> ComponentType:
        # Orders are neither dense nor unique: the list's own order breaks ties (API reference §5.2).
        stages = sorted(objects(data, "stages"), key=_order)
        return cls(
            project=reference(data, "project"),
            reference=Reference.from_json(data),
            state=text(data, "state"),
            types=tuple(Reference.from_json(item) for item in objects(data, "types")),
            stages=tuple(Reference.from_json(item) for item in stages),
        )


def _order(stage: Json) -> float:
    order = stage.get("order")
    return order if isinstance(order, int | float) else float("inf")
