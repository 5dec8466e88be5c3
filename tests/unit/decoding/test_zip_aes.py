"""Zip archives that AES encrypts: opened with their password, and whatever is wrong with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from itkgui.decoding.archive import extract_member, load_archive
from itkgui.decoding.members import Flag
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable
from tests.unit.decoding.test_archive import content_of, encrypted, fuzz, opened

# Written by pyzipper 0.4, which counts as independent: "iv.csv" under the password "Geheim µ".
AES_256_DEFLATED = base64.b64decode(
    "UEsDBBQAAQBjAJo7el0AAAAAJwAAAHwAAAAGAAsAaXYuY3N2AZkHAAIAQUUDCAAK5DsBIgbEXSD+XICgLu30nsT6jRgBM6gtXOj9"
    "W/MUtwfuGqoUJtVQSwECFAMUAAEAYwCaO3pdAAAAACcAAAB8AAAABgALAAAAAAAAAAAAgAEAAAAAaXYuY3N2AZkHAAIAQUUDCABQ"
    "SwUGAAAAAAEAAQA/AAAAVgAAAAAA"
)
AES_128_STORED = base64.b64decode(
    "UEsDBBQAAQBjAJo7el0AAAAAHAAAAAgAAAAGAAsAaXYuY3N2AZkHAAIAQUUBAABNs4pnvwmeoj1sn4TYo/J8RI0NrQV2iKu+fsJn"
    "UEsBAhQDFAABAGMAmjt6XQAAAAAcAAAACAAAAAYACwAAAAAAAAAAAIABAAAAAGl2LmNzdgGZBwACAEFFAQAAUEsFBgAAAAABAAEA"
    "PwAAAEsAAAAAAA=="
)


def aes_encrypted(name: str, content: bytes, password: str) -> bytes:
    """Return a zip whose member is stored, encrypted with AES of 192 bits (WinZip's AE-2)."""
    salt = bytes(range(12))
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 50)
    cipher = Cipher(algorithms.AES(keys[:24]), modes.ECB()).encryptor()
    stream = b"".join(cipher.update(n.to_bytes(16, "little")) for n in range(1, len(content) // 16 + 2))
    secret = bytes(a ^ b for a, b in zip(content, stream, strict=False))
    code = hmac.new(keys[24:48], secret, "sha1").digest()[:10]
    packed = salt + keys[48:] + secret + code
    info = zipfile.ZipInfo(name)
    info.extra = struct.pack("<2HH2sBH", 0x9901, 7, 2, b"AE", 2, zipfile.ZIP_STORED)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(info, packed)
    zipped_bytes = bytearray(buffer.getvalue())
    central = zipped_bytes.rindex(b"PK\1\2")
    for place in (6, central + 8):
        struct.pack_into("<2H", zipped_bytes, place, 1, 99)
    struct.pack_into("<L", zipped_bytes, central + 24, len(content))
    return bytes(zipped_bytes)


@pytest.mark.parametrize(
    ("packed", "content"),
    [(AES_256_DEFLATED, b"V,I\n" + b"1,2\n" * 30), (AES_128_STORED, b"V,I\n1,2\n")],
)
def test_members_that_aes_encrypts_are_opened(tmp_path: Path, packed: bytes, content: bytes) -> None:
    file = opened(tmp_path, packed)
    assert load_archive(file).flags.tolist() == [Flag.ENCRYPTED]
    for password in ("", "geheim µ"):
        with pytest.raises(PasswordNeeded):
            extract_member(file, 0, tmp_path / "members", password)
    assert content_of(file, 0, tmp_path, "Geheim µ") == content


def test_large_member_that_aes_encrypts(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(
        2_500_003
    )  # more than two blocks, and no whole number of the cipher's
    file = opened(tmp_path, aes_encrypted("large.bin", content, "itk"))
    assert content_of(file, 0, tmp_path, "itk") == content


def test_what_was_changed_after_it_was_encrypted_leaves_no_file(tmp_path: Path) -> None:
    packed = bytearray(AES_128_STORED)
    packed[30 + 6 + 11 + 8 + 2] ^= 1  # of the content, behind header, name, field, salt and proof
    with pytest.raises(PasswordNeeded) as raised:
        extract_member(opened(tmp_path, bytes(packed)), 0, tmp_path / "members", "Geheim µ")
    assert "or it is damaged" in raised.value.sentence
    assert not [path for path in (tmp_path / "members").rglob("*") if path.is_file()]


@pytest.mark.parametrize("packed", [AES_256_DEFLATED, AES_128_STORED])
def test_damaged_zips_that_aes_encrypts(tmp_path: Path, packed: bytes) -> None:
    fuzz(tmp_path, packed, "application/zip", password="Geheim µ")


def test_what_only_pkzip_encrypts_is_told(tmp_path: Path) -> None:
    content = bytearray(encrypted("secret.txt", b"a secret\n", "itk"))
    struct.pack_into("<H", content, content.index(b"PK\1\2") + 8, 1 | 64)
    with pytest.raises(Undecodable) as raised:
        extract_member(opened(tmp_path, bytes(content)), 0, tmp_path / "members", "itk")
    assert "PKZIP" in raised.value.sentence
    assert not isinstance(raised.value, PasswordNeeded)
