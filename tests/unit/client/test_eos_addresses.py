"""Which files EOS gets, and where they are there."""

from __future__ import annotations

from itkgui.client.eos import choose_storage, url_without_token
from itkgui.records.attachment import Storage


def test_where_files_belong() -> None:
    assert choose_storage(10, "image/jpeg", 64_000) == (Storage.EOS, "image")
    assert choose_storage(10, "application/x-root", 64_000) == (Storage.EOS, "ROOT file")
    assert choose_storage(64_001, "text/plain", 64_000) == (Storage.EOS, "larger than 64 kB")
    assert choose_storage(64_000, "text/plain", 64_000) == (Storage.FILE, "small file")


def test_an_address_without_its_token() -> None:
    assert url_without_token("https://e/x?authz=zteos64:a") == "https://e/x"
    assert url_without_token("https://e/x") == "https://e/x"
