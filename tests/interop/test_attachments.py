"""Attachments in the database itself, sent, fetched and deleted by a script."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.interop.control import Control
from tests.interop.files import Owner, archive, example
from tests.unit.sandbox.caller import LONG_STRIP, QUAD


def test_a_file_goes_up_is_listed_and_comes_down(
    package: Any, client: Any, owner: Owner, tmp_path: Path
) -> None:
    before = [entry["code"] for entry in owner.attachments(client)]
    record = owner.attach(client, "note.txt", b"two words\n", "text/plain")
    assert record["filename"] == "note.txt"
    listed = owner.attachments(client)
    assert [entry["code"] for entry in listed] == [*before, record["code"]]
    assert (listed[-1]["title"], listed[-1]["type"]) == ("note.txt", "file")
    assert (listed[-1]["contentType"], listed[-1]["filename"]) == ("text/plain", "note.txt")
    file = owner.download(client, record["code"])
    assert isinstance(file, package.models.TextFile)
    assert (file.suggested_filename, file.extension, file.mimetype) == ("note.txt", "txt", "text/plain")
    assert (file.content, file.size, len(file), file.size_fmt) == (b"two words\n", 10, 10, "10.0B")
    assert (file.status_code, file.reason) == (200, "OK")
    assert file._repr_html_() == "<pre>two words\n</pre>"
    assert file.save() == 10
    assert (tmp_path / "note.txt").read_bytes() == b"two words\n"


def test_the_file_is_really_there(client: Any, owner: Owner, control: Control) -> None:
    content = b"weighed and found right"
    code = owner.attach(client, "weight.dat", content, "dat")["code"]
    stored = control.stored(code)
    assert stored is not None
    assert (stored["size"], stored["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("name", "media_type", "content", "kind"),
    [
        ("1x1.jpg", "image/jpeg", example("1x1.jpg"), "ImageFile"),
        ("one.json", "application/json", b'{"pageItemList": [], "uuAppErrorMap": {"a": 1}}', "TextFile"),
        ("bare.txt", "text", b"junk as a type", "TextFile"),
        ("coded.txt", "text/plain; charset=UTF-8", "Grüße".encode(), "TextFile"),
        ("packed.zip", "application/zip", archive(inside="text"), "ZipFile"),
    ],
)
def test_the_announced_type_decides_the_class(
    package: Any, client: Any, name: str, media_type: str, content: bytes, kind: str
) -> None:
    """What was announced at the upload comes back as it was, junk included; JSON stays a file."""
    owner = Owner("component", LONG_STRIP)
    code = owner.attach(client, name, content, media_type)["code"]
    file = owner.download(client, code)
    assert type(file) is getattr(package.models, kind)
    assert file.size == len(content)  # asking goes back to the start of the bytes
    assert (file.mimetype, file.suggested_filename, file.content) == (media_type, name, content)


def test_an_image_shows_itself_in_a_notebook(client: Any) -> None:
    owner = Owner("component", LONG_STRIP)
    file = owner.download(client, owner.attach(client, "a.jpg", example("1x1.jpg"), "image/jpeg")["code"])
    assert file._repr_jpeg_() == example("1x1.jpg")
    assert file._repr_png_() is None
    assert file.content_type == "image/jpeg"


def test_an_archive_can_be_read_at_once(client: Any) -> None:
    owner = Owner("component", LONG_STRIP)
    packed = archive(first="1", second="22")
    file = owner.download(client, owner.attach(client, "a.zip", packed, "application/zip")["code"])
    assert file.namelist() == ["first", "second"]
    assert file.read("second") == b"22"
    assert "second" in file._repr_html_()


def test_other_types_are_plain_files(package: Any, client: Any, said: Callable[[], list[str]]) -> None:
    owner = Owner("component", LONG_STRIP)
    file = owner.download(client, owner.attach(client, "x.bin", b"\0\1", "application/x-thing")["code"])
    assert type(file) is package.models.BinaryFile
    assert file.content == b"\0\1"
    assert any("application/x-thing" in warning for warning in said())


def test_a_megabyte_arrives_whole(client: Any, owner: Owner) -> None:
    content = bytes(range(256)) * 4096 + b"end"
    file = owner.download(client, owner.attach(client, "big.txt", content, "text/plain")["code"])
    assert file.size == len(content)
    assert hashlib.sha256(file.content).digest() == hashlib.sha256(content).digest()


def test_a_link_is_kept_as_it_is(client: Any, owner: Owner) -> None:
    address = "https://example.org/picture?number=1&size=2"
    answer = client.post(f"create{owner.word}Attachment", data=owner.fields("A link", address, "link"))
    listed = owner.attachment(client, answer["code"])
    assert (listed["type"], listed["url"]) == ("link", address)


def test_an_attachment_is_deleted(package: Any, eos_client: Any, owner: Owner) -> None:
    code = owner.attach(eos_client, "gone.txt", b"soon", "text/plain")["code"]
    answer = owner.delete(eos_client, code)
    assert (answer["attachment"]["code"], answer["attachment"]["type"]) == (code, "file")
    assert "token" not in answer
    assert code not in [entry["code"] for entry in owner.attachments(eos_client)]
    with pytest.raises(package.exceptions.ResponseException):
        owner.download(eos_client, code)


def test_deleting_needs_no_client_for_eos(client: Any, is_own: bool) -> None:
    """itkdb refuses to delete anything with a client that was not made for EOS."""
    owner = Owner("component", LONG_STRIP)
    code = owner.attach(client, "gone.txt", b"soon", "text/plain")["code"]
    if is_own:
        assert owner.delete(client, code)["attachment"]["code"] == code
    else:
        with pytest.raises(RuntimeError):
            owner.delete(client, code)
    assert (code in [entry["code"] for entry in owner.attachments(client)]) is not is_own


def test_a_file_is_a_block_whose_end_is_its_end(client: Any, is_own: bool) -> None:
    """Of itkdb's files neither can begin a block; ours are closed and deleted at its end."""
    owner = Owner("component", LONG_STRIP)
    for name, content in (("a.txt", b"text"), ("a.zip", archive(inside="text"))):
        media_type = "application/zip" if name.endswith(".zip") else "text/plain"
        file = owner.download(client, owner.attach(client, name, content, media_type)["code"])
        if is_own:
            with file as opened:
                assert opened.content == content
            assert not Path(file.filename).exists()
        else:
            with pytest.raises((AttributeError, TypeError)), file:
                pass


def test_the_content_is_all_of_it(client: Any, is_own: bool) -> None:
    """itkdb gives what is left after the place to which somebody has read."""
    owner = Owner("component", LONG_STRIP)
    file = owner.download(client, owner.attach(client, "a.txt", b"two words", "text/plain")["code"])
    assert file.fptr.read(4) == b"two "
    assert file.content == (b"two words" if is_own else b"words")


def test_a_name_is_safe(client: Any, is_own: bool) -> None:
    """itkdb takes a part of the path for the name, here "..", and would save the file there."""
    owner = Owner("component", LONG_STRIP)
    file = owner.download(client, owner.attach(client, "../../up.txt", b"text", "text/plain")["code"])
    assert file.suggested_filename == ("up.txt" if is_own else "..")


def test_the_binary_store_knows_files_by_code_alone(client: Any) -> None:
    owner = Owner("component", LONG_STRIP)
    code = owner.attach(client, "stored.txt", b"by its code", "text/plain")["code"]
    body = {"code": code, "contentDisposition": "attachment"}
    file = client.get("uu-app-binarystore/getBinaryData", json=body)
    assert (file.content, file.suggested_filename) == (b"by its code", "stored.txt")
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_the_catalogue_comes_down(package: Any, client: Any) -> None:
    owner = Owner("component", QUAD)
    samples = [entry for entry in owner.attachments(client) if entry["type"] == "file"]
    archives = [entry for entry in samples if entry["filename"].endswith(".zip")]
    file = owner.download(client, archives[0]["code"])
    assert isinstance(file, package.models.ZipFile)
    assert file.testzip() is None


def test_whoever_does_not_exist_gets_no_file(package: Any, client: Any) -> None:
    with pytest.raises(package.exceptions.BadRequest) as caught:
        Owner("component", "20UPGM29999999").attach(client, "a.txt", b"a", "text/plain")
    (code,) = caught.value.response.json()["uuAppErrorMap"]
    assert code.endswith("createComponentAttachment/componentDoesNotExist")


def test_what_is_missing_is_named(package: Any, client: Any) -> None:
    with pytest.raises(package.exceptions.BadRequest, match=r"\$\.title"):
        client.post("createComponentAttachment", data={"component": LONG_STRIP, "type": "file", "url": "a"})
