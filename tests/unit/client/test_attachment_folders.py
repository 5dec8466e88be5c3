"""Many attachments saved in folders: safe names, nothing replaced, what is there skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.client.attachment_folders import Saved, save_into
from itkgui.client.exceptions import FileNotWritten, NotFound
from itkgui.client.files import BinaryFile, open_file
from itkgui.records.attachment import Attachment, Owner, OwnerKind

OWNER = Owner(OwnerKind.TEST_RUN, "0" * 24, "IV, run 1")


def attachment(name: str) -> Attachment:
    return Attachment.from_json({"code": "c", "filename": name, "type": "file"}, OWNER)


class Server:
    """Holds one file; counts how often it is fetched, and asked for its size."""

    def __init__(self, folder: Path, name: str, content: bytes) -> None:
        self.path = folder / "fetched"
        self.path.write_bytes(content)
        self.name = name
        self.fetched = self.asked = 0

    def fetch(self) -> BinaryFile:
        self.fetched += 1
        return open_file(self.path, self.name)

    def size(self) -> int:
        self.asked += 1
        return self.path.stat().st_size

    def save(self, root: Path, *folders: str, taken: set[Path] | None = None) -> Saved:
        others = set() if taken is None else taken
        return save_into(root, folders, attachment(self.name), self.size, self.fetch, others)


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
    assert server.save(root, "20UPGM23800001", "Wire bonding", "IV", "run 1") == Saved(first.path, True)
    assert (server.fetched, server.asked) == (1, 1)


def test_other_file_of_the_name_stays(tmp_path: Path, root: Path) -> None:
    server = Server(tmp_path, "iv.csv", b"new one")
    (root / "iv.csv").write_bytes(b"another")  # of the same size
    (root / "iv.csv").write_bytes(b"another one")
    saved = server.save(root)
    assert saved == Saved(root / "iv (2).csv", False)
    assert (root / "iv.csv").read_bytes() == b"another one"
    assert server.save(root) == Saved(root / "iv (2).csv", True)


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
        assert saved == [Saved(root / name, was_there) for name in ("map.bmp", "map (2).bmp")]
    assert [one.path.read_bytes() for one in saved] == [b"BM 0", b"BM 1"]


def test_title_without_a_suffix_is_recognised_by_its_stem(tmp_path: Path, root: Path) -> None:
    server = Server(tmp_path, "photo of the bonds", b"\x89PNG\r\n\x1a\n" + bytes(40))
    saved = server.save(root)
    assert saved.path.name == "photo of the bonds.png"
    assert server.save(root) == Saved(saved.path, True)


@pytest.mark.parametrize(
    "folder", ["../../up", "/etc", "C:\\Windows", "a/b\\c", "CON", "..", "\x00\x1b[2J", ""]
)
def test_folders_lead_nowhere_else(tmp_path: Path, root: Path, folder: str) -> None:
    saved = Server(tmp_path, "iv.csv", b"1").save(root, folder, folder)
    assert saved.path.resolve().is_relative_to(root.resolve())
    assert len(saved.path.relative_to(root).parts) == 3


def test_folder_that_cannot_be_made(tmp_path: Path, root: Path) -> None:
    (root / "taken").write_text("a file")
    with pytest.raises(FileNotWritten):
        Server(tmp_path, "iv.csv", b"1").save(root, "taken", "below")


def test_failure_to_fetch_leaves_no_file(tmp_path: Path, root: Path) -> None:
    def fail() -> BinaryFile:
        raise NotFound("gone")

    with pytest.raises(NotFound):
        save_into(root, ("a",), attachment("iv.csv"), lambda: 1, fail, set())
    assert list((root / "a").iterdir()) == []
