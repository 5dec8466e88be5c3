"""Hands uploads that wait over to another computer: rows and copies in one archive, which it takes in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import filelock

from itkgui.client import transfer
from itkgui.client.exceptions import FileMissing, FileNotWritten, ItkError
from itkgui.language import _, ngettext
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.disk import flush_folder, private_folder
from itkgui.uploads.hand_over_errors import (
    CannotHandOver,
    HandOverThere,
    HandOverTooNew,
    NoHandOver,
    OtherPerson,
    OtherServer,
)
from itkgui.uploads.sorting import SpoolDamaged
from itkgui.uploads.spool import NoCopy, Spool, Spooled
from itkgui.uploads.upload import HANDED_OVER, Cause, Step, Trouble, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore

_FORMAT, _VERSION = "itkgui uploads", 1
_MANIFEST = "manifest.json"
_MANIFEST_LIMIT = 64_000_000  # bytes
_BLOCK = 1 << 20
_LOOK = 0.1  # seconds between two looks whether another process has come to its end
_NAMED = 5  # files
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TEXTS = ("id", "name", "title", "description", "media_type", "sha256", "adler32", "component", "parent")
_HEX = {
    "id": re.compile("[0-9a-f]{32}"),
    "sha256": re.compile("[0-9a-f]{64}"),
    "adler32": re.compile("[0-9a-f]{8}"),
}
_UNTOUCHED = (Step.NEW, Step.ELSEWHERE)
# What an archive that is none, or is damaged, makes zipfile, json and the look at its list raise.
_DAMAGE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,  # encrypted, or JSON that is nested too deep
)


def may_be_handed_over(row: Upload) -> bool:
    """Tell whether an upload stands still, and nothing that was sent of it can still arrive."""
    movable = (UploadState.WAITING, UploadState.PAUSED, UploadState.HELD, UploadState.FAILED)
    return row.state in movable and row.step in _UNTOUCHED and not row.was_unclear


def is_handed_over(row: Upload) -> bool:
    """Tell whether another computer has an upload now: it must not be sent from here too."""
    told = row.trouble.title if row.trouble is not None else ""
    return row.state is UploadState.CANCELLED and told == HANDED_OVER


def export_rows(
    store: UploadStore,
    spool: Spool,
    ids: Sequence[str],
    zip_path: Path,
    server: str,
    moment: float,
    name: str = "",
) -> list[Upload]:
    """Write uploads and their copies into an archive, after which they are cancelled here; return their rows.

    ``name`` is that of the person, ``moment`` that of now by the server's clock: what computers that take the
    archive over find from then on may be the work of another of them. Nobody begins to send the uploads
    meanwhile, as they are paused; if anything goes wrong they wait again. After a crash they may be paused
    though the archive is complete, never the other way round. What belongs to one test run goes together. On
    one computer one process at a time does this, or takes an archive: who has uploads back must not lose the
    copies. Reports to the thread's Transfer.
    Raises CannotHandOver, HandOverThere, FileNotWritten, SpoolDamaged, Cancelled, and what the store and the
    spool raise.
    """
    with _alone(spool.folder.parent):
        if _is_hand_over(zip_path):
            raise HandOverThere(zip_path.name)
        origin = {"server": server, "person": store.person, "name": name, "moment": moment}
        return _exported(store, spool, [store.get(one) for one in ids], zip_path, origin)


def _exported(
    store: UploadStore, spool: Spool, rows: Sequence[Upload], zip_path: Path, origin: dict[str, Any]
) -> list[Upload]:
    _check_choice(rows, store)
    stopped = [row for row in rows if row.state in (UploadState.WAITING, UploadState.HELD)]
    store.move_all(stopped, UploadState.PAUSED, at=_UNTOUCHED)
    part = zip_path.with_name(f".itkgui-{uuid.uuid4().hex}.part")
    trouble = Trouble(
        Cause.PERMANENT,
        HANDED_OVER,
        _("It is in {name} for another computer to send.").format(name=zip_path.name),
        _("Import that archive on the other computer, or here to have it back."),
    )
    try:
        _check_choice([store.get(row.id) for row in rows], store)  # nothing more begins from here on
        with _reported(zip_path):
            _write(part, rows, spool, origin)
            part.replace(zip_path)
            flush_folder(zip_path.parent)
            try:
                gone = store.move_all(rows, UploadState.CANCELLED, at=_UNTOUCHED, trouble=trouble)
            except ItkError:
                zip_path.unlink()
                raise
    except BaseException:
        with _reported(zip_path):
            part.unlink(missing_ok=True)
        for row in map(store.get, (row.id for row in stopped)):
            if row.state is UploadState.PAUSED:
                store.move(row, UploadState.WAITING)
        raise
    for row in gone:
        spool.let_go(row.id)
    return gone


def import_rows(
    zip_path: Path, store: UploadStore, spool: Spool, server: str, *, as_own: bool = False
) -> list[Upload]:
    """Take the uploads of an archive into the queue, all or none; return those that were not there before.

    What this computer has handed over itself waits again. Nobody knows which other computers have the
    archive: each looks before it sends what another one has sent since, and once more when it has sent; two
    that send at the same moment agree on which of the two entries stays. On one computer one process at a
    time takes archives: who fails removes only copies of its own. Reports to the thread's Transfer.
    Raises FileMissing, NoHandOver, HandOverTooNew, OtherServer, OtherPerson (not if they are taken
    ``as_own``), Cancelled, and what the store and the spool raise.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone(spool.folder.parent))
        with _reading(zip_path):
            archive = stack.enter_context(zipfile.ZipFile(zip_path))
            rows = _rows_in(archive, server, "" if as_own else store.person)
        known = store.known(row.id for row in rows)
        back = [row for row in map(store.find, known) if row is not None and is_handed_over(row)]
        wanted = {row.id for row in back} | {row.id for row in rows if row.id not in known}
        rows = [row for row in rows if row.id in wanted]
        needed = sum(row.size for row in rows)
        _check_room(spool, needed)
        transfer.current().expect(needed)
        try:
            for row in rows:
                with _reading(zip_path):
                    content = stack.enter_context(archive.open(_member(row)))
                told = Spooled(row.size, row.sha256, row.adler32, row.media_type)
                spool.put(_Member(content, zip_path), row.id, row.name, told)
                content.close()
        except ItkError:
            for row in rows:
                spool.let_go(row.id)
            raise
        since = next((row.since for row in rows), 0.0)
        elsewhere = {"step": Step.ELSEWHERE, "since": since, "trouble": None}
        return store.add(rows) + store.move_all(back, UploadState.WAITING, at=_UNTOUCHED, **elsewhere)


# Out -------------------------------------------------------------------------------------------------------


def _check_choice(rows: Sequence[Upload], store: UploadStore) -> None:
    begun = [row.name for row in rows if not may_be_handed_over(row)]
    if begun:
        raise CannotHandOver(", ".join(begun))
    chosen = {row.id for row in rows}
    parents = {row.parent for row in rows if row.parent}
    apart = [
        row.name
        for row in store.unfinished()
        if (row.id in parents and row.id not in chosen) or (row.parent in chosen and row.id not in chosen)
    ]
    # There is a run by now, whose id these are about to be told.
    apart += [row.name for row in rows if row.parent and not row.target.key and row.parent not in chosen]
    if apart:
        detail = _("the same test run's {files} would stay behind")
        raise CannotHandOver(detail.format(files=", ".join(apart)))


def _write(part: Path, rows: Sequence[Upload], spool: Spool, origin: dict[str, Any]) -> None:
    transfer.current().expect(sum(row.size for row in rows))
    manifest = {"format": _FORMAT, "version": _VERSION, **origin, "uploads": [_told(row) for row in rows]}
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w") as archive:  # packed by nobody: pictures hardly get smaller
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
            for row in rows:
                with archive.open(_member(row), "w", force_zip64=True) as member:
                    _pour(row, spool, member)
        file.flush()
        os.fsync(file.fileno())


def _pour(row: Upload, spool: Spool, member: IO[bytes]) -> None:
    progress = transfer.current()
    sha256 = hashlib.sha256()
    try:
        copy = spool.path(row).open("rb")
    except OSError as error:
        raise SpoolDamaged(f"{row.name}: {error.strerror}") from error
    with copy:
        while block := copy.read(_BLOCK):
            sha256.update(block)
            member.write(block)
            progress.advance(len(block))
    if sha256.hexdigest() != row.sha256:
        raise SpoolDamaged(row.name)


def _told(row: Upload) -> dict[str, Any]:
    """Return what another computer has to know of an upload; where it came from here is nobody's business."""
    target = {"kind": row.target.kind.value, "key": row.target.key, "label": row.target.label}
    return {
        **{name: getattr(row, name) for name in _TEXTS},
        "kind": row.kind.value,
        "target": target,
        "storage": row.storage.value,
        "size": row.size,
        "may_repeat": row.may_repeat,
        "parameters": row.parameters,
    }


@contextlib.contextmanager
def _reported(zip_path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileNotWritten(f"{zip_path.name}: {error.strerror or error}") from error


# In --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _reading(zip_path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissing(f"{zip_path.name} does not exist") from error
    except _DAMAGE as error:
        raise NoHandOver(f"{zip_path.name}: {error}") from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process takes an archive into a queue's folder, or makes one of it."""
    lock = filelock.FileLock(folder / "import.lock", mode=0o600, thread_local=False, preserve_lock_file=True)
    while not _is_taken(lock):
        transfer.current().pause(_LOOK)
    try:
        yield
    finally:
        lock.release()


def _is_taken(lock: filelock.BaseFileLock) -> bool:
    try:
        private_folder(Path(lock.lock_file).parent)
        lock.acquire(blocking=False)
    except filelock.Timeout:
        return False
    except OSError as error:
        raise NoCopy(f"{lock.lock_file}: {error.strerror}") from error
    return True


class _Member:
    """The bytes of a member of an archive."""

    def __init__(self, content: IO[bytes], zip_path: Path) -> None:
        self._content = content
        self._zip_path = zip_path

    def readinto(self, buffer: memoryview, /) -> int:
        with _reading(self._zip_path):
            block = self._content.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def _is_hand_over(path: Path) -> bool:
    """Tell whether there is an archive of uploads at a path."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _rows_in(archive: zipfile.ZipFile, server: str, person: str) -> list[Upload]:
    """Return what an archive holds for a server, and of a person if one is given."""
    if any(member.compress_type not in _PACKINGS for member in archive.infolist()):
        raise ValueError("it is packed in an unusual way")
    if archive.getinfo(_MANIFEST).file_size > _MANIFEST_LIMIT:
        raise ValueError("its list is too long")
    with archive.open(_MANIFEST) as member:
        manifest = json.loads(member.read(_MANIFEST_LIMIT))
    if manifest["format"] != _FORMAT:
        raise ValueError("it is of something else")
    if manifest["version"] > _VERSION:
        raise HandOverTooNew(f"its version is {manifest['version']}, this program knows {_VERSION}")
    if manifest["server"] != server:
        raise OtherServer(_("{server} instead of {here}").format(server=manifest["server"], here=server))
    rows = [_row(told).with_changes(since=float(manifest["moment"])) for told in manifest["uploads"]]
    if person and manifest["person"] != person:
        names, more = [row.name for row in rows], len(rows) - _NAMED
        if more > 0:
            names[_NAMED:] = [ngettext("{count} more", "{count} more", more).format(count=more)]
        whose = manifest.get("name") or manifest["person"]
        raise OtherPerson(f"{whose}: {', '.join(names)}")
    ids = {row.id for row in rows}
    if len(ids) != len(rows):
        raise ValueError("it names an upload twice")
    if any(not row.target.key and row.parent not in ids for row in rows):
        raise ValueError("it does not tell where a file belongs")
    for row in rows:
        if archive.getinfo(_member(row)).file_size != row.size:
            raise ValueError(f"the file of {row.name} is not what it was")
    return rows


def _row(told: dict[str, Any]) -> Upload:
    texts = {name: told[name] for name in _TEXTS}
    target = told["target"]
    if not all(isinstance(text, str) for text in (*texts.values(), target["key"], target["label"])):
        raise TypeError("a text is none")
    parameters = told.get("parameters", [])
    if not isinstance(parameters, list) or not all(isinstance(code, str) for code in parameters):
        raise TypeError("the parameters are no texts")
    if not all(pattern.fullmatch(texts[name]) for name, pattern in _HEX.items()):
        raise ValueError("an id or a checksum is none")
    if type(told["size"]) is not int or told["size"] <= 0:
        raise ValueError("a size is none")
    return Upload(
        kind=UploadKind(told["kind"]),
        target=Owner(OwnerKind(target["kind"]), target["key"], target["label"]),
        storage=Storage(told["storage"]),
        size=told["size"],
        may_repeat=told["may_repeat"] is True,
        parameters=tuple(parameters),
        state=UploadState.WAITING,
        step=Step.ELSEWHERE,
        **texts,
    )


def _check_room(spool: Spool, needed: int) -> None:
    """Refuse at once what cannot fit, an archive that unpacks to more than any disk holds included."""
    try:
        private_folder(spool.folder)
        free = shutil.disk_usage(spool.folder).free
    except OSError as error:
        raise NoCopy(f"{spool.folder.name}: {error.strerror}") from error
    if free < needed:
        raise NoCopy(f"{needed} bytes are needed, {free} are free")


def _member(row: Upload) -> str:
    return f"files/{row.id}"
