"""Fetched files, components and institutions as objects."""

from __future__ import annotations

import gc
import io
import logging
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from itkgui import itkdb
from itkgui.itkdb.models.component import Component
from tests.unit.client.conftest import Received, Wire
from tests.unit.itkdb.conftest import Connect


def fetched(wire: Wire, connect: Connect, body: bytes, kind: str = "text/plain", name: str = "a.txt") -> Any:
    named = {"Content_Disposition": f"inline; filename={name}"} if name else {}
    reply = wire.reply(200, body, kind, None, **named)
    return connect(wire.server_of(reply)).get("getComponentAttachment", json={"component": "c", "code": "d"})


def packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("<b>.txt", "inside")
    return buffer.getvalue()


def test_a_file_is_there_as_long_as_its_object(wire: Wire, connect: Connect) -> None:
    """Weak point 20: it can be opened by its name meanwhile, on every system."""
    file = fetched(wire, connect, b"two words")
    path = Path(file.filename)
    assert path.read_bytes() == b"two words"
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    del file
    gc.collect()
    assert not path.exists()
    assert not path.parent.exists()


def test_a_file_ends_with_its_block(wire: Wire, connect: Connect) -> None:
    """Weak point 17."""
    with fetched(wire, connect, b"text") as file:
        path = Path(file.filename)
        assert file.fptr.read() == b"text"
    assert file.fptr.closed
    assert not path.exists()


def test_an_archive_is_a_block_too(wire: Wire, connect: Connect) -> None:
    """Weak point 17."""
    with fetched(wire, connect, packed(), "application/zip", "a.zip") as archive:
        path = Path(archive.filename)
        assert isinstance(archive, itkdb.models.ZipFile)
        assert issubclass(itkdb.models.ZipFile, zipfile.ZipFile)
        assert archive.read("<b>.txt") == b"inside"
        assert (archive.size, archive.content) == (len(packed()), packed())
        assert (archive.suggested_filename, archive.extension) == ("a.zip", "zip")
        assert (archive.mimetype, archive.content_type) == ("application/zip", "application/zip")
        assert (archive.status_code, archive.size_fmt) == (200, f"{len(packed()):.1f}B")
        assert "&lt;b&gt;.txt" in archive._repr_html_()
        assert "a.zip" in repr(archive)
        assert archive.save("copy.zip") == len(packed())
    assert Path("copy.zip").read_bytes() == packed()
    assert not path.exists()


def test_an_archive_that_is_none_is_not_lost(
    wire: Wire, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    file = fetched(wire, connect, b"no archive", "application/zip", "a.zip")
    assert type(file) is itkdb.models.BinaryFile
    assert file.content == b"no archive"
    assert "but it is none" in caplog.text


def test_asking_a_file_does_not_move_it(wire: Wire, connect: Connect) -> None:
    """Weak point 18: the content is all of it, and the size leaves the position alone."""
    file = fetched(wire, connect, b"two words")
    assert file.fptr.read(4) == b"two "
    assert (file.content, file.size, file.content_type, len(file)) == (b"two words", 9, "text/plain", 9)
    assert file.fptr.read() == b"words"


@pytest.mark.parametrize("name", ['"../../x.txt"', '"/etc/x.txt"', r'"..\\..\\x.txt"', '"C:\\x.txt"'])
def test_a_name_leads_nowhere_else(wire: Wire, connect: Connect, tmp_path: Path, name: str) -> None:
    """Weak point 19."""
    file = fetched(wire, connect, b"text", name=name)
    file.save()
    (saved,) = tmp_path.iterdir()
    assert saved.name == file.suggested_filename
    assert "/" not in saved.name
    assert "\\" not in saved.name


def test_saving_replaces_and_needs_a_name(wire: Wire, connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    assert fetched(wire, connect, b"new").save() == 3
    assert (tmp_path / "a.txt").read_text() == "new"
    nameless = fetched(wire, connect, b"new", name="")
    assert nameless.suggested_filename is None
    with pytest.raises(ValueError, match="name"):
        nameless.save()
    with pytest.raises(OSError, match="no/such"):
        nameless.save("no/such/folder/a.txt")


@pytest.mark.parametrize(
    ("name", "kind", "extension"),
    [("a.B.TXT", "text/plain", "txt"), ("", "image/png", "png"), ("noend", "text/csv; charset=utf-8", "csv")],
)
@pytest.mark.logs("No model available")
def test_the_extension_is_of_name_or_type(
    wire: Wire, connect: Connect, name: str, kind: str, extension: str
) -> None:
    assert fetched(wire, connect, b"a,b\n", kind, name).extension == extension


def test_a_text_shows_as_text(wire: Wire, connect: Connect) -> None:
    """A notebook would run what is not escaped."""
    file = fetched(wire, connect, "<script>é</script>".encode())
    assert file._repr_html_() == "<pre>&lt;script&gt;é&lt;/script&gt;</pre>"


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("image/png", "a.png", "_repr_png_"),
        ("image/jpeg", "a.jpeg", "_repr_jpeg_"),
        ("image/svg+xml", "", "_repr_svg_"),
    ],
)
def test_a_picture_shows_itself(wire: Wire, connect: Connect, kind: str, name: str, shown: str) -> None:
    picture = fetched(wire, connect, b"<svg></svg>", kind, name)
    given = {way: getattr(picture, way)() for way in ("_repr_png_", "_repr_jpeg_", "_repr_svg_")}
    assert [way for way, value in given.items() if value is not None] == [shown]


def test_a_file_can_be_made_of_an_answer_or_of_an_open_file(wire: Wire) -> None:
    server = wire.server_of(
        wire.reply(200, b"text", "text/plain", Content_Disposition="inline; filename=a b.txt")
    )
    with itkdb.core.Session(user=itkdb.core.UserBearer("x"), prefix_url=server.url, cache=False) as session:
        file = itkdb.models.BinaryFile.from_response(session.get("thing"))
    assert (file.content, file.suggested_filename, file.mimetype) == (b"text", "a b.txt", "text/plain")
    own = itkdb.models.TextFile(io.BytesIO(b"mine"), suggested_filename="b.txt")
    assert (own.content, own.extension) == (b"mine", "txt")


@pytest.mark.logs("No mimetype available")
def test_an_empty_file_without_a_type(wire: Wire, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    file = fetched(wire, connect, b"", "")
    assert (type(file), file.mimetype, file.size) == (itkdb.models.BinaryFile, None, 0)
    assert file.content_type == "application/x-empty"
    assert caplog.records[-1].levelno == logging.WARNING


class Family:
    """A database of components, by id: their children's ids, None for an empty slot."""

    def __init__(self, wire: Wire, children: dict[str, list[str | None]]) -> None:
        self._wire = wire
        self._children = children

    def __call__(self, request: Received) -> bytes:
        name = request.json["component"]
        if name not in self._children:
            return self._wire.failure(400, "ucl-itkpd-main/getComponent/componentDoesNotExist")
        return self._wire.json(self.data(name))

    def data(self, name: str) -> dict[str, Any]:
        slots = [
            {"id": f"slot-{child}", "component": child and {"id": child}} for child in self._children[name]
        ]
        return {"id": name, "serialNumber": f"SN-{name}", "children": slots or None}


def test_a_tree_is_walked_once(wire: Wire, connect: Connect) -> None:
    family = Family(wire, {"a": ["b", None, "gone"], "b": ["c"], "c": []})
    server = wire.server(family)
    root = Component(connect(server), family.data("a"))
    assert [slot["id"] for slot in root.children] == ["slot-b", "slot-None", "slot-gone"]
    for _ in range(2):
        root.walk()
        assert [child.id for child in root.children] == ["b", "slot-None", "slot-gone"]
        assert [child.serial_number for child in root.children] == ["SN-b", "", ""]
        assert [child.id for child in root.children[0].children] == ["c"]
        assert root.children[0].children[0].children == []
    assert len(server.received) == 6
    assert "SN-a" in repr(root)
    flat = Component(connect(server), family.data("a"))
    flat.walk(recurse=False)
    assert isinstance(flat.children[0].children[0], dict)
    flat.children = []
    assert flat.children == []


def test_a_tree_in_a_circle_ends(wire: Wire, connect: Connect) -> None:
    family = Family(wire, {"a": ["b"], "b": ["a", "c"], "c": []})
    server = wire.server(family)
    root = Component(connect(server), family.data("a"))
    root.walk()
    again, leaf = root.children[0].children
    assert (again.id, leaf.id) == ("a", "c")
    assert isinstance(again.children[0], dict)
    assert len(server.received) == 3


def test_institutions_may_lack_what_nobody_entered() -> None:
    make = itkdb.models.institution.make_institution_list
    whole = {
        "id": "1",
        "code": "UCSC",
        "name": "Santa Cruz",
        "supervisor": "Alex Example",
        "latitude": 1.5,
        "longitude": "2.5",
        "address": {"city": "Santa Cruz", "zipCode": "1"},
        "contacts": {"email": "a@example.org"},
        "componentType": [
            {"code": "S", "name": "Strips", "itemList": [{"code": "M", "id": "2", "name": "Module"}]}
        ],
    }
    first, second = make([whole, {"id": "2", "code": "X", "name": "X", "address": None}]).institutions
    assert (first.address.zip_code, first.contacts.email, first.longitude) == ("1", "a@example.org", "2.5")
    assert first.component_type[0].item_list[0].code == "M"
    assert (second.address.city, second.component_type, second.supervisor) == (None, [], None)
    assert first == make([whole]).institutions[0]
