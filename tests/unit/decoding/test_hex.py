"""Bytes of any file: read, searched, and judged by what they look like."""

from __future__ import annotations

import gzip
import io
import random
import time
from pathlib import Path

import numpy as np
import pytest

from itkgui.client.files import open_file
from itkgui.decoding.hex import BLOCK, find_bytes, find_bytes_before, load_hex, read_bytes
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.damage import damaged, look_through_bytes, written


def npy(array: np.ndarray, **options: bool) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


def facts(folder: Path, content: bytes, name: str = "a.bin") -> str:
    return "; ".join(load_hex(written(folder / name, content)).facts)


def test_bytes_are_read_from_anywhere(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(3 * BLOCK + 5)
    file = written(tmp_path / "a.bin", content)
    loaded = load_hex(file)
    assert (loaded.size, loaded.first) == (len(content), content[:BLOCK])
    assert read_bytes(file, 2 * BLOCK, 10) == content[2 * BLOCK : 2 * BLOCK + 10]
    assert read_bytes(file, len(content) - 2, 10) == content[-2:]


def test_what_the_content_looks_like(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(200_000)
    assert "compressed or encrypted data" in facts(tmp_path, b"\x01" + noise)
    assert "Looks like a gzip file" in facts(tmp_path, gzip.compress(noise))
    assert "mostly the byte 00" in facts(tmp_path, b"\x01\x02" + bytes(100_000))
    assert "nothing but the byte ff" in facts(tmp_path, b"\xff" * 100_000)
    assert "Looks like an HDF5 file" in facts(tmp_path, b"\x89HDF\r\n\x1a\n" + noise)
    records = b"".join(number.to_bytes(8, "little") for number in range(5000, 9000))
    assert "zeros: numbers or records of fixed length" in facts(tmp_path, records)
    assert "texts in it: readout of station 7" in facts(tmp_path, b"\x93RG\x02\x00readout of station 7\x00")


def test_array_is_summed_up(tmp_path: Path) -> None:
    array = np.array([[1.0, 2.0, np.nan], [4.0, 5.0, 6.0]])
    told = facts(tmp_path, npy(array), "a.npy")
    assert "of shape (2, 3), float64" in told
    assert "values from 1 to 6, mean 3.6" in told
    assert "1 without a number" in told
    assert "of shape (3,), <U2" in facts(tmp_path, npy(np.array(["a", "b", "cd"])), "a.npy")


def test_array_of_objects_is_never_unpickled(tmp_path: Path) -> None:
    target = tmp_path / "made"

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (target,)

    content = npy(np.array([Evil()], dtype=object), allow_pickle=True)
    assert "Python objects, which are not read" in facts(tmp_path, content, "a.npy")
    assert not target.exists()


def test_array_that_claims_more_than_there_is(tmp_path: Path) -> None:
    content = npy(np.zeros(10)).replace(b"(10,)", b"(9999999999999,)"[:5])
    assert "its head is damaged, or values are missing" in facts(tmp_path, content, "a.npy")
    head = npy(np.zeros(1000))[:300]
    assert "its head is damaged, or values are missing" in facts(tmp_path, head, "a.npy")


@pytest.mark.parametrize("before", [20, 2**20 - 3, 3 * 2**20])
def test_bytes_are_found_both_ways(tmp_path: Path, before: int) -> None:
    file = written(tmp_path / "a.bin", bytes(before) + b"Needle" + bytes(20) + b"needle" + bytes(5))
    first, second = before, before + 26
    assert find_bytes(file, b"needle", 0).at == second
    assert find_bytes(file, b"needle", 0, any_case=True).at == first
    assert find_bytes(file, b"needle", first + 1, any_case=True).at == second
    assert find_bytes(file, b"needle", second + 1).at == -1
    assert find_bytes_before(file, b"needle", file.size, any_case=True).at == second
    assert find_bytes_before(file, b"needle", second, any_case=True).at == first
    assert find_bytes_before(file, b"needle", second).at == -1
    assert find_bytes(file, b"[.*", 0, any_case=True).at == -1


def test_search_of_a_large_file_comes_in_parts(tmp_path: Path) -> None:
    size = 3 * 2**30
    with (tmp_path / "a.bin").open("wb") as made:
        made.seek(size)  # a hole, which takes no room on the disk
        made.write(b"here")
    file = open_file(tmp_path / "a.bin", "a.bin")
    begun = time.thread_time()
    first = find_bytes(file, b"here", 0)
    assert time.thread_time() - begun < 4, "a decoder may take so long"
    assert first.at == size or (first.next_start or 0) > 0
    assert find_bytes(file, b"here", size - 10**7).at == size
    assert find_bytes_before(file, b"here", size + 4).at == size


def test_file_that_is_gone(tmp_path: Path) -> None:
    file = written(tmp_path / "a.bin", b"\1\2\3")
    file.path.unlink()
    for look in (
        lambda: load_hex(file),
        lambda: read_bytes(file, 0, 3),
        lambda: find_bytes(file, b"\1", 0),
        lambda: find_bytes_before(file, b"\1", 3),
    ):
        with pytest.raises(Undecodable) as raised:
            look()
        assert raised.value.may_pass


def test_damaged_arrays_are_shown_as_bytes(tmp_path: Path) -> None:
    content = npy(np.arange(50.0))
    for damage in damaged(content, 300):
        if damage:
            assert look_through_bytes(written(tmp_path / "a.npy", damage)) == len(damage)
