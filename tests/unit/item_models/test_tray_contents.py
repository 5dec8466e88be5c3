"""What a tray holds, while some of it is known and some is on its way."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from itkgui.client.exceptions import NotFound
from itkgui.client.fetch_ahead import Fetched
from itkgui.client.queries import LookedUp
from itkgui.item_models.moments import short_text
from itkgui.item_models.tray_contents import TrayContents
from itkgui.item_models.tray_table import TRAY_COLUMNS, Finding, TrayRow, tray_words
from itkgui.records.component import Component

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=timezone.utc)
ONE, TWO, THREE = "20UPGM20000001", "20UPGM20000002", "20UPGM20000003"


def part(serial: str, **more: Any) -> Component:
    return Component.from_json(
        {"serialNumber": serial, "code": f"{serial[-1]}" * 32, "id": serial[-1] * 24, **more}
    )


def run(number: int, *, passed: bool, state: str = "ready", problems: bool = False) -> dict[str, Any]:
    date = f"2026-11-{number:02}T10:00:00.000Z"
    return {"id": f"{number:024}", "state": state, "passed": passed, "problems": problems, "date": date}


def tray(*names: str) -> TrayContents:
    contents = TrayContents()
    contents.take(names)
    return contents


def answer(contents: TrayContents, *parts: Component, unreached: tuple[str, ...] = ()) -> None:
    by_name = {one.serial_number: one for one in parts}
    waiting = contents.waiting
    unknown = tuple(name for name in waiting if name not in by_name and name not in unreached)
    contents.answer(waiting, LookedUp(parts, unknown, unreached, by_name))


def findings(contents: TrayContents) -> list[tuple[str, Finding]]:
    return [(row.label, row.finding) for row in contents.rows]


def test_what_needs_eyes_stands_first_and_each_part_once() -> None:
    contents = tray(ONE.lower(), "20UPG", TWO, f"{ONE[:5]}-{ONE[5:]}", THREE)
    assert contents.waiting == [ONE, TWO, THREE]
    answer(contents, part(ONE), unreached=(THREE,))
    assert findings(contents) == [
        ("20UPG", Finding.GARBLED),
        (TWO, Finding.UNKNOWN),
        (THREE, Finding.UNREACHED),
        (ONE, Finding.FOUND),
    ]
    assert contents.repeated == 1
    assert (
        tray_words(contents.rows, 1)
        == "1 found, 1 unknown, 1 garbled, 1 not reached, 1 repeated and left out"
    )


def test_two_names_of_one_part_are_one_entry() -> None:
    code = "1" * 32
    contents = tray(ONE, code)
    contents.answer(contents.waiting, LookedUp((part(ONE),), (), (), {ONE: part(ONE), code: part(ONE)}))
    assert findings(contents) == [(ONE, Finding.FOUND)]
    assert contents.repeated == 1
    assert contents.holds(code) is not None
    assert contents.holds(f" {ONE.lower()}") is not None
    assert contents.holds(TWO) is None


def test_what_is_known_stays_while_others_come_and_go() -> None:
    contents = tray(ONE)
    answer(contents, part(ONE))
    contents.note_due([part(ONE)], {part(ONE).key: ()})
    contents.take([TWO, ONE])
    assert contents.waiting == [TWO]
    contents.show_some([part(TWO)])
    assert contents.waiting == []
    assert [one.label for one in contents.without_due] == [TWO]
    contents.note_due([part(TWO)], {})
    assert contents.without_due == [], "it was asked in vain"
    contents.take([TWO])
    assert findings(contents) == [(TWO, Finding.FOUND)]
    contents.ask_again()
    assert contents.waiting == [TWO]
    assert contents.rows[0].component is not None, "what was known is shown meanwhile"
    contents.fail()
    assert findings(contents) == [(TWO, Finding.UNREACHED)]
    contents.take([])
    assert contents.rows == []


def test_the_newest_run_that_is_not_deleted_gives_the_verdict() -> None:
    kind = {"code": "IV", "name": "IV measurement", "id": "1" * 24}
    runs = [run(1, passed=True), run(3, passed=False), run(4, passed=True, state="deleted")]
    row = TrayRow(ONE, Finding.FOUND, part(ONE, tests=[{**kind, "testRuns": runs}]))
    assert row.verdict_text == "failed: IV measurement"
    assert row.last_tested is not None
    assert row.last_tested.day == 3
    odd = TrayRow(
        ONE, Finding.FOUND, part(ONE, tests=[{**kind, "testRuns": [run(1, passed=True, problems=True)]}])
    )
    assert odd.verdict_text == "passed, problems: IV measurement"
    none = TrayRow(ONE, Finding.FOUND, part(ONE))
    assert none.verdict_text == "–"
    for column in TRAY_COLUMNS:
        for one in (row, odd, none, TrayRow(ONE), TrayRow(ONE, Finding.GARBLED, complaint="too short")):
            assert isinstance(column.text(one), str)


def test_what_can_be_read_off_line_is_told_for_each() -> None:
    contents = tray(ONE, TWO, THREE)
    answer(contents, part(ONE), part(TWO), part(THREE))
    keys = [part(name).key for name in (ONE, TWO, THREE)]
    fetched = [
        Fetched(keys[0], ONE, 12, moment=NOW),
        Fetched(keys[1], TWO, 3, too_large=("movie.avi",), failed=("a.txt", "b.txt"), moment=NOW),
        Fetched(keys[2], THREE, problem=NotFound("x", status=404)),
    ]
    contents.note_ahead(fetched[:2])
    contents.note_ahead(map(Fetched.from_json, [one.to_json() for one in fetched[1:2]]))
    assert contents.rows[1].ahead == fetched[1]
    contents.note_ahead(fetched[2:])
    contents.take([TWO])
    contents.take([ONE, TWO, THREE])  # what comes back is known still
    answer(contents, part(ONE), part(THREE))
    assert [row.ahead_text for row in contents.rows] == [
        f"ready {short_text(NOW)}",
        f"ready {short_text(NOW)}, 2 files missing, 1 file left out",
        "Not there",
    ]
    assert contents.rows[1].ahead_hint == "a.txt\nb.txt\nmovie.avi"
