"""What tests of the search share: choosing filters as a person does, and counting by other means."""

from __future__ import annotations

from itkgui.views.search.search_view import LOOKING, SearchView
from itkgui.views.widgets.choice_box import ChoiceBox
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person


def choose(person: Person, **filters: str) -> SearchView:
    """Choose filters by their codes, each as soon as it is offered."""
    search = person.workspace.search_view
    person.until(lambda: search.filters.has_places, "the choices")
    for name, code in filters.items():
        box: ChoiceBox = getattr(search.filters, name)
        person.until(lambda box=box, code=code: box.findData(code) >= 0, f"{code} among the choices")  # type: ignore[misc]
        box.setCurrentIndex(box.findData(code))
    return search


def find(person: Person, **filters: str) -> SearchView:
    """Choose filters, press Search, and wait for the answer."""
    search = choose(person, **filters)
    person.click(search.search_button)
    person.until(lambda: search.count.text() != LOOKING, "an answer")
    return search


def total_of(server: PlainServer, **filters: object) -> int:
    question = {"filterMap": {"state": "ready", **filters}}
    return int(server.ask("GET", "listComponents", question).json()["pageInfo"]["total"])
