"""What makes the core pleasant in a script: arguments as people give them, errors as they read them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui import client as offered
from itkgui.client import BearerToken, CacheOptions, Client, NewAttachment, Storage
from itkgui.client.exceptions import AccessCodesMissing, FileMissing, NotTheApi, ServerUnreachable
from itkgui.client.files import BinaryFile
from itkgui.records.component import Component
from itkgui.records.test_run import TestRun
from itkgui.settings import Settings
from tests.unit.client.signed_in import sign_in

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Wire

MODULE = "20USBML0000001"


@pytest.mark.parametrize("name", offered.__all__)
def test_every_name_that_is_offered_is_there(name: str) -> None:
    assert getattr(offered, name).__name__ == name


def test_records_stand_for_themselves(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Attachments and comments take a component, a run or a shipment as it is; paths may be texts."""
    (tmp_path / "note.txt").write_text("seen and found well", encoding="utf-8")
    with sign_in(sandbox) as database:
        module = database.component(MODULE).component
        run = next(run for run in database.test_runs(module) if not run.is_deleted)
        for target in (module, run):
            sent = database.attach(target, NewAttachment.of(str(tmp_path / "note.txt")))
            assert sent.code in [known.code for known in database.attachments(target)]
            file = database.download(sent, str(tmp_path / "downloads"))
            saved = file.save(str(tmp_path / f"{sent.code}.txt"))
            assert saved.read_text(encoding="utf-8") == "seen and found well"
            database.delete_attachment(sent)
            assert database.add_comment(target, "by a script") == database.comments(target)
        assert database.client.get("listProjects")["pageInfo"]["total"] == 4


@pytest.mark.parametrize(
    ("name", "content", "storage"),
    [
        ("a.txt", b"small", Storage.FILE),
        ("b.txt", b"x" * 64_001, Storage.EOS),
        ("c.gif", b"GIF89a" + bytes(20), Storage.EOS),
        ("d.root", b"root" + bytes(60), Storage.EOS),
    ],
)
def test_a_new_attachment_chooses_where_it_belongs(
    tmp_path: Path, name: str, content: bytes, storage: Storage
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    new = NewAttachment.of(path)
    assert (new.title, new.description, new.storage, new.file.size) == (name, "", storage, len(content))
    assert NewAttachment.of(path, "A title", "of a file", Storage.FILE).storage is Storage.FILE
    with pytest.raises(FileMissing):
        NewAttachment.of(tmp_path / "none")


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_saved_file_is_as_readable_as_any_new_one(tmp_path: Path, umask: int, mode: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"1")
    source.chmod(0o600)
    before = os.umask(umask)
    try:
        saved = BinaryFile(source, "name.bin", 1, "application/octet-stream").save(tmp_path / "saved.bin")
    finally:
        os.umask(before)
    assert saved.stat().st_mode & 0o777 == mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["saved.bin", "source"]


def test_an_error_tells_what_happened_and_which_server(wire: Wire) -> None:
    server = wire.server_of(wire.reply(200, b"<html>", "text/html"))
    with Client(server.settings(), BearerToken("opaque")) as client:
        with pytest.raises(NotTheApi, match=r"^This is not the database: .*/getNothing"):
            client.get("getNothing")
        server.close()
        with pytest.raises(ServerUnreachable, match=rf"^Server not reached: 127\.0\.0\.1:{server.port}: "):
            client.get("getNothing")


def test_missing_codes_say_where_they_come_from() -> None:
    with Client(Settings.from_environment({})) as client, pytest.raises(AccessCodesMissing) as caught:
        client.sign_in()
    assert "ITKDB_ACCESS_CODE1" in caught.value.cure


@pytest.mark.parametrize("credentials", ["a bearer", ("one", "two")])
def test_credentials_of_another_kind_are_refused_at_once(credentials: Any) -> None:
    with pytest.raises(TypeError, match="AccessCodes or a BearerToken"):
        Client(Settings(), credentials)


def test_a_folder_may_be_a_text(wire: Wire, tmp_path: Path) -> None:
    server = wire.server_of(wire.json({"a": 1}, cache_control="max-age=60"))
    options = CacheOptions(str(tmp_path / "answers"))
    with Client(server.settings(), BearerToken("opaque"), cache=options) as client:
        assert client.get("getThing") == client.get("getThing")
    assert len(server.received) == 1


def test_the_page_size_in_a_body_counts(wire: Wire) -> None:
    server = wire.server_of(wire.json({"itemList": [{"id": "a"}], "pageInfo": {"total": 1}}))
    with Client(server.settings(), BearerToken("opaque")) as client:
        assert len(list(client.pages("listThings", {"pageInfo": {"pageSize": 3}}))) == 1
    assert server.received[0].json == {"pageInfo": {"pageIndex": 0, "pageSize": 3}}


def test_a_record_is_shown_in_a_line() -> None:
    component = Component.from_json({"serialNumber": MODULE, "componentType": {"code": "MODULE"}})
    assert repr(component) == f"<Component {MODULE} MODULE at >"
    run = TestRun.from_json({"id": "5dde", "testType": {"code": "IV"}, "passed": True, "state": "ready"})
    assert repr(run) == "<TestRun 5dde IV passed>"
