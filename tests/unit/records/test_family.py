"""The family tree: slots in order, empty ones, circles, and parts in great number."""

from __future__ import annotations

import time
from typing import Any

from itkgui.records.component import Component
from itkgui.records.family import children_of, kinds_in, parents_of


def slot(code: str | None, order: int | None = 0, kind: str = "CHIP") -> dict[str, Any]:
    inner = None if code is None else {"code": code, "serialNumber": f"SN {code}"}
    return {"id": f"slot {order}", "order": order, "componentType": {"code": kind}, "component": inner}


def component(code: str, *children: dict[str, Any], parents: Any = None) -> Component:
    return Component.from_json({"code": code, "children": list(children), "parents": parents})


def test_slots_stand_in_order_and_empty_ones_are_shown() -> None:
    nodes = children_of(component("m", slot("b", 2), slot(None, 1), slot("a", 0), slot("x", None)))
    assert [node.label for node in nodes] == ["SN a", "", "SN b", "SN x"]
    assert [node.is_empty for node in nodes] == [False, True, False, False]
    assert [node.can_load for node in nodes] == [True, False, True, True]
    assert nodes[1].slot.component_type.code == "CHIP"


def test_tree_grows_where_it_is_loaded() -> None:
    (node,) = children_of(component("m", slot("bare")))
    assert node.children == ()
    loaded = node.loaded(component("bare", slot("chip 1", 0), slot("chip 2", 1)))
    assert [below.key for below in loaded.children] == ["chip 1", "chip 2"]
    assert loaded.children[0].lineage == ("m", "bare")
    assert not loaded.can_load


def test_circle_ends_where_a_part_stands_above_itself() -> None:
    (node,) = children_of(component("m", slot("a")))
    (below,) = node.loaded(component("a", slot("m"))).children
    assert (below.is_repeated, below.can_load, below.label) == (True, False, "SN m")
    (itself,) = children_of(component("m", slot("m")))
    assert itself.is_repeated


def test_parents_lead_up_as_children_lead_down() -> None:
    half = component("half 1", parents=[slot("ring")])
    (ring,) = parents_of(half)
    loaded = ring.loaded(component("ring", slot("half 1", 0), slot("half 2", 1), parents=[slot("petal")]))
    assert [node.key for node in loaded.parents] == ["petal"]
    assert [(node.key, node.is_repeated) for node in loaded.children] == [("half 1", True), ("half 2", False)]


def test_ten_thousand_children_are_told_in_no_time() -> None:
    data = {"code": "m", "children": [slot(str(number), number) for number in range(10_000)]}
    began = time.thread_time()
    nodes = children_of(Component.from_json(data))
    assert len(nodes) == 10_000
    assert nodes[-1].key == "9999"
    assert time.thread_time() - began < 3


def test_kinds_of_the_parts_that_are_there() -> None:
    whole = component("m", slot("a"), slot("b"), slot("p", 1, "PCB"), slot(None, 2, "CARRIER"))
    assert [kind.code for kind in kinds_in(whole)] == ["CHIP", "PCB"]
