"""How an upload stands in the queue's file: the tables, and rows to and fro."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState

# One script for each version of the tables, each of which makes it of the one before. None is ever changed:
# a change is a further script. ``ended`` is 0 until an upload has ended.
SCRIPTS = (
    """
    CREATE TABLE uploads (
        id TEXT PRIMARY KEY NOT NULL,
        person TEXT NOT NULL,
        kind TEXT NOT NULL,
        target_kind TEXT NOT NULL,
        target_key TEXT NOT NULL,
        target_label TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        storage TEXT NOT NULL,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL,
        source TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        adler32 TEXT NOT NULL,
        component TEXT NOT NULL,
        parent TEXT NOT NULL,
        state TEXT NOT NULL,
        step TEXT NOT NULL,
        before TEXT NOT NULL,
        code TEXT NOT NULL,
        may_repeat INTEGER NOT NULL,
        was_unclear INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        next_try REAL NOT NULL,
        trouble_cause TEXT NOT NULL,
        trouble_title TEXT NOT NULL,
        trouble_sentence TEXT NOT NULL,
        trouble_cure TEXT NOT NULL,
        trouble_detail TEXT NOT NULL,
        left_behind TEXT NOT NULL,
        added REAL NOT NULL,
        ended REAL NOT NULL,
        place REAL NOT NULL
    );
    CREATE INDEX uploads_unfinished ON uploads (person, place) WHERE ended = 0;
    CREATE INDEX uploads_ended ON uploads (ended) WHERE ended > 0;
    CREATE INDEX uploads_target ON uploads (target_kind, target_key);
    CREATE TABLE ledger (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        person TEXT NOT NULL,
        target_kind TEXT NOT NULL,
        target_key TEXT NOT NULL,
        target_label TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        storage TEXT NOT NULL,
        code TEXT NOT NULL,
        moment REAL NOT NULL
    );
    CREATE INDEX ledger_sha256 ON ledger (sha256);
    CREATE INDEX ledger_target ON ledger (target_kind, target_key);
    CREATE TABLE pauses (person TEXT PRIMARY KEY NOT NULL);
    """,
    """
    ALTER TABLE uploads ADD COLUMN since REAL NOT NULL DEFAULT 0;
    ALTER TABLE uploads RENAME COLUMN was_unclear TO unclear_until;
    UPDATE uploads SET unclear_until = 0 WHERE ended > 0;
    CREATE INDEX uploads_unclear ON uploads (person) WHERE unclear_until > 0;
    """,
    "ALTER TABLE uploads ADD COLUMN parameters TEXT NOT NULL DEFAULT '[]'",
)
_TROUBLE = ("title", "sentence", "cure", "detail")


@dataclass(frozen=True)
class Sending:
    """A line of the ledger: what this computer has sent, and read back at a moment in seconds since 1970."""

    target: Owner
    name: str
    title: str
    storage: Storage
    code: str
    moment: float
    person: str
    id: str = ""  # of the upload


def columns_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns for fields of an Upload, and their values."""
    columns: dict[str, Any] = {}
    for name, value in changes.items():
        match name, value:
            case "target", Owner(kind=kind, key=key, label=label):
                columns |= {"target_kind": kind.value, "target_key": key, "target_label": label}
            case "trouble", None | Trouble():
                columns["trouble_cause"] = value.cause.value if value else ""
                columns |= {f"trouble_{part}": getattr(value, part) if value else "" for part in _TROUBLE}
            case "before" | "parameters", _:
                columns[name] = json.dumps(value)
            case "kind" | "storage" | "state" | "step", _:
                columns[name] = value.value
            case _:
                columns[name] = value
    return {name: _stored(value) for name, value in columns.items()}


def upload_columns(upload: Upload) -> dict[str, Any]:
    return columns_of({field.name: getattr(upload, field.name) for field in fields(upload)})


def upload_from(row: dict[str, Any]) -> Upload:
    row = _texts(row)
    cause = row["trouble_cause"]
    return Upload(
        kind=UploadKind(row["kind"]),
        target=_owner(row),
        name=row["name"],
        title=row["title"],
        description=row["description"],
        storage=Storage(row["storage"]),
        size=row["size"],
        media_type=row["media_type"],
        source=row["source"],
        sha256=row["sha256"],
        adler32=row["adler32"],
        component=row["component"],
        parent=row["parent"],
        parameters=tuple(json.loads(row["parameters"])),
        id=row["id"],
        state=UploadState(row["state"]),
        step=Step(row["step"]),
        before=tuple(json.loads(row["before"])),
        code=row["code"],
        may_repeat=bool(row["may_repeat"]),
        since=row["since"],
        unclear_until=row["unclear_until"],
        tries=row["tries"],
        next_try=row["next_try"],
        trouble=Trouble(Cause(cause), *(row[f"trouble_{part}"] for part in _TROUBLE)) if cause else None,
        left_behind=row["left_behind"],
        added=row["added"],
        ended=row["ended"],
        place=row["place"],
    )


def sending_from(row: dict[str, Any]) -> Sending:
    row = _texts(row)
    return Sending(
        _owner(row),
        row["name"],
        row["title"],
        Storage(row["storage"]),
        row["code"],
        row["moment"],
        row["person"],
        row["id"],
    )


def folded(*texts: Any) -> str:
    """Return texts as they are searched: in one, whatever their case."""
    joined = "\n".join(str(_read(text)) for text in texts)
    return joined.casefold().encode("utf-8", "replace").decode()


def _owner(row: dict[str, Any]) -> Owner:
    return Owner(OwnerKind(row["target_kind"]), row["target_key"], row["target_label"])


def _stored(value: Any) -> Any:
    """Return a value as SQLite takes it: file names may hold halves of characters, which its texts cannot."""
    if isinstance(value, str) and not value.isascii():
        raw = value.encode("utf-8", "surrogatepass")
        return value if raw.decode("utf-8", "ignore") == value else raw
    return value


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _read(value) for name, value in row.items()} if bytes in map(type, row.values()) else row


def _read(value: Any) -> Any:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
