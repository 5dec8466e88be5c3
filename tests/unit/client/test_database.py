"""What the views ask for, against the sandbox's real process."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from itkgui.client import transfer
from itkgui.client.credentials import AccessCodes, BearerToken
from itkgui.client.database import ComponentQuery, NewAttachment, ProductionDatabase
from itkgui.client.exceptions import (
    AccessCodesWrong,
    AnswerError,
    Cancelled,
    ComponentNotFound,
    LinkOnly,
    NotFound,
    SessionExpired,
    TestRunNotFound,
    TokenRefused,
)
from itkgui.client.files import ArchiveFile, ImageFile, TextFile, inspect
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.records.test_run import TestRun
from itkgui.settings import Settings
from tests.sandbox_process import LARGE_PHOTOS
from tests.unit.client.signed_in import MODULE, sign_in

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess


def test_signing_in_tells_who_one_is(database: ProductionDatabase) -> None:
    assert database.user.identity
    assert database.user.name
    assert database.user.home
    assert database.session_ends is not None
    assert database.session_ends.timestamp() > time.time() + 60


def test_signing_in_with_a_bearer(sandbox: SandboxProcess) -> None:
    database = sign_in(sandbox, BearerToken(sandbox.info["bearer"]))
    assert database.user.name
    assert database.session_ends is not None
    assert database.projects()
    database.sign_out()


def test_wrong_credentials(sandbox: SandboxProcess) -> None:
    with pytest.raises(AccessCodesWrong):
        sign_in(sandbox, AccessCodes("wrong", "codes"))
    with pytest.raises(TokenRefused):
        sign_in(sandbox, BearerToken("an-opaque-token-that-nobody-knows"))


def test_after_signing_out_nothing_is_answered(sandbox: SandboxProcess, module: Component) -> None:
    database = sign_in(sandbox)
    database.sign_out()
    for call in (database.projects, lambda: database.test_runs(module)):
        with pytest.raises(SessionExpired):
            call()


def test_a_component_is_found_by_each_of_its_names(database: ProductionDatabase, module: Component) -> None:
    for text, matched_by in (
        (f"  {MODULE.lower()}\n", "serial number"),
        (module.code, "code"),
        (module.id, "code"),
    ):
        found = database.component(text)
        assert (found.component, found.matched_by) == (module, matched_by)
        assert found.matched == (MODULE if matched_by == "serial number" else text)
    page = database.search(ComponentQuery(project="S"), 0)
    named = next(item for item in page.items if item.alternative_identifier)
    found = database.component(named.alternative_identifier)
    assert (found.component.code, found.matched_by) == (named.code, "alternative identifier")


def test_an_alternative_identifier_is_found_in_small_letters_too(database: ProductionDatabase) -> None:
    page = database.search(ComponentQuery(project="S"), 0)
    name = next(
        item.alternative_identifier
        for item in page.items
        if item.alternative_identifier.lower() != item.alternative_identifier
    )
    for typed in (name, f" {name.lower()}\n"):
        found = database.component(typed)
        assert found.component.alternative_identifier == name
        assert (found.matched_by, found.matched) == ("alternative identifier", name)
    assert database.components([name.lower()]).unknown == ()


@pytest.mark.parametrize(
    "text", ["", "  ", "20UPGM29999999", "0" * 32, "0" * 24, "no such part", "µ", "a/b?c=d&e"]
)
def test_a_component_that_does_not_exist(database: ProductionDatabase, text: str) -> None:
    with pytest.raises(ComponentNotFound):
        database.component(text)


def test_reloading(database: ProductionDatabase, module: Component) -> None:
    assert database.reload(module) == module


def test_the_lists_that_fill_the_filters(database: ProductionDatabase) -> None:
    assert {project.reference.code for project in database.projects()} == {"S", "P", "CM", "CE"}
    codes = [institution.code for institution in database.institutions()]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes)) > 10
    types = {kind.reference.code: kind for kind in database.component_types("P")}
    assert "MODULE" in types
    assert [stage.code for stage in types["MODULE"].stages][:2] == ["MODULE/ASSEMBLY", "MODULE/WIREBONDING"]


def test_searching_by_page(database: ProductionDatabase) -> None:
    query = ComponentQuery(project="P", component_type="MODULE")
    first = database.search(query, 0)
    assert first.total is not None
    assert len(first.items) == min(first.total, first.size)
    assert {item.component_type.code for item in first.items} == {"MODULE"}
    assert {item.state for item in first.items} == {"ready"}
    seen = {
        item.id
        for index in range(first.total // first.size + 1)
        for item in database.search(query, index).items
    }
    assert len(seen) == first.total
    assert database.search(query, 10_000).items == ()


def test_each_filter_restricts(database: ProductionDatabase, module: Component) -> None:
    whole = database.search(ComponentQuery(project="P"), 0).total
    assert whole is not None
    for query in (
        ComponentQuery(project="P", component_type=module.component_type.code, type=module.type.code),
        ComponentQuery(project="P", stage=module.stage.code),
        ComponentQuery(project="P", institution=module.institution.code),
        ComponentQuery(project="P", location=module.location.code),
    ):
        total = database.search(query, 0).total
        assert total is not None
        assert 0 < total < whole
    everything = database.search(ComponentQuery(project="P", state=""), 0).total
    assert everything is not None
    assert everything >= whole


def test_test_runs_come_whole_and_newest_first(database: ProductionDatabase, module: Component) -> None:
    runs = database.test_runs(module)
    assert {run.id for run in runs} == {run.id for run in module.runs}
    dates = [run.date for run in runs if run.date]
    assert dates == sorted(dates, reverse=True)
    assert any(run.results for run in runs)


def test_many_test_runs_are_fetched_in_bundles(database: ProductionDatabase, module: Component) -> None:
    bundles: list[tuple[TestRun, ...]] = []
    runs = database.test_runs(module, bundles.append)
    assert len(bundles) > 1  # as many as the client asks for side by side, or more
    assert sorted(run.id for bundle in bundles for run in bundle) == sorted(run.id for run in runs)
    assert len(runs) == len(module.runs)
    assert database.test_runs(msgspec.structs.replace(module, runs=())) == ()


def test_attachments_of_every_kind_can_be_fetched(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    kinds = set()
    for attachment in database.attachments(module.owner):
        if attachment.storage is Storage.LINK:
            with pytest.raises(LinkOnly):
                database.download(attachment, tmp_path)
            continue
        if attachment.display_name in LARGE_PHOTOS:
            continue
        with transfer.running(transfer.Transfer()) as watched:
            file = database.download(attachment, tmp_path)
            assert file.path.resolve().is_relative_to(tmp_path)  # whatever the file is called
            assert watched.done == file.size == file.path.stat().st_size
            assert watched.total == file.size
        kinds.add((attachment.storage, type(file)))
        assert "authz" not in attachment.url
    assert {(Storage.FILE, ImageFile), (Storage.EOS, ImageFile), (Storage.FILE, TextFile)} <= kinds
    assert (Storage.FILE, ArchiveFile) in kinds


def test_attachments_of_what_does_not_exist(database: ProductionDatabase, tmp_path: Path) -> None:
    with pytest.raises(ComponentNotFound):
        database.attachments(Owner(OwnerKind.COMPONENT, "0" * 32, "nothing"))
    with pytest.raises(TestRunNotFound):
        database.attachments(Owner(OwnerKind.TEST_RUN, "0" * 24, "nothing"))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photo µ 1.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 800)
    return path


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
@pytest.mark.parametrize("kind", [OwnerKind.COMPONENT, OwnerKind.TEST_RUN])
def test_a_file_goes_up_comes_down_and_is_deleted(
    database: ProductionDatabase,
    module: Component,
    picture: Path,
    tmp_path: Path,
    storage: Storage,
    kind: OwnerKind,
) -> None:
    owner = module.owner if kind is OwnerKind.COMPONENT else database.test_runs(module)[0].owner
    before = {attachment.code for attachment in database.attachments(owner)}
    with transfer.running(transfer.Transfer()) as watched:
        new = NewAttachment(inspect(picture), "A title", "A description\nof two lines", storage)
        attachment = database.attach(owner, new)
        assert (watched.done, watched.total) == (picture.stat().st_size, picture.stat().st_size)
    assert attachment.code not in before
    assert (attachment.title, attachment.description) == ("A title", "A description\nof two lines")
    assert (attachment.storage, attachment.owner) == (storage, owner)
    assert "authz" not in attachment.url
    if storage is Storage.FILE:
        assert attachment.filename == picture.name
    assert attachment in database.attachments(owner)
    file = database.download(attachment, tmp_path / "down")
    assert file.path.read_bytes() == picture.read_bytes()
    database.delete_attachment(attachment)
    assert {found.code for found in database.attachments(owner)} == before
    with pytest.raises(AnswerError):
        database.download(attachment, tmp_path / "down")


def test_no_byte_travels_before_the_redirect(
    sandbox: SandboxProcess, database: ProductionDatabase, module: Component, picture: Path
) -> None:
    database.attach(module.owner, NewAttachment(inspect(picture), "Sent once", "", Storage.EOS))
    with urllib.request.urlopen(f"{sandbox.info['api_url']}_sandbox/log") as answer:
        log = json.load(answer)
    puts = {entry["server"]: entry for entry in log if entry["method"] == "PUT"}  # the latest of each
    assert (puts["door"]["status"], puts["door"]["bytes_in"]) == (307, 0)
    assert (puts["node"]["status"], puts["node"]["bytes_in"]) == (201, picture.stat().st_size)


def test_many_files_at_a_time(database: ProductionDatabase, module: Component, tmp_path: Path) -> None:
    """The same title from several threads: each must find its own entry."""
    done: list[tuple[Attachment, bytes]] = []

    def send(number: int) -> None:
        path = tmp_path / f"{number}.txt"
        path.write_text(f"content {number}")
        storage = Storage.EOS if number % 2 else Storage.FILE
        attachment = database.attach(module.owner, NewAttachment(inspect(path), "Same title", "", storage))
        done.append((attachment, path.read_bytes()))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({attachment.code for attachment, _ in done}) == 6
    for attachment, content in done:
        assert database.download(attachment, tmp_path / "down").path.read_bytes() == content
        database.delete_attachment(attachment)


def test_an_attachment_on_eos_that_is_gone(
    database: ProductionDatabase, module: Component, tmp_path: Path
) -> None:
    attachment = next(a for a in database.attachments(module.owner) if a.storage is Storage.EOS)
    with pytest.raises(NotFound):
        database.download(replace(attachment, code="0" * 32), tmp_path)


def test_cancel_does_not_wait_for_a_slow_server(start_sandbox: Callable[..., SandboxProcess]) -> None:
    database = sign_in(start_sandbox("--latency", "700", "--components", "20"))
    watched = transfer.Transfer()
    ended: list[float] = []

    def work() -> None:
        with transfer.running(watched):
            with pytest.raises(Cancelled):
                database.component(MODULE)
            ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    while not watched._sockets:
        time.sleep(0.001)
    started = time.monotonic()
    watched.cancel()
    thread.join()
    assert ended[0] - started < 0.1
    database.sign_out()


def test_a_session_outlives_its_tokens(start_sandbox: Callable[..., SandboxProcess]) -> None:
    database = sign_in(start_sandbox("--token-lifetime", "2", "--components", "20"))
    first = database.session_ends
    deadline = time.monotonic() + 6
    while database.session_ends == first:
        assert database.projects()
        assert time.monotonic() < deadline
    database.sign_out()


def test_a_sandbox_that_runs_for_itself_needs_no_more_than_its_addresses(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    info = sandbox.info
    settings = Settings.from_environment(
        {"ITKDB_API_URL": info["api_url"], "ITKDB_AUTH_URL": info["auth_url"]}
    )
    database = ProductionDatabase.sign_in(settings, AccessCodes(info["access_code1"], info["access_code2"]))
    (tmp_path / "note.txt").write_text("content")
    new = NewAttachment(inspect(tmp_path / "note.txt"), "Note", "", Storage.EOS)
    attachment = database.attach(database.component(MODULE).component.owner, new)
    assert database.download(attachment, tmp_path / "down").path.read_text() == "content"
    database.delete_attachment(attachment)
    database.sign_out()
