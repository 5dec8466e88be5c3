"""What is kept of each person's view: whole files, private ones, damaged ones, two windows, two people."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from itkgui.view_state import ViewState


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "view-state.json"


def kept(file: Path, user: str = "12-3456-1") -> ViewState:
    return ViewState(file, user)


def test_what_was_put_is_there_after_a_restart(file: Path) -> None:
    state = kept(file)
    state.put("table/runs", 1, {"columns": [["Date", 12.5, True]], "sort": None})
    assert state.save()
    assert kept(file).get("table/runs", 1) == {"columns": [["Date", 12.5, True]], "sort": None}
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, f"{file.name}.lock"]


def test_nothing_is_there_at_first_or_of_another_version(file: Path) -> None:
    state = kept(file)
    assert state.get("places", 1) is None
    state.put("places", 1, ["a"])
    assert state.get("places", 2) is None
    state.put("places", 2, ["b"])
    assert state.get("places", 2) == ["b"]


def test_nothing_is_written_where_nothing_changed(file: Path) -> None:
    state = kept(file)
    assert state.save()
    assert not file.exists()
    state.put("places", 1, ["a"])
    state.save()
    file.unlink()
    state.put("places", 1, ["a"])
    assert state.save()
    assert not file.exists()


@pytest.mark.skipif(os.name != "posix", reason="rights are otherwise kept elsewhere")
def test_only_its_owner_may_read_it(file: Path) -> None:
    state = kept(file)
    state.put("places", 1, [])
    state.save()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_each_person_has_their_own(file: Path) -> None:
    first, second = kept(file, "a"), kept(file, "b")
    first.put("recent", 1, ["of a"])
    second.put("recent", 1, ["of b"])
    assert first.save()
    assert second.save()
    assert kept(file, "a").get("recent", 1) == ["of a"]
    assert kept(file, "b").get("recent", 1) == ["of b"]
    assert kept(file, "c").get("recent", 1) is None


def test_another_window_loses_nothing_but_what_both_changed(file: Path) -> None:
    one, other = kept(file), kept(file)
    one.put("pinned", 1, ["one"])
    one.put("both", 1, "one")
    other.put("searches", 1, ["other"])
    other.put("both", 1, "other")
    one.save()
    other.save()
    again = kept(file)
    assert (again.get("pinned", 1), again.get("searches", 1), again.get("both", 1)) == (
        ["one"],
        ["other"],
        "other",
    )


def test_entries_of_two_windows_are_joined(file: Path) -> None:
    first = kept(file)
    first.put("pinned", 1, [{"key": key} for key in "abc"], of_entries=True)
    first.put("searches", 1, {"mine": 1, "old": 2}, of_entries=True)
    assert first.save()
    one, other = kept(file), kept(file)
    one.put("pinned", 1, [{"key": key} for key in "dbc"], of_entries=True)
    one.put("searches", 1, {"mine": 3, "old": 2}, of_entries=True)
    other.put("pinned", 1, [{"key": key} for key in "eac"], of_entries=True)
    other.put("searches", 1, {"mine": 1, "theirs": 4}, of_entries=True)
    assert one.save()
    assert other.save()
    again = kept(file)
    assert [entry["key"] for entry in again.get("pinned", 1)] == ["e", "d", "c"]
    assert again.get("searches", 1) == {"mine": 3, "theirs": 4}
    one.put("pinned", 1, [{"key": key} for key in "fdbc"], of_entries=True)
    assert one.save()
    assert [entry["key"] for entry in kept(file).get("pinned", 1)] == ["f", "e", "d", "c"], (
        "what the other window took away came back, or its own went"
    )


def test_entries_stay_in_order_while_one_of_them_changes(file: Path) -> None:
    state = kept(file)
    for seen in (1, 2):
        entries = [{"key": "a"}, {"key": "b", "seen": seen}, {"key": "c"}]
        state.put("pinned", 1, entries, of_entries=True)
        assert state.save()
        assert kept(file).get("pinned", 1) == entries
    state.put("pinned", 1, [{"key": "c"}, {"key": "a"}], of_entries=True)
    assert state.save()
    assert kept(file).get("pinned", 1) == [{"key": "c"}, {"key": "a"}]


@pytest.mark.logs("cannot be kept: .* is held by another window")
@pytest.mark.skipif(os.name != "posix", reason="locks by POSIX calls")
def test_a_window_that_holds_the_file_too_long_holds_up_nobody(
    file: Path,
) -> None:
    import fcntl

    state = kept(file)
    state.put("places", 1, ["a"])
    file.parent.mkdir()
    with Path(f"{file}.lock").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not state.save()
    assert state.save()
    assert kept(file).get("places", 1) == ["a"]


def test_entries_of_another_version_are_replaced(file: Path) -> None:
    state = kept(file)
    state.put("searches", 1, {"a": 1}, of_entries=True)
    state.save()
    other = kept(file)
    other.put("searches", 2, {"b": 1}, of_entries=True)
    other.save()
    assert kept(file).get("searches", 2) == {"b": 1}


def test_processes_that_write_at_once_lose_no_entry(file: Path) -> None:
    work = (
        "import sys; from pathlib import Path; from itkgui.view_state import ViewState\n"
        "name, state = sys.argv[2], ViewState(Path(sys.argv[1]), '12-3456-1')\n"
        "kept = state.get('searches', 1) or {}\n"
        "for number in range(40):\n"
        "    kept[f'{name}{number}'] = number\n"
        "    state.put('searches', 1, kept, of_entries=True)\n"
        "    assert state.save()\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", work, str(file), name]) for name in "abc"]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(kept(file).get("searches", 1)) == 3 * 40
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, f"{file.name}.lock"]


@pytest.mark.logs("is (damaged|put aside)")
@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000], ids=["empty", "cut", "bytes", "deep"]
)
def test_damaged_file_counts_as_none_and_is_replaced(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    state = kept(file)
    assert state.get("places", 1) is None
    state.put("places", 1, ["a"])
    assert state.save()
    assert kept(file).get("places", 1) == ["a"]
    assert file.with_suffix(".damaged").read_bytes() == content


@pytest.mark.logs("is damaged")
def test_damaged_file_is_put_aside_only_in_turn(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"{")
    state = kept(file)
    assert file.read_bytes() == b"{", "another window may be about to write it"
    file.write_text(json.dumps({"another": {"places": {"version": 1, "value": ["b"]}}}))
    state.put("places", 1, ["a"])
    assert state.save()
    assert not file.with_suffix(".damaged").exists()
    assert kept(file, "another").get("places", 1) == ["b"]


@pytest.mark.logs("cannot be (kept|read)")
def test_file_that_cannot_be_read_for_now_is_left_alone(file: Path) -> None:
    file.mkdir(parents=True)
    state = kept(file)
    state.put("places", 1, ["a"])
    assert not state.save()
    assert file.is_dir()
    file.rmdir()
    kept_before = kept(file, "another")
    kept_before.put("places", 1, ["b"])
    kept_before.save()
    assert state.save()
    assert kept(file, "another").get("places", 1) == ["b"]


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"12-3456-1": 3},
        {"12-3456-1": {"places": ["a"]}},
        {"12-3456-1": {"places": {"value": 1}}},
        {"12-3456-1": {"places": {"version": "1", "value": 1}}},
    ],
    ids=repr,
)
def test_other_things_in_the_file_count_as_nothing(file: Path, data: Any) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps(data))
    assert kept(file).get("places", 1) is None


@pytest.mark.parametrize(
    "value", [float("nan"), {1, 2}, b"x", object()], ids=["no number", "set", "bytes", "object"]
)
def test_only_what_json_knows_can_be_put(file: Path, value: object) -> None:
    state = kept(file)
    with pytest.raises((TypeError, ValueError)):
        state.put("places", 1, value)
    assert state.save()
    assert not file.exists()


def test_what_is_given_or_got_may_be_changed_afterwards(file: Path) -> None:
    state = kept(file)
    given = ["a"]
    state.put("places", 1, given)
    given.append("b")
    state.get("places", 1).append("c")
    assert state.get("places", 1) == ["a"]


@pytest.mark.logs("cannot be kept: .* too large to be read again")
def test_what_nobody_could_read_again_replaces_nothing(file: Path) -> None:
    state = kept(file)
    state.put("places", 1, ["a"])
    assert state.save()
    state.put("searches", 1, "x" * 4_000_000)
    assert not state.save()
    assert kept(file).get("places", 1) == ["a"]
    state.put("searches", 1, "x")
    assert state.save()
    assert kept(file).get("searches", 1) == "x"


@pytest.mark.logs("cannot be (kept|read)")
def test_what_cannot_be_written_stays_and_is_written_later(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    state = kept(file.parent / "sub" / "view-state.json")
    state.put("places", 1, ["a"])
    assert not state.save()
    file.parent.unlink()
    assert state.save()
    assert kept(file.parent / "sub" / "view-state.json").get("places", 1) == ["a"]


def test_threads_may_save_while_others_put(file: Path) -> None:
    state = kept(file)

    def put_many(name: str) -> None:
        for number in range(50):
            state.put(f"{name}/{number}", 1, number)
            state.save()

    threads = [threading.Thread(target=put_many, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = kept(file)
    assert all(again.get(f"{name}/{number}", 1) == number for name in "ab" for number in range(50))


@pytest.mark.skipif(
    not hasattr(os, "mkfifo"), reason="a file that keeps its reader waiting is made otherwise"
)
def test_nobody_waits_for_a_slow_disk(file: Path) -> None:
    state = kept(file)
    state.put("places", 1, ["a"])
    file.parent.mkdir()
    os.mkfifo(file)  # whoever opens it waits until there is a writer
    saved: list[bool] = []
    saving = threading.Thread(target=lambda: saved.append(state.save()))
    saving.start()
    arranging = threading.Thread(target=lambda: state.put("places", 1, ["b"]), daemon=True)
    arranging.start()
    arranging.join(30)
    was_held_up = arranging.is_alive()
    file.write_bytes(b"{}")
    saving.join()
    assert not was_held_up
    assert kept(file).get("places", 1) == ["a"]
    assert saved == [False]
    assert state.save()
    assert kept(file).get("places", 1) == ["b"]
