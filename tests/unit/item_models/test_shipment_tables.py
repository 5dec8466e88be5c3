"""Shipments, their items and their check-lists in words."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.item_models.checklist_table import Answer, answers_of
from itkgui.item_models.shipment_table import (
    STATUSES,
    ShipmentItemTable,
    ShipmentTable,
    newest_first,
    status_look,
    status_of,
    type_text,
)
from itkgui.records.shipment import Question, Shipment, ShipmentItem


def shipment(**data: Any) -> Shipment:
    return Shipment.from_json({"id": "1", **data})


def answer(code: str, value: Any, others: dict[str, Any] | None = None, *, text: str = "") -> Answer:
    """Return the answer to one question of a check-list, which holds other answers by code."""
    data = [{"code": name, "value": given} for name, given in (others or {}).items()]
    questions = [Question.from_json(item) for item in ({"code": code, "text": text, "value": value}, *data)]
    return answers_of(questions)[0]


def test_every_status_has_a_word_an_icon_and_none_alone_a_colour() -> None:
    looks = [status_look(status) for status in STATUSES]
    assert len({look.word for look in looks}) == len({look.icon for look in looks}) == len(STATUSES) == 6
    assert [look.tone for look in looks] == ["", "accent", "good", "caution", "bad", "quiet"]
    assert status_look("lost").word == "lost"
    assert status_look("").word == "status unknown"


def test_deleted_is_a_status_of_its_own() -> None:
    assert status_of(shipment(status="delivered", state="deleted")) == "deleted"
    assert status_of(shipment(status="delivered", state="ready")) == "delivered"
    assert status_of(shipment(status="delivered", state=None)) == "delivered"


def test_newest_come_first_and_undated_ones_last() -> None:
    dates = ["2025-01-01T00:00:00Z", None, "2026-01-01T00:00:00Z", "soon"]
    found = newest_first(shipment(name=str(date), cts=date) for date in dates)
    assert [entry.name for entry in found] == [dates[2], dates[0], "None", "soon"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("domestic", "domestic"), ("intraContinental", "within the continent"), ("by ship", "by ship")],
)
def test_type_is_told_in_words(kind: str, words: str) -> None:
    assert type_text(shipment(type=kind)) == words


def test_row_of_nothing_but_null() -> None:
    table = ShipmentTable()
    keys = ("name", "status", "sender", "recipient", "cts", "receivedTs", "trackingNumber", "type")
    table.replace([shipment(**dict.fromkeys(keys))])
    assert [table.index(0, column).data() for column in range(table.columnCount())] == [
        "status unknown",
        "1",
        "",
        "",
        "–",
        "–",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("delivered", "words"), [(True, "yes"), (False, "missing"), (None, "not yet"), ("yes", "not yet")]
)
def test_items_tell_whether_they_arrived(delivered: Any, words: str) -> None:
    table = ShipmentItemTable()
    table.replace([ShipmentItem.from_json({"code": "c0de", "delivered": delivered})])
    assert (table.index(0, 0).data(), table.index(0, 1).data()) == ("c0de", words)


@pytest.mark.parametrize("code", ["Q01", "Q02", "Q03", "Q14"])
def test_conditions_are_judged(code: str) -> None:
    assert (answer(code, True).words, answer(code, True).tone) == ("yes", "good")
    assert (answer(code, False).words, answer(code, False).tone) == ("no", "bad")


@pytest.mark.parametrize("code", ["Q04", "Q05", "Q06", "Q07", "Q09", "Q11", "Q12", "Q99"])
def test_what_was_in_the_box_is_not_judged(code: str) -> None:
    assert (answer(code, True).words, answer(code, True).tone) == ("yes", "")
    assert (answer(code, False).words, answer(code, False).tone) == ("no", "")


@pytest.mark.parametrize(("code", "watch"), [("Q08", "Q07"), ("Q10", "Q09")])
def test_not_triggered_is_told_the_right_way_round(code: str, watch: str) -> None:
    good, bad = answer(code, True, {watch: True}), answer(code, False, {watch: True})
    assert (good.words, good.tone) == ("yes: not triggered", "good")
    assert (bad.words, bad.tone, bad.is_bad) == ("no: it is triggered", "bad", True)
    assert "not triggered" in good.asked
    absent = answer(code, False, {watch: False})
    assert (absent.words, absent.tone) == ("no, but there is no such shock watch", "quiet")
    assert answer(code, True).words == "yes: not triggered", "nothing is known of the watch itself"


def test_a_question_in_other_words_is_not_explained() -> None:
    assert answer("Q08", True, text="Was the 50 g shock watch triggered?").words == "yes"
    assert answer("Q08", True, text="Was the 50 g shock watch triggered?").tone == ""
    assert answer("Q08", True, text="Shock watch NOT triggered").words == "yes: not triggered"


def test_own_words_stand_in_where_the_server_has_none() -> None:
    assert answer("Q04", True).asked == "Was an ESD bag used?"
    assert answer("Q04", True, text="ESD?").asked == "ESD?"
    assert answer("", True).asked == "not told"


@pytest.mark.parametrize(
    ("value", "words"),
    [("31", "31"), (31, "31"), (None, "not answered"), ("", "not answered"), ([1], "not answered")],
)
def test_other_answers(value: Any, words: str) -> None:
    assert answer("Q13", value).words == words
    assert answer("Q13", value).is_open is (words == "not answered")


def test_no_remark_is_an_answer() -> None:
    assert (answer("Q15", "").words, answer("Q15", "").is_open) == ("none", False)
