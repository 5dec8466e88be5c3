"""Many attachments saved in folders: safe names, nothing replaced, what is there skipped."""

from __future__ import annotations

import zlib
from pathlib import Path, PureWindowsPath

import pytest

from itkgui.client.attachment_folders import Saved, Source, save_into
from itkgui.client.downloads import Told
from itkgui.client.exceptions import FileNotWritten, NotFound
from itkgui.client.files import BinaryFile, open_file
from itkgui.records.attachment import Attachment, Owner, OwnerKind

OWNER = Owner(OwnerKind.TEST_RUN, "0" * 24, "IV, run 1")


def attachment(name: str) -> Attachment:
    return Attachment.from_json({"code": "c", "filename": name, "type": "file"}, OWNER)


class Server:
    """Holds one file; counts how often it is fetched, and asked what it is.

    It ``tells_checksum`` as EOS does; what it holds ``is_kept`` on this computer too.
    """

    def __init__(
        self, folder: Path, name: str, content: bytes, *, tells_checksum: bool = False, is_kept: bool = False
    ) -> None:
        self.tells_checksum, self.is_kept = tells_checksum, is_kept
        self.path = folder / "fetched"
        self.path.write_bytes(content)
        self.name = name
        self.fetched = self.asked = 0

    def fetch(self) -> BinaryFile:
        self.fetched += 1
        return open_file(self.path, self.name)

    def tell(self) -> Told:
        self.asked += 1
        content = self.path.read_bytes()
        return Told(len(content), f"{zlib.adler32(content):08x}" if self.tells_checksum else "")

    def find(self) -> BinaryFile | None:
        return open_file(self.path, self.name) if self.is_kept else None

    def save(self, root: Path, *folders: str, taken: set[Path] | None = None) -> Saved:
        others = set() if taken is None else taken
        return save_into(
            root, folders, attachment(self.name), Source(self.find, self.tell, self.fetch), others
        )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


def test_second_time_nothing_is_fetched(tmp_path: Path, root: Path) -> None:
    server = Server(tmp_path, "iv.csv", b"V,I\n1,2\n")
    first = server.save(root, "20UPGM23800001", "Wire bonding", "IV", "run 1")
    assert first == Saved(root / "20UPGM23800001" / "Wire bonding" / "IV" / "run 1" / "iv.csv", False)
    assert first.path.read_bytes() == b"V,I\n1,2\n"
    assert server.asked == 0
    again = server.save(root, "20UPGM23800001", "Wire bonding", "IV", "run 1")
    assert again == Saved(first.path, True, is_certain=False)
    assert (server.fetched, server.asked) == (1, 1)


def test_other_file_of_the_name_stays(tmp_path: Path, root: Path) -> None:
    server = Server(tmp_path, "iv.csv", b"new one")
    (root / "iv.csv").write_bytes(b"another")  # of the same size
    (root / "iv.csv").write_bytes(b"another one")
    saved = server.save(root)
    assert saved == Saved(root / "iv (2).csv", False)
    assert (root / "iv.csv").read_bytes() == b"another one"
    assert server.save(root) == Saved(root / "iv (2).csv", True, is_certain=False)


@pytest.mark.parametrize(("tells_checksum", "is_kept", "asked"), [(True, False, 1), (False, True, 0)])
def test_file_of_the_same_size_and_other_content_is_another(
    tmp_path: Path, root: Path, tells_checksum: bool, is_kept: bool, asked: int
) -> None:
    server = Server(tmp_path, "iv.csv", b"new one", tells_checksum=tells_checksum, is_kept=is_kept)
    (root / "iv.csv").write_bytes(b"old one")
    assert server.save(root) == Saved(root / "iv (2).csv", False)
    assert (root / "iv.csv").read_bytes() == b"old one"
    assert server.asked == asked
    assert server.save(root) == Saved(root / "iv (2).csv", True, is_certain=True)
    assert server.fetched == 1


def test_two_attachments_of_one_name_and_size_are_both_saved_and_only_once(
    tmp_path: Path, root: Path
) -> None:
    servers = []
    for number in range(2):
        (tmp_path / f"{number}").mkdir()
        servers.append(Server(tmp_path / f"{number}", "map.bmp", b"BM %d" % number))
    for was_there in (False, True):
        taken: set[Path] = set()
        saved = [server.save(root, taken=taken) for server in servers]
        names = ("map.bmp", "map (2).bmp")
        assert saved == [Saved(root / name, was_there, is_certain=not was_there) for name in names]
    assert [one.path.read_bytes() for one in saved] == [b"BM 0", b"BM 1"]


def test_title_without_a_suffix_is_recognised_by_its_stem(tmp_path: Path, root: Path) -> None:
    server = Server(tmp_path, "photo of the bonds", b"\x89PNG\r\n\x1a\n" + bytes(40))
    saved = server.save(root)
    assert saved.path.name == "photo of the bonds.png"
    assert server.save(root) == Saved(saved.path, True, is_certain=False)


@pytest.mark.parametrize(
    "folder", ["../../up", "/etc", "C:\\Windows", "a/b\\c", "CON", "..", "\x00\x1b[2J", ""]
)
def test_folders_lead_nowhere_else(tmp_path: Path, root: Path, folder: str) -> None:
    saved = Server(tmp_path, "iv.csv", b"1").save(root, folder, folder)
    assert saved.path.resolve().is_relative_to(root.resolve())
    assert len(saved.path.relative_to(root).parts) == 3


@pytest.mark.parametrize(
    ("folder", "made"),
    [
        ("CON", "_CON"),
        ("nul", "_nul"),
        ("COM1", "_COM1"),
        ("lpt¹.stage", "_lpt¹.stage"),
        ("Wire bonding.", "Wire bonding"),
        ("run 1 . ", "run 1"),
        ("MODULE/ASSEMBLY: 2", "MODULE_ASSEMBLY_ 2"),
        ("µ" * 300, "µ" * 90),
    ],
)
def test_folders_and_files_have_names_that_windows_can_keep(
    tmp_path: Path, root: Path, folder: str, made: str
) -> None:
    saved = Server(tmp_path, f"{folder}.csv", b"1").save(root, folder)
    assert saved.path.parent.name == made
    for part in saved.path.relative_to(root).parts:
        assert not PureWindowsPath(part).is_reserved()
        assert part == part.rstrip(". ")
        assert len(part.encode()) <= 255
        assert not set(part) & set('<>:"/\\|?*')


def test_folder_that_cannot_be_made(tmp_path: Path, root: Path) -> None:
    (root / "taken").write_text("a file")
    with pytest.raises(FileNotWritten):
        Server(tmp_path, "iv.csv", b"1").save(root, "taken", "below")


def test_failure_to_fetch_leaves_no_file(tmp_path: Path, root: Path) -> None:
    def fail() -> BinaryFile:
        raise NotFound("gone")

    with pytest.raises(NotFound):
        save_into(root, ("a",), attachment("iv.csv"), Source(lambda: None, lambda: Told(1), fail), set())
    assert list((root / "a").iterdir()) == []
