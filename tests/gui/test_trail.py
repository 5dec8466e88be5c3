"""Back and forward, without a window."""

from __future__ import annotations

from itkgui.views.window.trail import Stop, Trail

SEARCH, RECENT, PART = Stop("Search"), Stop("Recent"), Stop("Components", "a", label="20U…")


def walked(*stops: Stop) -> Trail:
    trail = Trail()
    for stop in stops:
        trail.visit(stop)
    return trail


def test_a_new_trail_leads_nowhere() -> None:
    trail = Trail()
    assert trail.before is trail.after is None
    assert trail.back() is trail.forward() is None


def test_back_and_forward() -> None:
    trail = walked(SEARCH, PART, RECENT)
    assert trail.back() == PART
    assert trail.back() == SEARCH
    assert trail.back() is None
    assert trail.forward() == PART
    assert trail.after == RECENT


def test_staying_is_no_step() -> None:
    trail = walked(SEARCH, PART, Stop("Components", "a", label="another label"))
    assert trail.back() == SEARCH
    assert trail.after is not None
    assert trail.after.label == "another label"


def test_a_new_way_replaces_what_lay_ahead() -> None:
    trail = walked(SEARCH, PART)
    trail.back()
    trail.visit(RECENT)
    assert trail.after is None
    assert trail.back() == SEARCH


def test_the_oldest_stops_are_forgotten() -> None:
    trail = walked(*(Stop("Components", str(number)) for number in range(500)))
    steps = 0
    while trail.back():
        steps += 1
    assert steps == 99
