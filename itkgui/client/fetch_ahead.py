"""Fetches all that the pages of some components show, before somebody goes where the network is bad."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from itkgui.client import transfer
from itkgui.client.database import ProductionDatabase
from itkgui.client.downloads import LargerThanAllowed
from itkgui.client.exceptions import (
    Cancelled,
    ConnectionFailed,
    FileUnreadable,
    ItkError,
    SessionExpired,
    SignInFailed,
)
from itkgui.client.file_cache import FileCache
from itkgui.language import N_
from itkgui.records.attachment import Attachment, Storage
from itkgui.records.component import ComponentSummary
from itkgui.records.family import children_of
from itkgui.records.json_fields import Json

# What stops all: what comes next would meet it as well.
_HOPELESS = (Cancelled, ConnectionFailed, SessionExpired, SignInFailed)
_STORE_TRIES = 3  # files in a row, after which an object store that is not reached is left alone


class NoLongerKept(ItkError):
    """What was fetched ahead of a component is no longer kept, as when somebody has written since."""

    title = N_("Changed since")
    sentence = N_("Something was written since it was fetched, so what was kept of it is old and is gone.")
    cure = N_("Fetch it ahead again.")


@dataclass(frozen=True)
class Fetched:
    """What of one component can be read off line now.

    ``files`` are here, ``too_large`` were left out on purpose, ``failed`` were not had, by their names.
    ``problem`` is why the page itself is not here, ``moment`` when it was fetched (UTC).
    """

    key: str
    name: str
    files: int = 0
    too_large: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    problem: ItkError | None = None
    moment: datetime = field(default_factory=lambda: datetime.now(timezone.utc), compare=False)

    @property
    def is_page_here(self) -> bool:
        return self.problem is None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing but what was left out on purpose."""
        return self.problem is None and not self.failed

    def to_json(self) -> Json:
        """Return it for the next start, ``problem`` aside: then it is looked at again."""
        names = {"too_large": list(self.too_large), "failed": list(self.failed)}
        known = {"key": self.key, "name": self.name, "moment": self.moment.timestamp()}
        return {**known, "files": self.files, **names}

    @classmethod
    def from_json(cls, data: Any) -> Fetched:
        """Read what ``to_json`` made.

        Raises ValueError, TypeError, KeyError, OverflowError or OSError for anything else.
        """
        return cls(
            str(data["key"]),
            str(data["name"]),
            int(data["files"]),
            tuple(map(str, data["too_large"])),
            tuple(map(str, data["failed"])),
            moment=datetime.fromtimestamp(data["moment"], timezone.utc),
        )


@dataclass
class Progress:
    """How far a fetch is; any thread may read. ``size`` is in bytes of files.

    ``is_full`` tells that files were left out because no more are kept on this computer.
    """

    total: int
    done: list[Fetched] = field(default_factory=list)
    size: int = 0
    now: str = ""  # the component that is being fetched
    is_full: bool = False
    stopped_by: ItkError | None = None  # what nobody can go on after
    store_failures: int = 0  # files in a row that the object store was not reached for
    lock: threading.Lock = field(default_factory=threading.Lock)


def fetch_ahead(
    database: ProductionDatabase,
    cache: FileCache,
    components: Sequence[ComponentSummary],
    largest: int,
    progress: Progress,
    on_fetched: Callable[[Fetched], None] = lambda _: None,
) -> Progress:
    """Ask all that the pages of these components ask, and fetch their files of up to ``largest`` bytes.

    The answers stay in the cache of the client, the files in ``cache``. One component after the other, so
    that those that are done when the network goes, or when somebody has waited long enough, are whole.
    ``on_fetched`` is called after each. Raises Cancelled; what else keeps it from going on is told in the
    result, and what is wrong with one component is told of that one.
    """
    for component in components:
        progress.now = component.label
        try:
            fetched = _fetch(database, cache, component, largest, progress)
        except Cancelled:
            raise
        except _HOPELESS as error:
            progress.stopped_by = error
            break
        except ItkError as error:
            fetched = Fetched(component.key, component.label, problem=error)
        progress.done.append(fetched)
        on_fetched(fetched)
    progress.now = ""
    return progress


def _fetch(
    database: ProductionDatabase,
    cache: FileCache,
    component: ComponentSummary,
    largest: int,
    progress: Progress,
) -> Fetched:
    attachments = _ask(database, component.key)
    too_large, failed = [], []

    def fetch_file(attachment: Attachment) -> int:
        is_stored = attachment.storage is Storage.EOS
        if is_stored and progress.store_failures >= _STORE_TRIES:
            failed.append(attachment.display_name)
            return 0
        try:
            room = max(0, cache.limit - progress.size)  # else the first ones would go for the last ones
            size = cache.fetch(database, attachment, most=min(largest, room)).size
        except LargerThanAllowed as error:
            progress.is_full |= error.size is not None and error.size <= largest
            too_large.append(attachment.display_name)
        except ItkError as error:  # told by its name in the tally; whoever opens it is told why
            is_unreached = isinstance(error, ConnectionFailed) and not database.client.connection.is_away
            if isinstance(error, _HOPELESS) and not is_unreached:
                raise
            failed.append(attachment.display_name)
            with progress.lock:
                progress.store_failures += is_stored and is_unreached
        else:
            with progress.lock:
                progress.size += size
                progress.store_failures = 0 if is_stored else progress.store_failures
            return 1
        return 0

    files = sum(database.client.each(fetch_file, attachments))
    return Fetched(component.key, component.label, files, tuple(too_large), tuple(failed))


def _ask(database: ProductionDatabase, key: str) -> list[Attachment]:
    """Ask what a component's page asks, see component_view and its tabs; return the files that it shows."""
    whole = database.component(key).component
    runs = database.test_runs(whole)
    database.due_at_stage(whole, runs)
    database.timeline(whole, runs)
    database.load_family(children_of(whole))
    database.test_types(whole.project.code, whole.component_type.code)
    return [one for one in database.attachments_of_all(whole, runs) if one.storage is not Storage.LINK]


def look_again(database: ProductionDatabase, cache: FileCache, fetched: Fetched) -> Fetched:
    """Tell what of a component that was fetched can still be read off line; no server is asked.

    What was kept goes with every write to it, or for want of room.
    """
    if fetched.problem is not None:
        return fetched
    try:
        transfer.current().check()
        with transfer.running(transfer.Transfer(only_kept=True)):
            attachments = _ask(database, fetched.key)
    except Cancelled:
        raise
    except ItkError as error:
        return replace(fetched, problem=NoLongerKept(error.detail))
    gone = [one.display_name for one in attachments if not _is_here(cache, one)]
    failed = [name for name in gone if name not in fetched.too_large]
    return replace(fetched, files=len(attachments) - len(gone), failed=tuple(failed))


def _is_here(cache: FileCache, attachment: Attachment) -> bool:
    try:
        return cache.find(attachment) is not None
    except FileUnreadable:
        return False
