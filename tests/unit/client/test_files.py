"""Files on this computer: safe names, saving, looking before sending, receiving, archives that are bad."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itkgui.client import transfer
from itkgui.client.exceptions import (
    Cancelled,
    FileEmpty,
    FileMissing,
    FileNotWritten,
    FileUnreadable,
    NotAFile,
    TransferIncomplete,
)
from itkgui.client.files import (
    ArchiveFile,
    BinaryFile,
    ImageFile,
    LocalFile,
    TextFile,
    inspect,
    open_file,
    receive,
    safe_name,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "etc_passwd"),
        ("/absolute/path.txt", "absolute_path.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("C:\\Windows\\x.txt", "C__Windows_x.txt"),
        ("MODULE/ASSEMBLY", "MODULE_ASSEMBLY"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("bad\udcffname.txt", "badname.txt"),
        ('what? <a|b> "c"*.txt', "what_ _a_b_ _c__.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("CON .0", "_CON.0"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("contents.txt", "contents.txt"),
        (".bashrc", "bashrc"),
        ("  name . ", "name"),
        ("", "attachment"),
        ("...", "attachment"),
        ("/", "attachment"),
        ("µ-Sonde 5.txt", "µ-Sonde 5.txt"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_safe_names(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["x" * 5000, "µ" * 5000 + ".txt", "a." + "b" * 5000, "../" * 3000 + "x"])
def test_a_name_is_bounded(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 180
    assert name.endswith(".txt") == text.endswith(".txt")


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.characters() | st.sampled_from("./\\\\:~\0\u202e\ud800 "), max_size=300)
    | st.builds(
        "".join,
        st.lists(st.sampled_from(["..", "/", "\\\\", ".", " ", "con", "NUL", ":", "a", "\ufeff", "x" * 90])),
    )
)
def test_no_name_leads_out_of_a_folder(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(name)
        assert path.parts == (name,)
        assert not path.is_absolute()
        assert name not in (".", "..")
    assert name == name.strip(". ")
    assert 0 < len(name.encode()) <= 180
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"}.intersection(map(unicodedata.category, name))
    assert not PureWindowsPath(name).is_reserved()


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_name_can_be_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "written"
    file = receive([(0, b"x")], 1, folder, text)
    assert file.path.parent == folder
    assert file.path.name == file.name
    assert [path.name for path in folder.iterdir()] == [file.name]
    file.path.unlink()


def test_a_file_that_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "photo.dat"
    path.write_bytes(PNG)
    assert inspect(path) == LocalFile(path, len(PNG), "image/png")


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(NotAFile):
            inspect(path)


def test_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "nothing", tmp_path / "file" / "below"):
        with pytest.raises(FileMissing):
            inspect(path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(FileEmpty):
        inspect(tmp_path / "empty")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    # Rights would not bind the administrator; a link that leads to itself binds everybody.
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FileUnreadable):
        inspect(tmp_path / "loop")


def test_a_path_that_cannot_be_one() -> None:
    with pytest.raises((FileUnreadable, FileMissing)):
        inspect(Path("a\0b"))
    with pytest.raises(FileUnreadable):
        inspect(Path("x" * 5000))


def test_content_picks_the_class(tmp_path: Path) -> None:
    kinds: list[tuple[bytes, str, type[BinaryFile]]] = [
        (PNG, "code", ImageFile),
        (b"text\n", "photo.jpg", TextFile),
        (b'{"a": 1}', "x", TextFile),
        (b"<svg/>", "x", TextFile),
        (b"PK\x05\x06" + bytes(18), "x", ArchiveFile),
        (b"root\x00\x00\xf3\xc0" + bytes(50), "x", BinaryFile),
        (b"", "x", BinaryFile),
    ]
    for content, name, kind in kinds:
        (tmp_path / "file").write_bytes(content)
        assert type(open_file(tmp_path / "file", name)) is kind


def test_a_name_without_a_suffix_gets_the_one_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(PNG)
    assert open_file(tmp_path / "file", "Wire bonds").name == "Wire bonds.png"
    assert open_file(tmp_path / "file", "photo.dat").name == "photo.dat"
    assert open_file(tmp_path / "file", "at 3.5").name == "at 3.5.png"
    assert open_file(tmp_path / "file", "at 3.5 V").name == "at 3.5 V.png"


def test_a_file_that_went_away_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        open_file(tmp_path / "nothing", "x")


@pytest.fixture
def fetched(tmp_path: Path) -> BinaryFile:
    (tmp_path / "cache").mkdir()
    return receive([(0, b"some "), (5, b"text")], 9, tmp_path / "cache", "../note.txt")


def test_saving_into_a_folder_never_replaces(tmp_path: Path, fetched: BinaryFile) -> None:
    target = tmp_path / "target"
    target.mkdir()
    paths = [fetched.save(target) for _ in range(3)]
    assert [path.name for path in paths] == ["note.txt", "note (2).txt", "note (3).txt"]
    assert all(path.parent == target and path.read_bytes() == b"some text" for path in paths)
    assert sorted(path.name for path in target.iterdir()) == sorted(path.name for path in paths)


def test_saving_to_a_path_replaces_only_when_told(tmp_path: Path, fetched: BinaryFile) -> None:
    target = tmp_path / "mine.txt"
    assert fetched.save(target) == target
    target.write_text("precious")
    with pytest.raises(FileNotWritten):
        fetched.save(target)
    assert target.read_text() == "precious"
    fetched.save(target, overwrite=True)
    assert target.read_text() == "some text"


def test_saving_where_nothing_can_be_written(tmp_path: Path, fetched: BinaryFile) -> None:
    with pytest.raises(FileNotWritten):
        fetched.save(tmp_path / "no such folder" / "x.txt")
    with pytest.raises(FileNotWritten):
        fetched.save(fetched.path / "below")
    fetched.path.unlink()
    with pytest.raises(FileNotWritten):
        fetched.save(tmp_path)


def test_a_received_file_is_whole_private_and_safely_named(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with transfer.running(transfer.Transfer()) as watched:
        file = receive([(0, b"some "), (5, b"text")], 9, folder, "../../note.txt")
        assert (watched.done, watched.total) == (9, 9)
    assert isinstance(file, TextFile)
    assert (file.path, file.name, file.size) == (folder / "note.txt", "note.txt", 9)
    assert [path.name for path in folder.iterdir()] == ["note.txt"]
    if sys.platform != "win32":
        assert file.path.stat().st_mode & 0o077 == 0


def test_a_file_that_is_sent_anew_is_written_anew(tmp_path: Path) -> None:
    with transfer.running(transfer.Transfer()) as watched:
        file = receive([(0, b"longer by far"), (0, b"some "), (5, b"text")], 9, tmp_path, "note.txt")
        assert (watched.done, watched.total) == (9, 9)
    assert file.path.read_bytes() == b"some text"


def test_nothing_is_left_of_a_file_that_does_not_come_whole(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[int, bytes]]:
        yield 0, b"some"
        raise TransferIncomplete

    for pieces in (broken(), iter([(0, b"some")]), iter([(0, b"some text and more")])):
        with pytest.raises(TransferIncomplete):
            receive(pieces, 9, tmp_path, "note.txt")
    with transfer.running(transfer.Transfer()) as watched:

        def cancelled() -> Iterator[tuple[int, bytes]]:
            yield 0, b"some"
            watched.cancel()
            yield 4, b" text"

        with pytest.raises(Cancelled):
            receive(cancelled(), 9, tmp_path, "note.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileNotWritten):
        receive([(0, b"x")], 1, tmp_path / "file", "note.txt")
    with pytest.raises(FileNotWritten):
        receive([(0, b"x")], 1, tmp_path / "file" / "below", "note.txt")


def text_of(tmp_path: Path, content: bytes, limit: int = 100) -> str:
    file = receive([(0, content)], None, tmp_path, "note.txt")
    assert isinstance(file, TextFile)
    return file.text(limit)


def test_texts_in_many_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"):
        assert text_of(tmp_path, "grün 5 µm".encode(encoding)) == "grün 5 µm"
    assert text_of(tmp_path, "µµµ".encode(), limit=5) == "µµ\ufffd"
