"""Files under review in rows: what becomes of each, and what is still to be decided about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import ItkError
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.title_fields import filled_in
from itkgui.records.attachment import Owner, Storage
from itkgui.records.sizes import size_text
from itkgui.uploads.intake import Examined, FileKind, Found, State
from itkgui.uploads.spool import Spooled
from itkgui.uploads.targets import Doubt, Finding, Home, Target
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.uploads.upload_rows import Sending


class Stage(Enum):
    """How far a file is on its way into the queue's spool; the value is the word for people."""

    UNSEEN = "looking at it…"
    SEEN = "copying…"
    GROWING = "still being written"
    COPIED = "copied"
    BROKEN = "cannot be sent"


class ReviewRow:
    """A file under review, with what was typed and decided for it; ``id`` is that of its upload.

    ``storage`` and ``target`` are None as long as those that are usual will do.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self.id = uuid.uuid4().hex
        self.stage = Stage.UNSEEN
        self.title, self.description = self.path.name, ""
        self.is_typed_in = False
        self.storage: Storage | None = None
        self.target: Owner | None = None
        self.belongs_here = self.is_wanted_again = False
        self.examined: Examined | None = None
        self.copy: Spooled | None = None
        self.sendings: Sequence[Sending] = ()
        self.problem: ItkError | None = None
        self.findings: Sequence[Finding] = ()
        self.usual_storage, self.reason = Storage.FILE, ""
        self.goes_to: Target | None = None
        self.seen: State = (0, 0)  # of a file that may still be written to, and since when it has not been
        self.seen_since = 0.0
        self.is_watched = self.is_gone = False

    @property
    def path(self) -> Path:
        return self.found.path

    @property
    def size(self) -> int:
        """Size in bytes, 0 for a file that was not looked at yet, or cannot be."""
        return self.copy.size if self.copy else self.examined.size if self.examined else 0

    @property
    def media_type(self) -> str:
        return self.examined.media_type if self.examined else ""

    @property
    def kept_in(self) -> Storage:
        return self.storage or self.usual_storage

    @property
    def open_doubts(self) -> list[Finding]:
        """What somebody has to decide about before the file can go."""
        return [
            finding
            for finding in self.findings
            if finding.doubt.needs_decision
            and not (self.belongs_here if finding.doubt is Doubt.OTHER_COMPONENT else self.is_wanted_again)
        ]

    @property
    def remark(self) -> str:
        """What there is to say first, in a few words."""
        if self.problem is not None:
            return self.problem.title
        if self.open_doubts:
            return str(self.open_doubts[0].doubt.value)
        if self.stage is not Stage.COPIED:
            return str(self.stage.value)
        cautions = [finding for finding in self.findings if finding.doubt is Doubt.CAUTION]
        return cautions[0].sentence if cautions else "ready"

    @property
    def tone(self) -> str:
        if self.problem is not None or self.open_doubts:
            return "bad"
        if self.stage is Stage.GROWING or self.findings:
            return "caution"
        return "good" if self.stage is Stage.COPIED else "quiet"

    def look_again(self) -> None:
        """Forget what is wrong with it, for another try."""
        self.stage, self.problem, self.examined, self.copy = Stage.UNSEEN, None, None, None

    def fields(self, home: Home, number: int) -> Mapping[str, str]:
        """Return the values of the fields that a title may have."""
        return {
            "serial": home.label,
            "test": self.goes_to.test if self.goes_to else "",
            "stage": home.stage,
            "date": f"{datetime.now().astimezone():%Y-%m-%d}",
            "exif_date": self.examined.taken.replace(":", "") if self.examined else "",
            "n": str(number),
            "name": self.path.stem,
        }

    def upload(self, home: Home) -> Upload:
        """Return it as it is to be sent. Raises ValueError for one that is not ready."""
        if self.examined is None or self.goes_to is None:
            raise ValueError(f"{self.path} is not ready")
        fields = self.fields(home, 1)
        title = filled_in(self.title, fields).strip()
        description = filled_in(self.description, fields).strip()
        return Upload(
            kind=UploadKind.FILE,
            target=self.goes_to.owner,
            name=self.path.name,
            title=title,
            description=description or title,
            storage=self.kept_in,
            size=self.size,
            media_type=self.copy.media_type if self.copy else self.media_type,
            source=str(self.path.absolute()),
            sha256=self.copy.sha256 if self.copy else "",
            adler32=self.copy.adler32 if self.copy else "",
            component=home.component,
            id=self.id,
        )


def _icon(row: ReviewRow) -> str:
    names = {"bad": "failed", "caution": "warning", "good": "passed"}
    return names.get(row.tone, "clock")


def _file_icon(row: ReviewRow) -> str:
    return "image" if row.media_type.startswith("image/") else "file"


FILE, STATE, TITLE, SIZE, KEEP_IN, ATTACH_TO, DESCRIPTION = range(7)
COLUMNS: tuple[Column[ReviewRow], ...] = (
    Column(
        "File",
        lambda row: row.path.name,
        icon=_file_icon,
        hint=lambda row: str(row.path),
        elide_middle=True,
    ),
    Column(
        "State",
        lambda row: row.remark,
        icon=_icon,
        tone=lambda row: row.tone,
        hint=lambda row: row.remark,
    ),
    Column("Title", lambda row: row.title, hint=lambda row: row.title),
    Column(
        "Size",
        lambda row: size_text(row.size) if row.size else "",
        export=lambda row: row.size,
        unit="B",
        align_right=True,
    ),
    Column("Keep in", lambda row: f"{row.kept_in.label}, {row.reason}" if row.reason else ""),
    Column("Attach to", lambda row: row.goes_to.name if row.goes_to else "not chosen"),
    Column("Description", lambda row: row.description, hint=lambda row: row.description),
)


@dataclass
class Tally:
    """How many rows are in some way, and the bytes of all."""

    size: int = 0
    unseen: int = 0
    growing: int = 0
    copied: int = 0
    broken: int = 0
    undecided: int = 0
    homeless: int = 0
    untitled: int = 0


class ReviewTable(RecordTable[ReviewRow]):
    """The rows, judged again whenever what they depend on has changed.

    ``target`` is where those go that have none of their own. ``rule_for`` returns where files of a media type
    are kept on this computer by somebody's wish, if there is one.
    """

    def __init__(self, size_limit: int, rule_for: Callable[[str], Storage | None]) -> None:
        super().__init__(COLUMNS)
        self.home = Home("", "", "", (), frozenset())
        self.target: Owner | None = None
        self._first: dict[tuple[str, Owner], ReviewRow] = {}  # by the bytes and where they go
        self._size_limit = size_limit
        self._rule_for = rule_for

    def judge(self) -> None:
        """Judge all rows anew: there are others, or they go elsewhere."""
        self._first = {}
        self.judge_some(self.records)

    def judge_some(self, rows: Iterable[ReviewRow]) -> None:
        """Judge rows anew of which more is known, or in which something was typed."""
        targets = {target.owner: target for target in self.home.targets}
        for row in rows:
            owner = row.target or self.target
            row.goes_to = targets.get(owner) if owner is not None else None
            if row.copy is not None and row.goes_to is not None:
                self._first.setdefault((row.copy.sha256, row.goes_to.owner), row)
            self._choose_storage(row)
            row.findings = tuple(self._findings(row))

    def _choose_storage(self, row: ReviewRow) -> None:
        if row.examined is None:
            return
        usual, why = choose_storage(row.size, row.media_type, self._size_limit)
        rule = self._rule_for(row.media_type)
        row.usual_storage, row.reason = (rule, "as always here") if rule else (usual, why)
        if row.storage not in (None, row.usual_storage):
            row.reason = "as you chose"

    def _findings(self, row: ReviewRow) -> Iterator[Finding]:
        if row.problem is not None:
            problem = row.problem
            yield Finding(Doubt.PROBLEM, f"{problem.title}. {problem.sentence} {problem.cure}")
        if row.examined is None:
            return
        yield from self.home.doubts_about_names(row.examined.sightings)
        if row.goes_to is not None:
            name, title = row.path.name, row.title.strip()
            yield from self.home.doubts_about_twins(row.goes_to, name, title, row.size, row.sendings)
            twin = self._first.get((row.copy.sha256, row.goes_to.owner)) if row.copy is not None else None
            if twin is not None and twin is not row:
                yield Finding(Doubt.TWICE, f"It has the same bytes as {twin.path.name}, which is here too.")
        if row.stage is Stage.GROWING:
            sentence = "It is still being written to: it is copied once it has not changed for two seconds."
            yield Finding(Doubt.CAUTION, sentence)
        if row.examined.kind is FileKind.RESULTS:
            yield Finding(Doubt.CAUTION, "It looks like the results of a test, and is sent as a file.")
        if row.kept_in is Storage.FILE and row.size > self._size_limit:
            limit = size_text(self._size_limit)
            yield Finding(Doubt.CAUTION, f"ITkPD may refuse it: it is larger than {limit}.")

    @property
    def are_looked_at(self) -> bool:
        return all(row.stage is not Stage.UNSEEN for row in self.records)

    def tally(self) -> Tally:
        """Count in one go what there is to say of all rows together."""
        tally = Tally()
        for row in self.records:
            tally.size += row.size
            tally.unseen += row.stage is Stage.UNSEEN
            tally.growing += row.stage is Stage.GROWING
            tally.copied += row.stage is Stage.COPIED
            tally.broken += row.problem is not None
            tally.undecided += bool(row.findings and row.open_doubts)
            tally.homeless += row.goes_to is None
            tally.untitled += not row.title or row.title.isspace()
        return tally
