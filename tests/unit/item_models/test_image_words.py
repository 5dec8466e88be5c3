"""What is said of a picture, and how its shades are moved."""

from __future__ import annotations

import pytest

from itkgui.decoding.image import LoadedImage
from itkgui.decoding.image_facts import ImageFacts
from itkgui.decoding.tones import Tone
from itkgui.item_models.image_words import (
    adjusted,
    distance_words,
    image_facts,
    micrometres,
    pixel_words,
    value_words,
)


def loaded(**facts: object) -> LoadedImage:
    return LoadedImage(b"", 1, 1, False, 4000, 3000, facts=ImageFacts(**facts))  # type: ignore[arg-type]


def test_facts_in_a_line() -> None:
    known = loaded(
        format="TIFF", depth="16-bit grey", pages=7, date="2024-05-01 12:33", camera="Canon", remark="damaged"
    )
    assert image_facts(known, 0.181, page=1, scale=(0.5, 0.25)).split("  ·  ") == [
        "4000 × 3000 pixels",
        "18%",
        "TIFF, 16-bit grey",
        "page 2 of 7",
        "2 mm × 750 µm",
        "2024-05-01 12:33",
        "Canon",
        "damaged",
    ]
    assert image_facts(loaded(format="PNG"), 0.004) == "4000 × 3000 pixels  ·  0.4%  ·  PNG"


def test_camera_of_a_hostile_file_cannot_turn_the_line() -> None:
    assert "\u202e" not in image_facts(loaded(camera="Can\u202eon"), 1)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0.0254, "25.4 nm"),
        (0.5, "500 nm"),
        (1, "1 µm"),
        (999.4, "999 µm"),
        (1234, "1.23 mm"),
        (56_700, "56.7 mm"),
        (2.5e6, "2.5 m"),
    ],
)
def test_lengths_have_a_fitting_unit(length: float, words: str) -> None:
    assert micrometres(length) == words


def test_distance_takes_the_scale_of_each_side() -> None:
    assert distance_words(30, 40, None) == "50.0 pixels"
    assert distance_words(30, 40, (2, 0.5)) == "50.0 pixels = 63.2 µm"


def test_values_are_those_of_the_file() -> None:
    assert pixel_words(3, 4, [("value", 51234)]) == "x 3  y 4  ·  value 51234"
    assert pixel_words(3, 4, [("R", 1), ("G", 2), ("B", 3)]) == "x 3  y 4  ·  R 1  G 2  B 3"
    assert pixel_words(3, 4, []) == "x 3  y 4"
    assert value_words(-0.0123456789) == "-0.0123457"
    assert value_words(float("nan")) == "nan"
    assert value_words(1e300) == "1e+300"


def test_sliders_move_and_narrow_the_window() -> None:
    usual = Tone(1000, 3000)
    assert adjusted(usual, 0, 0) == usual
    assert adjusted(usual, 0.5, 0) == Tone(0, 2000)
    assert adjusted(usual, 0, 1) == Tone(1750, 2250)
    assert adjusted(usual, 0, -1) == Tone(-2000, 6000)
