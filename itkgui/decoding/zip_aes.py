"""Members of zip archives that are encrypted with AES, as 7-Zip and WinZip do (WinZip's AE-1 and AE-2)."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

import numpy as np

AES_METHOD = 99
_FIELD, _ROUNDS, _PROOF, _CODE = 0x9901, 1000, 2, 10  # number of the extra field, of PBKDF2; bytes
_KEYS = {1: 16, 2: 24, 3: 32}  # bytes, by strength; a salt has half as many
_BLOCK = 2**20


class WrongPassword(Exception):
    """This password does not open a member; ``is_certain`` unless the member may be damaged instead."""

    def __init__(self, *, is_certain: bool) -> None:
        super().__init__()
        self.is_certain = is_certain


def read_aes(file: IO[bytes], info: zipfile.ZipInfo, password: str) -> Iterator[bytes]:
    """Yield what is in a member, up to 1 MiB at a time; whoever gets it keeps nothing before the end.

    Raises WrongPassword, BadZipFile, EOFError, zlib.error, and NotImplementedError for a method of packing
    other than none and deflate.
    """
    strength, method = _method_of(info.extra)
    file.seek(info.header_offset)
    header = file.read(30)
    if header[:4] != b"PK\3\4" or len(header) < 30:
        raise zipfile.BadZipFile("a member is not where it should be")
    file.seek(sum(struct.unpack_from("<2H", header, 26)), 1)
    if method == zipfile.ZIP_STORED:
        return _decrypted(file, info.compress_size, _KEYS[strength], password)
    if method == zipfile.ZIP_DEFLATED:
        return _inflated(_decrypted(file, info.compress_size, _KEYS[strength], password))
    raise NotImplementedError(f"method {method}")


def _method_of(extra: bytes) -> tuple[int, int]:
    """Return strength and method of packing, from the field that AES adds."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == _FIELD and length >= 7 and place + 11 <= len(extra):
            strength, method = struct.unpack_from("<BH", extra, place + 8)
            if strength in _KEYS:
                return strength, method
        place += 4 + length
    raise zipfile.BadZipFile("what its encryption needs is missing")


def _decrypted(file: IO[bytes], size: int, key_size: int, password: str) -> Iterator[bytes]:
    """Yield the bytes of a member of ``size`` bytes, salt and all, and check their code at the end."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    salt, proof = file.read(key_size // 2), file.read(_PROOF)
    left = size - key_size // 2 - _PROOF - _CODE
    if left < 0:
        raise zipfile.BadZipFile("a member is cut")
    derived = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 2 * key_size + _PROOF)
    if not hmac.compare_digest(derived[2 * key_size :], proof):
        raise WrongPassword(is_certain=True)
    code = hmac.new(derived[key_size : 2 * key_size], digestmod="sha1")
    # Counters are little-endian here, which no library's counter mode is: it encrypts them one by one.
    cipher = Cipher(algorithms.AES(derived[:key_size]), modes.ECB()).encryptor()  # noqa: S305
    first = 1
    while left:
        block = file.read(min(_BLOCK, left))
        if not block:
            raise EOFError("the archive ends before a member does")
        left -= len(block)
        if left and len(block) % 16:
            raise EOFError("the archive ends before a member does")
        code.update(block)
        counters = np.zeros((-(-len(block) // 16), 2), "<u8")
        counters[:, 0] = np.arange(first, first + len(counters))
        first += len(counters)
        stream = np.frombuffer(cipher.update(counters.tobytes()), np.uint8)
        yield (np.frombuffer(block, np.uint8) ^ stream[: len(block)]).tobytes()
    if not hmac.compare_digest(code.digest()[:_CODE], file.read(_CODE)):
        raise WrongPassword(is_certain=False)


def _inflated(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for packed in blocks:
        while packed:
            if block := unpacker.decompress(packed, _BLOCK):
                yield block
            packed = unpacker.unconsumed_tail
    if block := unpacker.flush():
        yield block
    if not unpacker.eof:
        raise EOFError("a member is cut")
