"""Drawings: painted, but never run, and never a way to another file."""

from __future__ import annotations

import base64
import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import DecoderFault, Decoders
from itkgui.decoding.image import load_image, load_part, values_at
from itkgui.decoding.image_files import Picture
from itkgui.decoding.svg_source import cleaned
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.pictures import RED, WHITE, colour_at, corners, encoded, noise, written

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>'


def svg(body: str, attributes: str = 'width="200" height="100"') -> bytes:
    return f"{HEAD.format(attributes)}{body}</svg>".encode()


NESTED = base64.b64encode(svg("passwd")).decode()


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


def red_png() -> str:
    return base64.b64encode(encoded(corners(), "PNG")).decode()


# What is left of a source ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "gone", "said"),
    [
        ("<script>alert(1)</script>", "alert", "script"),
        ("<svg:script xmlns:svg='http://www.w3.org/2000/svg'>alert(1)</svg:script>", "alert", "script"),
        ("<rect onclick='alert(1)' width='1'/>", "alert", "script"),
        ("<rect ONLOAD='alert(1)' width='1'/>", "alert", "script"),
        ("<image href='file:///etc/passwd'/>", "passwd", "reference"),
        ("<image href='/etc/passwd'/>", "passwd", "reference"),
        ("<image href='passwd.png'/>", "passwd", "reference"),
        ("<image xlink:href=' http://itk.invalid/passwd'/>", "passwd", "reference"),
        ("<image x:href='passwd' xmlns:x='http://www.w3.org/1999/xlink'/>", "passwd", "reference"),
        ("<use href='passwd.svg#a'/>", "passwd", "reference"),
        ("<rect fill='url(passwd.svg#a)'/>", "passwd", "reference"),
        ("<rect style='fill:URL( \"passwd.svg#a\")'/>", "passwd", "reference"),
        ("<rect style='fill:u\\72l(passwd)'/>", "passwd", "reference"),
        ("<style>@import 'passwd.css';</style>", "passwd", "style"),
        ("<style>rect { fill: url(passwd) }</style>", "passwd", "style"),
        ("<style>rect { fill: <![CDATA[url(]]>passwd) }</style>", "passwd", "style"),
        ("<style>@imp<g>x</g>ort 'passwd.css';</style>", "passwd", "style"),
        ("<style>@<g>import 'passwd.css';</g></style>", "passwd", "foreign"),
        ("<style><style>@import 'passwd.css';</style></style>", "passwd", "foreign"),
        ("<foreignObject><p>passwd</p></foreignObject>", "passwd", "foreign"),
        (
            f"<image href='data:image/svg+xml;base64,{base64.b64encode(svg('passwd')).decode()}'/>",
            "data:",
            "ref",
        ),
        (f"<image href='data:image/png;base64,{base64.b64encode(svg('passwd')).decode()}'/>", "data:", "ref"),
    ],
)
def test_what_runs_or_leads_outside_is_left_out(body: str, gone: str, said: str) -> None:
    clean = cleaned(svg(f"{body}<circle r='5'/>"))
    assert gone not in clean.source.decode()
    assert "<circle" in clean.source.decode()
    assert said in clean.remark


@pytest.mark.parametrize(
    "body",
    [
        "<use href='#a'/>",
        "<use xlink:href='#a'/>",
        "<rect fill='url(#a)' style='stroke: url( \"#b\" )'/>",
        "<style>.a { fill: red }</style>",
        f"<image href='data:image/png;base64,{red_png()}'/>",
        f"<image href='data:image/png;base64,\n{base64.encodebytes(encoded(noise(), 'PNG')).decode()}'/>",
    ],
)
def test_what_stays_inside_is_kept(body: str) -> None:
    clean = cleaned(svg(body))
    assert clean.remark == ""
    for word in ("#a", ".a", "data:"):
        assert (word in body) == (word in clean.source.decode())


def test_notes_of_the_program_that_drew_it_are_no_references() -> None:
    clean = cleaned(svg("<g xmlns:ink='urn:ink' ink:file='C:\\a\\b.png'/>"))
    assert clean.remark == ""
    assert "b.png" not in clean.source.decode()


def bomb_of_entities() -> bytes:
    levels = "".join(f"<!ENTITY l{level} '{f'&l{level - 1};' * 10}'>" for level in range(1, 10))
    return f"<!DOCTYPE svg [<!ENTITY l0 'ha'>{levels}]>{HEAD.format('')}&l9;</svg>".encode()


def uses_of_uses() -> str:
    levels = (f"<g id='a{level}'>" + f"<use href='#a{level - 1}'/>" * 12 + "</g>" for level in range(1, 10))
    return "<g id='a0'><rect width='9' height='9'/></g>" + "".join(levels)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (bomb_of_entities(), "defines entities"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "defines entities"),
        (svg("<g>" * 5000 + "</g>" * 5000), "nested too deep"),
        (svg("<g>"), "damaged"),
        (b"<svg", "damaged"),
        (b'<?xml version="1.0" encoding="nobody"?><svg/>', "damaged"),
    ],
)
def test_what_grows_without_end_is_refused(source: bytes, said: str) -> None:
    with pytest.raises(Undecodable) as raised:
        cleaned(source)
    assert said in raised.value.sentence


# What is painted -------------------------------------------------------------------------------------------


def test_drawing_fills_the_room_and_is_sharp_at_any_size(tmp_path: Path, decoders: Decoders) -> None:
    source = svg(
        '<rect width="100" height="100" fill="#f00"/>', 'viewBox="0 0 200 100" width="200" height="100"'
    )
    file = written(tmp_path / "a.svg", source)
    assert file.media_type == "image/svg+xml"
    loaded = decoders.run(load_image, file, (800, 800))
    assert (loaded.width, loaded.height) == (800, 400)
    assert (loaded.full_width, loaded.full_height) == (200, 100)
    assert loaded.has_lines
    assert loaded.facts.format == "SVG"
    assert colour_at(loaded.pixels, 800, 390, 10) == RED
    assert loaded.pixels[4 * 410 + 3] == 0, "what is not painted is transparent"
    part = decoders.run(load_part, Picture(file), (99, 0, 101, 2), (200, 200))
    assert [part.pixels[4 * x + 3] for x in (0, 99, 100, 199)] == [255, 255, 0, 0]
    turned = decoders.run(load_part, Picture(file), (90, 0, 110, 10), (20, 10), quarters=1)
    assert (turned.width, turned.height) == (10, 20)
    assert decoders.run(values_at, Picture(file), 3, 3) == ()


def test_text_and_pictures_inside_are_painted(tmp_path: Path, decoders: Decoders) -> None:
    body = f"<image href='data:image/png;base64,{red_png()}' width='120' height='80'/>"
    loaded = decoders.run(load_image, written(tmp_path / "a.svg", svg(body)), (200, 100))
    assert colour_at(loaded.pixels, 200, 20, 20) == RED
    words = "<text x='5' y='70' font-size='60'>µm</text>"
    loaded = decoders.run(load_image, written(tmp_path / "b.svg", svg(words)), (200, 100))
    assert any(loaded.pixels[3::4])


def test_picture_of_another_file_is_not_painted(tmp_path: Path, decoders: Decoders) -> None:
    (tmp_path / "secret.png").write_bytes(encoded(corners(), "PNG"))
    for reference in (f"file://{tmp_path}/secret.png", f"{tmp_path}/secret.png", "secret.png"):
        body = f"<image href='{reference}' width='120' height='80'/><circle cx='190' r='9' fill='white'/>"
        loaded = decoders.run(load_image, written(tmp_path / "a.svg", svg(body)), (200, 100))
        assert loaded.pixels[4 * (20 * 200 + 20) + 3] == 0
        assert colour_at(loaded.pixels, 200, 190, 4) == WHITE
        assert "reference to outside" in loaded.facts.remark


@pytest.mark.parametrize(
    "body",
    [
        uses_of_uses(),
        "<g id='a'><use href='#a'/></g>",
        "<path d='M0 0 L1e9 1e9' stroke='black' stroke-dasharray='1e-7'/>",
        f"<path d='{'M0 0 C1 2 3 4 5 6 ' * 300_000}' stroke='black'/>",
    ],
    ids=["uses of uses", "use of itself", "dashes", "long path"],
)
def test_drawing_that_takes_for_ever_ends_and_the_next_is_shown(
    tmp_path: Path, decoders: Decoders, body: str
) -> None:
    decoders.run(load_image, written(tmp_path / "good.svg", svg("<rect/>")), (20, 20))
    begun = time.monotonic()
    with contextlib.suppress(Undecodable):  # some are told, some only look like much
        decoders.run(load_image, written(tmp_path / "a.svg", svg(body)), (400, 200))
    assert time.monotonic() - begun < 20
    good = written(tmp_path / "good.svg", svg("<rect width='200' height='100' fill='red'/>"))
    loaded = decoders.run(load_image, good, (20, 20))
    assert colour_at(loaded.pixels, 20, 5, 5) == RED


@pytest.mark.parametrize(
    ("attributes", "said"),
    [('width="0" height="0" viewBox="0 0 0 0"', "has no size"), ('width="1e9" height="1e9"', "")],
)
def test_odd_sizes(tmp_path: Path, decoders: Decoders, attributes: str, said: str) -> None:
    file = written(tmp_path / "a.svg", svg("", attributes))
    if said:
        with pytest.raises(Undecodable, match="pixels") as raised:
            decoders.run(load_image, file, (20, 20))
        assert said in raised.value.sentence
    else:
        assert decoders.run(load_image, file, (20, 20)).full_width <= 30_000


def test_damaged_drawings_end_in_a_picture_or_a_sentence(tmp_path: Path, decoders: Decoders) -> None:
    body = "<defs><linearGradient id='a'><stop offset='0.5' stop-color='red'/></linearGradient></defs>"
    body += "<g transform='rotate(9)'><path d='M1 2 L30 40 Z' fill='url(#a)'/><text x='1' y='9'>µm</text></g>"
    content, dice = svg(body * 3), random.Random(4)
    outcomes = {"picture": 0, "sentence": 0}
    for number in range(80):
        broken = bytearray(content)
        for _ in range(1 + number % 4):
            broken[dice.randrange(100, len(broken))] ^= 1 << dice.randrange(8)
        file = BinaryFile(tmp_path / "a.svg", "a.svg", len(broken), "image/svg+xml")
        file.path.write_bytes(broken)
        try:
            decoders.run(load_image, file, (60, 40))
            outcome = "picture"
        except DecoderFault as fault:
            outcome = fault.detail
        except Undecodable:
            outcome = "sentence"
        assert outcome in outcomes, f"{number}: {outcome}"
        outcomes[outcome] += 1
    assert min(outcomes.values()) > 5
