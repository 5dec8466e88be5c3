"""Where the sandbox keeps bytes: all below one folder, of which only the uploads outlive it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from itkgui.sandbox.storage import Storage

ROOT = Path(__file__).parents[3]
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
    assert everything_below(folder) == ["itkgui-sandbox", f"objects/01/{CODE}"]
    again = Storage(folder)
    found = again.find(CODE)
    assert found is not None
    assert found.read_bytes() == b"upload"
    again.close()
    assert list((own_environment.parent / "temporary").iterdir()) == []


def test_what_a_killed_process_left_half_done_is_cleared(tmp_path: Path) -> None:
    program = f"""
import os, pathlib
from itkgui.sandbox.storage import Storage
storage = Storage(pathlib.Path({str(tmp_path)!r}))
storage.incoming()[1].close()
storage.sample({CODE!r}, lambda: b"of another seed")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT)
    assert len(everything_below(tmp_path)) == 3
    storage = Storage(tmp_path)
    assert everything_below(tmp_path) == ["itkgui-sandbox"]
    assert storage.sample(CODE, lambda: b"of this seed").read_bytes() == b"of this seed"
    storage.close()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    thesis = tmp_path / "samples" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.write_text("all of it")
    with pytest.raises(OSError, match="holds something else"):
        Storage(tmp_path)
    assert everything_below(tmp_path) == ["samples/thesis.txt"]


def test_a_folder_belongs_to_one_at_a_time(tmp_path: Path) -> None:
    first = Storage(tmp_path)
    with pytest.raises(OSError, match="in use by another sandbox"):
        Storage(tmp_path)
    first.close()
    Storage(tmp_path).close()


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
