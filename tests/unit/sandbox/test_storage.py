"""Where the sandbox keeps bytes: all below one folder, of which only the uploads outlive it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from itkgui.sandbox.storage import Storage

CODE = "0123456789abcdef" * 2


def upload(storage: Storage, content: bytes) -> None:
    path, file = storage.incoming()
    with file:
        file.write(content)
    storage.keep(CODE, path)


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_everything_lies_below_the_folder_and_uploads_stay_there(
    tmp_path: Path, own_environment: Path
) -> None:
    folder = tmp_path / "new" / "folder"
    storage = Storage(folder)
    upload(storage, b"upload")
    assert storage.sample(CODE, lambda: b"sample").is_relative_to(folder)
    storage.close()
    assert everything_below(folder) == [f"objects/01/{CODE}"]
    again = Storage(folder)
    found = again.find(CODE)
    assert found is not None
    assert found.read_bytes() == b"upload"
    assert list((own_environment.parent / "temporary").iterdir()) == []


def test_what_a_killed_process_left_half_done_is_cleared(tmp_path: Path) -> None:
    killed = Storage(tmp_path)
    path, file = killed.incoming()
    file.close()
    killed.sample(CODE, lambda: b"of another seed")
    storage = Storage(tmp_path)
    assert not path.exists()
    assert storage.sample(CODE, lambda: b"of this seed").read_bytes() == b"of this seed"


def test_without_a_folder_nothing_is_kept(own_environment: Path) -> None:
    temporary = own_environment.parent / "temporary"
    tempfile.tempdir, before = str(temporary), tempfile.tempdir
    try:
        storage = Storage(None)
    finally:
        tempfile.tempdir = before
    upload(storage, b"upload")
    assert everything_below(temporary)
    storage.close()
    assert list(temporary.iterdir()) == []
