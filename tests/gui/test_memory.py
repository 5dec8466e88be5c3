"""What is kept for one person and one server."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.records.component import ComponentSummary
from itkgui.records.known_component import KnownComponent
from itkgui.view_state import ViewState
from itkgui.views.context.known_components import KnownComponents
from itkgui.views.context.memory import Memory


def part(name: str) -> ComponentSummary:
    return ComponentSummary.from_json({"code": name, "serialNumber": f"20U{name}"})


def test_each_server_has_its_own(tmp_path: Path, worker: Worker) -> None:
    state = ViewState(tmp_path / "state.json", "me")
    one, two = Memory(state, worker, "https://one"), Memory(state, worker, "https://two")
    one.put_here("places", 1, "here")
    one.put("table", 1, "everywhere")
    assert (one.get_here("places", 1), two.get_here("places", 1)) == ("here", None)
    assert two.get("table", 1) == "everywhere"
    assert one.get_here("places", 2) is None, "of another version"


def test_somebody_without_a_name_leaves_nothing(tmp_path: Path, worker: Worker) -> None:
    state = ViewState(tmp_path / "state.json", "")
    known = KnownComponents(Memory(state, worker))
    known.note(part("a"))
    known.toggle_pin(known.recent[0])
    assert state.save()
    assert not (tmp_path / "state.json").exists()
    again = KnownComponents(Memory(state, worker))
    assert again.recent == again.pinned == []


def test_lists_are_capped_and_kept(tmp_path: Path, worker: Worker) -> None:
    state = ViewState(tmp_path / "state.json", "me")
    known = KnownComponents(Memory(state, worker, "https://one"))
    for number in range(300):
        known.note(part(str(number)))
        known.toggle_pin(KnownComponent.of(part(str(number))))
    assert state.save()
    again = KnownComponents(Memory(ViewState(tmp_path / "state.json", "me"), worker, "https://one"))
    assert [found.key for found in again.recent] == [str(number) for number in range(299, 239, -1)]
    assert [found.key for found in again.pinned] == [str(number) for number in range(299, 99, -1)]
    assert (tmp_path / "state.json").stat().st_size < 200_000


def test_a_pinned_one_is_known_as_it_was_seen_last(tmp_path: Path, worker: Worker) -> None:
    known = KnownComponents(Memory(ViewState(tmp_path / "state.json", "me"), worker, "https://one"))
    known.toggle_pin(KnownComponent("a", "20Ua", stage="old"))
    known.note(part("b"))
    known.note(part("a"))
    assert [found.stage for found in known.pinned] == [""]
    assert known.is_pinned("a")
    assert not known.is_pinned("b")
    known.forget_recent({"a"})
    assert [found.key for found in known.recent] == ["b"]
    assert known.is_pinned("a"), "only its place among the recent ones was given up"


def test_nothing_is_written_by_itself_once_the_session_has_ended(
    tmp_path: Path, worker: Worker, qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    file = tmp_path / "state.json"
    memory = Memory(ViewState(file, "me"), worker, "https://one")
    memory.put("table", 1, "before")
    closing = event_loop_of_qt.create_task(memory.close())
    qtbot.waitUntil(closing.done)
    assert "before" in file.read_text("utf-8")
    memory.put("table", 1, "after")
    assert not any(timer.isActive() for timer in memory.findChildren(QTimer))


def test_two_windows_of_a_person_keep_what_both_did(tmp_path: Path, worker: Worker) -> None:
    states = [ViewState(tmp_path / "state.json", "me") for _ in range(2)]
    one, two = (KnownComponents(Memory(state, worker, "https://one")) for state in states)
    one.note(part("a"))
    one.toggle_pin(one.recent[0])
    two.note(part("b"))
    two.toggle_pin(two.recent[0])
    for state in states:
        assert state.save()
    one.note(part("c"))
    assert states[0].save()
    again = KnownComponents(Memory(ViewState(tmp_path / "state.json", "me"), worker, "https://one"))
    assert {known.key for known in again.recent} == {"a", "b", "c"}
    assert {known.key for known in again.pinned} == {"a", "b"}
