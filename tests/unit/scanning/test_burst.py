"""Keys and their times: what is a scan, and what is given back as typing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.scanning.burst import LONGEST_KEPT, Beginning, Burst, BurstDetector, Limits
from itkgui.scanning.reading import Reader

SERIAL = "20UPGM23800001"


@dataclass
class Desk:
    """What a window would do with the keys: types what is handed on, and takes scans."""

    detector: BurstDetector[str] = field(default_factory=lambda: BurstDetector(Reader().beginning))
    typed: str = ""
    scans: list[Burst] = field(default_factory=list)
    now: float = 1000.0

    def press(self, text: str, *, every: float, first_after: float = 1000.0) -> Desk:
        for number, char in enumerate(text):
            self.now += every if number else first_after
            decision = self.detector.press(char, self.now, char)
            self.typed += "".join(decision.released) + ("" if decision.is_kept else char)
            self.scans += [decision.burst] if decision.burst else []
        return self

    def rest(self) -> Desk:
        decision = self.detector.rest()
        self.typed += "".join(decision.released)
        self.scans += [decision.burst] if decision.burst else []
        return self

    @property
    def texts(self) -> list[str]:
        return [scan.text for scan in self.scans]


@pytest.mark.parametrize("ending", ["\r", "\n", "\t"])
def test_a_scan_is_taken_at_its_ending(ending: str) -> None:
    desk = Desk().press(SERIAL + ending, every=8)
    assert desk.texts == [SERIAL + ending]
    assert desk.typed == ""
    assert desk.scans[0].lasted == 8 * len(SERIAL)
    assert desk.scans[0].longest_gap == 8


def test_a_scan_without_ending_is_taken_when_nothing_more_comes() -> None:
    desk = Desk().press(SERIAL, every=8)
    assert desk.texts == []
    assert desk.detector.wait == Limits().patience
    assert desk.rest().texts == [SERIAL]


def test_the_next_scan_ends_one_without_ending() -> None:
    desk = Desk().press(SERIAL, every=8).press(SERIAL, every=8, first_after=300).rest()
    assert desk.texts == [SERIAL, SERIAL]


@pytest.mark.parametrize("every", [36, 60, 120, 400])
def test_typing_is_given_back_key_by_key(every: float) -> None:
    words = "the quick brown fox\rjumps over\t20UPGM23800001\r"
    desk = Desk().press(words, every=every).rest()
    assert (desk.typed, desk.scans) == (words, [])


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefghij 0123456789-_\r\t"), st.integers(0, 300)),
        min_size=1,
        max_size=80,
    )
)
def test_no_key_is_lost_or_moved(keys: list[tuple[str, int]]) -> None:
    desk = Desk(detector=BurstDetector(lambda _: Beginning.OTHER))
    order: list[str] = []
    for char, gap in keys:
        desk.now += gap
        decision = desk.detector.press(char, desk.now, char)
        order += decision.released
        order += [decision.burst.text] if decision.burst else []
        order += [decision.tail] if decision.is_kept else [char]
    rest = desk.detector.rest()
    order += rest.released
    order += [rest.burst.text] if rest.burst else []
    assert "".join(order) == "".join(char for char, _ in keys)


def test_a_fast_pair_of_keys_is_typing() -> None:
    desk = Desk()
    for pair in ("th", "er", "in", "20"):
        desk.press(pair, every=12, first_after=90)
    assert desk.rest().typed == "therin20"


def test_enter_and_blank_alone_pass_at_once() -> None:
    desk = Desk().press("\r", every=0).press(" ", every=0).press("\t", every=0)
    assert (desk.typed, desk.detector.is_waiting) == ("\r \t", False)


def test_a_word_and_enter_in_one_go_are_typing_unless_long() -> None:
    assert Desk().press("20\r", every=10).typed == "20\r"
    assert Desk().press("abcdef\r", every=10).texts == ["abcdef\r"]


def test_a_scanner_may_pause_once_it_is_known() -> None:
    desk = Desk().press(SERIAL[:7], every=8).press(SERIAL[7:] + "\r", every=8, first_after=90)
    assert desk.texts == [SERIAL + "\r"]


@pytest.mark.parametrize("pauses", [[60], [5, 80], [5, 5, 90], [60, 5, 5, 5, 5, 60]])
def test_a_label_may_hesitate_where_the_computer_is_busy(pauses: list[float]) -> None:
    desk = Desk().press(SERIAL[0], every=0)
    for number, char in enumerate(SERIAL[1:] + "\r"):
        desk.press(char, every=0, first_after=pauses[number] if number < len(pauses) else 6)
    assert (desk.texts, desk.typed) == ([SERIAL + "\r"], "")


@pytest.mark.parametrize("every", [40, 80, 100])
def test_a_serial_number_that_is_typed_fast_is_typing(every: float) -> None:
    desk = Desk().press(SERIAL[:6], every=every)
    assert len(desk.typed) >= 1, "nothing of it would be seen before it is whole"
    desk.press(SERIAL[6:] + "\r", every=every, first_after=every).rest()
    assert (desk.typed, desk.scans) == (SERIAL + "\r", [])


def test_what_is_certain_stays_so_however_slowly_it_goes_on() -> None:
    desk = Desk().press(SERIAL[:3], every=5).press(SERIAL[3:] + "\r", every=80, first_after=80)
    assert (desk.texts, desk.typed) == ([SERIAL + "\r"], "")


def test_the_rest_of_a_slow_scan_is_known_for_one() -> None:
    desk = Desk().press("ABC", every=60).press("DEFGHIJ\r", every=5, first_after=60)
    assert (desk.typed, desk.texts, desk.scans[0].is_torn) == ("ABC", ["DEFGHIJ\r"], True)
    assert not desk.press("DEFGHIJ\r", every=5).scans[1].is_torn


def test_of_a_scanner_that_sends_endings_one_waits_longer_for_it() -> None:
    desk = Desk().press(SERIAL + "\r", every=8)
    desk.press(SERIAL[:7], every=8).press(SERIAL[7:], every=8, first_after=250)
    assert desk.detector.wait == Limits().longer
    assert desk.rest().texts == [SERIAL + "\r", SERIAL]
    assert desk.press(SERIAL, every=8).detector.wait == Limits().patience


def test_the_end_of_a_burst_after_a_long_pause_is_a_scan_of_its_own() -> None:
    desk = Desk().press(SERIAL[:7], every=8).press(SERIAL[7:] + "\r", every=8, first_after=400)
    assert desk.texts == [SERIAL[:7], SERIAL[7:] + "\r"]


def test_further_endings_go_with_the_scan() -> None:
    desk = Desk().press(SERIAL + "\r\n\t", every=5)
    assert desk.texts == [SERIAL + "\r"]
    assert desk.typed == ""
    assert desk.press("\r", every=0, first_after=200).typed == "\r"


def test_after_the_program_was_busy_only_the_beginning_tells() -> None:
    # Where events have no times of their own, all that were typed meanwhile come in the same moment.
    assert Desk().press("inspected by me\r", every=0).rest().typed == "inspected by me\r"
    assert Desk().press(SERIAL + "\r", every=0).texts == [SERIAL + "\r"]


@pytest.mark.parametrize("begin", ["20u", "éàU", "éàu", "itkgui-", "]C120U", "ITKGUI)", "ITKGUIß"])
def test_labels_are_known_by_their_beginning_on_every_keyboard(begin: str) -> None:
    desk = Desk().press(begin, every=8)
    assert desk.detector.is_certain
    assert desk.detector.expects(desk.now + 50)
    assert not desk.detector.expects(desk.now + 500)


def test_ten_thousand_characters_are_one_scan_of_which_little_is_kept() -> None:
    desk = Desk().press("7" * 10_000 + "\r", every=2)
    (scan,) = desk.scans
    assert (scan.length, len(scan.text), desk.typed) == (10_001, LONGEST_KEPT, "")


def test_a_clock_that_jumps_back_only_ends_what_was() -> None:
    desk = Desk().press("abc", every=8)
    desk.now = 5
    assert desk.press("def", every=100, first_after=0).rest().typed == "abcdef"


def test_what_follows_a_held_key_is_held_behind_it() -> None:
    detector: BurstDetector[str] = BurstDetector(lambda _: Beginning.OTHER)
    detector.press("a", 0, "a down")
    detector.follow("a up")
    assert detector.rest().released == ["a down", "a up"]


def test_slower_scanners_are_told_by_the_limits() -> None:
    slow = BurstDetector[str](Reader().beginning, Limits.for_gap(80))
    desk = Desk(detector=slow).press(SERIAL + "\r", every=70)
    assert desk.texts == [SERIAL + "\r"]
