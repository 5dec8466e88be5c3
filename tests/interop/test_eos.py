"""EOS by a script: uploads, downloads and deletions.

The uploads meet what EOS does: an early 307 on libcurl's Expect, a second request to the storage node with
the bytes from their start, and 201. A plain address such as that of the sandbox is no address of CERN to
itkdb: then its downloads are files of no known type. The last tests therefore ask for EOS by its real name.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.interop.conftest import Run
from tests.interop.control import Control
from tests.interop.files import Owner, archive, example
from tests.interop.real_names import EOS_DOOR, RealNames
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import LONG_STRIP

_LARGE = bytes(range(256)) * 20_000  # five megabytes
_LOG = b"line of a log\n" * 5000  # more than 64,000 bytes
_FILES = {
    "1x1.jpg": example("1x1.jpg"),
    "tiny.root": example("tiny.root"),
    "long.log": _LOG,
    "large.bin": _LARGE,
}
_TYPES = {
    "1x1.jpg": "image/jpeg",
    "tiny.root": "application/x-root",
    "long.log": "text/plain",
    "large.bin": "application/octet-stream",
}


@pytest.mark.logs("Ignoring user-specified data")
@pytest.mark.logs("No model available for Content-Type: 'application/(octet-stream|x-root)'")
@pytest.mark.parametrize("name", _FILES)
def test_a_file_goes_up_and_comes_down(eos_client: Any, is_own: bool, owner: Owner, name: str) -> None:
    """EOS calls every file a stream of octets; ours then goes by the content wherever the store stands."""
    content = _FILES[name]
    revision = eos_client.get(f"get{owner.word}", json={owner.key: owner.identifier})["sys"]["rev"]
    record = owner.attach(eos_client, name, content)
    assert (record["type"], record["title"], record["filesize"]) == ("eos", name, len(content))
    assert record["filename"] == record["code"]
    assert record["contentType"] is None
    assert urlsplit(record["url"]).path.endswith("/{0}/{1}/{2}/{code}".format(*record["code"], **record))
    after = eos_client.get(f"get{owner.word}", json={owner.key: owner.identifier, "noEosToken": True})
    assert after["sys"]["rev"] == revision + 1
    assert after["attachments"][-1]["code"] == record["code"]
    assert after["attachments"][-1]["url"] == record["url"]
    with_token = owner.attachment(eos_client, record["code"], tokens=True)["url"]
    assert with_token.startswith(f"{record['url']}?authz=zteos64:")
    file = eos_client.get(with_token)
    assert file.size == len(content)
    assert hashlib.sha256(file.content).digest() == hashlib.sha256(content).digest()
    assert file.headers["OC-Checksum"] == f"Adler32:{zlib.adler32(content):08x}"
    assert file.mimetype == (_TYPES[name] if is_own else "application/octet-stream")


@pytest.mark.parametrize(
    ("name", "content"), [("note.txt", b"short"), ("small.zip", archive(a="b")), ("empty.txt", b"")]
)
def test_small_files_stay_in_the_database(eos_client: Any, owner: Owner, name: str, content: bytes) -> None:
    record = owner.attach(eos_client, name, content, "text/plain")
    assert owner.attachment(eos_client, record["code"])["type"] == "file"
    assert owner.download(eos_client, record["code"]).size == len(content)


@pytest.mark.logs("Ignoring user-specified data")
def test_without_eos_an_image_stays_in_the_database(client: Any, owner: Owner) -> None:
    record = owner.attach(client, "1x1.jpg", example("1x1.jpg"), "image/jpeg")
    assert owner.attachment(client, record["code"])["type"] == "file"


@pytest.mark.logs("Ignoring user-specified data")
def test_what_eos_holds_is_what_was_sent(eos_client: Any, owner: Owner, control: Control) -> None:
    record = owner.attach(eos_client, "large.bin", _LARGE)
    stored = control.stored(record["code"])
    assert stored is not None
    assert (stored["type"], stored["size"]) == ("eos", len(_LARGE))
    assert stored["sha256"] == hashlib.sha256(_LARGE).hexdigest()


@pytest.mark.logs("No mimetype available")
def test_an_empty_file_goes_up_and_comes_down(
    package: Any, client: Any, sandbox: SandboxProcess, said: Callable[[], list[str]]
) -> None:
    """By itself a client keeps empty files in the database; the upload function takes them all the same."""
    owner = Owner("component", LONG_STRIP)
    granted = client.post(
        "requestUploadEosFile",
        json={"type": "component", "id": LONG_STRIP, "title": "empty", "description": "", "filesize": 0},
    )
    details: tuple[Any, ...] = ("empty.dat", io.BytesIO(b""), "application/octet-stream", {})
    assert package.eos.put(granted["token"], granted["url"], details).status_code == 201
    file = client.get(owner.attachment(client, granted["code"], tokens=True)["url"])
    assert (file.content, file.mimetype) == (b"", None)
    assert file.headers["Content-Length"] == "0"
    assert any("No mimetype available" in warning for warning in said())


@pytest.mark.logs("Ignoring user-specified data")
def test_a_deleted_file_is_gone_from_eos_too(package: Any, eos_client: Any, owner: Owner) -> None:
    code = owner.attach(eos_client, "1x1.jpg", example("1x1.jpg"))["code"]
    address = owner.attachment(eos_client, code, tokens=True)["url"]
    answer = owner.delete(eos_client, code)
    assert answer["attachment"]["type"] == "eos"
    assert answer["token"].startswith("zteos64:")
    assert code not in [entry["code"] for entry in owner.attachments(eos_client)]
    with pytest.raises(package.exceptions.NotFound):
        eos_client.get(address)


def test_without_a_token_nothing_comes(package: Any, client: Any) -> None:
    owner = Owner("component", "20UPGM23800001")
    found = next(entry for entry in owner.attachments(client) if entry["type"] == "eos")
    assert "authz" not in found["url"]
    with pytest.raises(package.exceptions.Forbidden):
        client.get(found["url"])


def test_a_token_opens_its_own_file_only(package: Any, client: Any) -> None:
    owner = Owner("component", "20UPGM23800001")
    first, second, *_ = [e["url"] for e in owner.attachments(client, tokens=True) if e["type"] == "eos"]
    token = first.partition("?")[2]
    with pytest.raises(package.exceptions.Forbidden):
        client.get(f"{second.partition('?')[0]}?{token}")


def test_an_old_token_opens_nothing(package: Any, start_sandbox: Callable[..., SandboxProcess]) -> None:
    info = start_sandbox("--components", "50", "--eos-token-lifetime", "0").info
    bearer = package.core.UserBearer(info["bearer"])
    with package.Client(user=bearer, prefix_url=info["api_url"], cache=False) as client:
        owner = Owner("component", "20UPGM23800001")
        url = next(e["url"] for e in owner.attachments(client, tokens=True) if e["type"] == "eos")
        with pytest.raises(package.exceptions.Forbidden):
            client.get(url)


@pytest.mark.logs("Ignoring user-specified data")
def test_a_refused_upload_leaves_an_empty_entry(
    package: Any, is_own: bool, eos_client: Any, control: Control
) -> None:
    """The entry comes before the bytes (API reference §6.2). itkdb leaves it behind, ours takes it back."""
    owner = Owner("component", LONG_STRIP)
    before = [entry["code"] for entry in owner.attachments(eos_client)]
    control.fail("PUT /eos/*", "status", status=503, times=3 if is_own else 1)
    with pytest.raises(package.exceptions.ResponseException, match="503"):
        owner.attach(eos_client, "lost.jpg", example("1x1.jpg"))
    left = [entry for entry in owner.attachments(eos_client) if entry["code"] not in before]
    if is_own:
        assert left == []
    else:
        assert [entry["title"] for entry in left] == ["lost.jpg"]
        assert left[0]["code"] in control.state()["orphan_records"]


# By its real name -----------------------------------------------------------------------------------------


def _real_address(url: str) -> str:
    return f"https://{EOS_DOOR}{urlsplit(url).path}?{urlsplit(url).query}"


@pytest.mark.logs("Ignoring user-specified data")
@pytest.mark.parametrize(
    ("name", "kind", "media_type"),
    [("1x1.jpg", "ImageFile", "image/jpeg"), ("long.log", "TextFile", "text/plain")],
)
def test_by_its_real_name_a_file_has_the_type_of_its_bytes(
    package: Any,
    is_own: bool,
    eos_client: Any,
    names: RealNames,
    said: Callable[[], list[str]],
    name: str,
    kind: str,
    media_type: str,
) -> None:
    """`verify` replaces the authorities of CERN, as itkdb's users may; all else is as in the wild."""
    owner = Owner("component", LONG_STRIP)
    code = owner.attach(eos_client, name, _FILES[name])["code"]
    url = _real_address(owner.attachment(eos_client, code, tokens=True)["url"])
    file = eos_client.get(url, verify=str(names.ca_file))
    assert type(file) is getattr(package.models, kind)
    assert file.content == _FILES[name]
    assert file.mimetype == media_type
    assert urlsplit(file.url).hostname == "st-048-bb61166f.cern.ch"
    assert any("Changing the mimetype" in warning for warning in said()) is not is_own, "no cause for alarm"


def test_by_its_real_name_nobody_else_is_trusted(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authorities of CERN did not sign for the sandbox, nor did any that this computer trusts.

    Those of the environment count with us; with itkdb those of CERN replace them.
    """
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        client.get(f"https://{EOS_DOOR}/eos/atlas/test/itkpd/0/1/2/012")


def test_tls_is_met_as_well(
    package: Any,
    is_own: bool,
    start_sandbox: Callable[..., SandboxProcess],
    trusting_package: Callable[[str], str],
    run: Run,
) -> None:
    """A door with TLS, a storage node without; itkdb reaches them through libcurl and requests."""
    info = start_sandbox("--components", "50", "--tls").info
    program = f"""
import {package.__name__} as itkdb
user = itkdb.core.UserBearer({info["bearer"]!r})
with itkdb.Client(user=user, prefix_url={info["api_url"]!r}, use_eos=True, cache=False) as client:
    fields = {{"component": {LONG_STRIP!r}, "title": "t", "description": "", "type": "file", "url": "u"}}
    with (itkdb.data / "1x1.jpg").open("rb") as pointer:
        record = client.post("createComponentAttachment", data=fields, files={{"data": ("a.jpg", pointer)}})
    assert record["url"].startswith("https://"), record["url"]
    found = client.get("getComponent", json={{"component": {LONG_STRIP!r}, "noEosToken": False}})
    file = client.get(found["attachments"][-1]["url"])
    assert file.content == (itkdb.data / "1x1.jpg").read_bytes()
    assert file.url.startswith("http://"), file.url
    client.post("deleteComponentAttachment", json={{"component": {LONG_STRIP!r}, "code": record["code"]}})
"""
    environment = {"REQUESTS_CA_BUNDLE": info["ca_file"]}
    if not is_own:
        environment["PYTHONPATH"] = trusting_package(info["ca_file"])
    ended = run("python", "-c", program, **environment)
    assert ended.returncode == 0, ended.stderr
