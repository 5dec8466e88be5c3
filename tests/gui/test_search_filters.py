"""The filters: typing in long lists, properties, states, names, and hits counted before any is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from itkgui.client.queries import ComponentQuery
from itkgui.views.search.search_request import SearchRequest
from itkgui.views.widgets.choice_box import ANY, ChoiceBox
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.searching import choose, find, total_of
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import requests_of

PIXEL = "20UPGM23800001"
pytestmark = pytest.mark.program("used")


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


# Choosing -------------------------------------------------------------------------------------------------


def type_in(person: Person, box: ChoiceBox, text: str) -> None:
    field = box.lineEdit()
    assert field is not None
    field.setFocus()
    person.type(field, text)
    person.press(Qt.Key.Key_Return, field)


def test_letters_from_the_middle_of_a_name_find_an_institute(person: Person) -> None:
    search = choose(person)
    owner = search.filters.owner
    assert owner.count() > 20
    name = owner.itemText(owner.count() - 1)
    code, _, rest = name.partition(" · ")
    assert rest
    type_in(person, owner, rest[2:].upper())
    assert owner.code == code
    assert owner.currentText() == name


def test_what_begins_so_is_offered_before_what_only_holds_it(person: Person) -> None:
    search = choose(person, project="P")
    box = search.filters.component_type
    person.until(lambda: box.count() > 3, "the component types")
    field, completer = box.lineEdit(), box.completer()
    assert field is not None
    assert completer is not None
    offers = completer.popup()
    assert offers is not None
    field.setFocus()
    person.type(field, "modu")
    person.until(offers.isVisible, "the offers")
    offered = completer.completionModel()
    names = [offered.index(row, 0).data() for row in range(offered.rowCount())]
    assert names[0] == "Module"
    assert "Bare module" in names
    offers.hide()
    person.press(Qt.Key.Key_Return, field)
    assert box.code == "MODULE"


def test_what_is_no_choice_is_undone(person: Person) -> None:
    search = choose(person)
    before = search.filters.location.code
    assert before
    type_in(person, search.filters.location, "no such place")
    assert search.filters.location.code == before
    assert before in search.filters.location.currentText()


def test_an_emptied_box_restricts_nothing(person: Person) -> None:
    search = choose(person)
    type_in(person, search.filters.location, "")
    assert (search.filters.location.code, search.filters.location.currentText()) == ("", ANY)


# Counting -------------------------------------------------------------------------------------------------


def test_hits_are_counted_before_any_is_loaded(person: Person, server: PlainServer) -> None:
    search = choose(person)
    person.settle()
    rows = list(search.table.records)
    choose(person, project="P", component_type="MODULE", location="")
    expected = total_of(server, project="P", componentType=["MODULE"])
    person.until(lambda: search.hits.text() == f"{expected:,} match", "the number of hits")
    assert list(search.table.records) == rows, "the results were changed unasked"
    person.click(search.search_button)
    person.until(lambda: search.table.total == expected, "the results")
    assert search.hits.text() == ""


def test_many_changes_make_few_questions(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "1000", "--latency", "100")
    person = start_program(settings_for(server))
    person.sign_in()
    search = choose(person)
    person.settle()
    before = len(requests_of(server))
    for index in range(1, 11):
        search.filters.owner.setCurrentIndex(index)
    code = search.filters.owner.code
    with PlainServer(server) as plain:
        here = search.filters.location.code
        expected = total_of(plain, institute=[code], currentLocation=[here])
        before += 2  # the token, and this question
    said = f"{expected:,} match" if expected else "No match"
    person.until(lambda: search.hits.text().startswith(said), "the newest number")
    asked = requests_of(server)[before:]
    assert asked.count("listComponents") == 1, asked


def test_a_count_that_fails_says_so_quietly(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "200")
    person = start_program(settings_for(server))
    person.sign_in()
    search = choose(person)
    with Control(server.info["api_url"]) as control:
        control.fail("GET *listComponents", "status", status=400)
        search.filters.location.setCurrentIndex(0)
        person.until(lambda: search.hits.text() == "not counted", "the failure")
    assert search.hits.toolTip()
    assert not search.trouble.isVisible()


# Properties, states, names --------------------------------------------------------------------------------


def test_a_property_restricts_by_its_code_table(person: Person, server: PlainServer) -> None:
    search = choose(
        person, project="P", component_type="MODULE", location="", property_choice="FECHIP_VERSION"
    )
    choice = search.filters.value_choice
    assert [choice.itemData(row) for row in range(1, choice.count())] == ["0", "1", "2", "3", "9"]
    texts = [choice.itemText(row) for row in range(1, choice.count())]
    assert texts == ["RD53A", "ITkpix_v1", "ITkpix_v1.1", "ITkpix_v2", "No FE chip"]
    find(person, value_choice="3")
    rule = {"code": "FECHIP_VERSION", "operator": "=", "value": "3"}
    question = {
        "filterMap": {
            "project": "P",
            "state": "ready",
            "componentType": ["MODULE"],
            "propertyFilter": [rule],
        }
    }
    expected = server.ask("GET", "listComponentsByProperty", question).json()["pageInfo"]["total"]
    assert search.table.total == expected > 0


@pytest.mark.parametrize(
    ("code", "typed", "value"), [("IREFTRIM_FE1", "6", 6), ("IREFTRIM_FE1", "six", "six")]
)
def test_numbers_are_asked_for_as_numbers(person: Person, code: str, typed: str, value: object) -> None:
    search = choose(person, project="P", component_type="MODULE", property_choice=code)
    assert search.filters.value_text.isVisible()
    assert search.filters.request.filters.property_code == "", "no value restricts nothing"
    person.type(search.filters.value_text, typed)
    assert search.filters.request.filters.property_value == value


def test_truth_is_chosen(person: Person) -> None:
    search = choose(
        person, project="P", component_type="MODULE", property_choice="ROOF", value_choice="false"
    )
    assert search.filters.request.filters.property_value is False
    search.show_request(search.filters.request)
    person.until(lambda: search.filters.value_choice.code == "false", "the same choice again")


def test_states(person: Person, server: PlainServer) -> None:
    search = find(person, location="", state="")
    everything = server.ask("GET", "listComponents", {"filterMap": {}}).json()["pageInfo"]["total"]
    assert search.table.total == everything > total_of(server)
    find(person, state="deleted")
    assert search.table.total == total_of(server, state="deleted") > 0


def test_a_serial_number_is_one_more_filter(person: Person) -> None:
    search = choose(person, location="")
    person.type(search.filters.identifier, f" {PIXEL.lower()} ")
    person.press(Qt.Key.Key_Return, search.filters.identifier)
    person.until(lambda: search.count.text() == "1 component", "the one component")
    assert search.table.records[0].serial_number == PIXEL
    find(person, project="S")
    assert search.count.text() == "No component found"


def test_another_name_is_looked_up(person: Person, server: PlainServer) -> None:
    listed = server.ask("GET", "listComponents", {"filterMap": {"project": "S", "state": "ready"}}).json()
    name = next(row["alternativeIdentifier"] for row in listed["itemList"] if row["alternativeIdentifier"])
    search = choose(person)
    person.type(search.filters.identifier, name)
    person.until(lambda: search.hits.text() == "looked up by name", "what will be done")
    person.click(search.search_button)
    person.until(lambda: search.count.text().startswith("1 component, by its alternative"), "the component")
    assert search.table.records[0].alternative_identifier == name


@pytest.mark.parametrize(
    ("typed", "said"),
    [("no such part", "No such component: “no such part”."), ("20UPGM2380", "Nothing was looked up.")],
)
def test_names_that_lead_nowhere_are_explained(person: Person, typed: str, said: str) -> None:
    search = choose(person)
    person.type(search.filters.identifier, typed)
    person.click(search.search_button)
    person.until(lambda: search.empty.isVisible() and search.empty.sentence == said, "the explanation")


@pytest.mark.parametrize("length", [150, 10_000])
def test_a_long_word_does_not_widen_the_page(person: Person, length: int) -> None:
    person.window.resize(1024, 700)
    search = choose(person)
    search.filters.identifier.setText("x" * length)
    person.click(search.search_button)
    person.until(search.empty.isVisible, "the explanation")
    person.until(lambda: search.search_button.visibleRegion().boundingRect() == search.search_button.rect())
    assert len(search.empty.sentence) < 100


# The next start -------------------------------------------------------------------------------------------


def test_the_last_search_is_there_again(
    sandbox: SandboxProcess, start_program: Callable[..., Person], event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    choices = {
        "project": "P",
        "component_type": "MODULE",
        "location": "",
        "property_choice": "FECHIP_VERSION",
    }
    search = find(person, **choices, value_choice="3")
    found, request = search.table.total, search.filters.request
    person.end()
    again = start_program(settings_for(sandbox))
    again.sign_in()
    search = again.workspace.search_view
    assert search.table.total == found
    again.until(
        lambda: search.filters.value_choice.currentText() == "ITkpix_v2", "the filters by their names"
    )
    assert search.filters.request == request
    assert search.filters.component_type.currentText() == "Module"


@pytest.mark.parametrize("value", [None, 1, [], {"filters": 3}, {"filters": None}, {"identifier": "x"}])
def test_what_else_was_kept_is_no_search(value: object) -> None:
    assert SearchRequest.from_kept(value) is None


def test_damaged_filters_are_left_out() -> None:
    kept = {"filters": {"project": "P", "stage": 3, "unknown": "x", "type": "y" * 1000}, "identifier": 5}
    assert SearchRequest.from_kept(kept) == SearchRequest(ComponentQuery(project="P"))
